// What a line says of a task: "Gym every monday at 18:00 #sport !low".
//
//   parse(line, {now, zone, language, tags, week, refused}) ->
//       {title, due_date, due_day, due_time, recurrence, tags, priority, notes, spans, remarks}
//
// now       the instant, in milliseconds (that of the call, if absent)
// zone      the person's IANA time zone (that of the browser, if absent)
// language  a language tag: its first part chooses the grammar (en; de, fr and es after
//           loadGrammar() of vocabulary.js), all of it whether 3/12 is in March or in December
// tags      the account's tags: a tag is written as it is there, and may have blanks
// week      {firstDay, weekend} as Intl.Locale has them: 1 is Monday (Monday; Saturday, Sunday)
// refused   texts of spans that are to be left alone: they stay in the title
//
// title       what is left of the line; "" if nothing is
// due_date    as the service takes it: a day, or an instant in UTC; null without one
// due_day, due_time   the same as the person sees it: "2026-11-30", "18:00"; each may be null
// recurrence  a rule of RFC 5545, for recursion_pattern; null without one
// tags        an array, each tag once
// priority    "High", "Medium" or "Low"; null if the line does not say it
// notes       what else is to stay readable ("14:00-15:00"), for the description; null without
// spans       what was understood, in the order of the line: {kind, start, end, text, value};
//             kind is date, time, repeat, from, until, tag or priority.  To undo one, parse
//             again with its text in refused.  A day that only follows from a repetition has no
//             span of its own
// remarks     what the person should be told, {key, text} with the text of the line; key is
//               no-such-day          31 February: left in the title
//               repeats-within-day   every 8 hours: left in the title
//               repeat-needs-date    every 2 years: from when on?
//               weekday-differs      "Monday 1 December", which is a Tuesday: the date counts
//               title-long           more than the service's 200 characters
//
// No line makes it throw, and a long one takes time in proportion to its length.
import {isMonthFirst} from "../time/order.js"
import {instantOf, utcText, wallClock} from "../time/zone.js"
import {choose} from "./choose.js"
import {dueOf, endOf} from "./due.js"
import {marksIn} from "./marks.js"
import {phrasesAt} from "./phrases.js"
import {ruleText} from "./recurrence.js"
import {remainderOf, withoutControls} from "./remainder.js"
import {takenApart, tokensOf} from "./tokens.js"
import {grammarOf} from "./vocabulary.js"

const LONGEST_TITLE = 200
const LONGEST_LINE = 2000		// a longer text is nothing that somebody typed
const SHORT = 4					// letters that an abbreviation has at most
const USUAL_WEEK = {firstDay: 1, weekend: [6, 7]}

// Every place of the texts in the line, as sorted [start, end].
function rangesOf(line, texts) {
	const ranges = []
	for (const text of [...texts].filter(one => one !== "")) {
		for (let at = line.indexOf(text); at >= 0; at = line.indexOf(text, at + text.length))
			ranges.push([at, at + text.length])
	}
	return ranges.sort((a, b) => a[0] - b[0])
}

// Makes the tokens of names opaque that look like dates: "Black Friday".
function closeNames(tokens, grammar) {
	tokens.forEach((token, start) => {
		for (const {end} of phrasesAt(grammar.names, tokens, start, grammar)) {
			for (const part of tokens.slice(start, end))
				part.opaque = true
		}
	})
}

function contextOf({now, zone, language, week}, {nextIsNextWeek}) {
	const {day, time} = wallClock(now, zone)
	return {now, zone, today: day, clock: time, nextIsNextWeek, monthFirst: isMonthFirst(language),
		week: {firstDay: week.firstDay ?? USUAL_WEEK.firstDay, weekend: week.weekend ?? USUAL_WEEK.weekend}}
}

// The place of a candidate in the line: {start, end, text}.  An abbreviation has its dot.
function placeOf(line, tokens, candidate) {
	const last = tokens[candidate.end - 1]
	const isDotted = last.word.length <= SHORT || last.word.includes(".") || /\d$/.test(last.word)
	const start = tokens[candidate.start].start, end = last.end + (last.dotAfter && isDotted ? 1 : 0)
	return {start, end, text: line.slice(start, end)}
}

const isTooLong = title => [...title].length > LONGEST_TITLE

function remarksOf(line, tokens, accepted, {title, due_day, recurrence}) {
	const remarks = accepted.filter(({value}) => value.problem !== undefined || value.remark !== undefined)
		.map(one => ({key: one.value.problem ?? one.value.remark, text: placeOf(line, tokens, one).text}))
	if (recurrence !== null && due_day === null)
		remarks.push({key: "repeat-needs-date", text: ""})
	if (isTooLong(title))
		remarks.push({key: "title-long", text: title})
	return remarks
}

// The marks and the candidates of the line that are meant: {tokens, marks, accepted}.
function understand(line, {tags, refused}, grammar, context) {
	const ranges = rangesOf(line, refused)
	const isRefused = (start, end) => ranges.some(range => range[0] < end && range[1] > start)
	const marks = marksIn(line, {tags, grammar, isRefused})
	const tokens = takenApart(tokensOf(line, ranges), grammar)
	closeNames(tokens, grammar)
	return {tokens, marks, accepted: choose(tokens, grammar, context, marks)}
}

// "in 20 minutes" is an instant, also when the clock on the wall says the same time twice.
const instantIn = ({date, time}) => time === undefined ? date?.value.instant : undefined

function nothing(title) {
	return {title, due_date: null, due_day: null, due_time: null, recurrence: null, tags: [], priority: null,
		notes: null, spans: [], remarks: isTooLong(title) ? [{key: "title-long", text: title}] : []}
}

function read(line, options, grammar) {
	const context = contextOf(options, grammar)
	const {tokens, marks, accepted} = understand(line, options, grammar, context)
	const meant = accepted.filter(({value}) => value.problem === undefined)
	const chosen = Object.fromEntries(meant.map(one => [one.kind, one]))
	const {day, time} = dueOf(chosen, context, grammar)
	const end = endOf(chosen, day, context)
	const recurrence = chosen.repeat === undefined ? null : ruleText(chosen.repeat.value, end, time, options.zone)
	const values = {date: chosen.date?.value.day, time, repeat: recurrence, from: chosen.from?.value.day, until: end}
	const spans = [
		...meant.map(one => ({kind: one.kind, value: values[one.kind] ?? one.value, ...placeOf(line, tokens, one)})),
		...marks.map(mark => ({...mark, text: line.slice(mark.start, mark.end)})),
	].sort((a, b) => a.start - b.start)
	const valuesOf = kind => spans.filter(span => span.kind === kind).map(({value}) => value)
	const said = {
		title: remainderOf(line, spans),
		due_date: time === null ? day : utcText(instantIn(chosen) ?? instantOf(day, time, options.zone)),
		due_day: day,
		due_time: time,
		recurrence,
		tags: [...new Set(valuesOf("tag"))],
		priority: valuesOf("priority")[0] ?? null,
		notes: chosen.time?.value.isRange ? placeOf(line, tokens, chosen.time).text : null,
		spans,
	}
	return {...said, remarks: remarksOf(line, tokens, accepted, said)}
}

export function parse(text, {now = Date.now(), zone = Intl.DateTimeFormat().resolvedOptions().timeZone,
	language = "en", tags = [], week = USUAL_WEEK, refused = []} = {}) {
	const line = withoutControls(String(text))
	if (line.length > LONGEST_LINE)
		return nothing(remainderOf(line, []))
	return read(line, {now, zone, language, tags, week, refused}, grammarOf(language))
}
