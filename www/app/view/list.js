// The list of a view.
import {PRIORITIES} from "../service/task.js"
import {draggedTo} from "./drag.js"
import {groupsOf} from "./groups.js"
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

function heading(app, {key, title, day, canMove, isBare}) {
	const {text} = app
	if (!title || isBare)
		return nothing
	const add = html`<button type=button class=plus aria-label=${text.groups.add(title)}
		@click=${() => app.addOn(day)}>+</button>`
	return html`
		<li class=group data-group=${key} data-day=${day ?? nothing}>
			<h2>${title}</h2>
			${canMove ? html`<button type=button id=move @click=${() => app.moveToToday()}>${text.groups.move}</button>`
				: nothing}
			${day ? add : nothing}
		</li>`
}

// Why there is nothing, in the words of the place.
function empty(app) {
	const {text, place, list: {isEmptyHanded, tasks}, doneToday} = app
	const name = place.q ? "search" : place.tag && "tag" || place.view
	const words = name === "today" && doneToday.tasks.length ? text.empty.todayDone : text.empty[name]
	return html`<p id=empty ?hidden=${tasks.length || isEmptyHanded}>${words}</p>`
}

function doneToday(app, now) {
	const {tasks} = app.doneToday
	return html`
		<details id=done-today ?hidden=${!tasks.length}>
			<summary>${app.text.groups.doneToday(tasks.length)}</summary>
			<ol>${repeat(tasks, task => app.keyOf(task.id), task => row(app, task, now))}</ol>
		</details>`
}

export function list(app) {
	const {text, place} = app
	const {tasks, whole, isEmptyHanded} = app.list
	const now = app.where()
	const rows = groupsOf(app, tasks, now).flatMap(group => [{group, key: `group ${group.key}`},
		...group.tasks.map(task => ({task, key: app.keyOf(task.id), day: group.day}))])
	const canChoose = place.view === "all" || place.q
	const chooseAll = html`<button type=button id=choose-all @click=${app.chooseAll}>${text.select.all}</button>`
	return html`
		<section id=list>
			<div class=head>
				<p id=count role=status>${tasks.length && canChoose ? text.list.count(tasks.length, !whole) : ""}</p>
				${canChoose ? choices(app) : nothing}
				${place.view === "logbook" && tasks.length ? chooseAll : nothing}
			</div>
			<ol id=tasks aria-busy=${isEmptyHanded ? "true" : nothing} @dragover=${draggedTo.over}
				@drop=${event => draggedTo.drop(app, event)}>${repeat(rows, ({key}) => key, ({group, task, day}) =>
				group ? heading(app, group) : row(app, task, now, day))}</ol>
			<p id=more ?hidden=${whole}>…</p>
			${empty(app)}
			${place.view === "today" && !place.q ? doneToday(app, now) : nothing}
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
