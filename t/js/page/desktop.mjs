// SPDX-License-Identifier: ISC
// Tasks that ring on a desktop, as notifications of the system.
import { desktopNotices, pressOnDesktop } from "../desktop.mjs";
import { context, create, end, is, page, person, scenario, tasks, until } from "./hands.mjs";

const soon = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
const notice = (title) => until(() => desktopNotices().find((n) => n.title === title), `a notification of ${title}`);
const gone = (title) => until(() => !desktopNotices().some((n) => n.title === title), `${title} is gone from the desktop`);
const press = async (title, action) => {
	const n = await notice(title);
	pressOnDesktop(n, n.actions[action]);
};
const isDone = (title) => until(async () => (await tasks()).find((t) => t.title === title).completed, `${title} is done`);
const ringing = (title) => page.locator("#banner p").filter({ has: page.getByText(title, { exact: true }) });

await scenario("what is due rings on the desktop; what is pressed there is done", async () => {
	await person([], { permissions: ["notifications"] });
	await until(() => page.evaluate(() => navigator.serviceWorker.controller?.state === "activated"), "the service worker");
	for (const title of ["Tea", "Post", "Bins", "Mail"])
		await create({ title, due_date: soon(8) });
	await page.reload();
	const tea = await notice("Tea");
	is(Object.keys(tea.actions).slice(0, 2), ["Done", "In 10 minutes"], "its buttons");
	is(tea.body.includes("Today, "), true, `when it is due: ${tea.body}`);
	is(await page.locator("#banner p").count(), 0, "nothing in the page");
	await press("Tea", "Done");
	await page.locator(".toast", { hasText: "Completed “Tea”." }).waitFor();
	await isDone("Tea");
	await gone("Tea");
	await press("Post", "In 10 minutes");
	await gone("Post");
	await page.getByLabel("Done: Bins", { exact: true }).click();
	await gone("Bins");
	await press("Mail", "Activate");
	await ringing("Mail").waitFor();
	await gone("Mail");
	is((await tasks("?completed=false")).map(({ title }) => title).sort(), ["Mail", "Post"], "what is still to be done");
});
await scenario("… also if the page is closed by then: another one opens", async () => {
	await create({ title: "Left", due_date: soon(6) });
	await page.reload();
	await notice("Left");
	await page.goto("about:blank");
	const opened = context.waitForEvent("page");
	await press("Left", "Done");
	const other = await opened;
	await other.locator(".toast", { hasText: "Completed “Left”." }).waitFor();
	await isDone("Left");
});
await end();
