// SPDX-License-Identifier: ISC
// The service: requests, the session, and what its errors mean.
import { banner, resolvers } from "./ui.js";

const base = new URL(".", document.baseURI);
const place = "neon-todo";

// --- the session ------------------------------------------------------------------
// { token, id, username, email }, kept over a reload and shared by all tabs.
const kept = () => JSON.parse(localStorage.getItem(place));
export let session = kept();

export function signedIn(answer) {
	session = { token: answer.access_token, id: answer.user_id,
		username: answer.username, email: answer.email };
	localStorage.setItem(place, JSON.stringify(session));
	waiting?.resolve();
}

export function signedOut() {
	session = null;
	localStorage.removeItem(place);
}

addEventListener("storage", (event) => {
	if (event.key !== place && event.key !== null)
		return;
	const now = kept();
	if (now?.id !== session?.id)
		return location.reload();
	session = now;
	waiting?.resolve();
});

// Where the service answers 401: ask() has the user log in; all requests wait for it.
let waiting, ask;
export const onExpired = (f) => ask = f;
async function again(token) {
	if (session && session.token !== token)
		return;
	if (!waiting) {
		waiting = resolvers();
		const { promise } = waiting;
		promise.then(() => waiting = null);
		ask(waiting);
	}
	await waiting.promise;
}

// --- errors -----------------------------------------------------------------------
const texts = {
	0: "The service can’t be reached; you may be offline.",
	400: "The service could not read this.",
	401: "Please log in again.",
	403: "This belongs to another account.",
	404: "This is not there any more.",
	405: "The service does not do this.",
	409: "This is taken already.",
	412: "This was changed elsewhere meanwhile.",
	413: "This is too long; 64 KiB is the most.",
	415: "The service does not take this kind of content.",
	422: "Please check what is marked.",
	429: "Too many attempts.",
	502: "The service did not answer.",
	503: "The service is busy.",
	504: "The service did not answer in time.",
};

export class Problem extends Error {
	// detail is the answer's: a text, or the fields that break a rule.
	constructor(status, detail, wait) {
		super([401, 403, 409].includes(status) && typeof detail === "string" ? `${detail}.`
			: texts[status] ?? "The service has failed.");
		this.status = status;
		this.wait = wait;
		this.fields = Array.isArray(detail)
			? detail.map((d) => ({ name: String(d.loc?.at(-1)), text: d.msg })) : [];
	}
}

// --- requests ---------------------------------------------------------------------
// Any text that nobody else makes; also where there is no crypto.randomUUID (http:).
export const key = () => Array.from(crypto.getRandomValues(new Uint32Array(4)),
	(n) => n.toString(36)).join("-");

const headers = (o) => Object.fromEntries(Object.entries({
	authorization: o.open ? null : session && `Bearer ${session.token}`,
	"content-type": o.body === undefined ? null : "application/json",
	"idempotency-key": o.key, "if-match": o.etag, "if-none-match": o.unless,
}).filter((x) => x[1]));

async function once(method, path, o) {
	let r, json;
	try {
		r = await fetch(new URL(path, base), { method, headers: headers(o), cache: "no-store",
			credentials: "omit", keepalive: o.keepalive, signal: o.signal,
			body: o.body === undefined ? undefined : JSON.stringify(o.body) });
		json = o.raw && r.ok ? await r.blob() : JSON.parse(await r.text() || "null");
	} catch (e) {
		// An answer that is none comes from something in between.
		throw e.name === "AbortError" ? e : new Problem(r && e.name === "SyntaxError" ? 502 : 0,
			null, r && e.name === "SyntaxError" ? 2 : 0);
	}
	if (r.ok || r.status === 304)
		return { status: r.status, json, headers: r.headers };
	throw new Problem(r.status, json?.detail, [429, 502, 503, 504].includes(r.status)
		? Number(r.headers.get("retry-after")) || 2 : 0);
}

async function pause(problem) {
	for (let left = problem.wait; left > 0; left--) {
		banner("busy", `${problem.message} Trying again in ${left} s.`);
		await new Promise((done) => setTimeout(done, 1000));
	}
	banner("busy", "");
}

// Sends a request; logs in again and waits as often as it takes.  o: body, key, etag
// (If-Match), unless (If-None-Match), open (without a token), raw (a Blob), keepalive,
// signal.  Answers { status, json, headers }, throws Problem.
export async function call(method, path, o = {}) {
	if (method !== "GET")
		o = { key: key(), ...o };	// may be sent again, whatever became of it
	for (;;) {
		const token = session?.token;
		try {
			return await once(method, path, o);
		} catch (problem) {
			if (problem.status === 401 && !o.open && token && !o.keepalive)
				await again(token);
			else if (problem.wait)
				await pause(problem);
			else
				throw problem;
		}
	}
}

export const mine = (rest) => `api/${session.id}/${rest}`;

// A task as the page has it: tags as an array, however the service writes them.
export const task = (t) => ({ ...t, tags: Array.isArray(t.tags) ? t.tags
	: (t.tags ?? "").split(", ").filter(Boolean) });

// The version of a task, as src/etag.c writes it: the time of its last write, in
// microseconds since 2000.  Lists have no ETag for each of theirs.
export function etag(t) {
	const [, seconds, micro = ""] = /^([^.Z]*)(?:\.(\d+))?Z$/.exec(t.updated_at ?? "") ?? [];
	return seconds && `"${((Date.parse(`${seconds}Z`) - 946684800000) * 1000
		+ Number(micro.padEnd(6, "0"))).toString(16)}"`;
}

// One page of the list: { tasks, cursor (of the next, or null), etag }, or null where
// it is still the one that has this etag.
export async function page(query, unless, signal) {
	const r = await call("GET", mine(`tasks?${new URLSearchParams(query)}`), { unless, signal });
	if (r.status === 304)
		return null;
	const next = /<([^>]*)>\s*;\s*rel="?next"?/.exec(r.headers.get("link") ?? "");
	return { tasks: r.json.map(task), etag: r.headers.get("etag"),
		cursor: next && new URL(next[1], base).searchParams.get("cursor") };
}
