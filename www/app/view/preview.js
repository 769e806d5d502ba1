// Repetitions in words, and what the service makes of them: the days on which a task comes again.
import {describe} from "../quickadd/describe.js"
import {dueOf} from "../time/due.js"

const PAUSE = 200	// milliseconds without a key, before it is asked
const KEPT = 100

// {answer, asked}: answer is {rrule (null: it is only text), next}, or null if it is not known.
function entryOf(app, pattern, from) {
	const name = `${pattern} ${from}`
	let entry = app.previews.get(name)
	if (!entry) {
		entry = {answer: null, asked: false}
		app.previews.set(name, entry)
		if (app.previews.size > KEPT)
			app.previews.delete(app.previews.keys().next().value)
	}
	return entry
}

async function ask(app, entry, pattern, from) {
	entry.asked = true
	const parameters = new URLSearchParams({pattern, from, tz: app.format.zone})
	try {
		const {json} = await app.client.request("GET", `api/recurrence?${parameters}`, {open: true})
		entry.answer = json
		app.previews.version = (app.previews.version ?? 0) + 1
		app.update()
	} catch (problem) {
		if (!problem.kind)
			throw problem
		entry.asked = false	// it is asked again at the next key, or draw
	}
}

export function previewOf(app, {recursion_pattern, date, time}) {
	const pattern = recursion_pattern.trim()
	if (!pattern)
		return ""
	const day = date || app.format.today()
	const from = dueOf(day, time, app.format.zone)
	const entry = entryOf(app, pattern, from)
	if (entry.answer === null) {
		clearTimeout(app.previewTimer)
		if (!entry.asked)
			app.previewTimer = setTimeout(() => ask(app, entry, pattern, from), PAUSE)
		return ""
	}
	const {rrule, next} = entry.answer
	if (rrule === null)
		return app.text.repeat.keptAsText
	return app.text.repeat.then(next.slice(0, 3).map(app.format.dueWords))
}

// A repetition in words.  What these can't say is either a rule all the same, or only a text:
// the service knows.
export function repeatWords(app, pattern) {
	const {format, text} = app
	const words = describe(pattern, {language: format.locale, zone: format.zone})
	if (words !== null)
		return words
	const from = format.today()
	const entry = entryOf(app, pattern, from)
	if (!entry.asked)
		ask(app, entry, pattern, from)
	return entry.answer?.rrule === null ? text.repeat.onlyText(pattern) : text.repeat.ownWay
}
