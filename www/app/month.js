// SPDX-License-Identifier: ISC
// A month's view: what is due, the coming occurrences of what recurs included.
import { call, mine, task } from "./api.js";
import { dayOf, fullWords, iso, local, monthWords, overdue, plus, stamp, timeOf, today, weekdays, weekStart }
	from "./dates.js";
import { keptTasks, offline, overlay } from "./queue.js";
import { $, h, toast } from "./ui.js";

const MOST = 4;		// in a day; the rest is counted
const box = $("#month");
let shown;

function cell(day, month, list) {
	const item = (o) => h("li", {}, h(`button.${o.completed ? "over" : overdue(o.due_date) ? "late" : "due"}`,
		{ type: "button", "data-id": o.id, dir: "auto" },
		o.due_date.length > 10 && h("time", {}, `${timeOf(o.due_date)} `), o.title,
		o.recurring && h("span.unseen", {}, " (to come)")));
	const more = list.slice(MOST);
	return h(["li", day.slice(0, 7) !== month && "other", day === today() && "today", !list.length && "none"]
		.filter(Boolean).join("."), day === today() ? { "aria-current": "date" } : {},
	h("h3", {}, h("span.full", {}, fullWords(day)), h("span.number", { "aria-hidden": "true" }, Number(day.slice(8)))),
	list.length > 0 && h("ul", {}, list.slice(0, MOST).map(item)),
	more.length > 0 && h("details", {}, h("summary", {}, `${more.length} more`), h("ul", {}, more.map(item))));
}

// The month is "2026-02".
export async function showMonth(month) {
	shown = month;
	const first = `${month}-01`, start = weekStart(first);
	const d = local(first);
	d.setMonth(d.getMonth() + 1);
	const end = plus(weekStart(plus(iso(d), -1)), 7);
	const other = (by) => {
		const m = local(first);
		m.setMonth(m.getMonth() + by);
		return `?view=month&month=${iso(m).slice(0, 7)}`;
	};
	$("#title").textContent = monthWords(first);
	$("#before").href = other(-1);
	$("#after").href = other(1);
	$(".days", box).replaceChildren(...weekdays().map((w) => h("span", {}, w)));
	let list;
	box.ariaBusy = "true";
	try {
		list = (await call("GET", mine(`agenda?${new URLSearchParams({ due_after: stamp(start), due_before: stamp(end) })}`))).json;
		offline(false);
	} catch (problem) {
		if (problem.status === 0)
			offline(true);
		else
			toast(problem.message);
		// Without the service: the tasks that are here.
		list = overlay(await keptTasks()).filter((t) => t.due_date && dayOf(t.due_date) >= start && dayOf(t.due_date) < end);
	}
	if (shown !== month)
		return;
	box.ariaBusy = null;
	const days = Map.groupBy?.(list, (o) => dayOf(o.due_date)) ?? list.reduce((m, o) =>
		m.set(dayOf(o.due_date), [...m.get(dayOf(o.due_date)) ?? [], o]), new Map());
	const cells = [];
	for (let day = start; day < end; day = plus(day, 1))
		cells.push(cell(day, month, (days.get(day) ?? []).sort((a, b) => timeOf(a.due_date) < timeOf(b.due_date) ? -1 : 1)));
	$("ol", box).replaceChildren(...cells);
	$(".nothing", box).hidden = list.length > 0;
}

// A task that was chosen, as it is now.
export const onChoose = (f) => box.addEventListener("click", async ({ target }) => {
	const id = Number(target.closest("[data-id]")?.dataset.id);
	if (!id)
		return;
	const [t] = overlay([await call("GET", mine(`tasks/${id}`)).then((r) => task(r.json),
		async () => (await keptTasks()).find((k) => k.id === id))].filter(Boolean));
	t ? f(t) : toast("This task is not there any more.");
});
