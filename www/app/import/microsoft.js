// Microsoft To Do, which has no export of its own.  People get their tasks out
//
// - by programs that ask Microsoft Graph for them: JSON, lists of {displayName, tasks: [{title,
//   status, importance, body: {content, contentType}, dueDateTime: {dateTime, timeZone}, recurrence,
//   categories, checklistItems}]}, in an array, in {value} or {lists}, or as {list, tasks};
// - by a program (Microsoft-To-Do-Export) as a table of Type (list, task, step), ID, Title, Status,
//   Note, Due Date;
// - from Outlook, which has the same tasks, as a table whose columns are in Outlook's language.
import {dayOf, isDay} from "../time/day.js"
import {isMonthFirst} from "../time/order.js"
import {instantOf, wallClock} from "../time/zone.js"
import {nearestDay} from "./collector.js"
import {isHtml, textOfHtml} from "./html.js"
import {zoneNamed} from "./zones.js"

const PRIORITIES = {high: "High", low: "Low"}
const FIRST_YEAR = "1000"
const CODES = {monday: "MO", tuesday: "TU", wednesday: "WE", thursday: "TH", friday: "FR", saturday: "SA", sunday: "SU"}
const NTH = {first: 1, second: 2, third: 3, fourth: 4, last: -1}

// --- what Graph answers

const isTask = one => typeof one?.title === "string"
	&& ["importance", "dueDateTime", "checklistItems", "checklist_items", "isReminderOn"].some(name => name in one)
const isList = one => typeof one?.displayName === "string" && Array.isArray(one.tasks)

// The lists in the data, as [{name, tasks}].
function listsIn(data) {
	const given = data?.value ?? data?.lists ?? data
	if (Array.isArray(given) && given.length > 0 && given.every(isList))
		return given.map(({displayName, wellknownListName, wellKnownListName = wellknownListName, tasks}) =>
			({name: wellKnownListName === "defaultList" ? "" : displayName, tasks}))
	if (Array.isArray(given) && given.length > 0 && given.every(isTask))
		return [{name: "", tasks: given}]
	if (isList(data))
		return [{name: data.displayName, tasks: data.tasks}]
	return typeof data?.list?.displayName === "string" && Array.isArray(data.tasks)
		? [{name: data.list.displayName, tasks: data.tasks}] : []
}

export const isGraph = data => listsIn(data).length > 0

// {day, time, zone} of Graph's {dateTime, timeZone}; null if there is none.
function momentOf(given) {
	const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(given?.dateTime ?? "") ?? []
	return day === undefined || !isDay(day) || day < FIRST_YEAR ? null
		: {day, time, zone: zoneNamed(given.timeZone) ?? "UTC"}
}

const instantAt = ({day, time, zone}) => instantOf(day, time, zone)

// To Do knows days only, but has them as midnight of some zone.  A reminder on that day is the
// time at which the person wants to be told.
function dueOf({dueDateTime, isReminderOn, reminderDateTime, title}, {collector, options}) {
	const due = momentOf(dueDateTime), reminder = isReminderOn === true ? momentOf(reminderDateTime) : null
	const day = due === null ? null : due.time === "00:00" ? due.day : nearestDay(instantAt(due), options.zone)
	if (reminder === null)
		return day === null ? {} : {day}
	const instant = instantAt(reminder)
	if (day === null || day === wallClock(instant, options.zone).day) {
		collector.count("reminder-times", title)
		return {instant}
	}
	collector.count("reminders", title)
	return {day}
}

function byDay(pattern) {
	const days = (pattern.daysOfWeek ?? []).map(name => CODES[String(name).toLowerCase()]).filter(Boolean)
	return days.length > 0 ? `;BYDAY=${days.join(",")}` : ""
}

function nthOf({index, daysOfWeek = []}) {
	const code = CODES[String(daysOfWeek[0]).toLowerCase()], nth = NTH[index]
	return daysOfWeek.length === 1 && code !== undefined && nth !== undefined ? `;BYDAY=${nth}${code}` : ";?"
}

const patterns = {
	daily: () => "FREQ=DAILY",
	weekly: pattern => `FREQ=WEEKLY${byDay(pattern)}`,
	absoluteMonthly: ({dayOfMonth}) => `FREQ=MONTHLY${dayOfMonth > 0 ? `;BYMONTHDAY=${dayOfMonth}` : ""}`,
	relativeMonthly: pattern => `FREQ=MONTHLY${nthOf(pattern)}`,
	absoluteYearly: () => "FREQ=YEARLY",
	relativeYearly: pattern => `FREQ=YEARLY;BYMONTH=${pattern.month}${nthOf(pattern)}`,
}

// The rule; one that can't be said so is such that ruleOf() refuses it.
function ruleOf(recurrence) {
	const {pattern, range} = recurrence ?? {}
	if (pattern === undefined || pattern === null)
		return undefined
	const {type, endDate = "", numberOfOccurrences = 0} = range ?? {}
	const rule = patterns[pattern.type]?.(pattern) ?? "?"
	const interval = pattern.interval > 1 ? `;INTERVAL=${pattern.interval}` : ""
	const until = type === "endDate" && endDate > FIRST_YEAR ? `;UNTIL=${endDate.replaceAll("-", "")}` : ""
	const count = type === "numbered" && numberOfOccurrences > 0 ? `;COUNT=${numberOfOccurrences}` : ""
	return rule + interval + until + count
}

function notesOf(body) {
	const content = typeof body === "string" ? body : body?.content ?? ""
	return body?.contentType === "html" || isHtml(content) ? textOfHtml(content) : content
}

