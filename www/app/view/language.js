// The choice of the page's language.
import {LANGUAGES, languageFor} from "../text/languages.js"
import {html} from "./lit.js"

export const NAME = "language"	// in the storage

export function languageMenu(app) {
	const {storage, text} = app
	const chosen = storage.get(NAME) ?? ""
	const choose = event => {
		if (event.target.value)
			storage.set(NAME, event.target.value)
		else
			storage.remove(NAME)
		location.reload()	// what is typed is kept as drafts
	}
	const option = (value, words) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`
	const ofBrowser = LANGUAGES[languageFor(null, navigator.languages)]
	return html`
		<label>${text.account.language} <select id=language @change=${choose}>
			${option("", text.account.languageOfBrowser(ofBrowser))}
			${Object.entries(LANGUAGES).map(([tag, name]) => option(tag, name))}
		</select></label>`
}
