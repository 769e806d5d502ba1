// One task of a list.
import {isOverdue} from "../time/due.js"
import {draggedTo} from "./drag.js"
import {editor, openEditor} from "./editor.js"
import {guard, html, live, nothing} from "./lit.js"
import {notes, progressOf} from "./notes.js"
import {repeatWords} from "./preview.js"

const NOTE = 120	// letters of the notes that are shown
const AGAIN = 500	// milliseconds, and
const NEAR = 16		// pixels, in which a second click is one of a double click

// After a row has gone, the next stands under the pointer: the second click of a double click
// is not meant for it.
const last = {id: null, time: -Infinity, x: 0, y: 0}
const isAgain = ({timeStamp, clientX, clientY, detail}, id) => detail > 0 && id !== last.id
	&& timeStamp - last.time < AGAIN
	&& Math.abs(clientX - last.x) < NEAR && Math.abs(clientY - last.y) < NEAR

const acting = (id, act) => event => {
	if (isAgain(event, id)) {
		event.preventDefault()
		return
	}
	Object.assign(last, {id, time: event.timeStamp, x: event.clientX, y: event.clientY})
	act(event)
}

// A tap on the date changes it.
function dueFact(app, task, isLate) {
	const {text, format} = app
	const late = isLate ? html`<span class=unseen>${text.task.overdue}</span>` : nothing
	const words = task.due_date
		? html`<time class=${isLate ? "late" : ""}>${late}${format.dueWords(task.due_date)}</time>`
		: text.task.noDate
	return html`<button type=button class=date aria-haspopup=dialog
		@click=${() => app.show("date", {tasks: [task]})}>${words}</button>`
}

function notesFact(app, task) {
	const progress = progressOf(task.description)
	const isOpen = app.unfolded.has(task.id)
	const words = progress ? app.text.task.steps(progress) : task.description.slice(0, NOTE)
	return html`<button type=button class=note dir=auto aria-expanded=${String(isOpen)}
		@click=${() => app.unfold(task.id)}>${words}</button>`
}

const tagLink = tag =>
	html`<a class=tag dir=auto href=${`?view=all&tag=${encodeURIComponent(tag)}`}>${tag}</a>`

function facts(app, task, isLate, mark) {
	const {text} = app
	return html`
		<p class=facts>
			${task.priority === "Medium" ? nothing
				: html`<span class=${task.priority}>${text.priorities[task.priority]}</span>`}
			${task.due_date || !task.completed ? dueFact(app, task, isLate) : nothing}
			${task.recursion_pattern
				? html`<span class=repeat>${repeatWords(app, task.recursion_pattern)}</span>` : nothing}
			${task.tags.map(tagLink)}
			${task.description ? notesFact(app, task) : nothing}
			${mark ? html`<em>${text.task[mark]}</em>` : nothing}
			${app.hasDraft(task.id) ? html`<em>${text.task.draft}</em>` : nothing}
		</p>`
}

// A click opens the task; with Shift, or once tasks are chosen, it chooses.
function titled(app, task, event) {
	if (event.shiftKey || app.selection.size)
		app.choose(task.id)
	else
		openEditor(app, task)
}

function content(app, task, isLate, mark) {
	const {text} = app
	const toggle = acting(task.id, () => app.toggle(task))
	return html`
		<input type=checkbox class=done aria-label=${text.task.done(task.title)}
			.checked=${live(task.completed)} @click=${toggle}>
		<div class=what>
			<button type=button class=title dir=auto .textContent=${task.title}
				aria-pressed=${app.selection.size ? String(app.selection.has(task.id)) : nothing}
				@click=${event => titled(app, task, event)}></button>
			${facts(app, task, isLate, mark)}
			${app.unfolded.has(task.id) && task.description ? notes(app, task) : nothing}
		</div>
		<button type=button class=remove aria-label=${text.task.remove(task.title)}
			@click=${acting(task.id, () => app.remove(task))}>✕</button>`
}

// That a change is on its way is worth a word only if it takes long.
function markOf(app, task) {
	const mark = app.outbox.markOf(task.id)
	return mark === "unsent" && app.connection.state === "online" ? "" : mark
}

// now: {now, today}, the same for all rows of a drawing.
export function row(app, task, now, day) {
	const {editing} = app
	if (editing && editing.id === task.id && !editing.inDialog)
		return html`<li class=editing data-id=${task.id}><div class=what>${editor(app)}</div></li>`
	const isLate = Boolean(task.due_date) && !task.completed && isOverdue(task.due_date, now)
	const mark = markOf(app, task)
	const isChosen = app.selection.has(task.id)
	const state = [task, isLate, now.today, app.text, mark, app.hasDraft(task.id),
		task.recursion_pattern && app.previews.version, app.unfolded.has(task.id), isChosen,
		app.selection.size > 0]
	const classes = ["task", `is-${task.priority}`, task.completed && "completed", isChosen && "chosen"].filter(Boolean)
	return html`
		<li class=${classes.join(" ")} data-id=${task.id} data-day=${day ?? nothing} draggable=${day ? "true" : nothing}
			@dragstart=${event => draggedTo.start(event, task.id)}>
			${guard(state, () => content(app, task, isLate, mark))}
		</li>`
}
