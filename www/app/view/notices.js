// What is so for a while, in one bar; and what has just happened, in toasts.
import {html, nothing, repeat} from "./lit.js"
import {ringNotices} from "./rings.js"

const SECOND = 1000
const TOAST = 8000	// milliseconds

function connectionNotice(app) {
	const {connection, outbox, text} = app
	const button = (words, act) => html` <button type=button @click=${act}>${words}</button>`
	if (connection.state === "expired")
		return html`${text.banner.expired}${button(text.again.button, () => app.show("expired"))}`
	if (connection.state === "offline")
		return text.banner.offline(outbox.waiting.length)
	if (connection.state === "busy") {
		const left = Math.max(1, Math.ceil((connection.retryAt - Date.now()) / SECOND))
		return text.banner.wait(text.problem(connection.problem), left)
	}
	return nothing
}

export function banner(app) {
	const {text} = app
	const conflicts = app.session.account ? app.outbox.conflicts : []
	const said = Object.entries(app.said).filter(([, words]) => words)
	const button = (words, act) => html` <button type=button @click=${act}>${words}</button>`
	const rows = [
		app.session.account ? connectionNotice(app) : nothing,
		...app.session.account ? ringNotices(app) : [],
		...said.map(([, words]) => words),
		conflicts.length ? html`${text.banner.conflicts(conflicts.length)}${
			button(text.banner.look, () => app.show("conflict"))}` : nothing,
		app.release ? html`${text.banner.update}${button(text.reload, app.release)}` : nothing,
		app.notKept ? text.banner.notKept : nothing,
	].filter(row => row !== nothing)
	return html`<div id=banner role=status>${rows.map(row => html`<p>${row}</p>`)}</div>`
}

// While seconds are counted, the bar is drawn each second.
export function countdown(app) {
	setInterval(() => app.connection.state === "busy" && app.update(), SECOND)
}

let serial = 0
// A message for a time.  action: {label, run}, by its button or the key u.
export function toast(app, words, action = null, time = TOAST) {
	const entry = {n: ++serial, words, action}
	app.toasts = [entry, ...app.toasts].slice(0, 3)
	app.update()
	setTimeout(() => dismiss(app, entry), time)
}

function dismiss(app, entry) {
	app.toasts = app.toasts.filter(other => other !== entry)
	app.update()
}

function run(app, entry) {
	dismiss(app, entry)
	entry.action.run()
}

export function undoLast(app) {
	const entry = app.toasts.find(({action}) => action)
	if (entry)
		run(app, entry)
}

function toastOf(app, entry) {
	const button = entry.action
		? html`<button type=button @click=${() => run(app, entry)}>${entry.action.label}</button>` : nothing
	return html`<div class=toast><span dir=auto .textContent=${entry.words}></span>${button}</div>`
}

export const toasts = app => html`
	<div id=toasts role=status>${repeat(app.toasts, entry => entry.n, entry => toastOf(app, entry))}</div>`
