// A copy that was saved here: {tasks: [...]} or only the array, of tasks as the service has them.
import {isDay} from "../time/day.js"
import {isZone} from "../time/zone.js"

const PRIORITIES = ["High", "Medium", "Low"]
const FIELDS = ["due_date", "priority", "recursion_pattern", "completed", "tags", "description", "user_id"]

const MOMENT = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(.*)$/

const isTask = one => one !== null && typeof one === "object" && typeof one.title === "string"

export function isCopy(data) {
	const tasks = Array.isArray(data) ? data : data?.tasks
	return Array.isArray(tasks) && tasks.length > 0 && tasks.every(isTask)
		&& (Array.isArray(data) ? tasks.some(one => FIELDS.some(name => name in one)) : true)
}

// The old backend wrote times without a zone: they are taken for those of the person's.
function dueOf(text, zone) {
	if (isDay(text))
		return {day: text}
	const [, day, time, offset] = MOMENT.exec(String(text)) ?? []
	if (day === undefined || !isDay(day))
		return null
	if (offset === "")
		return {day, time, zone}
	const instant = Date.parse(String(text).replace(" ", "T"))
	return Number.isNaN(instant) ? null : {instant}
}

const tagsOf = tags => Array.isArray(tags) ? tags : String(tags ?? "").split(",")

export function readCopy(data, {collector, options}) {
	for (const task of Array.isArray(data) ? data : data.tasks) {
		const zone = isZone(task.time_zone) ? task.time_zone : options.zone
		const due = task.due_date ? dueOf(task.due_date, zone) : {}
		if (due === null)
			collector.count("dates-unknown", task.title)
		collector.add({
			title: task.title,
			notes: [task.description ?? "", due === null ? task.due_date : ""],
			...due,
			zone,
			pattern: task.recursion_pattern || undefined,
			time_zone: isZone(task.time_zone) ? task.time_zone : undefined,
			tags: tagsOf(task.tags),
			priority: PRIORITIES.includes(task.priority) ? task.priority : undefined,
			isDone: task.completed === true,
		})
	}
}
