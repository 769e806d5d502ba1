// The whole page, as it is drawn from the state of the app.
import {openAccount} from "./account.js"
import {composer} from "./composer.js"
import {dialogs} from "./dialogs.js"
import {list} from "./list.js"
import {html, live, nothing} from "./lit.js"
import {month, turn} from "./month.js"
import {banner, toasts} from "./notices.js"
import {selectionBar} from "./select.js"
import {tagTools} from "./tag.js"
import {views} from "./views.js"
import {welcome} from "./welcome.js"

function header(app) {
	const {text} = app
	const search = event => app.search(event.target.value.trim())
	const tools = html`
		<form id=search role=search @submit=${event => event.preventDefault()}>
			<input id=q type=search maxlength=100 aria-label=${text.search} placeholder=${text.search}
				.value=${live(app.words)} @input=${search}>
		</form>
		<button type=button id=open-help aria-label=${text.help.label} @click=${() => app.show("help")}>?</button>
		<button type=button id=open-account @click=${() => openAccount(app)}>${text.account.button}</button>`
	return html`
		<header>
			<a class=brand href="?">${text.brand}</a>
			${app.session.account ? tools : nothing}
		</header>`
}

export function titleOf({text, place, format, month: shown}) {
	if (place.view === "month")
		return format.monthWords(`${shown}-01`)
	if (place.q)
		return text.list.found(place.q)
	if (place.tag)
		return `#${place.tag}`
	return text.views[place.view]
}

function main(app) {
	const inMonth = app.place.view === "month"
	return html`
		<main>
			${app.place.view === "logbook" ? nothing : composer(app)}
			<div class=head>
				<h1 id=title dir=auto .textContent=${titleOf(app)}></h1>
				${inMonth ? turn(app) : nothing}
				${app.place.tag && !app.place.q ? tagTools(app) : nothing}
			</div>
			${inMonth ? month(app) : list(app)}
			${selectionBar(app)}
		</main>`
}

export function page(app) {
	const {account} = app.session
	return html`
		${header(app)}
		${banner(app)}
		${account ? nothing : welcome(app)}
		<div id=app ?hidden=${!account}>${account ? html`${views(app)}${main(app)}` : nothing}</div>
		${toasts(app)}
		${account ? dialogs(app) : nothing}`
}
