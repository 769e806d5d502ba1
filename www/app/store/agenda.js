// What is due in a span of days, and what will come again then.
import {boundOf, dayOfDue} from "../time/due.js"

export function createAgenda({client, database, outbox, connection, where, changed}) {
	let span = null
	let version = null
	let shown = []
	let isAnswered = false	// shown is what the service says
	let loading = null

	async function load(unless) {
		loading?.abort()
		const mine = loading = new AbortController()
		const [from, to] = span
		const {zone} = where()
		const parameters = new URLSearchParams({
			due_after: boundOf(from, zone),
			due_before: boundOf(to, zone),
			tz: zone,
		})
		try {
			const {json, headers} = await client.mine("GET", `agenda?${parameters}`,
				{unless, signal: mine.signal})
			if (mine !== loading)
				return
			if (json) {
				shown = json
				isAnswered = true
				version = headers.get("etag")
			}
			connection.worked()
		} catch (problem) {
			if (mine !== loading)
				return
			if (problem.name === "AbortError" || !connection.failed(problem))
				throw problem
			await agenda.showMeanwhile()
		} finally {
			if (mine === loading) {
				loading = null
				changed()
			}
		}
	}

	const isIn = ({due_date}) => {
		const day = due_date && dayOfDue(due_date, where().zone)
		return Boolean(day) && day >= span[0] && day < span[1]
	}

	const agenda = {
		// From a day, and before another.
		open(from, to) {
			span = [from, to]
			shown = []
			isAnswered = false
			version = null
			return load()
		},
		close() {
			loading?.abort()
			loading = span = null
		},
		get isLoading() {
			return loading !== null
		},
		async refresh(anew) {
			if (span && !loading)
				await load(anew ? undefined : version)
		},
		// What this browser has, while the service takes its time or can't be reached.
		async showMeanwhile() {
			if (!span || isAnswered)
				return
			const kept = await database.tasks.all() ?? []
			// The answer may have come while these were read.
			if (!span || isAnswered)
				return
			shown = kept.filter(isIn)
			changed()
		},
		// The entries of the span: {id, title, due_date, completed, recurring}.
		get entries() {
			if (!span)
				return []
			const gone = new Set(outbox.pending.filter(c => c.op === "delete").map(c => c.id))
			const stored = outbox.overlay(shown.filter(entry => !entry.recurring))
			const coming = shown.filter(entry => entry.recurring && !gone.has(entry.id))
			return [...stored, ...coming].filter(isIn)
		},
	}
	return agenda
}
