// SPDX-License-Identifier: ISC
// Two devices, two tabs, and no network.
import { account, api, ask, base, bring, context, create, day, edit, end, inChromium, is,
	line, LIST, network, page, person, row, said, scenario, settled, shot, shows, tasks,
	textFile, toast, until, usual, yes } from "./hands.mjs";

// --- two devices, no network ----------------------------------------------------------------
const stale = async (title) => {
	await row(title).locator(".title").click();
	const [t] = (await tasks()).filter((x) => x.title === title);
	await api("PUT", `${account.id}/tasks/${t.id}`, { title: `${title}, theirs`, priority: "Low" });
	await page.locator(".edit").getByLabel("Title").fill(`${title}, mine`);
	await page.locator(".edit").getByRole("button", { name: "Save" }).click();
	return t.id;
};
const look = async () => {
	await page.locator("#banner", { hasText: "two versions" }).getByRole("button", { name: "Look" }).click();
	await page.locator("#conflict[open]").waitFor();
};
await scenario("an edit that someone overtook is shown, with both versions; yours is kept", async () => {
	await person([{ title: "A" }, { title: "B" }]);
	const id = await stale("A");
	await row("A, mine").getByText("Two versions").waitFor();
	is(await page.locator("dialog[open]").count(), 0, "no dialog by itself");
	await look();
	await shot("conflict-1280");
	is((await page.locator("#conflict tbody tr.differs").first().locator("td").allInnerTexts()).map((t) => t.trim()), ["A, mine", "A, theirs"], "both");
	is((await api("GET", `${account.id}/tasks/${id}`)).json.title, "A, theirs", "nothing is overwritten");
	await page.getByRole("button", { name: "Later" }).click();
	await page.reload();
	await settled();
	await look();
	await page.getByRole("button", { name: "Keep what is chosen" }).click();
	await row("A, mine").waitFor();
	await until(async () => (await api("GET", `${account.id}/tasks/${id}`)).json.title === "A, mine", "kept");
	is((await api("GET", `${account.id}/tasks/${id}`)).json.priority, "Low", "field by field");
});
await scenario("… or theirs is taken, which can be undone", async () => {
	const id = await stale("B");
	await look();
	await page.locator("#conflict").getByRole("radio").nth(1).click();
	await page.getByRole("button", { name: "Keep what is chosen" }).click();
	await row("B, theirs").waitFor();
	is((await api("GET", `${account.id}/tasks/${id}`)).json.title, "B, theirs", "theirs");
	await toast("left out").getByRole("button", { name: "Undo" }).click();
	await until(async () => (await api("GET", `${account.id}/tasks/${id}`)).json.title === "B, mine", "mine again");
});
await scenario("… or it was deleted there: yours becomes a new task", async () => {
	await row("B, mine").locator(".title").click();
	const t = (await tasks()).find((x) => x.title === "B, mine");
	await api("DELETE", `${account.id}/tasks/${t.id}`);
	await page.locator(".edit").getByLabel("Title").fill("B, saved");
	await page.locator(".edit").getByRole("button", { name: "Save" }).click();
	await look();
	await page.locator("#conflict", { hasText: "was deleted elsewhere" }).waitFor();
	await page.getByRole("button", { name: "Keep as a new task" }).click();
	await until(async () => (await tasks()).some((x) => x.title === "B, saved" && x.id !== t.id), "a new one");
	await row("B, saved").waitFor();
});
await scenario("changes of different fields are both kept, and said", async () => {
	await row("A, mine").locator(".title").click();
	const t = (await tasks()).find((x) => x.title === "A, mine");
	await api("PUT", `${account.id}/tasks/${t.id}`, { due_date: day(1) });
	await page.locator(".edit").getByLabel("Title").fill("A, both");
	await page.locator(".edit").getByRole("button", { name: "Save" }).click();
	await toast("was changed elsewhere, too: Due.").waitFor();
	await row("A, both").getByText("Tomorrow").waitFor();
});
await scenario("a deletion that someone overtook asks first", async () => {
	const t = await create({ title: "C" });
	await page.reload();
	await settled();
	await row("C").getByRole("button", { name: "Delete" }).click();
	await api("PUT", `${account.id}/tasks/${t.id}`, { title: "C, important" });
	await page.locator("#banner", { hasText: "two versions" }).waitFor();
	await look();
	await page.getByRole("button", { name: "Keep it" }).click();
	await row("C, important").waitFor();
});
await scenario("what another device does is shown", async () => {
	await create({ title: "From the phone" });
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
	await row("From the phone").waitFor();
});
await scenario("offline, the list stays readable, also after a reload", async () => {
	await person([{ title: "A" }, { title: "B" }, { title: "C" }]);
	await page.evaluate(() => navigator.serviceWorker.ready);
	await page.reload();
	await settled();
	await until(() => page.evaluate(() => navigator.serviceWorker.controller), "the service worker");
	await context.setOffline(true);
	await page.locator("#banner", { hasText: "offline" }).waitFor();
	await page.reload();
	await settled();
	await shows(["A", "B", "C"]);
	await page.locator("#banner", { hasText: "offline" }).waitFor();
});
await scenario("offline, what was used once is there again: the way to bring tasks", async () => {
	const file = textFile("x.txt", "Apples\nBread\n");
	await bring(file, "The service can’t be reached.");
	await page.locator("#bring .close").click();
	await context.setOffline(false);
	await page.locator("#banner:empty").waitFor({ state: "attached" });
	await bring(file, "Plain lines");
	await page.keyboard.press("Escape");
	await context.setOffline(true);
	await page.locator("#banner", { hasText: "offline" }).waitFor();
	await page.reload();
	await settled();
	const kept = await page.evaluate(async () => {
		const names = await caches.keys(), all = [];
		for (const name of names)
			all.push(...(await (await caches.open(name)).keys()).map((r) => new URL(r.url).pathname));
		return all.filter((path) => /import|quickadd/.test(path));
	});
	yes(kept.length > 0, "kept");
	for (const path of kept)
		is(await page.evaluate((path) => fetch(path).then((r) => r.status), path), 200, path);
});
await scenario("offline, changes queue, survive a reload, and are sent once when the network is back", async () => {
	await line("Queued !high");
	await row("Queued").waitFor();
	await row("A").getByRole("checkbox").click();
	await row("B").locator(".title").click();
	await page.locator(".edit").getByLabel("Title").fill("B2");
	await page.locator(".edit").getByRole("button", { name: "Save" }).click();
	await row("B2").waitFor();
	await row("Queued").locator(".title").click();
	await page.locator(".edit").getByLabel("Title").fill("Queued, edited");
	await page.locator(".edit").getByRole("button", { name: "Save" }).click();
	await page.locator("#banner", { hasText: "Changes to be sent: 4." }).waitFor();
	await page.reload();
	await settled();
	await shows(["B2", "C", "Queued, edited"]);
	await shot("offline-1280");
	const before = (await tasks()).map((t) => t.title);
	is(before, ["A", "B", "C"], "nothing is sent");
	await context.setOffline(false);
	await until(async () => (await tasks()).some((t) => t.title === "Queued, edited"), "sent");
	await page.locator("#banner:empty").waitFor({ state: "attached" });
	is((await tasks()).map((t) => [t.title, t.completed]), [["A", true], ["B2", false], ["C", false], ["Queued, edited", false]], "each once");
	await shows(["B2", "C", "Queued, edited"]);
});
await inChromium("a change whose answer was lost is made once", async () => {
	let lost = 0;
	await context.route("**/tasks", async (route) => {
		if (route.request().method() !== "POST" || lost++)
			return route.continue();
		await route.fetch();		// it is carried out
		await route.abort("connectionreset");
	});
	await line("Only once");
	await until(async () => lost > 1, "sent again");
	await context.unroute("**/tasks");
	await page.locator("#banner:empty").waitFor({ state: "attached" });
	is((await tasks()).filter((t) => t.title === "Only once").length, 1, "there");
});
await scenario("changes made offline on both devices conflict visibly", async () => {
	const t = (await tasks()).find((x) => x.title === "C");
	await context.setOffline(true);
	await row("C").locator(".title").click();
	await page.locator(".edit").getByLabel("Title").fill("C here");
	await page.locator(".edit").getByRole("button", { name: "Save" }).click();
	await row("C here").waitFor();
	await api("PUT", `${account.id}/tasks/${t.id}`, { title: "C there" });
	await context.setOffline(false);
	await look();
	await page.getByRole("button", { name: "Take theirs" }).click();
	await row("C there").waitFor();
});
await scenario("two edits made offline are one in the question; theirs taken stays", async () => {
	await person([{ title: "A" }]);
	const [t] = await tasks();
	await network(false);
	await edit("A", "A1");
	await edit("A1", "A2");
	await api("PUT", `${account.id}/tasks/${t.id}`, { title: "Theirs" });
	await network(true);
	await look();
	await page.locator("#conflict[open] tr.differs", { hasText: "A2" }).waitFor();
	await page.getByRole("button", { name: "Take theirs" }).click();
	await row("Theirs").waitFor();
	await line("After");		// it is sent after them
	await until(async () => (await tasks()).length === 2, "sent");
	is((await tasks())[0].title, "Theirs", "theirs");
});
await scenario("one’s own changes are no conflict: an edit begun while completing, a deletion while saving", async () => {
	await person([{ title: "A task" }, { title: "B task" }], {}, "/?q=task");
	let go, held = new Promise((done) => go = done);
	await context.route(/tasks\/\d+/, async (route) => {
		if (/PATCH|PUT/.test(route.request().method()))
			await held;
		await route.continue();
	});
	await row("A").getByRole("checkbox").click();
	await row("A").locator(".title").click();
	await page.locator(".edit").getByLabel("Title").fill("A2 task");
	go();
	await until(async () => (await tasks())[0].completed, "completed");
	await page.locator(".edit").getByRole("button", { name: "Save" }).click();
	await until(async () => (await tasks())[0].title === "A2 task", "saved");
	held = new Promise((done) => go = done);
	await edit("B", "B2 task");
	await row("B2").getByRole("button", { name: "Delete" }).click();
	go();
	await until(async () => (await tasks()).length === 1, "deleted");
	yes(!await page.getByText("two versions").count(), "no question");
	await context.unrouteAll({ behavior: "ignoreErrors" });
});
await scenario("two tabs that hold one offline edit ask once", async () => {
	await person([{ title: "A" }]);
	await page.evaluate(() => navigator.serviceWorker.ready);
	const other = await context.newPage();
	for (const p of [page, other]) {
		await p.goto(base + LIST);
		await p.locator("#tasks > li[data-id]").waitFor();
		await until(() => p.evaluate(() => navigator.serviceWorker.controller), "the service worker");
	}
	await context.setOffline(true);
	await edit("A", "Mine");
	await page.locator("#banner", { hasText: "Changes to be sent: 1." }).waitFor();
	await other.reload();
	await other.locator("#tasks > li[data-id]", { hasText: "Mine" }).waitFor();
	const [t] = await tasks();
	await api("PUT", `${account.id}/tasks/${t.id}`, { title: "Theirs" });
	await context.setOffline(false);
	// Neither waits for the other: what is made meanwhile is sent.
	await other.locator("#banner", { hasText: "two versions" }).waitFor();
	await other.locator("#line").fill("Meanwhile");
	await other.locator("#line").press("Enter");
	await until(async () => (await tasks()).length === 2, "sent");
	await look();
	await page.getByRole("button", { name: "Keep what is chosen" }).click();
	await until(async () => (await tasks())[0].title === "Mine", "kept");
	for (const p of [page, other]) {
		await p.locator("#banner:empty").waitFor({ state: "attached" });
		is(await p.locator("#conflict[open]").count(), 0, "asked again");
	}
});
await scenario("a task ticked, unticked, and ticked again has one next", async () => {
	await person([{ title: "Rent", recursion_pattern: "weekly", due_date: day(3) }], {}, "/?q=rent");
	const box = row("Rent").getByRole("checkbox");
	for (const n of [2, 1, 2]) {
		await box.last().scrollIntoViewIfNeeded();
		await page.locator("#tasks > li[data-id]").first().getByRole("checkbox").click();
		await until(async () => (await tasks()).length === n, `${n} tasks`);
		await until(async () => await box.count() === n, `${n} rows`);
	}
});
await scenario("logging out sends a deletion that could be undone, and asks before changes are lost", async () => {
	await person([{ title: "A" }, { title: "B" }]);
	await row("A").getByRole("button", { name: "Delete" }).click();
	await shows(["B"]);
	const { token } = account;
	await page.locator("#open-account").click();
	await page.getByRole("button", { name: "Log out" }).click();
	await page.locator("#login").waitFor();
	is(await ask(`sql SELECT string_agg(title, ',') FROM tasks WHERE user_id = ${account.id}`), "B", "deleted");
	is((await api("GET", "auth/me", null, { authorization: `Bearer ${token}` })).status, 401, "the token");
	await person([{ title: "A" }]);
	await page.locator("#views .n").first().waitFor();	// nothing is asked for any more
	let asked = 0;
	page.on("dialog", (d) => (asked++, d.dismiss()));
	await api("POST", "auth/logout");
	await row("A").getByRole("checkbox").click();
	await page.locator("#banner").getByRole("button", { name: "Log in again" }).click();
	await page.locator("#expired").getByRole("button", { name: "Log out" }).click();
	await until(() => asked, "it asks");
	await page.locator("#expired[open]").waitFor();
});
await scenario("logged out offline, it is said that the session lives on", async () => {
	await person([{ title: "A" }]);
	await page.evaluate(() => navigator.serviceWorker.ready);
	await page.reload();
	await settled();
	await until(() => page.evaluate(() => navigator.serviceWorker.controller), "the service worker");
	const told = [];
	page.on("dialog", (d) => (told.push(d.message()), d.accept()));
	await network(false);
	await page.locator("#open-account").click();
	await page.getByRole("button", { name: "Log out" }).click();
	await page.locator("#login").waitFor();
	yes(/does not know it yet/.test(told), told);
	is((await api("GET", "auth/me")).status, 200, "so it is");
});
await scenario("a new day: the versions of yesterday’s view are not asked about", async () => {
	await person([{ title: "T", due_date: day(0) }, { title: "N", due_date: day(1) }], {}, "/?due=today");
	await shows(["T"]);
	await page.locator("#views .n").first().waitFor();
	await page.clock.install();
	await page.clock.setFixedTime(Date.now() + 86400000);
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
	await shows(["T", "N"]);
	is(await row("N").locator("time").textContent(), "Today", "its date");
});
await scenario("a task that is refused later comes back into the line", async () => {
	await person([], { serviceWorkers: "block" });		// which can keep requests from route()
	await network(false);
	await line("Odd one #x");
	await row("Odd one").waitFor();
	await context.route("**/tasks", (route) => route.request().method() !== "POST" ? route.continue() : route.fulfill({ status: 422,
		contentType: "application/json", body: JSON.stringify({ detail: [{ loc: ["body", "title"], msg: "Odd" }] }) }));
	await network(true);
	await until(async () => await page.locator("#line").inputValue() === "Odd one", "the title");
	await page.locator("#add .error", { hasText: "A title has 1 to 200 letters." }).waitFor();
	is(await page.locator("#add [name=tags]").inputValue(), "x", "the tag");
	await context.unrouteAll({ behavior: "ignoreErrors" });
	await page.locator("#line").fill("x".repeat(201));
	await page.locator("#line").press("Enter");
	await page.locator("#add .error", { hasText: "200" }).waitFor();
});
await scenario("while the service is busy, the list is there, and requests do not pile up", async () => {
	await person([{ title: "A" }]);
	let down = true, n = 0;
	await context.route(/tasks\?|counts/, (route) => {
		n++;
		return down ? route.fulfill({ status: 503, headers: { "retry-after": "3" }, body: "{}" }) : route.continue();
	});
	for (let i = 0; i < 10; i++)
		await page.locator("#views").getByRole("link", { name: i % 2 ? /^All/ : /^Today/ }).click();
	await row("A").waitFor();
	await page.locator("#banner", { hasText: "busy" }).waitFor();
	[down, n] = [false, 0];
	await settled();
	await page.locator("#banner:empty").waitFor({ state: "attached" });
	yes(n <= 5, `${n} requests`);
	await context.unrouteAll({ behavior: "ignoreErrors" });
});
await scenario("the month shows no deleted task, and says when one is gone", async () => {
	await person([{ title: "A", due_date: "2027-02-01" }, { title: "B", due_date: "2027-02-02" }], {}, "/?view=month&month=2027-02");
	const m = page.locator("#month");
	await m.getByRole("button", { name: "A", exact: true }).click();
	await page.locator("#one").getByRole("button", { name: "Delete" }).click();
	await m.getByRole("button", { name: "A", exact: true }).waitFor({ state: "detached" });
	await toast("Deleted “A”").getByRole("button", { name: "Undo" }).click();
	await m.getByRole("button", { name: "A", exact: true }).waitFor();
	await api("DELETE", `${account.id}/tasks/${(await tasks())[1].id}`);
	await m.getByRole("button", { name: "B", exact: true }).click();
	await toast("not there any more").waitFor();
	await m.getByRole("button", { name: "B", exact: true }).waitFor({ state: "detached" });
});
await scenario("offline is said for as long as the service can’t be reached", async () => {
	await person([{ title: "A" }]);
	await page.locator("#views .n").first().waitFor();	// nothing is asked for any more
	let asked = 0;
	await context.route("**/api/**", (route) => (asked++, route.abort("connectionrefused")));
	await page.locator("#views").getByRole("link", { name: /^All/ }).click();
	await page.locator("#banner", { hasText: "offline" }).waitFor();
	const before = asked;
	await until(() => asked > before + 1, "it asks again");
	yes(await page.locator("#banner", { hasText: "offline" }).count(), "still said");
	await context.unrouteAll({ behavior: "ignoreErrors" });
	await page.locator("#banner:empty").waitFor({ state: "attached" });
	await shows(["A"]);
});
await scenario("an address that says nonsense is read as the usual one", async () => {
	await person([{ title: "A", due_date: day(0) }]);
	const errors = said.length;
	for (const path of ["?due=constructor", "?__proto__=x&due=__proto__", "?priority=high", "?sort=title", `?q=${"x".repeat(101)}`,
		`?tag=${"x".repeat(51)}`]) {
		await page.goto(`${base}/${path}`);
		await settled();
		await shows(["A"], path);
	}
	await page.goto(`${base}/?view=month&month=0000-01`);
	await page.locator("#month:not([aria-busy]) li").first().waitFor();
	is(said.slice(errors), [], "errors");
	is(await page.locator(".toast").count(), 0, "complaints");
});
await scenario("no word is broken at 320 px, and the chosen view is in sight", async () => {
	await page.setViewportSize({ width: 320, height: 700 });
	await page.goto(`${base}/?view=month&month=2027-09`);
	await page.locator("#month:not([aria-busy])").waitFor();
	const lines = await page.locator("#title").evaluate((e) => e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight));
	yes(lines < 2.1, `${lines} lines`);
	// In one step: the views are drawn again while the counts come.
	await until(() => page.locator("nav [aria-current]").evaluate((e) => {
		const { left, right } = e.getBoundingClientRect();
		return left >= 0 && right <= 320;
	}), "the view is in sight");
	const room = await page.locator("#q").evaluate((e) => e.clientWidth);
	yes(room >= 76, `Search has ${room} px`);
	await shot("month-320");
	await page.goto(base + LIST);
	await settled();
	await row("A").getByRole("checkbox").click();
	const undo = toast("Completed").getByRole("button");
	await undo.waitFor();
	yes((await undo.boundingBox()).height < 50, "Undo is one line");
	await page.setViewportSize(usual.viewport);
});
await scenario("an emptied choice of a file is none", async () => {
	await page.locator("#open-account").click();
	await page.locator("#import").dispatchEvent("change");
	await page.waitForFunction(() => document.querySelector("#account[open]"));
	is(await page.locator(".error.all").textContent(), "", "no complaint");
	await page.locator("#account .close").click();
});

