// SPDX-License-Identifier: ISC
// When tasks ring: once, in whichever tab, and again when somebody said later.
import assert from "node:assert/strict";
import { test } from "node:test";
import { comingRings, createRings } from "../../../www/app/store/rings.js";
import { createStorage } from "../../../www/app/store/storage.js";
import { Problem } from "../../../www/app/service/problem.js";
import { fakeClock, settled } from "./fakes.mjs";

const MINUTE = 60000;
const START = Date.parse("2026-11-26T10:00:00Z");
const at = (minutes) => new Date(START + minutes * MINUTE).toISOString().replace(".000Z", "Z");
const task = (id, due_date, more = {}) => ({ id, title: `Task ${id}`, due_date, completed: false, ...more });

// What tabs of one browser share, and the tasks of the service.
function browser(tasks = []) {
	const backing = {
		getItem: (name) => backing[name] ?? null,
		setItem: (name, text) => backing[name] = text,
		removeItem: (name) => delete backing[name],
	};
	const held = new Set();
	return {
		tasks,
		clock: fakeClock(START),
		storage: () => createStorage("test ", backing),
		locks: {
			async request(name, options, work) {
				if (held.has(name))
					return work(null);
				held.add(name);
				await work({});
				held.delete(name);
			},
		},
	};
}
// A tab of it: rung is what a person is told outside of the page, as long as they let it.
function tab(shared, options = {}) {
	const { clock } = shared;
	const rung = [];
	const hushed = [];
	const rings = createRings({
		soon: { get entries() { return shared.tasks; }, async open() {}, async refresh() {} },
		storage: shared.storage(),
		locks: shared.locks,
		name: "test",
		where: () => ({ today: new Date(clock.now()).toISOString().slice(0, 10) }),
		look: async (id) => shared.tasks.find((t) => t.id === id),
		say: async (ring) => Boolean(rung.push(ring)),
		hush: (key) => hushed.push(key),
		changed() {},
		...clock,
		...options,
	});
	return { rings, rung, hushed };
}
// The clock goes on, a timer at a time.
async function pass(clock, minutes) {
	for (let n = 0; n < minutes * 6; n++) {
		await clock.pass(MINUTE / 6);
		await settled();
	}
}

