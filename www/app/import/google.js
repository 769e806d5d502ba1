// Google Tasks as Takeout hands them out, Tasks.json: {kind: "tasks#taskLists", items: [{title,
// items: [{id, title, notes, status, due, parent, links, hidden, deleted}]}]}.  A due date is
// midnight in UTC and stands for a day.

export const isGoogle = data => /^tasks#task(Lists|s)$/.test(data?.kind) && Array.isArray(data.items ?? [])

function taskOf(task, list, {name, collector}) {
	const links = (task.links ?? []).map(({description = "", link = ""}) => `${description} ${link}`.trim())
	const day = /^\d{4}-\d\d-\d\d/.exec(task.due ?? "")?.[0]
	const idOf = id => id === undefined ? undefined : `${name} ${id}`
	collector.add({title: task.title, notes: [task.notes ?? "", links.join("\n")], day, lists: [list ?? ""],
		isDone: task.status === "completed", id: idOf(task.id), parent: idOf(task.parent)})
}

export function readGoogle(data, context) {
	const lists = data.kind === "tasks#tasks" ? [data] : data.items ?? []
	for (const list of lists) {
		for (const task of list?.items ?? []) {
			if (task?.deleted === true)
				context.collector.count("cancelled", task.title)
			else if (task !== null && typeof task === "object")
				taskOf(task, list.title, context)
		}
	}
}