await inChromium("an addition whose answer a reload lost is there once", async () => {
	await person([], { serviceWorkers: "block" });
	let lost = false;
	await context.route("**/tasks", async (route) => {
		if (route.request().method() !== "POST")
			return route.continue();
		if (lost) {		// the list is there before it
			await new Promise((done) => setTimeout(done, 1500));
			return route.continue().catch(() => {});
		}
		lost = true;
		await route.fetch();
	});
	await line("Once");
	await until(async () => (await tasks()).length === 1, "it is saved");
	await page.reload();
	await row("Once").first().waitFor();
	const seen = [];
	for (const end = Date.now() + 2500; Date.now() < end; await new Promise((done) => setTimeout(done, 100)))
		seen.push(await row("Once").count());
	is([...new Set(seen)], [1], "how often it is shown");
	is((await tasks()).length, 1, "one task");
	await context.unrouteAll({ behavior: "ignoreErrors" });
});
await scenario("logging out ends it in both tabs", async () => {
	await person([{ title: "A" }]);
	const other = await context.newPage();
	await other.addInitScript(() => sessionStorage.setItem("seen", "1"));
	await other.goto(base + LIST);
	await other.locator("#tasks > li[data-id]").waitFor();
	await page.getByRole("button", { name: "Account" }).click();
	await page.getByRole("button", { name: "Log out" }).last().click();
	await page.locator("#login").waitFor();
	await other.locator("#welcome").waitFor();
	await other.close();
});

await end();
