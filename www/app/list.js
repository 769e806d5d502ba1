// SPDX-License-Identifier: ISC
// The list: pages of it as one scrolls, and what is done to its tasks.
import { call, mine, page, task } from "./api.js";
import { dayOf, moment, overdue, plus, stamp, today, weekStart, words } from "./dates.js";
import { editor, repetition } from "./edit.js";
import { describe } from "./parse.js";
import { change, deleteNow, keepTasks, keptTasks, offline, overlay, takeBack } from "./queue.js";
import { $, h, on, toast } from "./ui.js";

const SIZE = 200, ol = $("#tasks"), end = $("#more");
const held = new Map();		// deletions that can still be undone: id to their timer
let view, tasks = [], rows = new Map(), cursor, version, loading, whole;

// --- what a view holds
const done = { open: false, done: true };
function span() {
	const week = weekStart(today());
	return { today: [today(), plus(today(), 1)], week: [week, plus(week, 7)], overdue: ["", today()] }[view.due] ?? [];
}
function query() {
	const [after, before] = span();
	return Object.entries({ completed: done[view.show], priority: view.priority, tag: view.tag, q: view.q, sort: view.sort,
		due_after: after && stamp(after), due_before: before && stamp(before) }).filter((x) => x[1] != null && x[1] !== "");
}
function fits(t) {
	const [after, before] = span(), day = t.due_date && dayOf(t.due_date);
	return !held.has(t.id) && (done[view.show] ?? t.completed) === t.completed
		&& (!view.priority || t.priority === view.priority) && (!view.tag || t.tags.includes(view.tag))
		&& (!before || (day && day >= after && day < before))
		&& `${t.title}\n${t.description ?? ""}`.toLowerCase().includes(view.q.toLowerCase());
}
const age = (t) => t.id < 0 ? 1e15 - t.id : t.id;		// not sent yet: the newest
const by = {
	created: age,
	due: (t) => t.due_date ? moment(t.due_date).getTime() : Infinity,
	priority: (t) => ["High", "Medium", "Low"].indexOf(t.priority),
};
function compare(a, b) {
	const f = by[view.sort.replace("-", "")], order = f(a) === f(b) ? age(a) - age(b) : f(a) - f(b);
	return view.sort[0] === "-" ? -order : order;
}

// --- rows
function repeats(pattern) {
	const e = h("span.repeat", {}, describe(pattern));
	if (e.textContent === pattern)
		repetition(pattern).then((r) => r?.rrule === null && e.append(h("em", {}, " (kept as text)")));
	return e;
}
function row(t) {
	const late = t.due_date && !t.completed && overdue(t.due_date);
	const li = h(t.completed ? "li.completed" : "li", { "data-id": t.id },
		h("input.done", { type: "checkbox", "aria-label": `Done: ${t.title}`, checked: t.completed }),
		h("div.what", {}, h("button.title", { type: "button", dir: "auto" }, t.title), h("p.facts", {},
			t.priority !== "Medium" && h(`span.${t.priority}`, {}, t.priority),
			t.due_date && h(late ? "time.late" : "time", {}, late && h("span.unseen", {}, "Overdue: "), words(t.due_date)),
			t.recursion_pattern && repeats(t.recursion_pattern),
			t.tags.map((tag) => h("a.tag", { dir: "auto", href: `?tag=${encodeURIComponent(tag)}` }, tag)),
			t.description && h("span.note", { dir: "auto" }, t.description.slice(0, 120)),
			t.id < 0 && h("em", {}, "Not sent yet"))),
		h("button.remove", { type: "button", "aria-label": `Delete: ${t.title}` }, "✕"));
	li.task = t;
	return li;
}
const editing = (li) => li && $("form", li);
const focusOn = (li) => li && $(".title", li).focus();

