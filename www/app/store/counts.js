// How many tasks there are, by state and tag.

export function createCounts({client, where, changed}) {
	const counts = {
		open: 0,
		overdue: 0,
		completed: 0,
		total: 0,
		tags: [],		// {tag, open, total}, the most used first
		isKnown: false,
		// What is overdue changes by itself, so there is no version to ask by.  It fails without
		// a word: the numbers stay as they were.
		async refresh() {
			try {
				const {json} = await client.mine("GET", `counts?${new URLSearchParams({tz: where().zone})}`)
				Object.assign(counts, json, {isKnown: true})
				changed()
			} catch (problem) {
				if (!problem.kind)
					throw problem
			}
		},
	}
	return counts
}
