// The service: requests, the session, what errors mean.
import {banner, on} from "./ui.js"

const base = new URL(".", document.baseURI), place = "neon-todo"

const kept = () => JSON.parse(localStorage.getItem(place))
export let session = kept()
export function signedIn(a) {
	session = {token: a.access_token, id: a.user_id, username: a.username, email: a.email}
	localStorage.setItem(place, JSON.stringify(session))
	expired?.resolve()
}
export function signedOut() {
	session = null
	localStorage.removeItem(place)
}
on(window, "storage", () => {
	const now = kept()
	if (now?.id !== session?.id)
		return location.reload()
	session = now
	expired?.resolve()
})

// Where the token has ended, ask() gets a new one; all requests wait for it.
let expired, ask
export const onExpired = f => ask = f
function again() {
	if (!expired) {
		expired = Promise.withResolvers()
		ask(expired.promise.then(() => expired = null))
	}
	return expired.promise
}

const texts = {
	0: "The service can’t be reached.",
	404: "This is not there any more.",
	412: "This was changed elsewhere.",
	413: "This is too long.",
	422: "Please check this.",
	429: "Too many attempts.",
	503: "The service is busy.",
}
export class Problem extends Error {
	constructor(status, detail, wait) {
		const fields = Array.isArray(detail) ? detail : []
		super([texts[status] ?? (status > 499 ? "The service has failed." : detail ? `${detail}.` : "The service does not take this."),
			...fields.map(f => `${f.loc.at(-1)}: ${f.msg}.`)].join(" "))
		this.status = status
		this.wait = wait;		// seconds; 0 where waiting does not help
		this.fields = fields.map(f => f.loc.at(-1))
	}
}

export const key = () => crypto.getRandomValues(new Uint32Array(4)).join("-")

async function once(method, path, o) {
	const token = o.token ?? (!o.open && session?.token), headers = Object.fromEntries(Object.entries({
		authorization: token && `Bearer ${token}`,
		"content-type": o.body && "application/json",
		"idempotency-key": o.key, "if-match": o.etag, "if-none-match": o.unless,
	}).filter(x => x[1]))
	let r, json = null
	try {
		r = await fetch(new URL(path, base), {method, headers, cache: "no-store", credentials: "omit",
			keepalive: o.keepalive, signal: o.signal, body: o.body && JSON.stringify(o.body)})
		json = o.raw && r.ok ? await r.blob() : JSON.parse(await r.text() || null)
	} catch (e) {
		throw new Problem(...e instanceof SyntaxError ? [502, null, 2] : [0])
	}
	if (r.ok || r.status === 304)
		return {status: r.status, json, headers: r.headers}
	throw new Problem(r.status, json?.detail, [429, 502, 503, 504].includes(r.status)
		&& (+r.headers.get("retry-after") || 2))
}

// Sends a request, for as long as it takes: has the user log in again, waits.  o: body, key,
// etag (If-Match), unless (If-None-Match), open (no token), token, raw (a Blob), keepalive, signal.
export async function call(method, path, o = {}) {
	if (method !== "GET")
		o = {key: key(), ...o}	// sent twice, it is done once
	for (;;) {
		const token = session?.token
		try {
			return await once(method, path, o)
		} catch (problem) {
			if (problem.status === 401 && !o.open && token) {
				if (token === session?.token)
					await again()
			} else if (!problem.wait)
				throw problem
			for (let left = problem.wait; left > 0 && !o.signal?.aborted; left--) {
				banner("busy", `${problem.message} Trying again in ${left} s.`)
				await new Promise(done => setTimeout(done, 1000))
			}
			banner("busy", "")
		}
	}
}
export const mine = path => `api/${session.id}/${path}`

// Asks for what is shown; it ends the request before that showed the same.
const asking = {}
export function look(what, path, unless) {
	asking[what]?.abort()
	const {signal} = asking[what] = new AbortController()
	return call("GET", mine(path), {unless, signal})
}

export const task = t => ({...t, tags: Array.isArray(t.tags) ? t.tags : (t.tags ?? "").split(", ").filter(Boolean)})

// A task's version, as If-Match takes it (src/etag.c): lists have none of each.
export function etag(t) {
	const [, seconds, micro = ""] = /^([^.Z]*)\.?(\d*)Z$/.exec(t.updated_at) ?? []
	return seconds && `"${((Date.parse(`${seconds}Z`) - 946684800000) * 1000 + +micro.padEnd(6, "0")).toString(16)}"`
}

export async function page(query, unless, what = "list") {
	const r = await look(what, `tasks?${new URLSearchParams(query)}`, unless)
	const next = /<([^>]*)>/.exec(r.headers.get("link"))
	return r.json && {tasks: r.json.map(task), etag: r.headers.get("etag"),
		cursor: next && new URL(next[1], base).searchParams.get("cursor")}
}
