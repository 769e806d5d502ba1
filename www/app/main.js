// The page: who is logged in, which view the address names, the keyboard.
import {account} from "./account.js"
import {call, look, mine, onExpired, session, signedIn, signedOut, task} from "./api.js"
import {stamp, today} from "./dates.js"
import {choose, composer, editor} from "./edit.js"
import * as list from "./list.js"
import {change, forget, keptTasks, pending, start} from "./queue.js"
import {$, ask, h, on, onsubmit, toast, undo} from "./ui.js"

// What the address may say, the usual first.
const rules = {view: "|month", show: "open|done|all", due: "|today|week|overdue", priority: "|High|Medium|Low", tag: "|.{1,50}",
	q: "|.{1,100}", sort: "due|-due|-?priority|-?created", month: "|[12]\\d{3}-(0[1-9]|1[0-2])"}
const fields = f => Object.fromEntries(Object.entries(rules).map(([k, rule]) => [k, f(k, rule)]))
const usual = fields((k, rule) => rule.split("|")[0])
const read = (said = new URLSearchParams(location.search)) => fields((k, rule) =>
	said.has(k) && RegExp(`^(${rule})$`, "su").test(said.get(k)) ? said.get(k) : usual[k])
const address = v => `?${new URLSearchParams(Object.entries(v).filter(([k, x]) => x !== usual[k]))}`
let at = location.href
const stays = () => $("#tasks .edit")?.changed() && !confirm("Lose this edit?")
function go(href, replace) {
	if (stays())
		return
	history[replace ? "replaceState" : "pushState"](null, "", href)
	render()
}
const set = (to, replace) => go(address({...read(), ...to}), replace)

const views = [["Open", {}, "open"], ["Today", {due: "today"}], ["This week", {due: "week"}],
	["Overdue", {due: "overdue"}, "overdue"], ["Done", {show: "done"}, "completed"], ["All", {show: "all"}, "total"],
	["Month", {view: "month"}]]
let counts, version, timer

function drawViews() {
	const v = read()
	const link = (text, change, n) => {
		const to = {...usual, sort: v.sort, ...change}
		return h("li", {}, h("a", {href: address(to), "aria-current": !["view", "show", "due", "tag"].some(k => v[k] !== to[k]) && "page"},
			h("span", {dir: "auto"}, text), n > 0 && h("span.n", {}, n)))
	}
	$("#views").replaceChildren(...views.map(([text, to, n]) => link(text, to, counts?.[n])))
	$("#tags").replaceChildren(...(counts?.tags ?? []).filter(t => t.open || t.tag === v.tag)
		.map(t => link(t.tag, {tag: t.tag}, t.open)))
	if (!scrollY)
		$("nav [aria-current]")?.scrollIntoView({block: "nearest", inline: "nearest"})
}
function count() {
	clearTimeout(timer)
	timer = setTimeout(async () => {
		const r = session && await look("counts", `counts?now=${encodeURIComponent(stamp(today()))}`, version).catch(() => {})
		if (!r?.json)
			return;
		[counts, version] = [r.json, r.headers.get("etag")]
		drawViews()
	}, 200)
}

function render() {
	const v = read(), month = v.view === "month"
	at = location.href
	drawViews()
	$("#list").hidden = month
	$("#month").hidden = $("#turn").hidden = !month
	$("#priority").value = v.priority
	$("#sort").value = v.sort
	if (document.activeElement !== $("#q"))
		$("#q").value = v.q
	if (month)
		list.showMonth(v.month || today().slice(0, 7))
	else {
		$("#title").textContent = v.tag ? `#${v.tag}` : $("#views [aria-current] span")?.textContent ?? "Tasks"
		list.show(v)
	}
	document.title = `${$("#title").textContent} – Todo`
	count()
}
on(window, "popstate", () => session && (stays() ? history.pushState(null, "", at) : render()))
on(window, "click", event => {
	if (event.target.className === "close")
		event.target.closest("dialog").close()
	const href = event.target.closest("a")?.getAttribute("href")
	if (href?.startsWith("?") && !event.ctrlKey && !event.metaKey) {
		event.preventDefault()
		go(href)
	}
})
for (const name of ["priority", "sort"])
	$(`#${name}`).onchange = ({target}) => set({[name]: target.value})
