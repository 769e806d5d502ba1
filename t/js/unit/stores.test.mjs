// SPDX-License-Identifier: ISC
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAgenda } from "../../../www/app/store/agenda.js";
import { createActions } from "../../../www/app/store/actions.js";
import { makeAll, missing } from "../../../www/app/store/backup.js";
import { createComposition } from "../../../www/app/store/composition.js";
import { createConnection } from "../../../www/app/store/connection.js";
import { createDatabase } from "../../../www/app/store/database.js";
import { createDrafts } from "../../../www/app/store/drafts.js";
import { bodyOf, faultOf, tagsOf, valuesOf } from "../../../www/app/store/fields.js";
import { createStorage } from "../../../www/app/store/storage.js";
import { createVersions } from "../../../www/app/store/versions.js";
import { parse } from "../../../www/app/quickadd/parse.js";
import { createClient } from "../../../www/app/service/client.js";
import { Problem } from "../../../www/app/service/problem.js";
import { createSession } from "../../../www/app/service/session.js";
import { etagOf, taskOf } from "../../../www/app/service/task.js";
import { fakeClock, settled } from "./fakes.mjs";

const NOW = Date.parse("2026-11-26T10:00:00Z");

// localStorage: its keys are its own properties.
function backing() {
	const b = {};
	for (const [name, value] of Object.entries({
		getItem: (key) => b[key] ?? null,
		setItem: (key, text) => void (b[key] = text),
		removeItem: (key) => delete b[key],
	}))
		Object.defineProperty(b, name, { value, writable: true });
	return b;
}
const broken = () => new Proxy({}, { get() {
	throw new Error("The operation is insecure.");
} });

test("storage: below a name of its own, two installations share nothing", () => {
	const b = backing();
	const [one, two] = [createStorage("todo /a/ ", b), createStorage("todo /b/ ", b)];
	assert.equal(one.set("session", { id: 1 }), true);
	assert.equal(two.get("session"), null);
	assert.deepEqual(createStorage("todo /a/ ", b).get("session"), { id: 1 });
	one.set("draft:1", 1);
	two.set("draft:2", 1);
	assert.deepEqual(one.names("draft:"), ["draft:1"]);
	one.remove("session");
	assert.equal(one.get("session"), null);
	assert.equal(one.is("todo /a/ session", "session"), true);
	assert.equal(one.is("todo /b/ session", "session"), false);
});
test("storage: where there is none, it lasts as long as the page", () => {
	for (const none of [broken(), undefined]) {
		const s = createStorage("x ", none);
		assert.equal(s.set("a", [1]), false);
		assert.deepEqual([s.get("a"), s.names()], [[1], ["a"]]);
		s.remove("a");
		assert.equal(s.get("a"), null);
	}
});
test("storage: nonsense that something else wrote is nothing", () => {
	const b = backing();
	b["x session"] = "{";
	assert.equal(createStorage("x ", b).get("session"), null);
});
test("drafts are kept by task, and go with the id", () => {
	const drafts = createDrafts({ storage: createStorage("x ", backing()) });
	drafts.keep(-5, { values: 1 });
	drafts.rename(-5, 12);
	assert.deepEqual([drafts.get(12), drafts.get(-5), drafts.ids()], [{ values: 1 }, null, ["12"]]);
	drafts.drop(12);
	assert.deepEqual(drafts.ids(), []);
});
test("versions: an edit goes by what our own writes made of its version", () => {
	const v = createVersions();
	v.follows(1, "a", "b");
	v.follows(1, "b", "c");
	v.follows(1, "c", "c");
	v.follows(1, undefined, "x");
	assert.deepEqual([v.latest(1, "a"), v.latest(1, "c"), v.latest(2, "a"), v.latest(1, undefined)], ["c", "c", "a", undefined]);
	v.follows(1, "c", "a");
	assert.ok(["a", "b", "c"].includes(v.latest(1, "a")), "a ring ends");
});

