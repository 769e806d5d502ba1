// When tasks ring: those that are due at a time, once each, while the page is open in any tab.
//
// A ring is
//   key     its own, which nobody else can know
//   id      of the task
//   due     milliseconds: when it is due
//   at      milliseconds: when it rings, due or later
//   title   of the task
//   state   "later": it will ring; "said": outside of the page; "open": in the page, until a
//           person answers; "over"
import {newKey} from "../service/client.js"
import {plusDays} from "../time/day.js"
import {hasTime} from "../time/due.js"

const MINUTE = 60e3
const TICK = MINUTE / 2		// between looks at the clock: timers stand still in a sleeping device
const BEFORE = MINUTE		// what came due so long before the page opened rings yet
const HOLD = 2 * MINUTE		// until all tabs see what one of them has written
const KEPT = 2 * 86400e3
const DAYS = 2			// ahead that are asked for

const dueOf = ({due_date}) => due_date && hasTime(due_date) ? Date.parse(due_date) : null
const isDue = (task, due) => !task.completed && dueOf(task) === due

// What rings after since, in its order: tasks that have not rung yet, and rings for later.
export function comingRings(tasks, rings, since) {
	const hasRung = (id, due) => rings.some(ring => ring.id === id && ring.due === due)
	const first = tasks.filter(task => !task.recurring && !task.completed)
		.map(task => ({id: task.id, due: dueOf(task), at: dueOf(task), title: task.title}))
		.filter(({id, due}) => due > since && !hasRung(id, due))
	return [...first, ...rings.filter(({state}) => state === "later")].sort((a, b) => a.at - b.at)
}

// Whether these changes (see outbox.js) end a ring: the task is done, gone, or due at another time.
const endedBy = changes => ({id, due}) => changes.some(({op, id: of, body}) => of === id
	&& (op === "delete" || body?.completed || ("due_date" in (body ?? {}) && dueOf(body) !== due)))

// soon: an agenda (agenda.js).  name: of the account in this browser.  look(id): the task as it
// is by now, undefined if there is none.  say(ring): tells a person outside of the page, and
// answers whether it could; hush(key) takes that back.  where(), changed(): as for all stores.
export function createRings({soon, storage, locks, name, where, look, say, hush, changed, now = () => Date.now(),
	setTimeout = globalThis.setTimeout, clearTimeout = globalThis.clearTimeout}) {
	let rings = []
	let since = now() - BEFORE
	let day = null
	let timer = null

	function reread() {
		rings = storage.get("rings") ?? []
	}
	const isSaid = key => rings.some(r => r.key === key && r.state === "said")

	// Makes of the rings that are kept what they are from now on.
	function write(change) {
		reread()
		const said = rings.filter(({state}) => state === "said")
		rings = change(rings).filter(({at, state}) => state === "later" || at > now() - KEPT)
		storage.set("rings", rings)
		said.filter(({key}) => !isSaid(key)).forEach(({key}) => hush(key))
		changed()
	}
	const set = (key, to) => write(all => all.map(ring => ring.key === key ? {...ring, ...to} : ring))

	// A request that fails must not keep it from ringing.
	async function attempt(work, otherwise) {
		try {
			return await work()
		} catch (problem) {
			if (!problem.kind)
				throw problem
			return problem.kind === "gone" ? undefined : otherwise
		}
	}

	// The ring if its task is still to be done then, as other devices have it; or null.
	async function stillDue(ring) {
		const task = await attempt(() => look(ring.id), null)
		return task === null || (task && isDue(task, ring.due)) ? {...ring, ...task && {title: task.title}} : null
	}

	async function ring(one) {
		reread()
		const {id, due} = one
		const known = rings.find(r => r.id === id && r.due === due)
		if (known && (known.state !== "later" || known.at > now()))
			return
		const fresh = await stillDue({key: newKey(), ...one})
		const state = fresh === null ? "over" : await say(fresh) ? "said" : "open"
		write(all => [...all.filter(r => r.id !== id || r.due !== due), {...fresh ?? one, state}])
	}

	// In one tab: the others can't have the lock.
	function ringOnce(one) {
		const hold = () => new Promise(resolve => setTimeout(resolve, HOLD))
		if (!locks)
			return ring(one)
		return new Promise((resolve, reject) => {
			locks.request(`${name} ${one.id} ${one.at}`, {ifAvailable: true}, lock => {
				const done = lock ? ring(one) : Promise.resolve()
				done.then(resolve, reject)
				return lock && done.then(hold, hold)
			}).catch(reject)
		})
	}

	function watchNext() {
		clearTimeout(timer)
		const next = comingRings(soon.entries, rings, since).find(({at}) => at > since)
		timer = setTimeout(tick, Math.min(TICK, Math.max(0, (next?.at ?? Infinity) - now())))
	}

	// Another day may have begun.
	async function open() {
		const {today} = where()
		if (day === today)
			return
		day = today
		await attempt(() => soon.open(today, plusDays(today, DAYS)))
	}

	async function tick() {
		const due = comingRings(soon.entries, rings, since).filter(({at}) => at <= now())
		since = now()
		watchNext()
		await Promise.all([open(), ...due.map(ringOnce)])
	}

	return {
		// Those that wait for an answer in the page.
		get open() {
			return rings.filter(({state}) => state === "open")
		},
		async start() {
			reread()
			watchNext()
			await open()
			watchNext()
		},
		// Another tab has written.
		reread() {
			reread()
			changed()
		},
		// What other devices did.
		async refresh() {
			await attempt(() => soon.refresh())
			for (const {key, id, due} of rings.filter(({state}) => state === "open")) {
				if (await stillDue({id, due}) === null)
					set(key, {state: "over"})
			}
		},
		// What the outbox holds has changed.
		changesAre(changes) {
			const isEnded = endedBy(changes)
			if (rings.some(r => r.state !== "over" && isEnded(r)))
				write(all => all.map(r => isEnded(r) ? {...r, state: "over"} : r))
			watchNext()
		},
		// A task has another id now that the service knows it.
		rename(from, to) {
			if (rings.some(r => r.id === from))
				write(all => all.map(r => r.id === from ? {...r, id: to} : r))
		},
		find: key => rings.find(r => r.key === key),
		over: key => set(key, {state: "over"}),
		show: key => set(key, {state: "open"}),
		later(key, minutes) {
			set(key, {state: "later", at: now() + minutes * MINUTE})
			watchNext()
		},
		// Nothing of the account stays.
		forget() {
			write(() => [])
			storage.remove("rings")
		},
	}
}
