// SPDX-License-Identifier: ISC
import assert from "node:assert/strict";
import { test } from "node:test";
import { createCounts } from "../../../www/app/store/counts.js";
import { createList } from "../../../www/app/store/list.js";
import { finds, fits, insert, orderOf, parametersOf } from "../../../www/app/store/query.js";
import { overlay } from "../../../www/app/store/outbox.js";
import { addressOf, placeOf, USUAL } from "../../../www/app/router.js";
import { Problem } from "../../../www/app/service/problem.js";
import { fakeDatabase, settled } from "./fakes.mjs";

const place = { zone: "America/Los_Angeles", first: 7, now: Date.parse("2026-11-26T20:00:00Z"), today: "2026-11-26" };	// noon
const query = (q = {}) => ({ show: "open", due: "", priority: "", tag: "", q: "", sort: "due", ...q });
let serial = 0;
const task = (t) => ({ id: ++serial, title: "T", description: null, due_date: null, priority: "Medium", tags: [], completed: false, ...t });

test("router: nonsense in the address is the usual, and the usual is not said", () => {
	assert.deepEqual(placeOf("?due=constructor&view=__proto__&sort=title&priority=high&month=0000-01"), USUAL);
	assert.deepEqual(["?show=done", "?show=all", "?tag=x", "?q=x&show=all", "?due=today"].map((old) => placeOf(old).view),
		["logbook", "all", "all", "all", "today"], "bookmarks of earlier releases");
	assert.deepEqual(placeOf(`?view=today&q=${"x".repeat(101)}&tag=${"x".repeat(51)}`), USUAL);
	assert.equal(addressOf({ ...USUAL, view: "all", tag: "a&b", sort: "due" }), "?view=all&tag=a%26b");
	assert.equal(placeOf(addressOf({ ...USUAL, view: "all", tag: "a&b" })).tag, "a&b");
});
test("query: the calendar on the wall, west of UTC", () => {
	const all = [task({ title: "after, all day", due_date: "2026-11-28" }), task({ title: "tomorrow 18:00", due_date: "2026-11-28T02:00:00Z" }),
		task({ title: "none" }), task({ title: "tomorrow, all day", due_date: "2026-11-27" }),
		task({ title: "today 17:00", due_date: "2026-11-27T01:00:00Z" })];
	assert.deepEqual(all.sort(orderOf("due", place.zone)).map((t) => t.title),
		["today 17:00", "tomorrow, all day", "tomorrow 18:00", "after, all day", "none"]);
	assert.deepEqual(all.sort(orderOf("-due", place.zone))[0].title, "none");
	const tokyo = task({ due_date: "2026-11-28T02:00:00Z", time_zone: "Asia/Tokyo" });	// 11:00 on the 28th
	assert.equal(typeof orderOf("due", place.zone)(task({ due_date: "2026-11-28T02:00:00Z", time_zone: "Mars/Base" }), all[0]), "number");
	assert.equal(orderOf("due", place.zone)(all.find((t) => t.title === "after, all day"), tokyo) < 0, true, "a task’s own zone");
});
test("query: what belongs to a view", () => {
	const due = (due_date, q, more) => fits(task({ due_date, ...more }), query(q), place);
	assert.equal(due("2026-11-27T01:00:00Z", { due: "now" }), true, "17:00 there");
	assert.equal(due("2026-11-27T09:00:00Z", { due: "now" }), false);
	assert.equal(due("2026-11-26", { due: "now" }), true);
	assert.equal(due("2020-01-01", { due: "now" }), true, "what is overdue");
	assert.equal(due(null, { due: "now" }), false);
	assert.equal(due("2026-11-26", { due: "ahead" }), true, "today is a part of what comes");
	assert.equal(due("2026-11-25", { due: "ahead" }), false);
	assert.equal(due(null, { due: "ahead" }), false);
	const done = (completed_at) => due(null, { show: "done", due: "done today" }, { completed: true, completed_at });
	assert.deepEqual(["2026-11-26T09:00:00Z", "2026-11-26T07:00:00Z", null].map(done), [true, false, true]);
	assert.equal(due(null, { show: "done" }, { completed: true }), true);
	assert.equal(due(null, { show: "open" }, { completed: true }), false);
	assert.equal(due(null, { tag: "x" }, { tags: ["x"] }), true);
	assert.equal(due(null, { priority: "High" }), false);
});
test("query: what the service is asked", () => {
	assert.deepEqual(parametersOf(query({ due: "now" }), place), { completed: false, sort: "due", tz: place.zone,
		due_before: "2026-11-27T00:00:00-08:00" });
	assert.deepEqual(parametersOf(query({ due: "ahead", tag: "x" }), place), { completed: false, tag: "x", sort: "due", tz: place.zone,
		due_after: "2026-11-26T00:00:00-08:00" });
	assert.deepEqual(parametersOf(query({ show: "done", due: "done today", sort: "-completed" }), place),
		{ completed: true, sort: "-completed", tz: place.zone, completed_after: "2026-11-26" });
});
test("query: words are found in any case, with and without accents", () => {
	for (const [title, q] of [["İstanbul", "istanbul"], ["ΟΔΟΣ", "οδοσ"], ["Ärger", "arger"], ["Straße", "STRASSE"], ["cafe\u0301", "café"]])
		assert.equal(finds(task({ title }), q), true, q);
	assert.equal(finds(task({ tags: ["home"] }), "HOME"), true);
	assert.equal(finds(task({}), "x"), false);
});
test("insert: into the order", () => {
	const order = (a, b) => a - b;
	for (let n = 0; n <= 6; n++) {
		const list = [1, 3, 5];
		insert(list, n, order);
		assert.deepEqual(list, [...list].sort(order));
	}
});