const jwt = (iat, exp) => `x.${Buffer.from(JSON.stringify({ iat, exp })).toString("base64url")}.y`;
const login = (token) => ({ access_token: token, user_id: "7", username: "ann", email: "ann@example.org" });
test("session: renewed after a third of a short life, after a day of a long one", () => {
	let now = NOW;
	const session = createSession({ storage: createStorage("x ", backing()), now: () => now });
	assert.equal(session.isDue, false);
	const at = NOW / 1000;
	for (const [life, after] of [[1800, 600], [60 * 86400, 86400]]) {
		now = NOW;
		session.start(login(jwt(at, at + life)));
		now = NOW + (after - 1) * 1000;
		assert.equal(session.isDue, false, `${life} s, too early`);
		now = NOW + (after + 1) * 1000;
		assert.equal(session.isDue, true, `${life} s`);
	}
	session.start(login("nonsense"));
	assert.equal(session.isDue, false);
});
test("session: a refused token is its end, a newer one is not", () => {
	const session = createSession({ storage: createStorage("x ", backing()) });
	session.start(login("one"));
	session.refuse("zero");
	assert.equal(session.expired, false);
	session.refuse("one");
	assert.equal(session.expired, true);
	session.start(login("two"));
	assert.equal(session.expired, false);
	session.end();
	assert.deepEqual([session.account, session.expired], [null, false]);
});

// A service that answers from a list.
function client(answers, session = createSession({ storage: createStorage("x ", backing()) })) {
	const asked = [];
	const fetch = async (url, request) => {
		asked.push({ url: String(url), ...request });
		const answer = answers.shift();
		if (answer instanceof Error)
			throw answer;
		return new Response(answer.body ?? "null", answer);
	};
	return { asked, session, ...createClient({ base: new URL("https://example.org/todo/"), session, fetch }) };
}
const problemOf = (promise) => promise.then(() => null, (p) => p);
test("client: paths are below the page’s, writes have a key, the token is sent", async () => {
	const c = client([{ body: "{}" }, { body: "{}" }]);
	c.session.start(login("tok"));
	await c.mine("POST", "tasks", { body: { title: "A" } });
	await c.mine("GET", "tasks", { unless: '"1"' });
	const [post, get] = c.asked;
	assert.equal(post.url, "https://example.org/todo/api/7/tasks");
	assert.equal(post.headers.authorization, "Bearer tok");
	assert.match(post.headers["idempotency-key"], /^\d+-\d+-\d+-\d+$/);
	assert.equal(get.headers["idempotency-key"], undefined);
	assert.equal(get.headers["if-none-match"], '"1"');
});
test("client: what goes wrong is told apart", async () => {
	const fields = { detail: [{ loc: ["body", "tasks", 3, "title"], msg: "Odd", type: "odd" }] };
	for (const [answer, kind, wait, passes] of [
		[new TypeError("Failed to fetch"), "offline", null, true],
		[{ status: 401 }, "expired", null, false],
		[{ status: 404, body: '{"detail":"x"}' }, "gone", null, false],
		[{ status: 409, body: '{"detail":"Username already taken"}' }, "refused", null, false],
		[{ status: 412 }, "conflict", null, false],
		[{ status: 422, body: JSON.stringify(fields) }, "invalid", null, false],
		[{ status: 429, headers: { "retry-after": "7" } }, "busy", 7, true],
		[{ status: 500 }, "failed", null, false],
		[{ status: 503 }, "busy", 2, true],
		[{ status: 502, body: "<html>" }, "busy", 2, true],
		[{ status: 200, body: "<html>" }, "busy", 2, true],
	]) {
		const c = client([answer]);
		c.session.start(login("tok"));
		const problem = await problemOf(c.mine("GET", "tasks"));
		assert.deepEqual([problem.kind, problem.wait, problem.passes], [kind, wait, passes], JSON.stringify(answer));
		if (kind === "invalid")
			assert.deepEqual(problem.fields, [{ name: "title", type: "odd", index: 3 }]);
	}
});
test("client: an ended session asks nothing more; another tab’s token is taken", async () => {
	const c = client([{ status: 401 }, { body: "{}" }]);
	c.session.start(login("old"));
	const asking = c.mine("GET", "tasks");
	c.session.start(login("new"));		// by another tab, meanwhile
	assert.equal((await asking).status, 200);
	assert.deepEqual(c.asked.map((r) => r.headers.authorization), ["Bearer old", "Bearer new"]);
	c.session.refuse("new");
	assert.equal((await problemOf(c.mine("GET", "tasks"))).kind, "expired");
	assert.equal(c.asked.length, 2);
});
test("client: renewal happens when it is due, and never fails", async () => {
	const at = Math.floor(Date.now() / 1000);
	const c = client([{ body: JSON.stringify(login("new")) }, new TypeError("no network"), { status: 404 }, { status: 401 }]);
	c.session.start(login(jwt(at - 10, at + 1790)));
	await c.renew();
	assert.equal(c.asked.length, 0, "too early");
	c.session.start(login(jwt(at - 700, at + 1100)));
	await c.renew();
	assert.deepEqual([c.asked[0].url, c.session.account.token], ["https://example.org/todo/api/auth/renew", "new"]);
	for (let i = 0; i < 3; i++) {
		c.session.start(login(jwt(at - 700, at + 1100)));
		await c.renew();
	}
	assert.equal(c.session.expired, true, "the last was a 401");
});

