// How many tasks are open, and how many of these are due by today: as the service counts them,
// or else as this browser has seen them, with our changes on top.
import {plusDays} from "../time/day.js"
import {boundOf} from "../time/due.js"
import {fits} from "./query.js"

const DUE = {open: "", today: "now"}	// of a query, by the name of a number

export function createCounts({client, database, outbox, where, changed}) {
	const number = (name, tasks) =>
		tasks.filter(task => fits(task, {show: "open", due: DUE[name]}, where())).length
	const difference = (name, before, after) => number(name, after) - number(name, before)
	const beforeOf = ({op, before}) => op === "create" ? [] : [before]

	const counts = {
		open: 0,
		today: 0,
		tags: [],		// {tag, open, total}, the most used first
		isKnown: false,
		of(name) {
			const first = new Map()
			for (const change of outbox.pending) {
				if (!first.has(change.id))
					first.set(change.id, change)
			}
			const before = [...first.values()].flatMap(beforeOf)
			return counts[name] + difference(name, before, outbox.overlay(before))
		},
		// A change is made: the task is as it is in answer, or gone (null).
		settle(change, answer) {
			for (const name in DUE)
				counts[name] += difference(name, beforeOf(change), answer ? [answer] : [])
		},
		// What this browser has seen counts only until the service said more.
		async refresh() {
			const {zone, today} = where()
			const parameters = new URLSearchParams({now: boundOf(plusDays(today, 1), zone), tz: zone})
			try {
				const {json: {open, overdue, tags}} = await client.mine("GET", `counts?${parameters}`)
				Object.assign(counts, {open, today: overdue, tags, isKnown: true})
			} catch (problem) {
				if (!problem.kind)
					throw problem
				const seen = await database.tasks.all() ?? []
				for (const name in DUE)
					counts[name] = counts.isKnown ? counts[name] : number(name, seen)
			}
			changed()
		},
	}
	return counts
}
