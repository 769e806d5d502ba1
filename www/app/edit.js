// A task's fields: to edit, to add a task by one line, to compare versions.
import {call} from "./api.js"
import {dayOf, stamp, timeOf, today, words} from "./dates.js"
import {describe, parse} from "./parse.js"
import {$, ask, clone, complain, h, on, onsubmit} from "./ui.js"

// What the service makes of a repetition: { rrule (null: nothing), next }.
const asked = {}
export const repetition = (pattern, from = today()) => asked[`${from} ${pattern}`] ??=
	call("GET", `api/recurrence?${new URLSearchParams({pattern, from})}`, {open: true}).then(r => r.json, () => null)

const texts = t => ({date: t.due_date ? dayOf(t.due_date) : "", time: t.due_date ? timeOf(t.due_date) : "",
	priority: t.priority ?? "Medium", tags: t.tags?.join(", ") ?? "",
	recursion_pattern: t.recursion_pattern ?? "", description: t.description ?? ""})

function fill(form, values) {
	for (const [name, value] of Object.entries(values))
		form.elements[name].value = value
}

function differs(form, t) {
	const now = Object.fromEntries(new FormData(form)), was = texts(t), body = {}
	if (now.date !== was.date || now.time !== was.time) {
		const day = now.date || (now.time && today())
		body.due_date = day ? now.time ? stamp(day, now.time) : day : null
	}
	if (now.priority !== was.priority)
		body.priority = now.priority
	if (now.tags !== was.tags)
		body.tags = now.tags.split(",").map(s => s.trim()).filter(Boolean)
	for (const name of ["recursion_pattern", "description"]) {
		if (now[name] !== was[name])
			body[name] = now[name].trim() || null
	}
	return body
}

function fields(form) {
	$(".fields", form).replaceWith(clone("fields"))
	let timer
	form.follow = () => {
		clearTimeout(timer)
		timer = setTimeout(async () => {
			const {recursion_pattern: {value}, date} = form.elements, r = value && await repetition(value, date.value || today())
			$("output", form).value = !r ? "" : r.rrule === null ? "Kept as text."
				: `Then ${r.next.slice(0, 3).map(words).join("; ")}`
		}, 200)
	}
	on(form, "input", form.follow)
}

export function editor(t, save, close, remove) {
	const form = clone("editor")
	fields(form)
	fill(form, {title: t.title, ...texts(t)})
	form.follow()
	const body = (title = form.elements.title.value) => ({...differs(form, t), ...title !== t.title && {title}})
	form.changed = () => Object.keys(body()).length
	onsubmit(form, async () => {
		await (form.changed() ? save(body()) : close())
	})
	$(".cancel", form).onclick = () => close()
	$(".delete", form).onclick = remove
	form.onkeydown = ({key}) => key !== "Escape" || close()
	return form
}

const kinds = {date: "due_date", time: "due_date"}

// What the line says fills the fields; what is set there by hand stays.
export function composer(form, add) {
	const {line} = form.elements, details = $("details", form)
	const back = []		// what was refused
	let touched, kept, said
	fields(form)
	const understand = () => {
		said = parse(line.value, kept)
		fill(form, Object.fromEntries(Object.entries(texts(said)).filter(([name]) => !touched.has(kinds[name] ?? name))))
		const t = differs(form, {})
		const chip = (kind, text) => t[kind] && h("span.chip", {}, h("button", {type: "button", "data-kind": kind, dir: "auto"}, text(t[kind])),
			h("button", {type: "button", "data-not": kind, "aria-label": `Not: ${text(t[kind])}`}, "✕"))
		$(".chips", form).replaceChildren(...[chip("due_date", d => `Due ${words(d)}`), chip("priority", p => `${p} priority`),
			chip("tags", tags => `#${tags.join(" #")}`), chip("recursion_pattern", describe)].filter(Boolean))
		$(".reads", form).textContent = said.title === line.value.trim() ? "" : said.title
		form.follow()
	}
	const reset = () => {
		const [was, problem] = back.shift() ?? []
		form.reset();
		[touched, kept] = [0, 0].map(() => new Set(was && Object.keys(names)))
		details.open = was
		if (was)
			fill(form, {line: was.title, ...texts(was)})
		understand()
		complain(form, problem)
	}
	on(form, "input", ({target: {name}}) => {
		if (name !== "line")
			touched.add(kinds[name] ?? name)
		understand()
	})
	on($(".chips", form), "click", ({target: {dataset}}) => {
		if (dataset.kind) {
			details.open = true
			form.elements[dataset.kind === "due_date" ? "date" : dataset.kind].focus()
		} else if (dataset.not) {		// then it is a part of the title
			kept.add(dataset.not)
			touched.delete(dataset.not)
			understand()
			line.focus()
		}
	})
	onsubmit(form, () => {
		if (!said.title || said.title.length > 200)
			throw new Error("A title has 1 to 200 characters.")
		const body = {title: said.title, ...differs(form, {})}
		reset()
		line.focus()
		add(body)
	})
	reset()
	return (body, problem) => back.push([body, problem]) && line.value || reset()	// nothing typed is lost
}

const names = {title: "Title", due_date: "Due", priority: "Priority", tags: "Tags", recursion_pattern: "Repeat",
	description: "Notes", completed: "Done"}
const text = (t, name) => !t ? "deleted" : name === "due_date" && t[name] ? words(t[name])
	: name === "completed" ? (t[name] ? "yes" : "no") : String(t[name]?.join?.(", ") ?? t[name] ?? "") || "–"

// Someone else was faster: "mine" or "theirs".
export function choose(c, theirs) {
	const mine = c.op !== "DELETE" && {...theirs ?? c.before, ...c.body}
	$("#conflict .about").textContent = `“${c.before.title}” was ${theirs
		? `changed elsewhere: ${words(theirs.updated_at)}` : "deleted elsewhere"}. Nothing is overwritten.`
	$("#conflict tbody").replaceChildren(...Object.keys(names).map(n => [n, text(mine, n), text(theirs, n)])
		.filter(([n, a, b]) => n === "title" || a !== b)
		.map(([n, a, b]) => h(a === b ? "tr" : "tr.differs", {}, h("th", {scope: "row"}, names[n]),
			h("td", {dir: "auto"}, a), h("td", {dir: "auto"}, b))))
	return ask($("#conflict"))
}
