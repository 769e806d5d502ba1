// Repetitions as the line knows them, and as rules of RFC 5545 (section 3.3.10).
//
// A repetition is {freq, interval, weekdays, nth, dates, months}: freq is DAILY, WEEKLY, MONTHLY
// or YEARLY, weekdays are numbers (1 is Monday), nth says which of the month's weekdays (-1 is
// the last), dates are of the month (-1 is its last day).  What is absent is not said.
import {monthLength, partsOf, plusDays, weekdayOf} from "../time/day.js"
import {instantOf, utcText} from "../time/zone.js"

export const WEEKDAY_CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
const SEARCH_DAYS = 366 * 9		// 29 February may be eight years away

const compact = text => text.replace(/[-:]/g, "")

// UNTIL is a date if the task is due on a date; else it is in UTC, as the RFC wants it.
function untilText(day, time, zone) {
	return time === null ? compact(day) : compact(utcText(instantOf(day, "23:59", zone)))
}

// The rule's text.  end is {until} (a day), {count} or nothing; time is null or "HH:MM".
export function ruleText(repetition, end, time, zone) {
	const {freq, interval = 1, weekdays, nth, dates, months} = repetition
	const parts = [`FREQ=${freq}`]
	if (interval > 1)
		parts.push(`INTERVAL=${interval}`)
	if (months !== undefined)
		parts.push(`BYMONTH=${months.join(",")}`)
	if (weekdays !== undefined)
		parts.push(`BYDAY=${weekdays.map(day => `${nth ?? ""}${WEEKDAY_CODES[day - 1]}`).join(",")}`)
	if (dates !== undefined)
		parts.push(`BYMONTHDAY=${dates.join(",")}`)
	if (end?.count !== undefined)
		parts.push(`COUNT=${end.count}`)
	if (end?.until !== undefined)
		parts.push(`UNTIL=${untilText(end.until, time, zone)}`)
	return parts.join(";")
}

function isNth(day, nth) {
	const {year, month, date} = partsOf(day)
	return nth > 0 ? Math.ceil(date / 7) === nth : Math.ceil((monthLength(year, month) - date + 1) / 7) === -nth
}

// Whether the repetition's weekdays, dates and months allow the day.
function fits(repetition, day) {
	const {weekdays, nth, dates, months} = repetition
	const {year, month, date} = partsOf(day)
	return (weekdays === undefined || weekdays.includes(weekdayOf(day)))
		&& (nth === undefined || isNth(day, nth))
		&& (dates === undefined || dates.includes(date) || dates.includes(date - monthLength(year, month) - 1))
		&& (months === undefined || months.includes(month))
}

// The first day of the repetition on the day or after it; null if there is none.
export function firstDay(repetition, from) {
	for (let count = 0; count < SEARCH_DAYS; count++) {
		const day = plusDays(from, count)
		if (fits(repetition, day))
			return day
	}
	return null
}

// Whether nothing but a date can say when the first time is.
export function needsDate({freq, weekdays, dates}) {
	return (freq === "MONTHLY" || freq === "YEARLY") && weekdays === undefined && dates === undefined
}
