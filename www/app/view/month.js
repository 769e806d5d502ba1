// A month, with what is due in it.
import {lastOfMonth, plusDays, plusMonths, weekStart} from "../time/day.js"
import {dayOfDue, isOverdue, timeOfDue} from "../time/due.js"
import {draggedTo} from "./drag.js"
import {html, nothing} from "./lit.js"

// The days that a month's view shows: whole weeks, from the first, and before the second.
export function spanOf(month, first) {
	const start = `${month}-01`
	return [weekStart(start, first), plusDays(weekStart(lastOfMonth(start), first), 7)]
}

function entry(app, task, now) {
	const {format} = app
	const open = isOverdue(task.due_date, now) ? "late" : "due"
	const state = task.completed ? "over" : open
	return html`<li draggable=${task.recurring ? nothing : "true"}
		@dragstart=${event => draggedTo.start(event, task.id)}>
		<button type=button class=${state} data-id=${task.id} dir=auto
		.textContent=${`${format.clockWords(task.due_date)} ${task.title}`.trim()}
		@click=${() => app.openTask(task.id)}></button></li>`
}

function cell(app, day, entries, now) {
	const {format} = app
	const classes = [entries.length ? "some" : "none", !day.startsWith(app.month) && "other"].filter(Boolean)
	return html`
		<li class=${classes.join(" ")} data-day=${day} aria-current=${day === now.today ? "date" : nothing}>
			<h2>
				<span class=full>${format.fullDay(day)}</span>
				<span class=number aria-hidden=true>${Number(day.slice(8))}</span>
			</h2>
			<button type=button class=plus aria-label=${app.text.groups.add(format.fullDay(day))}
				@click=${() => app.addOn(day)}>+</button>
			${entries.length ? html`<ul>${entries.map(task => entry(app, task, now))}</ul>` : nothing}
		</li>`
}

export function turn(app) {
	const {text} = app
	const at = shift => `?view=month&month=${plusMonths(`${app.month}-01`, shift).slice(0, 7)}`
	return html`
		<p id=turn>
			<a id=before href=${at(-1)} aria-label=${text.month.before}>‹</a>
			<a href="?view=month">${text.month.today}</a>
			<a id=after href=${at(1)} aria-label=${text.month.after}>›</a>
		</p>`
}

export function month(app) {
	const {format, agenda} = app
	const {zone} = format
	const [from, to] = spanOf(app.month, format.first)
	const clock = task => timeOfDue(task.due_date, zone)
	const entries = agenda.entries.sort((a, b) => clock(a).localeCompare(clock(b)))
	const now = app.where()
	const byDay = new Map()
	for (const task of entries) {
		const day = dayOfDue(task.due_date, zone)
		byDay.set(day, [...byDay.get(day) ?? [], task])
	}
	const days = []
	for (let day = from; day < to; day = plusDays(day, 1))
		days.push(day)
	return html`
		<section id=month aria-busy=${agenda.isLoading && !entries.length ? "true" : nothing}>
			<p class=days aria-hidden=true>${format.weekdays().map(name => html`<span>${name}</span>`)}</p>
			<ol @dragover=${draggedTo.over} @drop=${event => draggedTo.drop(app, event)}>${
				days.map(day => cell(app, day, byDay.get(day) ?? [], now))}</ol>
			<p class=nothing ?hidden=${entries.length || agenda.isLoading}>${app.text.month.nothing}</p>
		</section>`
}
