// SPDX-License-Identifier: ISC
// Other programs, languages, the installed page.
import { account, api, audit, base, context, day, end, is, page, person, row, scenario, settled, shot, stranger, tasks,
	until } from "./hands.mjs";

const soon = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");

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
		{ locale, viewport: { width, height: 844 }, bypassCSP: true, hasTouch: width < 500 }, "/");
		const found = [];
		const look = async (what) => {
			await shot(`${what}-${locale}-${width}`);
			found.push(...await audit(what));
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
		await stranger({ locale, serviceWorkers: "block" });
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
	const [task] = await until(async () => {
		const list = await tasks();
		return list.length && list;
	}, "a task");
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

await end();
