// Which tasks a view shows, and in which order: as the service is asked, and as it is found
// here for what the service does not know yet, or while it can't be reached.
//
// A query is {show: "open" | "done" | "all", due: "" | "now" | "ahead" | "done today", priority,
// tag, q, sort}; due "now" is until today, "ahead" from today on, "done today" was done today.
import {PRIORITIES} from "../service/task.js"
import {plusDays} from "../time/day.js"
import {boundOf, dayOfDue, hasTime, timeOfDue} from "../time/due.js"
import {isZone} from "../time/zone.js"

export const SORTS = ["due", "-due", "priority", "-priority", "created", "-created"]
const COMPLETED = {open: false, done: true}
const LAST = "\u{10ffff}"

// where, here and below: {zone, first (weekday of a week), now (milliseconds), today}.

// The days in which a view's tasks are due, from and before; null: no bound.
function span(due, today) {
	if (due === "now")
		return [null, plusDays(today, 1)]
	return [due === "ahead" ? today : null, null]
}

export function parametersOf(query, where) {
	const {zone, today} = where
	const [after, before] = span(query.due, today)
	const all = {
		completed: COMPLETED[query.show],
		priority: query.priority,
		tag: query.tag,
		q: query.q,
		sort: query.sort,
		due_after: after ? boundOf(after, zone) : undefined,
		due_before: before ? boundOf(before, zone) : undefined,
		completed_after: query.due === "done today" ? today : undefined,
		tz: zone,
	}
	return Object.fromEntries(Object.entries(all)
		.filter(([, value]) => value !== undefined && value !== ""))
}

// Letters without case and accents, as the service looks for them.
const bare = text => text.normalize("NFKD").replace(/\p{M}/gu, "")
const fold = text => bare(bare(text).toLowerCase())
	.replace(/ß/g, "ss").replace(/ς/g, "σ").replace(/ı/g, "i")

export function finds(task, q) {
	const text = [task.title, task.description ?? "", ...task.tags].join("\n")
	return !q || fold(text).includes(fold(q))
}

// The day on which a task was done; what the service does not know yet is done now.
export const doneDay = ({completed_at: at}, {zone, today}) => at ? dayOfDue(at, zone) : today

// Whether a task belongs there, but for the words that are looked for.
export function fits(task, query, where) {
	const [after, before] = span(query.due, where.today)
	const {due_date} = task
	if (COMPLETED[query.show] !== undefined && COMPLETED[query.show] !== task.completed)
		return false
	if (query.priority && query.priority !== task.priority)
		return false
	if (query.tag && !task.tags.includes(query.tag))
		return false
	if (query.due === "done today")
		return doneDay(task, where) === where.today
	if (after === null && before === null)
		return true
	const day = due_date && dayOfDue(due_date, where.zone)
	return Boolean(day) && (after === null || day >= after) && (before === null || day < before)
}

// What the service does not know yet is the newest.
const age = task => task.id < 0 ? Number.MAX_SAFE_INTEGER + task.id : task.id
// The calendar on the wall: by days, within a day what is due on the date alone first.
function wall({due_date, time_zone}, zone) {
	if (!due_date)
		return LAST
	const own = isZone(time_zone) ? time_zone : zone	// this browser may not know it
	return hasTime(due_date) ? `${dayOfDue(due_date, own)} ${timeOfDue(due_date, own)}` : due_date
}
const KEYS = {
	due: wall,
	priority: task => PRIORITIES.indexOf(task.priority),
	created: age,
	completed: task => task.completed_at ?? LAST,
}

// compare(a, b) for sort().
export function orderOf(sort, zone) {
	const key = KEYS[sort.replace("-", "")]
	const sign = sort.startsWith("-") ? -1 : 1
	return (a, b) => {
		const [left, right] = [key(a, zone), key(b, zone)]
		if (left !== right)
			return left < right ? -sign : sign
		return sign * (age(a) - age(b))
	}
}

// Puts a task where it belongs in tasks, which are in order.
export function insert(tasks, task, order) {
	let [from, to] = [0, tasks.length]
	while (from < to) {
		const middle = (from + to) >> 1
		if (order(tasks[middle], task) < 0)
			from = middle + 1
		else
			to = middle
	}
	tasks.splice(from, 0, task)
	return from
}
