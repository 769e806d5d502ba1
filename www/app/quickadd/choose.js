// Which of the candidates in a line are meant.
//
// A phrase with a word of its own before it ("on monday", "every monday", "at 9:15") is meant
// anywhere.  A bare one ("monday", "9:15") may be a part of what the person writes about
// ("Watch Friday Night Lights"), so it counts at either end of the line, next to what counts
// already, or before a word with which something else begins ("monday about the car").  The
// words around it and their capitals are asked as the grammar says.
import {by, candidatesOf} from "./candidates.js"

const SHORT = 4		// letters that an abbreviation has at most
const BREAK = /^(?:[,;:.)\u2026]|\s[-\u2013\u2014(])/u

// A scan is {tokens, grammar, context, taken, accepted, candidates, startingAt, endingAt,
// capitalsMean}: taken has for each token what it belongs to, if it is understood.

const isFree = ({taken}, {start, end}) => taken.slice(start, end).every(one => one === undefined)
const has = (scan, kind) => scan.accepted.some(one => one.kind === kind)
const isAt = (candidates, kinds) => candidates !== undefined && candidates.some(({kind}) => kinds.includes(kind))

function accept(scan, candidate) {
	scan.taken.fill(candidate, candidate.start, candidate.end)
	scan.accepted.push(candidate)
}

function release(scan, candidate) {
	scan.taken.fill(undefined, candidate.start, candidate.end)
	scan.accepted = scan.accepted.filter(other => other !== candidate)
}

// Whether the candidate is a part of a name: "Sun Microsystems", "USA Today".
function isInName(scan, {kind, start, end, slots}) {
	const {tokens, grammar, taken, capitalsMean} = scan
	const isNameless = kind !== "date" && kind !== "repeat" || slots.date !== undefined || slots.figure !== undefined
	if (!capitalsMean || isNameless)
		return false
	const next = tokens[end]
	if (tokens[end - 1].capital && next?.capital && next.joint === "blank" && taken[end] === undefined)
		return true
	const isNeverCapital = grammar.capitals === "all" || Object.keys(slots).length === 0
	return start > 0 && tokens[start].capital && isNeverCapital
}

// Whether the word before the candidate says that it is a part of the text: "for monday".
function isAfterBlocker({tokens, grammar, taken}, {start, isMarked}) {
	const before = tokens[start - 1]
	return before !== undefined && taken[start - 1] === undefined && !isMarked && tokens[start].joint === "blank"
		&& grammar.blockers.has(before.word)
}

const isOfText = (scan, candidate) => isInName(scan, candidate) || isAfterBlocker(scan, candidate)

// Whether the candidate is an abbreviation that is a word as well: "sun", "el mar".
function isWeak({tokens, grammar, taken}, {start, end, value, meaning}) {
	const isOnlyDay = value.isWeekday === true && (end - start === 1 || meaning.isMarked === true)
	return isOnlyDay && grammar.weak.has(tokens[end - 1].word) && taken[end]?.kind !== "time"
}

// Whether the time is that of a day which is a part of the text ("for monday at 9"), or is no
// time without a day beside it ("2h").
function isOfOther(scan, {kind, start, end, value, meaning}) {
	if (kind !== "time")
		return false
	const beside = [...scan.endingAt.get(start) ?? [], ...scan.startingAt.get(end) ?? []]
	if (meaning.meaning === "bare" && value.isLength && !isAt(beside, ["date", "repeat"]))
		return true
	return beside.some(other => other.kind === "date" && isFree(scan, other) && isOfText(scan, other))
}

// "3 times" is a number of times only after what they are times of.
function isMisplaced({accepted, endingAt}, {value, start}) {
	const isAfterRepetition = accepted.some(({kind, end}) => kind === "repeat" && end <= start)
		|| isAt(endingAt.get(start), ["repeat"])
	return value.count !== undefined && !isAfterRepetition
}

const isPossible = (scan, candidate) => !has(scan, candidate.kind) && isFree(scan, candidate)
	&& !isOfText(scan, candidate) && !isOfOther(scan, candidate) && !isWeak(scan, candidate)
	&& !isMisplaced(scan, candidate)

// Whether something else begins after the candidate.
function isFollowed(scan, {end}) {
	const {tokens, grammar, taken, startingAt} = scan
	const next = tokens[end], last = tokens[end - 1]
	if (next === undefined)
		return true
	if (taken[end] !== undefined)
		return taken[end].kind !== "tag" && taken[end].kind !== "priority"
	const isAbbreviated = last.dotAfter && last.word.length <= SHORT
	return isAt(startingAt.get(end), ["time"]) || grammar.openers.has(next.word)
		|| BREAK.test(next.lead) && !isAbbreviated || grammar.smallWordsOpen && /^\p{Ll}/u.test(next.text)
}

