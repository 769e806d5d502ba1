// The tasks of one view: pages of it as the service has them, with our changes on top.  When
// the service can't be reached, they are those that this browser has seen.
import {taskOf} from "../service/task.js"
import {createLoading} from "./loading.js"
import {finds, fits, insert, orderOf, parametersOf} from "./query.js"

const PAGE = 100
const MORE = 400	// at most, when the end of the list comes near
const MOST = 1000	// that the service gives at once

// The cursor in the Link of an answer, if there is a further page.
function cursorOf(link) {
	const [, next] = /<([^>]*)>;\s*rel="?next/.exec(link ?? "") ?? []
	return next && new URLSearchParams(next.replace(/^[^?]*/, "")).get("cursor")
}

// where(): {zone, first, now}, see query.js.  changed(): the view has to be drawn anew.
export function createList({client, database, outbox, connection, where, changed, pageSize = PAGE}) {
	let query = null
	let known = new Map()	// what the service answered, by id
	let shown = []
	let whole = true	// there is no further page
	let cursor = null
	let version = null	// of the first page
	let kept = false	// they are from this browser's database
	let memo = null
	const loading = createLoading({
		database,
		connection,
		changed: drawn,
		lacks: () => kept || !shown.length,
		show: showKept,
	})

	const belongs = (task, place) => fits(task, query, place) && (known.has(task.id) || finds(task, query.q))

	// Puts a task that changed where it belongs.  What comes after the last page's end is not
	// known; what is new is shown all the same.
	function put(tasks, task, order) {
		const at = insert(tasks, task, order)
		if (at === tasks.length - 1 && !whole && task.id > 0)
			tasks.pop()
	}

	// The order is the service's; what is changed here finds its place in it.
	function compute() {
		const place = where()
		const order = orderOf(query.sort, place.zone)
		const touched = new Set(outbox.pending.map(change => change.id))
		// The service counts what is due on this day alone as overdue by now.
		const sifted = kept || query.due === "overdue"
		const rest = shown.filter(task => !touched.has(task.id) && (!sifted || belongs(task, place)))
		for (const task of outbox.overlay(shown.filter(t => touched.has(t.id)))) {
			if (belongs(task, place) && !outbox.isAmong(task.id, shown))
				put(rest, task, order)
		}
		return rest
	}

	function drawn() {
		memo = null
		changed()
	}

	async function page(parameters, unless, signal) {
		const path = `tasks?${new URLSearchParams(parameters)}`
		const {json, headers} = await client.mine("GET", path, {unless, signal})
		return json && {
			tasks: json.map(taskOf),
			version: headers.get("etag"),
			next: cursorOf(headers.get("link")) ?? null,
		}
	}

	// The first pages of the view, as many tasks as size; null if it is still the known version.
	async function pages(size, from, unless, signal) {
		const asked = query
		const tasks = []
		let next = from
		let first = null
		do {
			const limit = Math.min(Math.max(pageSize, Math.ceil(size - tasks.length)), MOST)
			const got = await page({...parametersOf(asked, where()), limit, ...next && {cursor: next}},
				first ? undefined : unless, signal)
			if (!got)
				return null
			first ??= got.version
			next = got.next
			tasks.push(...got.tasks)
		} while (next && tasks.length < size)
		return {tasks, next, version: first}
	}

	function take(got, more) {
		const before = more ? shown : []
		const seen = new Set(before.map(task => task.id))
		shown = [...before, ...got.tasks.filter(task => !seen.has(task.id))]
		known = new Map(shown.map(task => [task.id, task]))
		cursor = got.next
		whole = cursor === null
		if (!more)
			version = got.version
		kept = false
		database.tasks.write(got.tasks)
		if (whole && !more)
			forgetGone()
	}

	// What is gone elsewhere is not kept here either.
	async function forgetGone() {
		const asked = query
		const tasks = await database.tasks.all() ?? []
		const place = where()
		const isGone = task => !known.has(task.id) && fits(task, asked, place) && finds(task, asked.q)
		const gone = tasks.filter(isGone)
		if (asked === query && gone.length)
			await database.tasks.write([], gone.map(task => task.id))
	}

	function load({more = false, size = pageSize, unless} = {}) {
		const ask = signal => pages(size, more ? cursor : null, unless, signal)
		return loading.run(ask, got => got && take(got, more))
	}

	function showKept(tasks) {
		shown = tasks.sort(orderOf(query.sort, where().zone))
		known = new Map()
		kept = whole = true
		cursor = version = null
	}

	const list = {
		get query() {
			return query
		},
		get tasks() {
			memo ??= query ? compute() : []
			return memo
		},
		get whole() {
			return whole
		},
		get isLoading() {
			return loading.isOn
		},
		// Nothing of this view was seen yet.
		get isEmptyHanded() {
			return loading.isOn && !shown.length
		},
		find: id => list.tasks.find(task => task.id === id),

		// Another view; with patience, what is kept is shown if the service takes longer.
		async open(to) {
			query = to
			shown = []
			known = new Map()
			whole = true
			cursor = version = null
			kept = false
			const result = load()
			drawn()
			return result
		},
		close() {
			loading.stop()
			query = null
			drawn()
		},
		showMeanwhile: loading.showMeanwhile,
		// The further down, the more at once.
		more: () => loading.isOn || whole ? undefined
			: load({more: true, size: Math.min(MORE, Math.max(pageSize, shown.length / 2))}),
		// All that is left; if the service can't be reached the view is still not whole.
		rest: () => whole ? undefined : load({more: true, size: Infinity}),
		// What other devices did.  Asked in vain if nothing changed.
		async refresh() {
			if (query && !loading.isOn)
				await load({size: shown.length, unless: kept ? undefined : version})
		},
		// The outbox has other changes.
		redraw: drawn,
		// A task is as it is in answer, or gone (null), now that a change is made.
		settle(id, answer) {
			if (!query)
				return
			version = null
			const place = where()
			shown = shown.filter(task => task.id !== id && task.id !== answer?.id)
			if (answer && belongs({...answer, id}, place))
				put(shown, answer, orderOf(query.sort, place.zone))
			known = new Map(shown.map(task => [task.id, task]))
			drawn()
			// What is on its way was asked for before.
			if (loading.isOn)
				load({size: shown.length})
		},
	}
	return list
}
