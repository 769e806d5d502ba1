// A copy of all tasks, out and in again.
import {FIELDS, sameFields, taskOf, writable} from "../service/task.js"
import {newKey} from "../service/client.js"

// The tasks in the text of a saved copy, or null if it holds none.
export function tasksIn(text) {
	let data
	try {
		data = JSON.parse(text.replace(/^\ufeff/, ""))
	} catch {
		return null
	}
	const tasks = Array.isArray(data) ? data : data?.tasks
	if (!Array.isArray(tasks) || !tasks.every(t => t !== null && typeof t === "object" && "title" in t))
		return null
	return tasks.map(writable)
}

const LOT = 100		// tasks: what the service takes at once is 500, and 1 MiB

const DEFAULTS = {priority: "Medium", completed: false}
const comparable = task => ({...DEFAULTS, ...task, tags: task.tags ?? []})

// Of these tasks, those that are not among the present ones: each of those counts once.
export function missing(tasks, present) {
	const rest = present.map(comparable)
	return tasks.filter(task => {
		const at = rest.findIndex(other => sameFields(comparable(task), other, FIELDS))
		if (at >= 0)
			rest.splice(at, 1)
		return at < 0
	})
}

export async function allTasks(client) {
	const {json} = await client.mine("GET", "tasks")
	return json.map(taskOf)
}

// Makes these tasks, many at once, all or none of each lot; progress(n) says how many are made.
// Answers those that the service does not take.  What stops it in between is thrown: what is
// made is made then.
export async function makeAll(client, tasks, progress) {
	const refused = []
	let rest = tasks
	let size = LOT
	while (rest.length) {
		const lot = rest.slice(0, size)
		try {
			await client.mine("POST", "tasks/batch", {body: {tasks: lot}, key: newKey()})
			rest = rest.slice(lot.length)
		} catch (problem) {
			if (problem.kind !== "invalid")
				throw problem
			const bad = new Set(problem.fields.map(({index}) => index).filter(Number.isInteger))
			if (!bad.size && lot.length > 1) {		// long notes: fewer at once
				size = Math.ceil(lot.length / 2)
				continue
			}
			if (!bad.size)
				bad.add(0)
			refused.push(...lot.filter((_, n) => bad.has(n)))
			rest = [...lot.filter((_, n) => !bad.has(n)), ...rest.slice(lot.length)]
		}
		progress(tasks.length - rest.length - refused.length)
	}
	return refused
}
