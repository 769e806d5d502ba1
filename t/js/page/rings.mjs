// SPDX-License-Identifier: ISC
// Tasks that ring when they are due: in the page, or as notifications.
import { account, api, base, context, create, day, end, inChromium, is, page, person, scenario,
	settled, shot, tasks, until } from "./hands.mjs";

const soon = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");

const worker = async () => {
	await until(() => page.evaluate(() => navigator.serviceWorker.controller?.state === "activated"), "the service worker");
	return context.serviceWorkers()[0];
};
// A browser without a screen shows no notifications: they are kept in the page.
const mayNotify = () => {
	if (location.protocol !== "http:")
		return;
	let shown = [];
	Object.defineProperty(Notification, "permission", { get: () => "granted" });
	ServiceWorkerRegistration.prototype.showNotification = async (title, options) => {
		const notification = { title, ...options, close: () => shown = shown.filter((n) => n !== notification) };
		shown.push(notification);
	};
	ServiceWorkerRegistration.prototype.getNotifications = async ({ tag }) => shown.filter((n) => n.tag === tag);
	window.notices = () => shown.map(({ title, body, actions, data }) => ({ title, body, actions: actions.map((a) => a.action), data }));
};
const notices = () => page.evaluate(() => window.notices());
// As a person presses a button of a notification, "" for the notification itself.
const press = async (title, action) => {
	const { data } = (await notices()).find((n) => n.title === title);
	await (await worker()).evaluate(([key, act]) => {
		const event = new ExtendableEvent("notificationclick");
		dispatchEvent(Object.assign(event, { notification: { data: key, close() {} }, action: act }));
	}, [data, action]);
};
const ringing = (title) => page.locator("#banner p").filter({ has: page.getByText(title, { exact: true }) });
const dones = async () => (await tasks("?completed=true")).map(({ title }) => title);

await scenario("a task that comes due rings in the page, once in all tabs, until it is answered; not again after a reload", async () => {
	await person([{ title: "Call <b>Anna</b>", due_date: soon(6) }, { title: "Stretch", due_date: soon(7) }, { title: "Not yet", due_date: soon(3600) }]);
	const other = await context.newPage();
	await other.addInitScript(() => sessionStorage.setItem("seen", "1"));
	await other.goto(base);
	await ringing("Call <b>Anna</b>").waitFor();
	await ringing("Stretch").waitFor();
	is(await page.locator("#banner p").count(), 2, "what rings");
	await shot("rings");
	for (const p of [page, other])
		is(await p.locator("#banner p", { hasText: "Call" }).count(), 1, "once in each tab");
	await page.reload();
	await ringing("Stretch").waitFor();
	is(await page.locator("#banner p").count(), 2, "no more of them");
	await ringing("Call <b>Anna</b>").getByRole("button", { name: "Done" }).click();
	await page.locator(".toast", { hasText: "Completed “Call <b>Anna</b>”." }).waitFor();
	await ringing("Stretch").getByRole("button", { name: "In 10 minutes" }).click();
	await page.locator("#banner:empty").waitFor({ state: "attached" });
	await other.locator("#banner:empty").waitFor({ state: "attached" });
	await until(async () => (await dones()).length === 1, "done");
	is(await dones(), ["Call <b>Anna</b>"], "what is done");
	await page.reload();
	await settled();
	is(await page.locator("#banner p").count(), 0, "answered is answered");
	await other.close();
});
await scenario("what is ticked, here or elsewhere, rings no more", async () => {
	await person([{ title: "Here", due_date: soon(4) }, { title: "Elsewhere", due_date: soon(4) }]);
	await ringing("Elsewhere").waitFor();
	await ringing("Here").waitFor();
	await page.getByLabel("Done: Here", { exact: true }).click();
	await ringing("Here").waitFor({ state: "detached" });
	const { id } = (await tasks("?completed=false")).find(({ title }) => title === "Elsewhere");
	await api("PATCH", `${account.id}/tasks/${id}/complete`, { completed: true });
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
	await page.locator("#banner:empty").waitFor({ state: "attached" });
});
await inChromium("a browser that may notifies, with Done and Later; a press reaches the page", async () => {
	await person();
	await worker();
	await context.addInitScript(mayNotify);
	for (const title of ["Tea", "Post", "Bins", "Mail"])
		await create({ title, due_date: soon(6) });
	await page.reload();
	await until(async () => (await notices()).length === 4, "four notifications");
	const [tea] = (await notices()).filter(({ title }) => title === "Tea");
	is([tea.actions, tea.body.startsWith("Today, ")], [["done", "later"], true], "what it says");
	is(await page.locator("#banner p").count(), 0, "nothing in the page");
	await press("Tea", "done");
	await page.locator(".toast", { hasText: "Completed “Tea”." }).waitFor();
	await press("Post", "later");
	await until(async () => (await notices()).length === 2, "they are gone");
	await page.getByLabel("Done: Bins", { exact: true }).click();
	await until(async () => (await notices()).length === 1, "ticked in the list");
	await until(async () => (await dones()).length === 2, "done");
	await press("Mail", "");
	await ringing("Mail").waitFor();
	is((await notices()).length, 0, "it is in the page");
});
await scenario("a press on a notification that outlived its page opens one; no other link answers", async () => {
	await person();
	await context.addInitScript(mayNotify);
	await create({ title: "Left", due_date: soon(4) });	// not before: it would ring in the page
	await page.reload();
	await until(async () => (await notices()).length === 1, "it rings");
	const [{ data }] = await notices();
	await page.goto(`${base}/?ring=0-0-0-0&act=done`);
	await settled();
	is([new URL(page.url()).search, await dones()], ["", []], "of somebody else");
	await page.goto(`${base}/?ring=${data}&act=done`);
	await page.locator(".toast", { hasText: "Completed “Left”." }).waitFor();
	is(new URL(page.url()).search, "", "the address");
});
await scenario("the page asks to notify only if a person says so, where a time is set and in the menu", async () => {
	const asked = () => page.evaluate(() => window.asked);
	const prepare = () => {
		window.asked = 0;
		let permission = "default";
		Object.defineProperty(Notification, "permission", { get: () => permission });
		Notification.requestPermission = async () => {
			window.asked++;
			return permission = "granted";
		};
	};
	await person([{ title: "Dentist", due_date: day(1) }]);
	await context.addInitScript(prepare);
	await page.reload();
	await settled();
	await page.locator("#tasks .date").click();
	is(await page.locator("#date .ring").count(), 0, "no time yet");
	await page.locator("#date [name=time]").fill("09:30");
	is(await asked(), 0, "not yet");
	await page.locator("#date .ring").click();
	await page.locator("#date .ring").waitFor({ state: "detached" });
	is(await asked(), 1, "asked");
	await page.locator("#date .close").click();
	await page.reload();
	await settled();
	await page.locator("#open-account").click();
	is(await page.locator("#rings").isChecked(), false, "not yet");
	await page.locator("#rings").check();
	await until(() => page.locator("#rings").isChecked(), "it may");
	is(await asked(), 1, "asked");
	await page.locator("#rings").uncheck();
	await until(async () => !await page.locator("#rings").isChecked(), "it shall not");
});
await end();
