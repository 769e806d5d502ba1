// SPDX-License-Identifier: ISC
// Changes on their way to the service.  Each is kept in IndexedDB, with its
// Idempotency-Key, until it is answered: it is made once, whatever happens.
import { call, etag, key, mine, session, task } from "./api.js";
import { banner, on } from "./ui.js";

let opened;
const name = () => `neon-todo-${session.id}`;
const ended = (r) => new Promise((done, fail) => {
	r.onsuccess = r.oncomplete = r.onblocked = () => done(r.result);
	r.onerror = r.onabort = fail;
});
function open() {
	const r = indexedDB.open(name());
	r.onupgradeneeded = () => {
		r.result.createObjectStore("changes", { keyPath: "n" });
		r.result.createObjectStore("tasks", { keyPath: "id" });
	};
	return ended(r);
}
async function keep(store, work) {
	try {
		const t = (await (opened ??= open())).transaction(store, "readwrite"), r = work(t.objectStore(store));
		await ended(t);
		return r?.result;
	} catch {}
}
export async function forget() {
	(await opened?.catch(() => {}))?.close();
	await ended(indexedDB.deleteDatabase(name()));
}
export const keepTasks = (tasks, gone = []) => keep("tasks", (s) => {
	tasks.forEach((t) => s.put(t));
	gone.forEach((id) => s.delete(id));
});
export const keptTasks = async () => overlay(await keep("tasks", (s) => s.getAll()) ?? []);

// { n, key, op, id, body, etag, before }: what is done to which task, as it was before.
// One that the service does not know yet has a negative id.
export const pending = [];
const answers = new Map(), ids = new Map(), hooks = {};
let sending, retry;

export async function start(h) {
	Object.assign(hooks, h);
	pending.push(...await keep("changes", (s) => s.getAll()) ?? []);
	on(window, "online", drain);
	on(window, "offline", () => offline(true));
	drain();
}

export function offline(so) {
	clearTimeout(retry);
	retry = so && setTimeout(drain, 5000);
	banner("offline", so ? `You are offline. Changes to be sent: ${pending.length}.` : "");
}

export const only = (t) => Object.fromEntries(["title", "description", "due_date", "priority", "tags",
	"recursion_pattern", "completed"].filter((f) => f in t).map((f) => [f, t[f]]));

// The tasks as they are after all changes.
export function overlay(tasks) {
	const all = new Map(tasks.map((t) => [t.id, t]));
	for (const c of pending) {
		if (c.op === "DELETE")
			all.delete(c.id);
		else if (c.op === "POST" || all.has(c.id))
			all.set(c.id, { ...all.get(c.id) ?? c.before, ...only(c.body) });
	}
	return [...all.values()];
}

// Makes a change; PATCH completes.  Answers the task as it is then, or null where it has
// to wait for the network.
export async function change(op, t, body) {
	const c = { n: Math.max(Date.now(), (pending.at(-1)?.n ?? 0) + 1), key: key(), op, id: ids.get(t.id) ?? t.id, body, before: t,
		etag: op === "PATCH" ? null : etag(t) };
	pending.push(c);
	const a = Promise.withResolvers();
	answers.set(c.n, a);
	await keep("changes", (s) => s.put(c));
	drain();
	return a.promise;
}

const path = (c) => mine(`tasks${c.op === "POST" ? "" : `/${c.id}`}${c.op === "PATCH" ? "/complete" : ""}`);
export const deleteNow = (t) => call("DELETE", path({ op: "DELETE", id: t.id }), { etag: etag(t), keepalive: true });

// In their order; one tab at a time.
export async function drain() {
	if (sending || !session)
		return;
	sending = true;
	const work = async () => {
		while (pending.length)
			await one(pending[0]);
	};
	let problem;
	try {
		await (navigator.locks ? navigator.locks.request(name(), work) : work());
	} catch (p) {
		problem = p;
		answers.forEach((a) => a.resolve(null));
		answers.clear();
	}
	sending = false;
	offline(problem?.status === 0 || !navigator.onLine);
	if (pending.length && !problem)
		drain();
}

async function one(c) {
	let answer, problem;
	try {
		answer = task((await call(c.op, path(c), { body: c.body, key: c.key, etag: c.etag })).json);
	} catch (p) {
		if (p.status === 0)
			throw p;
		problem = p;
	}
	const gone = problem?.status === 404;
	if (c.op === "DELETE" && (gone || !problem))
		answer = problem = null;
	else if (problem?.status === 412 || gone) {
		const theirs = await call("GET", path({ ...c, op: "PUT" })).then((r) => task(r.json),
			(p) => p.status === 404 ? null : Promise.reject(p));
		if (await hooks.overtaken(c, theirs) === "mine") {
			// On their version; where there is none, ours becomes a new task.
			Object.assign(c, { key: key() }, theirs ? { etag: c.etag && etag(theirs), before: theirs }
				: { op: "POST", etag: null, body: only({ ...c.before, ...c.body }) });
			if (c.body?.next)
				Object.assign(c.body, { due_date: theirs.due_date, recursion_pattern: theirs.recursion_pattern });
			await keep("changes", (s) => s.put(c));
			return;
		}
		answer = theirs;
		problem = null;
	}
	const { id } = c;
	ids.set(id, answer?.id);
	// What follows is about the task as it is now.
	for (const p of pending.filter((p) => answer && p.id === id))
		Object.assign(p, { id: answer.id, etag: p.op === "PATCH" ? null : etag(answer) });
	pending.shift();
	await keep("changes", (s) => {
		s.delete(c.n);
		pending.forEach((p) => s.put(p));
	});
	const a = answers.get(c.n);
	answers.delete(c.n);
	if (problem) {
		hooks.failed({ ...c, id }, problem);
		a?.reject(problem);
	} else {
		hooks.sent({ ...c, id }, answer);
		a?.resolve(answer ?? {});
	}
}
