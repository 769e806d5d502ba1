// Tasks in other programs: passwords for them, what to type there, and the calendar's address.
import {clearForm, errorOf, formOf, insist, isInvalid, submitting} from "./form.js"
import {acting} from "./acting.js"
import {html, nothing, repeat} from "./lit.js"

const FORM = "app-password"

// What a program asks for.
const serverOf = app => new URL("dav/", app.base).href

async function load(app) {
	const {dialog} = app
	const [{json: list}, {json: feed}] = await Promise.all([
		app.client.mine("GET", "app-passwords"), app.client.mine("GET", "feed")])
	Object.assign(dialog, {list, feed: feed.url})
}

export function openPrograms(app) {
	clearForm(app, FORM)
	app.show("programs", {list: null, feed: null, made: null, said: "", error: ""})
	return acting(app, () => load(app))()
}

function copied(app, words) {
	const {dialog, text} = app
	const copy = acting(app, async () => {
		await navigator.clipboard.writeText(words)
		dialog.said = text.programs.copied
	})
	return navigator.clipboard ? copy : null
}

// A value that is to be typed elsewhere.
function value(app, name, words) {
	const {text} = app
	const label = text.programs[name]
	const copy = copied(app, words)
	return html`
		<div><dt>${label}</dt><dd><span class=${name} translate=no>${words}</span>
			${copy ? html`<button type=button aria-label=${text.programs.copyOf(label)}
				@click=${copy}>${text.programs.copy}</button>` : nothing}</dd></div>`
}

function made(app) {
	const {dialog, session, text} = app
	if (!dialog.made)
		return nothing
	return html`
		<section class=made role=status>
			<h3 dir=auto>${dialog.made.name}</h3>
			<p>${text.programs.onlyNow}</p>
			<dl class=values>
				${value(app, "server", serverOf(app))}
				${value(app, "user", session.account.email)}
				${value(app, "password", dialog.made.password)}
			</dl>
		</section>`
}

function maker(app) {
	const {text} = app
	const make = submitting(app, FORM, async (body, form) => {
		const {dialog} = app
		const {json} = await insist(app, () => app.client.mine("POST", "app-passwords", {body}))
		form.reset()
		dialog.made = json
		dialog.said = ""
		await load(app)
	})
	return html`
		<form id=make-password @submit=${make}>
			<label>${text.programs.nameLabel} <input name=name required maxlength=50 dir=auto autocomplete=off
				placeholder=${text.programs.namePlaceholder} aria-invalid=${isInvalid(app, FORM, "name")}></label>
			<button class=main aria-busy=${String(formOf(app, FORM).busy)}>${text.programs.make}</button>
			${errorOf(app, FORM)}
		</form>`
}

function passwords(app) {
	const {dialog, format, text} = app
	if (!dialog.list)
		return nothing
	if (!dialog.list.length)
		return html`<p>${text.programs.none}</p>`
	const end = ({id, name}) => acting(app, async () => {
		if (!confirm(text.programs.reallyEnd(name)))
			return
		await app.client.mine("DELETE", `app-passwords/${id}`)
		if (dialog.made?.id === id)
			dialog.made = null
		await load(app)
	})
	const use = ({used_on: day}) => day ? text.programs.used(format.dayWords(day)) : text.programs.unused
	const item = entry => html`
		<li><span><b dir=auto>${entry.name}</b> <small>${use(entry)}</small></span>
			<button type=button class=danger aria-label=${text.programs.endOf(entry.name)}
				@click=${end(entry)}>${text.programs.end}</button></li>`
	return html`
		<h3>${text.programs.list}</h3>
		<ul class=passwords>${repeat(dialog.list, ({id}) => id, item)}</ul>`
}

function how(app) {
	const {dialog, session, text} = app
	return html`
		<details class=how><summary>${text.programs.howTitle}</summary>
			${dialog.made ? nothing : html`<dl class=values>
				${value(app, "server", serverOf(app))}
				${value(app, "user", session.account.email)}
			</dl>`}
			${app.base.protocol === "http:" ? html`<p>${text.programs.secure}</p>` : nothing}
			<dl>${text.programs.how.map(([name, steps]) => html`<dt>${name}</dt><dd>${steps}</dd>`)}</dl>
		</details>`
}

function feed(app) {
	const {client, dialog, text} = app
	const set = method => acting(app, async () => {
		const {json} = await client.mine(method, "feed")
		dialog.feed = json.url
	})
	const address = query => dialog.feed ? new URL(dialog.feed + query, document.baseURI).href : ""
	return html`
		<h3>${text.programs.feed}</h3>
		<p>${text.programs.feedAbout}</p>
		<p>${text.programs.feedSecret}</p>
		<label class=feed ?hidden=${!dialog.feed}>${text.programs.feedAddress}
			<input readonly .value=${address("")}></label>
		<label class=events ?hidden=${!dialog.feed}>${text.programs.feedEvents}
			<input readonly .value=${address("?as=events")}></label>
		<p class=buttons>
			<button type=button class=make @click=${set("POST")}>${text.programs.feedMake}</button>
			<button type=button class=revoke ?hidden=${!dialog.feed}
				@click=${set("DELETE")}>${text.programs.feedRevoke}</button>
		</p>`
}

export function programs(app) {
	const {text, dialog} = app
	if (dialog?.name !== "programs")
		return nothing
	return html`
		<h2>${text.programs.title}</h2>
		<p>${text.programs.about}</p>
		${maker(app)}
		${made(app)}
		<p role=status class=said>${dialog.said}</p>
		<p class=error role=alert>${dialog.error}</p>
		${passwords(app)}
		${how(app)}
		${feed(app)}
		<p class=buttons>
			<button type=button class=close @click=${() => app.show(null)}>${text.close}</button>
		</p>`
}
