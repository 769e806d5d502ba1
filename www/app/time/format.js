// Days and times in words, as people of a language and a region write them.
import {daysBetween, plusDays, weekStart} from "./day.js"
import {dayOfDue, hasTime} from "./due.js"
import {instantOf, wallClock} from "./zone.js"

const SOON = 31		// days ahead within which a date of the next year needs no year

// Of what a browser says it likes, what Intl takes: some say "C" or "en-US@posix".
export function usable(languages) {
	return (languages ?? []).filter(language => {
		try {
			return Boolean(new Intl.Locale(language))
		} catch {
			return false
		}
	})
}

// The locale to write dates in: the page's language, as it is written in the person's region.
export function localeFor(language, languages) {
	const said = usable(languages)
	const same = said.find(l => new Intl.Locale(l).language === language)
	if (same)
		return same
	const region = said.length && new Intl.Locale(said[0]).maximize().region
	return region ? `${language}-${region}` : language
}

// {firstDay, weekend}: 1 is Monday, 7 is Sunday.
function weekOf(locale) {
	const info = new Intl.Locale(locale)
	return {firstDay: 1, weekend: [6, 7], ...info.getWeekInfo?.() ?? info.weekInfo}
}

// Intl takes an instant: it formats a day with timeZone "UTC".
const dateOf = day => instantOf(day, "00:00", "UTC")

// now() answers milliseconds.
export function createFormat({locale, zone, now = () => Date.now()}) {
	const style = options =>
		new Intl.DateTimeFormat(locale, {calendar: "gregory", timeZone: "UTC", ...options})
	const near = new Intl.RelativeTimeFormat(locale, {numeric: "auto"})
	const short = style({weekday: "short", day: "numeric", month: "short"})
	const long = style({dateStyle: "medium"})
	const full = style({dateStyle: "full"})
	const heading = style({weekday: "long", day: "numeric", month: "long"})
	const month = style({month: "long", year: "numeric"})
	const weekday = style({weekday: "short"})
	const clock = style({timeStyle: "short", timeZone: zone})
	const number = new Intl.NumberFormat(locale)
	const week = weekOf(locale)
	const first = week.firstDay
	const today = () => wallClock(now(), zone).day
	const capital = text => text.replace(/^./u, letter => letter.toLocaleUpperCase(locale))

	function dayWords(day) {
		const distance = daysBetween(today(), day)
		if (Math.abs(distance) < 2)
			return capital(near.format(distance, "day"))
		const sameYear = day.slice(0, 4) === today().slice(0, 4)
		const soon = distance > 0 && distance <= SOON
		return (sameYear || soon ? short : long).format(dateOf(day))
	}
	const clockWords = due => hasTime(due) ? clock.format(new Date(due)) : ""
	return {
		locale,
		zone,
		today,
		first,
		week,
		dayWords,
		clockWords,
		// "Tomorrow, 09:30"
		dueWords: due => [dayWords(dayOfDue(due, zone)), clockWords(due)].filter(Boolean).join(", "),
		weekdayOf: day => weekday.format(dateOf(day)),
		// "Today · Thu, 26 Nov", or "Saturday, 28 November"
		headingOf(day) {
			if (Math.abs(daysBetween(today(), day)) < 2)
				return `${dayWords(day)} · ${short.format(dateOf(day))}`
			return (day.slice(0, 4) === today().slice(0, 4) ? heading : full).format(dateOf(day))
		},
		fullDay: day => full.format(dateOf(day)),
		monthWords: day => month.format(dateOf(day)),
		weekdays: () => [0, 1, 2, 3, 4, 5, 6].map(n =>
			weekday.format(dateOf(plusDays(weekStart(today(), first), n)))),
		count: n => number.format(n),
	}
}
