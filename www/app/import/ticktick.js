// TickTick's backup, a CSV: some lines about the file, then columns that are found by name:
// Folder Name, List Name, Title, Kind (TEXT, CHECKLIST, NOTE), Tags, Content, Is Check list, Start
// Date, Due Date, Reminder, Repeat, Priority (0, 1, 3, 5), Status (0 open, 1 and 2 done, -1 not
// to be done), ..., Timezone, Is All Day, ..., taskId, parentId.  Dates are in UTC
// ("2026-10-04T21:00:00+0000"); one that is all day is midnight in Timezone.
import {isZone, wallClock} from "../time/zone.js"

const PRIORITIES = {1: "Low", 3: "Medium", 5: "High"}
const OPEN_ITEM = "\u25ab", DONE_ITEM = "\u25aa"

export const isTickTick = names => names.includes("List Name") && names.includes("Title") && names.includes("Status")

function instantOf(text) {
	const [, date, time, hours = "+00", minutes = "00"] =
		/^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|([+-]\d\d):?(\d\d))?$/.exec(text.trim()) ?? []
	const instant = Date.parse(`${date}T${time}${hours}:${minutes}`)
	return Number.isNaN(instant) ? undefined : instant
}

function dueOf(cell, zone) {
	const instant = instantOf(cell("Due Date")) ?? instantOf(cell("Start Date"))
	if (instant === undefined)
		return {}
	return cell("Is All Day").trim().toLowerCase() === "true" ? {day: wallClock(instant, zone).day} : {instant}
}

// The items of a checklist, and what else is in the content.
function contentOf(text) {
	const lines = text.split(/\r\n?|\n/)
	const isItem = line => line.startsWith(OPEN_ITEM) || line.startsWith(DONE_ITEM)
	return {
		notes: [lines.filter(line => !isItem(line)).join("\n")],
		steps: lines.filter(isItem).map(line => ({title: line.slice(1), isDone: line.startsWith(DONE_ITEM)})),
	}
}

// Of several rules TickTick means the first; one that begins with ERULE is its own.
const ruleIn = text => text.split(/\r\n?|\n/).map(line => line.trim()).find(line => line !== "")

export function readTickTick(records, {name, collector, options}) {
	for (const cell of records) {
		const status = cell("Status").trim(), title = cell("Title")
		if (cell("Kind").trim() === "NOTE") {
			collector.count("not-tasks", title)
			continue
		}
		if (status === "-1") {
			collector.count("cancelled", title)
			continue
		}
		const zone = isZone(cell("Timezone").trim()) ? cell("Timezone").trim() : options.zone
		if (cell("Reminder").trim() !== "")
			collector.count("reminders", title)
		const idOf = column => cell(column).trim() === "" ? undefined : `${name} ${cell(column).trim()}`
		collector.add({title, ...contentOf(cell("Content")), ...dueOf(cell, zone), zone, rule: ruleIn(cell("Repeat")),
			priority: PRIORITIES[cell("Priority").trim()], lists: [cell("List Name")], tags: cell("Tags").split(","),
			isDone: status === "1" || status === "2", id: idOf("taskId"), parent: idOf("parentId")})
	}
}
