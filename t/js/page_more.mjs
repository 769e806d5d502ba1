// SPDX-License-Identifier: ISC
// More of the page in a browser; each scenario is a line of TAP:
//
//   node page_more.mjs BASE NODE_MODULES DIRECTORY
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isFirefox, launch } from "./browser.mjs";

const [base, modules, dir] = process.argv.slice(2);
const require = createRequire(join(modules, "x.js"));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const only = new RegExp(process.env.PAGE_ONLY ?? "");
const note = (text) => console.log(`# ${text}`);
const is = (got, expected, what) => {
	if (JSON.stringify(got) !== JSON.stringify(expected))
		throw new Error(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(expected)}`);
};
async function until(f, what, seconds = 60) {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		const got = await f();
		if (got)
			return got;
		if (Date.now() > end)
			throw new Error(`${what}: never`);
		await new Promise((r) => setTimeout(r, 50));
	}
}

const browser = await launch(modules);
process.on("exit", () => browser.process?.()?.kill());
const said = [];			// errors that the browser reports
let context, page, account, serial = 0;
async function scenario(name, work) {
	if (!only.test(name))
		return;
	try {
		await work();
		console.log(`ok - ${name}`);
	} catch (e) {
		console.log(`not ok - ${name}`);
		note(e.message.split("\n").slice(0, 12).join("\n# "));
		note((e.stack.match(/page_more\.mjs:\d+/g) ?? []).join(" "));
		await page?.screenshot({ path: join(dir, `failed-more-${++serial}.png`) }).catch(() => {});
	}
}

// --- hands ------------------------------------------------------------------------------
async function api(method, path, body) {
	const r = await fetch(`${base}/api/${path}`, { method, body: body && JSON.stringify(body), headers: {
		...(account ? { authorization: `Bearer ${account.token}` } : {}), ...(body ? { "content-type": "application/json" } : {}) } });
	return r.json();
}
const settled = () => page.locator("#app:not([hidden]) :is(#tasks, #month):not([aria-busy])").waitFor({ state: "attached" });
// A new account with these tasks, logged in in a browser of its own.
async function person(tasks = [], options = {}, path = "/") {
	await context?.close();
	account = null;
	const w = { username: `m${process.pid}-${++serial}`, email: `m${process.pid}-${serial}@example.org`, password: "correct horse" };
	const json = await api("POST", "auth/register", w);
	account = { ...w, id: json.user_id, token: json.access_token };
	for (const task of tasks)
		await api("POST", `${account.id}/tasks`, task);
	context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "Europe/Berlin",
		reducedMotion: "reduce", bypassCSP: options.bypassCSP, ...options });
	context.setDefaultTimeout(60000);
	await context.addInitScript(([name, s]) => location.protocol === "http:"
		&& (localStorage.getItem(name) ?? localStorage.setItem(name, s)),
		[`neon-todo ${new URL(`${base}/`).pathname} session`,
			JSON.stringify({ token: account.token, id: account.id, username: w.username, email: w.email })]);
	page = await context.newPage();
	page.on("pageerror", (e) => said.push(String(e)));
	page.on("console", (m) => m.type() === "error" && !/Failed to load resource/.test(m.text()) && said.push(m.text()));
	await page.goto(base + path);
	await settled();
}
// Drawn if somebody wants to see them.  For Firefox the driver puts a style into the page, and
// complains that its policy forbids it.
const shot = isFirefox || !process.env.TODO_ARTIFACTS ? async () => {} : (name) => page.screenshot({ path: join(dir, `${name}.png`) });
const soon = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
const day = (n) => new Intl.DateTimeFormat("sv", { timeZone: "Europe/Berlin" }).format(new Date(Date.now() + n * 86400000));
// What axe finds, and what stands beside the page or hangs out of its box.
async function audit() {
	await page.evaluate(axe);
	const found = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"],
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
		.then((r) => r.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 120)).join(" | ")}`)));
	return [...found, ...await page.evaluate(() => [...document.querySelectorAll("input, select, textarea, button, summary")]
		.filter((e) => {
			const { left, right, width } = e.getBoundingClientRect();
			return width && (left < 0 || right > innerWidth);
		}).map((e) => `beside the page: ${e.outerHTML.slice(0, 80)}`))];
}

