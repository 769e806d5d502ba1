// The list, pages of it as one scrolls; what is done to its tasks; the month.
import {call, look, mine, page, task} from "./api.js"
import {clockOf, dayOf, fullDay, fullMonth, local, moment, overdue, plus, stamp, timeOf, today, weekdays, weekStart, words}
	from "./dates.js"
import {editor, repetition} from "./edit.js"
import {describe} from "./parse.js"
import {change, deleteNow, keepTasks, keptTasks, offline, overlay, pending} from "./queue.js"
import {$, h, on, toast} from "./ui.js"

const SIZE = 100, ol = $("#tasks"), end = $("#more")
const held = new Map()		// deletions that can still be undone
const box = $("#month")
let month, shown
let view, tasks = [], rows = new Map(), cursor, version, busy, whole

const done = {open: false, done: true}
function span(day = today(), week = weekStart(day)) {
	return {today: [day, plus(day, 1)], week: [week, plus(week, 7)], overdue: ["", day]}[view.due] ?? []
}
function query() {
	const [after, before] = span(), {show, priority, tag, q, sort} = view
	return Object.entries({completed: done[show], priority, tag, q, sort, due_after: after && stamp(after),
		due_before: before && stamp(before)}).filter(x => x[1] != null && x[1] !== "")
}
function fits(t) {
	const [after, before] = span(), day = t.due_date ? dayOf(t.due_date) : "9"
	return !held.has(t.id) && (done[view.show] ?? t.completed) === t.completed && (!before || (day >= after && day < before))
		&& (view.priority || t.priority) === t.priority && (!view.tag || t.tags.includes(view.tag))
		&& `${t.title}\n${t.description ?? ""}`.toLowerCase().includes(view.q.toLowerCase())
}
const age = t => t.id < 0 ? 1e15 - t.id : t.id		// not sent yet: the newest
const by = {
	created: age,
	due: t => t.due_date ? moment(t.due_date).getTime() : Infinity,
	priority: t => ["High", "Medium", "Low"].indexOf(t.priority),
}
function compare(a, b) {
	const f = by[view.sort.replace("-", "")], order = f(a) === f(b) ? age(a) - age(b) : f(a) - f(b)
	return view.sort[0] === "-" ? -order : order
}

function repeats(pattern) {
	const e = h("span.repeat", {}, describe(pattern))
	if (e.textContent === pattern)
		repetition(pattern).then(r => r?.rrule === null && e.append(h("em", {}, " (kept as text)")))
	return e
}
function row(t) {
	const late = t.due_date && !t.completed && overdue(t.due_date)
	const li = h(t.completed ? "li.completed" : "li", {"data-id": t.id},
		h("input.done", {type: "checkbox", "aria-label": `Done: ${t.title}`, checked: t.completed}),
		h("div.what", {}, h("button.title", {dir: "auto"}, t.title), h("p.facts", {},
			t.priority !== "Medium" && h(`span.${t.priority}`, {}, t.priority),
			t.due_date && h(late ? "time.late" : "time", {}, late && h("span.unseen", {}, "Overdue: "), words(t.due_date)),
			t.recursion_pattern && repeats(t.recursion_pattern),
			t.tags.map(tag => h("a.tag", {dir: "auto", href: `?tag=${encodeURIComponent(tag)}`}, tag)),
			t.description && h("span.note", {dir: "auto"}, t.description.slice(0, 120)),
			t.id < 0 && h("em", {}, "Not sent yet"))),
		h("button.remove", {"aria-label": `Delete: ${t.title}`}, "✕"))
	li.task = t
	return li
}
const editing = li => li?.className === "editing"
const focusOn = li => li && $(".title", li).focus()

function draw() {
	const old = rows, {activeElement: e} = document, had = e.closest("#tasks > li"), next = had?.nextSibling ?? had?.previousSibling
	rows = new Map(tasks.map(t => {
		const li = old.get(t.id)
		return [t.id, li && (li.task === t || editing(li) || JSON.stringify(li.task) === JSON.stringify(t)) ? li : row(t)]
	}))
	for (const li of old.values()) {
		if (rows.get(+li.dataset.id) !== li)
			li.remove()
	}
	let at = ol.firstChild
	for (const li of rows.values()) {
		if (li === at)
			at = at.nextSibling
		else
			ol.insertBefore(li, at)
	}
	const same = rows.get(+had?.dataset.id)
	if (had?.isConnected === false)
		($(same && e.className ? `.${e.className}` : ".title", same ?? (next?.isConnected ? next : ol)) ?? $("#views a")).focus()
	end.hidden = whole
	$("#count").textContent = tasks.length ? `${tasks.length}${whole ? "" : " and more"}` : ""
	$("#empty").hidden = tasks.length || ol.ariaBusy
	if (!box.hidden)
		showMonth(month)
}

