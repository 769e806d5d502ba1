// The line in which a new task is written, with what it says shown beneath.
import {repeatWords} from "./preview.js"
import {complain, errorOf, Fault, formOf, submitting} from "./form.js"
import {fields} from "./fields.js"
import {html, live} from "./lit.js"
import {toast} from "./notices.js"
import {pastedLines} from "./paste.js"

const NAME = "add"
const AGAIN = 500	// milliseconds

let added = -Infinity	// when the last task was

// What was understood, each with a way to say that it was not meant.
function chips(app) {
	const {composition, text, format} = app
	const {due_date, priority, tags = [], recursion_pattern} = composition.body
	const shown = [
		due_date && {kind: "due_date", words: text.line.due(format.dueWords(due_date))},
		priority && {kind: "priority", words: text.line.priority(text.priorities[priority])},
		...tags.map(tag => ({kind: "tags", words: `#${tag}`, tag})),
		recursion_pattern && {kind: "recursion_pattern", words: repeatWords(app, recursion_pattern)},
	].filter(Boolean)
	const open = async kind => {
		composition.open(true)
		app.update()
		await app.drawn()
		document.querySelector(`#add [name=${kind === "due_date" ? "date" : kind}]`).focus()
	}
	const refuse = (kind, tag) => {
		composition.refuse(kind, tag)
		app.lineChanged()
		document.querySelector("#line").focus()
	}
	return html`<span class=chips>${shown.map(({kind, words, tag}) => html`
		<span class=chip>
			<button type=button data-kind=${kind} dir=auto .textContent=${words}
				@click=${() => open(kind)}></button>
			<button type=button data-not=${kind} aria-label=${text.line.not(words)}
				@click=${() => refuse(kind, tag)}>✕</button>
		</span>`)}</span>`
}

// A task that the service did not take comes back; one at a time, when the line is free.
export function comeBack(app, body, problem) {
	app.returned.push({body, problem})
	next(app)
}

function next(app) {
	if (!app.returned.length || !app.composition.isEmpty)
		return
	const {body, problem} = app.returned.shift()
	app.composition.fill(body)
	app.lineChanged()
	complain(app, NAME, problem)
}

export function composer(app) {
	const {composition, text} = app
	const add = submitting(app, NAME, () => {
		if (composition.isEmpty && performance.now() - added < AGAIN)
			return		// the second click of a double click
		const {fault} = composition
		if (fault) {
			composition.open(composition.isOpen || fault.name !== "title")
			throw new Fault(fault, text.fault(fault))
		}
		const task = app.actions.add(composition.body)
		added = performance.now()
		composition.reset()
		app.lineChanged()
		next(app)
		document.querySelector("#line").focus()
		app.addDay = null
		app.reveal(task, () => toast(app, text.line.addedElsewhere))
	})
	const type = event => {
		composition.type(event.target.value)
		app.lineChanged()
	}
	const set = (name, value) => {
		composition.set(name, value)
		app.lineChanged()
	}
	const remarks = composition.remarks.map(({key, text: part}) => text.remarks[key]?.(part))
		.filter(Boolean)
	const reads = composition.values.title === composition.line.trim() ? "" : composition.values.title
	return html`
		<form id=add @submit=${add}>
			<input id=line name=line dir=auto autocomplete=off aria-label=${text.line.label}
				placeholder=${text.line.placeholder} @paste=${event => pastedLines(app, event)}
				.value=${live(composition.line)} @input=${type}>
			<button class=main aria-busy=${String(formOf(app, NAME).busy)}>${text.add}</button>
			<p class=reading aria-live=polite ?hidden=${composition.isEmpty}>
				<b class=reads dir=auto .textContent=${reads}></b>${chips(app)}
				${remarks.map(words => html`<span class=remark dir=auto>${words}</span>`)}
			</p>
			<details .open=${live(composition.isOpen)} @toggle=${event => composition.open(event.target.open)}>
				<summary>${text.line.details}</summary>
				${fields(app, NAME, composition.values, set)}
			</details>
			${errorOf(app, NAME)}
		</form>`
}
