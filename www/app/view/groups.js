// The headings within a list: what is overdue, days, when it was done.
import {daysBetween, plusDays} from "../time/day.js"
import {dayOfDue, isOverdue} from "../time/due.js"
import {doneDay} from "../store/query.js"

const WEEK = 7		// days of which each is shown, even if nothing is due
const NO_DAY = "9999-99"

const dayOf = (task, zone) => task.due_date ? dayOfDue(task.due_date, zone) : NO_DAY

// Tasks by key, in the order in which the keys come.
function split(tasks, keyOf) {
	const groups = new Map()
	for (const task of tasks) {
		const key = keyOf(task)
		groups.set(key, [...groups.get(key) ?? [], task])
	}
	return groups
}

function ofToday(tasks, now, {text}) {
	const late = tasks.filter(task => isOverdue(task.due_date, now))
	const rest = tasks.filter(task => !late.includes(task))
	return [
		{key: "late", title: text.groups.overdue, tasks: late, canMove: late.some(t => dayOf(t, now.zone) < now.today)},
		{key: now.today, title: text.groups.today, tasks: rest, isBare: !late.length},
	].filter(group => group.tasks.length)
}

function ofComing(tasks, now, {format}) {
	const byDay = split(tasks, task => dayOf(task, now.zone))
	const days = new Set(byDay.keys())
	for (let n = 0; n < WEEK; n++)
		days.add(plusDays(now.today, n))
	return [...days].sort().map(day => ({key: day, day, title: format.headingOf(day), tasks: byDay.get(day) ?? []}))
}

// By when it is due, roughly.
function spanOf(task, now) {
	if (!task.due_date)
		return "never"
	if (isOverdue(task.due_date, now))
		return "overdue"
	const distance = daysBetween(now.today, dayOf(task, now.zone))
	if (distance < 2)
		return distance === 1 ? "tomorrow" : "today"
	return distance <= WEEK ? "soon" : "later"
}
const SPANS = ["overdue", "today", "tomorrow", "soon", "later", "never"]

function ofAll(tasks, now, {text}) {
	const spans = split(tasks, task => spanOf(task, now))
	return SPANS.filter(span => spans.has(span))
		.map(span => ({key: span, title: text.groups[span], tasks: spans.get(span)}))
}

const ofDone = (tasks, now, {format}) => [...split(tasks, task => doneDay(task, now))]
	.map(([day, done]) => ({key: day, title: format.headingOf(day), tasks: done}))

// The groups of the list that a place shows: {key, title, tasks}, and day, if tasks can be
// added to it, canMove, if what is overdue can be moved to today.  title is absent if there
// is nothing to tell apart.
export function groupsOf(app, tasks, now) {
	const {place} = app
	if (!place.q && place.view === "today")
		return ofToday(tasks, now, app)
	if (!place.q && place.view === "upcoming")
		return ofComing(tasks, now, app)
	if (!place.q && place.view === "logbook")
		return ofDone(tasks, now, app)
	if (place.sort === "due" && tasks.some(task => task.due_date && !task.completed))
		return ofAll(tasks, now, app)
	return [{key: "", tasks}]
}
