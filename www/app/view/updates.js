// New releases: the service worker has all files of one, or none, and changes over when the
// user says so, or when a page is just being opened.

const LOOK = 3600e3	// milliseconds between looks for a release, for pages that stay open
const AGAIN = 10e3	// after one that is not there completely; twice that after the next

// The policy lets the page register this one script, and no other.
function scriptAt(path) {
	const rule = {createScriptURL: () => path}
	return (globalThis.trustedTypes?.createPolicy("sw", rule) ?? rule).createScriptURL("")
}

// When another worker takes over, the page is of an older release than its files.
function reloadAfterChange(app, serviceWorker) {
	let isControlled = Boolean(serviceWorker.controller)
	let isReloading = false
	serviceWorker.addEventListener("controllerchange", () => {
		// The first of all is no other release.
		if (!isControlled || isReloading) {
			isControlled = true
			return
		}
		if (app.isUntouched || document.hidden || app.wantsRelease) {
			isReloading = true
			location.reload()
		} else
			app.offerRelease(() => location.reload())	// another tab changed over
	})
}

// Looks for releases now and then, and soon after one that was being put there.
function lookAgain(registration) {
	let looked = 0
	let patience = AGAIN
	const look = () => {
		looked = Date.now()
		registration.update().catch(lookSoon)
	}
	const lookIfDue = () => document.hidden || Date.now() - looked < LOOK || look()
	function lookSoon() {
		if (patience < LOOK)
			setTimeout(look, patience)
		patience *= 2
	}
	const watch = worker =>
		worker?.addEventListener("statechange", () => worker.state === "redundant" && lookSoon())
	watch(registration.installing)
	registration.addEventListener("updatefound", () => watch(registration.installing))
	look()
	addEventListener("visibilitychange", lookIfDue)
	setInterval(lookIfDue, LOOK / 4)
}

export async function watchReleases(app) {
	const {serviceWorker} = navigator
	if (!serviceWorker)
		return
	reloadAfterChange(app, serviceWorker)
	let registration
	try {
		registration = await serviceWorker.register(scriptAt("sw.js"), {updateViaCache: "none"})
	} catch {
		// A browser that allows none, or no network: the page works without.
	}
	if (!registration)
		return
	const changeOver = () => {
		app.wantsRelease = true
		if (registration.waiting)
			registration.waiting.postMessage("change over")
		else
			location.reload()
	}
	const offer = () => {
		if (!serviceWorker.controller)
			return
		if (app.isUntouched)
			changeOver()
		else
			app.offerRelease(changeOver)
	}
	const watch = worker => worker?.addEventListener("statechange", () => worker.state === "installed" && offer())
	if (registration.waiting)
		offer()
	watch(registration.installing)
	registration.addEventListener("updatefound", () => watch(registration.installing))
	lookAgain(registration)
}
