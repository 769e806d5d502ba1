// The state of the page and what can be done in it.  The views draw it; they call what is here.
import {addressOf, placeOf, queryOf} from "./router.js"
import {Problem} from "./service/problem.js"
import {taskOf, writable} from "./service/task.js"
import {hasLeft, takeChanges} from "./store/earlier.js"
import {createRings} from "./store/rings.js"
import {createWorkspace} from "./store/workspace.js"
import {dayOfDue, dueOf, timeOfDue} from "./time/due.js"
import {comeBack} from "./view/composer.js"
import {closeEditor, keepAsDraft, openEditor} from "./view/editor.js"
import {spanOf} from "./view/month.js"
import {toast} from "./view/notices.js"
import {hush, say} from "./view/rings.js"
import {showCurrent} from "./view/views.js"

const PATIENCE = 500	// milliseconds, until what this browser keeps is shown meanwhile
const LONG = 30000	// milliseconds in which a deletion can be taken back
const TYPING = 250	// milliseconds without a key, before it is searched
const LEAVING = 3000	// milliseconds that logging out waits for the network

const isBefore = (due, day, zone) => Boolean(due) && dayOfDue(due, zone) < day

// What moves a task to a day; a time that is over by then goes.
function moveOf({due_date, time_zone, recursion_pattern}, day, {zone, now}) {
	const time = due_date ? timeOfDue(due_date, zone) : ""
	const due = day && dueOf(day, time, zone)
	const moved = due && time && Date.parse(due) < now ? day : due
	const own = moved && moved.length > day.length && recursion_pattern ? zone : null
	return {due_date: moved, ...own !== (time_zone ?? null) && {time_zone: own}}
}

const pause = time => new Promise(resolve => setTimeout(resolve, time))

