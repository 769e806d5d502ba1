// Which tasks a view shows, and in which order: as the service is asked, and as it is found
// here for what the service does not know yet, or while it can't be reached.
//
// A query is {show: "open" | "done" | "all", due: "" | "today" | "week" | "overdue", priority,
// tag, q, sort}.
import {PRIORITIES} from "../service/task.js"
import {plusDays, weekStart} from "../time/day.js"
import {boundOf, dayOfDue, hasTime, isOverdue, timeOfDue} from "../time/due.js"
import {isZone, wallClock} from "../time/zone.js"

export const SORTS = ["due", "-due", "priority", "-priority", "created", "-created"]
const COMPLETED = {open: false, done: true}
const LAST = "\u{10ffff}"

// where, here and below: {zone, first (weekday of a week), now (milliseconds), today}.

// The days that a view has, from and before; null: no bound.
function span(due, {first, today}) {
	if (due === "today")
		return [today, plusDays(today, 1)]
	if (due === "week")
		return [weekStart(today, first), plusDays(weekStart(today, first), 7)]
	return [null, null]
}

export function parametersOf(query, where) {
	const {zone, now, today} = where
	const [after, before] = span(query.due, where)
	// Of what is due today, what has a time that is past is overdue: fits() tells it apart.
	const late = query.due === "overdue" ? boundOf(today, zone, wallClock(now, zone).time) : undefined
	const all = {
		completed: COMPLETED[query.show],
		priority: query.priority,
		tag: query.tag,
		q: query.q,
		sort: query.sort,
		due_after: after ? boundOf(after, zone) : undefined,
		due_before: before ? boundOf(before, zone) : late,
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

// Whether a task belongs there, but for the words that are looked for.
export function fits(task, query, where) {
	const [after, before] = span(query.due, where)
	const {due_date} = task
	if (COMPLETED[query.show] !== undefined && COMPLETED[query.show] !== task.completed)
		return false
	if (query.priority && query.priority !== task.priority)
		return false
	if (query.tag && !task.tags.includes(query.tag))
		return false
	if (query.due === "overdue")
		return Boolean(due_date) && isOverdue(due_date, where)
	if (before === null)
		return true
	const day = due_date && dayOfDue(due_date, where.zone)
	return Boolean(day) && day >= after && day < before
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
