// Changes on their way to the service.  Each is kept in the database until it is answered, and
// made once: it is sent, in the order of its making, with an Idempotency-Key of its own.
//
// A change is
//   n          its number: the order
//   op         "create", "update", "complete" or "delete"
//   id         of the task; negative as long as the service does not know it
//   body       what is sent
//   before     the task as it was
//   etag       the version that it goes by, if it goes by one
//   key        its Idempotency-Key
//   zone       the time zone that completing goes by
//   notBefore  milliseconds: until then it can be withdrawn
//   conflict   {theirs}: someone else was faster; it waits until resolve() says what to do.
//              theirs is null if the task was deleted.
//
// A change that waits holds up only what comes after it for the same task.  One tab sends at a
// time; the lock is never held while a person thinks.
import {newKey} from "../service/client.js"
import {Problem} from "../service/problem.js"
import {FIELDS, etagOf, sameFields, taskOf, writable} from "../service/task.js"
import {createVersions} from "./versions.js"

// These say one thing together: a change of one is a change of all.
const SCHEDULE = ["due_date", "time_zone", "recursion_pattern"]

const CLOCKS = 60e3	// milliseconds by which this device's clock may differ from the service's

// What goes by a version.  Completing does not: a task is done, whatever was edited meanwhile.
const VERSIONED = new Set(["update", "delete"])

const REQUESTS = {
	create: () => ["POST", "tasks"],
	update: ({id}) => ["PUT", `tasks/${id}`],
	complete: ({id, zone}) =>
		["PATCH", `tasks/${id}/complete?${new URLSearchParams({tz: zone ?? "UTC"})}`],
	delete: ({id}) => ["DELETE", `tasks/${id}`],
}

const valueOf = (task, field) => JSON.stringify(task[field] ?? null)
const changedFields = (from, to) => FIELDS.filter(f => valueOf(from, f) !== valueOf(to, f))

// The fields of body that clash with what theirs changed since before.
export function clashes(body, before, theirs) {
	const changed = changedFields(before, theirs)
	const schedule = SCHEDULE.some(f => changed.includes(f))
	const isContested = f => changed.includes(f) || (schedule && SCHEDULE.includes(f))
	return Object.keys(body).filter(f => isContested(f) && valueOf(body, f) !== valueOf(theirs, f))
}

// The tasks as they are after these changes.
export function overlay(tasks, changes) {
	const all = new Map(tasks.map(task => [task.id, task]))
	for (const {op, id, body, before} of changes) {
		if (op === "delete")
			all.delete(id)
		else if (op === "create" || all.has(id))
			all.set(id, {...all.get(id) ?? before, ...writable(body)})
	}
	return [...all.values()]
}