// parts: what the page is made of: {base, storage, session, client, connection, drafts,
// composition, text, format, where}.  draw(): all of it, soon.
export function createApp(parts, draw) {
	let typing
	const app = {
		...parts,
		place: placeOf(location.search),
		month: null,		// "2026-02", while it is shown
		words: "",		// in the search field
		dialog: null,		// {name, ...}
		editing: null,		// see view/editor.js
		forms: {},		// see view/form.js
		toasts: [],
		said: {},
		returned: [],		// tasks that the service did not take, see view/composer.js
		previews: new Map(),	// see view/preview.js
		release: null,		// changes over to a new release
		isUntouched: true,	// by the user, since it was opened
		notKept: false,		// the browser keeps nothing
		focus: null,		// where it is to be after the next drawing, see view/focus.js
		day: parts.format.today(),
		drafted: new Set(parts.drafts.ids()),
		keys: null,
		rowKeys: new Map(),
		unfolded: new Set(),	// ids of tasks whose notes are shown
		selection: new Set(),	// ids of tasks that are chosen
		addDay: null,		// to which the next task is added, in the coming days

		update: draw.soon,
		drawn: draw.done,

		// What is so for a while; "" ends it.
		say(kind, words) {
			app.said[kind] = words
			app.update()
		},
		// Opens a dialog, or closes it: null.
		show(name, state = {}) {
			app.dialog = name && {name, ...state}
			app.update()
		},
		offerRelease(change) {
			app.release = change
			app.update()
		},

		// --- places ---
		go(place, replace = false) {
			app.goTo(addressOf(place), replace)
		},
		goTo(href, replace = false) {
			history[replace ? "replaceState" : "pushState"](null, "", href)
			app.arrive()
		},
		// The address says another place.
		arrive() {
			if (app.editing && !app.editing.inDialog)
				closeEditor(app)
			clearTimeout(typing)
			app.place = placeOf(location.search)
			app.addDay = null
			app.selection.clear()
			if (document.activeElement?.id !== "q")
				app.words = app.place.q
			app.open()
		},
		open() {
			const {place} = app
			if (place.view === "month") {
				app.list.close()
				app.doneToday.close()
				app.month = place.month || app.format.today().slice(0, 7)
				attempt(app.agenda.open(...spanOf(app.month, app.format.first)))
				setTimeout(app.agenda.showMeanwhile, PATIENCE)
			} else {
				app.agenda.close()
				attempt(app.list.open(queryOf(place)))
				if (place.view === "today")
					attempt(app.doneToday.open({...queryOf({...place, view: "logbook"}), due: "done today"}))
				else
					app.doneToday.close()
				setTimeout(app.list.showMeanwhile, PATIENCE)
			}
			app.composition.moved()
			app.counts.refresh().then(app.drawn).then(showCurrent)
			app.update()
		},
		search(words) {
			app.words = words
			clearTimeout(typing)
			const go = () => app.go({...app.place, q: words}, Boolean(app.place.q))
			typing = setTimeout(go, TYPING)
		},

		// --- tasks ---
		// What a new task gets from the place where it is written.
		belonging(today) {
			const {view, tag, q} = app.place
			if (q)
				return {}
			const day = {today, upcoming: app.addDay ?? today, month: app.addDay}[view]
			return {day, tag: view === "all" ? tag : ""}
		},
		lineChanged() {
			app.keepDraft("new", app.composition.isEmpty ? null : app.composition.state)
			app.update()
		},
		// The next new task is for this day.
		addOn(day) {
			app.addDay = day
			app.composition.moved()
			app.focus = "line"
			app.update()
		},
		// These tasks are due on this day, those with a time at that time; null: not at all.
		moveTo(tasks, day) {
			const moved = tasks.map(task => ({task, body: moveOf(task, day, app.where())}))
			app.change(moved, app.text.toasts.moved(tasks, day && app.format.dayWords(day)))
		},
		// All that was due before today.
		async moveToToday() {
			const {today} = app.where()
			await attempt(app.list.rest())
			app.moveTo(app.list.tasks.filter(({due_date}) => isBefore(due_date, today, app.format.zone)), today)
		},
		// changes: {task, body}, each an edit; all are undone at once.
		change(changes, words) {
			const before = changes.map(({task, body}) => ({id: task.id, fields: Object.keys(body), task}))
			changes.forEach(({task, body}) => app.actions.edit(task, body))
			toast(app, words, {label: app.text.undo, async run() {
				for (const {id, fields, task} of before) {
					const now = await app.lookUp(app.outbox.currentId(id))
					if (now)
						app.actions.edit(now, Object.fromEntries(fields.map(field => [field, task[field]])))
				}
			}})
		},
		unfold(id) {
			if (!app.unfolded.delete(id))
				app.unfolded.add(id)
			app.update()
		},
		choose(id) {
			if (!app.selection.delete(id))
				app.selection.add(id)
			app.update()
		},
		async chooseAll() {
			await attempt(app.list.rest())
			app.list.tasks.forEach(({id}) => app.selection.add(id))
			app.update()
		},
		chooseNone() {
			app.selection.clear()
			app.update()
		},
		get chosen() {
			return app.list.tasks.filter(({id}) => app.selection.has(id))
		},
		toggle(task) {
			const undo = app.actions.toggle(task)
			const {text} = app
			const words = task.completed ? text.toasts.opened : text.toasts.completed
			toast(app, words(task.title), {label: text.undo, run: undo})
		},
		remove(task) {
			const undo = app.actions.remove(task)
			toast(app, app.text.toasts.removed(task.title), {label: app.text.undo, run: undo}, LONG)
		},
		toggleAll(tasks) {
			const undo = tasks.map(task => app.actions.toggle(task))
			toast(app, app.text.toasts.allCompleted(tasks.length), {label: app.text.undo,
				run: () => undo.forEach(act => act())})
		},
		removeAll(tasks) {
			const undo = tasks.map(task => app.actions.remove(task))
			toast(app, app.text.toasts.allRemoved(tasks.length), {label: app.text.undo,
				run: () => undo.forEach(act => act())}, LONG)
		},
		async openTask(id) {
			const task = await app.lookUp(id)
			if (!task) {
				attempt(app.agenda.refresh(true))
				return
			}
			openEditor(app, task, true)
			app.show("one")
		},
		// What goes wrong is said.
		lookUp: id => attempt(app.taskById(id)),
		// A task as it is; undefined if that can't be found out.
		async taskById(id) {
			return app.list.find(id) ?? app.doneToday.find(id) ?? app.askFor(id)
		},
		// The same, as other devices have it.
		async askFor(id) {
			if (id < 0)
				return app.outbox.overlay([]).find(task => task.id === id)
			try {
				const {json} = await app.client.mine("GET", `tasks/${id}`)
				return app.outbox.overlay([taskOf(json)])[0]
			} catch (problem) {
				if (!app.connection.failed(problem))
					throw problem
				const kept = app.outbox.overlay(await app.database.tasks.all() ?? [])
				return kept.find(task => task.id === id)
			}
		},
		// Shows where a new task is, or calls otherwise() if it is not in the view.
		async reveal(task, otherwise) {
			await app.drawn()
			const row = document.querySelector(`#tasks > li[data-id="${app.outbox.currentId(task.id)}"]`)
			if (row)
				row.scrollIntoView({block: "nearest"})
			else
				otherwise()
		},
		// A row keeps its elements when its task gets an id.
		keyOf: id => app.rowKeys.get(id) ?? id,
		hasDraft: id => app.drafted.has(String(id)),
		// draft: null drops it.
		keepDraft(id, draft) {
			if (draft === null) {
				app.drafts.drop(id)
				app.drafted.delete(String(id))
			} else {
				app.draftsAreKept = app.drafts.keep(id, draft)
				app.drafted.add(String(id))
			}
		},

		// --- the account ---
		// After log in or sign up.
		enter(answer) {
			parts.session.start(answer)
			app.begin()
			app.focusFirst()
		},
		// The first tasks of a new account say how it works.
		teach() {
			for (const [title, description] of app.text.welcome.first)
				app.actions.add({title, ...description && {description}, due_date: app.format.today()})
		},
		// After the session had ended.
		goOn(answer) {
			parts.session.start(answer)
			app.resume()
		},
		resume() {
			app.connection.worked()
			app.connection.tryNow()
		},
		// Where typing begins, unless a keyboard would pop up over the page.
		focusFirst() {
			if (!matchMedia("(hover: hover)").matches)
				return
			app.focus = app.session.account ? "line" : "login"
			app.update()
		},
		begin() {
			const name = `neon-todo ${app.base.pathname} ${app.session.account.id}`
			Object.assign(app, createWorkspace({
				browser: app.browser,
				name,
				client: app.client,
				connection: app.connection,
				where: app.where,
				changed: app.update,
				hooks: hooksOf(app),
			}))
			app.rings = createRings({
				soon: app.soon,
				storage: app.storage,
				locks: app.browser.locks,
				name,
				where: app.where,
				look: app.askFor,
				say: ring => say(app, ring),
				hush,
				changed: app.update,
			})
			app.arrive()
			app.outbox.start()
			app.takeEarlier()
			app.rings.start()
		},
		async takeEarlier() {
			const {storage, browser, database, session: {account: {id}}, format: {zone}} = app
			const isMore = await takeChanges({storage, browser, database, id, zone})
			if (hasLeft(id, storage, browser))
				app.forget()
			else if (isMore)
				app.outbox.start()
		},
		// What other devices did, since.
		refresh() {
			if (!app.session.account || document.hidden)
				return
			app.client.renew()
			if (app.day !== app.format.today()) {
				app.day = app.format.today()
				app.open()
				return
			}
			app.refreshAll()
		},
		refreshAll() {
			attempt(app.list.refresh())
			attempt(app.doneToday.refresh())
			attempt(app.agenda.refresh())
			app.rings.refresh()
			app.counts.refresh()
			app.update()
		},
		async leave() {
			await Promise.race([app.outbox.hurry(), pause(LEAVING)])
			// Other tabs have changes, too.
			await app.outbox.reread()
			const unsent = app.outbox.pending.length
			if (unsent && !confirm(app.text.account.loseChanges(unsent)))
				return
			const controller = new AbortController()
			setTimeout(() => controller.abort(), LEAVING)
			try {
				await app.client.request("POST", "api/auth/logout",
					{open: true, token: app.session.account.token, signal: controller.signal})
			} catch (problem) {
				if (problem.kind !== "expired")
					alert(app.text.account.endsLater)
			}
			await app.forget()
		},
		// Nothing of the account stays in this browser, as far as it lets us.
		async forget() {
			await Promise.race([app.database.destroy(), pause(LEAVING)])
			for (const id of app.drafts.ids())
				app.drafts.drop(id)
			app.rings.forget()
			app.session.end()
			app.update()
			await app.drawn()
			history.replaceState(null, "", ".#login")
			location.reload()
		},
	}

	// What goes wrong is said, and no more.
	async function attempt(promise) {
		try {
			return await promise
		} catch (problem) {
			if (!(problem instanceof Problem))
				throw problem
			if (!app.connection.failed(problem))
				toast(app, app.text.problem(problem))
			return undefined
		}
	}
	return app
}

