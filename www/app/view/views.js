// The places that there are, and the tags.
import {addressOf, USUAL} from "../router.js"
import {html, nothing, repeat} from "./lit.js"

const VIEWS = [
	["today", "today"],
	["upcoming", null],
	["all", "open"],
	["month", null],
	["logbook", null],
]
// What tells one place from another.
const WHICH = ["view", "tag"]

function link(app, words, change, count) {
	const {place, format} = app
	const to = {...USUAL, ...change}
	const isCurrent = !place.q && WHICH.every(name => place[name] === to[name])
	return html`
		<li><a href=${addressOf(to)} data-view=${change.tag ? "tag" : change.view}
			aria-current=${isCurrent ? "page" : nothing}>
			<span dir=auto .textContent=${words}></span>
			${count > 0 ? html`<span class=n>${format.count(count)}</span>` : nothing}
		</a></li>`
}

// On a phone the tags are a strip that scrolls: the chosen one is to be in sight.
export function showCurrent() {
	if (!scrollY)
		document.querySelector("nav [aria-current]")?.scrollIntoView({block: "nearest", inline: "nearest"})
}

export function views(app) {
	const {text, counts, place} = app
	const tags = counts.tags.filter(({open, tag}) => open || tag === place.tag)
	return html`
		<nav aria-label=${text.views.label}>
			<ul id=views>${VIEWS.map(([view, count]) =>
				link(app, text.views[view], {view}, count && counts.of(count)))}</ul>
			<ul id=tags>${repeat(tags, ({tag}) => tag, ({tag, open}) => link(app, tag, {view: "all", tag}, open))}</ul>
		</nav>`
}