function told({status, message}) {
	offline(!status)
	if (status)
		toast(message)
}

// Reads the view anew, unless it is still the known version, or goes on behind what is there.
async function load(on, size, known) {
	const me = busy = {}, all = []
	let next = on && cursor, tag = on && version
	try {
		do {
			const got = await page([...query(), ["limit", Math.max(SIZE, Math.min(size, 1000))],
				...next ? [["cursor", next]] : []], known)
			if (busy !== me)
				return
			if (!got || !on && $(".editing"))
				return busy = ol.ariaBusy = null;
			[known, next] = [null, got.cursor]
			tag ||= got.etag
			all.push(...got.tasks)
		} while (next && all.length < size)
		offline(false);
		[cursor, version, whole] = [next, tag, !next]
		tasks = on ? tasks : []
		const shown = new Set(tasks.map(t => t.id))
		tasks.push(...overlay(all).filter(t => fits(t) && !shown.has(t.id)))
	} catch (problem) {
		if (busy !== me)
			return
		told(problem);
		[version, whole] = [null, true]
		tasks = on ? tasks : (await keptTasks()).filter(fits)
	}
	if (busy !== me)
		return
	if (!version || tasks.some(t => t.id < 0))
		tasks.sort(compare)
	busy = ol.ariaBusy = null
	draw()
	keepTasks(all)
	// What is gone elsewhere is not kept either.
	if (whole && version && !on)
		keptTasks().then(kept => busy || keepTasks([], kept.filter(t => t.id > 0 && fits(t) && !rows.has(t.id)).map(t => t.id)))
	seen.unobserve(end)		// it says again whether the end is seen
	seen.observe(end)
}
const seen = new IntersectionObserver(all => all.at(-1).isIntersecting && !busy && !whole && load(true, SIZE),
	{rootMargin: "2000px"})
export function show(v) {
	[view, tasks, rows, whole] = [v, [], new Map(), true]
	ol.ariaBusy = "true"
	ol.replaceChildren()
	draw()
	load(false, SIZE)
	const me = busy
	setTimeout(() => keptTasks().then(kept => busy === me	// meanwhile
		&& draw(tasks = kept.filter(fits).sort(compare).slice(0, SIZE))), 500)
}
export const refresh = () => view && !busy && !$(".editing") && load(false, tasks.length, version)

function put(t, was = t.id) {
	const li = rows.get(was)
	if (li && !rows.has(t.id)) {
		rows.delete(was)
		rows.set(li.dataset.id = t.id, li)
	}
	tasks = tasks.filter(x => x.id !== was && x.id !== t.id)
	if (view && (fits(t) || editing(li))) {
		const at = tasks.findIndex(x => compare(t, x) < 0)
		tasks.splice(at >= 0 ? at : whole || li ? tasks.length : 0, 0, t)
	}
	draw()
}
const away = id => {
	tasks = tasks.filter(t => t.id !== id)
	draw()
}

export async function sent(c, answer) {
	keepTasks(answer ? [answer] : [], answer?.id === c.id ? [] : [c.id])
	if (!answer)
		return away(c.id)
	const now = overlay([answer]).find(t => t.id === answer.id)	// with what follows
	if (now)
		put(now, c.id)
	if (busy)		// with what was before
		load(false, tasks.length)
	if (answer.next_id && pending.some(p => p.op === "PATCH" && p.id === answer.id))	// undone
		quietly("DELETE", {id: answer.next_id})
	else if (answer.next_id)
		call("GET", mine(`tasks/${answer.next_id}`)).then(r => put(task(r.json)), () => {})
}
export const failed = c => c.op === "POST" ? away(c.id) : put(c.before)

let last = 0
export function add(body) {
	const t = {id: last = Math.min(-Date.now(), last - 1), priority: "Medium", tags: [], completed: false, ...body}
	put(t)
	rows.has(t.id) ? rows.get(t.id).scrollIntoView({block: "nearest"}) : toast("Added, not in this view.")
	quietly("POST", t, body)
}
const quietly = (op, t, body) => change(op, t, body).catch(() => {})	// failed() tells

