// What is found in files, on its way to tasks as the service takes them; and the count of what
// becomes of it.
//
// What a reader finds is {title, notes, day, time, instant, zone, rule, priority, lists, tags,
// isDone, steps, id, parent}, all but the title optional: notes are texts; day and time are those
// on a wall in the zone (the person's, if absent), instant is in milliseconds; rule is one of
// RFC 5545; lists and tags become tags; steps are {title, isDone}; parent is the id of another.
// A copy of the service's own tasks has pattern and time_zone, which stay as they are.
import {isDay, plusDays} from "../time/day.js"
import {instantOf, isZone, utcText, wallClock} from "../time/zone.js"
import {ruleOf} from "./rule.js"

const LONGEST_TITLE = 200, LONGEST_NOTES = 10000, LONGEST_TAG = 50, MOST_TAGS = 32
const LONGEST_RULE = 100
const EXAMPLES = 3
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/
const FIRST_INSTANT = Date.parse("0001-01-02T00:00:00Z"), LAST_INSTANT = Date.parse("9999-12-30T00:00:00Z")
const CONTROLS = /\p{Cc}/gu
const CONTROLS_IN_NOTES = /[^\P{Cc}\t\n]/gu
const LONE_SURROGATES = /\p{Cs}/gu

// Names of the list that is nobody's choice, in the languages of the page: no tag.
const INBOXES = ["inbox", "eingang", "boîte de réception", "bandeja de entrada", "my tasks", "meine aufgaben",
	"mes tâches", "mis tareas", "tasks", "aufgaben", "tâches", "tareas"]

const isInbox = name => INBOXES.includes(lineOf(name).toLowerCase())
const lineOf = text => String(text ?? "").replace(LONE_SURROGATES, "\ufffd").replace(CONTROLS, " ").trim()
const notesOf = text => String(text ?? "").replace(/\r\n?/g, "\n").replace(LONE_SURROGATES, "\ufffd")
	.replace(CONTROLS_IN_NOTES, " ").trim()

// The first so many characters of the text, as the service counts them.
function cut(text, length) {
	const characters = [...text]
	return characters.length <= length ? text : characters.slice(0, length).join("")
}

function tagsOf({lists = [], tags = []}, count) {
	const names = lists.filter(name => !isInbox(name))
	const found = new Map()
	for (const name of [...names, ...tags].map(lineOf).filter(text => text !== "")) {
		const tag = cut(name, LONGEST_TAG).trim()
		if (tag !== name)
			count("tags-cut", name)
		found.set(tag.toLowerCase(), found.get(tag.toLowerCase()) ?? tag)
	}
	if (found.size > MOST_TAGS)
		count("tags-cut", [...found.values()][MOST_TAGS])
	return [...found.values()].slice(0, MOST_TAGS)
}

const stepLine = ({title, isDone}) => `- [${isDone ? "x" : " "}] ${lineOf(title)}`

// Whether the task is no more than a step of another.
function isStep({notes = [], day, instant, rule, tags = [], priority = "Medium"}) {
	return notes.every(text => notesOf(text) === "") && day === undefined && instant === undefined && rule === undefined
		&& tags.every(name => lineOf(name) === "") && priority === "Medium"
}

// The nearest task above each one that stays a task itself, as a function; it answers undefined
// if there is none, as in a circle.
function createAncestry(all) {
	const byId = new Map(all.filter(({id}) => id !== undefined).map(one => [one.id, one]))
	const known = new Map()
	return found => {
		const path = new Set()
		let one = found, above
		while (above === undefined && !known.has(one) && !path.has(one) && byId.has(one.parent)) {
			path.add(one)
			one = byId.get(one.parent)
			if (!isStep(one) || !byId.has(one.parent))
				above = one
		}
		const isCircle = above === undefined && path.has(one)
		const answer = isCircle ? undefined : above ?? known.get(one)
		path.forEach(passed => known.set(passed, answer))
		return answer
	}
}

// Tasks under tasks: what is no more than a step becomes one, the others say whose they are.
function nested(all, count) {
	const taskAbove = createAncestry(all)
	const kept = []
	for (const found of all) {
		const above = taskAbove(found)
		if (above !== undefined && isStep(found)) {
			above.steps = above.steps ?? []
			above.steps.push({title: found.title, isDone: found.isDone}, ...found.steps ?? [])
		} else {
			kept.push(found)
		}
		if (above !== undefined && !isStep(found)) {
			found.notes = [`\u2191 ${lineOf(above.title)}`, ...found.notes ?? []]
			count("subtasks", found.title)
		}
	}
	return kept
}

const copyOf = counts => new Map([...counts].map(([key, {n, examples}]) => [key, {n, examples: [...examples]}]))

