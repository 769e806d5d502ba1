// SPDX-License-Identifier: ISC
// Changes on their way to the service.  Each is kept in IndexedDB, with its
// Idempotency-Key, until the service has answered: it is made once, whatever happens.
import { call, etag, key, mine, session, task } from "./api.js";
import { banner, resolvers } from "./ui.js";

// --- what is kept in the browser, for each account ------------------------------------
const name = () => `neon-todo-${session.id}`;
let opened;
function open() {
	return opened ??= new Promise((done, fail) => {
		const r = indexedDB.open(name(), 1);
		r.onupgradeneeded = () => {
			r.result.createObjectStore("changes", { keyPath: "n" });
			r.result.createObjectStore("tasks", { keyPath: "id" });
		};
		r.onsuccess = () => done(r.result);
		r.onerror = () => fail(r.error);
	});
}
// Without IndexedDB the page works, and forgets.
async function keep(store, mode, work) {
	try {
		const t = (await open()).transaction(store, mode);
		const r = work(t.objectStore(store));
		await new Promise((done, fail) => {
			t.oncomplete = done;
			t.onabort = () => fail(t.error);
		});
		return r?.result;
	} catch {
		return undefined;
	}
}
export async function forget() {
	(await opened?.catch(() => {}))?.close();
	opened = null;
	await new Promise((done) => {
		const r = indexedDB.deleteDatabase(name());
		r.onsuccess = r.onerror = r.onblocked = done;
	});
}
export const keepTasks = (tasks, gone = []) => keep("tasks", "readwrite", (s) => {
	tasks.forEach((t) => s.put(t));
	gone.forEach((id) => s.delete(id));
});
export const keptTasks = async () => await keep("tasks", "readonly", (s) => s.getAll()) ?? [];

// --- changes ----------------------------------------------------------------------------
// { n, key, op, id, body, etag, before }: what is done to which task, as it was before.
// A task that the service has no id for yet has a negative one.
export const pending = [];
const waiting = new Map();		// n to who waits for the answer
const hooks = {};
let sending = false, timer, last = 0;

// h: sent(change, answer), failed(change, problem), overtaken(change, theirs) to
// "mine" (send it on that version) or "theirs" (leave it).
export async function start(h) {
	Object.assign(hooks, h);
	pending.push(...await keep("changes", "readonly", (s) => s.getAll()) ?? []);
	last = pending.at(-1)?.n ?? 0;
	addEventListener("online", drain);
	addEventListener("offline", tell);
	tell();
	drain();
}

function tell() {
	const n = pending.length, many = n === 1 ? "1 change waits" : `${n} changes wait`;
	banner("offline", !navigator.onLine || timer ? `You are offline.${n ? ` ${many} to be sent.` : ""}` : "");
}
export const offline = (so) => {
	clearTimeout(timer);
	timer = so ? setTimeout(drain, 10000) : null;
	tell();
};

// The tasks as they are when all changes have been made.
export function overlay(tasks) {
	if (!pending.length)
		return tasks;
	const all = new Map(tasks.map((t) => [t.id, t]));
	for (const c of pending) {
		if (c.op === "delete")
			all.delete(c.id);
		else if (c.op === "create")
			all.set(c.id, c.before);
		else if (all.has(c.id))
			all.set(c.id, { ...all.get(c.id), ...only(c.body) });
	}
	return [...all.values()];
}
const fields = ["title", "description", "due_date", "priority", "tags", "recursion_pattern", "completed"];
export const only = (t) => Object.fromEntries(fields.filter((f) => f in t).map((f) => [f, t[f]]));

// Makes a change; answers what the service did, or null where it has to wait for the
// network.  Throws the Problem of a change that the service will not make.
export async function change(op, t, body) {
	const c = { n: last = Math.max(Date.now(), last + 1), key: key(), op, id: t.id, body, before: t,
		etag: op === "update" || op === "delete" ? etag(t) : undefined };
	pending.push(c);
	const answer = resolvers();
	waiting.set(c.n, answer);
	await keep("changes", "readwrite", (s) => s.put(c));
	drain();
	return answer.promise;
}

