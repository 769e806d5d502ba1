// A task's fields as a form has them, and what a form changes of a task.
import {MOST} from "../service/task.js"
import {isDay} from "../time/day.js"
import {dayOfDue, dueOf, isMeant, timeOfDue} from "../time/due.js"
import {wallClock} from "../time/zone.js"

export const EMPTY = {
	title: "",
	date: "",
	time: "",
	priority: "Medium",
	tags: "",
	recursion_pattern: "",
	description: "",
}
// The form's fields that make up a field of a task.
export const PARTS = {date: "due_date", time: "due_date"}

export function valuesOf(task, zone) {
	return {
		title: task.title ?? "",
		date: task.due_date ? dayOfDue(task.due_date, zone) : "",
		time: task.due_date ? timeOfDue(task.due_date, zone) : "",
		priority: task.priority ?? "Medium",
		tags: (task.tags ?? []).join(", "),
		recursion_pattern: task.recursion_pattern ?? "",
		description: task.description ?? "",
	}
}

// "#home, work" is ["home", "work"]; a tag twice, in whatever case, is one.
export function tagsOf(text) {
	const tags = new Map()
	for (const part of text.split(",")) {
		const tag = part.trim().replace(/^#+\s*/, "")
		if (tag && !tags.has(tag.toLowerCase()))
			tags.set(tag.toLowerCase(), tag)
	}
	return [...tags.values()]
}

// A time alone is one of today.
function dueIn({date, time}, zone, now) {
	const day = date || (time && wallClock(now, zone).day)
	return day ? dueOf(day, time, zone) : null
}

// What the form changes, as the body of a write.
export function bodyOf(values, task, zone, now) {
	const was = valuesOf(task, zone)
	const body = {}
	const differs = name => values[name] !== was[name]
	if (values.title.trim() !== was.title.trim())
		body.title = values.title.trim()
	if (differs("date") || differs("time"))
		body.due_date = dueIn(values, zone, now)
	if (differs("priority"))
		body.priority = values.priority
	if (differs("tags"))
		body.tags = tagsOf(values.tags)
	for (const name of ["recursion_pattern", "description"]) {
		if (values[name].trim() !== was[name].trim())
			body[name] = values[name].trim() || null
	}
	if ("due_date" in body || "recursion_pattern" in body) {
		// What comes again at a time goes by the clock of the place where it was made.
		const own = values.recursion_pattern.trim() && values.time ? zone : null
		if (own !== (task.time_zone ?? null))
			body.time_zone = own
	}
	return body
}

const isLonger = (text, most) => [...text.trim()].length > most

// The first thing that is wrong with these values, as {name, rule}, or null.
export function faultOf({title, date, tags, recursion_pattern: repeat, description}) {
	if (!title.trim())
		return {name: "title", rule: "empty"}
	if (isLonger(title, MOST.title))
		return {name: "title", rule: "long"}
	if (tagsOf(tags).length > MOST.tags || tagsOf(tags).some(tag => isLonger(tag, MOST.tag)))
		return {name: "tags", rule: "long"}
	if (isLonger(repeat, MOST.recursion_pattern))
		return {name: "recursion_pattern", rule: "long"}
	if (isLonger(description, MOST.description))
		return {name: "description", rule: "long"}
	if (date && !isMeant(date))
		return {name: "date", rule: isDay(date) ? "year" : "day"}
	return null
}
