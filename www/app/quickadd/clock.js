// Times of day in a line: "9:30", "9am", "15h30", "9 Uhr", "14:00-15:00".
//
// A time is {hour, minute, form, half, isVague, isLength}: form is "clock" if it can be nothing
// else, "dotted" ("9.30") or "hour" ("9") if it can; half is "am" or "pm" if that is said; isVague
// says that only who knows the day can tell morning from afternoon; isLength that it may as well
// be how long something takes ("2h").

const EARLIEST_HOUR = 6		// "2h30" is rather a length than a time
const TIME = /^(\d{1,2})(?:([:.h])(\d{2}))?([a-z.]{0,5})$/

function timeOf(digits, minutes, half, form) {
	const hour = Number(digits), minute = Number(minutes ?? 0)
	if (minute > 59 || hour > (half ? 12 : 23) || half && hour === 0)
		return null
	const isVague = !half && form !== "named" && !digits.startsWith("0") && hour >= 1 && hour < 12
	const onWall = half ? hour % 12 + (half === "pm" ? 12 : 0) : hour
	return {hour: onWall, minute, half, isVague, form: form === "named" || half ? "clock" : form}
}

function halfOf(word, {am, pm}) {
	if (am.has(word))
		return "am"
	return pm.has(word) ? "pm" : undefined
}

// A time that is written with the word for hours.
function namedTime(digits, minutes, word, {lengthWords}) {
	const time = timeOf(digits, minutes, undefined, "named")
	const isLength = lengthWords.has(word) && (minutes === undefined || Number(digits) < EARLIEST_HOUR)
	return time && {...time, isLength}
}

// The time that one word says.
function timeIn(word, grammar) {
	if (word.length > 10)
		return null
	const [, digits, separator, minutes, suffix] = TIME.exec(word) ?? []
	if (digits === undefined || separator === "h" && !grammar.hourWords.has("h"))
		return null
	const half = halfOf(suffix, grammar)
	if (grammar.hourWords.has(suffix) || separator === "h" && suffix === "")
		return namedTime(digits, minutes, suffix || "h", grammar)
	if (suffix !== "" && half === undefined)
		return null
	return timeOf(digits, minutes, half, separator === undefined ? "hour" : separator === "." ? "dotted" : "clock")
}

const isAfterBlank = token => token !== undefined && !token.opaque && token.joint === "blank"

// The time that begins at the token and the words that belong to it: {time, end}.
function readTime(tokens, at, grammar) {
	const token = tokens[at]
	if (token === undefined || token.opaque)
		return null
	const time = timeIn(token.word, grammar)
	const next = tokens[at + 1]
	if (time === null || time.half || !isAfterBlank(next))
		return time && {time, end: at + 1}
	const [, digits, minutes] = /^(\d{1,2})(?:[:.](\d{2}))?$/.exec(token.word) ?? []
	const half = halfOf(next.word, grammar)
	if (digits === undefined || half === undefined && !grammar.hourWords.has(next.word))
		return {time, end: at + 1}
	const after = tokens[at + 2]
	const hasMinutes = half === undefined && minutes === undefined && isAfterBlank(after)
		&& /^[0-5]\d$/.test(after.word)
	const full = half ? timeOf(digits, minutes, half, "clock")
		: namedTime(digits, hasMinutes ? after.word : minutes, next.word, grammar)
	return full && {time: full, end: at + (hasMinutes ? 3 : 2)}
}

const minutesOf = ({hour, minute}) => hour * 60 + minute

// The first of two times.  What only the second says counts for both: "2-3pm" begins in the
// afternoon, "11-1pm" in the morning, "14-15 Uhr" is certain.
function rangeFrom(from, to) {
	const isCertain = from.form === "clock" || to.form === "clock"
	const start = {...from, form: isCertain ? "clock" : from.form, isRange: true, isLength: false,
		isVague: from.isVague && to.isVague && !to.half}
	if (!to.half || from.half || from.hour > 12)
		return start
	const early = {...start, hour: from.hour % 12}, late = {...start, hour: from.hour % 12 + 12}
	const [likely, other] = to.half === "pm" ? [late, early] : [early, late]
	return minutesOf(likely) <= minutesOf(to) ? likely : other
}

// A range in one word: "9-10am".
function readRangeWord(tokens, at, grammar) {
	const {word} = tokens[at]
	const [first, second, ...rest] = word.length > 20 ? [] : word.split("-")
	if (second === undefined || rest.length > 0)
		return null
	const from = timeIn(first, grammar)
	const to = from && readTime([{...tokens[at], word: second}, ...tokens.slice(at + 1, at + 3)], 0, grammar)
	return to && {value: rangeFrom(from, to.time), end: at + to.end}
}

// The index at which the second time of a range begins, after a dash or "to".
function secondTime(tokens, at, {rangeWords}) {
	const token = tokens[at]
	if (token === undefined)
		return -1
	if (token.joint === "dash")
		return at
	return isAfterBlank(token) && rangeWords.has(token.word) && isAfterBlank(tokens[at + 1]) ? at + 1 : -1
}

// "9:15 until 1 March": what looks like a second time is a date.
function isDate(tokens, {time, end}, {months, ordinalDot}) {
	const next = tokens[end]
	const isDotted = next?.joint === "dot" || tokens[end - 1].dotAfter
	return time.form === "hour" && (months.has(next?.word) || ordinalDot && isDotted)
}

// The slot: a time, or the first of two between which something happens (isRange).
export function readClock(tokens, at, grammar) {
	const inOne = readRangeWord(tokens, at, grammar)
	if (inOne !== null)
		return inOne
	const from = readTime(tokens, at, grammar)
	if (from === null)
		return null
	const second = secondTime(tokens, from.end, grammar)
	const to = second < 0 ? null : readTime(tokens, second, grammar)
	const isCertain = from.time.form === "clock" || to?.time.form === "clock"
	if (to === null || !isCertain || isDate(tokens, to, grammar))
		return {value: from.time, end: from.end}
	return {value: rangeFrom(from.time, to.time), end: to.end}
}