// client: of service/.  database: store/database.js.  connection: store/connection.js.
// lock(work): runs work while no other tab does.  told(): another tab's outbox shall look again.
// hooks, each optional:
//   changed()                 what is pending is not what it was
//   sent(change, answer)      it is made; answer is the task as it is now, or null
//   failed(change, problem)   the service does not take it, and it is dropped
//   merged(change, fields)    another device changed these fields meanwhile; both are kept
//   dropped(change, theirs)   the other version was taken; theirs is null if there is none
export function createOutbox({client, database, connection, lock, told, hooks = {}, now = () => Date.now(),
	setTimeout = globalThis.setTimeout, clearTimeout = globalThis.clearTimeout}) {
	const versions = createVersions()
	const unsaved = new Set()	// not in the database yet
	const ids = new Map()		// of tasks that had a negative one
	let pending = []
	let marks = null
	let last = 0
	let draining = null
	let again = false
	let timer = null

	function changed() {
		marks = null
		hooks.changed?.()
	}
	const current = id => ids.get(id) ?? id
	const follow = (change, task) =>
		versions.follows(task.id, change.etag ?? etagOf(change.before), etagOf(task))

	async function save(put, remove = []) {
		put.forEach(change => unsaved.add(change))
		await database.changes.write(put, remove)
		if (!database.broken)
			put.forEach(change => unsaved.delete(change))
		told()
	}

	// Other tabs may have sent some, or made some.
	async function reread() {
		const kept = await database.changes.all()
		if (kept === undefined)
			return
		const extra = [...unsaved].filter(change => !kept.some(({n}) => n === change.n))
		pending = [...kept, ...extra].sort((a, b) => a.n - b.n)
		changed()
	}

	async function replace(gone, put = []) {
		pending = pending.filter(change => !gone.includes(change))
		gone.forEach(change => unsaved.delete(change))
		changed()
		await save(put, gone.map(({n}) => n))
	}

	function send(change, options) {
		const [method, path] = REQUESTS[change.op](change)
		return client.mine(method, path, {body: change.body, key: change.key, etag: change.etag, ...options})
	}

	async function look(id) {
		try {
			const {json} = await client.mine("GET", `tasks/${id}`)
			return taskOf(json)
		} catch (problem) {
			if (problem.kind === "gone")
				return null
			throw problem
		}
	}

	const after = change => pending.filter(p => p.n > change.n && p.id === change.id)

	// The task is as it is in answer; what comes after it is about that.
	async function settle(change, answer, dropped = [], follows = true) {
		const {id} = change
		const rest = after(change).filter(c => !dropped.includes(c))
		if (answer) {
			if (answer.id !== id)
				ids.set(id, answer.id)
			// Completing may have passed over another's edit: then the version is not ours.
			const ours = change.op !== "complete"
				|| sameFields({...change.before, completed: change.body.completed}, answer)
			if (follows && ours)
				follow(change, answer)
			for (const next of rest) {
				Object.assign(next, {id: answer.id, before: answer})
				if (VERSIONED.has(next.op))
					next.etag = next.etag ? versions.latest(answer.id, next.etag) : etagOf(answer)
			}
		}
		await replace([change, ...dropped], answer ? rest : [])
		hooks.sent?.({...change, id}, answer)
	}

	// Someone else was faster.
	async function overtaken(change) {
		const theirs = await look(change.id)
		if (change.op === "delete" && theirs === null)
			return settle(change, null, after(change))
		if (change.op === "complete") {
			if (theirs === null) {
				await replace([change, ...after(change)])
				return hooks.failed?.(change, new Problem(404))
			}
			if (theirs.completed === change.body.completed)
				return settle(change, theirs, [], false)
			// What was ticked is done, on the date that it has by now.
			const {due_date, recursion_pattern} = theirs
			return amend(change, {before: theirs, body: recursion_pattern
				? {...change.body, due_date, recursion_pattern} : {completed: change.body.completed}})
		}
		if (theirs !== null) {
			const fresh = {before: theirs, etag: etagOf(theirs)}
			if (sameFields(theirs, change.before))
				return amend(change, fresh)
			if (change.op === "update" && !clashes(change.body, change.before, theirs).length) {
				follow(change, theirs)
				const fields = changedFields(change.before, theirs)
				await amend(change, fresh)
				return hooks.merged?.(change, fields)
			}
		}
		// Later edits are a part of the question.
		const edits = after(change).filter(c => c.op === "update")
		Object.assign(change, {conflict: {theirs},
			body: change.body && Object.assign({}, change.body, ...edits.map(c => c.body))})
		await replace(edits, [change])
	}

	async function amend(change, to) {
		Object.assign(change, to, {key: newKey()})
		await save([change])
	}

	async function make(change) {
		try {
			const {json} = await send(change)
			await settle(change, change.op === "delete" ? null : taskOf(json))
		} catch (problem) {
			if (!(problem instanceof Problem) || problem.passes || problem.kind === "expired")
				throw problem
			if (problem.kind === "conflict" || (problem.kind === "gone" && change.op !== "create"))
				return overtaken(change)
			// What was to be done to a task that was never made goes with it.
			const edits = change.op === "create" ? after(change) : []
			await replace([change, ...edits])
			hooks.failed?.({...change, body: change.body
				&& Object.assign({}, change.body, ...edits.map(c => writable(c.body ?? {})))}, problem)
		}
	}

	// The first that can be sent.
	function ready() {
		const held = new Set()
		return pending.find(change => {
			if (held.has(change.id))
				return false
			const waits = change.conflict || (change.notBefore ?? 0) > now()
			if (waits)
				held.add(change.id)
			return !waits
		})
	}

	async function pass() {
		await reread()
		for (let change = ready(); change; change = ready()) {
			await make(change)
			connection.worked()
		}
	}

	function alarm() {
		clearTimeout(timer)
		const times = pending.filter(c => !c.conflict && c.notBefore > now()).map(c => c.notBefore)
		if (times.length)
			timer = setTimeout(outbox.drain, Math.min(...times) - now() + 1)
	}

	const outbox = {
		get pending() {
			return pending
		},
		get conflicts() {
			return pending.filter(change => change.conflict)
		},
		// What is on its way, not waiting for a person or for its time.
		get waiting() {
			return pending.filter(change => !change.conflict && !(change.notBefore > now()))
		},
		currentId: current,
		// What there is to say of a task: "conflict", "unsent", or nothing.
		markOf(id) {
			marks ??= new Map(pending.map(c => [c.id, c.conflict ? "conflict" : "unsent"]))
			return marks.get(id) ?? ""
		},
		overlay: tasks => overlay(tasks, pending),
		reread,
		// Whether a new task is among these of the service already, as its answer is still on the
		// way, or was for a page that is closed by now: it would be shown twice.
		isAmong(id, tasks) {
			const change = pending.find(c => c.op === "create" && c.id === id)
			if (!change)
				return false
			const made = {...change.before, ...writable(change.body)}
			const known = new Set(ids.values())
			return tasks.some(task => task.id > 0 && !known.has(task.id) && sameFields(made, task)
				&& Date.parse(task.created_at) > change.n / 1000 - CLOCKS)
		},

		async start() {
			await reread()
			await outbox.drain()
		},

		// Makes a change to this task, or makes the task.  undo: milliseconds in which it can be
		// withdrawn; zone: the time zone that completing goes by.  Answers its number.
		add(op, task, body, {undo, zone} = {}) {
			const id = current(task.id)
			last = Math.max(now() * 1000 + Math.floor(Math.random() * 1000), last + 1)
			const change = {n: last, key: newKey(), op, id, body, before: task, zone}
			if (VERSIONED.has(op))
				change.etag = versions.latest(id, etagOf(task))
			if (undo)
				change.notBefore = now() + undo
			pending = [...pending, change]
			changed()
			save([change]).then(outbox.drain)
			return change.n
		},

		// Takes back a change that waits for its time; answers whether it was not too late.
		withdraw(n) {
			const change = pending.find(c => c.n === n && c.notBefore > now())
			if (!change)
				return false
			replace([change])
			return true
		},

		// Nothing can be withdrawn any more: the user leaves.
		async hurry() {
			const waiting = pending.filter(change => change.notBefore)
			waiting.forEach(change => delete change.notBefore)
			await save(waiting)
			await outbox.drain()
		},

		// The page goes: what could be withdrawn, and what the database may not have taken yet, is
		// sent in a request that outlives it.  What is in the database stays there, and is sent
		// once more at the next visit if that one was lost.
		flush() {
			for (const change of pending) {
				const isWithheld = change.notBefore > now()
				const isKnown = change.id > 0 || change.op === "create"
				if (!isKnown || change.conflict || !(isWithheld || unsaved.has(change)))
					continue
				delete change.notBefore
				if (isWithheld)
					save([change])
				send(change, {keepalive: true}).catch(() => {})
			}
		},

		// What a person says to a conflict: the fields to keep, or null for the other version.
		async resolve(n, body) {
			const change = pending.find(c => c.n === n && c.conflict)
			if (!change)
				return
			const {theirs} = change.conflict
			if (body === null) {
				const dropped = after(change).filter(c => !(theirs && c.op === "complete"))
				delete change.conflict
				await settle(change, theirs, dropped, false)
				hooks.dropped?.(change, theirs)
			} else {
				delete change.conflict
				if (theirs)
					follow(change, theirs)
				// On their version; if there is none, ours becomes a new task.
				await amend(change, theirs ? {body, before: theirs, etag: etagOf(theirs)}
					: {op: "create", body: {...writable(change.before), ...body}, etag: undefined})
				changed()
			}
			await outbox.drain()
		},

		// Sends what can be sent.
		drain() {
			if (draining)
				again = true
			else
				draining = drainAll()
			return draining
		},
	}

	async function drainAll() {
		try {
			do {
				again = false
				await lock(pass)
			} while (again)
		} catch (problem) {
			if (!connection.failed(problem))
				throw problem
		} finally {
			draining = null
			alarm()
			changed()
		}
	}
	return outbox
}
