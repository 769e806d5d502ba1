// Tasks of a calendar file (.ics): the VTODOs of iCalendar, RFC 5545, as Nextcloud, Apple,
// Thunderbird, Tasks.org and others write them, and this service.
import {isDay, plusDays} from "../time/day.js"
import {instantOf} from "../time/zone.js"
import {zoneNamed} from "./zones.js"

const DONE = 100
const MS_PER_SECOND = 1000

export const isCalendar = text => /^\s*BEGIN:VCALENDAR/i.test(text)

// A line as {name, parameters, value}; null if it is none.  What is quoted holds any character.
function propertyOf(line) {
	const heads = [""]
	let isQuoted = false, at = 0
	for (; at < line.length && (isQuoted || line[at] !== ":"); at++) {
		if (line[at] === "\"")
			isQuoted = !isQuoted
		else if (line[at] === ";" && !isQuoted)
			heads.push("")
		else
			heads[heads.length - 1] += line[at]
	}
	const [name, ...rest] = heads
	if (at === line.length || !/^[A-Za-z0-9-]+$/.test(name))
		return null
	const parameters = Object.fromEntries(rest.map(text => {
		const end = text.indexOf("=")
		return [text.slice(0, end).toUpperCase(), text.slice(end + 1)]
	}))
	return {name: name.toUpperCase(), parameters, value: line.slice(at + 1)}
}

// The components of the text, as {name, properties, parts}, each with those inside.
function componentsOf(text) {
	const root = {name: "", properties: [], parts: []}
	const open = [root]
	for (const line of text.replace(/\r\n?/g, "\n").replace(/\n[ \t]/g, "").split("\n")) {
		const property = propertyOf(line)
		const current = open[open.length - 1]
		if (property === null)
			continue
		if (property.name === "BEGIN") {
			const part = {name: property.value.trim().toUpperCase(), properties: [], parts: []}
			current.parts.push(part)
			open.push(part)
		} else if (property.name === "END") {
			if (open.length > 1)
				open.pop()
		} else {
			current.properties.push(property)
		}
	}
	return root
}

const propertiesOf = ({properties}, name) => properties.filter(one => one.name === name)
const propertyNamed = (component, name) => propertiesOf(component, name)[0]
const valueOf = (component, name) => propertyNamed(component, name)?.value.trim() ?? ""

const unescaped = text => text.replace(/\\([\\;,nN])/g, (all, character) => /n/i.test(character) ? "\n" : character)
const textNamed = (component, name) => unescaped(propertyNamed(component, name)?.value ?? "")

// The items of a list of texts, which commas separate that no backslash is before.
function itemsOf(text) {
	const items = [""]
	let isEscaped = false
	for (const character of text) {
		if (character === "," && !isEscaped)
			items.push("")
		else
			items[items.length - 1] += character
		isEscaped = character === "\\" && !isEscaped
	}
	return items.map(unescaped)
}

// A date or a time as {day}, {day, time, zone} or {instant}; {} if it is none.
function momentOf(property, zone) {
	const [, year, month, date, hour, minute, second, utc] =
		/^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?$/.exec(property?.value.trim() ?? "") ?? []
	const day = `${year}-${month}-${date}`
	if (!isDay(day))
		return {}
	if (hour === undefined)
		return {day}
	if (utc !== undefined)
		return {instant: Date.parse(`${day}T${hour}:${minute}:${second ?? "00"}Z`)}
	return {day, time: `${hour}:${minute}`, zone: zoneNamed(property.parameters.TZID) ?? zone}
}

// A duration in seconds (section 3.3.6), 0 if it is none.
function secondsOf(text) {
	const [, sign, weeks, days, hours, minutes, seconds] =
		/^([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text) ?? []
	const all = [[weeks, 604800], [days, 86400], [hours, 3600], [minutes, 60], [seconds, 1]]
		.reduce((sum, [number = 0, length]) => sum + Number(number) * length, 0)
	return sign === "-" ? -all : all
}

// When a task is due: DUE, else DTSTART, with DURATION if it has one; of one that repeats it is
// its start, with which its times are reckoned, if it has no DUE.
function dueOf(todo, zone) {
	const due = momentOf(propertyNamed(todo, "DUE"), zone)
	if (Object.keys(due).length > 0)
		return due
	const start = momentOf(propertyNamed(todo, "DTSTART"), zone)
	const seconds = secondsOf(valueOf(todo, "DURATION"))
	if (seconds === 0 || valueOf(todo, "RRULE") !== "")
		return start
	if (start.day !== undefined && start.time === undefined)
		return {day: plusDays(start.day, Math.round(seconds / 86400))}
	const instant = start.instant ?? (start.day && instantOf(start.day, start.time, start.zone))
	return instant === undefined ? start : {instant: instant + seconds * MS_PER_SECOND}
}

function priorityOf(text) {
	const number = Number(text)
	return number >= 1 && number <= 4 ? "High" : number >= 6 && number <= 9 ? "Low" : undefined
}

function isDone(todo) {
	const status = valueOf(todo, "STATUS").toUpperCase()
	return status === "COMPLETED" || status === "" && (valueOf(todo, "COMPLETED") !== ""
		|| Number(valueOf(todo, "PERCENT-COMPLETE")) === DONE)
}

function parentOf(todo) {
	const isParent = ({parameters}) => (parameters.RELTYPE ?? "PARENT").toUpperCase() === "PARENT"
	return propertiesOf(todo, "RELATED-TO").find(isParent)?.value.trim()
}

function readTodo(todo, list, {name, collector, options}) {
	const title = textNamed(todo, "SUMMARY")
	if (valueOf(todo, "STATUS").toUpperCase() === "CANCELLED") {
		collector.count("cancelled", title)
		return
	}
	if (propertyNamed(todo, "RECURRENCE-ID") !== undefined) {
		collector.count("exceptions", title)
		return
	}
	if (todo.parts.some(part => part.name === "VALARM"))
		collector.count("reminders", title)
	if (propertyNamed(todo, "ATTACH") !== undefined)
		collector.count("attachments", title)
	if (["EXDATE", "RDATE"].some(one => propertyNamed(todo, one) !== undefined))
		collector.count("exceptions", title)
	const idOf = uid => uid ? `${name} ${uid}` : undefined
	collector.add({
		title,
		notes: [textNamed(todo, "DESCRIPTION"), textNamed(todo, "LOCATION"), valueOf(todo, "URL")],
		...dueOf(todo, options.zone),
		rule: valueOf(todo, "RRULE") || undefined,
		priority: priorityOf(valueOf(todo, "PRIORITY")),
		lists: [list],
		tags: propertiesOf(todo, "CATEGORIES").flatMap(({value}) => itemsOf(value)),
		isDone: isDone(todo),
		id: idOf(valueOf(todo, "UID")),
		parent: idOf(parentOf(todo)),
	})
}

export function readCalendar(text, context) {
	for (const calendar of componentsOf(text).parts.filter(({name}) => name === "VCALENDAR")) {
		const list = textNamed(calendar, "X-WR-CALNAME")
		for (const part of calendar.parts) {
			if (part.name === "VTODO")
				readTodo(part, list, context)
			else if (part.name === "VEVENT" || part.name === "VJOURNAL")
				context.collector.count("not-tasks", textNamed(part, "SUMMARY"))
		}
	}
}