// --- other programs ---------------------------------------------------------------------
const openPrograms = async () => {
	await page.locator("#open-account").click();
	await page.locator("#account .programs").click();
	await page.locator("#programs[open]").waitFor();
};
await scenario("a password for another program: made, shown once, used, ended", async () => {
	await person();
	await openPrograms();
	await page.getByText("No other program has a password yet.").waitFor();
	await page.getByLabel("For which program").fill("Anna’s phone");
	await page.getByRole("button", { name: "Make a password" }).click();
	const box = page.locator("#programs .made");
	const value = (name) => box.locator(`dd .${name}`).textContent();
	const [server, user, password] = [await value("server"), await value("user"), await value("password")];
	is([server, user, /^\w{5}(-\w{5}){3}$/.test(password)], [`${base}/dav/`, account.email, true], "what is to be typed");
	await page.getByText("Not used yet").waitFor();
	await shot("programs-made");
	const ask = async () => (await fetch(`${server}${account.id}/tasks/`, { method: "PROPFIND", headers: { depth: "0",
		authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` } })).status;
	is(await ask(), 207, "a program gets in");
	await page.locator("#programs .close").click();
	await openPrograms();
	await page.getByText("Last used: Today").waitFor();
	is(await page.locator("#programs").textContent().then((text) => text.includes(password)), false, "shown once");
	const end = page.getByRole("button", { name: "End the password: Anna’s phone" });
	page.once("dialog", (d) => d.dismiss());
	await end.click();
	is(await ask(), 207, "thought better of it");
	page.once("dialog", (d) => d.accept());
	await end.click();
	await page.getByText("No other program has a password yet.").waitFor();
	is(await ask(), 401, "it is ended");
});
await scenario("the service’s no to a password is said", async () => {
	await person();
	for (let n = 0; n < 32; n++)
		await api("POST", `${account.id}/app-passwords`, { name: `number ${n}` });
	await openPrograms();
	await page.getByLabel("For which program").fill("one more");
	await page.getByRole("button", { name: "Make a password" }).click();
	await page.locator("#make-password .error", { hasText: "There are 32 passwords already" }).waitFor();
	is(await page.locator("#programs .passwords li").count(), 32, "none more");
});

// --- languages --------------------------------------------------------------------------
await scenario("the language is the browser’s, until another is chosen; without network, too", async () => {
	await person([{ title: "Zahnarzt", due_date: day(1) }], { locale: "de-AT" }, "/?view=all");
	is([await page.locator("html").getAttribute("lang"), await page.locator("#title").textContent()], ["de", "Alle"], "German");
	await page.locator("#line").fill("Milch kaufen morgen um 17:00 !hoch");
	await page.locator(".chip", { hasText: "Priorität Hoch" }).waitFor();
	is(await page.locator(".reads").textContent(), "Milch kaufen", "the line, too");
	await page.locator("#line").fill("");
	await page.locator("#open-account").click();
	is(await page.locator("#language option:checked").textContent(), "Wie im Browser (Deutsch)", "what is chosen");
	await page.locator("#language").selectOption("fr");
	await page.locator("html[lang=fr] #title", { hasText: "Toutes" }).waitFor();
	is(await page.locator("#tasks time").textContent(), "Demain", "dates");
	await until(() => page.evaluate(async () => {
		for (const key of await caches.keys()) {
			const kept = (await (await caches.open(key)).keys()).map(({ url }) => url);
			if (["text", "quickadd"].every((name) => kept.some((url) => url.endsWith(`app/${name}-fr.js`))))
				return true;
		}
		return false;
	}), "kept for later");
	await context.setOffline(true);
	await page.reload();
	await page.locator("html[lang=fr] #banner", { hasText: "hors ligne" }).waitFor();
	await context.setOffline(false);
});
for (const [locale, width] of [["de-DE", 390], ["fr-FR", 320], ["es-ES", 1280], ["fr-CA", 1280], ["es-MX", 320], ["en-US", 390]]) {
	await scenario(`${locale}, ${width} px: everything has its place, axe finds nothing`, async () => {
		await person([{ title: "One", due_date: day(-2), priority: "High", recursion_pattern: "FREQ=MONTHLY;BYMONTHDAY=-1" },
			{ title: "Two", due_date: `${day(0)}T21:30:00Z`, tags: ["home"] }, { title: "Three", due_date: day(3) }],
		{ locale, viewport: { width, height: 844 }, bypassCSP: true, hasTouch: width < 500 });
		const found = [];
		const look = async (what) => {
			await shot(`${what}-${locale}-${width}`);
			found.push(...(await audit()).map((line) => `${what}: ${line}`));
		};
		await look("today");
		await openPrograms();
		await api("POST", `${account.id}/app-passwords`, { name: "A phone with a rather long name of its own" });
		await page.locator("#make-password input").fill("Tablet");
		await page.locator("#make-password .main").click();
		await page.locator("#programs .made").waitFor();
		await page.locator("#programs .how summary").click();
		await look("programs");
		await page.locator("#programs .close").scrollIntoViewIfNeeded();
		await look("programs-end");
		await page.locator("#programs .close").click();
		await page.locator("#open-account").click();
		await look("account");
		await page.locator("#account .close").click();
		await api("POST", `${account.id}/tasks`, { title: "Ring the plumber about the leaking tap in the kitchen", due_date: soon(3) });
		await page.reload();
		await page.locator("#banner [data-act=done]").waitFor();
		await look("rings");
		is(found, [], "findings");
	});
}

// --- the installed page -----------------------------------------------------------------
await scenario("the page can be installed: its icons, shortcuts, what is shared with it", async () => {
	await person();
	const at = new URL("app/app.webmanifest", `${base}/`);
	const manifest = await (await fetch(at)).json();
	const there = (path) => new URL(path, at).href;
	is([there(manifest.start_url), there(manifest.scope), there(manifest.share_target.action)],
		[`${base}/`, `${base}/`, `${base}/`], "where it begins");
	const touch = await page.locator("link[rel=apple-touch-icon]").getAttribute("href");
	for (const { src, sizes } of [...manifest.icons, { src: new URL(touch, `${base}/`).href, sizes: "180x180" }]) {
		const size = await page.evaluate(async (url) => {
			const image = new Image();
			image.src = url;
			await image.decode();
			return `${image.naturalWidth}x${image.naturalHeight}`;
		}, there(src));
		if (sizes !== "any")
			is(size, sizes, src);
	}
	is([manifest.icons.some(({ purpose }) => purpose === "maskable"), manifest.shortcuts.length], [true, 3], "a maskable icon, shortcuts");
	await page.goto(there(manifest.shortcuts[0].url));
	await page.locator("#line:focus").waitFor();
	is(new URL(page.url()).search, "", "asked once");
});
await scenario("installed, it speaks the page’s language", async () => {
	const names = [];
	for (const locale of ["en-GB", "de-AT", "fr-FR", "es-MX", "ja-JP"]) {
		await person([], { locale });
		const at = await page.evaluate(() => document.querySelector("link[rel=manifest]").href);
		const { lang, shortcuts, start_url } = await (await fetch(at)).json();
		is(new URL(start_url, at).href, `${base}/`, "where it begins");
		names.push(`${lang}: ${shortcuts[0].name}`);
	}
	is(names, ["en: New task", "de: Neue Aufgabe", "fr: Nouvelle tâche", "es: Nueva tarea", "en: New task"], "the shortcuts");
});
await scenario("a browser that is too old says so in its language", async () => {
	for (const [locale, words] of [["en-US", "too old"], ["de-DE", "zu alt"], ["fr-CA", "trop ancien"], ["es-ES", "demasiado antiguo"], ["ja-JP", "too old"]]) {
		await context.close();
		context = await browser.newContext({ locale, serviceWorkers: "block" });
		page = await context.newPage();
		await page.addInitScript(() => delete Object.hasOwn);
		await page.goto(base);
		await page.locator("#too-old", { hasText: "Chrome 97" }).waitFor();
		const seen = (await page.locator("#unsupported p:visible").allTextContents()).map((text) => text.trim());
		is([seen.length, seen[0].includes(words)], [2, true], locale);
	}
	await person();
});
await scenario("what is shared becomes the line; what was being typed there stays", async () => {
	await page.goto(`${base}/?${new URLSearchParams({ "shared-title": "Bread tomorrow", "shared-text": "A recipe https://example.org/x" })}`);
	await settled();
	is([await page.locator("#line").inputValue(), await page.locator("#add [name=description]").inputValue()],
		["Bread tomorrow", "A recipe https://example.org/x"], "the line and the notes");
	await page.locator(".chip", { hasText: "Due: Tomorrow" }).waitFor();
	await page.goto(`${base}/?${new URLSearchParams({ "shared-text": "https://example.org/y" })}`);
	await settled();
	is([await page.locator("#line").inputValue(), await page.locator("#add [name=description]").inputValue()],
		["Bread tomorrow", "A recipe https://example.org/x\nhttps://example.org/y"], "both");
	await page.locator("#line").press("Enter");
	const [task] = await until(async () => (await api("GET", `${account.id}/tasks`)).length && api("GET", `${account.id}/tasks`), "a task");
	is([task.title, task.due_date, task.description], ["Bread", day(1), "A recipe https://example.org/x\nhttps://example.org/y"], "it is kept");
});
await scenario("the icon has the number of Today", async () => {
	await person();
	await context.addInitScript(() => {
		window.badges = [];
		navigator.setAppBadge = async (n) => void window.badges.push(n);
		navigator.clearAppBadge = async () => void window.badges.push(0);
	});
	await page.goto(`${base}/`);
	await settled();
	const last = (n) => until(() => page.evaluate(() => window.badges.at(-1)).then((got) => got === n), `a badge of ${n}`);
	await page.locator("#line").fill("One today");
	await page.locator("#line").press("Enter");
	await last(1);
	await page.locator("#tasks input[type=checkbox]").click();
	await last(0);
});

await scenario("no error, no breach of the content policy", () => is(said, [], "errors"));
await browser.close();
process.exit(0);
