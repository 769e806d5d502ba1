// SPDX-License-Identifier: ISC
// What is brought over from other programs: files as these write them, odd ones, and hostile ones.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { asSteps, batches, recognise } from "../../../www/app/import/recognise.js";
import { textOfHtml } from "../../../www/app/import/html.js";
import { zoneNamed } from "../../../www/app/import/zones.js";
import { parse } from "../../../www/app/quickadd/parse.js";
import { loadGrammar } from "../../../www/app/quickadd/vocabulary.js";

const options = { parse, loadGrammar, now: Date.parse("2026-11-26T10:00:00Z"), zone: "Europe/Berlin", language: "en" };
const bytesOf = (name) => new Uint8Array(readFileSync(new URL(`samples/${name}`, import.meta.url)));
const NAMES = { "todoist.csv": "Garden [2203306141].csv" };		// Todoist says the project in the file's name
const sample = (name, more) => recognise([{ name: NAMES[name] ?? name, bytes: bytesOf(name) }], { ...options, ...more });
const text = (content, name = "", more) => recognise([{ name, text: content }], { ...options, ...more });
const encoded = (content) => new TextEncoder().encode(content);
const counted = (sentences) => Object.fromEntries(sentences.map(({ key, n }) => [key, n]));
const keys = ({ problems }) => problems.map(({ key }) => key);

// An archive of [name, content]; change(bytes) makes it odd.
function zip(files, { method = 8, flags = 0 } = {}) {
	const parts = [], central = [];
	let at = 0;
	for (const [name, content] of files) {
		const raw = Buffer.from(content), data = method === 8 ? deflateRawSync(raw) : raw;
		const head = (signature, size) => {
			const b = Buffer.alloc(size);
			b.writeUInt32LE(signature, 0);
			return b;
		};
		const local = head(0x04034b50, 30), entry = head(0x02014b50, 46), title = Buffer.from(name);
		for (const [b, from] of [[local, 6], [entry, 8]]) {
			b.writeUInt16LE(flags, from);
			b.writeUInt16LE(method, from + 2);
			b.writeUInt32LE(data.length, from + 12);
			b.writeUInt32LE(raw.length, from + 16);
			b.writeUInt16LE(title.length, from + 20);
		}
		entry.writeUInt32LE(at, 42);
		parts.push(local, title, data);
		central.push(entry, title);
		at += local.length + title.length + data.length;
	}
	const end = Buffer.alloc(22), all = Buffer.concat(central);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(files.length, 10);
	end.writeUInt32LE(all.length, 12);
	end.writeUInt32LE(at, 16);
	return new Uint8Array(Buffer.concat([...parts, all, end]));
}

