// SPDX-License-Identifier: ISC
// A task's fields: to edit them, to add a task in one line, to compare two versions.
import { call } from "./api.js";
import { dateTime, dayOf, stamp, timeOf, today, words } from "./dates.js";
import { describe, parse, understood } from "./parse.js";
import { $, ask, clone, h, onsubmit } from "./ui.js";

// What the service makes of a repetition: { rrule (null: nothing), next }.
const asked = new Map();
export function repetition(pattern, from = today()) {
	const about = `${pattern} ${from}`;
	if (!asked.has(about)) {
		asked.set(about, call("GET", `api/recurrence?${new URLSearchParams({ pattern, from })}`, { open: true })
			.then((r) => r.json, () => (asked.delete(about), null)));
	}
	return asked.get(about);
}

// --- fields ------------------------------------------------------------------------------
const tagText = (tags) => tags.join(", ");
const split = (s) => [...new Set(s.split(",").map((t) => t.trim()).filter(Boolean))];
const shown = (t) => ({
	date: t.due_date ? dayOf(t.due_date) : "", time: t.due_date ? timeOf(t.due_date) : "",
	priority: t.priority ?? "Medium", tags: tagText(t.tags ?? []),
	recursion_pattern: t.recursion_pattern ?? "", description: t.description ?? "",
});

function fill(form, t) {
	for (const [name, value] of Object.entries(shown(t)))
		form.elements[name].value = value;
	tellNext(form);
}

// What the fields say otherwise than the task; what was not touched keeps its form.
function differs(form, t) {
	const now = Object.fromEntries(new FormData(form)), was = shown(t), body = {};
	if (now.date !== was.date || now.time !== was.time) {
		const day = now.date || (now.time && today());
		body.due_date = !day ? null : now.time ? stamp(day, now.time) : day;
	}
	if (now.priority !== was.priority)
		body.priority = now.priority;
	if (now.tags !== was.tags)
		body.tags = split(now.tags);
	for (const name of ["recursion_pattern", "description"]) {
		if (now[name].trim() !== was[name].trim())
			body[name] = now[name].trim() || null;
	}
	return body;
}

// What follows, below the repetition.
function tellNext(form) {
	const field = form.elements.recursion_pattern, pattern = field.value.trim();
	const out = $("output", form);
	if (!pattern)
		return void (out.textContent = "");
	repetition(pattern, form.elements.date.value || today()).then((r) => {
		if (r && field.value.trim() === pattern)
			out.textContent = r.rrule === null ? "Kept as text: this is no repetition that the service understands."
				: r.next.length ? `Then ${r.next.slice(0, 3).map(words).join("; ")}.` : "";
	});
}
function watch(form) {
	let timer;
	form.addEventListener("input", (event) => {
		if (["recursion_pattern", "date"].includes(event.target.name)) {
			clearTimeout(timer);
			timer = setTimeout(tellNext, 300, form);
		}
	});
}

// --- one task ---------------------------------------------------------------------------
// A form; does is { save(body), close(), remove() }.
export function editor(t, does) {
	const form = clone("editor");
	$(".fields", form).replaceWith(clone("fields"));
	form.elements.title.value = t.title;
	fill(form, t);
	watch(form);
	onsubmit(form, async ({ title }) => {
		const body = differs(form, t);
		if (title !== t.title)
			body.title = title;
		if (Object.keys(body).length)
			await does.save(body);
		else
			does.close();
	});
	$(".cancel", form).addEventListener("click", does.close);
	$(".delete", form).addEventListener("click", does.remove);
	form.addEventListener("keydown", (event) => {
		if (event.key === "Escape") {
			event.preventDefault();
			event.stopPropagation();
			does.close();
		} else if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
			form.requestSubmit();
	});
	return form;
}

