// SPDX-License-Identifier: ISC
// The list: pages as one scrolls, and what is done to its tasks.
import { Problem, call, mine, page, task } from "./api.js";
import { dayOf, moment, overdue, plus, stamp, today, weekStart, words } from "./dates.js";
import { editor, repetition } from "./edit.js";
import { describe, understood } from "./parse.js";
import { change, keepTasks, keptTasks, offline, overlay, sendLast, takeBack } from "./queue.js";
import { $, h, toast } from "./ui.js";

const SIZE = 200, MOST = 1000;
const ol = $("#tasks"), end = $("#more");
let view, tasks = [], rows = new Map(), cursor, rest = [], version, abort, complete = false;
const held = new Map();		// deletions that can still be undone
let changed = () => {};
export const onChange = (f) => changed = f;

// --- what a view holds --------------------------------------------------------------
const spans = {
	today: () => [today(), plus(today(), 1)],
	week: () => [weekStart(today()), plus(weekStart(today()), 7)],
	overdue: () => ["", today()],
};
const state = { open: false, done: true };

export function query(v) {
	const [after, before] = spans[v.due]?.() ?? [];
	return Object.entries({ completed: state[v.show], priority: v.priority, tag: v.tag, q: v.q,
		sort: v.sort, due_after: after && stamp(after), due_before: before && stamp(before) })
		.filter((x) => x[1] !== undefined && x[1] !== "");
}

function fits(t) {
	const [after, before] = spans[view.due]?.() ?? [];
	const q = view.q?.toLowerCase();
	return (state[view.show] ?? t.completed) === t.completed
		&& (!view.priority || t.priority === view.priority)
		&& (!view.tag || t.tags.includes(view.tag))
		&& (!before || (t.due_date && dayOf(t.due_date) >= after && dayOf(t.due_date) < before))
		&& (!q || `${t.title}\n${t.description ?? ""}`.toLowerCase().includes(q));
}

const rank = { High: 0, Medium: 1, Low: 2 };
const age = (t) => t.id < 0 ? 1e15 - t.id : t.id;		// not sent yet: the newest
const keys = {
	created: () => 0,
	due: (t) => t.due_date ? moment(t.due_date).getTime() : Infinity,
	priority: (t) => rank[t.priority],
};
function compare(a, b) {
	const sort = view.sort ?? "created", by = keys[sort.replace("-", "")];
	const order = by(a) === by(b) ? age(a) - age(b) : by(a) - by(b);
	return sort[0] === "-" ? -order : order;
}

// --- rows -----------------------------------------------------------------------------
function repeats(pattern) {
	const said = describe(pattern);
	const e = h("span.repeat", {}, said);
	if (said === pattern && !understood(pattern))
		repetition(pattern).then((r) => r?.rrule === null && e.append(h("em", {}, " (kept as text)")));
	return e;
}

function row(t) {
	const late = t.due_date && !t.completed && overdue(t.due_date);
	return h(t.completed ? "li.completed" : "li", { "data-id": t.id },
		h("input.done", { type: "checkbox", "aria-label": `Done: ${t.title}`, checked: t.completed }),
		h("div.what", {},
			h("button.title", { type: "button", dir: "auto" }, t.title),
			h("p.facts", {},
				t.priority !== "Medium" && h(`span.${t.priority.toLowerCase()}`, {}, t.priority),
				t.due_date && h(late ? "time.late" : "time", { datetime: t.due_date },
					late && h("span.unseen", {}, "Overdue: "), words(t.due_date)),
				t.recursion_pattern && repeats(t.recursion_pattern),
				t.tags.map((tag) => h("a.tag", { dir: "auto", href: `?tag=${encodeURIComponent(tag)}` }, tag)),
				t.description && h("span.note", { dir: "auto" }, t.description.slice(0, 120)),
				t.id < 0 && h("em", {}, "Not sent yet"))),
		h("button.remove", { type: "button", "aria-label": `Delete: ${t.title}`, title: "Delete" }, "✕"));
}

const open = (li) => li?.querySelector("form");
export const find = (id) => tasks.find((t) => t.id === id);
const idOf = (e) => Number(e.closest("[data-id]")?.dataset.id);

