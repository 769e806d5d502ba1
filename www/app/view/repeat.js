// A repetition, chosen from a menu in words.
import {repetitionsFrom} from "../time/choices.js"
import {html, live} from "./lit.js"
import {repeatWords} from "./preview.js"

// set(pattern, day): day is the first on which it comes, for what is due on this day.
export function repeatMenu(app, {pattern, day, name = "recursion_pattern", invalid = "false"}, set) {
	const {text} = app
	const choices = repetitionsFrom(day || app.format.today())
	const isOwn = pattern && !choices.some(choice => choice.pattern === pattern)
	const change = event => {
		event.stopPropagation()
		const choice = choices.find(({pattern: chosen}) => chosen === event.target.value)
		set(event.target.value, choice?.day ?? day)
	}
	const option = value => html`<option value=${value} .selected=${live(value === pattern)}>${
		value ? repeatWords(app, value) : text.repeat.never}</option>`
	return html`
		<label>${text.fields.recursion_pattern} <select name=${name} aria-invalid=${invalid}
			@input=${event => event.stopPropagation()} @change=${change}>
			${option("")}
			${isOwn ? option(pattern) : ""}
			${choices.map(choice => option(choice.pattern))}
		</select></label>`
}
