// SPDX-License-Identifier: ISC
// The account: signing up, sessions, passwords, what is saved and brought back; odd browsers.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isFirefox } from "../browser.mjs";
import { account, api, ask, base, bring, context, dir, edit, end, fresh, is, life, line, LIST,
	loggedIn, LOGIN, page, person, row, scenario, session, sessionName, settled, shot, shows,
	stranger, tasks, textFile, toast, until, who, yes } from "./hands.mjs";

// --- the account --------------------------------------------------------------------------
await scenario("sign up, and what is wrong with it", async () => {
	const taken = who();
	await api("POST", "auth/register", taken);
	await life();
	yes(account.token, "a token");
	await stranger();
	await page.goto(`${base}/`);
	const form = page.locator("#signup"), button = form.getByRole("button", { name: "Create an account" });
	await form.getByLabel("Email").fill(taken.email);
	await form.getByLabel("Password").fill(taken.password);
	await button.click();
	await form.locator(".error", { hasText: "already" }).waitFor();
	await page.reload();		// in Firefox the driver would add to the address
	await form.getByLabel("Email").fill(who().email);
	await form.getByLabel("Password").fill("short");
	await button.click();
	await form.locator(".error", { hasText: "A password has at least 8 letters." }).waitFor();
	is(await form.getByLabel("Password").getAttribute("aria-invalid"), "true", "the rule of passwords");
});
await scenario("log in; a wrong password is said", async () => {
	await page.goto(base + LOGIN);
	await page.locator("#login").getByLabel("Email").fill(account.email);
	await page.locator("#login").getByLabel("Password").fill("wrong wrong");
	await page.getByRole("button", { name: "Log in" }).click();
	await page.locator("#login .error", { hasText: "wrong" }).waitFor();
	await shot("login-error-1280");
	await page.locator("#login").getByLabel("Password").fill(account.password);
	await page.getByRole("button", { name: "Log in" }).click();
	await settled();
});
await scenario("stay logged in over a reload", async () => {
	await page.reload();
	await settled();
});
await scenario("log out: the token ends, and nothing is left in the browser", async () => {
	await loggedIn();
	await line("Kept");
	await until(async () => (await tasks()).length === 1, "saved");
	is((await api("GET", "auth/me")).status, 200, "it is good");
	await page.locator("#open-account").click();
	await page.getByRole("button", { name: "Log out" }).click();
	await page.locator("#login").waitFor();
	is((await api("GET", "auth/me")).status, 401, "it has ended");
	is(await page.evaluate(async () => [Object.keys(localStorage), (await indexedDB.databases()).length]),
		[[], 0], "what is kept");
});
const logInAgain = async () => {
	await page.locator("#banner").getByRole("button", { name: "Log in again" }).click();
	await page.locator("#expired").getByLabel("Password").fill(account.password);
	await page.locator("#expired").getByRole("button", { name: "Log in" }).click();
	await page.locator("#expired").waitFor({ state: "hidden" });
	account.token = (await session()).token;
};
await scenario("an ended session is said in the bar, and takes no key away; nothing typed is lost", async () => {
	await person([{ title: "Old" }]);
	await page.locator("#views .n").first().waitFor();
	await page.locator("#add summary").click();
	await page.locator("#add").getByLabel("Notes").fill("long notes");
	await api("POST", "auth/logout");
	await line("New one !high");
	await page.keyboard.type("The next");
	await page.locator("#banner", { hasText: "You are logged out." }).waitFor();
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
	await page.keyboard.type(" one");
	is(await page.locator("#line").inputValue(), "The next one", "the keys");
	is(await page.locator("dialog[open]").count(), 0, "dialogs");
	await row("New one").getByText("Not sent yet").waitFor();
	await page.locator("#banner").getByRole("button", { name: "Log in again" }).click();
	await shot("expired-1280");
	await page.locator("#expired").getByLabel("Password").fill("no no no no");
	await page.locator("#expired").getByRole("button", { name: "Log in" }).click();
	await page.locator("#expired .error", { hasText: "wrong" }).waitFor();
	await page.keyboard.press("Escape");
	await page.locator("#expired").waitFor({ state: "hidden" });
	await logInAgain();
	const saved = await until(async () => (await tasks()).find((t) => t.title === "New one"), "saved");
	is([saved.priority, saved.description], ["High", "long notes"], "as typed");
	await page.locator("#banner:empty").waitFor({ state: "attached" });
	is(await page.locator("#line").inputValue(), "The next one", "the line");
	await page.locator("#line").fill("");
});
await scenario("an edit in an ended session, and a reload of it, is not lost", async () => {
	await api("POST", "auth/logout");
	await edit("Old", "Old, edited");
	await page.locator("#banner", { hasText: "You are logged out." }).waitFor();
	await page.reload();
	await row("Old, edited").waitFor();
	await logInAgain();
	await until(async () => (await tasks()).some((t) => t.title === "Old, edited"), "saved");
});
await scenario("another tab logs in again: this one goes on", async () => {
	await person([{ title: "A" }]);
	await page.locator("#views .n").first().waitFor();
	const other = await context.newPage();
	await other.addInitScript(() => sessionStorage.setItem("seen", "1"));
	await other.goto(base + LIST);
	await other.locator("#tasks > li[data-id]").waitFor();
	await api("POST", "auth/logout");
	await line("B");
	await page.locator("#banner", { hasText: "You are logged out." }).waitFor();
	await other.evaluate(([name, text]) => localStorage.setItem(name, text), [sessionName,
		JSON.stringify({ ...await session(), token: (await api("POST", "auth/login", account)).json.access_token })]);
	account.token = (await session()).token;
	await until(async () => (await tasks()).length === 2, "sent");
	await page.locator("#banner:empty").waitFor({ state: "attached" });
	await other.close();
});
const tokenLife = async () => {
	const { iat, exp } = JSON.parse(Buffer.from((await session()).token.split(".")[1], "base64url"));
	return (exp - iat) / 60;		// minutes
};
await scenario("who stays logged in has a token for weeks, which is renewed; who does not, has a short one", async () => {
	await stranger();
	const lives = [];
	for (const stays of [false, true]) {
		await page.goto(base + LOGIN);
		await page.evaluate(() => localStorage.clear());
		await page.reload();
		await page.locator("#login").getByLabel("Email").fill(account.email);
		await page.locator("#login").getByLabel("Password").fill(account.password);
		await page.locator("#login").getByLabel("Stay logged in").setChecked(stays);
		await page.getByRole("button", { name: "Log in" }).click();
		await settled();
		lives.push(await tokenLife());
	}
	is([lives[0] <= 60, lives[1]], [true, 60 * 24 * 60], "minutes");
	account.token = (await session()).token;
	// Four days later.
	await page.clock.install();
	await page.clock.setFixedTime(Date.now() + 4 * 86400000);
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
	await until(async () => (await session()).token !== account.token, "a new token");
	is(await tokenLife(), 60 * 24 * 60, "of the same kind");
	is((await api("GET", "auth/me")).status, 200, "the old one lives on: another tab may have it");
});
await scenario("change the password, which ends all other sessions", async () => {
	await person([{ title: "Mine" }]);
	const other = (await api("POST", "auth/login", account)).json.access_token;
	await page.locator("#open-account").click();
	await page.getByText("Change the password").click();
	await page.getByLabel("Current password").fill("not this one");
	await page.getByLabel("New password").fill("battery staple");
	await page.getByRole("button", { name: "Change it" }).click();
	await page.locator("#password .error", { hasText: "not your current password" }).waitFor();
	await page.getByLabel("Current password").fill(account.password);
	await page.getByRole("button", { name: "Change it" }).click();
	await page.locator("#password .said", { hasText: "Changed." }).waitFor();
	await shot("account-1280");
	is((await api("GET", "auth/me", null, { authorization: `Bearer ${other}` })).status, 401, "the other session");
	await page.reload();
	await settled();
	await shows(["Mine"]);
	is((await api("POST", "auth/login", { ...account, password: "battery staple" }, { authorization: "" })).status, 200, "the new one");
});
await scenario("delete the account with everything in it", async () => {
	await person([{ title: "Mine" }]);
	await page.locator("#open-account").click();
	await page.getByText("Delete the account").click();
	await page.locator("#goodbye").getByLabel("Password").fill("not this one");
	await page.getByRole("button", { name: "Delete everything" }).click();
	await page.locator("#goodbye .error", { hasText: "not your current password" }).waitFor();
	await page.locator("#goodbye").getByLabel("Password").fill(account.password);
	await page.getByRole("button", { name: "Delete everything" }).click();
	await page.locator("#login").waitFor();
	is((await api("POST", "auth/login", account)).status, 401, "no login");
	is(await ask(`sql SELECT count(*) FROM tasks WHERE user_id = ${account.id}`), "0", "no tasks");
});
// What a button saves.  Firefox's driver is not told of it: there it is caught in the page.
async function download(words) {
	const button = page.getByRole("button", { name: words });
	if (!isFirefox) {
		const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
		return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
	}
	await page.evaluate(() => {
		let content;
		URL.createObjectURL = (blob) => {
			content = blob.text();
			return "#";
		};
		HTMLAnchorElement.prototype.click = async function () {
			window.saved = { name: this.download, text: await content };
		};
		window.saved = null;
	});
	await button.click();
	return until(() => page.evaluate(() => window.saved), "it is saved");
}
let exported;
await scenario("download all data as JSON", async () => {
	await person([{ title: "One", tags: ["a", "b, c"], priority: "Low", due_date: "2026-03-01" },
		{ title: "Two", description: "x\ny", recursion_pattern: "weekly", due_date: "2026-03-01T08:00:00Z", completed: true }]);
	await page.locator("#open-account").click();
	const { name, text } = await download("Save a copy");
	yes(/^todo-\d{4}-\d\d-\d\d\.json$/.test(name), name);
	const data = JSON.parse(text);
	is([data.account.email, data.tasks.map((t) => t.title)], [account.email, ["One", "Two"]], "what is in it");
	writeFileSync(exported = join(dir, "export.json"), text);
});
await scenario("download all data as iCalendar", async () => {
	const { name, text } = await download("Save as a calendar");
	yes(/^BEGIN:VCALENDAR[^]*SUMMARY:One[^]*END:VCALENDAR/.test(text) && /\.ics$/.test(name), text.slice(0, 500));
});
await scenario("a calendar feed at an address that can be revoked", async () => {
	await page.getByRole("button", { name: "Phone and other programs" }).click();
	await page.getByRole("button", { name: "Make a new address" }).click();
	const url = await until(() => page.locator(".feed input").inputValue(), "an address");
	const get = () => fetch(url);
	yes(/BEGIN:VTODO/.test(await (await get()).text()), "the feed");
	is(await page.locator(".events input").inputValue(), url + "?as=events", "the feed of events");
	await page.getByRole("button", { name: "Revoke" }).click();
	await page.locator(".feed").waitFor({ state: "hidden" });
	is((await get()).status, 404, "revoked");
	await page.getByRole("button", { name: "Close" }).click();
});
const bringButton = () => page.locator("#bring").getByRole("button", { name: /^Bring / });
await scenario("bring a saved copy back; twice doubles nothing, and what was deleted comes back", async () => {
	await person();
	await bring(exported, "A copy that was saved here");
	is((await tasks()).length, 0, "nothing before it is wanted");
	await bringButton().click();
	await toast("2 tasks added.").waitFor();
	const [one, two, ...more] = await tasks();
	is([one.title, one.tags, one.priority, one.due_date, two.description, two.recursion_pattern, two.due_date, two.completed, more.length],
		["One", ["a", "b, c"], "Low", "2026-03-01", "x\ny", "weekly", "2026-03-01T08:00:00Z", true, 0], "all of it");
	await bring(exported, "2 are here already.");
	is(await bringButton().count(), 0, "nothing to bring");
	await page.locator("#bring .close").click();
	await api("DELETE", `${account.id}/tasks/${one.id}`);
	await bring(exported, "1 is here already.");
	await bringButton().click();
	await toast("1 task added.").waitFor();
	await shows(["One"]);
});
await scenario("tasks of another program are shown before they come, and all go by Undo", async () => {
	await person([{ title: "Mine" }]);
	await bring(textFile("x.csv", "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\n"
		+ "task,Buy milk,,1,1,,,,en,\ntask,Call <b>Ann</b>,,4,1,,,2027-01-02,en,\n"), "From Todoist");
	await page.locator("#bring").getByText("2 tasks").first().waitFor();
	await shot("bring-1280");
	await bringButton().click();
	await toast("2 tasks added.").waitFor();
	await row("Call <b>Ann</b>").waitFor();
	is((await tasks()).length, 3, "they came");
	await toast("2 tasks added.").getByRole("button", { name: "Undo" }).click();
	await until(async () => (await tasks()).length === 1, "they are gone");
	await shows(["Mine"]);
});
await scenario("a file of something else is refused in words", async () => {
	await bring(textFile("x.json", "[1, 2"), /is damaged|unknown kind|has no tasks/);
	is(await bringButton().count(), 0, "nothing to bring");
	await page.locator("#bring .close").click();
	await bring(textFile("nothing.txt", ""), "nothing.txt is empty.");
	await page.locator("#bring .close").click();
});

