// Whether the service can be reached, as the last requests found it, and when it is tried
// again.  There is one clock for the whole page: each request that fails tells it, and what
// wants to be done anew when the service is back listens.

const FIRST = 2		// seconds
const LONGEST = 60
const SPREAD = 0.3	// of the pause, at random: not all pages come back at once

// now, random, setTimeout, clearTimeout: those of the browser, or a test's.
export function createConnection({changed = () => {}, now = () => Date.now(), random = Math.random,
	setTimeout = globalThis.setTimeout, clearTimeout = globalThis.clearTimeout} = {}) {
	const listeners = []
	let timer = null
	let fails = 0
	const connection = {
		state: "online",		// or "offline", "busy", "expired"
		problem: null,
		retryAt: null,		// milliseconds, while it waits for the next try

		// A request failed.  Answers whether that says anything of the connection.
		failed(problem) {
			if (problem.kind === "expired") {
				clearTimeout(timer)
				set("expired", problem, null)
				return true
			}
			if (!problem.passes)
				return false
			// Requests that fail together are one failure.
			if (connection.retryAt !== null && connection.retryAt > now())
				return true
			fails++
			const pause = Math.min(LONGEST, Math.max(problem.wait ?? 0, FIRST * 2 ** (fails - 1)))
			schedule(problem, Math.max(problem.wait ?? 0, pause * (1 + SPREAD * (random() - 0.5))))
			return true
		},
		// A request was answered.
		worked() {
			if (connection.state === "online")
				return
			clearTimeout(timer)
			fails = 0
			set("online", null, null)
		},
		// The browser says that there is a network, or the user wants to know.
		tryNow() {
			clearTimeout(timer)
			connection.retryAt = null
			listeners.forEach(listener => listener())
			changed()
		},
		// The browser says that there is none.
		lost(problem) {
			if (connection.state !== "expired")
				schedule(problem, FIRST)
		},
		// listener() is called each time when it is worth a try.
		onRetry: listener => listeners.push(listener),
	}
	function set(state, problem, retryAt) {
		Object.assign(connection, {state, problem, retryAt})
		changed()
	}
	function schedule(problem, seconds) {
		clearTimeout(timer)
		timer = setTimeout(connection.tryNow, seconds * 1000)
		set(problem.kind, problem, now() + seconds * 1000)
	}
	return connection
}
