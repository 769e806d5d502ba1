// Several lines, pasted where one is written: as many tasks, or one with as many steps.
import {asSteps} from "../import/lines.js"
import {parse} from "../quickadd/parse.js"
import {bodyOf, tagsOf, valuesOf} from "../store/fields.js"
import {html, nothing} from "./lit.js"
import {toast} from "./notices.js"

const MARK = /^\s*(?:[-*•–]\s+|\d{1,3}[.)]\s+)?(?:\[[ xX]?\]\s*)?/
const linesOf = text => text.split(/\r?\n/).map(line => line.replace(MARK, "").trim()).filter(Boolean)

export function pastedLines(app, event) {
	const text = event.clipboardData?.getData("text/plain") ?? ""
	const lines = linesOf(text)
	if (lines.length < 2)
		return
	event.preventDefault()
	app.show("paste", {lines, text})
}

// As if each had been typed.
function addAll(app) {
	const {lines} = app.dialog
	const {zone, now} = app.where()
	const {day, tag} = app.belonging(app.format.today())
	const tasks = lines.map(line => {
		const said = parse(line, app.lineOptions())
		const values = valuesOf({...said, recursion_pattern: said.recurrence, description: said.notes}, zone)
		values.date ||= day ?? ""
		values.tags = tagsOf([values.tags, tag].filter(Boolean).join(", ")).join(", ")
		return app.actions.add(bodyOf(values, {}, zone, now))
	})
	app.show(null)
	toast(app, app.text.paste.added(tasks.length), {label: app.text.undo,
		run: () => tasks.forEach(task => app.actions.remove({...task, id: app.outbox.currentId(task.id)}))})
}

function addOne(app) {
	const {title, description} = asSteps(app.dialog.text)
	app.show(null)
	if (!app.composition.line.trim())
		app.composition.type(title ?? "")
	app.composition.set("description", description)
	app.composition.open(true)
	app.focus = "line"
	app.lineChanged()
}

export function paste(app) {
	const {text, dialog} = app
	if (dialog?.name !== "paste")
		return nothing
	const n = dialog.lines.length
	return html`
		<h2>${text.paste.title(n)}</h2>
		<ol class=pasted>${dialog.lines.slice(0, 5).map(line => html`<li dir=auto>${line}</li>`)}</ol>
		<p class=buttons>
			<button type=button class="main many" @click=${() => addAll(app)}>${text.paste.many(n)}</button>
			<button type=button class=one @click=${() => addOne(app)}>${text.paste.one(n)}</button>
			<button type=button class=close @click=${() => app.show(null)}>${text.cancel}</button>
		</p>`
}