// What the outbox tells.
function hooksOf(app) {
	const {text} = app
	return {
		changed() {
			app.rings.changesAre(app.outbox.pending)
			app.update()
		},
		notKept() {
			app.notKept = true
			app.update()
		},
		sent(change, answer) {
			app.database.tasks.write(answer ? [answer] : [], answer?.id === change.id ? [] : [change.id])
			if (answer && answer.id !== change.id)
				renamed(app, change.id, answer.id)
			app.list.settle(change.id, answer)
			app.doneToday.settle(change.id, answer)
			app.soon.settle(change.id, answer)
			app.agenda.refresh(true)
			app.counts.settle(change, answer)
			app.counts.refresh()
			const next = change.op === "complete" && answer ? app.actions.completed(answer.id, answer) : null
			if (next)
				showNext(app, next)
		},
		failed(change, problem) {
			app.list.redraw()
			app.doneToday.redraw()
			if (change.op === "create") {
				comeBack(app, change.body, problem)
				return
			}
			if (change.op === "update")
				keepAsDraft(app, change)
			toast(app, text.toasts.failed(change.before.title, text.problem(problem)))
		},
		merged(change, fields) {
			toast(app, text.toasts.merged(change.before.title, fields.map(field => text.fields[field])))
		},
		dropped(change, theirs) {
			if (change.op !== "update")
				return
			const again = () => theirs ? app.actions.edit(theirs, change.body)
				: app.actions.add(writable({...change.before, ...change.body}))
			toast(app, text.toasts.dropped(change.before.title), {label: text.undo, run: again})
		},
	}
}

// A task has an id of the service now.
function renamed(app, from, to) {
	app.rowKeys.set(to, app.keyOf(from))
	app.drafts.rename(from, to)
	app.rings.rename(from, to)
	if (app.drafted.delete(String(from)))
		app.drafted.add(String(to))
	if (app.editing?.id === from)
		app.editing.id = to
}

async function showNext(app, id) {
	try {
		const {json} = await app.client.mine("GET", `tasks/${id}`)
		app.list.settle(id, taskOf(json))
		app.soon.settle(id, taskOf(json))
	} catch (problem) {
		if (!(problem instanceof Problem))
			throw problem
	}
}
