// Tasks as the service has them.

export const PRIORITIES = ["High", "Medium", "Low"]
// What a client may write of a task.
export const FIELDS = ["title", "description", "due_date", "time_zone", "priority", "tags",
	"recursion_pattern", "completed"]
// How long its texts may be, in code points, and how many tags it may have.
export const MOST = {title: 200, description: 10000, tag: 50, tags: 32, recursion_pattern: 100}

// Milliseconds from 1970 to 2000, from which the service counts.
const EPOCH = 946684800000

// A task as it was answered: tags may be one text (TAGS_FORMAT=string).
export const taskOf = json => ({...json,
	tags: Array.isArray(json.tags) ? json.tags : (json.tags ?? "").split(", ").filter(Boolean)})

export const writable = task => Object.fromEntries(FIELDS.filter(f => f in task).map(f => [f, task[f]]))
export const sameFields = (a, b, fields = FIELDS) =>
	fields.every(f => JSON.stringify(a[f] ?? null) === JSON.stringify(b[f] ?? null))

// The version of a task out of a list, as If-Match takes it (src/http/etag.c); undefined for one
// that the service does not know yet.
export function etagOf(task) {
	const [, seconds, fraction = ""] = /^([^.Z]*)\.?(\d*)Z$/.exec(task.updated_at ?? "") ?? []
	if (!seconds)
		return undefined
	const micro = (Date.parse(`${seconds}Z`) - EPOCH) * 1000 + Number(fraction.padEnd(6, "0"))
	return `"${micro.toString(16)}"`
}
