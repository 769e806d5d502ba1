// The keyboard.
import {closeEditor, openEditor} from "./editor.js"
import {undoLast} from "./notices.js"

const NAME = "no-keys"
const FIELD = "input:not([type=checkbox]), textarea, select, dialog[open]"

const ROWS = "#tasks > li[data-id]"
const rowOf = element => element?.closest(ROWS)
const focusOn = li => li?.querySelector(".title")?.focus()

function step(by) {
	const li = rowOf(document.activeElement)
	const rows = [...document.querySelectorAll(ROWS)]
	focusOn(li ? rows[rows.indexOf(li) + by] : rows[0])
}

export function createKeys(app) {
	const here = act => () => {
		const task = app.list.find(Number(rowOf(document.activeElement)?.dataset.id))
		if (task)
			act(task)
	}
	const acts = {
		"n": () => document.querySelector("#line")?.focus(),
		"/": () => document.querySelector("#q")?.focus(),
		"j": () => step(1),
		"k": () => step(-1),
		"x": here(task => app.toggle(task)),
		"e": here(task => openEditor(app, task)),
		"d": here(task => app.remove(task)),
		"u": () => undoLast(app),
		"m": () => app.goTo(app.place.view === "month" ? "?" : "?view=month"),
		"?": () => app.show("help"),
	}
	// Held down, these would go on with the next row.
	const once = ["x", "d", "u"]
	// A letter of another alphabet stands for the key that it is on.
	const nameOf = ({key, code}) => /^\P{ASCII}$/u.test(key) ? code.replace(/^Key/, "").toLowerCase() : key

	addEventListener("keydown", event => {
		if (event.isComposing || !app.session.account)
			return
		const field = event.target.closest?.(FIELD)
		if (event.key === "Escape" && !event.target.closest?.("dialog")) {
			field?.blur()
			if (!field && app.editing)
				closeEditor(app)
		}
		const name = nameOf(event)
		if (field || !keys.work || event.ctrlKey || event.metaKey || event.altKey || !acts[name])
			return
		event.preventDefault()
		if (!(event.repeat && once.includes(name)))
			acts[name]()
	})
	const keys = {
		get work() {
			return !app.storage.get(NAME)
		},
		set(work) {
			if (work)
				app.storage.remove(NAME)
			else
				app.storage.set(NAME, true)
			app.update()
		},
	}
	return keys
}
