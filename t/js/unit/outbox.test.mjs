// SPDX-License-Identifier: ISC
import assert from "node:assert/strict";
import { test } from "node:test";
import { clashes, createOutbox, overlay } from "../../../www/app/store/outbox.js";
import { createConnection } from "../../../www/app/store/connection.js";
import { Problem } from "../../../www/app/service/problem.js";
import { fakeClock, fakeDatabase, fakeService, settled } from "./fakes.mjs";

function make({ service = fakeService(), data, clock = fakeClock() } = {}) {
	const database = fakeDatabase(data);
	const connection = createConnection({ ...clock, random: () => 0.5 });
	const told = [];
	let holder = Promise.resolve();
	const lock = (work) => {
		const mine = holder.then(work);
		holder = mine.catch(() => {});
		return mine;
	};
	const outbox = createOutbox({ client: service, database, connection, lock: data?.lock ?? lock, told: () => {}, ...clock,
		hooks: Object.fromEntries(["sent", "failed", "merged", "dropped"].map((name) =>
			[name, (change, more) => told.push([name, change.op, more])])) });
	connection.onRetry(() => outbox.drain());
	return { service, database, connection, outbox, told, clock };
}
const temporary = (title) => ({ id: -1, title, tags: [], priority: "Medium", completed: false });

