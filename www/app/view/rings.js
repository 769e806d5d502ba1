// Tasks that are due now: outside of the page as far as the browser lets us, or else in its bar.
import {html, live, nothing} from "./lit.js"

const NAME = "no-rings"	// in the storage
const LATER = {later: 10, muchLater: 60}	// minutes

const permission = () => navigator.serviceWorker ? globalThis.Notification?.permission : undefined
const mayRing = ({storage}) => permission() === "granted" && !storage.get(NAME)

// Answers whether the browser shows it.
export async function say(app, {key, title, due}) {
	const {text, format} = app
	const registration = mayRing(app) && await navigator.serviceWorker.getRegistration()
	if (!registration?.active)
		return false
	try {
		await registration.showNotification(title, {
			body: format.dueWords(new Date(due).toISOString()),
			tag: key,
			data: key,
			icon: "app/icon-192.png",
			lang: text.language,
			timestamp: due,
			requireInteraction: true,
			actions: [
				{action: "done", title: text.fields.completed},
				{action: "later", title: text.rings.later},
			],
		})
		return true
	} catch {
		return false
	}
}

export async function hush(tag) {
	const registration = await navigator.serviceWorker?.getRegistration()
	for (const notification of await registration?.getNotifications({tag}) ?? [])
		notification.close()
}

// What a person says to a ring, see also answered() of sw.js: "done", "later", "muchLater",
// "over", "show".
async function answer(app, key, act) {
	const ring = app.rings?.find(key)
	if (!ring)
		return
	if (LATER[act])
		app.rings.later(key, LATER[act])
	else if (act === "show")
		app.rings.show(key)
	else
		app.rings.over(key)
	if (act !== "done")
		return
	const task = await app.lookUp(ring.id)
	if (task && !task.completed)
		app.toggle(task)
}

// The answer that an address has, of the page or in a message.
export function takeAnswer(app, search) {
	const said = new URLSearchParams(search)
	answer(app, said.get("ring"), said.get("act"))
}

export function watchAnswers(app) {
	navigator.serviceWorker?.addEventListener("message", ({data}) => data?.answer && takeAnswer(app, data.answer))
}

// In the bar.
export function ringNotices(app) {
	const {text, format} = app
	const button = ({key}, act, words) =>
		html` <button type=button data-act=${act} @click=${() => answer(app, key, act)}>${words}</button>`
	return app.rings.open.map(ring => html`
		<b dir=auto .textContent=${ring.title}></b> · ${format.dueWords(new Date(ring.due).toISOString())}
		${button(ring, "done", text.fields.completed)}
		${Object.keys(LATER).map(act => button(ring, act, text.rings[act]))}
		<button type=button aria-label=${text.close} @click=${() => answer(app, ring.key, "over")}>✕</button>`)
}

async function ask(app) {
	app.storage.remove(NAME)
	await Notification.requestPermission()
	app.update()
}

// For a task with a time, until a person has said yes or no.
export const offerToRing = app => permission() === "default" && !app.storage.get(NAME)
	? html`<button type=button class=ring @click=${() => ask(app)}>${app.text.rings.ask}</button>` : nothing

export function ringChoice(app) {
	const {text, storage} = app
	const set = event => {
		if (event.target.checked)
			ask(app)
		else
			storage.set(NAME, true)
		app.update()
	}
	const isDenied = permission() === "denied"
	return permission() ? html`
		<label class=choice><input id=rings type=checkbox .checked=${live(mayRing(app))}
			?disabled=${isDenied} @change=${set}> ${text.rings.choice}</label>
		<p>${isDenied ? text.rings.denied : text.rings.about}</p>` : nothing
}
