// The form in which a task is edited.  What is typed there is a draft until it is saved.
import {bodyOf, faultOf, valuesOf} from "../store/fields.js"
import {clearForm, errorOf, Fault, submitting} from "./form.js"
import {fields} from "./fields.js"
import {html, live, nothing} from "./lit.js"
import {toast} from "./notices.js"

const NAME = "edit"

// Opens the form for this task; what was typed before is there again.  inDialog: not in its row.
export function openEditor(app, task, inDialog = false) {
	closeEditor(app)
	const draft = app.drafts.get(task.id)
	const before = draft?.before ?? task
	clearForm(app, NAME)
	app.editing = {id: task.id, before, values: draft?.values ?? valuesOf(task, app.format.zone),
		isBack: draft !== null, inDialog}
	app.focus = "editor"
	app.update()
}

const changesOf = (app, {values, before}) => bodyOf(values, before, app.format.zone, Date.now())
const isChanged = (app, editing) => Object.keys(changesOf(app, editing)).length > 0

// The form goes; what was typed and not saved stays as a draft, which is said.
export function closeEditor(app) {
	const {editing} = app
	if (!editing)
		return
	app.editing = null
	app.focus = editing.inDialog ? null : editing.id
	if (app.dialog?.name === "one")
		app.dialog = null
	if (isChanged(app, editing)) {
		const task = {...editing.before, id: editing.id}
		toast(app, app.text.editor.kept(editing.before.title),
			{label: app.text.editor.open, run: () => openAgain(app, task, editing.inDialog)})
	}
	app.update()
}

function openAgain(app, task, inDialog) {
	const isListed = Boolean(app.list.find(task.id)) && app.place.view !== "month"
	openEditor(app, task, inDialog || !isListed)
	if (app.editing.inDialog)
		app.show("one")
}

function discard(app) {
	app.keepDraft(app.editing.id, null)
	app.editing.values = valuesOf(app.editing.before, app.format.zone)
	closeEditor(app)
}

// The draft of a task that the service did not take.
export function keepAsDraft(app, {id, before, body}) {
	const {zone} = app.format
	app.keepDraft(id, {before, values: valuesOf({...before, ...body}, zone)})
}

export function editor(app) {
	const {text, editing} = app
	const set = (name, value) => {
		editing.values[name] = value
		const {before, values} = editing
		app.keepDraft(editing.id, isChanged(app, editing) ? {before, values} : null)
		app.update()
	}
	const save = submitting(app, NAME, async () => {
		const fault = faultOf(editing.values)
		if (fault)
			throw new Fault(fault, text.fault(fault))
		const body = changesOf(app, editing)
		app.keepDraft(editing.id, null)
		app.editing.values = valuesOf(editing.before, app.format.zone)
		closeEditor(app)
		if (Object.keys(body).length)
			app.actions.edit({...editing.before, id: editing.id}, body)
	})
	const remove = () => {
		discard(app)
		app.remove(app.list.find(editing.id) ?? {...editing.before, id: editing.id})
	}
	const onKeydown = event => {
		// Escape that ends a composition of letters is not meant for the form.
		if (event.key !== "Escape" || event.isComposing || event.keyCode === 229)
			return
		event.preventDefault()
		event.stopPropagation()
		closeEditor(app)
	}
	return html`
		<form class=edit @submit=${save} @keydown=${onKeydown}>
			${editing.isBack ? html`<p class=back>${text.editor.back}
				<button type=button class=discard
					@click=${() => discard(app)}>${text.editor.discard}</button></p>` : nothing}
			<label>${text.fields.title} <input name=title dir=auto required .value=${live(editing.values.title)}
				@input=${event => set("title", event.target.value)}></label>
			${fields(app, NAME, editing.values, set)}
			${errorOf(app, NAME)}
			<p class=buttons>
				<button class=main>${text.save}</button>
				<button type=button class=cancel @click=${() => discard(app)}>${text.cancel}</button>
				<button type=button class=delete @click=${remove}>${text.remove}</button>
			</p>
		</form>`
}

