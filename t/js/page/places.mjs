// SPDX-License-Identifier: ISC
// The places, and what is done with many tasks at once, by mouse and by finger.
import { account, ask, base, becomes, context, day, due, end, inChromium, is, line, page, pasteLines,
	person, row, sample, scenario, settled, shows, stranger, tasks, titles, toast, until, who,
	yes } from "./hands.mjs";

const choose = (...names) => Promise.resolve(names).then(async () => {
	for (const name of names)
		await row(name).locator(".title").click({ modifiers: ["Shift"] });
	await page.locator("#selection", { hasText: `${names.length} chosen` }).waitFor();
});
await scenario("what a stranger sees first; the first tasks teach", async () => {
	await stranger();
	await page.goto(`${base}/`);
	await page.getByText("Your day, on your own machine").waitFor();
	is(await page.locator(".sample > li").count(), 3, "an example");
	const w = who();
	await page.locator("#signup").getByLabel("Email").fill(w.email);
	await page.locator("#signup").getByLabel("Password").fill(w.password);
	await page.getByRole("button", { name: "Create an account" }).click();
	await until(async () => (await titles()).length === 3, "three tasks, in Today");
	await row("Tap a date").getByText("0 of 2").waitFor();
});
await scenario("each empty place says why it is empty, in its own words", async () => {
	await person([]);
	const all = [];
	for (const [path, words] of [["view=today", "Nothing is due today."], ["view=upcoming", "Nothing is planned."],
		["view=all", "No open tasks."], ["view=all&tag=x", "No open task has this tag."], ["view=logbook", "What you have done"],
		["q=x", "No task has these words."]]) {
		await page.goto(`${base}/?${path}`);
		await page.locator("#empty", { hasText: words }).waitFor();
		all.push(await page.locator("#empty").innerText());
	}
	is(new Set(all).size, 6, "sentences");
	await page.goto(`${base}/?view=month`);
	await page.locator("#month").getByText("Nothing is due.").waitFor();
});
await scenario("all that is overdue moves to today in one click, and back", async () => {
	await person([{ title: "late", due_date: day(-3) }, { title: "very late", due_date: `${day(-9)}T07:30:00Z` },
		{ title: "now", due_date: day(0) }], {}, "/?view=today");
	const before = await due();
	await shows(["very late", "late", "now"]);
	await page.getByRole("button", { name: "Move all to today" }).click();
	await becomes(async () => Object.values(await due()).map((d) => d.slice(0, 10)), [day(0), day(0), day(0)], "moved");
	is((await titles()).length, 3, "they stay here");
	is(await page.getByRole("button", { name: "Move all to today" }).count(), 0, "nothing more to move");
	await toast("2 tasks: ").getByRole("button", { name: "Undo" }).click();
	await becomes(due, before, "as before");
	await page.getByRole("button", { name: "Move all to today" }).waitFor();
});
await scenario("what was done today stands folded beneath it, and can be taken back", async () => {
	const done = page.locator("#done-today");
	await row("now").getByRole("checkbox").click();
	await done.locator("summary", { hasText: "Done today: 1" }).waitFor();
	await page.reload();
	await settled();
	await done.locator("summary", { hasText: "Done today: 1" }).click();
	await done.locator("li", { hasText: "now" }).getByRole("checkbox").click();
	await row("now").waitFor();
	await done.waitFor({ state: "hidden" });
	await until(async () => (await tasks()).every((t) => !t.completed), "open again");
	for (const name of ["now", "late", "very late"])
		await row(name).getByRole("checkbox").click();
	await page.locator("#empty", { hasText: "All done for today." }).waitFor();
	await page.locator("#views").getByRole("link", { name: /^Logbook/ }).click();
	await becomes(async () => (await titles()).sort(), ["late", "now", "very late"], "the logbook");
});
await scenario("a task gets the day or the tag of the place in which it is written", async () => {
	await person([{ title: "tagged", tags: ["home"] }], {}, "/?view=today");
	await line("First");
	await row("First").waitFor();
	await page.locator("#views").getByRole("link", { name: /^Upcoming/ }).click();
	await page.locator("#tasks .group").nth(2).getByRole("button").click();
	await line("Second");
	await row("Second").waitFor();
	await page.locator("#tags").getByRole("link", { name: "home" }).click();
	await line("Third");
	await row("Third").waitFor();
	await page.goto(`${base}/?view=month`);
	await page.locator(`#month [data-day="${day(0)}"]`).getByRole("button", { name: /^Add/ }).click();
	await line("Fourth");
	await page.locator(`#month [data-day="${day(0)}"]`, { hasText: "Fourth" }).waitFor();
	await becomes(async () => (await tasks()).slice(1).map((t) => [t.title, t.due_date, t.tags]), [["First", day(0), []],
		["Second", day(2), []], ["Third", null, ["home"]], ["Fourth", day(0), []]], "saved");
});
await scenario("a day in two clicks; a time and a repetition from a menu in words", async () => {
	await person([{ title: "A", due_date: `${day(5)}T09:30:00Z` }, { title: "B" }]);
	await row("B").locator(".date").click();
	await page.locator("#date").getByRole("button", { name: /^Tomorrow/ }).click();
	await row("B").getByText("Tomorrow").waitFor();
	await toast("“B”: ").getByRole("button", { name: "Undo" }).click();
	await row("B").getByText("No date").waitFor();
	await row("A").locator(".date").click();
	await page.locator("#date").getByRole("button", { name: /^Today/ }).click();
	await becomes(async () => (await tasks())[0].due_date.slice(0, 10), day(0), "the day");
	await row("B").locator(".date").click();
	await page.locator("#date .small-month .grid button[aria-current=date]").click();
	await becomes(async () => (await tasks())[1].due_date, day(0), "from the small month");
	await row("B").locator(".date").click();
	await page.locator("#date [name=time]").fill("23:58");
	await page.locator("#date").getByLabel("Repeat").selectOption({ label: "every weekday" });
	await page.locator("#date").getByRole("button", { name: "Save" }).click();
	await row("B").getByText("every weekday").waitFor();
	await becomes(async () => [(await tasks())[1].recursion_pattern, (await tasks())[1].time_zone],
		["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Europe/Berlin"], "the repetition");
	await row("B").locator(".date").click();
	await page.locator("#date").getByRole("button", { name: "No date" }).click();
	await becomes(async () => (await tasks())[1].due_date, null, "no date");
});
await scenario("a tag is renamed and dropped in all of its tasks", async () => {
	await person([{ title: "A", tags: ["Trip", "x"] }, { title: "B", tags: ["Trip"] }, { title: "C" }], {}, "/?view=all&tag=Trip");
	await shows(["A", "B"]);
	page.once("dialog", (d) => d.accept("#Voyage"));
	await page.getByRole("button", { name: "Rename" }).click();
	await page.locator("#title", { hasText: "#Voyage" }).waitFor();
	await shows(["A", "B"]);
	await becomes(async () => (await tasks()).map((t) => t.tags), [["Voyage", "x"], ["Voyage"], []], "renamed");
	await page.locator("#tags").getByRole("link", { name: "Voyage" }).waitFor();
	await becomes(() => page.locator("#tags").getByRole("link", { name: "Trip" }).count(), 0, "the old name");
	page.once("dialog", (d) => d.accept());
	await page.getByRole("button", { name: "Remove the tag" }).click();
	await shows(["A", "B", "C"]);
	await becomes(async () => (await tasks()).map((t) => t.tags), [["x"], [], []], "dropped");
	await becomes(() => page.locator("#tags a").allInnerTexts().then((all) => all.map((t) => t.split("\n")[0])), ["x"], "the tags");
});
await scenario("steps in the notes are ticked, links in them are followed", async () => {
	await person([{ title: "Shop", description: "For Sunday (https://example.org/a?b=1).\n- [ ] milk\n- [x] eggs\n- [ ] <b>bread</b>" }]);
	await row("Shop").getByRole("button", { name: "1 of 3" }).click();
	is(await row("Shop").locator(".notes a").getAttribute("href"), "https://example.org/a?b=1", "the link");
	is(await row("Shop").locator(".notes a").getAttribute("rel"), "noopener noreferrer", "a link that is followed does not tell from where");
	await row("Shop").getByLabel("milk").click();
	await row("Shop").getByRole("button", { name: "2 of 3" }).waitFor();
	await row("Shop").getByLabel("eggs").click();
	await row("Shop").getByLabel("<b>bread</b>").click();
	await becomes(async () => (await tasks())[0].description, "For Sunday (https://example.org/a?b=1).\n- [x] milk\n- [ ] eggs\n- [x] <b>bread</b>",
		"the notes");
});
await inChromium("tasks are drawn to another day, in Upcoming and in the month", async () => {
	await person([{ title: "A", due_date: `${day(1)}T09:30:00Z` }, { title: "B", due_date: day(0) }], {}, "/?view=upcoming");
	await row("A").dragTo(page.locator(`#tasks .group[data-day="${day(3)}"]`));
	await becomes(async () => (await due()).A, `${day(3)}T09:30:00Z`, "the day, at the time that it had");
	await toast("“A”: ").getByRole("button", { name: "Undo" }).click();
	await becomes(async () => (await due()).A, `${day(1)}T09:30:00Z`, "back");
	await row("B").dragTo(row("A"));
	await becomes(async () => (await due()).B, day(1), "onto a task of the day");
	const m = page.locator("#month");
	await page.goto(`${base}/?view=month&month=${day(1).slice(0, 7)}`);
	const to = `${day(1).slice(0, 8)}15`;
	await m.locator("[draggable]", { hasText: "B" }).dragTo(m.locator(`[data-day="${to}"]`));
	await m.locator(`[data-day="${to}"]`, { hasText: "B" }).waitFor();
	await becomes(async () => (await due()).B, to, "in the month");
});
await scenario("several are chosen: a day, tags, a priority, done, deleted; each is undone at once", async () => {
	await person([{ title: "A", tags: ["x"] }, { title: "B", due_date: day(9) }, { title: "C" }]);
	const undo = async (words) => {
		await toast(words).getByRole("button", { name: "Undo" }).click();
		await toast(words).waitFor({ state: "detached" });
	};
	await choose("B", "A");
	await page.locator("#selection .when").click();
	await page.locator("#date").getByRole("button", { name: /^Tomorrow/ }).click();
	await becomes(due, { A: day(1), B: day(1), C: null }, "a day");
	await page.locator("#selection").waitFor({ state: "detached" });
	await undo("2 tasks: ");
	await becomes(due, { A: null, B: day(9), C: null }, "as before");
	await choose("A", "B");
	page.once("dialog", (d) => d.accept("trip, x"));
	await page.locator("#selection .tags").click();
	await becomes(async () => (await tasks()).map((t) => t.tags), [["x", "trip"], ["trip", "x"], []], "tags");
	await undo("2 tasks: #trip");
	await becomes(async () => (await tasks()).map((t) => t.tags), [["x"], [], []], "as before");
	await choose("A", "C");
	await page.locator("#selection select").selectOption("High");
	await becomes(async () => (await tasks()).map((t) => t.priority), ["High", "Medium", "High"], "a priority");
	await choose("A", "B");
	await page.locator("#selection .complete").click();
	await shows(["C"]);
	await undo("Completed 2 tasks.");
	await shows(["B", "A", "C"]);
	await becomes(async () => (await tasks()).map((t) => t.completed), [false, false, false], "open again");
	await choose("B", "C");
	await page.locator("#selection .delete").click();
	await shows(["A"]);
	await undo("Deleted 2 tasks.");
	await shows(["B", "A", "C"]);
	is((await tasks()).length, 3, "all are there");
});
await scenario("what is done is found by searching, is in the logbook by day, and is thrown away at once", async () => {
	await person([{ title: "Newer", completed: true }, { title: "Older", completed: true }, { title: "Open" }], {}, "/?view=today");
	await ask(`sql UPDATE tasks SET completed_at = now() - interval '1 day' WHERE title = 'Older' AND user_id = ${account.id}`);
	await page.locator("#q").fill("older");
	await shows(["Older"]);
	await page.locator("#q").fill("");
	await page.locator("#views").getByRole("link", { name: /^Logbook/ }).click();
	await shows(["Newer", "Older"]);
	await page.locator("#tasks .group", { hasText: "Yesterday" }).waitFor();
	await page.getByRole("button", { name: "Choose all" }).click();
	await page.locator("#selection", { hasText: "2 chosen" }).waitFor();
	await page.locator("#selection .delete").click();
	await shows([]);
	is(await page.locator("#choose-all").count(), 0, "there is nothing to choose");
	await becomes(async () => (await tasks()).map(({ title }) => title), ["Open"], "what the service has");
});
await scenario("pasted lines become as many tasks, or one with steps", async () => {
	await person([], {}, "/?view=today");
	const lines = [...Array(20)].map((_, n) => `- Thing ${n + 1}${n ? "" : " tomorrow #shop"}`).join("\n");
	await pasteLines(lines);
	await page.locator("#paste").getByRole("button", { name: "20 tasks" }).click();
	await until(async () => (await tasks()).length === 20, "twenty");
	const first = (await tasks()).find((t) => t.title === "Thing 1"), second = (await tasks()).find((t) => t.title === "Thing 2");
	is([first.due_date, first.tags, second.due_date], [day(1), ["shop"], day(0)], "each as if it had been typed here");
	await toast("20 tasks added.").getByRole("button", { name: "Undo" }).click();
	await shows([]);
	await until(async () => (await tasks()).length === 0, "undone");
	await pasteLines("Apples\nBread\nCheese");
	await page.locator("#paste").getByRole("button", { name: "One task with 3 steps" }).click();
	await page.locator("#line").fill("Shopping");
	await page.locator("#line").press("Enter");
	await row("Shopping").getByText("0 of 3").waitFor();
	await becomes(async () => (await tasks()).map((t) => t.description), ["- [ ] Apples\n- [ ] Bread\n- [ ] Cheese"], "the steps");
});
// A finger: the steps in pixels, from the middle of a row.
const finger = async (title, steps, hold = 0) => {
	const cdp = await context.newCDPSession(page), box = await row(title).boundingBox();
	let x = box.x + box.width / 2, y = box.y + box.height / 2;
	const touch = (type) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
	await touch("touchStart");
	await page.waitForTimeout(hold);
	for (const [across, down] of steps) {
		[x, y] = [x + across, y + down];
		await touch("touchMove");
	}
	yes(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page gets wider");
	await touch("touchEnd");
	await cdp.detach();
};
await inChromium("by touch: swiped right it is done, left it gets a day, a long press chooses it", async () => {
	await person([{ title: "A" }, { title: "B" }, { title: "C" }], { viewport: { width: 390, height: 780 }, hasTouch: true });
	await finger("A", Array(12).fill([12, 0]));
	await shows(["B", "C"]);
	await toast("Completed “A”").waitFor();
	const [said, bar] = await Promise.all([".toast", "#views"].map((what) => page.locator(what).first().boundingBox()));
	yes(said.y + said.height <= bar.y, "the bar is hidden by what is said");
	await finger("B", Array(12).fill([-12, 0]));
	await page.locator("#date[open]", { hasText: "B" }).waitFor();
	is(await page.locator("#date .days span:visible").count(), 7, "names of weekdays");
	await page.locator("#date").getByRole("button", { name: /^Tomorrow/ }).click();
	await becomes(async () => (await due()).B, day(1), "a day");
	await finger("B", Array(4).fill([2, 12]));
	await shows(["B", "C"], "scrolled, no more");
	await finger("C", [], 700);
	await page.locator("#selection", { hasText: "1 chosen" }).waitFor();
	is(await page.locator("#tasks .edit").count(), 0, "and is not opened by it");
	await row("B").locator(".title").tap();
	await page.locator("#selection", { hasText: "2 chosen" }).waitFor();
});
await inChromium("on a phone the first task is high up, and a finger has room", async () => {
	await person([{ title: "A", due_date: day(0), tags: ["x"], description: "Notes" }],
		{ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }, "/?view=today");
	const boxOf = (what) => page.locator(what).first().boundingBox();
	const heightOf = async (what) => (await boxOf(what)).height;
	yes((await row("A").boundingBox()).y < 200, "the first task");
	for (const what of ["#line", "#add .main", ".brand", "#open-help", "#open-account", "#views a", "#tags a", ".title", ".date", ".tag", ".note"])
		yes(await heightOf(what) >= 44, `${what} is ${await heightOf(what)} px high`);
	yes((await boxOf("#open-help")).width >= 44, "the question mark");
	is(await page.locator("#tasks .remove:visible").count(), 0, "no cross beside each task");
});
await inChromium("printed, it is the list and nothing to press", async () => {
	await person(sample(), {}, "/?view=all");
	await page.emulateMedia({ media: "print" });
	for (const what of ["#add", "#views", "#q", "#open-account", ".remove"])
		yes(!await page.locator(what).first().isVisible(), `${what} is printed`);
	yes(await row("Pay rent").locator(".title").isVisible(), "the tasks are");
	await page.emulateMedia({ media: null });
});
await scenario("search in titles and descriptions", async () => {
	await person([{ title: "Alpha" }, { title: "Beta", description: "of the ALPHABET" }, { title: "Gamma %_" }]);
	await page.locator("#q").fill("alpha");
	await shows(["Alpha", "Beta"]);
	await page.locator("#q").fill("%_");
	await shows(["Gamma %_"]);
	await page.locator("#q").fill("");
	await shows(["Alpha", "Beta", "Gamma %_"]);
});
await scenario("the address bar holds the view: bookmarks, back and forward", async () => {
	await page.goto(`${base}/?view=all&sort=-created&q=a`);
	await settled();
	await shows(["Gamma %_", "Beta", "Alpha"]);
	is([await page.locator("#sort").inputValue(), await page.locator("#q").inputValue()], ["-created", "a"], "the controls");
	await page.locator("#views").getByRole("link", { name: /^Logbook/ }).click();
	await shows([]);
	yes(/view=logbook/.test(page.url()), page.url());
	await page.goBack();
	await shows(["Gamma %_", "Beta", "Alpha"]);
	await page.goForward();
	await shows([]);
	await page.goBack();
	await page.reload();
	await settled();
	await shows(["Gamma %_", "Beta", "Alpha"]);
});

await end();
