// The views that there are, and the tags.
import {addressOf, USUAL} from "../router.js"
import {html, nothing, repeat} from "./lit.js"

const VIEWS = [
	["open", {}, "open"],
	["today", {due: "today"}, null],
	["week", {due: "week"}, null],
	["overdue", {due: "overdue"}, "overdue"],
	["done", {show: "done"}, "completed"],
	["all", {show: "all"}, "total"],
	["month", {view: "month"}, null],
]
// What tells one view from another.
const WHICH = ["view", "show", "due", "tag"]

function link(app, words, change, count) {
	const {place, format} = app
	const to = {...USUAL, sort: place.sort, ...change}
	const isCurrent = WHICH.every(name => place[name] === to[name])
	return html`
		<li><a href=${addressOf(to)} aria-current=${isCurrent ? "page" : nothing}>
			<span dir=auto .textContent=${words}></span>
			${count > 0 ? html`<span class=n>${format.count(count)}</span>` : nothing}
		</a></li>`
}

// On a phone the views are a strip that scrolls: the chosen one is to be in sight.
export function showCurrent() {
	if (!scrollY)
		document.querySelector("nav [aria-current]")?.scrollIntoView({block: "nearest", inline: "nearest"})
}

export function views(app) {
	const {text, counts, place} = app
	const tags = counts.tags.filter(({open, tag}) => open || tag === place.tag)
	return html`
		<nav aria-label=${text.views.label}>
			<ul id=views>${VIEWS.map(([name, change, count]) =>
				link(app, text.views[name], change, counts.isKnown ? counts[count] : 0))}</ul>
			<ul id=tags>${repeat(tags, ({tag}) => tag, ({tag, open}) => link(app, tag, {tag}, open))}</ul>
		</nav>`
}
