// What the page was opened for, by another program: a task to be, or the line for one; and the
// number on its icon.
import {sharedOf, withoutShared} from "../store/shared.js"
import {takeAnswer} from "./rings.js"

// Into the line, where it can be changed; what is being typed there stays.
function share(app, {title, notes}) {
	const {composition} = app
	const isFree = composition.isEmpty
	if (isFree)
		composition.type(title)
	const words = isFree ? notes : [composition.values.description, title, notes].filter(Boolean).join("\n")
	if (words)
		composition.set("description", words)
	composition.open(true)
	app.lineChanged()
}

export function takeArrival(app) {
	const {search} = location
	const shared = sharedOf(search)
	if (shared)
		share(app, shared)
	const said = new URLSearchParams(search)
	if (said.has("ring"))
		takeAnswer(app, search)
	if (!shared && !said.has("new") && !said.has("ring"))
		return
	history.replaceState(null, "", withoutShared(search))
	app.focus = app.session.account ? "line" : "login"
}

let shown = 0
// As many as the menu says for today.
export function showBadge(count) {
	if (count === shown || !navigator.setAppBadge)
		return
	shown = count
	const done = count ? navigator.setAppBadge(count) : navigator.clearAppBadge()
	done.catch(() => {})	// the browser may not want to
}
