// SPDX-License-Identifier: ISC
// From version 0.1, as it was sent (t/js/page-0.1.tar.xz), to today's page: its service worker
// goes, and what it had not sent yet does not.
import { isFirefox } from "../browser.mjs";
import { account, api, ask, base, becomes, context, end, is, loggedIn, page, row, scenario, settled, shows, stranger, tasks, until,
	who } from "./hands.mjs";

const NEW = "#page #app:not([hidden])";
const OUT = "#page :is(#login, #signup):not([hidden])";	// nobody is logged in
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

// Today's service worker takes over, in a page that is open.  Chromium can miss that the one before
// has become idle, and then looks again after five minutes, or when it is asked.
async function takesOver(p = page) {
	await p.evaluate(async () => void await (await navigator.serviceWorker.ready).update());
	const chromium = isFirefox ? null : await context.newCDPSession(p);
	await chromium?.send("ServiceWorker.enable");
	const patience = Date.now() + 15_000;
	await until(async () => {
		if (Date.now() > patience)
			await chromium?.send("ServiceWorker.skipWaiting", { scopeURL: `${base}/` });
		return p.evaluate(async () => {
			const registration = await navigator.serviceWorker.ready;
			return (await caches.keys()).some((name) => name.startsWith("neon-todo "))
				&& !registration.installing && !registration.waiting && registration.active.state === "activated";
		});
	}, "today's service worker");
	await chromium?.detach();
}
const kept01 = () => page.evaluate(async () => ({ cache: await caches.has("neon-todo"), session: localStorage.getItem("neon-todo"),
	databases: (await indexedDB.databases()).map(({ name }) => name).filter((name) => /^neon-todo-/.test(name)) }));
const nothing = { cache: false, session: null, databases: [] };

await scenario("0.1, open while the release changes: what is typed stays and is saved; the next load is today’s page", async () => {
	await userOf01(["A", "B"]);
	const other = await context.newPage();
	await other.goto(`${base}/?sort=-created`);
	await other.locator("#tasks > li").nth(1).waitFor();
	await page.evaluate(() => document.querySelector("#shortcuts").click());
	await page.locator("#line").fill("Typed #home");
	await other.locator("#tasks > li", { hasText: "A" }).locator(".title").click();
	await other.locator("#tasks .edit").getByLabel("Title").fill("A, edited");
	await ask("version today");
	await takesOver();
	is((await fetch(`${base}/app/list.js`)).status, 404, "a file of 0.1, on the web server");
	is(await page.evaluate(async () => (await fetch("app/list.js")).status), 200, "the same, in a page of 0.1");
	await page.locator("#line").press("Enter");
	await oldRow("Typed").waitFor();
	is(await isOld(), true, "still the page of 0.1");
	await becomes(async () => (await tasks("?sort=created")).map(({ title }) => title), ["A", "B", "Typed"], "what was typed is sent");

	await page.goto(`${base}/?view=all`);
	await page.locator(NEW).waitFor();
	await shows(["A", "B", "Typed"]);
	is(await page.locator("#login").count(), 0, "nobody has to log in");
	await page.locator("#open-help").click();
	is(await page.locator("#shortcuts").isChecked(), false, "the keys that were switched off");
	await page.locator("#help .close").click();
	is(await isOld(other), true, "the other tab is still the page of 0.1");
	is(await other.locator("#tasks .edit").getByLabel("Title").inputValue(), "A, edited", "what is typed in the other tab");
	await other.locator("#tasks .edit .main").click();
	await becomes(async () => (await tasks("?sort=created")).map(({ title }) => title), ["A, edited", "B", "Typed"], "it is sent, too");

	await context.setOffline(true);
	await other.locator("#line").fill("Last");
	await other.locator("#line").press("Enter");
	await other.locator("#banner", { hasText: "to be sent: 1." }).waitFor();
	await other.reload();
	await other.locator(NEW).waitFor();
	await until(async () => JSON.stringify(await kept01()) === JSON.stringify(nothing), "nothing is left of 0.1");
	await context.setOffline(false);
	await becomes(async () => (await tasks("?sort=created")).map(({ title }) => title), ["A, edited", "B", "Typed", "Last"],
		"what 0.1 left is sent");
	await page.goto(`${base}/?view=all`);
	await settled();
	await context.setOffline(true);
	for (const p of [page, other]) {
		await p.reload();
		await p.locator("#tasks > li[data-id]").nth(3).waitFor();
	}
	await context.setOffline(false);
	await other.close();
});
await scenario("0.1, closed meanwhile: the visit after the next is today’s page, which works without network at once", async () => {
	await userOf01(["A", "B"]);
	await page.goto("about:blank");
	await ask("version today");
	await page.goto(base);
	await takesOver();
	await page.goto(base);
	await page.locator(NEW).waitFor();
	await settled();
	await context.setOffline(true);
	await page.goto(`${base}/?view=all`);
	await shows(["A", "B"]);
	await context.setOffline(false);
});
await scenario("who logs out in a page of 0.1 has left today’s page, too, and the other way round", async () => {
	for (const isThere of [true, false]) {
		await userOf01(["A"]);
		const other = await context.newPage();
		await other.goto(base);
		await other.locator("#tasks > li").first().waitFor();
		await ask("version today");
		await takesOver();
		await page.goto(`${base}/?view=all`);
		await shows(["A"]);
		const p = isThere ? other : page;
		await p.locator("#open-account").click();
		await p.locator("#account .logout").click();
		for (const q of [page, other])
			await q.locator(OUT).waitFor();
		await until(() => page.evaluate(async () => !(await indexedDB.databases()).length), "no tasks are kept");
		is((await kept01()).session, null, "the session of 0.1");
		await page.reload();
		await page.locator(OUT).waitFor();
	}
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
	await takesOver();
	await page.goto(`${base}/?view=all`);
	await page.locator(NEW).waitFor();
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
	await until(async () => JSON.stringify(await kept01()) === JSON.stringify(nothing), "nothing is left of 0.1");
});
await end();
