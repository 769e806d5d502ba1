// A repetition in words: the other way round.
//
// describe(pattern, {language, zone}) takes a rule of RFC 5545 or one of the service's own
// patterns ("daily", "every 2 weeks") and answers words such as "every month on the last
// Friday until 1 March 2027", in the language of the tag.  It answers null if the pattern is
// beyond these words: then it is best said that the task repeats in a way of its own.  zone is
// the person's: an end at an instant is the day there.  parse() understands what it answers.
import {isDay} from "../time/day.js"
import {isZone, wallClock} from "../time/zone.js"
import {WEEKDAY_CODES} from "./recurrence.js"
import {grammarOf} from "./vocabulary.js"

const A_MONDAY = 4 * 86400000		// 5 January 1970
const MS_PER_DAY = 86400000
const UNITS = {DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year"}
const OWN_WORDS = {
	daily: "FREQ=DAILY", weekly: "FREQ=WEEKLY", monthly: "FREQ=MONTHLY", yearly: "FREQ=YEARLY",
	weekdays: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
}
const OWN_UNITS = {day: "DAILY", week: "WEEKLY", month: "MONTHLY", year: "YEARLY"}
const UNTIL = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?$/
const KNOWN_PARTS = ["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "COUNT", "UNTIL", "WKST"]

// The service's "every 2 weeks" and "every other day" as a rule.
function ruleOf(pattern) {
	const text = pattern.trim().toLowerCase()
	const [, count, unit] = /^every (?:(other|\d{1,4}) )?(day|week|month|year)s?$/.exec(text) ?? []
	if (unit === undefined)
		return OWN_WORDS[text] ?? pattern.trim().toUpperCase().replace(/^RRULE:/, "")
	return `FREQ=${OWN_UNITS[unit]};INTERVAL=${count === "other" ? 2 : count ?? 1}`
}

// The parts of the rule; null if it has others than these words can say.
function partsOf(pattern) {
	const parts = {}
	for (const part of ruleOf(pattern).split(";")) {
		const [name, value] = part.split("=")
		if (!KNOWN_PARTS.includes(name) || value === undefined || name in parts)
			return null
		parts[name] = value
	}
	return parts.FREQ in UNITS ? parts : null
}

// The tag, if it is one of the grammar's language; else that language.
function localeOf(tag, grammar) {
	try {
		const [locale] = Intl.getCanonicalLocales(tag)
		return locale.split("-")[0] === grammar.language ? locale : grammar.language
	} catch {
		return grammar.language
	}
}

// What the words need: names of days, lists, dates, in the language.
function makeWords(locale, grammar) {
	const format = options => new Intl.DateTimeFormat(locale, {calendar: "gregory", timeZone: "UTC", ...options})
	const weekday = format({weekday: "long"}), date = format({month: "long", day: "numeric"})
	const day = format({dateStyle: "long"})
	const list = new Intl.ListFormat(locale, {type: "conjunction"})
	const ordinal = new Intl.PluralRules(locale, {type: "ordinal"})
	return {
		rules: grammar.rules,
		list: items => list.format(items),
		weekday: number => weekday.format(A_MONDAY + (number - 1) * MS_PER_DAY),
		ordinal: number => `${number}${grammar.ordinals[ordinal.select(number)] ?? grammar.ordinals.other}`,
		date: (month, number) => date.format(Date.UTC(2000, month - 1, number)),
		day: text => day.format(new Date(`${text}T00:00Z`)),
	}
}

const wordsByLocale = new Map()		// Intl takes its time

function wordsFor(language) {
	const grammar = grammarOf(language)
	const locale = localeOf(language, grammar)
	if (!wordsByLocale.has(locale))
		wordsByLocale.set(locale, makeWords(locale, grammar))
	return wordsByLocale.get(locale)
}

function fill(template, values) {
	return template.replace(/\{(\w+)\}/g, (all, name) => values[name])
}

// The weekdays of BYDAY: [{nth, weekday}], nth 0 if it is not said; null for what is none.
function weekdaysOf(text) {
	const found = text.split(",").map(item => /^([+-]?\d)?([A-Z]{2})$/.exec(item))
	const days = found.map(match =>
		match && {nth: Number(match[1] ?? 0), weekday: WEEKDAY_CODES.indexOf(match[2]) + 1})
	return days.every(day => day !== null && day.weekday > 0) ? days : null
}

const isWorkweek = days => days.map(({weekday}) => weekday).sort().join("") === "12345"

function weekly({BYDAY, BYMONTHDAY, BYMONTH}, n, words) {
	const days = weekdaysOf(BYDAY)
	if (days === null || days.some(({nth}) => nth !== 0) || BYMONTHDAY !== undefined || BYMONTH !== undefined)
		return null
	if (n === 1 && isWorkweek(days))
		return words.rules.workdays
	const names = days.map(({weekday}) => words.weekday(weekday))
	return fill(words.rules.weekdays[n > 1 ? 1 : 0], {n, days: words.list(names)})
}

function onNth(BYDAY, n, {rules, weekday}) {
	const days = weekdaysOf(BYDAY)
	const [day] = days ?? []
	if (days === null || days.length !== 1 || rules.nthNames[day.nth] === undefined)
		return null
	return fill(rules.nth[n > 1 ? 1 : 0], {n, nth: rules.nthNames[day.nth], days: weekday(day.weekday)})
}

function monthly({BYDAY, BYMONTHDAY, BYMONTH}, n, words) {
	if (BYMONTH !== undefined || BYDAY !== undefined && BYMONTHDAY !== undefined)
		return null
	if (BYDAY !== undefined)
		return onNth(BYDAY, n, words)
	if (BYMONTHDAY === "-1")
		return fill(words.rules.lastDay[n > 1 ? 1 : 0], {n})
	const dates = BYMONTHDAY.split(",").map(Number)
	return dates.every(date => date >= 1 && date <= 31)
		? fill(words.rules.dates[n > 1 ? 1 : 0], {n, dates: words.list(dates.map(words.ordinal))}) : null
}

function yearly({BYDAY, BYMONTHDAY, BYMONTH}, n, words) {
	const month = Number(BYMONTH), date = Number(BYMONTHDAY)
	if (BYDAY !== undefined || !(month >= 1 && month <= 12 && date >= 1 && date <= 31))
		return null
	return fill(words.rules.date[n > 1 ? 1 : 0], {n, date: words.date(month, date)})
}

const sayers = {WEEKLY: weekly, MONTHLY: monthly, YEARLY: yearly}

function repetition(parts, words) {
	const {FREQ, INTERVAL = "1", BYDAY, BYMONTHDAY, BYMONTH} = parts
	const n = Number(INTERVAL)
	if (!(n >= 1))
		return null
	if (BYDAY === undefined && BYMONTHDAY === undefined && BYMONTH === undefined)
		return fill(words.rules[UNITS[FREQ]][n > 1 ? 1 : 0], {n})
	const needed = FREQ === "WEEKLY" ? BYDAY : FREQ === "MONTHLY" ? BYDAY ?? BYMONTHDAY : BYMONTH
	return needed === undefined ? null : sayers[FREQ]?.(parts, n, words) ?? null
}

// The day of UNTIL, in the zone if it is an instant; null if it is neither.
function untilDay(text, zone) {
	const [, year, month, date, hour, minute, second] = UNTIL.exec(text) ?? []
	const day = `${year}-${month}-${date}`
	if (!isDay(day))
		return null
	const isInstant = text.endsWith("Z") && isZone(zone)
	return isInstant ? wallClock(Date.parse(`${day}T${hour}:${minute}:${second}Z`), zone).day : day
}

export function describe(pattern, {language = "en", zone = "UTC"} = {}) {
	const parts = partsOf(String(pattern))
	if (parts === null)
		return null
	const words = wordsFor(language)
	const rule = repetition(parts, words)
	if (rule === null)
		return null
	if (parts.COUNT !== undefined)
		return fill(words.rules.count, {rule, n: Number(parts.COUNT)})
	if (parts.UNTIL === undefined)
		return rule
	const day = untilDay(parts.UNTIL, zone)
	return day && fill(words.rules.until, {rule, day: words.day(day)})
}
