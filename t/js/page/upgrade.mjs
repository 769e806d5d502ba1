// SPDX-License-Identifier: ISC
// From version 0.1, as it was sent (t/js/page-0.1.tar.xz), to today's page: its service worker
// goes, and what it had not sent yet does not.
import { account, api, ask, base, becomes, context, end, is, loggedIn, page, row, scenario, settled, shows, stranger, tasks, until,
	who } from "./hands.mjs";

const NEW = "#page #app:not([hidden])";
// Its elements are in the document from the start, and have no #page.
const isOld = (p = page) => p.evaluate(() => !document.querySelector("#page"));
const serviceWorker = () => until(() => page.evaluate(async () => (await caches.has("neon-todo"))
	&& navigator.serviceWorker.controller?.state === "activated"), "the service worker of 0.1");

// Somebody who uses 0.1, and has these tasks.
async function userOf01(titles) {
	await ask("version 0.1");
	await stranger();
	const w = who();
	await page.goto(`${base}/#signup`);
	for (const [label, value] of [["Name", w.username], ["Email", w.email], ["Password", w.password]])
		await page.locator("#signup").getByLabel(label).fill(value);
	await page.locator("#signup .main").click();
	await page.locator("#app:not([hidden])").waitFor();
	const session = await page.evaluate(() => JSON.parse(localStorage.getItem("neon-todo")));
	await loggedIn({ ...w, id: session.id, token: session.token });
	for (const title of titles)
		await api("POST", `${account.id}/tasks`, { title });
	await serviceWorker();
	await page.reload();
	await page.locator("#tasks > li").nth(titles.length - 1).waitFor();
	is(await isOld(), true, "the page of 0.1");
}
const oldRow = (title) => page.locator("#tasks > li", { hasText: title });
const waiting = () => page.evaluate((name) => new Promise((resolve) => {
	indexedDB.open(name).onsuccess = ({ target: { result: db } }) => {
		db.transaction("changes").objectStore("changes").count().onsuccess = (event) => {
			db.close();
			resolve(event.target.result);
		};
	};
}), `neon-todo-${account.id}`);

await scenario("0.1, open while the release changes: it comes to today’s page by itself, in each of its tabs", async () => {
	await userOf01(["A", "B"]);
	const other = await context.newPage();
	await other.goto(`${base}/?sort=-created`);
	await other.locator("#tasks > li").nth(1).waitFor();
	await page.evaluate(() => document.querySelector("#shortcuts").click());
	await ask("version today");
	await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
	for (const p of [page, other])
		await p.locator(NEW).waitFor();
	await page.goto(`${base}/?view=all`);
	await shows(["A", "B"]);
	is(await page.locator("#login").count(), 0, "nobody has to log in");
	is(await page.evaluate(async () => [await caches.has("neon-todo"), localStorage.getItem("neon-todo")]), [false, null], "what is left of 0.1");
	await page.locator("#open-help").click();
	is(await page.locator("#shortcuts").isChecked(), false, "the keys that were switched off");
	await page.locator("#help .close").click();
	await context.setOffline(true);
	for (const p of [page, other]) {
		await p.reload();
		await p.locator("#tasks > li[data-id]").nth(1).waitFor();
	}
	await context.setOffline(false);
	await other.close();
});
await scenario("0.1, closed meanwhile: the next visit comes to today’s page, which works without network at once", async () => {
	await userOf01(["A", "B"]);
	await page.goto("about:blank");
	await ask("version today");
	await page.goto(base);
	await page.locator(NEW).waitFor();
	await settled();
	await until(() => page.evaluate(() => navigator.serviceWorker.controller?.state === "activated"), "the service worker");
	await context.setOffline(true);
	await page.goto(`${base}/?view=all`);
	await shows(["A", "B"]);
	await context.setOffline(false);
});
await scenario("what 0.1 could not send is sent by today’s page, once", async () => {
	await userOf01(["Edit me", "Tick me", "Delete me"]);
	await context.setOffline(true);
	await page.locator("#line").fill("Written offline !high #home");
	await page.locator("#line").press("Enter");
	await oldRow("Edit me").locator(".title").click();
	await page.locator("#tasks .edit").getByLabel("Title").fill("Edited offline");
	await page.locator("#tasks .edit .main").click();
	await oldRow("Tick me").getByRole("checkbox").click();
	await oldRow("Delete me").locator(".remove").click();
	await until(async () => await waiting() === 4, "four changes wait, the deletion until it can’t be undone");
	await page.goto("about:blank");
	await ask("version today");
	await ask("stop_workers");
	await context.setOffline(false);
	await page.goto(base);
	await page.locator(NEW).waitFor();
	await page.goto(`${base}/?view=all`);
	await row("Edited offline").waitFor();
	await row("Written offline").waitFor();
	is(await row("Tick me").count(), 0, "it is done");
	await ask("start_workers");
	await becomes(async () => (await tasks("?sort=created"))
		.map(({ title, completed, priority, tags }) => [title, completed, priority, tags]), [
		["Edited offline", false, "Medium", []],
		["Tick me", true, "Medium", []],
		["Written offline", false, "High", ["home"]],
	], "all is sent");
	await page.locator("#banner:empty").waitFor({ state: "attached" });
	await page.reload();
	await settled();
	is((await tasks()).length, 3, "once");
	is(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name).filter((name) => /^neon-todo-/.test(name))), [],
		"nothing is left of 0.1");
});
await end();
