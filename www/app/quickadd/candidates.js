// What the words of a line can mean, each with its place: candidates, of which choose.js takes
// some.
//
// A candidate is {kind, start, end, value, isMarked, meaning, slots, part}: tokens from start to
// before end; kind is date, time, repeat, until, from or priority; value is what meanings.js
// makes of it, or {problem}; isMarked says that it has a word of its own before it ("by friday",
// "every friday", "at 9:15"); meaning is the row of the grammar, slots what its slots hold; part
// is the part of the day that goes with it ("friday evening"), as {time, half}, or null.
import {days, repeats, times} from "./meanings.js"
import {continues, phrasesAt} from "./phrases.js"

const PRIORITY = /^p[123]$/
const PRIORITIES = ["High", "Medium", "Low"]

const candidate = given => ({isMarked: false, meaning: {}, slots: {}, part: null, ...given})

// The longest phrase whose meaning answers something: {end, value, meaning, slots}, or null.
function longest(found, meanings, context) {
	let best = null
	for (const {meaning, end, slots} of found) {
		const isLonger = best === null || end > best.end
		const value = isLonger ? meanings[meaning.meaning](slots, context, meaning.argument) : null
		if (value !== null)
			best = {end, value, meaning, slots}
	}
	return best
}

const treeAt = ({grammar, tokens}, name, start) => phrasesAt(grammar.trees[name], tokens, start, grammar)

// "tomorrow morning", "every monday evening": with the part of the day that follows, or that is
// in the phrase itself.
function withPart(scan, found) {
	const {tokens} = scan
	const {end, meaning} = found
	if (meaning.part !== undefined)
		return {...found, part: meaning.part}
	if (end >= tokens.length || !continues(tokens, end) || tokens[end].joint === "comma")
		return found
	const [part] = treeAt(scan, "parts", end).sort((a, b) => b.end - a.end)
	return part === undefined ? found : {...found, end: part.end, part: part.meaning.argument}
}

// A day at the token; after a word such as "by" it may be written in more ways.
function dayAt(scan, start, isPrefixed) {
	const found = treeAt(scan, "days", start)
	if (isPrefixed)
		found.push(...treeAt(scan, "prefixedDays", start))
	const best = longest(found, days, scan.context)
	const isBare = best?.slots.figure?.isBare && !isPrefixed && !best.meaning.isMarked
	return isBare ? null : best
}

// A day after the words of the tree: "by friday", "until 1 march".
function daysAfter(scan, start, treeName, kind) {
	const {tokens} = scan
	return treeAt(scan, treeName, start).flatMap(({end}) => {
		const day = tokens[end]?.joint === "blank" ? dayAt(scan, end, true) : null
		return day === null ? [] : [withPart(scan, candidate({...day, kind, start, isMarked: true}))]
	})
}

function datesAt(scan, start) {
	const day = dayAt(scan, start, false)
	const bare = day === null ? []
		: [withPart(scan, candidate({...day, kind: "date", start, isMarked: day.meaning.isMarked === true}))]
	return [...daysAfter(scan, start, "by", "date"), ...daysAfter(scan, start, "until", "until"),
		...daysAfter(scan, start, "from", "from"), ...bare]
}

function repeatsAt(scan, start) {
	return ["repeats", "bareRepeats"].flatMap(name => {
		const best = longest(treeAt(scan, name, start), repeats, scan.context)
		return best === null ? []
			: [withPart(scan, candidate({...best, kind: "repeat", start, isMarked: name === "repeats"}))]
	})
}

// How long a repetition goes on: "for 3 weeks" is {during}, "5 times" {count}.
function limitsAt(scan, start) {
	return treeAt(scan, "limits", start).map(({end, meaning, slots}) =>
		candidate({kind: "until", start, end, value: {[meaning.meaning]: slots}, isMarked: true}))
}

function timesAt(scan, start) {
	const {context, grammar} = scan
	return treeAt(scan, "times", start).flatMap(({end, meaning, slots}) => {
		const value = times[meaning.meaning](slots, context, meaning.argument)
		if (value === null)
			return []
		const isMarked = meaning.meaning !== "bare" && (value.form !== "hour" || grammar.hourIsEnough)
		return [withPart(scan, candidate({kind: "time", start, end, value, meaning, slots, isMarked}))]
	})
}

function unsupportedAt(scan, start) {
	return treeAt(scan, "unsupported", start).map(({end, meaning}) =>
		candidate({kind: "repeat", start, end, value: {problem: meaning.meaning}, isMarked: true}))
}

function prioritiesAt({tokens}, start) {
	const {word} = tokens[start]
	return PRIORITY.test(word)
		? [candidate({kind: "priority", start, end: start + 1, value: PRIORITIES[Number(word[1]) - 1]})] : []
}

const readers = [unsupportedAt, repeatsAt, datesAt, limitsAt, timesAt, prioritiesAt]

// Whether the candidate is only the end of what the other says: "9:15" of "at 9:15", "monday" of
// "until monday", "bis Fr" of "Mo bis Fr".  Both have the same end.
function isEndOf({kind, start, isMarked}, other) {
	if (other.start >= start)
		return false
	const isBareDay = kind === "date" && !isMarked
	return kind === "time" && other.kind === "time" || other.meaning.isList === true
		|| isBareDay && (["from", "until"].includes(other.kind) || other.kind === "date" && other.isMarked)
}

// The candidates by a number that they have: start or end.
export function by(candidates, name) {
	const groups = new Map()
	for (const one of candidates) {
		if (!groups.has(one[name]))
			groups.set(one[name], [])
		groups.get(one[name]).push(one)
	}
	return groups
}

// All candidates, the longest first.  scan is {tokens, grammar, context, taken}: tokens that are
// taken have no meaning besides.
export function candidatesOf(scan) {
	const {tokens, taken} = scan
	const found = []
	tokens.forEach((token, start) => {
		if (token.opaque || !token.leftClean || taken[start] !== undefined)
			return
		for (const reader of readers)
			found.push(...reader(scan, start))
	})
	const whole = found.filter(({end}) => tokens[end - 1].rightClean)
	const endingAt = by(whole, "end")
	return whole.filter(one => !endingAt.get(one.end).some(other => isEndOf(one, other)))
		.sort((a, b) => (b.end - b.start) - (a.end - a.start))
}
