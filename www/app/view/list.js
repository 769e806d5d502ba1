// The list of a view.
import {PRIORITIES} from "../service/task.js"
import {SORTS} from "../store/query.js"
import {html, live, nothing, repeat} from "./lit.js"
import {row} from "./row.js"

const AHEAD = "2000px"	// the next page is asked for before its end is seen

function choices(app) {
	const {text, place} = app
	const set = name => event => app.go({...place, [name]: event.target.value})
	const option = (value, words, chosen) =>
		html`<option value=${value} .selected=${live(value === chosen)}>${words}</option>`
	return html`
		<label>${text.list.priority} <select id=priority @change=${set("priority")}>
			${option("", text.list.any, place.priority)}
			${PRIORITIES.map(p => option(p, text.priorities[p], place.priority))}
		</select></label>
		<label>${text.list.sort} <select id=sort @change=${set("sort")}>
			${SORTS.map(sort => option(sort, text.list.sorts[sort], place.sort))}
		</select></label>`
}

export function list(app) {
	const {text} = app
	const {tasks, whole, isEmptyHanded} = app.list
	const now = app.where()
	return html`
		<section id=list>
			<div class=head>
				<p id=count role=status>${tasks.length ? text.list.count(tasks.length, !whole) : ""}</p>
				${choices(app)}
			</div>
			<ol id=tasks aria-busy=${isEmptyHanded ? "true" : nothing}>${
				repeat(tasks, task => app.keyOf(task.id), task => row(app, task, now))}</ol>
			<p id=more ?hidden=${whole}>…</p>
			<p id=empty ?hidden=${tasks.length || isEmptyHanded}>
				${text.list.empty} <a href="?show=all">${text.list.showAll}</a>
			</p>
		</section>`
}

// Asks for the next page whenever the end of the list is near.
export function watchEnd(app) {
	let watched = null
	const observer = new IntersectionObserver(entries => {
		if (entries.at(-1).isIntersecting)
			app.list.more()
	}, {rootMargin: AHEAD})
	return () => {
		const end = document.querySelector("#more:not([hidden])")
		if (watched)
			observer.unobserve(watched)
		watched = end
		if (end && !app.list.isLoading)
			observer.observe(end)	// it says at once whether the end is seen
	}
}
