// SPDX-License-Identifier: ISC
// The page without network.  Its files come from here, and are looked after then: what
// has changed is taken as a whole, for the next time.
const files = ["./", "app/account.js", "app/api.js", "app/app.css", "app/app.webmanifest",
	"app/dates.js", "app/edit.js", "app/icon.svg", "app/list.js", "app/main.js", "app/month.js",
	"app/parse.js", "app/queue.js", "app/ui.js"].map((f) => new URL(f, registration.scope).href);
const name = "neon-todo";

async function update() {
	const cache = await caches.open(name);
	const got = await Promise.all(files.map((f) => fetch(f, { cache: "no-cache" })));
	if (!got.every((r) => r.ok))
		return;
	const tag = (r) => r?.headers.get("etag") ?? r?.headers.get("last-modified");
	const kept = await Promise.all(files.map((f) => cache.match(f)));
	if (got.some((r, i) => !kept[i] || tag(r) !== tag(kept[i])))
		await Promise.all(files.map((f, i) => cache.put(f, got[i])));
}

addEventListener("install", (event) => event.waitUntil(update().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
	const url = new URL(event.request.url);
	url.search = url.hash = "";
	if (event.request.method !== "GET" || !files.includes(url.href))
		return;
	const cached = caches.open(name).then((c) => c.match(url.href));
	event.respondWith(cached.then((r) => r ?? fetch(event.request)));
	if (event.request.mode === "navigate")
		event.waitUntil(cached.then(() => update()).catch(() => {}));
});