// --- odd browsers and hands -----------------------------------------------------------------
await scenario("a second click of a double click is not for the next row, nor for an empty line", async () => {
	await person([{ title: "A" }, { title: "B" }, { title: "C" }]);
	await row("A").getByRole("checkbox").dblclick();
	await shows(["B", "C"]);
	await page.waitForTimeout(600);
	await row("B").getByRole("button", { name: "Delete" }).dblclick();
	await shows(["C"]);
	await page.locator("#line").fill("D");
	await page.locator("#add button.main").dblclick();
	await shows(["C", "D"]);
	is(await page.locator("#add .error").textContent(), "", "no complaint");
	await row("C").locator(".title").focus();
	await page.keyboard.down("x");
	await page.keyboard.down("x");		// held
	await page.keyboard.up("x");
	await shows(["D"]);
});
await scenario("a page that the browser translated works as before", async () => {
	await page.evaluate(() => {
		const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), all = [];
		while (walk.nextNode()) {
			if (/\p{L}/u.test(walk.currentNode.data) && !walk.currentNode.parentElement.closest("option, script"))
				all.push(walk.currentNode);
		}
		for (const n of all) {
			const e = document.createElement("font");
			n.replaceWith(e);
			e.append(n);
		}
	});
	await row("D").locator(".title font").click();
	await page.locator("#tasks .edit").getByLabel("Title").fill("D2");
	await page.locator("#tasks .edit").getByRole("button", { name: "Save" }).click();
	await shows(["D2"]);
	await page.locator("#views a font", { hasText: "Logbook" }).click();
	await row("A").waitFor();
});
await scenario("out of the browser’s memory, or of another tab’s hand, nothing is shown that may not be", async () => {
	await page.evaluate((name) => {
		localStorage.removeItem(name);
		dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
	}, sessionName);
	await page.locator("#welcome").waitFor();
	is(await page.locator("#tasks").count(), 0, "tasks");
});
for (const [how, init] of [["throws", () => IDBFactory.prototype.open = IDBFactory.prototype.deleteDatabase = () => {
	throw new DOMException("The operation is insecure.", "SecurityError");
}], ["fails", () => IDBFactory.prototype.open = IDBFactory.prototype.deleteDatabase = () => {
	const request = new EventTarget();
	setTimeout(() => request.onerror?.(new Event("error")), 5);
	return request;
}]]) {
	await scenario(`a database that ${how}: that is said, tasks are saved, and one can log out`, async () => {
		await stranger({ serviceWorkers: "block" });
		await context.addInitScript(init);
		const w = who();
		await api("POST", "auth/register", w);
		await page.goto(base + LOGIN);
		await page.locator("#login").getByLabel("Email").fill(w.email);
		await page.locator("#login").getByLabel("Password").fill(w.password);
		await page.getByRole("button", { name: "Log in" }).click();
		await settled();
		await page.locator("#banner", { hasText: "keeps nothing" }).waitFor();
		await loggedIn(w);
		await line("Sent");
		await until(async () => (await tasks()).length === 1, "saved");
		await page.locator("#open-account").click();
		await page.getByRole("button", { name: "Log out" }).click();
		await page.locator("#login").waitFor();
		await page.reload();
		await page.locator("#login").waitFor();
		is(await page.evaluate(() => Object.keys(localStorage)), [], "what is kept");
	});
}
await scenario("a browser of 2022, and one that says odd things of its languages", async () => {
	for (const languages of [["en-US@posix"], ["C"], []]) {
		const [c, p] = await fresh({ serviceWorkers: "block" });
		await c.addInitScript((languages) => {
			Object.defineProperty(navigator, "languages", { get: () => languages });
			for (const [object, name] of [[Promise, "withResolvers"], [Array.prototype, "toSorted"], [Object, "groupBy"],
				[AbortSignal, "timeout"], [AbortSignal, "any"], [globalThis, "structuredClone"], [Array.prototype, "findLast"],
				[Intl.Locale.prototype, "getWeekInfo"], [Element.prototype, "checkVisibility"], [navigator.__proto__, "locks"],
				[globalThis, "BroadcastChannel"]])
				delete object[name];
		}, languages);
		const w = who();
		await api("POST", "auth/register", w);
		await p.goto(base + LOGIN);
		await p.locator("#login").getByLabel("Email").fill(w.email);
		await p.locator("#login").getByLabel("Password").fill(w.password);
		await p.getByRole("button", { name: "Log in" }).click();
		await p.locator("#line").fill("From an old phone tomorrow");
		await p.locator("#line").press("Enter");
		await p.locator("#tasks time", { hasText: "Tomorrow" }).waitFor();
		await p.reload();
		await p.locator("#tasks time", { hasText: "Tomorrow" }).waitFor();
		await c.close();
	}
});

await end();
