// Starts the page, and tells it what happens in the browser.
import {createApp} from "./app.js"
import {parse} from "./quickadd/parse.js"
import {loadGrammar} from "./quickadd/vocabulary.js"
import {createClient} from "./service/client.js"
import {Problem} from "./service/problem.js"
import {createSession} from "./service/session.js"
import {createComposition} from "./store/composition.js"
import {createConnection} from "./store/connection.js"
import {createDrafts} from "./store/drafts.js"
import {takeSession} from "./store/earlier.js"
import {createStorage} from "./store/storage.js"
import {languageFor, loadText} from "./text/languages.js"
import {deviceZone} from "./time/due.js"
import {createFormat, localeFor} from "./time/format.js"
import {showBadge, takeArrival} from "./view/arrival.js"
import {syncDialogs} from "./view/dialogs.js"
import {keepFocus} from "./view/focus.js"
import {NAME as LANGUAGE} from "./view/language.js"
import {createKeys} from "./view/keys.js"
import {watchEnd} from "./view/list.js"
import {render} from "./view/lit.js"
import {countdown} from "./view/notices.js"
import {page, titleOf} from "./view/page.js"
import {watchAnswers} from "./view/rings.js"
import {watchSwipes} from "./view/swipe.js"
import {watchReleases} from "./view/updates.js"

const MINUTE = 60e3

// The browser may refuse even to be asked for these.
function optional(name) {
	try {
		return globalThis[name] ?? null
	} catch {
		return null
	}
}

// soon(): draws, once for all that happens in one go.  done(): a promise of the next drawing.
function createDrawing(work) {
	let next = null
	const drawing = {
		soon() {
			next ??= Promise.resolve().then(() => {
				next = null
				work()
			})
		},
		done() {
			drawing.soon()
			return next
		},
	}
	return drawing
}

// The words of the page, and what its line is read with; also for when there is no network.
async function speak(storage) {
	const language = languageFor(storage.get(LANGUAGE), navigator.languages)
	const [text] = await Promise.all([loadText(language), loadGrammar(language).catch(() => null)])
	document.documentElement.lang = text.language
	if (text.language !== "en")
		document.querySelector("link[rel=manifest]").href = `app/manifest-${text.language}.webmanifest`
	navigator.serviceWorker?.ready.then(({active}) => active.postMessage({keep: text.language}))
	return text
}

// What the page is made of, before anybody is logged in.  tagsOf(): the tags of the account.
function makeParts({base, storage, browser, text}, changed, tagsOf, placeOf) {
	const format = createFormat({
		locale: localeFor(text.language, navigator.languages),
		zone: deviceZone(),
	})
	// Where and when the person is, see store/query.js.
	const where = () => ({
		zone: format.zone,
		first: format.first,
		now: Date.now(),
		today: format.today(),
	})
	// What a line is read with, see quickadd/parse.js.
	const lineOptions = () => ({...where(), language: format.locale, week: format.week, tags: tagsOf()})
	const session = createSession({storage, changed})
	return {
		base,
		storage,
		text,
		format,
		where,
		session,
		client: createClient({base, session, fetch: (...request) => fetch(...request)}),
		connection: createConnection({changed}),
		drafts: createDrafts({storage}),
		lineOptions,
		composition: createComposition({where, placeOf: () => placeOf(format.today()),
			parse: (line, refused) => parse(line, {...lineOptions(), refused})}),
		browser,
	}
}

// Another tab logged in or out, or has a new token; or the page comes out of the browser's
// memory, and what it showed may not be shown any more.
function sessionChanged(app) {
	const {session, connection} = app
	const before = session.account
	session.reread()
	if (session.account?.id !== before?.id)
		location.reload()
	else if (before && session.account.token !== before.token && connection.state === "expired")
		app.resume()
}

function followLink(app, event) {
	const href = event.target.closest("a")?.getAttribute("href")
	const isPlain = event.button === 0
		&& !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey
	if (href?.startsWith("?") && isPlain && app.session.account) {
		event.preventDefault()
		app.goTo(href)
	}
}

// Whether closing the page would lose something that this browser can't keep.
function wouldLose({draftsAreKept, editing, composition, notKept, outbox}) {
	const isTyped = editing || !composition.isEmpty
	return (draftsAreKept === false && isTyped) || (notKept && outbox.waiting.length > 0)
}

// What happens in the browser.
function listen(app) {
	const {session, connection, storage} = app
	const on = (type, act) => addEventListener(type, act)
	on("storage", ({key}) => storage.is(key, "session") && sessionChanged(app))
	on("storage", ({key}) => storage.is(key, "rings") && app.rings?.reread())
	on("pageshow", ({persisted}) => persisted && sessionChanged(app))
	on("popstate", () => session.account ? app.arrive() : app.update())
	on("hashchange", app.update)
	on("click", event => followLink(app, event))
	for (const type of ["keydown", "pointerdown", "input"])
		on(type, () => app.isUntouched = false)
	on("visibilitychange", app.refresh)
	on("online", () => session.account && connection.tryNow())
	on("offline", () => session.account && connection.lost(new Problem(0)))
	on("pagehide", () => app.outbox?.flush())
	on("beforeunload", event => wouldLose(app) && event.preventDefault())
	setInterval(app.refresh, MINUTE)
	connection.onRetry(() => {
		if (!session.account)
			return
		app.outbox.drain()
		app.refreshAll()
	})
	countdown(app)
}

async function start() {
	const base = new URL(".", document.baseURI)
	const browser = {
		backing: optional("localStorage"),
		indexedDB: optional("indexedDB"),
		locks: navigator.locks,
		BroadcastChannel: optional("BroadcastChannel"),
	}
	const storage = createStorage(`neon-todo ${base.pathname} `, browser.backing)
	takeSession(storage, browser)
	const text = await speak(storage)
	const root = document.querySelector("#page")
	root.replaceChildren()
	const drawing = createDrawing(() => {
		const focus = keepFocus(app)
		render(page(app), root)
		document.title = app.session.account ? `${titleOf(app)} – ${text.brand}` : text.brand
		syncDialogs(app)
		focus()
		watchTheEnd()
		showBadge(app.session.account ? app.counts.of("today") : 0)
	})
	const tagsOf = () => app.counts?.tags.map(({tag}) => tag) ?? []
	const placeOf = today => app ? app.belonging(today) : {}
	const app = createApp(makeParts({base, storage, browser, text}, drawing.soon, tagsOf, placeOf), drawing)
	const watchTheEnd = watchEnd(app)
	app.keys = createKeys(app)
	listen(app)
	const draft = app.drafts.get("new")
	if (draft)
		app.composition.restore(draft)
	if (app.session.account) {
		app.begin()
		app.client.renew()
	}
	app.update()
	app.focusFirst()
	takeArrival(app)
	watchSwipes(app)
	watchAnswers(app)
	watchReleases(app)
}

const unsupported = document.querySelector("#unsupported")
if (unsupported.hidden) {		// see check.js
	unsupported.remove()
	start().catch(error => {
		document.body.append(unsupported)
		unsupported.hidden = unsupported.querySelector("#incomplete").hidden = false
		throw error
	})
}
