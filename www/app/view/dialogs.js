// All dialogs.  app.dialog says which is open; Escape closes it, and nothing is lost by that.
import {account} from "./account.js"
import {again} from "./again.js"
import {conflict} from "./conflict.js"
import {date} from "./date.js"
import {bringDialog} from "./bring.js"
import {closeEditor, editor} from "./editor.js"
import {html, live, nothing} from "./lit.js"
import {paste} from "./paste.js"
import {programs} from "./programs.js"

function one(app) {
	return app.dialog?.name === "one" && app.editing ? editor(app) : nothing
}

function help(app) {
	const {text, keys} = app
	if (app.dialog?.name !== "help")
		return nothing
	return html`
		<h2>${text.help.line}</h2>
		<ul class=examples>${text.help.examples.map(example => html`<li>${example}</li>`)}</ul>
		<h2>${text.help.keys}</h2>
		<dl class=keys>${text.help.keyList.map(([key, act]) => html`
			<div><dt><kbd>${key}</kbd></dt><dd>${act}</dd></div>`)}</dl>
		<label class=choice><input id=shortcuts type=checkbox .checked=${live(keys.work)}
			@change=${event => keys.set(event.target.checked)}> ${text.help.keysWork}</label>
		<p class=buttons>
			<button type=button class=close @click=${() => app.show(null)}>${text.close}</button>
		</p>`
}

export function dialogs(app) {
	const {text} = app
	const closed = event => {
		if (app.dialog?.name !== event.target.id)
			return
		if (app.dialog.name === "one")
			closeEditor(app)
		app.show(null)
	}
	const dialog = (id, label, content) => html`
		<dialog id=${id} aria-label=${label} @close=${closed}>${content}</dialog>`
	return [
		dialog("expired", text.again.title, again(app)),
		dialog("conflict", text.conflict.title, conflict(app)),
		dialog("date", text.fields.date, date(app)),
		dialog("bring", text.account.bring, bringDialog(app)),
		dialog("paste", text.paste.label, paste(app)),
		dialog("one", text.fields.title, one(app)),
		dialog("help", text.help.label, help(app)),
		dialog("programs", text.programs.title, programs(app)),
		dialog("account", text.account.title, account(app)),
	]
}

// Opens and closes them, after they are drawn.
export function syncDialogs(app) {
	for (const element of document.querySelectorAll("dialog")) {
		const isWanted = app.dialog?.name === element.id
		if (isWanted && !element.open)
			element.showModal()
		else if (!isWanted && element.open)
			element.close()
	}
}
