// SPDX-License-Identifier: ISC
// What the service does to an open page: new releases, too much to do, too many attempts.
import { account, api, ask, base, context, end, fresh, inChromium, is, line, LIST, LOGIN,
	page, person, row, said, scenario, settled, shot, stranger, tasks, until } from "./hands.mjs";

// --- releases ---------------------------------------------------------------------------------
// Not asked of the service worker: while it has to answer, it is not exchanged.
const release = () => page.evaluate(() => globalThis.release);
const look4release = () => page.evaluate(async () => (await (await navigator.serviceWorker.ready).update()).scope);
const controlled = () => until(() => page.evaluate(() => navigator.serviceWorker.controller?.state === "activated"), "the service worker");
await scenario("a new release reaches an open page, which offers it and loses nothing by it", async () => {
	await person([{ title: "A" }]);
	await controlled();
	await page.locator("#line").fill("half a line");
	await ask("release two");
	await look4release();
	await page.locator("#banner", { hasText: "A new version is here." }).waitFor();
	is(await release(), undefined, "the old one, until the user says so");
	await page.evaluate(() => window.isOld = true);
	await page.locator("#banner").getByRole("button", { name: "Reload" }).click();
	await until(() => page.evaluate(() => !window.isOld), "it is loaded anew");
	await until(async () => await release() === "two", "the new one");
	await settled();
	is(await page.locator("#line").inputValue(), "half a line", "the line");
	await page.locator("#line").fill("");
});
await scenario("… works without network at once, in all of its tabs", async () => {
	const other = await context.newPage();
	await other.addInitScript(() => sessionStorage.setItem("seen", "1"));
	await other.goto(base + LIST);
	await other.locator("#line").fill("in the other tab");
	await ask("release three");
	await look4release();
	await page.locator("#line").fill("x");
	await page.locator("#banner").getByRole("button", { name: "Reload" }).click();
	await until(async () => await release() === "three", "the new one");
	await other.locator("#banner", { hasText: "A new version is here." }).waitFor();
	await context.setOffline(true);
	await other.locator("#banner").getByRole("button", { name: "Reload" }).click();
	for (const p of [page, other]) {
		await p.reload();
		await p.locator("#tasks > li[data-id]", { hasText: "A" }).waitFor();
	}
	is(await other.locator("#line").inputValue(), "x", "the line that was typed last");
	await context.setOffline(false);
	await other.close();
});
await scenario("… is never there by half, and reaches who opens the page anew", async () => {
	await ask("release four half");
	await look4release().catch(() => {});
	await page.reload();
	await settled();
	is(await release(), "three", "the whole one");
	await context.setOffline(true);
	await page.reload();
	await row("A").waitFor();
	await context.setOffline(false);
	await page.goto("about:blank");
	await ask("release five");
	await page.goto(base + LIST);
	await until(async () => await release() === "five", "the new one");
	await row("A").waitFor();
});
await scenario("a browser that is too old, and a page that is not complete, say so", async () => {
	for (const [words, prepare] of [["too old", (p) => p.addInitScript(() => delete Object.hasOwn)],
		["too old", (p) => p.addInitScript(() => delete window.HTMLDialogElement)],
		["could not be loaded completely", (p) => p.route("**/app/page.js", (route) => route.abort())],
		["could not be loaded completely", (p) => p.route("**/app/page.js", (route) => route.fulfill({ contentType: "text/javascript", body: "const = 1" }))]]) {
		const errors = said.length;
		const [c, p] = await fresh({ serviceWorkers: "block" });
		await prepare(p);
		await p.goto(`${base}/`);
		await p.locator("#unsupported", { hasText: words }).waitFor();
		is(await p.locator("#login").count(), 0, "no form that would not work");
		await c.close();
		said.length = errors;
	}
});
await inChromium("installable: a manifest, icons, a service worker", async () => {
	const cdp = await context.newCDPSession(page);
	const { errors } = await cdp.send("Page.getAppManifest");
	is(errors, [], "the manifest");
	const { installabilityErrors } = await cdp.send("Page.getInstallabilityErrors");
	is(installabilityErrors.map((e) => e.errorId).filter((e) => e !== "in-incognito"), [], "installability");
});

// --- errors -----------------------------------------------------------------------------------
await scenario("503: says how long to wait, and tries again by itself", async () => {
	await person([{ title: "A" }]);
	await ask("stop_workers");
	await line("In hard times");
	await page.locator("#banner", { hasText: /The service is busy\. Trying again in \d+ s\./ }).waitFor();
	await shot("busy-1280");
	await ask("start_workers");
	await until(async () => (await tasks()).some((t) => t.title === "In hard times"), "saved");
	is((await tasks()).length, 2, "once");
	await page.locator("#banner:empty").waitFor({ state: "attached" });
});
await scenario("429: says how long to wait, and tries again by itself", async () => {
	await ask("limit 1r/m");
	await until(async () => (await api("POST", "auth/login", {})).status === 429, "429");
	await stranger();
	await page.goto(base + LOGIN);
	await page.locator("#login").getByLabel("Email").fill(account.email);
	await page.locator("#login").getByLabel("Password").fill(account.password);
	await page.getByRole("button", { name: "Log in" }).click();
	await page.locator("#banner", { hasText: /Too many attempts\. Trying again in \d+ s\./ }).waitFor();
	await ask("limit 10r/s");
	await settled();
	await row("In hard times").waitFor();
});

await end();