test("connection: the pause grows, is at most a minute, and is not the same for all", async () => {
	const clock = fakeClock();
	const pauses = [];
	const connection = createConnection({ ...clock, random: () => 0.5,
		setTimeout: (act, ms) => (pauses.push(ms / 1000), clock.setTimeout(act, ms)) });
	let tries = 0;
	connection.onRetry(() => {
		tries++;
		connection.failed(new Problem(0));
	});
	connection.failed(new Problem(0));
	connection.failed(new Problem(0));	// at the same time
	for (let i = 0; i < 7; i++)
		await clock.pass(60001);
	assert.deepEqual(pauses, [2, 4, 8, 16, 32, 60, 60, 60]);
	assert.equal(tries, 7);
	connection.worked();
	assert.deepEqual([connection.state, connection.retryAt], ["online", null]);
	const spread = [0, 1].map((r) => {
		const c = createConnection({ ...fakeClock(), random: () => r });
		c.failed(new Problem(503, null, 10));
		return c.retryAt - fakeClock().now();
	});
	assert.deepEqual(spread, [10000, 11500], "never before the service says");
});
test("connection: an ended session is not tried again", async () => {
	const clock = fakeClock();
	const connection = createConnection({ ...clock });
	connection.onRetry(() => assert.fail());
	connection.failed(new Problem(0));
	connection.failed(new Problem(401));
	await clock.pass(1e6);
	assert.equal(connection.state, "expired");
	connection.lost(new Problem(0));
	assert.equal(connection.state, "expired");
	assert.equal(connection.failed(new Problem(422)), false);
});

test("a task’s version, as lists have it", () => {
	assert.equal(etagOf({ updated_at: "2000-01-01T00:00:01.5Z" }), `"${(1500000).toString(16)}"`);
	assert.equal(etagOf({ updated_at: "2000-01-01T00:00:01.000001Z" }), `"${(1000001).toString(16)}"`);
	assert.equal(etagOf({}), undefined);
	assert.deepEqual(taskOf({ tags: "a, b" }).tags, ["a", "b"]);
	assert.deepEqual(taskOf({ tags: null }).tags, []);
});

