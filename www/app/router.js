// What the address says: the place in the page.  Nonsense in it is read as the usual.
import {SORTS} from "./store/query.js"

const oneOf = (...values) => ({usual: values[0], test: value => values.includes(value)})
const matching = pattern => ({usual: "", test: value => pattern.test(value)})

const RULES = {
	view: oneOf("today", "upcoming", "all", "logbook", "month"),
	priority: oneOf("", "High", "Medium", "Low"),
	tag: matching(/^.{1,50}$/su),
	q: matching(/^.{1,100}$/su),
	sort: oneOf(...SORTS),
	month: matching(/^[12]\d{3}-(0[1-9]|1[0-2])$/),
}
export const USUAL = Object.fromEntries(Object.entries(RULES).map(([name, rule]) => [name, rule.usual]))

// The places of earlier releases, as bookmarks have them.
function viewOf(said) {
	if (said.has("view"))
		return said.get("view")
	if (said.get("show") === "done")
		return "logbook"
	const isOfList = ["tag", "q", "show", "priority", "sort"].some(name => said.has(name))
	return isOfList && !said.has("due") ? "all" : null
}

export function placeOf(search) {
	const said = new URLSearchParams(search)
	const view = viewOf(said)
	if (view)
		said.set("view", view)
	return Object.fromEntries(Object.entries(RULES).map(([name, {usual, test}]) => {
		const value = said.get(name)
		return [name, value !== null && test(value) ? value : usual]
	}))
}

export const addressOf = place => `?${new URLSearchParams(Object.entries(place)
	.filter(([name, value]) => value !== USUAL[name]))}`

// What the list of a place shows, see store/query.js.
export function queryOf({view, priority, tag, q, sort}) {
	if (q)
		return {show: "all", due: "", priority, tag: "", q, sort}
	if (view === "logbook")
		return {show: "done", due: "", priority: "", tag: "", q, sort: "-completed"}
	if (view === "all")
		return {show: "open", due: "", priority, tag, q, sort}
	return {show: "open", due: view === "today" ? "now" : "ahead", priority: "", tag: "", q, sort: "due"}
}
