// What a slot of a phrase reads: numbers, weekdays, dates in figures.
//
// readSlot() answers {value, end} (end is the index of the token after it), or null.  The
// grammar is one that vocabulary.js has prepared.
import {readClock} from "./clock.js"

const LONGEST_LIST = 14
const FIRST_YEAR = 1970, LAST_YEAR = 2199

const one = (value, at) => value === undefined ? null : {value, end: at + 1}

// A number from least to most, in digits.
export function numberIn(text, least, most) {
	if (!/^\d{1,4}$/.test(text))
		return undefined
	const number = Number(text)
	return number >= least && number <= most ? number : undefined
}

function readNumber(tokens, at, {numbers}) {
	const {word} = tokens[at]
	return one(numbers.get(word) ?? numberIn(word, 1, 999), at)
}

// A number that says that it is one of an order: "12th", and "12." in some languages.
function ordinalIn({word}, isDotted, grammar) {
	const [, digits, suffix] = /^(\d{1,2})(\D{0,3})$/.exec(word) ?? []
	if (digits === undefined)
		return undefined
	const isOrdinal = suffix === "" ? isDotted && grammar.ordinalDot : grammar.ordinalSuffixes.has(suffix)
	return isOrdinal ? Number(digits) : undefined
}

const hasDot = (tokens, at) => tokens[at].dotAfter || tokens[at + 1]?.joint === "dot"

function readOrdinal(tokens, at, grammar) {
	const found = grammar.dateWords.get(tokens[at].word) ?? ordinalIn(tokens[at], hasDot(tokens, at), grammar)
	return one(found >= 1 && found <= 31 ? found : undefined, at)
}

function readDate(tokens, at, grammar) {
	return readOrdinal(tokens, at, grammar) ?? one(numberIn(tokens[at].word, 1, 31), at)
}

function readNth(tokens, at, grammar) {
	const found = grammar.nth.get(tokens[at].word) ?? ordinalIn(tokens[at], hasDot(tokens, at), grammar)
	return one(found >= -1 && found <= 5 && found !== 0 ? found : undefined, at)
}

// Weekdays from one to another, both included, over the end of the week if need be.
function range(from, to) {
	const days = []
	for (let day = from; ; day = day % 7 + 1) {
		days.push(day)
		if (day === to)
			return days
	}
}

// One weekday or "mon-fri", as one token.
function weekdaysIn(word, {weekdays, plurals}) {
	const single = weekdays.get(word) ?? plurals.get(word)
	if (single !== undefined)
		return [single]
	const [from, to, ...rest] = word.split("-")
	if (to === undefined || rest.length > 0 || !weekdays.has(from) || !weekdays.has(to))
		return null
	return range(weekdays.get(from), weekdays.get(to))
}

// "mon - fri", "mon to fri": the index of the token that ends the range, or -1.
function rangeEnd(tokens, at, {weekdays, rangeWords}) {
	const next = tokens[at + 1]
	if (next === undefined || next.opaque || !weekdays.has(tokens[at].word))
		return -1
	if (next.joint === "dash" && weekdays.has(next.word))
		return at + 1
	const last = tokens[at + 2]
	if (next.joint === "blank" && rangeWords.has(next.word) && last?.joint === "blank" && weekdays.has(last.word))
		return at + 2
	return -1
}

// One item of a list of weekdays.
function readItem(tokens, at, grammar) {
	const token = tokens[at]
	if (token === undefined || token.opaque)
		return null
	const end = rangeEnd(tokens, at, grammar)
	if (end > 0)
		return {value: range(grammar.weekdays.get(token.word), grammar.weekdays.get(tokens[end].word)), end: end + 1}
	const days = weekdaysIn(token.word, grammar)
	return days && {value: days, end: at + 1}
}

