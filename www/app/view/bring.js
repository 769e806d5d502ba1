// Tasks of other programs: recognised, shown before anything is made, and undoable after it.
import {parse} from "../quickadd/parse.js"
import {loadGrammar} from "../quickadd/vocabulary.js"
import {Problem} from "../service/problem.js"
import {allTasks, makeAll, missing} from "../store/backup.js"
import {html, nothing} from "./lit.js"
import {toast} from "./notices.js"

// They are fetched when they are needed.
async function loadImporters() {
	try {
		return await import("../import/recognise.js")
	} catch {
		throw new Problem(0)
	}
}

export async function openBring(app, files) {
	app.show("bring", {found: null, said: "", isBusy: false})
	const {dialog} = app
	try {
		const {recognise} = await loadImporters()
		const read = files.map(async file => ({name: file.name, bytes: new Uint8Array(await file.arrayBuffer())}))
		const found = await recognise(await Promise.all(read), {...app.lineOptions(), parse, loadGrammar})
		const wanted = found.tasks.length ? missing(found.tasks, await allTasks(app.client)) : []
		Object.assign(dialog, {found, wanted})
	} catch (problem) {
		dialog.said = problem instanceof Problem ? app.text.problem(problem) : app.text.bring.unread
	}
	app.update()
}

async function undo(app, ids) {
	for (const id of ids)
		app.outbox.add("delete", {id}, undefined)
	await app.outbox.drain()
	app.refreshAll()
}

async function bring(app) {
	const {dialog, text} = app
	const {wanted} = dialog
	let made = 0
	dialog.isBusy = true
	app.update()
	try {
		const {ids, refused} = await makeAll(app.client, wanted, n => {
			made = n
			dialog.said = text.account.bringing(n, wanted.length)
			app.update()
		})
		app.show(null)
		toast(app, text.bring.done(ids.length), {label: text.undo, run: () => undo(app, ids)})
		if (refused.length)
			toast(app, text.account.notBrought(refused.map(({title}) => String(title))))
	} catch (problem) {
		if (!(problem instanceof Problem))
			throw problem
		dialog.said = `${text.problem(problem)} ${text.account.stopped(made, wanted.length)}`
	} finally {
		dialog.isBusy = false
		app.refreshAll()
	}
}

const sentences = (list, words) => list.map(({key, n, examples = []}) => {
	const named = examples.filter(Boolean).join(", ")
	const examplesOf = named && key !== "tasks" ? html` <small>${named}</small>` : nothing
	return html`<li dir=auto>${words[key](n)}${examplesOf}</li>`
})

function preview(app) {
	const {text, dialog: {found, wanted, isBusy}} = app
	const there = found.tasks.length - wanted.length
	return html`
		<p>${found.kinds.map(kind => text.bring.kinds[kind] ?? kind).join(", ")}</p>
		${found.problems.map(({name, key}) =>
			html`<p class=error dir=auto>${name} ${text.bring.problems[key] ?? text.bring.unread}</p>`)}
		<ul class=made>${sentences(found.made.filter(({n}) => n > 0), text.bring.made)}</ul>
		${found.lost.length ? html`<h3>${text.bring.lostTitle}</h3>
			<ul class=lost>${sentences(found.lost, text.bring.lost)}</ul>` : nothing}
		${there ? html`<p>${text.bring.there(there)}</p>` : nothing}
		${wanted.length ? html`<button type=button class=main ?disabled=${isBusy}
			@click=${() => bring(app)}>${text.bring.button(wanted.length)}</button>` : nothing}`
}

export function bringDialog(app) {
	const {text, dialog} = app
	if (dialog?.name !== "bring")
		return nothing
	return html`
		<h2>${text.account.bring}</h2>
		${dialog.found ? preview(app) : nothing}
		<p role=status>${dialog.found || dialog.said ? dialog.said : text.bring.reading}</p>
		<p class=buttons><button type=button class=close @click=${() => app.show(null)}>${text.cancel}</button></p>`
}
