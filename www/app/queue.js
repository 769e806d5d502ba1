// Changes on their way to the service, kept with their Idempotency-Key until answered:
// each is made once.
import {call, etag, key, mine, session, task} from "./api.js"
import {banner, on} from "./ui.js"

let opened
const name = () => `neon-todo-${session.id}`
const ended = r => new Promise((done, fail) => {
	r.onblocked = done
	r.onsuccess = r.oncomplete = () => done(r.result)
	r.onerror = r.onabort = fail
})
function open() {
	const r = indexedDB.open(name())
	r.onupgradeneeded = () => {
		r.result.createObjectStore("changes", {keyPath: "n"})
		r.result.createObjectStore("tasks", {keyPath: "id"})
	}
	return ended(r)
}
async function keep(store, work) {
	try {
		const t = (await (opened ??= open())).transaction(store, "readwrite"), r = work(t.objectStore(store))
		await ended(t)
		return r?.result
	} catch {}
}
export async function forget() {
	(await opened?.catch(() => {}))?.close()
	await ended(indexedDB.deleteDatabase(name()))
}
export const keepTasks = (tasks, gone = []) => keep("tasks", s => {
	tasks.forEach(t => s.put(t))
	gone.forEach(id => s.delete(id))
})
export const keptTasks = async () => overlay(await keep("tasks", s => s.getAll()) ?? [])

// { n, key, op, id, body, etag, before }: what is done to which task, as it was before.
// One that the service does not know yet has a negative id.
export const pending = []
const answers = new Map(), ids = new Map(), hooks = {}
let sending, retry, last = 0

// The version that an edit is based on; ours follow each other.
const newer = {}
function base(id, tag) {
	const next = newer[`${id} ${tag}`]
	return next && next !== tag ? base(id, next) : tag
}
const follows = (c, t) => newer[`${t.id} ${c.etag ?? etag(c.before)}`] = etag(t)

// What is kept is true: another tab may have sent some.
async function reread() {
	pending.splice(0, Infinity, ...await keep("changes", s => s.getAll()) ?? pending)
	answers.forEach((a, n) => pending.some(c => c.n === n) || answers.delete(n, a.resolve(null)))
}

export async function start(h) {
	Object.assign(hooks, h)
	await reread()
	on(window, "online", drain)
	on(window, "offline", () => offline(true))
	drain()
}

export function offline(so) {
	clearTimeout(retry)
	retry = (so || pending.length) && setTimeout(drain, 5000)
	banner("offline", so ? `You are offline. Changes to be sent: ${pending.length}.` : "")
}

export const only = t => Object.fromEntries(["title", "description", "due_date", "priority", "tags",
	"recursion_pattern", "completed"].filter(f => f in t).map(f => [f, t[f]]))
const text = t => JSON.stringify(only(t))

// The tasks as they are after all changes.
export function overlay(tasks) {
	const all = new Map(tasks.map(t => [t.id, t]))
	for (const c of pending) {
		if (c.op === "DELETE")
			all.delete(c.id)
		else if (c.op === "POST" || all.has(c.id))
			all.set(c.id, {...all.get(c.id) ?? c.before, ...only(c.body)})
	}
	return [...all.values()]
}

// Makes a change; PATCH completes.  Answers the task as it is then, or null where it has
// to wait for the network.
export async function change(op, t, body) {
	const id = ids.get(t.id) ?? t.id, a = Promise.withResolvers()
	const c = {n: last = Math.max(Date.now(), last + 1), key: key(), op, id, body, before: t, etag: op === "PATCH" ? null : base(id, etag(t))}
	await keep("changes", s => s.put(c))
	pending.push(c)
	answers.set(c.n, a)
	drain()
	return a.promise
}

const path = c => mine(`tasks${c.op === "POST" ? "" : `/${c.id}`}${c.op === "PATCH" ? "/complete" : ""}`)
export const deleteNow = t => call("DELETE", path({id: t.id}), {etag: base(t.id, etag(t)), keepalive: true})

// In their order; one tab at a time.
export async function drain() {
	if (sending || !session)
		return
	sending = true
	const back = retry, work = async () => {
		await reread()
		if (back && !pending.length)
			await call("GET", "api/auth/me")		// is it there?
		while (pending.length)
			await one(pending[0])
	}
	let problem
	try {
		await (navigator.locks ? navigator.locks.request(name(), work) : work())
	} catch (p) {
		problem = p
		answers.forEach(a => a.resolve(null))
		answers.clear()
	}
	sending = false
	offline(problem?.status === 0 || !navigator.onLine)
	if (!problem)
		pending.length ? drain() : back && hooks.back()
}

async function one(c) {
	let answer, problem, dropped
	try {
		answer = task((await call(c.op, path(c), {body: c.body, key: c.key, etag: c.etag})).json)
	} catch (p) {
		if (p.status === 0)
			throw p
		problem = p
	}
	const gone = problem?.status === 404
	if (c.op === "DELETE" && (gone || !problem))
		answer = problem = null
	else if (problem?.status === 412 || gone) {
		const theirs = await call("GET", path({...c, op: "PUT"})).then(r => task(r.json),
			p => p.status === 404 ? null : Promise.reject(p))
		// What follows is answered with it.
		const then = pending.filter(p => p !== c && p.id === c.id && (p.op !== "PATCH" || !theirs))
		if (await hooks.overtaken({...c, op: (then.at(-1) ?? c).op, body: Object.assign({}, c.body, ...then.map(p => p.body))},
			theirs) === "mine") {
			if (theirs)
				follows(c, theirs)
			// On their version; where there is none, ours becomes a new task.
			Object.assign(c, {key: key()}, theirs ? {etag: c.etag && etag(theirs), before: theirs}
				: {op: "POST", etag: null, body: only({...c.before, ...c.body})})
			if (c.body?.next)
				Object.assign(c.body, {due_date: theirs.due_date, recursion_pattern: theirs.recursion_pattern})
			await keep("changes", s => s.put(c))
			return
		}
		answer = theirs
		problem = null
		dropped = then
	}
	const {id} = c
	ids.set(id, answer?.id)
	// What follows is about the task as it is now.  A PATCH may have passed over another's edit.
	if (answer && !dropped && (c.op !== "PATCH" || text({...c.before, completed: c.body.completed}) === text(answer)))
		follows(c, answer)
	for (const p of pending.filter(p => answer && p.id === id))
		Object.assign(p, {id: answer.id, before: answer, etag: p.op === "PATCH" ? null : base(answer.id, p.etag)})
	dropped = [c, ...dropped ?? []]
	pending.splice(0, Infinity, ...pending.filter(p => !dropped.includes(p)))
	await keep("changes", s => {
		dropped.forEach(p => s.delete(p.n))
		pending.forEach(p => s.put(p))
	})
	problem ? hooks.failed({...c, id}, problem, answers.get(c.n)?.reject(problem)) : hooks.sent({...c, id}, answer)
	dropped.forEach(p => answers.get(p.n)?.resolve(answer ?? {}, answers.delete(p.n)))
}
