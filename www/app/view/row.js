// One task of a list.
import {isOverdue} from "../time/due.js"
import {editor, openEditor} from "./editor.js"
import {guard, html, live, nothing} from "./lit.js"
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

function dueFact({text, format}, task, isLate) {
	const late = isLate ? html`<span class=unseen>${text.task.overdue}</span>` : nothing
	return html`<time class=${isLate ? "late" : ""}>${late}${format.dueWords(task.due_date)}</time>`
}

const tagLink = tag =>
	html`<a class=tag dir=auto href=${`?tag=${encodeURIComponent(tag)}`}>${tag}</a>`

function facts(app, task, isLate, mark) {
	const {text} = app
	return html`
		<p class=facts>
			${task.priority === "Medium" ? nothing
				: html`<span class=${task.priority}>${text.priorities[task.priority]}</span>`}
			${task.due_date ? dueFact(app, task, isLate) : nothing}
			${task.recursion_pattern
				? html`<span class=repeat>${repeatWords(app, task.recursion_pattern)}</span>` : nothing}
			${task.tags.map(tagLink)}
			${task.description
				? html`<span class=note dir=auto>${task.description.slice(0, NOTE)}</span>` : nothing}
			${mark ? html`<em>${text.task[mark]}</em>` : nothing}
			${app.hasDraft(task.id) ? html`<em>${text.task.draft}</em>` : nothing}
		</p>`
}

function content(app, task, isLate, mark) {
	const {text} = app
	const toggle = acting(task.id, () => app.toggle(task))
	return html`
		<input type=checkbox class=done aria-label=${text.task.done(task.title)}
			.checked=${live(task.completed)} @click=${toggle}>
		<div class=what>
			<button type=button class=title dir=auto .textContent=${task.title}
				@click=${() => openEditor(app, task)}></button>
			${facts(app, task, isLate, mark)}
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
export function row(app, task, now) {
	const {editing} = app
	if (editing && editing.id === task.id && !editing.inDialog)
		return html`<li class=editing data-id=${task.id}><div class=what>${editor(app)}</div></li>`
	const isLate = Boolean(task.due_date) && !task.completed && isOverdue(task.due_date, now)
	const mark = markOf(app, task)
	const state = [task, isLate, now.today, app.text, mark, app.hasDraft(task.id),
		task.recursion_pattern && app.previews.version]
	return html`
		<li class=${task.completed ? "completed" : ""} data-id=${task.id}>
			${guard(state, () => content(app, task, isLate, mark))}
		</li>`
}