// --- a new task --------------------------------------------------------------------------
// The line is understood while it is typed; what it says fills the fields, and what is
// set there by hand stays.
export function composer(form, add) {
	const line = form.elements.line, chips = $(".chips", form), details = $("details", form);
	$(".fields", form).replaceWith(clone("fields"));
	const inputs = { due_date: ["date", "time"], priority: ["priority"], tags: ["tags"],
		recursion_pattern: ["recursion_pattern"], description: ["description"] };
	let touched, kept, said;

	const understand = () => {
		said = parse(line.value, kept);
		const by = shown(said);
		for (const [kind, names] of Object.entries(inputs)) {
			if (!touched.has(kind))
				names.forEach((n) => form.elements[n].value = by[n]);
		}
		const t = differs(form, {});
		const chip = (kind, text) => text && h("span.chip", {},
			h("button", { type: "button", "data-kind": kind, dir: "auto", title: "Change" }, text),
			h("button.no", { type: "button", "data-not": kind, "aria-label": `Not: ${text}` }, "✕"));
		chips.replaceChildren(...[
			chip("due_date", t.due_date && `Due ${words(t.due_date)}`),
			chip("priority", t.priority && `${t.priority} priority`),
			...(t.tags ?? []).map((tag) => chip("tags", `#${tag}`)),
			chip("recursion_pattern", t.recursion_pattern && (understood(t.recursion_pattern)
				? t.recursion_pattern : describe(t.recursion_pattern))),
		].filter(Boolean));
		const plain = said.title !== line.value.trim();
		$(".reads", form).textContent = plain && said.title ? said.title : "";
		tellNext(form);
	};
	const reset = () => {
		form.reset();
		[touched, kept] = [new Set(), new Set()];
		details.open = false;
		understand();
	};

	form.addEventListener("input", (event) => {
		for (const [kind, names] of Object.entries(inputs)) {
			if (names.includes(event.target.name))
				touched.add(kind);
		}
		understand();
	});
	watch(form);
	chips.addEventListener("click", ({ target }) => {
		const { kind, not } = target.dataset;
		if (kind) {
			details.open = true;
			form.elements[inputs[kind][0]].focus();
		} else if (not) {		// then it is a part of the title
			kept.add(not);
			touched.delete(not);
			understand();
			line.focus();
		}
	});
	line.addEventListener("keydown", (event) => {
		if (event.key === "Escape" && line.value) {
			event.stopPropagation();
			reset();
		}
	});
	onsubmit(form, async () => {
		understand();
		const was = { line: line.value, ...Object.fromEntries(new FormData(form)) };
		const before = [touched, kept];
		const body = { title: said.title, ...differs(form, {}) };
		if (!body.title)
			throw new Error("A task needs a title.");
		reset();
		line.focus();
		add(body).catch((problem) => {
			// Nothing typed is lost, unless something new is typed.
			if (!line.value) {
				[touched, kept] = before;
				for (const [name, value] of Object.entries(was))
					form.elements[name].value = value;
				understand();
			}
			$(".error", form).textContent = [problem.message,
				...(problem.fields ?? []).map((f) => `${f.name}: ${f.text}.`)].join(" ");
		});
	});
	reset();
}

// --- two versions --------------------------------------------------------------------------
const labels = { title: "Title", due_date: "Due", priority: "Priority", tags: "Tags",
	recursion_pattern: "Repeat", description: "Notes", completed: "Done" };
const text = (name, v) => v == null || v.length === 0 ? "–" : name === "due_date" ? words(v)
	: name === "tags" ? tagText(v) : typeof v === "boolean" ? (v ? "yes" : "no") : v;

// Someone else was faster: both versions side by side; "mine" or "theirs".
export function choose(c, theirs) {
	const dialog = $("#conflict"), mine = { ...c.before, ...c.body };
	const same = (name) => JSON.stringify(mine[name] ?? null) === JSON.stringify(theirs?.[name] ?? null);
	const gone = c.op === "delete";
	$(".about", dialog).textContent = theirs
		? `“${c.before.title}” was changed elsewhere, ${dateTime(theirs.updated_at)}. Nothing has been overwritten.`
		: `“${c.before.title}” was deleted elsewhere. Yours can be kept as a new task.`;
	$("tbody", dialog).replaceChildren(...Object.keys(labels).filter((n) => gone || !same(n) || n === "title")
		.map((n) => h(same(n) ? "tr" : "tr.differs", {}, h("th", { scope: "row" }, labels[n]),
			h("td", { dir: "auto" }, gone ? "deleted" : text(n, mine[n])),
			h("td", { dir: "auto" }, theirs ? text(n, theirs[n]) : "deleted"))));
	return ask(dialog).then((answer) => answer || choose(c, theirs));
}