test("Todoist: labels, steps, comments, words for dates, in the zone and language of the file", async () => {
	const { kinds, tasks, lists, made, lost } = await sample("todoist.csv");
	assert.deepEqual([kinds, lists], [["todoist"], ["Garden", "Every week"]]);
	assert.deepEqual(tasks, [
		{ title: "Repot the basil", description: "Terracotta pot from the shed\n\n- [ ] Buy compost\n- [ ] Choose a pot",
			due_date: "2026-12-05", priority: "High", tags: ["Garden", "balcony", "weekend"] },
		{ title: "Ask Bob for seeds", due_date: "2026-12-01T16:30:00Z", tags: ["Garden"], description: "↑ Repot the basil\n\n"
			+ "Get the peat-free one\n\nSee this plan.pdf https://files.example.org/plan.pdf" },
		{ title: "Water the ferns", due_date: "2026-11-30T08:00:00Z", tags: ["Garden", "Every week"],
			recursion_pattern: "FREQ=WEEKLY;BYDAY=MO", time_zone: "Europe/Berlin" },
		{ title: "Check the trays", due_date: "2026-11-26", priority: "Low", tags: ["Garden", "Every week"],
			recursion_pattern: "FREQ=DAILY;INTERVAL=3" },
		{ title: "Order seeds, \"heirloom\" kind", description: "⚑ Dec 9 2026", due_date: "2026-11-27T17:00:00Z",
			tags: ["Garden", "Every week"] },
		{ title: "Spring", description: "when the snow is gone", tags: ["Garden", "Every week"] },
	]);
	assert.deepEqual(counted(made), { tasks: 6, lists: 2, dates: 5, repeats: 2, steps: 2, subtasks: 1, comments: 2 });
	assert.deepEqual(counted(lost), { "dates-unknown": 1, "after-done": 1, attachments: 1, assignees: 1, durations: 1 });
	assert.deepEqual(lost[0], { key: "dates-unknown", n: 1, examples: ["Spring"] });
	const inTokyo = await sample("todoist.csv", { zone: "Asia/Tokyo" });
	assert.equal(inTokyo.tasks[2].due_date, "2026-11-30T08:00:00Z", "9 in Berlin, which the file says");
});
test("TickTick: days of their own zone, checklists, what is done and what is not to be", async () => {
	for (const zone of ["Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland"]) {
		const { kinds, tasks, made, lost } = await sample("ticktick.csv", { zone });
		assert.deepEqual(kinds, ["ticktick"]);
		assert.deepEqual(tasks, [
			{ title: "Repot the basil", description: "Terracotta pot\nfrom the shed\n\n- [x] Buy compost", due_date: "2026-12-05",
				priority: "High", tags: ["Garden", "balcony", "weekend"] },
			{ title: "Water the ferns", due_date: "2026-11-30T08:00:00Z", priority: "Low",
				recursion_pattern: "FREQ=WEEKLY;WKST=MO;BYDAY=MO", time_zone: "Asia/Tokyo" },
			{ title: "Forgetting curve", due_date: "2026-11-30T08:00:00Z" },
			{ title: "Packing", description: "For the sea\n\n- [x] Towel\n- [ ] Sun cream" },
		]);
		assert.deepEqual(counted(made), { tasks: 4, lists: 1, dates: 3, repeats: 1, steps: 3 });
		assert.deepEqual(counted(lost), { rules: 1, reminders: 1, cancelled: 1, "not-tasks": 1 });
	}
});
test("Google: a due date is a day, wherever the person is", async () => {
	for (const zone of ["Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland"]) {
		const { kinds, tasks, lists, lost } = await sample("Tasks.json", { zone });
		assert.deepEqual([kinds, lists], [["google"], ["Work"]]);
		assert.deepEqual(tasks, [
			{ title: "Renew passport", description: "Bring photos\nand money\n\n- [x] Find photos", due_date: "2026-12-15" },
			{ title: "Book a date", description: "↑ Renew passport", due_date: "2026-12-01" },
			{ title: "Answer Bob", description: "The plan https://mail.example.org/1", tags: ["Work"] },
		]);
		assert.deepEqual(counted(lost), { cancelled: 1, untitled: 1 });
	}
});
test("Vikunja: notes as text, seconds as days, dates of the year 1 as none", async () => {
	const { kinds, tasks, made, lost } = await sample("data.json");
	assert.deepEqual(kinds, ["vikunja"]);
	assert.deepEqual(tasks, [
		{ title: "Swap the backup disk", due_date: "2026-12-01T14:00:00Z", priority: "High", tags: ["homelab"],
			recursion_pattern: "FREQ=WEEKLY;INTERVAL=2", time_zone: "Europe/Berlin" },
		{ title: "Pay the bill", description: "By bank & on time\n\n- [x] Find it\n- [ ] Pay <b>", due_date: "2026-12-14",
			recursion_pattern: "FREQ=MONTHLY" },
		{ title: "Sort screws", priority: "Low", completed: true },
		{ title: "Paint the wall", description: "White\n\n- [x] Buy paint\n- [ ] Borrow a ladder", tags: ["House"] },
		{ title: "Air the room", due_date: "2026-11-30T10:00:00Z", tags: ["House"] },
		{ title: "Clean gutters", due_date: "2026-11-30T10:00:00Z", tags: ["House"],
			recursion_pattern: "FREQ=MONTHLY;BYDAY=1SA", time_zone: "Europe/Berlin" },
	]);
	assert.deepEqual(counted(made), { tasks: 6, done: 1, lists: 1, dates: 4, repeats: 3, steps: 2, comments: 1 });
	assert.deepEqual(counted(lost), { rules: 1, "after-done": 1, reminders: 1 });
	const project = { title: "Old", is_archived: true, tasks: [{ title: "A" }] };
	assert.deepEqual(counted((await text(JSON.stringify([project]))).lost), { archived: 1 });
	const before = [{ title: "Namespace", owner: {}, lists: [{ title: "List", identifier: "", tasks: [{ title: "A" }] }] }];
	assert.deepEqual((await text(JSON.stringify(before))).tasks, [{ title: "A", tags: ["List"] }]);
});
test("Microsoft: as programs get it from there", async () => {
	const { kinds, tasks, made, lost } = await sample("mstodo_export.json");
	assert.deepEqual(kinds, ["microsoft"]);
	assert.deepEqual(tasks, [
		{ title: "Call the dentist", description: "Ask about the crown.\n\n- [x] Find the card\n- [ ] Note questions",
			due_date: "2026-12-10T08:00:00Z", priority: "High", tags: ["Health"] },
		{ title: "Pay the bill", due_date: "2026-11-12", priority: "Low", completed: true },
		{ title: "Put out the bins", due_date: "2026-12-01", tags: ["Home"],
			recursion_pattern: "FREQ=WEEKLY;BYDAY=TU;INTERVAL=2;UNTIL=20270301" },
		{ title: "Report", due_date: "2026-11-27", tags: ["Home"], recursion_pattern: "FREQ=MONTHLY;BYDAY=-1FR" },
		{ title: "Odd", due_date: "2026-11-27", tags: ["Home"] },
	]);
	assert.equal(counted(made)["reminder-times"], 1);
	assert.deepEqual(counted(lost), { rules: 1, attachments: 1 });
	const task = { title: "A", importance: "normal", dueDateTime: { dateTime: "2026-12-01T05:00:00.0000000", timeZone: "UTC" } };
	const american = { zone: "America/New_York" };
	for (const data of [[{ displayName: "L", tasks: [task] }], { value: [{ displayName: "L", tasks: [task] }] },
		{ list: { displayName: "L" }, tasks: [task] }, { displayName: "L", tasks: [task] }])
		assert.deepEqual((await text(JSON.stringify(data), "", american)).tasks, [{ title: "A", due_date: "2026-12-01", tags: ["L"] }]);
	assert.deepEqual((await text(JSON.stringify({ value: [task] }), "", american)).tasks, [{ title: "A", due_date: "2026-12-01" }]);
});
test("Microsoft: tables of a program and of Outlook, in its languages and orders of dates", async () => {
	const table = await sample("mstodo_export.csv");
	assert.deepEqual([table.kinds, table.tasks], [["microsoft"], [
		{ title: "Put out the bins", description: "Brown, then blue\n\n- [x] Brown\n- [ ] Blue", due_date: "2026-12-01", tags: ["Home"] },
		{ title: "Paid", due_date: "2026-11-13", tags: ["Home"], completed: true },
		{ title: "Someday", tags: ["Work"] },
	]]);
	const outlook = await sample("outlook.csv");
	assert.deepEqual([outlook.kinds, outlook.tasks], [["microsoft"], [
		{ title: "Call the café", description: "Ask for the menu.", due_date: "2026-12-10", priority: "High", tags: ["Food", "Admin"] },
		{ title: "Send the forms", due_date: "2026-11-30", priority: "Low", completed: true },
		{ title: "Wait" },
	]]);
	assert.deepEqual(outlook.made.at(-1), { key: "date-order", n: 1, examples: ["12/10/2026", "2026-12-10"] });
	assert.deepEqual(counted(outlook.lost), { reminders: 1 });
	assert.deepEqual((await sample("outlook-de.csv")).tasks, [
		{ title: "Steuererklärung", due_date: "2026-12-05", priority: "Low", tags: ["Finanzen"] },
		{ title: "Alte Sache", due_date: "2026-10-01", completed: true },
	]);
	const due = async (dates, language) =>
		(await text(`Subject,Due Date\n${dates.map((date, n) => `T${n},${date}`).join("\n")}`, "x.csv", { language })).tasks
			.map((task) => task.due_date);
	assert.deepEqual(await due(["3/12/2026", "25/12/2026"], "en-US"), ["2026-12-03", "2026-12-25"]);
	assert.deepEqual(await due(["3/12/2026", "12/25/2026"], "en-GB"), ["2026-03-12", "2026-12-25"]);
	assert.deepEqual(await due(["3/12/2026"], "en-GB"), ["2026-12-03"]);
	assert.deepEqual(await due(["3/12/2026", "2/30/2026", "None", "2026-12-03", "3/12/26"], "en-US"),
		["2026-03-12", undefined, undefined, "2026-12-03", "2026-03-12"]);
});
test("calendar: texts with escapes and folds, days and times, whose children are whose", async () => {
	const { kinds, tasks, lists, made, lost } = await sample("tasks.ics");
	assert.deepEqual([kinds, lists], [["calendar"], ["Household"]]);
	assert.deepEqual(tasks, [
		{ title: "Buy bread, milk; and butter", due_date: "2026-12-03", priority: "High", tags: ["Household", "Food", "Sat,urday", "Home"],
			description: "Two loaves:\n one is for \\\"Ann\\\"\\Bob, and this line is folded at an odd place.\n\n"
				+ "https://example.org/list\n\n- [x] Find the bag" },
		{ title: "Standup", due_date: "2026-11-27T08:15:00Z", priority: "Low", tags: ["Household"],
			recursion_pattern: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", time_zone: "Europe/Berlin" },
		{ title: "Call New York", due_date: "2026-12-01T22:00:00Z", tags: ["Household"] },
		{ title: "In UTC", due_date: "2026-12-01T17:00:00Z", tags: ["Household"], completed: true },
		{ title: "Floating", description: "Town hall", due_date: "2026-12-01T10:00:00Z", tags: ["Household"] },
	]);
	assert.deepEqual(counted(made), { tasks: 5, done: 1, lists: 1, dates: 5, repeats: 1, steps: 1 });
	assert.deepEqual(counted(lost), { exceptions: 2, reminders: 1, cancelled: 1, "not-tasks": 1 });
	assert.equal(zoneNamed("W. Europe Standard Time"), "Europe/Berlin");
	assert.equal(zoneNamed("/mozilla.org/20050126_1/America/New_York"), "America/New_York");
	assert.equal(zoneNamed("Customized Time Zone"), undefined);
	const one = (...lines) => text(["BEGIN:VCALENDAR", "BEGIN:VTODO", "SUMMARY:A", ...lines, "END:VTODO", "END:VCALENDAR"].join("\n"));
	for (const [line, due] of [["DUE:20260229", undefined], ["DUE;VALUE=DATE:20280229", "2028-02-29"], ["DUE:nonsense", undefined], ["DUE:20261201T256100", undefined], ["DUE:99991231T235900Z", undefined],
		["DTSTART:20261201\nDURATION:P999999999999W", undefined], ["DTSTART:20261201T100000Z\nDURATION:P999999999999999W", undefined],
		["DUE;TZID=Europe/Berlin:20260329T023000", "2026-03-29T01:00:00Z"], ["DUE;TZID=Nowhere:20261201T100000", "2026-12-01T09:00:00Z"],
		["DTSTART;VALUE=DATE:20261201\nDURATION:P2D", "2026-12-03"], ["DTSTART:20261201T100000Z\nDURATION:PT90M", "2026-12-01T11:30:00Z"]])
		assert.equal((await one(line)).tasks[0].due_date, due, line);
});
test("a copy that was saved here comes back as it was", async () => {
	const saved = { account: { username: "ann" }, tasks: [
		{ id: 7, user_id: 1, title: "Pay rent", description: "to Bob", due_date: "2026-12-01T08:00:00Z", time_zone: "Asia/Tokyo",
			priority: "High", tags: ["a, b", "home"], recursion_pattern: "now and then", completed: false, created_at: "2026-01-01T00:00:00Z" },
		{ id: 8, title: "Inbox", due_date: "2026-12-01", priority: "Medium", tags: [], recursion_pattern: "monthly", completed: true,
			completed_at: "2026-11-01T00:00:00Z" },
	] };
	for (const content of [JSON.stringify(saved), `\ufeff${JSON.stringify(saved.tasks)}`]) {
		const { kinds, tasks, lost } = await recognise([{ name: "todo-2026-11-26.json", bytes: encoded(content) }], options);
		assert.deepEqual([kinds, lost], [["copy"], []]);
		assert.deepEqual(tasks, [
			{ title: "Pay rent", description: "to Bob", due_date: "2026-12-01T08:00:00Z", priority: "High", tags: ["a, b", "home"],
				recursion_pattern: "now and then", time_zone: "Asia/Tokyo" },
			{ title: "Inbox", due_date: "2026-12-01", recursion_pattern: "monthly", completed: true },
		]);
	}
	const old = await text(JSON.stringify([{ title: "A", due_date: "2026-12-01T08:00:00", tags: "a, b" }, { title: "B", due_date: "soon" }]));
	assert.deepEqual(old.tasks, [{ title: "A", due_date: "2026-12-01T07:00:00Z", tags: ["a", "b"] }, { title: "B", description: "soon" }]);
	assert.deepEqual(counted(old.lost), { "dates-unknown": 1 });
});
test("lines: a task each, with what the line says; lists, steps and what is done", async () => {
	const { kinds, tasks, lists } = await sample("list.md");
	assert.deepEqual([kinds, lists], [["lines"], ["Groceries", "Party"]]);
	assert.deepEqual(tasks, [
		{ title: "milk", tags: ["Groceries"] },
		{ title: "bread", tags: ["Groceries"], completed: true },
		{ title: "2 eggs", tags: ["Groceries"] },
		{ title: "Call the baker", due_date: "2026-11-27T08:30:00Z", tags: ["Groceries"] },
		{ title: "Invite people", tags: ["Party", "party"].slice(0, 1),
			description: "bring chairs\n\n- [ ] Ann\n- [x] Bob\n- [ ] Cake !high\n- [x] Music" },
	]);
	const plain = await text("Milk\r\n\r\nBread\rEggs\n[ ] Tea\n[x] Coffee\n");
	assert.deepEqual(plain.tasks, [{ title: "Milk" }, { title: "Bread" }, { title: "Eggs", description: "- [ ] Tea\n- [x] Coffee" }]);
	assert.deepEqual((await text("- [ ] Tea\n- [x] Coffee\n- [] Milk")).tasks,
		[{ title: "Tea" }, { title: "Coffee", completed: true }, { title: "Milk" }]);
	assert.deepEqual((await text("tomorrow")).tasks, [{ title: "tomorrow", due_date: "2026-11-27" }]);
	const twenty = Array.from({ length: 20 }, (_, n) => `Thing ${n}`).join("\n");
	assert.equal((await text(twenty)).tasks.length, 20);
	assert.equal(asSteps(twenty).description.split("\n").length, 20);
	assert.deepEqual(asSteps("Party:\n- [x] Cake\n* Music\n1) Chairs"),
		{ title: "Party", description: "- [x] Cake\n- [ ] Music\n- [ ] Chairs" });
	assert.deepEqual(asSteps("Cake\nMusic"), { title: "", description: "- [ ] Cake\n- [ ] Music" });
});
test("archives: as Todoist, Google and Vikunja hand them out", async () => {
	const garden = bytesOf("todoist.csv");
	for (const method of [0, 8]) {
		const backup = zip([["Work [1].csv", garden], ["Inbox [2].csv", garden], ["readme.txt", "hello"]], { method });
		const todoist = await recognise([{ name: "backup.zip", bytes: backup }], options);
		assert.deepEqual([todoist.kinds, todoist.lists, todoist.tasks.length], [["todoist"], ["Work", "Every week"], 12]);
	}
	const takeout = zip([["Takeout/archive_browser.html", "<html>"], ["Takeout/Tasks/Tasks.json", bytesOf("Tasks.json")],
		["Takeout/Maps/Saved.json", "[{\"title\":\"Home\",\"tags\":[]}]"]]);
	const google = await recognise([{ name: "takeout.zip", bytes: takeout }], options);
	assert.deepEqual([google.kinds, google.tasks.length], [["google"], 3]);
	const vikunja = await recognise([{ name: "x.zip", bytes: zip([["data.json", bytesOf("data.json")], ["filters.json", "[]"],
		["VERSION", "v1.0.0"], ["files/1", "\x89PNG"]]) }], options);
	assert.deepEqual([vikunja.kinds, vikunja.tasks.length, vikunja.problems], [["vikunja"], 6, []]);
});
test("archives that can't be read say why", async () => {
	const whole = zip([["a.csv", "TYPE,CONTENT\ntask,A\n"]]);
	const read = async (bytes) => keys(await recognise([{ name: "a.zip", bytes }], options))[0];
	assert.equal(await read(whole), undefined);
	assert.equal(await read(zip([["a.csv", "x"]], { flags: 1 })), "archive-locked");
	assert.equal(await read(zip([["a.txt", "x"], ["__MACOSX/._a.csv", "x"]])), "archive-nothing");
	assert.equal(await read(zip([])), "archive-nothing");
	for (let length = 4; length < whole.length; length += 7)
		assert.match(String(await read(whole.slice(0, length))), /^archive-damaged$/);
	for (let at = 4; at < whole.length; at += 3) {
		const odd = whole.slice();
		odd[at] ^= 0xff;
		assert.match(String(await read(odd)), /^(undefined|archive-\w+|too-large|no-tasks)$/, `byte ${at}`);
	}
	const bomb = zip([["a.csv", Buffer.alloc(33 << 20, "x")]]);
	assert.ok(bomb.length < 200000);
	assert.equal(await read(bomb), "too-large");
	const { DecompressionStream } = globalThis;
	delete globalThis.DecompressionStream;
	try {
		assert.equal(await read(whole), "archive-unsupported");
	} finally {
		globalThis.DecompressionStream = DecompressionStream;
	}
});
test("odd files are named, and good ones beside them are read", async () => {
	const key = async (name, content) => {
		const bytes = typeof content === "string" ? encoded(content) : content;
		return keys(await recognise([{ name, bytes }], options))[0];
	};
	for (const [name, content, expected] of [
		["a.json", "", "empty"], ["a.csv", " \r\n", "empty"], ["a.json", "{", "damaged"], ["a.json", "[1,]", "damaged"],
		["a.json", "{}", "unknown"], ["a.json", "[]", "unknown"], ["a.json", "null", "damaged"], ["a.json", "[{\"title\":\"x\"}]", "unknown"],
		["a.json", "{\"tasks\":[]}", "unknown"], ["a.json", "{\"tasks\":[1]}", "unknown"], ["a.json", "[[[[]]]]", "unknown"],
		["a.csv", "Name,Age\nAnn,5\n", "unknown-table"], ["a.tsv", "x\ty\n", "unknown-table"], ["a.ics", "hello", "unknown"],
		["a.html", "<!doctype html><p>x", "unknown"], ["a.xml", "<?xml version=\"1.0\"?>", "unknown"],
		["a.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR", "no-tasks"], ["a.csv", "TYPE,CONTENT\n", "no-tasks"],
		["a.json", "{\"kind\":\"tasks#taskLists\"}", "no-tasks"],
		["a.png", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), "not-text"], ["a.txt", "a\0b", "not-text"],
		["a.json", "{\"kind\":\"tasks#taskLists\",\"items\":[{\"items\":[{\"title\":\"A\",\"links\":5}]}]}", "damaged"],
		["a.json", "[{\"displayName\":\"L\",\"tasks\":[{\"title\":\"A\",\"categories\":7,\"importance\":\"low\"}]}]", "damaged"],
	])
		assert.equal(await key(name, content), expected, `${name}: ${content}`);
	const two = await recognise([{ name: "bad.json", bytes: encoded("{") }, { name: "good.csv", bytes: encoded("TYPE,CONTENT\ntask,A\n") }],
		options);
	assert.deepEqual([two.kinds, two.problems, two.tasks], [["todoist"], [{ name: "bad.json", key: "damaged" }],
		[{ title: "A", tags: ["good"] }]]);
	const half = await recognise([{ name: "a.json", bytes: encoded(
		"{\"kind\":\"tasks#taskLists\",\"items\":[{\"items\":[{\"title\":\"A\"},{\"title\":\"B\",\"links\":5}]}]}") }], options);
	assert.deepEqual([half.tasks, half.made, half.lost], [[], [], []], "nothing of a file that is half read");
});
test("texts in all encodings that programs write", async () => {
	const table = "TYPE,CONTENT\r\ntask,Müll – Ölwechsel €\r\n";
	const sixteen = (mark, order) => {
		const units = [...mark + table].map((character) => character.charCodeAt(0));
		return Uint8Array.from(units.flatMap((unit) => order === "le" ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255]));
	};
	const ansi = Uint8Array.from([...table].map((character) => ({ "–": 0x96, "€": 0x80 })[character] ?? character.charCodeAt(0)));
	for (const bytes of [encoded(table), encoded(`\ufeff${table}`), sixteen("\ufeff", "le"), sixteen("\ufeff", "be"), sixteen("", "le"),
		sixteen("", "be"), ansi])
		assert.equal((await recognise([{ name: "Inbox.csv", bytes }], options)).tasks[0]?.title, "Müll – Ölwechsel €");
	for (const separator of [";", "\t"])
		assert.equal((await text(table.replaceAll(",", separator), "Inbox.csv")).tasks[0].title, "Müll – Ölwechsel €");
});
test("what the service does not take is cut, kept in the notes, and said", async () => {
	const long = "x".repeat(250);
	const rows = ["TYPE,CONTENT,DESCRIPTION", `task,${long},note`, `task,B @${"t".repeat(60)},${"d".repeat(10001)}`,
		"task,\"C\u0000\u0007\nD\",\"a\u0008\r\nb\tc\"", `task,E ${Array.from({ length: 40 }, (_, n) => `@t${n}`).join(" ")},`, "task,😀\ud800,"];
	const { tasks, lost } = await text(rows.join("\n").replace("\u0000", ""), "Inbox.csv");
	assert.deepEqual(tasks[0], { title: "x".repeat(200), description: `${long}\n\nnote` });
	assert.equal(tasks[1].description.length, 10000);
	assert.deepEqual(tasks[1].tags, ["t".repeat(50)]);
	assert.deepEqual([tasks[2].title, tasks[2].description], ["C  D", "a \nb\tc"]);
	assert.equal(tasks[3].tags.length, 32);
	assert.equal(tasks[4].title, "😀\ufffd");
	assert.deepEqual(counted(lost), { "titles-cut": 1, "notes-cut": 1, "tags-cut": 2 });
	const tags = ["TYPE,CONTENT", "section,home,", "task,A @Home @HOME,"].join("\n");
	assert.deepEqual((await text(tags, "Home.csv")).tasks[0].tags, ["Home"], "one tag, as first written");
});
test("subtasks in circles and far down are there once", async () => {
	const list = (...tasks) => text(JSON.stringify({ kind: "tasks#tasks", items: tasks }));
	const circle = await list({ id: "a", title: "A", parent: "b" }, { id: "b", title: "B", parent: "a" }, { id: "c", title: "C", parent: "c" });
	assert.deepEqual(circle.tasks, [{ title: "A" }, { title: "B" }, { title: "C" }]);
	const orphan = await list({ id: "a", title: "A", parent: "gone" });
	assert.deepEqual(orphan.tasks, [{ title: "A" }]);
	const deep = await list(...Array.from({ length: 2000 }, (_, n) => ({ id: `${n}`, title: `T${n}`, parent: `${n - 1}` })));
	assert.equal(deep.tasks.length, 1);
	const between = await list({ id: "a", title: "A" }, { id: "b", title: "B", parent: "a", due: "2026-12-01T00:00:00Z" },
		{ id: "c", title: "C", parent: "b" }, { id: "d", title: "D", parent: "c", due: "2026-12-02T00:00:00Z" });
	assert.deepEqual(between.tasks, [{ title: "A" }, { title: "B", description: "↑ A\n\n- [ ] C", due_date: "2026-12-01" },
		{ title: "D", description: "↑ B", due_date: "2026-12-02" }]);
	const nested = "[{\"title\":\"P\",\"identifier\":\"\",\"tasks\":[],\"child_projects\":".repeat(3000) + "[]" + "}]".repeat(3000);
	assert.deepEqual(keys(await text(nested)), ["no-tasks"]);
});
test("HTML becomes text, whatever it is", () => {
	for (const [html, expected] of [
		["<p>a<br>b</p><p>c</p>", "a\nb\n\nc"], ["a &amp; b &lt;i&gt; &#x1F600; &nbsp;&bogus;", "a & b <i> 😀  &bogus;"],
		["<script>alert(1)</script><style>p{}</style>x", "x"], ["<ul><li>a</li><li><p>b</p></li></ul>", "- a\n- b"],
		["1 < 2 and 3 > 2", "1 < 2 and 3 > 2"], ["<img src=\"data:x\">y", "y"], ["<a href='https://x.org'>link</a>", "link"],
		["&#0;&#x110000;", "&#0;&#x110000;"], ["<!-- note -->z", "z"], ["<p", "<p"],
	])
		assert.equal(textOfHtml(html), expected, html);
});
test("a large file takes no longer than its length", async () => {
	for (const [name, part] of [["a.csv", "TYPE,CONTENT\n"], ["a.txt", "- [ ] x\n"], ["a.txt", "  - [ ] x\n"], ["a.csv", "\""], ["a.json", "["],
		["a.txt", "<"], ["a.ics", "BEGIN:VTODO\n"], ["a.ics", ";A=B,"], ["a.csv", "task,[[file {"], ["a.csv", ",\n"]]) {
		const head = { "a.csv": "TYPE,CONTENT\n", "a.ics": "BEGIN:VCALENDAR\n" }[name] ?? "";
		const content = head + part.repeat(Math.ceil((name === "a.txt" ? 4000 : 20000) / part.length));
		const start = process.cpuUsage();
		await text(content, name);
		const { user, system } = process.cpuUsage(start);
		assert.ok(user + system < 1000000, `${name}, ${JSON.stringify(part)}: ${(user + system) / 1000} ms of the processor`);
	}
	const start = process.cpuUsage();
	textOfHtml("<".repeat(50000) + ">".repeat(10) + "<p>".repeat(20000));
	const { user, system } = process.cpuUsage(start);
	assert.ok(user + system < 1500000, `HTML: ${(user + system) / 1000} ms of the processor`);
});
test("files that were damaged on the way do no harm", async () => {
	let state = 5;
	const below = (limit) => {
		state = (state * 1103515245 + 12345) % 2147483648;
		return state % limit;
	};
	for (const name of ["todoist.csv", "ticktick.csv", "Tasks.json", "data.json", "mstodo_export.json", "outlook.csv", "tasks.ics",
		"list.md"]) {
		const whole = readFileSync(new URL(`samples/${name}`, import.meta.url), "latin1");
		const pieces = ["0", "9", "\"", ",", ":", "{}", "[]", "null", "\n", "-", "9999999999", "P", "\0", "Z", "true", ";", "\xff"];
		for (let count = 0; count < 25; count++) {
			let content = whole;
			for (let change = 0; change < 4; change++) {
				const at = below(content.length);
				content = content.slice(0, at) + pieces[below(pieces.length)] + content.slice(at + below(12));
			}
			const { tasks } = await recognise([{ name, bytes: Uint8Array.from(Buffer.from(content, "latin1")) }], options);
			for (const task of tasks) {
				assert.match(task.title, /^[^\p{Cc}\p{Cs}]{1,200}$/u);
				assert.match(task.due_date ?? "2000-01-01", /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?$/);
				assert.match(task.recursion_pattern ?? "FREQ=", /^FREQ=[A-Z0-9=;,+-]{0,95}$/);
				assert.ok([undefined, "High", "Low"].includes(task.priority));
				assert.ok((task.tags ?? []).every((tag) => /^[^\p{Cc}]{1,50}$/u.test(tag)));
			}
		}
	}
});
test("batches are as many tasks and as long as the service takes", () => {
	const many = Array.from({ length: 1201 }, (_, n) => ({ title: `T${n}` }));
	assert.deepEqual(batches(many).map((batch) => batch.length), [500, 500, 201]);
	assert.deepEqual(batches(many).flat(), many);
	const large = Array.from({ length: 120 }, (_, n) => ({ title: `T${n}`, description: "😀".repeat(10000) }));
	for (const batch of batches(large))
		assert.ok(encoded(JSON.stringify({ tasks: batch })).length <= 1 << 20);
	assert.equal(batches(large).flat().length, 120);
	assert.deepEqual(batches([]), []);
});
