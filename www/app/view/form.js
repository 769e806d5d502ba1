// What all forms share: one submission at a time, and what was wrong with it in words.
import {Problem} from "../service/problem.js"
import {html} from "./lit.js"

const SECOND = 1000

export const formOf = (app, name) => app.forms[name] ??= {busy: false, problem: null, text: ""}

export function clearForm(app, name) {
	delete app.forms[name]
}

// For aria-invalid of the field name.
export function isInvalid(app, form, name) {
	const {problem} = formOf(app, form)
	return problem?.fields?.some(field => field.name === name) || problem?.name === name ? "true" : "false"
}

export const errorOf = (app, name) =>
	html`<p class=error role=alert>${formOf(app, name).text}</p>`

// A fault that is found before anything is sent; see store/fields.js.
export class Fault extends Error {
	constructor(fault, words) {
		super(words)
		this.name = fault.name
	}
}

export async function complain(app, name, problem, element) {
	Object.assign(formOf(app, name), {problem,
		text: problem instanceof Problem ? app.text.problem(problem) : problem.message})
	await app.drawn()
	element?.querySelector('[aria-invalid="true"]')?.focus()
}

// A handler for submit: work(values, form) throws what is wrong.
export function submitting(app, name, work) {
	return async event => {
		event.preventDefault()
		const form = formOf(app, name)
		const element = event.currentTarget
		if (form.busy)
			return
		Object.assign(form, {busy: true, problem: null, text: ""})
		app.update()
		try {
			await work(Object.fromEntries(new FormData(element)), element)
		} catch (problem) {
			if (!(problem instanceof Problem || problem instanceof Fault))
				throw problem
			await complain(app, name, problem, element)
		} finally {
			form.busy = false
			app.update()
		}
	}
}

// A request for which somebody waits: while the service is busy, it says so and tries again.
export async function insist(app, request) {
	try {
		for (;;) {
			try {
				return await request()
			} catch (problem) {
				if (problem.kind !== "busy")
					throw problem
				for (let left = Math.ceil(problem.wait); left > 0; left--) {
					app.say("wait", app.text.banner.wait(app.text.problem(problem), left))
					await new Promise(resolve => setTimeout(resolve, SECOND))
				}
			}
		}
	} finally {
		app.say("wait", "")
	}
}