// Brings the rows into line with tasks; a row that is edited, or did not change, stays.
function draw() {
	const old = rows;
	rows = new Map(tasks.map((t) => {
		const li = old.get(t.id), same = li && (li.task === t || open(li));
		const now = same ? li : row(t);
		now.task = t;
		return [t.id, now];
	}));
	for (const li of [...ol.children]) {
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
	count();
}

function count() {
	const n = tasks.length;
	$("#count").textContent = ol.ariaBusy ? "" : n === 0 ? "" : `${n}${complete ? "" : "+"} ${n === 1 ? "task" : "tasks"}`;
	$("#empty").hidden = n > 0 || ol.ariaBusy === "true";
}

// --- loading ----------------------------------------------------------------------------
const here = (list) => overlay(list).filter((t) => !held.has(t.id) && fits(t));
const local = async () => here(await keptTasks()).sort(compare);

function took(list, done) {
	complete = done;
	end.hidden = done;
	const fresh = list.map((t) => {
		const was = rows.get(t.id)?.task;		// the same object where nothing changed
		return was && JSON.stringify(was) === JSON.stringify(t) ? was : t;
	});
	tasks = fresh;
	ol.ariaBusy = null;
	draw();
}

// Tasks that another device deleted leave what is kept for the time without network.
async function tidy(all) {
	const there = new Set(all.map((t) => t.id));
	const v = view;
	const gone = (await keptTasks()).filter((t) => fits(t) && !there.has(t.id)).map((t) => t.id);
	if (v === view)
		keepTasks([], gone);
}

async function read(size, known) {
	abort?.abort();
	abort = new AbortController();
	const { signal } = abort, v = view;
	const all = [];
	let next, tag;
	try {
		do {
			const got = await page([...query(v), ["limit", Math.min(MOST, Math.max(SIZE, size - all.length))],
				...next ? [["cursor", next]] : []], next ? undefined : known, signal);
			if (!got)
				return;
			tag ??= got.etag;
			all.push(...got.tasks);
			next = got.cursor;
		} while (next && all.length < size);
		if (v !== view)
			return;
		[version, cursor, rest] = [tag, next, []];
		offline(false);
		took(next ? extend(all) : sorted(here(all)), !next);
		keepTasks(all);
		if (!next)
			tidy(all);
	} catch (problem) {
		if (v !== view || problem.name === "AbortError")
			return;
		if (!(problem instanceof Problem) || problem.status !== 0) {
			ol.ariaBusy = null;
			count();
			toast(problem.message);
			return;
		}
		offline(true);
		const kept = await local();
		[version, cursor, rest] = [null, null, kept.slice(size)];
		took(kept.slice(0, size), !rest.length);
	}
}
// Tasks that wait to be sent, among those of the service.
const sorted = (list) => list.some((t) => t.id < 0) ? list.sort(compare) : list;
const extend = (all) => {
	const last = all.at(-1);
	return sorted(here(all)).filter((t) => t.id > 0 || compare(t, last) < 0 || t.id < 0);
};

export function show(v) {
	view = v;
	ol.ariaBusy = "true";
	[tasks, rows, version, cursor, rest, complete] = [[], new Map(), null, null, [], true];
	ol.replaceChildren();
	end.hidden = true;
	count();
	return read(SIZE);
}

// What changed elsewhere; costs next to nothing where nothing did.
export const refresh = () => view && !ol.ariaBusy && read(tasks.length, version);

let loading = false;
async function more() {
	if (loading || complete || ol.ariaBusy)
		return;
	loading = true;
	const v = view;
	try {
		if (rest.length) {
			tasks = tasks.concat(rest.splice(0, SIZE));
			complete = !rest.length;
		} else {
			const got = await page([...query(v), ["limit", SIZE], ["cursor", cursor]]);
			if (v !== view)
				return;
			cursor = got.cursor;
			complete = !cursor;
			keepTasks(got.tasks);
			const there = new Set(tasks.map((t) => t.id));
			tasks = tasks.concat(here(got.tasks).filter((t) => !there.has(t.id)));
		}
		end.hidden = complete;
		draw();
	} catch (problem) {
		if (problem.status === 0)
			offline(true);
	} finally {
		loading = false;
	}
	if (end.getBoundingClientRect().top < innerHeight + 1000)
		requestAnimationFrame(more);
}
new IntersectionObserver((seen) => seen.some((e) => e.isIntersecting) && more(),
	{ rootMargin: "1500px" }).observe(end);

// --- one task changes ---------------------------------------------------------------------
// Puts a task where it belongs, and takes it away where it does not fit any more.
// Where it is new, it is shown.
export function put(t, was = t.id, fresh = false) {
	if (!view)
		return;
	const li = rows.get(was);
	if (li && was !== t.id) {
		rows.delete(was);
		rows.set(t.id, li);
		li.dataset.id = t.id;
	}
	const focus = li?.contains(document.activeElement) && !open(li);
	const next = li?.nextSibling ?? li?.previousSibling;
	const before = tasks.findIndex((x) => x.id === was);
	tasks = tasks.filter((x) => x.id !== was && x.id !== t.id);
	if (!held.has(t.id) && (fits(t) || open(li))) {
		const same = before >= 0 && li.task && compare(li.task, t) === 0;
		const at = same ? before : tasks.findIndex((x) => compare(t, x) < 0);
		// Beyond what is loaded: on top, until it is loaded in its place.
		tasks.splice(at >= 0 ? at : complete || before >= 0 ? tasks.length : 0, 0, t);
	}
	draw();
	const now = rows.get(t.id);
	if (focus)
		(now ?? next)?.querySelector?.(".title")?.focus();
	if (fresh && now) {
		now.scrollIntoView({ block: "nearest" });
		now.classList.add("fresh");
	}
}
function away(id) {
	const li = rows.get(id), next = li?.nextElementSibling ?? li?.previousElementSibling;
	const focus = li?.contains(document.activeElement);
	tasks = tasks.filter((t) => t.id !== id);
	draw();
	if (focus)
		(next?.querySelector(".title") ?? $("#line")).focus();
}

// The service has made a change.
export async function sent(c, answer) {
	changed();
	if (!answer) {
		keepTasks([], [c.id]);
		return away(c.id);
	}
	keepTasks([answer], c.id !== answer.id ? [c.id] : []);
	// What follows in the queue is shown already.
	const [now] = overlay([answer]);
	if (now)
		put(now, c.id);
	if (answer.next_id) {
		const next = task((await call("GET", mine(`tasks/${answer.next_id}`))).json);
		keepTasks([next]);
		put(next, next.id, true);
		toast(`Next: ${next.title}, ${words(next.due_date)}.`);
	}
}
// The service will not: all is as before.
export function failed(c) {
	if (c.op === "create")
		away(c.id);
	else
		put(c.before);
}

let temporary = 0;
export function add(body) {
	const t = { id: temporary = Math.min(-Date.now(), temporary - 1), description: null, due_date: null,
		priority: "Medium", tags: [], recursion_pattern: null, completed: false, ...body };
	put(t, t.id, true);
	if (!rows.has(t.id))
		toast(`Added “${t.title}”; this view does not show it.`);
	return change("create", t, body);
}

export function update(t, body) {
	put({ ...t, ...body });
	return change("update", t, body);
}

const quiet = (promise) => promise.catch((p) => toast(p.message));

export function toggle(t, so = !t.completed) {
	const body = { completed: so };
	if (so && t.recursion_pattern)
		Object.assign(body, { next: true, due_date: t.due_date, recursion_pattern: t.recursion_pattern });
	put({ ...t, completed: so });
	const made = change("complete", t, body);
	quiet(made);
	toast(`${so ? "Completed" : "Opened"} “${t.title}”.`, async () => {
		if (await takeBack(t.id, "complete"))
			return put(t);
		const answer = await made.catch(() => null);
		put({ ...t, ...answer, completed: !so });
		quiet(change("complete", { ...t, id: answer?.id ?? t.id }, { completed: !so }));
		if (answer?.next_id)
			quiet(change("delete", { id: answer.next_id }));
	});
}

// A deletion is held back as long as it can be undone.
export function remove(t) {
	const go = () => {
		if (held.has(t.id)) {
			quiet(change("delete", t));
			held.delete(t.id);
		}
	};
	held.set(t.id, { t, timer: setTimeout(go, 8000) });
	away(t.id);
	toast(`Deleted “${t.title}”.`, () => {
		clearTimeout(held.get(t.id)?.timer);
		if (held.delete(t.id))
			put(t);
	});
}
addEventListener("pagehide", () => {
	for (const { t, timer } of held.values()) {
		clearTimeout(timer);
		t.id > 0 ? sendLast(t) : change("delete", t);
	}
	held.clear();
});

// --- hands ------------------------------------------------------------------------------
export function edit(t) {
	const li = rows.get(t.id);
	if (!li || open(li))
		return;
	const body = $(".what", li);
	const done = (next) => {
		form.remove();
		li.classList.remove("editing");
		const id = Number(li.dataset.id), now = next ?? find(id);
		if (now) {
			li.task = null;		// drawn anew
			put(now, id);
			rows.get(id)?.querySelector(".title").focus();
		}
	};
	const form = editor(t, { save: async (b) => {
		const answer = await change("update", { ...t, id: Number(li.dataset.id) }, b);
		done(answer?.id ? answer : { ...t, ...b });
	}, close: () => done(), remove: () => (done(), remove(find(Number(li.dataset.id)) ?? t)) });
	li.classList.add("editing");
	body.append(form);
	form.elements.title.focus();
}

ol.addEventListener("click", (event) => {
	const t = find(idOf(event.target)), what = event.target;
	if (!t || what.closest("form"))
		return;
	if (what.matches(".done"))
		toggle(t);
	else if (what.matches(".title"))
		edit(t);
	else if (what.matches(".remove"))
		remove(t);
});

// The task that has the focus, for a key.
export const current = () => {
	const id = idOf(document.activeElement ?? document.body);
	return ol.contains(document.activeElement) ? find(id) : undefined;
};
export function step(by) {
	const li = document.activeElement?.closest("#tasks > li");
	const to = li ? (by > 0 ? li.nextElementSibling : li.previousElementSibling) : ol.firstElementChild;
	$(".title", to ?? li ?? document)?.focus();
	to?.scrollIntoView({ block: "nearest" });
}
