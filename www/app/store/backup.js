// Many tasks at once: all there are, and new ones.
import {FIELDS, sameFields, taskOf} from "../service/task.js"
import {newKey} from "../service/client.js"

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
// Answers {ids, refused}: refused are those that the service does not take.  What stops it in
// between is thrown: what is made is made then.
export async function makeAll(client, tasks, progress) {
	const refused = []
	const ids = []
	let rest = tasks
	let size = LOT
	while (rest.length) {
		const lot = rest.slice(0, size)
		try {
			const {json} = await client.mine("POST", "tasks/batch", {body: {tasks: lot}, key: newKey()})
			ids.push(...json.ids)
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
	return {ids, refused}
}
