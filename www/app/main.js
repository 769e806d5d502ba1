// SPDX-License-Identifier: ISC
// The page: who is logged in, which view the address names, the keyboard.
import { account } from "./account.js";
import { call, mine, onExpired, session, signedIn, signedOut } from "./api.js";
import { iso, stamp, today } from "./dates.js";
import { choose, composer, editor } from "./edit.js";
import * as list from "./list.js";
import { onChoose, showMonth } from "./month.js";
import { forget, pending, start } from "./queue.js";
import { $, ask, h, onsubmit, toast, undo } from "./ui.js";

// --- the address --------------------------------------------------------------------
const names = ["view", "show", "due", "priority", "tag", "q", "sort", "month"];
const usual = { view: "list", show: "open", due: "", priority: "", tag: "", q: "", sort: "due",
	month: () => iso(new Date()).slice(0, 7) };
const read = () => {
	const said = new URLSearchParams(location.search);
	const v = Object.fromEntries(names.map((n) => [n, said.get(n) ?? (typeof usual[n] === "function" ? usual[n]() : usual[n])]));
	if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(v.month))
		v.month = usual.month();
	return v;
};
const address = (v) => `?${new URLSearchParams(names.filter((n) => v[n] && v[n] !== usual[n]
	&& (n === "month") === (v.view === "month" && n === "month")).map((n) => [n, v[n]]))}`;

function go(href, replace) {
	const search = new URL(href, location.href).search;
	history[replace ? "replaceState" : "pushState"](null, "", search || ".");
	render();
}
const set = (change, replace) => go(address({ ...read(), ...change }), replace);

const views = [
	["Open", { show: "open", due: "" }, "open"],
	["Today", { show: "open", due: "today" }],
	["This week", { show: "open", due: "week" }],
	["Overdue", { show: "open", due: "overdue" }, "overdue"],
	["Done", { show: "done", due: "" }, "completed"],
	["All", { show: "all", due: "" }, "total"],
];
let counts;

// The views and tags, with what is in them.
function drawViews() {
	const v = read(), sort = v.sort === usual.sort ? {} : { sort: v.sort };
	const link = (text, to, here, n, props) => h("a", { href: address({ ...usual, ...sort, ...to }),
		"aria-current": here ? "page" : null, ...props }, h("span", { dir: "auto" }, text),
		n > 0 && h("span.n", {}, n.toLocaleString(navigator.languages)));
	$("#views").replaceChildren(...views.map(([text, to, n]) => h("li", {}, link(text, to,
		v.view === "list" && v.show === to.show && v.due === to.due && !v.tag, counts?.[n]))),
	h("li", {}, link("Month", { view: "month", month: null }, v.view === "month")));
	$("#tags").replaceChildren(...(counts?.tags ?? []).filter((t) => t.open > 0 || t.tag === v.tag)
		.map((t) => h("li", {}, link(t.tag, { tag: t.tag }, v.view === "list" && v.tag === t.tag, t.open))));
	$("#by-tag").hidden = !$("#tags").children.length;
}
let timer, tag;
function count() {
	clearTimeout(timer);
	timer = setTimeout(async () => {
		const r = session && await call("GET", mine(`counts?now=${encodeURIComponent(stamp(today()))}`),
			{ unless: tag }).catch(() => null);
		if (r?.status === 200) {
			[counts, tag] = [r.json, r.headers.get("etag")];
			drawViews();
		}
	}, 200);
}

function render() {
	const v = read();
	const month = v.view === "month";
	drawViews();
	$("#list").hidden = month;
	$("#month").hidden = $("#turn").hidden = !month;
	for (const name of ["priority", "sort"]) {
		$(`#${name}`).value = v[name];
		if ($(`#${name}`).selectedIndex < 0)
			$(`#${name}`).value = usual[name];
	}
	if (document.activeElement !== $("#q"))
		$("#q").value = v.q;
	if (month)
		showMonth(v.month);
	else {
		const name = views.find(([, to]) => to.show === v.show && to.due === v.due)?.[0] ?? "Tasks";
		$("#title").replaceChildren(v.tag ? h("span", { dir: "auto" }, `#${v.tag}`) : name);
		const narrow = v.q || v.tag || v.priority || v.due || v.show === "done";
		$("#empty p").textContent = narrow ? "No task fits." : "Nothing to do. Add a task above.";
		$("#empty a").hidden = !narrow;
		list.show(v);
	}
	document.title = `${$("#title").textContent} – Todo`;
	count();
}

addEventListener("popstate", () => session && render());
addEventListener("click", (event) => {
	const a = event.target.closest?.("a[href^='?']");
	if (a && !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
		event.preventDefault();
		go(a.href);
	}
});