export function createCollector({zone}) {
	const counts = new Map()
	const all = []

	function count(key, example, number = 1) {
		if (number === 0)
			return
		const entry = counts.get(key) ?? {n: 0, examples: []}
		entry.n += number
		if (example && entry.examples.length < EXAMPLES)
			entry.examples.push(lineOf(example))
		counts.set(key, entry)
	}

	// {due_date, time}: as the service takes it; time is null if it is due on the day.
	function dueOf({title, day, time, instant, zone: own}) {
		const where = isZone(own) ? own : zone
		if (day === undefined && instant === undefined)
			return {due_date: null, time: null}
		const isMeant = instant === undefined ? isDay(day) && (time === undefined || CLOCK.test(time))
			: instant >= FIRST_INSTANT && instant <= LAST_INSTANT
		if (!isMeant) {
			count("dates-unknown", title)
			return {due_date: null, time: null}
		}
		if (instant !== undefined)
			return {due_date: utcText(instant), time: wallClock(instant, where).time}
		return {due_date: time === undefined ? day : utcText(instantOf(day, time, where)), time: time ?? null}
	}

	function descriptionOf({title, notes = [], steps = []}) {
		const full = lineOf(title), isLong = cut(full, LONGEST_TITLE) !== full
		if (isLong)
			count("titles-cut", full)
		const named = steps.filter(step => lineOf(step.title) !== "")
		count("steps", undefined, named.length)
		const parts = [isLong ? full : "", ...notes.map(notesOf), named.map(stepLine).join("\n")]
		const text = parts.filter(part => part !== "").join("\n\n")
		if (cut(text, LONGEST_NOTES) !== text)
			count("notes-cut", full)
		return cut(text, LONGEST_NOTES)
	}

	// {recursion_pattern, time_zone}; each is undefined if there is none.
	function repetitionOf(found, time) {
		const {title, rule, pattern, isDone, time_zone} = found
		if (pattern !== undefined || time_zone !== undefined) {
			count("repeats", title, pattern === undefined ? 0 : 1)
			return {recursion_pattern: pattern && cut(lineOf(pattern), LONGEST_RULE), time_zone}
		}
		if (rule === undefined || isDone)
			return {}
		const known = ruleOf(rule)
		count(known === null ? "rules" : "repeats", title)
		if (known === null)
			return {}
		const where = isZone(found.zone) ? found.zone : zone
		return {recursion_pattern: known, time_zone: time === null ? undefined : where}
	}

	// The task with what it has; what is as usual is not said.
	function taskOf(found) {
		const {due_date, time} = dueOf(found)
		const description = descriptionOf(found), tags = tagsOf(found, count)
		count("dates", undefined, due_date === null ? 0 : 1)
		count("done", undefined, found.isDone ? 1 : 0)
		const task = {
			title: cut(lineOf(found.title), LONGEST_TITLE).trim(),
			description: description === "" ? undefined : description,
			due_date: due_date ?? undefined,
			priority: found.priority === "Medium" ? undefined : found.priority,
			tags: tags.length === 0 ? undefined : tags,
			...repetitionOf(found, time),
			completed: found.isDone ? true : undefined,
		}
		return Object.fromEntries(Object.entries(task).filter(([, value]) => value !== undefined))
	}

	return {
		count,
		// What was added so far, for restore().
		state: () => ({length: all.length, counts: copyOf(counts)}),
		// Forgets what was added since.
		restore(state) {
			all.length = state.length
			counts.clear()
			state.counts.forEach((entry, key) => counts.set(key, entry))
		},
		// One task; one without a title is counted only.  Throws if it is of another shape.
		add(found) {
			const isRight = ["notes", "lists", "tags", "steps"].every(name => Array.isArray(found[name] ?? []))
				&& ["string", "undefined"].includes(typeof found.rule)
			if (!isRight)
				throw new TypeError(`A task of another shape: ${JSON.stringify(found)}`)
			if (lineOf(found.title) === "")
				count("untitled")
			else
				all.push(found)
		},
		// How a date in figures was read; the first is the example.
		readDate(text, day) {
			if (!counts.has("date-order"))
				counts.set("date-order", {n: 1, examples: [text, day]})
		},
		// {tasks, lists, counts}: counts is a Map of {n, examples} by keys.
		finish() {
			const lists = new Set(all.flatMap(({lists: names = []}) => names).map(lineOf))
			const kept = nested(all, count)
			return {tasks: kept.map(taskOf), lists: [...lists].filter(name => name !== "" && !isInbox(name)), counts}
		},
	}
}

// An instant as a task's due: midnight on the wall, or the minute before it, is the day alone.
export function dayOrInstant(instant, zone) {
	const {day, time} = wallClock(instant, zone)
	if (time === "00:00")
		return {day}
	return time === "23:59" ? {day} : {instant}
}

// The day on the wall that is nearest to the instant: of a date that was midnight somewhere.
export function nearestDay(instant, zone) {
	const {day, time} = wallClock(instant, zone)
	return time >= "12:00" ? plusDays(day, 1) : day
}
