// SPDX-License-Identifier: ISC
// What the scripts of this directory share: a browser, people with accounts, and hands for
// the page.  Each of their scenarios is a line of TAP.  "do NAME ..." asks the test for
// something that only it can do; its answer comes as a line.
//
//   node NAME.mjs BASE NODE_MODULES DIRECTORY [ARGUMENT...]
//
// PAGE_ONLY (a regular expression) chooses scenarios by their names, PAGE_TIMES tells how
// long each takes, PAGE_PATIENCE is how many seconds it waits for anything, and after
// PAGE_FAILURES failures, each of which has waited that long, it goes no further.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isFirefox, launch } from "../browser.mjs";

export const [base, modules, dir, ...more] = process.argv.slice(2);
const require = createRequire(join(modules, "x.js"));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
export async function ask(what) {
	console.log(`do ${what}`);
	return (await lines.next()).value;
}
const PATIENCE = Number(process.env.PAGE_PATIENCE ?? 60);
const MOST = Number(process.env.PAGE_FAILURES ?? 5);
const only = new RegExp(process.env.PAGE_ONLY ?? "");
export const note = (text) => console.log(`# ${text}`);
export const is = (got, expected, what) => {
	if (JSON.stringify(got) !== JSON.stringify(expected))
		throw new Error(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(expected)}`);
};
export const yes = (good, what) => {
	if (!good)
		throw new Error(what);
};
// What is to become so.
export async function until(f, what, seconds = PATIENCE) {
	const end = Date.now() + seconds * 1000;
	let got;
	for (;;) {
		try {
			if (got = await f())
				return got;
		} catch (e) {
			got = e.message;
		}
		if (Date.now() > end)
			throw new Error(`${what}: never (${got})`);
		await new Promise((r) => setTimeout(r, 50));
	}
}

const browser = await launch(modules);
process.on("exit", () => browser.process?.()?.kill());
export const said = [];			// errors that the browser reports
const foreign = [];
export const usual = { viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "Europe/Berlin",
	acceptDownloads: true, reducedMotion: "reduce" };
// The place that shows every open task; and the form of who comes back.
export const LIST = "/?view=all", LOGIN = `${LIST}#login`;
export let context, page, account;
export async function fresh(options = {}) {
	const c = await browser.newContext({ ...usual, ...options });
	c.setDefaultTimeout(PATIENCE * 1000);
	const p = await c.newPage();
	p.on("pageerror", (e) => said.push(String(e)));
	p.on("console", (m) => m.type() === "error" && !/Failed to load resource/.test(m.text()) && said.push(m.text()));
	if (process.env.PAGE_TIMES) p.on("requestfailed", (r) => note(`${r.method()} ${r.url()} ${r.failure().errorText}`));
	p.on("request", (r) => r.url().startsWith(base) || /^(data|blob):/.test(r.url()) || foreign.push(r.url()));
	return [c, p];
}
let bad = 0;
export async function scenario(name, work) {
	if (!only.test(name) || bad >= MOST)	// each waits until its time is over
		return;
	const begin = Date.now();
	try {
		await work();
		console.log(`ok - ${name}`);
	} catch (e) {
		bad++;
		console.log(`not ok - ${name}`);
		note(`${e.message.split("\n").slice(0, 12).join("\n# ")}`);
		note((e.stack.match(/\w+\.mjs:\d+(?=:)/g) ?? []).join(" "));
		// In Firefox taking it is an error of its own, see shot.
		const errors = said.length;
		await picture(`failed-${bad}`).catch(() => {});
		if (isFirefox)
			said.length = errors;
	}
	if (process.env.PAGE_TIMES)
		note(`${Date.now() - begin} ms: ${name}`);
}

// What only Chromium can be asked for.
export const inChromium = isFirefox ? async (name) => note(`left out: ${name}`) : scenario;

// --- hands ------------------------------------------------------------------------------
let serial = 0;
export const who = () => ({ username: `u${process.pid}-${++serial}`, email: `u${process.pid}-${serial}@example.org`,
	password: "correct horse" });
// As another device: past the page.
export async function api(method, path, body, headers = {}) {
	const r = await fetch(`${base}/api/${path}`, { method, body: body && JSON.stringify(body), headers: {
		...(account?.token ? { authorization: `Bearer ${account.token}` } : {}),
		...(body ? { "content-type": "application/json" } : {}), ...headers } });
	const text = await r.text();
	let json = null;
	try {
		json = JSON.parse(text);
	} catch {}
	return { status: r.status, json, text, headers: r.headers };
}
export const tasks = async (query = "") => (await api("GET", `${account.id}/tasks${query}`)).json;
export const create = async (t) => (await api("POST", `${account.id}/tasks`, t)).json;
export const sessionName = `neon-todo ${new URL(`${base}/`).pathname} session`;
export const session = () => page.evaluate((name) => JSON.parse(localStorage.getItem(name)), sessionName);
// A new account with these tasks, logged in in a browser of its own.
export async function person(list = [], options, path = LIST) {
	await context?.close();
	account = null;
	const w = who();
	const { json } = await until(async () => {		// the limit of 429's scenario
		const r = await api("POST", "auth/register", w);
		return r.status === 201 && r;
	}, "an account");
	account = { ...w, id: json.user_id, token: json.access_token };
	for (const t of list)
		await create(t);
	[context, page] = await fresh(options);
	await context.addInitScript(([name, s]) => {
		if (location.protocol === "http:" && !localStorage.getItem(name) && !sessionStorage.getItem("seen")) {
			localStorage.setItem(name, s);
			sessionStorage.setItem("seen", "1");
		}
	}, [sessionName, JSON.stringify({ token: json.access_token, id: json.user_id, username: w.username, email: w.email })]);
	await page.goto(base + path);
	await settled();
}
export const settled = () => page.locator("#app:not([hidden]) :is(#tasks, #month):not([aria-busy])").waitFor({ state: "attached" });
export const titles = () => page.locator("#tasks > li[data-id] .title").allTextContents();
export const shows = (expected, what = "the list") => until(async () => {
	const got = await titles();
	return JSON.stringify(got) === JSON.stringify(expected) || Promise.reject(new Error(JSON.stringify(got)));
}, what);
export const row = (title) => page.locator("#tasks > li[data-id]").filter({ has: page.locator(".title", {
	hasText: new RegExp(`^${title.replace(/[<$^()]/g, "\\$&")}`) }) });
export const line = async (text) => {
	await page.locator("#line").fill(text);
	await page.locator("#line").press("Enter");
};
export const day = (n) => {
	const d = new Date(Date.now() + n * 86400000);
	return new Intl.DateTimeFormat("sv", { timeZone: "Europe/Berlin" }).format(d);
};
export const toast = (text) => page.locator(".toast", { hasText: text });
const picture = (name, options) => page.screenshot({ path: join(dir, `${name}.png`), ...options });
// Drawn if somebody wants to see them.  For Firefox the driver puts a style into the page, and
// complains that its policy forbids it.
export const shot = isFirefox || !process.env.TODO_ARTIFACTS ? async () => {} : picture;

export const network = async (there) => {
	await context.setOffline(!there);
	await page.locator("#banner", { hasText: "offline" }).waitFor({ state: there ? "detached" : "visible" });
};
export const edit = async (title, to) => {
	await row(title).locator(".title").click();
	await page.locator("#tasks .edit").getByLabel("Title").fill(to);
	await page.locator("#tasks .edit").getByRole("button", { name: "Save" }).click();
	await row(to).waitFor();
};
// A browser in which nobody is logged in.
export async function stranger(options) {
	await context?.close();
	[context, page] = await fresh(options);
}
// Who logged in by hand, in the page.
export async function loggedIn(w = account) {
	account = { ...w, ...await session() };
}
// In place of one that is gone.
export async function anotherPage() {
	page = await context.newPage();
}
export async function life() {
	await stranger();
	const w = who();
	await page.goto(`${base}/`);
	await page.locator("#signup").getByLabel("Email").fill(w.email);
	await page.locator("#signup").getByLabel("Password").fill(w.password);
	await page.getByRole("button", { name: "Create an account" }).click();
	await settled();
	await loggedIn(w);
	// What the first tasks teach is done with at once.
	await until(async () => (await tasks()).length === 3, "the first tasks");
	for (const { id } of await tasks())
		await api("DELETE", `${account.id}/tasks/${id}`);
	await page.goto(base + LIST);
	await settled();
}

export const sample = () => [
	{ title: "Pay rent", priority: "High", tags: ["home", "money"], due_date: day(-2), recursion_pattern: "FREQ=MONTHLY;BYMONTHDAY=1" },
	{ title: "Call the dentist", due_date: `${day(0)}T16:30:00Z`, tags: ["health"] },
	{ title: "Water the plants", due_date: day(0), recursion_pattern: "every 3 days", tags: ["home"] },
	{ title: "Read “The Mythical Man-Month”", priority: "Low", description: "Chapter 2 first; then the one about surgical teams.", tags: ["books"] },
	{ title: "Prepare slides for Thursday’s review, with the numbers of the last quarter and a word on what comes next", priority: "High", due_date: day(2), tags: ["work"] },
	{ title: "לקנות חלב", due_date: day(1), tags: ["בית"] },
	{ title: "Renew passport", due_date: day(40) },
	{ title: "Book train tickets", completed: true, due_date: day(-1) },
];
// Chooses a file, and what is said of it.
export const bring = async (file, said) => {
	if (!await page.locator("#account[open]").count())
		await page.locator("#open-account").click();
	await page.locator("#import").setInputFiles(file);
	await page.locator("#bring[open]").getByText(said).first().waitFor();
};
export const textFile = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
// As the clipboard does it.
export const pasteLines = (text) => page.locator("#line").evaluate((e, text) => {
	const clipboardData = new DataTransfer();
	clipboardData.setData("text/plain", text);
	e.dispatchEvent(Object.assign(new Event("paste", { bubbles: true, cancelable: true }), { clipboardData }));
}, text);
export const due = async () => Object.fromEntries((await tasks()).map((t) => [t.title, t.due_date]));
export const becomes = (f, expected, what) => until(async () => {
	const got = JSON.stringify(await f());
	return got === JSON.stringify(expected) || Promise.reject(new Error(got));
}, what);
let audits = 0;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// What axe finds by these rules, and what can't be reached as it stands beside the page.
export async function audit(where, rules = RULES) {
	if (!await page.evaluate(() => "axe" in window))
		await page.evaluate(axe);
	// What is good is not told: there is ten times as much of it.  The style sheets are the same
	// everywhere: those rules that load them again are asked once.
	const violations = await page.evaluate(({ runOnly, preload }) => window.axe.run({ resultTypes: ["violations"], preload, runOnly })
		.then((r) => r.violations), { runOnly: rules, preload: !audits++ });
	const beside = await page.evaluate(() => [...document.querySelectorAll("input, select, textarea, button, summary")]
		.filter((e) => {
			const { left, right, width } = e.getBoundingClientRect();
			return width && e.checkVisibility() && (left < 0 || right > innerWidth);
		}).map((e) => e.outerHTML.slice(0, 80)));
	note(`axe, ${where}: ${violations.length} violations`);
	return [...violations.map((v) => `${where}: ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(" | ")}`),
		...beside.map((html) => `${where}: beside the page: ${html}`)];
}
// The last lines of each script; server is said in them.
export async function end(server = "") {
	await scenario(`${server}no error, no breach of the content policy, nobody else is asked`, () => {
		is(said, [], "errors");
		is(foreign, [], "others");
	});
	await browser.close();
	process.exit(0);	// standard input would keep it
}