function readTask(task, list, context) {
	const {collector} = context
	if (task.hasAttachments === true || task.attachments?.length > 0)
		collector.count("attachments", task.title)
	const links = (task.linkedResources ?? [])
		.map(({displayName, webUrl}) => `${displayName ?? ""} ${webUrl ?? ""}`.trim())
	const steps = (task.checklistItems ?? task.checklist_items ?? []).map(({displayName, isChecked}) =>
		({title: displayName, isDone: isChecked === true}))
	collector.add({
		title: task.title,
		notes: [notesOf(task.body), links.join("\n")],
		steps,
		...dueOf(task, context),
		rule: ruleOf(task.recurrence),
		priority: PRIORITIES[task.importance],
		lists: [list],
		tags: task.categories ?? [],
		isDone: task.status === "completed",
	})
}

export function readGraph(data, context) {
	for (const {name, tasks} of listsIn(data)) {
		for (const task of tasks.filter(one => typeof one?.title === "string"))
			readTask(task, name, context)
	}
}

// --- the table of Microsoft-To-Do-Export

const TO_DO_COLUMNS = ["Type", "ID", "Title", "Status", "Note", "Due Date"]

export const isToDoTable = names => TO_DO_COLUMNS.every(name => names.includes(name))

// "2026-01-12 06:00:00 +0000 UTC", as Go writes it; midnight somewhere.
function dayIn(text, zone) {
	const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d)/.exec(text) ?? []
	if (day === undefined || !isDay(day) || day < FIRST_YEAR)
		return {}
	return {day: time === "00:00" ? day : nearestDay(Date.parse(`${day}T${time}Z`), zone)}
}

export function readToDoTable(records, {collector, options}) {
	let list = "", task = null
	for (const cell of records) {
		const type = cell("Type").trim(), title = cell("Title")
		if (type === "list") {
			list = title
		} else if (type === "task") {
			task = {title, notes: [notesOf(cell("Note"))], steps: [], lists: [list],
				...dayIn(cell("Due Date"), options.zone), isDone: cell("Status") === "completed"}
			collector.add(task)
		} else if (type === "step" && task !== null) {
			task.steps.push({title, isDone: cell("Status") === "true"})
		}
	}
}

// --- Outlook's table

// Its columns in English, German, French and Spanish.
const COLUMNS = {
	title: ["Subject", "Betreff", "Objet", "Asunto"],
	due: ["Due Date", "Fällig am", "Échéance", "Date d'échéance", "Fecha de vencimiento", "Vencimiento"],
	reminder: ["Reminder On/Off", "Erinnerung Ein/Aus", "Rappel actif/inactif", "Rappel Actif/Inactif",
		"Aviso activado/desactivado", "Aviso Activar/Desactivar"],
	doneOn: ["Date Completed", "Erledigt am", "Date d'achèvement", "Fecha de finalización"],
	percent: ["% Complete", "% erledigt", "% Erledigt", "% achevé", "% Achevé", "% completado", "% Completado"],
	tags: ["Categories", "Kategorien", "Catégories", "Categorías"],
	notes: ["Notes", "Notizen", "Remarques", "Notas"],
	priority: ["Priority", "Priorität", "Priorité", "Prioridad"],
	status: ["Status", "État", "Statut", "Estado"],
}
const HIGH = ["high", "hoch", "haute", "alta"], LOW = ["low", "niedrig", "basse", "faible", "baja"]
const COMPLETED = ["completed", "erledigt", "abgeschlossen", "terminé", "terminée", "achevé", "completada",
	"completado"]
const ON = ["true", "on", "ein", "wahr", "vrai", "actif", "verdadero", "activado"]

export const isOutlook = names =>
	[COLUMNS.title, COLUMNS.due].every(column => column.some(name => names.includes(name)))

function figuresOf(text) {
	const [, first, mark, second, year] = /^(\d{1,4})([./-])(\d{1,2})\2(\d{2,4})$/.exec(text.trim()) ?? []
	return first === undefined ? null : {first, second, year, mark}
}

// Whether the dates of the table have the month first: its own figures may say it, else the
// person's language decides.
function hasMonthFirst(texts, isUsual) {
	const figures = texts.map(figuresOf).filter(one => one !== null && one.first.length < 3)
	if (figures.some(({first, mark}) => Number(first) > 12 || mark === "."))
		return false
	return figures.some(({second}) => Number(second) > 12) || isUsual
}

function dayOfFigures(text, monthFirst) {
	const {first, second, year} = figuresOf(text) ?? {}
	if (first === undefined)
		return undefined
	if (first.length === 4)
		return dayOf(Number(first), Number(second), Number(year)) ?? undefined
	const [month, date] = monthFirst ? [first, second] : [second, first]
	const full = Number(year) + (year.length === 2 ? 2000 : 0)
	return dayOf(full, Number(month), Number(date)) ?? undefined
}

export function readOutlook(records, {collector, options}) {
	const dates = records.map(cell => cell(...COLUMNS.due).trim())
	const monthFirst = hasMonthFirst(dates, isMonthFirst(options.language))
	for (const [at, cell] of records.entries()) {
		const read = name => cell(...COLUMNS[name]).trim()
		const word = name => read(name).toLowerCase()
		const day = dayOfFigures(dates[at], monthFirst)
		if (day !== undefined)
			collector.readDate(dates[at], day)
		if (ON.includes(word("reminder")))
			collector.count("reminders", read("title"))
		const isDone = COMPLETED.includes(word("status")) || isDay(dayOfFigures(read("doneOn"), monthFirst))
			|| Number.parseFloat(read("percent")) === 100
		const priority = HIGH.includes(word("priority")) ? "High" : LOW.includes(word("priority")) ? "Low" : undefined
		collector.add({title: read("title"), notes: [cell(...COLUMNS.notes)], day, priority, isDone,
			tags: read("tags").split(/[;,]/)})
	}
}
