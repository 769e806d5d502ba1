// What is due in a span of days, and what will come again then.
import {boundOf, dayOfDue} from "../time/due.js"
import {createLoading} from "./loading.js"

export function createAgenda({client, database, outbox, connection, where, changed}) {
	let span = null
	let version = null
	let shown = []
	let isAnswered = false	// shown is what the service says
	const loading = createLoading({
		database,
		connection,
		changed,
		lacks: () => !isAnswered,
		show: tasks => shown = tasks.filter(isIn),
	})

	function take({json, headers}) {
		if (!json)
			return
		shown = json
		isAnswered = true
		version = headers.get("etag")
	}

	function load(unless) {
		const [from, to] = span
		const {zone} = where()
		const parameters = new URLSearchParams({
			due_after: boundOf(from, zone),
			due_before: boundOf(to, zone),
			tz: zone,
		})
		return loading.run(signal => client.mine("GET", `agenda?${parameters}`, {unless, signal}), take)
	}

	const isIn = ({due_date}) => {
		const day = due_date && dayOfDue(due_date, where().zone)
		return Boolean(day) && day >= span[0] && day < span[1]
	}

	return {
		// From a day, and before another.
		open(from, to) {
			span = [from, to]
			shown = []
			isAnswered = false
			version = null
			return load()
		},
		close() {
			loading.stop()
			span = null
		},
		get isLoading() {
			return loading.isOn
		},
		async refresh(anew) {
			if (span && !loading.isOn)
				await load(anew ? undefined : version)
		},
		showMeanwhile: loading.showMeanwhile,
		// A task is as it is in answer, or gone (null), now that a change is made.
		settle(id, answer) {
			shown = shown.filter(entry => entry.recurring || (entry.id !== id && entry.id !== answer?.id))
			if (answer)
				shown.push(answer)
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
}
