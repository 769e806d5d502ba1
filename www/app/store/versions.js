// Which version of a task an edit goes by.  Between the look at a task and the saving of an
// edit, other changes of ours may have come: those are no conflict, so the edit goes by the
// version that the last of them made.

const KEPT = 500

export function createVersions() {
	const next = new Map()
	const name = (id, tag) => `${id} ${tag}`
	return {
		// Our own write turned the version from into to.
		follows(id, from, to) {
			if (!from || !to || from === to)
				return
			next.set(name(id, from), to)
			if (next.size > KEPT)
				next.delete(next.keys().next().value)
		},
		latest(id, tag) {
			const seen = new Set()
			let at = tag
			while (next.has(name(id, at)) && !seen.has(at)) {
				seen.add(at)
				at = next.get(name(id, at))
			}
			return at
		},
	}
}