test("what rings next: at a time, still to be done, not yet", () => {
	const tasks = [task(1, at(5)), task(2, "2026-11-26"), task(3, null), task(4, at(1)), task(5, at(3), { completed: true }),
		task(6, at(2), { recurring: true }), task(7, at(-3)), task(8, at(4))];
	const rings = [{ id: 8, due: START + 4 * MINUTE, at: START + 4 * MINUTE, state: "over" },
		{ id: 9, due: START - 9 * MINUTE, at: START + 2 * MINUTE, state: "later" }];
	assert.deepEqual(comingRings(tasks, rings, START).map(({ id }) => id), [4, 9, 1]);
});
test("it rings when it is due, once, and not again after a reload", async () => {
	const shared = browser([task(1, at(2))]);
	const { rings, rung } = tab(shared);
	await rings.start();
	await pass(shared.clock, 1.5);
	assert.deepEqual(rung, []);
	await pass(shared.clock, 1);
	assert.deepEqual(rung.map(({ id, title }) => [id, title]), [[1, "Task 1"]]);
	await pass(shared.clock, 3);
	const again = tab(shared);
	await again.rings.start();
	await pass(shared.clock, 3);
	assert.deepEqual([rung.length, again.rung.length], [1, 0]);
});
test("a page that is opened just after it was due rings; one that is opened later does not", async () => {
	const shared = browser([task(1, at(-0.5)), task(2, at(-10))]);
	const { rings, rung } = tab(shared);
	await rings.start();
	await pass(shared.clock, 1);
	assert.deepEqual(rung.map(({ id }) => id), [1]);
});
test("of several tabs one rings", async () => {
	const shared = browser([task(1, at(1))]);
	const tabs = [tab(shared), tab(shared), tab(shared)];
	await Promise.all(tabs.map(({ rings }) => rings.start()));
	await pass(shared.clock, 6);
	assert.equal(tabs.flatMap(({ rung }) => rung).length, 1);
});
test("a device that slept rings late", async () => {
	const shared = browser([task(1, at(30)), task(2, at(40))]);
	const { rings, rung } = tab(shared);
	await rings.start();
	await shared.clock.pass(120 * MINUTE);
	await settled();
	assert.deepEqual(rung.map(({ id }) => id), [1, 2]);
});
test("what another device has done, deleted or moved does not ring", async () => {
	const shared = browser([task(1, at(1)), task(2, at(1)), task(3, at(1))]);
	const now = { 1: task(1, at(1), { completed: true }), 2: undefined, 3: task(3, at(9)) };
	const { rings, rung } = tab(shared, { look: async (id) => now[id] });
	await rings.start();
	await pass(shared.clock, 2);
	assert.deepEqual([rung, rings.open], [[], []]);
});
test("if that can’t be asked, it rings; if there is no such task, it does not", async () => {
	const shared = browser([task(1, at(1)), task(2, at(1))]);
	const { rings, rung } = tab(shared, { look: (id) => Promise.reject(new Problem(id === 1 ? 500 : 404)) });
	await rings.start();
	await pass(shared.clock, 2);
	assert.deepEqual(rung.map(({ id }) => id), [1]);
});
test("later rings later, also after a reload, as long as it is to be done", async () => {
	const shared = browser([task(1, at(1)), task(2, at(1))]);
	const first = tab(shared);
	await first.rings.start();
	await pass(shared.clock, 2);
	const [one, two] = first.rung;
	first.rings.later(one.key, 10);
	first.rings.later(two.key, 60);
	assert.deepEqual(first.hushed, [one.key, two.key]);
	await pass(shared.clock, 8);
	assert.equal(first.rung.length, 2);
	const { rings, rung } = tab(shared);
	await rings.start();
	await pass(shared.clock, 3);
	assert.deepEqual([...first.rung.slice(2), ...rung].map(({ id }) => id), [1]);
	shared.tasks.length = 1;
	await pass(shared.clock, 60);
	assert.equal(first.rung.length + rung.length, 3);
});
test("what can’t be said outside of the page stands in it, in all tabs, until it is answered", async () => {
	const shared = browser([task(1, at(1))]);
	const [one, two] = [tab(shared, { say: async () => false }), tab(shared, { say: async () => false })];
	await Promise.all([one.rings.start(), two.rings.start()]);
	await pass(shared.clock, 2);
	one.rings.reread();
	two.rings.reread();
	assert.deepEqual([one, two].map(({ rings }) => rings.open.map(({ title }) => title)), [["Task 1"], ["Task 1"]]);
	one.rings.over(one.rings.open[0].key);
	two.rings.reread();
	assert.deepEqual([one, two].map(({ rings }) => rings.open), [[], []]);
});
test("a task that is done, deleted or moved in this browser rings no more, a new one keeps its ring", async () => {
	const ended = [{ op: "complete", body: { completed: true } }, { op: "delete" }, { op: "update", body: { due_date: at(9) } }];
	for (const change of ended) {
		const shared = browser([task(-5, at(1))]);
		const { rings, rung, hushed } = tab(shared);
		await rings.start();
		await pass(shared.clock, 2);
		rings.rename(-5, 5);
		rings.changesAre([{ id: 5, op: "update", body: { title: "B" } }, { id: 6, ...change }]);
		assert.deepEqual([rung.length, hushed], [1, []], change.op);
		rings.changesAre([{ id: 5, ...change }]);
		assert.deepEqual(hushed, [rung[0].key], change.op);
	}
});
test("what another device does ends it, too; nothing is left of it after logging out", async () => {
	const shared = browser([task(1, at(1)), task(2, at(1))]);
	const { rings } = tab(shared, { say: async () => false });
	await rings.start();
	await pass(shared.clock, 2);
	assert.equal(rings.open.length, 2);
	shared.tasks.shift();
	await rings.refresh();
	assert.deepEqual(rings.open.map(({ id }) => id), [2]);
	rings.forget();
	assert.deepEqual([rings.open, shared.storage().names()], [[], []]);
});