// A list over tasks, in pages of the service.
function make(tasks, { pageSize = 100 } = {}) {
	const pending = [];
	const state = { tasks, fail: null, asked: [], version: 1 };
	const client = { async mine(method, path, { unless }) {
		state.asked.push(path);
		if (state.fail)
			throw state.fail;
		const q = new URLSearchParams(path.split("?")[1]);
		if (unless === `"${state.version}"`)
			return { status: 304, json: null, headers: new Headers() };
		const from = Number(q.get("cursor") ?? 0);
		const size = Number(q.get("limit"));
		const more = state.tasks.length > from + size;
		return { status: 200, json: state.tasks.slice(from, from + size), headers: new Headers({ etag: `"${state.version}"`,
			...more && { link: `</api/1/tasks?limit=${size}&cursor=${from + size}>; rel="next"` } }) };
	} };
	const connection = { state: "online", worked() {}, failed: (p) => p.passes };
	const outbox = { pending, isAmong: () => false, overlay: (all) => overlay(all, pending) };
	const database = fakeDatabase();
	const list = createList({ client, database, outbox, connection, where: () => place, pageSize, changed() {} });
	return { list, state, pending, database, titles: () => list.tasks.map((t) => t.title) };
}
test("list: the service’s order and choice are taken as they are", async () => {
	const { list, titles } = make([task({ title: "ΟΔΟΣ" }), task({ title: "not even like it" })]);
	await list.open(query({ q: "zzz" }));
	assert.deepEqual(titles(), ["ΟΔΟΣ", "not even like it"]);
});
test("list: a change is seen where it belongs, at once", async () => {
	const a = task({ title: "A", due_date: "2026-12-01" });
	const b = task({ title: "B", due_date: "2026-12-03" });
	const { list, pending, titles } = make([a, b]);
	await list.open(query());
	pending.push({ op: "create", id: -1, before: task({ id: -1, title: "C", due_date: "2026-12-02" }), body: {} });
	pending.push({ op: "update", id: a.id, before: a, body: { due_date: "2026-12-09" } });
	list.redraw();
	assert.deepEqual(titles(), ["C", "B", "A"]);
	pending.push({ op: "complete", id: b.id, before: b, body: { completed: true } });
	list.redraw();
	assert.deepEqual(titles(), ["C", "A"]);
});
test("list: page by page, and the rest after the last of them is not guessed", async () => {
	const tasks = [1, 2, 3, 4, 5].map((n) => task({ title: String(n), due_date: `2026-12-0${n}` }));
	const { list, pending, titles, state } = make(tasks, { pageSize: 2 });
	await list.open(query());
	assert.equal(state.asked.length, 1);
	assert.deepEqual([titles(), list.whole], [["1", "2"], false]);
	pending.push({ op: "update", id: tasks[0].id, before: tasks[0], body: { due_date: "2026-12-31" } });
	list.redraw();
	assert.deepEqual(titles(), ["2"], "it is somewhere after them");
	pending.pop();
	await list.more();
	await list.more();
	assert.deepEqual([titles(), list.whole], [["1", "2", "3", "4", "5"], true]);
	await list.refresh();
	assert.equal(titles().length, 5);
	await list.open(query());
	const more = list.more();
	await list.rest();
	await more;
	assert.deepEqual([titles().length, list.whole], [5, true], "all at once, also while more is on its way");
	await list.open(query());
	state.fail = new Problem(0);
	await list.rest();
	assert.equal(list.whole, false, "without network it ends, too");
});
test("list: asked in vain if nothing changed", async () => {
	const { list, state, titles } = make([task({ title: "A" })]);
	await list.open(query());
	state.tasks = [];
	await list.refresh();
	assert.deepEqual(titles(), ["A"], "304");
	state.version++;
	await list.refresh();
	assert.deepEqual(titles(), []);
});
test("list: without network, what was seen before; then what is there", async () => {
	const first = make([task({ title: "A" }), task({ title: "B", completed: true })]);
	await first.list.open(query({ show: "all" }));
	await settled();
	const { list, state, titles } = first;
	state.fail = new Problem(0);
	await list.open(query());
	assert.deepEqual(titles(), ["A"]);
	state.fail = null;
	state.tasks = [task({ title: "C" })];
	await list.refresh();
	assert.deepEqual(titles(), ["C"]);
	await settled();
	assert.deepEqual((await first.database.tasks.all()).map((t) => t.title).sort(), ["B", "C"], "what is gone elsewhere is not kept");
});
test("list: a change that was made is where the answer says", async () => {
	const a = task({ title: "A", due_date: "2026-12-01" });
	const { list, titles } = make([a, task({ title: "B", due_date: "2026-12-02" })]);
	await list.open(query());
	list.settle(a.id, { ...a, due_date: "2026-12-03" });
	assert.deepEqual(titles(), ["B", "A"]);
	list.settle(a.id, { ...a, completed: true });
	list.settle(-1, task({ title: "C", due_date: "2026-12-01" }));
	assert.deepEqual(titles(), ["C", "B"]);
	list.settle(list.tasks[0].id, null);
	assert.deepEqual(titles(), ["B"]);
});

