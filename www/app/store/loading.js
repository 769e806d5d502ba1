// A view's load.  The latest is the one that counts: it ends the one before, and what comes late
// is passed over.  While the service takes its time or can't be reached, a view that lacks its
// tasks shows those that this browser has kept.

// lacks(): whether there is nothing better to show.  show(tasks): shows what was kept.
// changed(): the view has to be drawn anew.
export function createLoading({database, connection, lacks, show, changed}) {
	let current = null	// an AbortController

	async function showKept(mine) {
		if (!lacks())
			return
		const tasks = await database.tasks.all() ?? []
		// The answer may have come while these were read.
		if (mine !== current || !lacks())
			return
		show(tasks)
		changed()
	}

	return {
		get isOn() {
			return current !== null
		},
		stop() {
			current?.abort()
			current = null
		},
		// ask(signal) answers what take() takes.  It throws what is no matter of the connection.
		async run(ask, take) {
			current?.abort()
			const mine = current = new AbortController()
			try {
				const got = await ask(mine.signal)
				if (mine !== current)
					return
				take(got)
				connection.worked()
			} catch (problem) {
				if (mine !== current)
					return
				if (problem.name === "AbortError" || !connection.failed(problem))
					throw problem
				await showKept(mine)
			} finally {
				if (mine === current) {
					current = null
					changed()
				}
			}
		},
		// Called when a person has waited long enough.
		async showMeanwhile() {
			if (current)
				await showKept(current)
		},
	}
}