// The index at which the next item of the list may be, after "and" and an article.
function nextItem(tokens, at, {and, articles}) {
	let next = at
	for (const words of [and, articles]) {
		if (tokens[next] === undefined || !["blank", "comma", "slash", "dot"].includes(tokens[next].joint))
			return -1
		if (words.has(tokens[next].word))
			next++
	}
	return next < tokens.length ? next : -1
}

// Weekdays in a row; without duplicates, in the order of the week.
function readWeekdays(tokens, at, grammar) {
	let item = readItem(tokens, at, grammar)
	if (item === null)
		return null
	const days = new Set(item.value)
	let end = item.end
	for (let count = 1; count < LONGEST_LIST; count++) {
		const next = nextItem(tokens, end, grammar)
		item = next < 0 ? null : readItem(tokens, next, grammar)
		if (item === null)
			break
		item.value.forEach(day => days.add(day))
		end = item.end
	}
	return {value: [...days].sort(), end}
}

// Two weekdays or more.
function readList(tokens, at, grammar) {
	const found = readWeekdays(tokens, at, grammar)
	return found !== null && found.value.length > 1 ? found : null
}

function fullYear(text) {
	return text === undefined ? undefined : text.length === 2 ? 2000 + Number(text) : Number(text)
}

// A date in figures: {year, month, date}, or {year, first, second} if its order is that of
// the language.  isBare says that it may as well be something else.
function readFigure(tokens, at) {
	const {text, dotAfter} = tokens[at]
	if (text.length > 10)
		return null
	let found = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(text)
	if (found !== null)
		return {value: {year: Number(found[1]), month: Number(found[3]), date: Number(found[4])}, end: at + 1}
	found = /^(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2}))?$/.exec(text)
	if (found !== null)
		return {value: {date: Number(found[1]), month: Number(found[2]), year: fullYear(found[3]),
			isBare: found[3] === undefined && !dotAfter}, end: at + 1}
	found = /^(\d{1,2})([/-])(\d{1,2})(?:\2(\d{4}|\d{2}))?$/.exec(text)
	if (found === null || found[2] === "-" && found[4] === undefined)
		return null
	return {value: {first: Number(found[1]), second: Number(found[3]), year: fullYear(found[4])}, end: at + 1}
}

// "15min", "2w": {number, hours} or {number, unit}, as the slots of these names have them.
function readSpan(tokens, at, {hours, units}) {
	const [, digits, word] = /^(\d{1,3})([a-z]{1,8})$/.exec(tokens[at].word) ?? []
	const number = digits && Number(digits)
	if (!number || !hours.has(word) && !units.has(word))
		return null
	return one(hours.has(word) ? {number, hours: hours.get(word)} : {number, unit: units.get(word)}, at)
}

const readers = {
	number: readNumber,
	unit: (tokens, at, grammar) => one(grammar.units.get(tokens[at].word), at),
	hours: (tokens, at, grammar) => one(grammar.hours.get(tokens[at].word), at),
	weekday: (tokens, at, grammar) => one(grammar.weekdays.get(tokens[at].word), at),
	anyday: (tokens, at, {weekdays, plurals}) => one(weekdays.get(tokens[at].word) ?? plurals.get(tokens[at].word), at),
	plural: (tokens, at, grammar) => one(grammar.plurals.get(tokens[at].word), at),
	weekdays: readWeekdays,
	list: readList,
	month: (tokens, at, grammar) => one(grammar.months.get(tokens[at].word), at),
	date: readDate,
	ordinal: readOrdinal,
	nth: readNth,
	year: (tokens, at) => one(numberIn(tokens[at].word, FIRST_YEAR, LAST_YEAR), at),
	figure: readFigure,
	clock: readClock,
	span: readSpan,
}

// Many phrases ask the same of one token: it is read once.
export function readSlot(kind, tokens, at, grammar) {
	const read = tokens[at].read ??= {}
	if (read[kind] === undefined)
		read[kind] = readers[kind](tokens, at, grammar)
	return read[kind]
}