test("counts: by today and open, with our changes; without network of what was seen", async () => {
	const [late, today, later] = ["2026-11-01", "2026-11-26", "2026-11-27"].map((due_date) => task({ title: due_date, due_date }));
	const pending = [];
	const state = { fail: null, asked: [] };
	const client = { async mine(method, path) {
		state.asked.push(path);
		if (state.fail)
			throw state.fail;
		return { json: { open: 3, overdue: 2, tags: [] } };
	} };
	const database = fakeDatabase();
	await database.tasks.write([late, later, task({ completed: true, due_date: "2026-11-26" })]);
	const make = () => createCounts({ client, database, outbox: { pending, overlay: (all) => overlay(all, pending) },
		where: () => place, changed() {} });
	const counts = make();
	const both = () => [counts.of("today"), counts.of("open")];
	await counts.refresh();
	assert.deepEqual(state.asked, ["counts?now=2026-11-27T00%3A00%3A00-08%3A00&tz=America%2FLos_Angeles"]);
	assert.deepEqual(both(), [2, 3]);
	const done = { op: "complete", id: today.id, before: today, body: { completed: true } };
	const fresh = task({ id: -1, due_date: "2026-11-26" });
	const made = { op: "create", id: -1, before: fresh, body: {} };
	pending.push(done, { op: "update", id: later.id, before: later, body: { due_date: "2026-11-26" } }, made,
		{ op: "update", id: -1, before: fresh, body: { due_date: null } }, { op: "delete", id: late.id, before: late });
	assert.deepEqual(both(), [1, 2], "one done, one gone, one more today, a new one without a date");
	pending.splice(0, 1);
	counts.settle(done, { ...today, completed: true });
	assert.deepEqual(both(), [1, 2], "a change that was made");
	pending.splice(1, 1);
	counts.settle(made, fresh);
	pending[1].before = fresh;
	assert.deepEqual(both(), [1, 2], "a task that was made");
	state.fail = new Problem(0);
	await counts.refresh();
	assert.deepEqual(both(), [1, 2], "as it was");
	pending.length = 0;
	const kept = make();
	await kept.refresh();
	assert.deepEqual([kept.of("today"), kept.of("open")], [1, 2], "as this browser has seen it");
});