const ways = {
	create: ["POST", () => "tasks"],
	update: ["PUT", (c) => `tasks/${c.id}`],
	complete: ["PATCH", (c) => `tasks/${c.id}/complete`],
	delete: ["DELETE", (c) => `tasks/${c.id}`],
};
const send = (c, more) => call(ways[c.op][0], mine(ways[c.op][1](c)),
	{ body: c.body, key: c.key, etag: c.etag, ...more });

// A deletion that nobody can wait for: the page is being left.
export const sendLast = (t) => call("DELETE", mine(`tasks/${t.id}`),
	{ etag: etag(t), keepalive: true }).catch(() => {});

async function drop(c) {
	pending.splice(pending.indexOf(c), 1);
	await keep("changes", "readwrite", (s) => {
		s.delete(c.n);
		pending.filter((p) => p.id === c.id).forEach((p) => s.put(p));
	});
}

// Takes back the last change of a task, where it was not sent yet.
export async function takeBack(id, op) {
	const c = pending.findLast((p, i) => p.id === id && p.op === op && !(sending && i === 0));
	if (c)
		await drop(c);
	tell();
	return c;
}

// One at a time, in their order; one tab at a time.
export async function drain() {
	if (sending)
		return;
	sending = true;
	let more = true;
	offline(false);
	const work = async () => {
		while (pending.length && session)
			await one(pending[0]);
	};
	try {
		await (navigator.locks ? navigator.locks.request(name(), work) : work());
	} catch (problem) {
		more = false;
		offline(problem.status === 0);
		for (const p of waiting.values())
			p.resolve(null);
		waiting.clear();
	} finally {
		sending = false;
		tell();
	}
	if (more && pending.length)	// came while the lock was given back
		drain();
}

// A task that may be gone.
const one404 = (asked) => asked.then((r) => task(r.json),
	(p) => p.status === 404 ? null : Promise.reject(p));

// Throws where nothing can be sent now.
async function one(c) {
	let answer, problem;
	try {
		const r = await send(c);
		answer = c.op === "delete" ? null : task(r.json);
	} catch (p) {
		if (!p.status || p.status === 401)
			throw p;
		problem = p;
	}
	if (problem?.status === 404 && c.op === "delete")
		problem = null;
	if (problem?.status === 412 || (problem?.status === 404 && c.op === "update")) {
		const theirs = await one404(call("GET", mine(`tasks/${c.id}`)));
		if (await hooks.overtaken(c, theirs) === "mine") {
			c.key = key();
			if (!theirs)		// it is gone: ours becomes a new one
				Object.assign(c, { op: "create", body: only({ ...c.before, ...c.body }), etag: undefined });
			else {
				Object.assign(c, { etag: c.etag && etag(theirs), before: theirs });
				if (c.body?.next)
					Object.assign(c.body, { due_date: theirs.due_date,
						recursion_pattern: theirs.recursion_pattern });
			}
			await keep("changes", "readwrite", (s) => s.put(c));
			return;
		}
		[answer, problem] = [theirs, null];
	}
	// Those that follow are about this task, as it is now.
	const id = c.id;
	for (const p of pending) {
		if (p !== c && p.id === id && answer) {
			p.id = answer.id;
			if (p.op === "update" || p.op === "delete")
				p.etag = etag(answer);
		}
	}
	if (answer)
		c.id = answer.id;
	await drop(c);
	tell();
	const who = waiting.get(c.n);
	waiting.delete(c.n);
	if (problem) {
		hooks.failed({ ...c, id }, problem, !who);
		who?.reject(problem);
	} else {
		hooks.sent({ ...c, id }, answer);
		who?.resolve(answer ?? {});
	}
}