// Brings the rows into line with tasks: those that are edited, or as they were, stay.
function draw() {
	const old = rows, had = document.activeElement.closest("#tasks > li"), next = had?.nextSibling ?? had?.previousSibling;
	const caught = had && !editing(had);
	rows = new Map(tasks.map((t) => {
		const li = old.get(t.id);
		return [t.id, li && (editing(li) || JSON.stringify(li.task) === JSON.stringify(t)) ? li : row(t)];
	}));
	for (const li of old.values()) {
		if (rows.get(Number(li.dataset.id)) !== li)
			li.remove();
	}
	let at = ol.firstChild;
	for (const li of rows.values()) {
		if (li === at)
			at = at.nextSibling;
		else
			ol.insertBefore(li, at);
	}
	// The focus stays with the task, or goes on to the next one.
	if (caught && !had.isConnected)
		($(".title", rows.get(Number(had.dataset.id)) ?? (next?.isConnected ? next : ol)) ?? $("#line")).focus();
	end.hidden = whole;
	$("#count").textContent = tasks.length ? `${tasks.length}${whole ? "" : "+"} ${tasks.length > 1 ? "tasks" : "task"}` : "";
	$("#empty").hidden = tasks.length || ol.ariaBusy;
}

// --- loading
// Reads as many tasks as there were, unless they are still of the version that is known.
async function read(size, known) {
	const v = view, all = [];
	let next, tag;
	loading = true;
	try {
		do {
			const got = await page([...query(), ["limit", Math.min(1000, Math.max(SIZE, size))],
				...next ? [["cursor", next]] : []], next ? null : known);
			if (v !== view || !got)
				return loading = false;
			tag ??= got.etag;
			all.push(...got.tasks);
			next = got.cursor;
		} while (next && all.length < size);
		offline(false);
		[cursor, version, whole] = [next, tag, !next];
		tasks = overlay(all).filter(fits);
		// What another device deleted is not kept for the time without network.
		const there = new Set(all.map((t) => t.id));
		keptTasks().then((kept) => keepTasks(all, next || v !== view ? []
			: kept.filter((t) => t.id > 0 && fits(t) && !there.has(t.id)).map((t) => t.id)));
	} catch (problem) {
		if (problem.status !== 0)
			toast(problem.message);
		offline(problem.status === 0);
		[version, whole] = [null, true];
		tasks = (await keptTasks()).filter(fits);
		if (v !== view)
			return;
	}
	if (!version || tasks.some((t) => t.id < 0))
		tasks.sort(compare);
	loading = false;
	ol.ariaBusy = null;
	draw();
	performance.mark("list");
}
export function show(v) {
	[view, tasks, rows, version, whole] = [v, [], new Map(), null, true];
	ol.ariaBusy = "true";
	ol.replaceChildren();
	draw();
	return read(SIZE);
}
export const refresh = () => view && !loading && read(tasks.length, version);

new IntersectionObserver(async function more([seen]) {
	const v = view;
	if (!seen.isIntersecting || loading || whole)
		return;
	loading = true;
	try {
		const got = await page([...query(), ["limit", SIZE], ["cursor", cursor]]);
		if (v !== view)
			return;
		[cursor, whole] = [got.cursor, !got.cursor];
		keepTasks(got.tasks);
		const there = new Set(tasks.map((t) => t.id));
		tasks.push(...overlay(got.tasks).filter((t) => fits(t) && !there.has(t.id)));
		draw();
	} catch (problem) {
		offline(problem.status === 0);
	}
	loading = false;
	this.unobserve(end);		// says again whether it is seen
	this.observe(end);
}, { rootMargin: "2000px" }).observe(end);

// --- one task changes
// Puts a task where it belongs, and takes it away where it does not fit any more.
function put(t, was = t.id, fresh) {
	if (!view)
		return;
	const li = rows.get(was);
	if (li && was !== t.id) {
		rows.delete(was);
		rows.set(t.id, li);
		li.dataset.id = t.id;
	}
	const known = tasks.some((x) => x.id === was);
	tasks = tasks.filter((x) => x.id !== was && x.id !== t.id);
	if (fits(t) || editing(li)) {
		const at = tasks.findIndex((x) => compare(t, x) < 0);
		// A new one beyond what is loaded is on top until it is loaded in its place.
		tasks.splice(at >= 0 ? at : whole || known ? tasks.length : 0, 0, t);
	}
	draw();
	if (fresh)
		rows.get(t.id)?.scrollIntoView({ block: "nearest" });
}
const away = (id) => {
	tasks = tasks.filter((t) => t.id !== id);
	draw();
};

