// Vikunja's export: data.json of its archive, an array of projects (of lists in namespaces before
// 0.21) with their tasks.  Dates that are not set are of the year 1; notes are HTML; priorities
// go from 0 (unset), 1 (low) to 5; a repetition is a number of seconds (repeat_after), "monthly"
// (repeat_mode 1), or, in newer versions, a rule (repeats).
import {dayOrInstant} from "./collector.js"
import {isHtml, textOfHtml} from "./html.js"

const PRIORITIES = {1: "Low", 2: "Medium", 3: "High", 4: "High", 5: "High"}
const DAY = 86400
const MONTHLY = 1, FROM_COMPLETION = 2
const FIRST_YEAR = 1000
const DEEPEST = 20

const isProject = one => one !== null && typeof one === "object" && typeof one.title === "string"
	&& (Array.isArray(one.tasks) || Array.isArray(one.lists))
	&& ["is_archived", "hex_color", "identifier", "owner", "views", "buckets", "namespace_id", "parent_project_id"]
		.some(name => name in one)

export const isVikunja = data => Array.isArray(data) && data.length > 0 && data.every(isProject)

function instantOf(text) {
	const instant = Date.parse(text ?? "")
	return Number.isNaN(instant) || new Date(instant).getUTCFullYear() < FIRST_YEAR ? undefined : instant
}

// The rule, in words that ruleOf() refuses if Vikunja's is none that can be said so.
function ruleOf({repeats, repeat_after: seconds = 0, repeat_mode: mode = 0}) {
	if (typeof repeats === "string" && repeats !== "")
		return repeats
	if (mode === MONTHLY)
		return "FREQ=MONTHLY"
	if (!(seconds > 0))
		return undefined
	const days = seconds / DAY
	return days % 7 === 0 ? `FREQ=WEEKLY;INTERVAL=${days / 7}` : `FREQ=DAILY;INTERVAL=${days}`
}

const plain = text => isHtml(text ?? "") ? textOfHtml(text) : text ?? ""

function taskOf(task, list, {name, collector, options}) {
	const instant = instantOf(task.due_date) ?? instantOf(task.end_date)
	const comments = (task.comments ?? []).map(({comment}) => plain(comment)).filter(text => text !== "")
	collector.count("comments", undefined, comments.length)
	for (const key of ["reminders", "attachments", "assignees"])
		collector.count(key, task.title, task[key]?.length > 0 ? 1 : 0)
	collector.count("after-done", task.title, task.repeat_mode === FROM_COMPLETION && task.repeat_after > 0 ? 1 : 0)
	const idOf = id => id === undefined ? undefined : `${name} ${id}`
	return {
		title: task.title,
		notes: [plain(task.description), ...comments],
		...(instant === undefined ? {} : dayOrInstant(instant, options.zone)),
		rule: ruleOf(task),
		priority: PRIORITIES[task.priority],
		lists: [list],
		tags: (task.labels ?? []).map(({title}) => title),
		isDone: task.done === true,
		id: idOf(task.id),
		parent: idOf(task.related_tasks?.parenttask?.[0]?.id),
	}
}

// Projects may be in projects, but not without end.
export function readVikunja(projects, context, depth = 0) {
	for (const {title, tasks, lists, child_projects: children, is_archived: isArchived} of projects.filter(isProject)) {
		for (const task of tasks ?? []) {
			if (isArchived === true)
				context.collector.count("archived", task?.title)
			else if (task !== null && typeof task === "object")
				context.collector.add(taskOf(task, title, context))
		}
		if (depth < DEEPEST) {
			readVikunja(lists ?? [], context, depth + 1)
			readVikunja(children ?? [], context, depth + 1)
		}
	}
}
