// SPDX-License-Identifier: ISC
// A month: what is due, with what recurs worked out.
import { call, mine } from "./api.js";
import { dayOf, fullDay, fullMonth, local, overdue, plus, stamp, timeOf, today, weekdays, weekStart } from "./dates.js";
import { keptTasks, offline } from "./queue.js";
import { $, h, toast } from "./ui.js";

const box = $("#month");
let shown;

const item = (o) => h("li", {}, h(`button.${o.completed ? "over" : overdue(o.due_date) ? "late" : "due"}`,
	{ type: "button", "data-id": o.id, dir: "auto" }, `${timeOf(o.due_date)} ${o.title}`.trim()));
function cell(day, month, list) {
	const now = day === today(), e = h(`li.${list.length ? "some" : "none"}`, { "aria-current": now && "date" },
		h("h3", {}, h("span.full", {}, fullDay.format(local(day))), h("span.number", { "aria-hidden": "true" }, Number(day.slice(8)))),
		list.length > 0 && h("ul", {}, list.map(item)));
	e.classList.toggle("other", !day.startsWith(month));
	return e;
}

// The month is "2026-02".
export async function showMonth(month) {
	const first = `${month}-01`, start = weekStart(first), end = plus(weekStart(plus(first, -1, 1)), 7);
	shown = month;
	$("#title").textContent = fullMonth.format(local(first));
	$("#before").href = `?view=month&month=${plus(first, 0, -1).slice(0, 7)}`;
	$("#after").href = `?view=month&month=${plus(first, 0, 1).slice(0, 7)}`;
	$(".days", box).replaceChildren(...weekdays().map((w) => h("span", {}, w)));
	box.ariaBusy = "true";
	let list;
	try {
		const between = new URLSearchParams({ due_after: stamp(start), due_before: stamp(end) });
		list = (await call("GET", mine(`agenda?${between}`))).json;
	} catch (problem) {
		offline(problem.status === 0);
		if (problem.status)
			toast(problem.message);
		list = (await keptTasks()).filter((t) => t.due_date);
	}
	if (shown !== month)
		return;
	list.sort((a, b) => timeOf(a.due_date).localeCompare(timeOf(b.due_date)));
	const cells = [];
	for (let day = start; day < end; day = plus(day, 1))
		cells.push(cell(day, month, list.filter((o) => dayOf(o.due_date) === day)));
	$("ol", box).replaceChildren(...cells);
	$(".nothing", box).hidden = $(".some", box);
	box.ariaBusy = null;
}
