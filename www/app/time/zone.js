// Between instants (milliseconds since 1970, as Date has them) and the clock on a wall in a
// time zone (a day as in day.js, and "HH:MM").  What is known of zones is what Intl knows.
import {partsOf} from "./day.js"

const MS_PER_MINUTE = 60000
const MS_PER_DAY = 86400000
const formats = new Map()

function formatOf(zone) {
	let format = formats.get(zone)
	if (format === undefined) {
		format = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {timeZone: zone, hourCycle: "h23",
			era: "short", year: "numeric", month: "2-digit", day: "2-digit",
			hour: "2-digit", minute: "2-digit", second: "2-digit"})
		formats.set(zone, format)
	}
	return format
}

// Whether Intl knows a zone of this name.
export function isZone(name) {
	if (typeof name !== "string" || name === "")
		return false
	try {
		formatOf(name)
		return true
	} catch {
		return false
	}
}

function utcOf({year, month, date, hour = 0, minute = 0, second = 0}) {
	const at = new Date(0)
	at.setUTCFullYear(year, month - 1, date)
	return at.setUTCHours(hour, minute, second)
}

// How many milliseconds the wall clock is ahead of UTC at the instant.
function offsetAt(instant, zone) {
	const seconds = Math.floor(instant / 1000) * 1000
	const found = {}
	for (const {type, value} of formatOf(zone).formatToParts(seconds))
		found[type] = type === "era" ? value : Number(value)
	const year = found.era.startsWith("B") ? 1 - found.year : found.year
	const wall = utcOf({year, month: found.month, date: found.day,
		hour: found.hour, minute: found.minute, second: found.second})
	return wall - seconds
}

// What the clock on the wall says at the instant: {day, time}.  The calendar ends with 9999.
export function wallClock(instant, zone) {
	const text = new Date(instant + offsetAt(instant, zone)).toISOString()
	return text.startsWith("+") ? {day: "9999-12-31", time: "23:59"}
		: {day: text.slice(0, 10), time: text.slice(11, 16)}
}

// The first instant between the two at which the second's offset holds.
function changeBetween(before, after, zone) {
	const offset = offsetAt(after, zone)
	let low = before, high = after
	while (high - low > MS_PER_MINUTE) {
		const middle = low + Math.floor((high - low) / 2 / MS_PER_MINUTE) * MS_PER_MINUTE
		if (middle === low)
			break
		if (offsetAt(middle, zone) === offset)
			high = middle
		else
			low = middle
	}
	return high
}

// The instant at which the clock on the wall says so.  A time that a change of the clock
// leaves out is the first instant after the change; of one that comes twice it is the first.
export function instantOf(day, time, zone) {
	const [hour, minute] = time.split(":").map(Number)
	const wall = utcOf({...partsOf(day), hour, minute})
	const before = offsetAt(wall - MS_PER_DAY, zone)
	const after = offsetAt(wall + MS_PER_DAY, zone)
	for (const offset of [before, after]) {
		if (offsetAt(wall - offset, zone) === offset)
			return wall - offset
	}
	return changeBetween(wall - Math.max(before, after), wall - Math.min(before, after), zone)
}

// The instant as the service takes it: "2026-11-30T09:00:00Z".
export function utcText(instant) {
	return new Date(instant).toISOString().replace(".000Z", "Z")
}
