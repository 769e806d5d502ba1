// Notes as they are read: steps to tick, links to follow.
import {html, live} from "./lit.js"

const STEP = /^(\s*(?:[-*] )?\[)([ xX])(\]\s?)(.*)$/
const LINK = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'])/

// {done, all} of the steps in these notes, or null if there are none.
export function progressOf(description) {
	const steps = (description ?? "").split("\n").map(line => STEP.exec(line)).filter(Boolean)
	return steps.length ? {done: steps.filter(([, , mark]) => mark !== " ").length, all: steps.length} : null
}

// The notes, with the step in this line ticked, or not any more.
export function ticked(description, n) {
	const lines = description.split("\n")
	const [, before, mark, after, words] = STEP.exec(lines[n])
	lines[n] = `${before}${mark === " " ? "x" : " "}${after}${words}`
	return lines.join("\n")
}

const linked = line => line.split(LINK).map((part, n) => n % 2
	? html`<a href=${part} target=_blank rel="noopener noreferrer">${part}</a>` : part)

export function notes(app, task) {
	const tick = n => app.actions.edit(task, {description: ticked(task.description, n)})
	return html`<div class=notes dir=auto>${task.description.split("\n").map((line, n) => {
		const step = STEP.exec(line)
		return step ? html`<label class=choice><input type=checkbox class=step .checked=${live(step[2] !== " ")}
			@change=${() => tick(n)}> <span>${linked(step[4])}</span></label>` : html`<p>${linked(line)}</p>`
	})}</div>`
}