const BERLIN = "Europe/Berlin";
test("fields: what a form changes, and nothing else", () => {
	const task = { title: "A", due_date: "2026-12-01T10:00:00.123000Z", priority: "High", tags: ["a, b"], description: null, recursion_pattern: null };
	const values = valuesOf(task, BERLIN);
	assert.deepEqual(values, { title: "A", date: "2026-12-01", time: "11:00", priority: "High", tags: "a, b", recursion_pattern: "", description: "" });
	assert.deepEqual(bodyOf(values, task, BERLIN, NOW), {}, "nothing is rounded or split");
	assert.deepEqual(bodyOf({ ...values, time: "12:30" }, task, BERLIN, NOW), { due_date: "2026-12-01T11:30:00Z" });
	assert.deepEqual(bodyOf({ ...values, time: "" }, task, BERLIN, NOW), { due_date: "2026-12-01" });
	assert.deepEqual(bodyOf({ ...values, date: "", time: "" }, task, BERLIN, NOW), { due_date: null });
	assert.deepEqual(bodyOf({ ...values, date: "" }, task, BERLIN, NOW), { due_date: "2026-11-26T10:00:00Z" }, "today");
	assert.deepEqual(bodyOf({ ...values, tags: "x, #Y, y", description: " n " }, task, BERLIN, NOW), { tags: ["x", "Y"], description: "n" });
});
test("fields: what repeats at a time goes by the zone where that was said", () => {
	const values = { ...valuesOf({}, BERLIN), title: "A", date: "2026-12-01", time: "08:00", recursion_pattern: "weekly" };
	const body = bodyOf(values, {}, "Asia/Tokyo", NOW);
	assert.deepEqual([body.due_date, body.time_zone], ["2026-11-30T23:00:00Z", "Asia/Tokyo"]);
	assert.equal("time_zone" in bodyOf({ ...values, time: "" }, {}, "Asia/Tokyo", NOW), false);
	const task = { ...body, tags: [] };
	assert.deepEqual(bodyOf({ ...valuesOf(task, BERLIN), description: "x" }, task, BERLIN, NOW), { description: "x" }, "a traveller’s edit leaves it");
	assert.equal(bodyOf({ ...valuesOf(task, BERLIN), recursion_pattern: "" }, task, BERLIN, NOW).time_zone, null);
});
test("fields: what is wrong is found before it is sent", () => {
	const fault = (values) => faultOf({ ...valuesOf({}, BERLIN), title: "A", ...values });
	assert.equal(fault({}), null);
	assert.equal(fault({ title: "😀".repeat(200) }), null, "letters are code points");
	assert.deepEqual(fault({ title: "😀".repeat(201) }), { name: "title", rule: "long" });
	assert.deepEqual(fault({ title: "  " }), { name: "title", rule: "empty" });
	assert.deepEqual(fault({ tags: "x".repeat(51) }), { name: "tags", rule: "long" });
	assert.deepEqual(fault({ description: "x".repeat(10001) }), { name: "description", rule: "long" });
	assert.deepEqual(fault({ date: "0026-02-15" }), { name: "date", rule: "year" });
	assert.deepEqual(fault({ date: "2026-02-30" }), { name: "date", rule: "day" });
	assert.deepEqual(tagsOf(" #home, ,Work, home , # x"), ["home", "Work", "x"]);
});
test("composition: what is set by hand stays, what is refused is the title’s", () => {
	const zone = BERLIN;
	const c = createComposition({ parse: (line, refused) => parse(line, { now: NOW, zone, refused }), where: () => ({ zone, now: NOW }) });
	c.type("Pay !high #home #work tomorrow");
	assert.deepEqual(c.body, { title: "Pay", priority: "High", tags: ["home", "work"], due_date: "2026-11-27" });
	c.set("date", "2026-12-01");
	c.type("Pay rent !high #home #work tomorrow");
	assert.deepEqual(c.body, { title: "Pay rent", priority: "High", tags: ["home", "work"], due_date: "2026-12-01" });
	c.refuse("priority");
	c.refuse("tags", "home");
	assert.deepEqual(c.body, { title: "Pay rent !high #home", tags: ["work"], due_date: "2026-12-01" }, "one tag, not all");
	const kept = structuredClone(c.state);
	c.reset();
	assert.equal(c.isEmpty, true);
	c.restore(kept);
	assert.deepEqual(c.body, { title: "Pay rent !high #home", tags: ["work"], due_date: "2026-12-01" });
	c.set("tags", "work, more");
	c.refuse("tags", "more");
	assert.deepEqual(c.body.tags, ["work"], "what was set by hand");
	c.fill({ title: "Back !high tomorrow", priority: "Low", tags: ["a"] });
	assert.deepEqual(c.body, { title: "Back !high tomorrow", priority: "Low", tags: ["a"] });
	c.type("Yoga every monday at 8:00");
	c.reset();
	c.type("Yoga every monday at 8:00");
	assert.deepEqual(c.body, { title: "Yoga", due_date: "2026-11-30T07:00:00Z", recursion_pattern: "FREQ=WEEKLY;BYDAY=MO", time_zone: BERLIN });
	c.type("Pills every 8 hours");
	assert.deepEqual(c.remarks.map(({ key }) => key), ["repeats-within-day"]);
});
test("backup: which tasks are missing", () => {
	const task = (title) => ({ title, description: null, tags: [], priority: "Medium", completed: false });
	assert.deepEqual(missing([{ title: "A" }, { title: "A" }, { title: "B", tags: ["x"] }], [task("A"), task("B")]),
		[{ title: "A" }, { title: "B", tags: ["x"] }]);
});
test("backup: what the service does not take is left out, the rest is made", async () => {
	const made = [];
	const client = { async mine(method, path, { body }) {
		const bad = body.tasks.map((t, n) => [t, n]).filter(([t]) => !t.title).map(([, n]) => n);
		if (bad.length)
			throw new Problem(422, bad.map((n) => ({ loc: ["body", "tasks", n, "title"], msg: "empty", type: "string_too_short" })));
		made.push(...body.tasks);
		return { json: { ids: body.tasks.map(() => ++last) } };
	} };
	let last = 0;
	const tasks = Array.from({ length: 250 }, (_, n) => ({ title: n % 60 === 59 ? "" : `T${n}` }));
	const told = [];
	const { ids, refused } = await makeAll(client, tasks, (n) => told.push(n));
	assert.deepEqual([refused.length, ids.length, made.length, told.at(-1), made[0].title, made.at(-1).title], [4, 246, 246, 246, "T0", "T249"]);
});
test("actions: what came next goes when a completion is taken back, before or after the answer", () => {
	const added = [];
	const outbox = { add: (...change) => added.push(change.slice(0, 3)), currentId: (id) => id, withdraw: () => true };
	const actions = createActions({ outbox, where: () => ({ zone: BERLIN }) });
	const task = { id: 1, completed: false, due_date: "2026-12-01", recursion_pattern: "weekly" };
	const undo = actions.toggle(task);
	assert.deepEqual(added.pop(), ["complete", task, { completed: true, next: true, due_date: "2026-12-01", recursion_pattern: "weekly" }]);
	assert.equal(actions.completed(1, { completed: true, next_id: 2 }), 2);
	undo();
	assert.deepEqual(added.splice(0).map(([op, t, body]) => [op, t.id, body]), [["complete", 1, { completed: false }], ["delete", 2, undefined]]);
	actions.completed(1, { completed: false });
	actions.toggle(task)();		// undone at once
	added.splice(0);
	assert.equal(actions.completed(1, { completed: true, next_id: 3 }), null);
	assert.deepEqual(added.splice(0).map(([op, t]) => [op, t.id]), [["delete", 3]]);
	actions.completed(1, { completed: false });
	actions.toggle(task);
	assert.equal(actions.completed(1, { completed: true, next_id: 4 }), 4);
});