const made = new Map()		// what completing a task answered
export async function toggle(t, undone) {
	const completed = !t.completed, before = made.get(t.id)
	put({...t, completed})
	made.set(t.id, quietly("PATCH", t, {completed, ...completed && t.recursion_pattern
		&& {next: true, due_date: t.due_date, recursion_pattern: t.recursion_pattern}}))
	if (undone !== true)
		toast(`${completed ? "Completed" : "Opened"} “${t.title}”.`, () => toggle({...t, completed}, true))
	const next = (await before)?.next_id
	if (next && !completed) {
		away(next)
		quietly("DELETE", {id: next})
	}
}

export function remove(t) {
	held.set(t.id, t)
	setTimeout(() => held.delete(t.id) && quietly("DELETE", t), 8000)
	away(t.id)
	toast(`Deleted “${t.title}”.`, () => held.delete(t.id) && put(t))
}
export function removeHeld() {
	const all = [...held.values()].map(t => quietly("DELETE", t))
	held.clear()
	return Promise.all(all)
}
on(window, "pagehide", () => {
	held.forEach(t => t.id > 0 && navigator.onLine ? deleteNow(t) : change("DELETE", t))
	held.clear()
})

const idOf = e => +e?.closest("#tasks > li")?.dataset.id
const find = id => tasks.find(t => t.id === id)
export const current = () => find(idOf(document.activeElement))

export function edit(t) {
	const li = rows.get(t.id)
	const now = () => find(idOf(li)) ?? t
	const close = (to = now()) => {
		form.remove()
		li.className = ""
		li.task = null		// is drawn anew
		put(to, idOf(li))
		focusOn(rows.get(to.id))
	}
	const form = editor(t, async body => {
		const answer = await change("PUT", t, body)
		close(answer?.id ? answer : {...now(), ...body})
	}, close, () => (close(), remove(now())))
	li.className = "editing"
	$(".what", li).append(form)
	form.elements.title.focus()
}
on(ol, "click", ({target}) => {
	const t = find(idOf(target)), f = {done: toggle, title: edit, remove}[target.className]
	if (t && f && !target.closest("form"))
		f(t)
})
export function step(by) {
	const li = document.activeElement.closest("#tasks > li")
	focusOn(!li ? ol.firstChild : by > 0 ? li.nextSibling : li.previousSibling)
}

const item = o => h("li", {}, h(`button.${o.completed ? "over" : overdue(o.due_date) ? "late" : "due"}`,
	{"data-id": o.id, dir: "auto"}, `${clockOf(o.due_date)} ${o.title}`.trim()))
function cell(day, month, list) {
	const now = day === today(), e = h(`li.${list.length ? "some" : "none"}`, {"aria-current": now && "date"},
		h("h2", {}, h("span.full", {}, fullDay.format(local(day))), h("span.number", {"aria-hidden": "true"}, +day.slice(8))),
		list.length > 0 && h("ul", {}, list.map(item)))
	e.classList.toggle("other", !day.startsWith(month))
	return e
}

export async function showMonth(m) {
	const first = `${m}-01`, start = weekStart(first), end = plus(weekStart(plus(first, -1, 1)), 7), me = shown = {}
	month = m
	$("#title").textContent = fullMonth.format(local(first))
	$("#before").href = `?view=month&month=${plus(first, 0, -1).slice(0, 7)}`
	$("#after").href = `?view=month&month=${plus(first, 0, 1).slice(0, 7)}`
	$(".days", box).replaceChildren(...weekdays().map(w => h("span", {}, w)))
	box.ariaBusy = "true"
	let list
	try {
		const between = new URLSearchParams({due_after: stamp(start), due_before: stamp(end)})
		list = (await look("month", `agenda?${between}`)).json
	} catch (problem) {
		if (shown !== me)
			return
		told(problem)
		list = (await keptTasks()).filter(t => t.due_date)
	}
	if (shown !== me)
		return
	list = list.filter(t => !held.has(t.id) && !pending.some(c => c.op === "DELETE" && c.id === t.id))
	list.sort((a, b) => timeOf(a.due_date).localeCompare(timeOf(b.due_date)))
	const cells = []
	for (let day = start; day < end; day = plus(day, 1))
		cells.push(cell(day, m, list.filter(o => dayOf(o.due_date) === day)))
	$("ol", box).replaceChildren(...cells)
	$(".nothing", box).hidden = $(".some", box)
	box.ariaBusy = null
}