// --- the account ------------------------------------------------------------------------
function showLogin() {
	const register = location.hash === "#signup";
	$("#welcome").hidden = false;
	$("#login").hidden = register;
	$("#signup").hidden = !register;
}
onsubmit($("#login"), async (body) => {
	signedIn((await call("POST", "api/auth/login", { open: true, body })).json);
	enter();
});
onsubmit($("#signup"), async (body) => {
	signedIn((await call("POST", "api/auth/register", { open: true, body })).json);
	history.replaceState(null, "", location.pathname + location.search);
	enter();
});
addEventListener("hashchange", () => session || showLogin());

async function leave(told) {
	if (told && pending.length && !confirm("Some changes were not sent yet and will be lost. Log out all the same?"))
		return;
	await forget();
	if (told)
		await call("POST", "api/auth/logout", { keepalive: true }).catch(() => {});
	signedOut();
	location.assign(location.pathname);
}

// The session has expired: the password, and all goes on.
onExpired(async (waiting) => {
	const dialog = $("#expired");
	$(".who", dialog).textContent = session.email;
	$("[name=email]", dialog).value = session.email;
	let over = false;
	waiting.promise.then(() => {
		over = true;
		dialog.close();
	});
	// Escape is no answer.
	while (!over) {
		if (await ask(dialog) === "leave")
			return leave(true);
	}
});
$("#expired .leave").addEventListener("click", () => $("#expired").close("leave"));
onsubmit($("#expired form"), async ({ password }, form) => {
	const { json } = await call("POST", "api/auth/login", { open: true, body: { email: session.email, password } });
	form.reset();
	signedIn(json);
});

// --- the app ----------------------------------------------------------------------------
function enter() {
	$("#welcome").hidden = true;
	for (const e of document.querySelectorAll(".signed-in"))
		e.hidden = false;
	render();
	start({ sent: list.sent, overtaken: choose, failed: (c, problem, told) => {
		list.failed(c);
		if (told)
			toast(`“${(c.body ?? c.before).title ?? c.before.title}”: ${problem.message}`);
	} }).then(() => pending.length && render());
	if (matchMedia("(hover: hover)").matches)
		$("#line").focus({ preventScroll: true });
}

composer($("#add"), list.add);
account(render, leave);
list.onChange(count);
onChoose((t) => {
	const dialog = $("#one");
	const form = editor(t, { save: async (body) => {
		await list.update(t, body);
		dialog.close();
		render();
	}, close: () => dialog.close(), remove: () => (dialog.close(), list.remove(t)) });
	dialog.replaceChildren(h("h2", { dir: "auto" }, t.title), form);
	dialog.showModal();
});

for (const name of ["priority", "sort"])
	$(`#${name}`).addEventListener("change", (event) => set({ [name]: event.target.value }));
let typing;
$("#q").addEventListener("input", ({ target }) => {
	clearTimeout(typing);
	// One entry in the history for one search.
	typing = setTimeout(() => set({ q: target.value.trim(), view: "list" }, read().q !== ""), 250);
});
$("#search").addEventListener("submit", (event) => event.preventDefault());

// What other devices do.
const fresh = () => document.visibilityState === "visible" && session && navigator.onLine && !$("#list").hidden
	&& list.refresh();
addEventListener("visibilitychange", fresh);
addEventListener("online", fresh);
setInterval(() => (fresh(), count()), 60000);

// --- the keyboard -------------------------------------------------------------------------
const on = (f) => () => list.current() && f(list.current());
const shortcuts = {
	n: () => $("#line").focus(),
	"/": () => $("#q").focus(),
	j: () => list.step(1),
	k: () => list.step(-1),
	ArrowDown: () => list.step(1),
	ArrowUp: () => list.step(-1),
	x: on(list.toggle),
	e: on(list.edit),
	d: on(list.remove),
	Delete: on(list.remove),
	u: undo,
	m: () => go(read().view === "month" ? "?" : "?view=month"),
	"?": () => $("#help").showModal(),
};
const off = "neon-todo-shortcuts-off";
const toggle = $("#shortcuts");
toggle.checked = !localStorage.getItem(off);
toggle.addEventListener("change", () => toggle.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1"));
$("#open-help").addEventListener("click", shortcuts["?"]);
addEventListener("keydown", (event) => {
	const typingNow = event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog");
	if (event.key === "Escape" && typingNow && !event.target.closest("dialog"))
		return event.target.blur();
	const f = shortcuts[event.key];
	if (!f || !session || typingNow || !toggle.checked || event.ctrlKey || event.metaKey || event.altKey)
		return;
	// The arrows scroll where no task has the focus.
	if (/^Arrow/.test(event.key) && !list.current())
		return;
	event.preventDefault();
	f();
});
for (const b of document.querySelectorAll("dialog .close"))
	b.addEventListener("click", () => b.closest("dialog").close());

session ? enter() : showLogin();

// Trusted Types want to know which script this is.
if ("serviceWorker" in navigator) {
	const url = globalThis.trustedTypes?.createPolicy("sw", { createScriptURL: () => "sw.js" }).createScriptURL("") ?? "sw.js";
	navigator.serviceWorker.register(url, { updateViaCache: "none" }).catch(() => {});
}
