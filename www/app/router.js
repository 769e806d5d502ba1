// What the address says: the place in the page.  Nonsense in it is read as the usual.
import {SORTS} from "./store/query.js"

const oneOf = (...values) => ({usual: values[0], test: value => values.includes(value)})
const matching = pattern => ({usual: "", test: value => pattern.test(value)})

const RULES = {
	view: oneOf("", "month"),
	show: oneOf("open", "done", "all"),
	due: oneOf("", "today", "week", "overdue"),
	priority: oneOf("", "High", "Medium", "Low"),
	tag: matching(/^.{1,50}$/su),
	q: matching(/^.{1,100}$/su),
	sort: oneOf(...SORTS),
	month: matching(/^[12]\d{3}-(0[1-9]|1[0-2])$/),
}
export const USUAL = Object.fromEntries(Object.entries(RULES).map(([name, rule]) => [name, rule.usual]))

export function placeOf(search) {
	const said = new URLSearchParams(search)
	return Object.fromEntries(Object.entries(RULES).map(([name, {usual, test}]) => {
		const value = said.get(name)
		return [name, value !== null && test(value) ? value : usual]
	}))
}

export const addressOf = place => `?${new URLSearchParams(Object.entries(place)
	.filter(([name, value]) => value !== USUAL[name]))}`
