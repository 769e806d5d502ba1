// What a person does to tasks.  Each is seen at once, and sent when it can be; those that can
// be undone answer how.

import {writable} from "../service/task.js"

const UNDO = 8000	// milliseconds in which a deletion is not sent
const REMEMBERED = 200

const BLANK = {
	title: "",
	description: null,
	due_date: null,
	time_zone: null,
	priority: "Medium",
	tags: [],
	recursion_pattern: null,
	completed: false,
}

// where(): {zone}.
export function createActions({outbox, where, now = () => Date.now()}) {
	let last = 0
	// What completing a task made: the one that comes next, by the id of the completed.
	const nexts = new Map()
	// Completed, and taken back before the service said what came next.
	const unwanted = new Set()

	const complete = (task, completed) => ({
		completed,
		...completed && task.recursion_pattern && task.due_date && {
			next: true,
			due_date: task.due_date,
			recursion_pattern: task.recursion_pattern,
		},
	})

	const actions = {
		undoTime: UNDO,
		add(body) {
			last = Math.min(-now(), last - 1)
			const task = {...BLANK, id: last, ...body}
			outbox.add("create", task, body)
			return task
		},
		edit: (task, body) => outbox.add("update", task, body),
		// Answers a function that undoes it.
		toggle(task) {
			const completed = !task.completed
			outbox.add("complete", task, complete(task, completed), {zone: where().zone})
			const id = outbox.currentId(task.id)
			if (!completed)
				actions.takeBack(id)
			return () => actions.toggle({...task, id: outbox.currentId(task.id), completed})
		},
		remove(task) {
			const n = outbox.add("delete", task, undefined, {undo: UNDO})
			return () => outbox.withdraw(n) || actions.again(task)
		},
		// A new task like one that is gone.
		again(task) {
			const made = actions.add(writable(task))
			if (task.completed)
				outbox.add("complete", made, {completed: true})
		},
		// The task is open again: what came next goes.
		takeBack(id) {
			const next = nexts.get(id)
			nexts.delete(id)
			if (next)
				outbox.add("delete", {id: next}, undefined)
			else
				unwanted.add(id)
		},
		// The service completed a task.  Answers the id of the next, if it is to stay.
		completed(id, {next_id, completed}) {
			if (!completed) {
				unwanted.delete(id)
				return null
			}
			if (!next_id)
				return null
			if (unwanted.has(id)) {
				outbox.add("delete", {id: next_id}, undefined)
				return null
			}
			nexts.set(id, next_id)
			if (nexts.size > REMEMBERED)
				nexts.delete(nexts.keys().next().value)
			return next_id
		},
	}
	return actions
}
