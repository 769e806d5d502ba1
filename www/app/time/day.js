// Days of the calendar, as texts: "2026-11-30".  They have no zone and no clock, so that no
// change of a clock can move one; texts compare as the days do.  Weekdays are numbers as in
// ISO 8601: 1 is Monday, 7 is Sunday.

const MS_PER_DAY = 86400000

function utcDate(year, month, date) {
	const at = new Date(0)
	at.setUTCFullYear(year, month - 1, date)	// Date.UTC() takes 26 for 1926
	return at
}

function textOf(at) {
	const year = String(at.getUTCFullYear()).padStart(4, "0")
	const month = String(at.getUTCMonth() + 1).padStart(2, "0")
	return `${year}-${month}-${String(at.getUTCDate()).padStart(2, "0")}`
}

// The day's year, month (1 to 12) and date.
export function partsOf(day) {
	const [year, month, date] = day.split("-").map(Number)
	return {year, month, date}
}

// The day with these numbers; null if the calendar has none, as on 31 February.
export function dayOf(year, month, date) {
	if (!(year >= 1 && year <= 9999 && month >= 1 && month <= 12 && date >= 1 && date <= 31))
		return null
	const at = utcDate(year, month, date)
	return at.getUTCDate() === date ? textOf(at) : null
}

// Whether the text is a day that exists.
export function isDay(text) {
	if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text))
		return false
	const {year, month, date} = partsOf(text)
	return dayOf(year, month, date) === text
}

function dateOf(day) {
	const {year, month, date} = partsOf(day)
	return utcDate(year, month, date)
}

// 1 for Monday to 7 for Sunday.
export function weekdayOf(day) {
	return dateOf(day).getUTCDay() || 7
}

export function plusDays(day, count) {
	const {year, month, date} = partsOf(day)
	return textOf(utcDate(year, month, date + count))
}

// How many days later the second is.
export function daysBetween(day, other) {
	return Math.round((dateOf(other) - dateOf(day)) / MS_PER_DAY)
}

// The last date of the month, 28 to 31.
export function monthLength(year, month) {
	return utcDate(year, month + 1, 0).getUTCDate()
}

export function lastOfMonth(day) {
	const {year, month} = partsOf(day)
	return dayOf(year, month, monthLength(year, month))
}

// The same date so many months later, or the last of a month that is too short for it.
export function plusMonths(day, count) {
	const {year, month, date} = partsOf(day)
	const months = year * 12 + month - 1 + count
	const toYear = Math.floor(months / 12)
	const toMonth = months - toYear * 12 + 1
	return dayOf(toYear, toMonth, Math.min(date, monthLength(toYear, toMonth)))
}

// The first such weekday on the day or after it.
export function weekdayFrom(day, weekday) {
	return plusDays(day, (weekday - weekdayOf(day) + 7) % 7)
}

// The day on which the week of the day began.
export function weekStart(day, firstWeekday) {
	return plusDays(day, -((weekdayOf(day) - firstWeekday + 7) % 7))
}
