// SPDX-License-Identifier: ISC
// How it looks, to eyes and to axe: any width, any text, any zone; the keyboard alone.
import { audit, base, bring, context, day, end, inChromium, is, LIST, page, pasteLines,
	person, row, sample, scenario, settled, shot, shows, stranger, textFile, titles, toast,
	until, usual, who, yes } from "./hands.mjs";

// --- how it is ----------------------------------------------------------------------------------
const hostile = [`<img src=x onerror="document.title='owned'">`, `"><script>document.title='owned'</script>`,
	"javascript:alert(1)", "&lt;b&gt;", "{{7*7}} ${7*7}", "‮evil‬", "a".repeat(200), "עברית ראשונה", "日本語 🎉"];
await scenario("text is never HTML: hostile titles, tags, descriptions", async () => {
	await person(hostile.map((title) => ({ title, description: title, tags: [title.slice(0, 50)], due_date: day(1) })), {}, "/?sort=created");
	is((await titles()).map((t) => t.trim()), hostile.map((t) => t.replace(/\s+/g, " ")), "as written");
	is(await page.locator("#tasks img, #tasks script, #tags img, #tags script").count(), 0, "elements");
	await page.locator("#tags a").first().waitFor();
	await row("<img").locator(".title").click();
	await page.locator(".edit").getByRole("button", { name: "Cancel" }).click();
	await page.goto(`${base}/?tag=${encodeURIComponent(hostile[0])}&q=${encodeURIComponent(hostile[1])}`);
	await settled();
	yes(/^Found: "><script>/.test(await page.title()), await page.title());
	await page.goto(`${base}/?view=month`);
	await page.locator("#month:not([aria-busy])").waitFor();
	is(await page.locator("#month img, #month script").count(), 0, "in the month");
	yes(!/owned/.test(await page.title()), "owned");
});
await scenario("no width is too narrow, no text too long, from 320 px on, in both directions", async () => {
	for (const rtl of [false, true]) {
		for (const width of [320, 390, 768, 1280, 2000]) {
			for (const path of [LIST, "/?view=month"]) {
				await page.setViewportSize({ width, height: 800 });
				await page.goto(base + path);
				await settled();
				await page.evaluate((rtl) => rtl && (document.documentElement.dir = "rtl"), rtl);
				const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
				yes(over <= 0, `${width} ${path} ${rtl ? "rtl" : "ltr"}: ${over} px too wide`);
				if (width === 390)
					await shot(`hostile-${path === LIST ? "list" : "month"}-${rtl ? "rtl" : "ltr"}-390`);
			}
		}
	}
	const sides = await page.evaluate(() => document.querySelector("header .brand").getBoundingClientRect().left > innerWidth / 2);
	yes(sides, "right to left");
	await page.setViewportSize(usual.viewport);
});
await scenario("dates in the user’s locale and time zone", async () => {
	const list = [{ title: "T", due_date: "2091-02-14T23:30:00Z" }, { title: "D", due_date: "2091-02-14" }];
	await person(list, { locale: "de-DE", timezoneId: "Europe/Berlin" });
	is(await row("T").locator("time").textContent(), "15.02.2091, 00:30", "Berlin");
	is(await row("D").locator("time").textContent(), "14.02.2091", "a day is a day");
	await person(list, { locale: "en-US", timezoneId: "America/New_York" });
	is((await row("T").locator("time").textContent()).replace(/\s/g, " "), "Feb 14, 2091, 6:30 PM", "New York");
	await person([{ title: "Heute", due_date: new Intl.DateTimeFormat("sv", { timeZone: "Pacific/Auckland" }).format() }],
		{ locale: "de", timezoneId: "Pacific/Auckland" }, "/?due=today");
	is(await row("Heute").locator("time").textContent(), "Heute", "Auckland");
});
await scenario("dates far off leave the list as it is", async () => {
	await person([{ title: "Early", due_date: "0202-05-03" }, { title: "Late", due_date: "9999-12-31T23:59:59Z" }, { title: "None" }]);
	await shows(["Early", "Late", "None"]);
	await page.goto(`${base}/?view=month`);
	await page.locator("#month .days span").first().waitFor();
});
// Each place is walked to once, and seen in both schemes; a narrow one at two widths.
for (const [kind, ...seen] of [["wide", ["light", 1280], ["dark", 1280]], ["narrow", ["dark", 390], ["light", 320]]]) {
	await inChromium(`axe finds nothing, and screenshots: ${kind}`, async () => {
		const options = { viewport: { width: seen[0][1], height: kind === "wide" ? 900 : 780 }, bypassCSP: true,
			hasTouch: kind === "narrow" }, found = [];
		await person(sample(), options);
		const look = async (what) => {
			for (const [colorScheme, width] of [...seen].reverse()) {
				const name = `${what}-${colorScheme}-${width}`;
				// In the other scheme nothing but colours is different.
				const colours = kind === "wide" && colorScheme === "dark";
				await page.emulateMedia({ colorScheme });
				await page.setViewportSize({ ...options.viewport, width });
				await shot(name);
				found.push(...await audit(name, ...colours ? [["color-contrast"]] : []));
			}
		};
		await page.locator("#tags a").first().waitFor();
		await look("list");
		await page.locator("#line").fill("Buy flowers !low #home tomorrow at 17:00 weekly");
		await page.locator("#add summary").click();
		await page.locator("#add output", { hasText: "Then" }).waitFor();
		await look("adding");
		await page.locator("#line").fill("");
		const place = async (path, what = path) => {
			await page.goto(`${base}/?${path}`);
			await settled();
			await look(what.replace(/\W/g, "-"));
		};
		await place("view=today");
		await place("view=upcoming");
		await place("view=logbook");
		await place("view=all&tag=home");
		await place("view=all");
		await row("Read").locator(".note").click();
		await row("Pay rent").locator(".title").click({ modifiers: ["Shift"] });
		await page.locator("#selection").waitFor();
		await look("chosen");
		await page.locator("#selection .when").click();
		await page.locator("#date[open]").waitFor();
		await look("date-of-one");
		await page.keyboard.press("Escape");
		await page.locator("#selection .none").click();
		await row("Renew").locator(".date").click();
		await page.locator("#date[open]").waitFor();
		await look("date");
		await page.keyboard.press("Escape");
		await row("Pay rent").locator(".title").click();
		await look("editing");
		await page.keyboard.press("Escape");
		await row("Renew").getByRole("checkbox").click();
		await toast("Completed").waitFor();
		// The header hides a part of what has been scrolled to below it.
		await page.evaluate(() => scrollTo(0, 0));
		await look("undo");
		await pasteLines("Apples\nBread\nCheese");
		await look("pasted");
		await page.keyboard.press("Escape");
		await page.goto(`${base}/?view=month`);
		await page.locator("#month:not([aria-busy]) li.some").first().waitFor();
		await look("month");
		await place("q=nothing");
		await page.locator("#open-help").click();
		await look("help");
		await page.locator("#help .close").click();
		await page.locator("#open-account").click();
		await page.getByText("Change the password").click();
		await look("account");
		await page.locator("#account .close").click();
		await bring(textFile("x.txt", "Apples\nBread\n"), "Plain lines");
		await look("bring");
		await page.goto("about:blank");
		await context.clearCookies();
		await stranger(options);
		await page.goto(`${base}/`);
		await page.locator("#signup").waitFor();
		await look("signup");
		await page.getByRole("link", { name: "Log in" }).click();
		await page.locator("#login").waitFor();
		await look("login");
		is(found, [], "violations");
	});
}
await scenario("by keyboard alone: sign up, add, edit, complete, undo, search, filter, log out", async () => {
	await stranger();
	const w = who(), key = (k) => page.keyboard.press(k), type = (t) => page.keyboard.type(t);
	const focus = () => page.evaluate(() => {
		const e = document.activeElement;
		return e.labels?.[0]?.innerText.trim() || e.getAttribute("aria-label") || e.innerText?.trim() || e.tagName;
	});
	// Tab until the focus is there; each stop must show where it is.
	const tabTo = async (name, back) => {
		for (let i = 0; i < 60; i++) {
			await key(back ? "Shift+Tab" : "Tab");
			const shown = await page.evaluate(() => {
				const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
				return e === document.body || (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2
					&& r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight);
			});
			yes(shown, `the focus is not visible at ${await focus()}`);
			if (name.test(await focus()))
				return;
		}
		throw new Error(`no way to ${name} by Tab`);
	};
	await page.goto(`${base}/`);
	await page.locator("#signup [name=email]:focus").waitFor();
	await type(w.email);
	await tabTo(/^Password/);
	await type(w.password);
	await key("Enter");
	await settled();
	await page.locator("#line:focus").waitFor();
	await tabTo(/^Tick this task/);
	for (const left of [2, 1, 0]) {
		await key("d");
		await until(async () => (await titles()).length === left, "d");
	}
	await key("n");
	await type("First");
	await key("Enter");
	await type("Second #x");
	await key("Enter");
	await shows(["First", "Second"]);
	await tabTo(/^First/);
	await key("j");
	is(await focus(), "Second", "j");
	await key("k");
	is(await focus(), "First", "k");
	await key("e");
	await key("End");
	await type(", edited");
	await key("Enter");
	await shows(["First, edited", "Second"]);
	await until(async () => await focus() === "First, edited", "the focus comes back");
	await key("x");
	await shows(["Second"]);
	await until(async () => await focus() === "Second", "the focus goes on");
	await key("u");
	await shows(["First, edited", "Second"]);
	await key("d");
	await until(async () => (await titles()).length === 1, "d");
	await key("u");
	await until(async () => (await titles()).length === 2, "u");
	await key("?");
	await page.locator("#help[open]").waitFor();
	await key("Escape");
	await page.locator("#help").waitFor({ state: "hidden" });
	await key("/");
	await page.locator("#q:focus").waitFor();
	await type("second");
	await shows(["Second"]);
	await key("Escape");
	await key("m");
	await page.locator("#month:not([aria-busy]):not([hidden])").waitFor();
	await key("m");
	await shows(["First, edited", "Second"]);
	await key("n");
	is(await focus(), "New task", "n");
	await tabTo(/^Account/, true);
	await key("Enter");
	await tabTo(/^Log out/);
	await key("Enter");
	await page.locator("#login").waitFor();
});
await scenario("with a screen reader: names, roles, messages", async () => {
	await person([{ title: "Pay rent", due_date: "2020-01-01" }]);
	const tree = await page.locator("#app main").ariaSnapshot();
	for (const part of [/textbox "New task"/, /heading "All" \[level=1\]/, /list/, /checkbox "Done: Pay rent"/, /button "Delete: Pay rent"/, /Overdue:/])
		yes(part.test(tree), `${part} in ${tree}`);
	await row("Pay rent").getByRole("checkbox").click();
	yes(/Completed “Pay rent”/.test(await page.getByRole("status").filter({ hasText: "Completed" }).innerText()), "a status");
	is(await page.evaluate(() => document.documentElement.lang), "en", "the language");
});

await end();
