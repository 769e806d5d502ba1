// What a task's due_date holds: a day ("2026-02-15"), or an instant in RFC 3339; and the same
// as it is seen in a time zone.
import {isDay} from "./day.js"
import {instantOf, utcText, wallClock} from "./zone.js"

const MS_PER_MINUTE = 60000

export const hasTime = due => due.length > "2026-02-15".length

// The day in the zone.
export const dayOfDue = (due, zone) => hasTime(due) ? wallClock(Date.parse(due), zone).day : due
// "HH:MM" in the zone, "" if it is due on the day alone.
export const timeOfDue = (due, zone) => hasTime(due) ? wallClock(Date.parse(due), zone).time : ""

// now: milliseconds; today: the day that it is then, in the zone of who asks.
export const isOverdue = (due, {now, today}) => hasTime(due) ? Date.parse(due) < now : due < today

// What the form of a task has, a day and a time that may be "", as the service takes it.
export const dueOf = (day, time, zone) => time ? utcText(instantOf(day, time, zone)) : day

// The time zone that this device is in, an IANA name.
export const deviceZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC"

// The start of a day, or a time of it, with the offset that the zone has then.  A filter compares
// what is due on a day alone with day and clock as they are written, offset or not.
export function boundOf(day, zone, time = "00:00") {
	const instant = instantOf(day, time, zone)
	const seen = wallClock(instant, zone)
	const minutes = Math.round((Date.parse(`${seen.day}T${seen.time}Z`) - instant) / MS_PER_MINUTE)
	const size = Math.abs(minutes)
	const pad = number => String(number).padStart(2, "0")
	return `${day}T${time}:00${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}

// Of what a date field gives: a day that exists and that somebody may mean.  Who types "26"
// means this century, but the field gives the year 26.
export const isMeant = day => isDay(day) && day >= "1000"