test("what this browser keeps does not replace an answer that came while it was read", async () => {
	let give;
	const read = new Promise((resolve) => give = resolve);
	const entry = { id: 1, title: "A", due_date: "2027-02-14", completed: false, recurring: false };
	const agenda = createAgenda({
		client: { mine: async () => ({ json: [entry], headers: new Headers() }) },
		database: { tasks: { all: () => read } },
		outbox: { pending: [], overlay: (tasks) => tasks },
		connection: { worked() {}, failed: () => true },
		where: () => ({ zone: "Europe/Berlin" }),
		changed() {},
	});
	const opened = agenda.open("2027-02-01", "2027-03-01");
	const meanwhile = agenda.showMeanwhile();
	await opened;
	give([]);
	await meanwhile;
	assert.deepEqual(agenda.entries.map(({ title }) => title), ["A"]);
});

// indexedDB, as far as database.js uses it: the names of what there is, and who has it open.
function fakeIndexedDB() {
	const there = new Map();
	const soon = (request, result) => {
		setTimeout(() => {
			request.result = result?.();
			(request.onsuccess ?? request.oncomplete)?.();
		});
		return request;
	};
	const store = { put() {}, delete() {}, getAll: () => ({ result: [] }) };
	return {
		there,
		open: (name) => soon({}, () => {
			const db = { transaction: () => soon({ objectStore: () => store }), close: () => there.get(name)?.delete(db) };
			there.set(name, (there.get(name) ?? new Set()).add(db));
			return db;
		}),
		// newVersion: of an open() or, null, of a deletion.
		change(name, newVersion) {
			[...there.get(name)].forEach((db) => db.onversionchange({ newVersion }));
		},
		deleteDatabase: (name) => soon({}, () => void there.delete(name)),
	};
}
test("database: what comes after the end of a session is not kept, in no tab", async () => {
	const indexedDB = fakeIndexedDB();
	const [here, there] = [0, 1].map(() => createDatabase({ name: "x", indexedDB }));
	await here.tasks.write([{ id: 1 }]);
	await there.tasks.write([{ id: 1 }]);
	indexedDB.change("x", 2);
	assert.equal(indexedDB.there.get("x").size, 0, "a new version may be made");
	await there.tasks.write([{ id: 1 }]);
	assert.equal(indexedDB.there.get("x").size, 1, "and is used then");
	indexedDB.change("x", null);
	assert.equal(await here.destroy(), true);
	for (const database of [here, there]) {
		await database.tasks.write([{ id: 2 }]);
		assert.equal(await database.tasks.all(), undefined);
		assert.deepEqual([indexedDB.there.size, database.broken], [0, false]);
	}
});