test("a change is made, and leaves the database", async () => {
	const { outbox, service, database, told } = make();
	outbox.add("create", temporary("A"), { title: "A" });
	assert.deepEqual(outbox.overlay([]).map((t) => t.title), ["A"], "seen at once");
	await settled();
	assert.deepEqual([...service.tasks.values()].map((t) => t.title), ["A"]);
	assert.equal(database.data.changes.size, 0);
	assert.equal(told[0][0], "sent");
	assert.equal(outbox.currentId(-1), 1, "its id is known");
});
test("without network it stays, and is sent once when that is back", async () => {
	const { outbox, service, database, connection, clock } = make();
	service.fail = () => new Problem(0);
	outbox.add("create", temporary("A"), { title: "A" });
	outbox.add("update", temporary("A"), { title: "A2" });
	await settled();
	assert.equal(connection.state, "offline");
	assert.equal(database.data.changes.size, 2);
	service.fail = () => null;
	await clock.pass(5000);
	await settled();
	assert.deepEqual([...service.tasks.values()].map((t) => t.title), ["A2"]);
	assert.equal(connection.state, "online");
});
test("an answer that was lost is asked for with the same key", async () => {
	const { outbox, service, clock } = make();
	const { mine } = service;
	let lost = true;
	service.mine = async (...request) => {
		const answer = await mine(...request);
		if (lost) {
			lost = false;
			throw new Problem(0);
		}
		return answer;
	};
	outbox.add("create", temporary("A"), { title: "A" });
	await settled();
	await clock.pass(5000);
	await settled();
	assert.equal(service.tasks.size, 1);
});
test("after a crash, what was kept is sent", async () => {
	const first = make();
	first.service.fail = () => new Problem(0);
	first.outbox.add("create", temporary("A"), { title: "A" });
	await settled();
	const second = make({ data: first.database.data });
	await second.outbox.start();
	assert.deepEqual([...second.service.tasks.values()].map((t) => t.title), ["A"]);
});
test("a new task whose answer was lost is not made twice", async () => {
	const { outbox, service, clock } = make();
	service.fail = () => new Problem(0);
	const a = temporary("A");
	outbox.add("create", a, { title: "A" });
	await settled();
	const there = { ...a, id: 7, created_at: new Date(clock.now()).toISOString() };
	assert.equal(outbox.isAmong(a.id, [there]), true);
	assert.equal(outbox.isAmong(a.id, [{ ...there, title: "B" }]), false);
	assert.equal(outbox.isAmong(a.id, [{ ...there, created_at: "2020-01-01T00:00:00Z" }]), false, "an older one");
	assert.equal(outbox.isAmong(7, [there]), false);
	service.fail = () => null;
	await outbox.drain();
	const made = { ...there, id: [...service.tasks.keys()][0] };
	service.fail = () => new Problem(0);
	const again = { ...a, id: a.id - 1 };
	outbox.add("create", again, { title: "A" });
	await settled();
	assert.equal(outbox.isAmong(again.id, [made]), false, "what another change made");
});
test("two tabs make a change once", async () => {
	const service = fakeService();
	let holder = Promise.resolve();
	const lock = (work) => holder = holder.then(work);
	const data = { ...fakeDatabase().data, lock };
	const one = make({ service, data });
	const two = make({ service, data });
	one.outbox.add("create", temporary("A"), { title: "A" });
	await Promise.all([one.outbox.drain(), two.outbox.drain()]);
	await settled();
	assert.equal(service.tasks.size, 1);
	assert.equal(service.asked.length, 1);
});
test("a deletion can be withdrawn for its time, then it is made", async () => {
	const { outbox, service, clock } = make();
	const task = service.make({ title: "A" });
	const n = outbox.add("delete", task, undefined, { undo: 8000 });
	await settled();
	assert.deepEqual(outbox.overlay([task]), [], "gone at once");
	assert.equal(service.tasks.size, 1);
	assert.equal(outbox.withdraw(n), true);
	assert.deepEqual(outbox.overlay([task]), [task]);
	outbox.add("delete", task, undefined, { undo: 8000 });
	await settled();
	await clock.pass(8001);
	await settled();
	assert.equal(service.tasks.size, 0);
	assert.equal(outbox.withdraw(n), false);
});
test("a deletion outlives a crash", async () => {
	const first = make();
	const task = first.service.make({ title: "A" });
	first.outbox.add("delete", task, undefined, { undo: 8000 });
	await settled();
	const { service, database, clock } = first;
	await clock.pass(0);
	const second = make({ service, data: database.data, clock: fakeClock(clock.now() + 10000) });
	await second.outbox.start();
	assert.equal(service.tasks.size, 0);
});
test("the page goes: what could be withdrawn is sent in a request that outlives it", async () => {
	const { outbox, service, database } = make();
	const task = service.make({ title: "A" });
	outbox.add("delete", task, undefined, { undo: 8000 });
	await settled();
	let kept;
	service.fail = (method, path, { keepalive }) => void (kept = keepalive);
	outbox.flush();
	await settled();
	assert.equal(kept, true);
	assert.equal(service.tasks.size, 0);
	assert.equal(database.data.changes.size, 1, "and once more at the next visit");
});
test("what the database has not taken yet is sent when the page goes, and made once", async () => {
	const { outbox, service } = make();
	const sent = [];
	service.fail = (method, path, { key, keepalive }) => void sent.push([method, key, keepalive]);
	outbox.add("create", { id: -1 }, { title: "A" });
	outbox.flush();
	assert.deepEqual(sent, [["POST", outbox.pending[0].key, true]]);
	await settled();
	assert.equal(new Set(sent.map(([, key]) => key)).size, 1);
	outbox.flush();
	await settled();
	assert.equal(sent.filter(([, , keepalive]) => keepalive).length, 1, "not what is answered");
});
test("a version that only moved is no conflict", async () => {
	const { outbox, service } = make();
	const task = { ...service.make({ title: "A" }) };
	service.change(task.id, {});
	outbox.add("update", task, { title: "B" });
	await settled();
	assert.deepEqual(outbox.conflicts, []);
	assert.equal(service.tasks.get(task.id).title, "B");
});
test("changes of different fields are both kept, and said", async () => {
	const { outbox, service, told } = make();
	const task = { ...service.make({ title: "A" }) };
	service.change(task.id, { priority: "High" });
	outbox.add("update", task, { title: "B" });
	await settled();
	const { title, priority } = service.tasks.get(task.id);
	assert.deepEqual([title, priority], ["B", "High"]);
	assert.deepEqual(told.find(([name]) => name === "merged"), ["merged", "update", ["priority"]]);
});
test("a conflict waits for a person, and nothing else waits for it", async () => {
	const { outbox, service } = make();
	const task = { ...service.make({ title: "A" }) };
	service.change(task.id, { title: "theirs" });
	outbox.add("update", task, { title: "mine" });
	outbox.add("update", task, { description: "more of mine" });
	outbox.add("create", { ...temporary("B"), id: -2 }, { title: "B" });
	await settled();
	assert.equal(service.tasks.get(task.id).title, "theirs", "nothing is overwritten");
	assert.deepEqual([...service.tasks.values()].map((t) => t.title), ["theirs", "B"]);
	const [conflict] = outbox.conflicts;
	assert.deepEqual(conflict.body, { title: "mine", description: "more of mine" }, "both edits are one question");
	assert.equal(conflict.conflict.theirs.title, "theirs");
	await outbox.resolve(conflict.n, conflict.body);
	const { title, description } = service.tasks.get(task.id);
	assert.deepEqual([title, description], ["mine", "more of mine"]);
	assert.deepEqual(outbox.pending, []);
});
test("… it outlives a reload, and theirs can be taken", async () => {
	const first = make();
	const { service, database } = first;
	const task = { ...service.make({ title: "A" }) };
	service.change(task.id, { title: "theirs" });
	first.outbox.add("update", task, { title: "mine" });
	await settled();
	const { outbox, told } = make({ service, data: database.data });
	await outbox.start();
	await outbox.resolve(outbox.conflicts[0].n, null);
	assert.equal(service.tasks.get(task.id).title, "theirs");
	assert.deepEqual(outbox.pending, []);
	assert.deepEqual(told.map(([name]) => name), ["sent", "dropped"]);
	outbox.add("update", service.tasks.get(task.id), { title: "later" });
	await settled();
	assert.equal(service.tasks.get(task.id).title, "later");
});
test("an edit of what was deleted elsewhere becomes a new task, or nothing", async () => {
	for (const keeps of [true, false]) {
		const { outbox, service } = make();
		const task = { ...service.make({ title: "A", priority: "High" }) };
		service.tasks.delete(task.id);
		outbox.add("update", task, { title: "mine" });
		await settled();
		const [conflict] = outbox.conflicts;
		assert.equal(conflict.conflict.theirs, null);
		await outbox.resolve(conflict.n, keeps ? conflict.body : null);
		assert.deepEqual([...service.tasks.values()].map((t) => [t.title, t.priority]), keeps ? [["mine", "High"]] : []);
		assert.deepEqual(outbox.pending, []);
	}
});
test("a deletion of what was changed elsewhere asks first", async () => {
	const { outbox, service } = make();
	const task = { ...service.make({ title: "A" }) };
	service.change(task.id, { title: "important" });
	outbox.add("delete", task, undefined);
	await settled();
	assert.equal(service.tasks.size, 1);
	await outbox.resolve(outbox.conflicts[0].n, undefined);
	assert.equal(service.tasks.size, 0);
});
test("deleted there and here is deleted", async () => {
	const { outbox, service } = make();
	const task = { ...service.make({ title: "A" }) };
	service.tasks.delete(task.id);
	outbox.add("delete", task, undefined);
	await settled();
	assert.deepEqual([outbox.pending, outbox.conflicts], [[], []]);
});
test("one’s own changes are no conflict", async () => {
	const { outbox, service } = make();
	const task = { ...service.make({ title: "A" }) };
	outbox.add("complete", task, { completed: true }, { zone: "Europe/Berlin" });
	await settled();
	outbox.add("update", task, { title: "B" });	// begun before
	outbox.add("update", task, { title: "C" });
	await settled();
	outbox.add("delete", task, undefined);
	await settled();
	assert.deepEqual(outbox.conflicts, []);
	assert.equal(service.tasks.size, 0);
	assert.equal(service.asked[0], "PATCH tasks/1/complete?tz=Europe%2FBerlin");
});
test("completing what moved elsewhere goes by its new date", async () => {
	const { outbox, service } = make();
	const task = { ...service.make({ title: "A", due_date: "2026-12-01", recursion_pattern: "weekly" }) };
	service.change(task.id, { due_date: "2026-12-02" });
	outbox.add("complete", task, { completed: true, next: true, due_date: "2026-12-01", recursion_pattern: "weekly" });
	await settled();
	assert.equal(service.tasks.get(task.id).completed, true);
	assert.deepEqual(outbox.pending, []);
});
test("what the service does not take is handed back, with the edits of it", async () => {
	const { outbox, service, database, told } = make();
	service.fail = (method) => method === "POST" && new Problem(422, [{ loc: ["body", "title"], msg: "Odd", type: "odd" }]);
	outbox.add("create", temporary("A"), { title: "A" });
	outbox.add("update", temporary("A"), { title: "A", description: "more" });
	await settled();
	assert.equal(told[0][0], "failed");
	assert.equal(database.data.changes.size, 0);
	assert.equal(told.length, 1);
});
test("an ended session sends nothing, and loses nothing", async () => {
	const { outbox, service, connection } = make();
	service.fail = () => new Problem(401);
	outbox.add("create", temporary("A"), { title: "A" });
	await settled();
	assert.equal(connection.state, "expired");
	assert.equal(outbox.pending.length, 1);
	service.fail = () => null;
	connection.worked();
	await outbox.drain();
	assert.equal(service.tasks.size, 1);
});
test("a database that keeps nothing: the changes are sent all the same", async () => {
	const { outbox, service, database } = make();
	database.broken = true;
	database.changes.write = database.changes.all = async () => undefined;
	outbox.add("create", temporary("A"), { title: "A" });
	outbox.add("create", { ...temporary("B"), id: -2 }, { title: "B" });
	await settled();
	assert.equal(service.tasks.size, 2);
	assert.deepEqual(outbox.pending, []);
});
test("overlay: the tasks as they are after all changes", () => {
	const tasks = [{ id: 1, title: "A" }, { id: 2, title: "B" }];
	assert.deepEqual(overlay(tasks, [{ op: "update", id: 1, body: { title: "A2" } }, { op: "delete", id: 2 },
		{ op: "complete", id: 1, body: { completed: true, next: true } }, { op: "update", id: 9, body: { title: "?" } },
		{ op: "create", id: -1, body: { title: "C" }, before: { id: -1, tags: [] } }]),
	[{ id: 1, title: "A2", completed: true }, { id: -1, tags: [], title: "C" }]);
});
test("clashes: the date, the zone and the repetition are one thing", () => {
	const before = { title: "A", due_date: "2026-12-01", recursion_pattern: null };
	assert.deepEqual(clashes({ title: "B" }, before, { ...before, due_date: "2026-12-02" }), []);
	assert.deepEqual(clashes({ recursion_pattern: "weekly" }, before, { ...before, due_date: "2026-12-02" }), ["recursion_pattern"]);
	assert.deepEqual(clashes({ title: "B" }, before, { ...before, title: "B" }), [], "the same change");
});