export async function sent(c, answer) {
	keepTasks(answer ? [answer] : [], answer?.id === c.id ? [] : [c.id]);
	if (!answer)
		return away(c.id);
	const [now] = overlay([answer]);		// what follows is shown already
	if (now)
		put(now, c.id);
	if (answer.next_id) {
		const next = task((await call("GET", mine(`tasks/${answer.next_id}`))).json);
		keepTasks([next]);
		put(next);
	}
}
export const failed = (c) => c.op === "POST" ? away(c.id) : put(c.before);

let last = 0;
export function add(body) {
	const t = { id: last = Math.min(-Date.now(), last - 1), title: "", description: null, due_date: null, priority: "Medium",
		tags: [], recursion_pattern: null, completed: false, ...body };
	put(t, t.id, true);
	if (!rows.has(t.id))
		toast(`Added “${t.title}”, which this view does not show.`);
	return change("POST", t, body);
}
const quietly = (op, t, body) => change(op, t, body).catch(() => {});	// failed() tells

export function toggle(t) {
	const completed = !t.completed;
	put({ ...t, completed });
	const made = quietly("PATCH", t, { completed, ...completed && t.recursion_pattern
		&& { next: true, due_date: t.due_date, recursion_pattern: t.recursion_pattern } });
	toast(`${completed ? "Completed" : "Opened"} “${t.title}”.`, async () => {
		if (await takeBack(t.id, "PATCH"))
			return put(t);
		const now = { ...t, ...await made };
		put({ ...now, completed: !completed });
		quietly("PATCH", now, { completed: !completed });
		if (now.next_id) {
			away(now.next_id);
			quietly("DELETE", { id: now.next_id });
		}
	});
}

export function remove(t) {
	held.set(t.id, { t, timer: setTimeout(() => {
		held.delete(t.id);
		quietly("DELETE", t);
	}, 8000) });
	away(t.id);
	toast(`Deleted “${t.title}”.`, () => {
		clearTimeout(held.get(t.id)?.timer);
		if (held.delete(t.id))
			put(t);
	});
}
on(window, "pagehide", () => {
	for (const { t, timer } of held.values()) {
		clearTimeout(timer);
		t.id > 0 && navigator.onLine ? deleteNow(t) : change("DELETE", t);
	}
	held.clear();
});

// --- hands
const idOf = (e) => Number(e?.closest("#tasks > li")?.dataset.id);
const find = (id) => tasks.find((t) => t.id === id);
export const current = () => find(idOf(document.activeElement));

export function edit(t) {
	const li = rows.get(t.id);
	if (editing(li))
		return;
	const close = (now = find(idOf(li))) => {
		const id = idOf(li);
		form.remove();
		li.classList.remove("editing");
		li.task = null;		// is drawn anew
		put(now ?? t, id);
		focusOn(rows.get(now?.id ?? id));
	};
	const form = editor(t, async (body) => {
		const answer = await change("PUT", { ...t, id: idOf(li) }, body);
		close(answer?.id ? answer : { ...t, id: idOf(li), ...body });
	}, close, () => (close(), remove(find(idOf(li)) ?? t)));
	li.classList.add("editing");
	$(".what", li).append(form);
	form.elements.title.focus();
}
on(ol, "click", ({ target }) => {
	const t = find(idOf(target)), f = { done: toggle, title: edit, remove }[target.className];
	if (t && f && !target.closest("form"))
		f(t);
});
export function step(by) {
	const li = document.activeElement.closest("#tasks > li");
	focusOn(!li ? ol.firstChild : by > 0 ? li.nextSibling : li.previousSibling);
}
