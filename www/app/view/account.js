// The account: data out and in, other programs, the language, the password, the end.
import {allTasks} from "../store/backup.js"
import {acting} from "./acting.js"
import {openBring} from "./bring.js"
import {clearForm, errorOf, insist, isInvalid, submitting} from "./form.js"
import {languageMenu} from "./language.js"
import {html, nothing} from "./lit.js"
import {openPrograms} from "./programs.js"
import {ringChoice} from "./rings.js"

const MINUTE = 60e3
const FORMS = ["password", "goodbye", "account"]

function save(app, blob, ending) {
	const link = document.createElement("a")
	link.href = URL.createObjectURL(blob)
	link.download = `todo-${app.format.today()}.${ending}`
	link.click()
	setTimeout(() => URL.revokeObjectURL(link.href), MINUTE)
}

export function openAccount(app) {
	FORMS.forEach(name => clearForm(app, name))
	app.show("account", {said: "", error: ""})
}

function data(app) {
	const {client, text} = app
	const json = acting(app, async () => {
		const {json: account} = await client.request("GET", "api/auth/me")
		const copy = {account, tasks: await allTasks(client)}
		save(app, new Blob([JSON.stringify(copy, null, "\t")]), "json")
	})
	const ics = acting(app, async () => {
		const {json: calendar} = await client.mine("GET", "tasks.ics", {blob: true})
		save(app, calendar, "ics")
	})
	const choose = event => {
		const {files} = event.target
		if (files.length)
			openBring(app, [...files])
		event.target.value = ""
	}
	return html`
		<p class=buttons>
			<button type=button class=json @click=${json}>${text.account.saveCopy}</button>
			<button type=button class=ics @click=${ics}>${text.account.saveCalendar}</button>
		</p>
		<label>${text.account.bring} <input id=import type=file multiple @change=${choose}></label>
		<p>${text.account.bringAbout}</p>`
}

const secret = (app, form, name, label, autocomplete) => html`
	<label>${label} <input name=${name} type=password autocomplete=${autocomplete} required
		aria-invalid=${isInvalid(app, form, name)}></label>`

function password(app) {
	const {text} = app
	const change = submitting(app, "password", async (body, form) => {
		app.dialog.said = ""
		const {json} = await insist(app, () => app.client.request("POST", "api/auth/password", {body}))
		app.session.start(json)
		form.reset()
		app.dialog.said = text.account.changed
	})
	return html`
		<details><summary>${text.account.changePassword}</summary>
			<form id=password @submit=${change}>
				${secret(app, "password", "current_password", text.account.current, "current-password")}
				${secret(app, "password", "password", text.account.fresh, "new-password")}
				<p class=said role=status>${app.dialog.said}</p>
				${errorOf(app, "password")}
				<button>${text.account.change}</button>
			</form>
		</details>`
}

function goodbye(app) {
	const {text} = app
	const erase = submitting(app, "goodbye", async body => {
		await insist(app, () => app.client.request("POST", "api/auth/delete", {body}))
		await app.forget()
	})
	return html`
		<details><summary>${text.account.erase}</summary>
			<form id=goodbye @submit=${erase}>
				<p>${text.account.eraseAll}</p>
				${secret(app, "goodbye", "password", text.account.password, "current-password")}
				${errorOf(app, "goodbye")}
				<button class=danger>${text.account.eraseButton}</button>
			</form>
		</details>`
}

export function account(app) {
	const {text, session, dialog} = app
	if (dialog?.name !== "account")
		return nothing
	return html`
		<h2>${text.account.title}</h2>
		<p class=who>${session.account.username}, ${session.account.email}</p>
		${data(app)}
		<p class=buttons>
			<button type=button class=programs @click=${() => openPrograms(app)}>${text.programs.title}</button>
		</p>
		${ringChoice(app)}
		${languageMenu(app)}
		<p class="all error" role=alert>${dialog.error}</p>
		${password(app)}
		${goodbye(app)}
		<p class=buttons>
			<button type=button class=close @click=${() => app.show(null)}>${text.close}</button>
			<button type=button class=logout @click=${() => app.leave()}>${text.account.logout}</button>
		</p>`
}