let typing
on($("#search"), "input", () => {
	clearTimeout(typing)
	typing = setTimeout(() => set({view: "", q: $("#q").value.trim()}, read().q), 250)
})

const welcome = () => {
	const signup = location.hash === "#signup"
	$("#welcome").hidden = !!session
	$("#login").hidden = signup
	$("#signup").hidden = !signup
}
on(window, "hashchange", welcome)
for (const path of ["login", "signup"]) {
	onsubmit($(`#${path}`), async body => {
		signedIn((await call("POST", `api/auth/${path}`, {open: true, body})).json)
		history.replaceState(null, "", location.search || ".")
		enter()
	})
}
async function leave(asks) {
	if (asks) {
		await Promise.race([list.removeHeld(), new Promise(done => setTimeout(done, 2000))])
		if (pending.length && !confirm("Lose the changes not sent yet?"))
			return
		await call("POST", "api/auth/logout", {open: true, token: session.token, signal: AbortSignal.timeout(3000)})
			.catch(p => p.status !== 401 && alert("Offline: this session ends later."))
	}
	await forget()
	signedOut()
	location.assign(".")
	await new Promise(() => {})
}
onExpired(async renewed => {
	const dialog = $("#expired")
	$(".who", dialog).textContent = session.email
	renewed.then(() => dialog.close("on"))
	while (await ask(dialog) === "leave")
		await leave(true)
})
onsubmit($("#expired form"), async ({password}, form) => {
	const body = {email: session.email, password}
	form.reset()
	signedIn((await call("POST", "api/auth/login", {open: true, body})).json)
})
$("#expired .leave").onclick = () => $("#expired").close("leave")

function enter() {
	welcome()
	for (const e of document.querySelectorAll(".signed-in"))
		e.hidden = false
	render()
	start({overtaken: choose, back: fresh, sent: (c, answer) => (list.sent(c, answer), count()), failed: (c, problem) => {
		list.failed(c)
		c.op === "POST" ? refused(c.body, problem) : toast(`“${c.before.title}”: ${problem.message}`)
	}}).then(() => pending.length && render())
	if (matchMedia("(hover: hover)").matches)	// no keyboard pops up
		$("#line").focus()
}
const refused = composer($("#add"), list.add)
account(render, leave)
on($("#month"), "click", async ({target: {dataset}}) => {
	if (!dataset.id)
		return
	const dialog = $("#one"), close = () => dialog.close(), t = await call("GET", mine(`tasks/${dataset.id}`)).then(r => task(r.json),
		async p => !p.status && (await keptTasks()).find(k => k.id === +dataset.id) || render(toast(p.message)))
	if (!t)
		return
	dialog.replaceChildren(editor(t, async body => {
		await change("PUT", t, body)
		close()
		render()
	}, close, () => (close(), list.remove(t))))
	dialog.showModal()
})

let day = today()
function fresh() {
	if (!session || document.hidden)
		return
	if (day !== today() && !$(".editing")) {
		[day, version] = [today()]		// the versions know no day
		return render()
	}
	list.refresh()
	count()
}
on(window, "visibilitychange", fresh)
on(window, "online", fresh)
setInterval(fresh, 60000)

const here = f => () => list.current() && f(list.current())
const keys = {
	n: () => $("#line").focus(),
	"/": () => $("#q").focus(),
	j: () => list.step(1),
	k: () => list.step(-1),
	x: here(list.toggle),
	e: here(list.edit),
	d: here(list.remove),
	u: undo,
	m: () => go(read().view ? "?" : "?view=month"),
	"?": () => $("#help").showModal(),
}
const box = $("#shortcuts")
box.checked = !localStorage.getItem("no-keys")
box.onchange = () => localStorage.setItem("no-keys", box.checked ? "" : "1")
on(window, "keydown", event => {
	const {key, target} = event, field = target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")
	if (key === "Escape")
		field?.blur()
	if (field || !session || !box.checked || event.ctrlKey || event.metaKey || event.altKey || !keys[key])
		return
	event.preventDefault()
	keys[key]()
})
$("#open-help").onclick = keys["?"]

session ? enter() : welcome()

const sw = {createScriptURL: () => "sw.js"}
navigator.serviceWorker?.register((globalThis.trustedTypes?.createPolicy("sw", sw) ?? sw).createScriptURL(""))
