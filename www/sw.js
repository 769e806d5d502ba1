// Offline.
const files = ["", ..."app.css app.webmanifest icon.svg account.js api.js dates.js edit.js list.js main.js parse.js queue.js ui.js"
	.split(" ").map(f => `app/${f}`)].map(f => registration.scope + f)
const cache = caches.open("neon-todo")

async function update() {
	const got = await Promise.all(files.map(f => fetch(f, {cache: "no-cache"})))
	if (got.every(r => r.ok))
		await Promise.all(got.map(async (r, i) => (await cache).put(files[i], r)))
}

addEventListener("install", event => event.waitUntil(update()))
addEventListener("activate", event => event.waitUntil(clients.claim()))
addEventListener("fetch", event => {
	const {request} = event, file = request.url.replace(/[?#].*/, "")
	if (request.method !== "GET" || !files.includes(file))
		return request.keepalive && event.respondWith(fetch(request))	// its page is gone
	event.respondWith(cache.then(c => c.match(file)).then(r => r ?? fetch(request)))
	if (request.mode === "navigate")
		setTimeout(update, 5000)	// never two versions
})
