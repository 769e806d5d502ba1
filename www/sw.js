// The page without network, and new releases of it.
//
// All files of one release are in one cache, each with the content that it had when this list
// was made: a release is there completely, or not at all.  It waits until the page, or its
// user, says "change over".
const VERSION = "@VERSION@"
const FILES = {		// SHA-256 of each
	// @FILES@
}
const LATER = {		// of what is kept from its first use on: languages, importers
	// @LATER@
}

// Version 0.1 had one cache, and pages that know no message.  Those that are open stay, with
// what is typed in them, and find their files there until a page of today has started.
const OF_0_1 = "neon-todo"

const scope = registration.scope
const prefix = `neon-todo ${scope} `
const name = prefix + VERSION
const urlOf = file => scope + file

async function sumOf(response) {
	const sum = await crypto.subtle.digest("SHA-256", await response.arrayBuffer())
	return Array.from(new Uint8Array(sum), byte => byte.toString(16).padStart(2, "0")).join("")
}

// Web servers tell files apart by their time and length: what they call unchanged may be another.
async function fetchFile([file, sum]) {
	for (const cache of ["no-cache", "reload"]) {
		const response = await fetch(urlOf(file), {cache})
		if (response.ok && await sumOf(response.clone()) === sum)
			return [urlOf(file), response]
	}
	throw new Error(`${file} is of another release`)
}

// The files of LATER that are in use: those that an older release has kept.
async function inUse() {
	const used = new Set()
	for (const key of await caches.keys()) {
		if (!key.startsWith(prefix))
			continue
		for (const {url} of await (await caches.open(key)).keys())
			used.add(url.slice(scope.length))
	}
	return Object.entries(LATER).filter(([file]) => used.has(file))
}

async function install() {
	const files = await Promise.all([...Object.entries(FILES), ...await inUse()].map(fetchFile))
	const cache = await caches.open(name)
	await Promise.all(files.map(([url, response]) => cache.put(url, response)))
	if (await caches.has(OF_0_1))
		await skipWaiting()
}

// What is not kept yet is fetched, of this release or not at all.
async function answer(file) {
	const cache = await caches.open(name)
	const kept = await cache.match(urlOf(file)) ?? await caches.match(urlOf(file), {cacheName: OF_0_1})
	if (kept || !Object.hasOwn(LATER, file))
		return kept ?? fetch(urlOf(file))
	const [url, response] = await fetchFile([file, LATER[file]])
	await cache.put(url, response.clone())
	return response
}

// What a language needs is there without network from now on.
const keep = language => Promise.all(Object.keys(LATER)
	.filter(file => file.endsWith(`-${language}.js`)).map(answer))

async function activate() {
	for (const key of await caches.keys()) {
		if (key.startsWith(prefix) && key !== name)
			await caches.delete(key)
	}
	await clients.claim()
}

// What a person answers to a ring (see view/rings.js) goes to a page, or to a new one.
async function answered({action, notification}) {
	notification.close()
	const answer = `?ring=${notification.data}&act=${action || "show"}`
	const pages = (await clients.matchAll({type: "window", includeUncontrolled: true}))
		.filter(({url}) => url.replace(/[?#].*/, "") === scope)
	const page = pages.find(({focused}) => focused) ?? pages[0]
	if (!page)
		return clients.openWindow(scope + answer)
	page.postMessage({answer})
	return action ? page : page.focus()
}

addEventListener("install", event => event.waitUntil(install()))
addEventListener("activate", event => event.waitUntil(activate()))
addEventListener("message", event => {
	const {data} = event
	if (data === "change over")
		event.waitUntil(skipWaiting())
	else if (data?.keep)		// a page has started
		event.waitUntil(Promise.all([keep(data.keep), caches.delete(OF_0_1)]))
})
addEventListener("notificationclick", event => event.waitUntil(answered(event)))
addEventListener("fetch", event => {
	const {request} = event
	const url = request.url.replace(/[?#].*/, "")
	const file = url.startsWith(scope) ? url.slice(scope.length) : null
	if (request.method === "GET" && (file === "" || file?.startsWith("app/")))
		event.respondWith(answer(file))
	else if (request.keepalive)
		event.respondWith(fetch(request))	// its page is gone
})
