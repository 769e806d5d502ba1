// SPDX-License-Identifier: ISC
// Tasks: the line, editing, what is done and deleted; what recurs.
import { isFirefox } from "../browser.mjs";
import { anotherPage, base, becomes, context, day, end, is, line, LIST, network, page, person,
	row, scenario, settled, shot, shows, tasks, toast, until, yes } from "./hands.mjs";

// --- tasks ----------------------------------------------------------------------------------
await scenario("a task in one line is understood, and shown before it is saved", async () => {
	await person();
	await page.locator("#line").fill("Pay rent !high #home every month on the 1st by friday");
	is(await page.locator(".reads").innerText(), "Pay rent", "the title");
	const chips = (await page.locator(".chip button:first-child").allInnerTexts());
	yes(/^Due: /.test(chips[0]), chips);
	is(chips.slice(1), ["High priority", "#home", "every month on the 1st"], "the rest");
	await shot("composer-1280");
	is((await tasks()).length, 0, "nothing is saved yet");
	await page.locator("#line").press("Enter");
	const [t] = await until(async () => (await tasks()).length && tasks(), "saved");
	is([t.title, t.priority, t.tags, t.recursion_pattern, new Date(`${t.due_date}T12:00`).getDay()],
		["Pay rent", "High", ["home"], "FREQ=MONTHLY;BYMONTHDAY=1", 5], "as said");
	await row("Pay rent").getByText("every month on the 1st").waitFor();
});
await scenario("every part can be set by hand; what is understood wrongly can be taken back", async () => {
	await page.locator("#line").fill("Read about #ada by tomorrow");
	await page.getByRole("button", { name: /Not: Due/ }).click();
	is(await page.locator(".reads").innerText(), "Read about by tomorrow", "the title");
	await page.locator(".chip button", { hasText: "#ada" }).first().click();
	yes(await page.locator("#add [name=tags]").evaluate((e) => e === document.activeElement), "the field");
	await page.locator("#add [name=tags]").fill("ada, history");
	await page.locator("#add [name=date]").fill("2027-01-05");
	await page.locator("#add [name=time]").fill("08:15");
	await page.locator("#add [name=priority]").selectOption("Low");
	await page.locator("#add [name=recursion_pattern]").selectOption({ label: "every weekday" });
	await page.locator("#add [name=description]").fill("notes");
	await page.locator("#add output", { hasText: "Then" }).waitFor();
	await page.locator("#line").press("Enter");
	const t = await until(async () => (await tasks()).find((t) => t.title.startsWith("Read")), "saved");
	is([t.title, t.tags, t.due_date, t.priority, t.recursion_pattern, t.description], ["Read about by tomorrow",
		["ada", "history"], "2027-01-05T07:15:00Z", "Low", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "notes"], "as set");
});
await scenario("edit in place", async () => {
	await person([{ title: "Draft", tags: ["a, b"], due_date: "2027-05-01T10:00:00.123Z" }]);
	await row("Draft").locator(".title").click();
	const form = page.locator("#tasks .edit");
	await shot("edit-1280");
	await form.getByLabel("Title").fill("Final");
	await form.getByLabel("Priority").selectOption("High");
	await form.getByLabel("Notes").fill("a\nb");
	await form.getByRole("button", { name: "Save" }).click();
	await row("Final").waitFor();
	const [t] = await until(async () => (await tasks())[0].title === "Final" && tasks(), "saved");
	is([t.priority, t.description, t.tags, t.due_date], ["High", "a\nb", ["a, b"], "2027-05-01T10:00:00.123000Z"], "the rest stays");
	await row("Final").locator(".title").click();
	await form.getByLabel("Title").fill("Not now");
	await form.getByRole("button", { name: "Cancel" }).click();
	await row("Final").waitFor();
	is(await row("Final").getByText("Unsaved changes").count(), 0, "cancelled");
	await row("Final").locator(".title").click();
	await form.getByLabel("Due").fill("");
	await form.getByLabel("Time").fill("");
	await form.getByRole("button", { name: "Save" }).click();
	await until(async () => (await tasks())[0].due_date === null, "no date");
});
await scenario("an edit outlives Escape, another view, a reload and a crash", async () => {
	const title = () => page.locator("#tasks .edit").getByLabel("Title");
	await row("Final").locator(".title").click();
	await title().fill("Final cut");
	// As an input method does that ends its composition.
	await title().evaluate((e) => e.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", isComposing: true, bubbles: true })));
	is(await title().inputValue(), "Final cut", "the composition’s own Escape");
	await page.keyboard.press("Escape");
	await row("Final").getByText("Unsaved changes").waitFor();
	await toast("not saved yet").getByRole("button", { name: "Open" }).click();
	is(await title().inputValue(), "Final cut", "after Escape");
	await page.locator("#views").getByRole("link", { name: /^Logbook/ }).click();
	await page.locator("#views").getByRole("link", { name: /^All/ }).click();
	await row("Final").locator(".title").click();
	is(await title().inputValue(), "Final cut", "after another view");
	await page.getByText("These are your unsaved changes.").waitFor();
	await page.reload();
	await settled();
	await row("Final").getByText("Unsaved changes").waitFor();
	await row("Final").locator(".title").click();
	is(await title().inputValue(), "Final cut", "after a reload");
	if (!isFirefox) {
		const crash = await context.newCDPSession(page);
		crash.send("Page.crash").catch(() => {});
		await new Promise((done) => page.once("crash", done));
	}
	await page.close();
	await anotherPage();
	await page.addInitScript(() => sessionStorage.setItem("seen", "1"));
	await page.goto(base + LIST);
	await row("Final").locator(".title").click();
	is(await title().inputValue(), "Final cut", "after a crash");
	await page.getByRole("button", { name: "Save" }).click();
	await until(async () => (await tasks())[0].title === "Final cut", "saved");
	is(await page.getByText("Unsaved changes").count(), 0, "no more");
	await row("Final cut").locator(".title").click();
	await title().fill("Final");
	await page.getByRole("button", { name: "Save" }).click();
	await row("Final").waitFor();
	await page.locator("#line").fill("half a line");
	await page.reload();
	await settled();
	is(await page.locator("#line").inputValue(), "half a line", "the line");
	await page.locator("#line").fill("");
});
await scenario("a field that breaks a rule is marked in words", async () => {
	await row("Final").locator(".title").click();
	const form = page.locator("#tasks .edit");
	await form.getByLabel("Tags").fill("x".repeat(60));
	await form.getByRole("button", { name: "Save" }).click();
	await form.locator(".error", { hasText: "tags" }).waitFor();
	is(await form.getByLabel("Tags").getAttribute("aria-invalid"), "true", "marked");
	await form.getByRole("button", { name: "Cancel" }).click();
});
await scenario("complete with one tap, and undo it", async () => {
	await person([{ title: "A" }, { title: "B" }]);
	await row("A").getByRole("checkbox").click();
	await shows(["B"]);
	await until(async () => (await tasks())[0].completed, "completed");
	await shot("toast-1280");
	await toast("Completed “A”").getByRole("button", { name: "Undo" }).click();
	await shows(["A", "B"]);
	await until(async () => !(await tasks())[0].completed, "open again");
});
await scenario("complete with one key, and undo it", async () => {
	await row("A").locator(".title").focus();
	await page.keyboard.press("x");
	await shows(["B"]);
	await until(async () => (await tasks())[0].completed, "completed");
	await page.keyboard.press("u");
	await shows(["A", "B"]);
	await until(async () => !(await tasks())[0].completed, "open again");
});
await scenario("undo a deletion, which is held back", async () => {
	await row("A").getByRole("button", { name: "Delete" }).click();
	await shows(["B"]);
	is((await tasks()).length, 2, "it is still there");
	await toast("Deleted “A”").getByRole("button", { name: "Undo" }).click();
	await shows(["A", "B"]);
});
await scenario("a deletion happens after some seconds, or when the page is left", async () => {
	await row("A").getByRole("button", { name: "Delete" }).click();
	await shows(["B"]);
	await until(async () => (await tasks()).length === 1, "deleted");
	await toast("Deleted “A”").getByRole("button", { name: "Undo" }).click();
	await shows(["B", "A"]);
	await until(async () => (await tasks()).length === 2, "a new one like it");
	await row("A").getByRole("button", { name: "Delete" }).click();
	await until(async () => (await tasks()).length === 1, "deleted once more");
	await row("B").getByRole("button", { name: "Delete" }).click();
	await page.goto("about:blank");
	await until(async () => (await tasks()).length === 0, "deleted on leaving");
});
await scenario("sort by due date, priority, created", async () => {
	await person([{ title: "late low", due_date: "2027-03-01", priority: "Low" }, { title: "none" },
		{ title: "soon", due_date: "2027-01-01" }, { title: "high", due_date: "2027-02-01", priority: "High" }]);
	const sort = async (name, expected) => {
		await page.locator("#sort").selectOption(name);
		await shows(expected, name);
	};
	await shows(["soon", "high", "late low", "none"], "by due date first");
	await sort("priority", ["high", "none", "soon", "late low"]);
	await sort("created", ["late low", "none", "soon", "high"]);
	await sort("-created", ["high", "soon", "none", "late low"]);
});
await scenario("the places show what belongs to them, and how much that is", async () => {
	await person([{ title: "today", due_date: day(0), tags: ["home"] }, { title: "overdue", due_date: day(-400), priority: "High" },
		{ title: "far", due_date: day(60), tags: ["home", "far away"] }, { title: "never" },
		{ title: "done", completed: true, tags: ["home"] }]);
	const view = async (name, expected) => {
		await page.locator("#views").getByRole("link", { name }).click();
		await shows(expected, String(name));
	};
	const headings = () => page.locator("#tasks .group h2").allTextContents();
	await view(/^Today/, ["overdue", "today"]);
	is(await headings(), ["Overdue", "Today"], "of Today");
	await view(/^Upcoming/, ["today", "far"]);
	is((await headings()).length, 8, "days: a week, and the one that is far");
	await view(/^Logbook/, ["done"]);
	yes(/^Today/.test(await headings()), "of the logbook");
	is(await page.locator("#line").count(), 0, "nothing is planned there");
	await view(/^All/, ["overdue", "today", "far", "never"]);
	is(await headings(), ["Overdue", "Today", "Later", "Without a date"], "of All");
	await page.locator("#tags").getByRole("link", { name: "home" }).click();
	await shows(["today", "far"], "tag");
	await page.locator("#priority").selectOption("High");
	await shows([], "tag and priority");
	await view(/^All/, ["overdue", "today", "far", "never"]);
	await page.locator("#priority").selectOption("High");
	await shows(["overdue"], "priority");
	await view(/^All/, ["overdue", "today", "far", "never"]);
	await row("far").locator(".tag", { hasText: "far away" }).click();
	await shows(["far"], "a tag in the list");
	const n = async (name) => page.locator("#views a", { hasText: name }).locator(".n").innerText();
	is(await n("All"), "4", "count");
	await view(/^Today/, ["overdue", "today"]);
	is(await n("Today"), "2", "count of today");
});
await scenario("the number of Today is one in each place, also without network", async () => {
	await person([{ title: "today", due_date: day(0) }, { title: "at a time", due_date: `${day(0)}T12:00:00Z` },
		{ title: "overdue", due_date: day(-400) }, { title: "far", due_date: day(1) }]);
	const numbers = async (expected) => {
		for (const name of [/^Logbook/, /^All/, /^Month/, /^Upcoming/, /^Today/, /^All/]) {
			await page.locator("#views").getByRole("link", { name }).click();
			await settled();
			await becomes(async () => (await page.locator("#views .n").allInnerTexts()).join(), expected, `the numbers in ${name}`);
		}
	};
	await numbers("3,4");
	await network(false);
	// From the last: what comes to where one has gone is not done by a double click.
	await row("far").getByRole("checkbox").click();
	await row("today").getByRole("checkbox").click();
	await line("new today");
	await line("newer today");
	await numbers("4,4");
	await network(true);
	await until(async () => (await tasks("?completed=false")).length === 4, "all is sent");
	await numbers("4,4");
});

// --- what recurs ------------------------------------------------------------------------------
await scenario("repetitions are understood, or marked as text", async () => {
	await person([{ title: "r", recursion_pattern: "FREQ=WEEKLY;BYDAY=MO,WE", due_date: "2027-02-01" },
		{ title: "t", recursion_pattern: "when it rains" }]);
	await row("r").getByText("every monday and wednesday").waitFor();
	await row("t").getByText("when it rains (kept as text)").waitFor();
	await row("t").locator(".title").click();
	const form = page.locator("#tasks .edit");
	await form.locator("output", { hasText: "Kept as text" }).waitFor();
	const choices = form.getByLabel("Repeat").locator("option");
	await form.getByLabel("Repeat").selectOption("");
	const words = await choices.allTextContents();
	yes(words.length >= 9 && words.every((w) => !/FREQ|BY/.test(w)), words);
	// They move the day, which changes them.
	for (let i = 1; i < await choices.count(); i++) {
		await form.getByLabel("Repeat").selectOption({ index: i });
		await form.locator("output", { hasText: /^Then / }).waitFor();
		await form.getByLabel("Repeat").selectOption("");
		await form.locator("output:empty").waitFor({ state: "attached" });
	}
});
await scenario("completing a recurring task makes the next one, once; undone, it goes", async () => {
	await person([{ title: "Rent", recursion_pattern: "monthly", due_date: day(3), tags: ["home"], priority: "High" }]);
	await row("Rent").getByRole("checkbox").click();
	await until(async () => (await tasks()).length === 2, "the next one");
	const [old, next] = await tasks();
	is([old.completed, next.completed, next.title, next.tags, next.priority, next.recursion_pattern, next.due_date > old.due_date],
		[true, false, "Rent", ["home"], "High", "monthly", true], "both");
	await until(async () => (await row("Rent").getAttribute("data-id")) === String(next.id), "it is shown");
	await toast("Completed “Rent”").getByRole("button", { name: "Undo" }).click();
	await until(async () => (await tasks()).length === 1, "it goes");
	is((await tasks())[0].completed, false, "and the first is open");
});
await scenario("what comes again keeps its weekday and its hour, in four zones and over the change of the clock", async () => {
	for (const [zone, text, clock, due, next] of [
		["Asia/Tokyo", "Standup every monday", "08:00", "2027-03-01", "2027-03-07T23:00:00Z"],
		["America/Los_Angeles", "Gym every friday", "17:00", "2027-03-05", "2027-03-13T01:00:00Z"],
		["Europe/Berlin", "Stretch daily", "09:00", "2027-03-27", "2027-03-28T07:00:00Z"],
		["Pacific/Auckland", "Meet weekdays", "08:30", "2027-04-02", "2027-04-04T20:30:00Z"],
	]) {
		await person([], { timezoneId: zone, serviceWorkers: "block" });
		await page.locator("#line").fill(text);
		await page.locator("#add summary").click();
		await page.locator("#add [name=date]").fill(due);
		await page.locator("#add [name=time]").fill(clock);
		await page.locator("#line").press("Enter");
		const [first] = await until(async () => (await tasks()).length && tasks(), "saved");
		await page.locator("#tasks .done").click();
		const made = await until(async () => (await tasks()).find((t) => !t.completed && t.id !== first.id), "the next");
		is([made.due_date, made.time_zone], [next, zone], zone);
	}
});
await scenario("a month’s view shows what is coming", async () => {
	await person([{ title: "Weekly thing", recursion_pattern: "weekly", due_date: "2027-02-01" },
		{ title: "Once", due_date: "2027-02-14T09:30:00Z" }], {}, "/?view=month&month=2027-02");
	const m = page.locator("#month");
	await m.getByText("Once").waitFor();
	is(await page.locator("#title").innerText(), "February 2027", "the title");
	await until(async () => await m.getByRole("button", { name: /Weekly thing/ }).count() >= 4, "occurrences");
	await shot("month-1280");
	await m.getByRole("button", { name: /Once/ }).click();
	await page.locator("#one").getByLabel("Title").fill("Twice");
	await page.locator("#one").getByRole("button", { name: "Save" }).click();
	await m.getByText("Twice").waitFor();
	await page.getByRole("link", { name: "Month after" }).click();
	await page.locator("#title", { hasText: "March 2027" }).waitFor();
	yes(/month=2027-03/.test(page.url()), page.url());
	await page.goBack();
	await page.locator("#title", { hasText: "February 2027" }).waitFor();
});

await end();