// Whether the candidate may begin the line without a word before it.
function mayOpen(scan, candidate) {
	const {grammar, tokens} = scan
	const {kind, start, end, value, meaning} = candidate
	if (kind === "date" && has(scan, "time") || grammar.daysOpen && tokens[start].word.length >= SHORT)
		return true
	const isLoose = value.isWeekday === true || kind === "repeat" && meaning.isList !== true && !candidate.isMarked
		|| meaning.meaning === "monthDay" && grammar.weak.has(tokens[start].word)
	return !isLoose || end < tokens.length && isFollowed(scan, candidate)
}

// Whether a candidate inside the line goes with what counts already, or needs nothing.
function belongs(scan, {kind, start}) {
	if (kind === "time")
		return ["date", "repeat"].includes(scan.taken[start - 1]?.kind)
	return kind === "date" && (has(scan, "time") || scan.grammar.datesAnywhere)
}

// What is not understood of the line, from its first token to after its last.
function textOf({taken}) {
	const start = taken.findIndex(one => one === undefined)
	let end = taken.length
	while (end > 0 && taken[end - 1] !== undefined)
		end--
	return {start, end}
}

// Accepts a marked candidate of the kind: one that ends the line, else the first.
function acceptMarked(scan, kind) {
	const possible = scan.candidates.filter(one => one.isMarked && one.kind === kind && isPossible(scan, one))
		.sort((a, b) => a.start - b.start || b.end - a.end)
	const {end} = textOf(scan)
	const chosen = possible.find(one => one.end === end) ?? possible[0]
	if (chosen !== undefined)
		accept(scan, chosen)
}

// Accepts the longest candidate for which the place will do; false if there is none.
function acceptAt(scan, isPlace) {
	const text = textOf(scan)
	const chosen = scan.candidates.find(one => isPlace(one, text) && isPossible(scan, one))
	if (chosen !== undefined)
		accept(scan, chosen)
	return chosen !== undefined
}

// Without a repetition there is nothing that could end: such words stay text.  With one, "bis
// Freitag" is its end, not when it is due.
function settleLimits(scan) {
	if (!has(scan, "repeat")) {
		for (const limit of scan.accepted.filter(({kind}) => kind === "until" || kind === "from"))
			release(scan, limit)
		return
	}
	const date = scan.accepted.find(({kind, isMarked}) => kind === "date" && isMarked)
	const limit = date && scan.candidates.find(({kind, start, end}) =>
		kind === "until" && start === date.start && end === date.end)
	if (limit !== undefined && !has(scan, "until")) {
		release(scan, date)
		accept(scan, limit)
	}
}

// What each token belongs to of the marks, which are spans in order.
function takenBy(marks, tokens) {
	let at = 0
	return tokens.map(({start, end}) => {
		while (at < marks.length && marks[at].end <= start)
			at++
		return at < marks.length && marks[at].start < end ? marks[at] : undefined
	})
}

function scanOf(tokens, grammar, context, marks) {
	const scan = {tokens, grammar, context, accepted: [], taken: takenBy(marks, tokens)}
	// In a line of capitals, or of words that all have one, they tell nothing.
	scan.capitalsMean = grammar.capitals !== "none" && tokens.some(({text}) => /^\p{Ll}/u.test(text))
	scan.candidates = candidatesOf(scan)
	scan.startingAt = by(scan.candidates, "start")
	scan.endingAt = by(scan.candidates, "end")
	return scan
}

// The candidates that are meant, in the order of the line.  marks are the spans of the marks.
export function choose(tokens, grammar, context, marks) {
	const scan = scanOf(tokens, grammar, context, marks)
	acceptMarked(scan, "repeat")
	if (has(scan, "repeat")) {
		acceptMarked(scan, "until")
		acceptMarked(scan, "from")
	}
	acceptMarked(scan, "date")
	acceptMarked(scan, "time")
	const isEnd = ({end}, text) => end === text.end
	const isStart = (one, text) => one.start === text.start && mayOpen(scan, one)
	const isWithin = one => one.kind !== "priority" && one.start > 0 && (isFollowed(scan, one) || belongs(scan, one))
	while (acceptAt(scan, isEnd) || acceptAt(scan, isStart) || acceptAt(scan, isWithin))
		continue
	settleLimits(scan)
	return scan.accepted.sort((a, b) => a.start - b.start)
}
