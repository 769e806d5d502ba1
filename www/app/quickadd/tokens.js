// A line as tokens: its words and numbers, each with the place that it has in the line.
// Every step goes through the line once, so that a long line takes time in proportion.
//
// A token is {text, word, start, end, lead, joint, leftClean, rightClean, dotAfter, capital,
// opaque}: word is the text as dictionaries have it (fold()), lead what stands between the
// token before and this one, joint what that amounts to ("blank", "comma", "slash", "dot",
// "dash" or "other").  A token is clean on a side on which nothing is written on to it that
// would make it a part of something else.  What is opaque is never understood: quoted texts,
// addresses, and what opaqueRanges names.

const LONGEST_WORD = 30
const WORD_PIECE = /[\p{L}\p{M}\p{N}_\u200c\u200d]+|./gsu
const IS_WORD = /^[\p{L}\p{M}\p{N}_]/u
const ENDS_IN_LETTER = /[\p{L}\p{M}]$/u
const STARTS_WITH_LETTER = /^\p{L}/u
const ENDS_IN_DIGIT = /\d$/
const STARTS_WITH_DIGIT = /^\d/
const INVISIBLE = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufe0f"
const BEFORE_CLEAN = new Set(`([{,;:-\u2013\u2014*\u2022>|\u00bf\u00a1${INVISIBLE}`)
const AFTER_CLEAN = new Set(`)]},;:.!?\u2026\u2014|${INVISIBLE}`)
const QUOTES = new Map([["\"", "\""], ["`", "`"], ["'", "'"], ["\u201c", "\u201d"], ["\u201e", "\u201c\u201d"],
	["\u00ab", "\u00bb"], ["\u00bb", "\u00ab"], ["\u2039", "\u203a"], ["\u2018", "\u2019"], ["\u300c", "\u300d"]])
const MARKS = /\p{M}/gu
const IS_ASCII = /^[\0-\x7f]*$/

// The text in the form in which dictionaries are searched: small letters, without accents.
export function fold(text) {
	if (IS_ASCII.test(text))
		return text.toLowerCase()
	return text.normalize("NFD").replace(MARKS, "").toLowerCase()
		.replaceAll("\u00df", "ss").replaceAll("\u2019", "'").replaceAll("\u2011", "-").replaceAll("\u2013", "-")
		.replaceAll("\u200c", "").replaceAll("\u200d", "")
}

const isBlank = text => text === undefined || text === "" || /^\s/.test(text)

// Whether the text at the quotation mark may begin a quotation (or, mirrored, end one).
function opens(line, at) {
	const before = line[at - 1]
	return isBlank(before) || "([{".includes(before)
}

function closes(line, at) {
	const after = line[at + 1]
	return isBlank(after) || ")]},;:.!?\u2026".includes(after)
}

// The ranges of the line that are quoted, in order.
function quotedRanges(line) {
	const ranges = []
	let from = -1, closing = ""
	for (let at = 0; at < line.length; at++) {
		if (from < 0 && QUOTES.has(line[at]) && opens(line, at)) {
			from = at
			closing = QUOTES.get(line[at])
		} else if (from >= 0 && closing.includes(line[at]) && closes(line, at)) {
			ranges.push([from, at + 1])
			from = -1
		}
	}
	return ranges
}

const isAddress = chunk => chunk.includes("://") || chunk.startsWith("www.") || /[^@]@[^@]/.test(chunk)

// Whether the character holds what is before it and after it together as one token.
function joins(character, before, after) {
	switch (character) {
	case "'": case "\u2019":
		return ENDS_IN_LETTER.test(before) && STARTS_WITH_LETTER.test(after)
	case "-": case "\u2011": case "\u2013": case ".": case ":":
		return true
	case "/": case ",":
		return ENDS_IN_DIGIT.test(before) && STARTS_WITH_DIGIT.test(after)
	default:
		return false
	}
}

// The words of a chunk (a text without blanks) as [start, end].
function wordsOf(chunk) {
	const words = []
	const pieces = [...chunk.matchAll(WORD_PIECE)]
	let last = null
	pieces.forEach(({0: piece, index}, at) => {
		if (!IS_WORD.test(piece))
			return
		const end = index + piece.length
		const between = at >= 2 && pieces[at - 1][0]
		if (last !== null && last.piece === at - 2 && joins(between, pieces[at - 2][0], piece)) {
			last.end = end
			last.piece = at
		} else {
			last = {start: index, end, piece: at}
			words.push(last)
		}
	})
	return words
}

function jointOf(lead) {
	switch (lead.length > 8 ? "" : lead.trim()) {
	case "":
		return lead === "" || lead.length > 8 && lead.trim() !== "" ? "other" : "blank"
	case ",": case ".,": case ";": case "&":
		return "comma"
	case "/":
		return "slash"
	case ".":
		return lead.startsWith(".") ? "dot" : "other"
	case "-": case "\u2013": case "\u2014":
		return "dash"
	default:
		return "other"
	}
}

function tokenOf(line, start, end, last, isOpaque) {
	const text = line.slice(start, end)
	const before = line[start - 1], after = line[end]
	const lead = line.slice(last, start)
	return {
		text, start, end, lead, joint: jointOf(lead),
		word: text.length > LONGEST_WORD || isOpaque ? "" : fold(text),
		leftClean: isBlank(before) || BEFORE_CLEAN.has(before),
		rightClean: isBlank(after) || AFTER_CLEAN.has(after),
		dotAfter: after === "." && isBlank(line[end + 1]),
		capital: /^\p{Lu}/u.test(text),
		opaque: isOpaque,
	}
}

// Steps along sorted ranges: says of each [start, end], in order, whether one overlaps it.
function overlaps(ranges) {
	let at = 0
	return (start, end) => {
		while (at < ranges.length && ranges[at][1] <= start)
			at++
		return at < ranges.length && ranges[at][0] < end
	}
}

// The tokens of the line; opaqueRanges are [start, end], sorted.
export function tokensOf(line, opaqueRanges = []) {
	const tokens = []
	const quoted = overlaps(quotedRanges(line)), named = overlaps(opaqueRanges)
	let last = 0
	for (const {0: chunk, index} of line.matchAll(/\S+/gu)) {
		const whole = isAddress(chunk)
		const words = whole ? [{start: 0, end: chunk.length}] : wordsOf(chunk)
		for (const {start, end} of words) {
			const from = index + start, to = index + end
			const isQuoted = quoted(from, to), isNamed = named(from, to)
			tokens.push(tokenOf(line, from, to, last, whole || isQuoted || isNamed))
			last = to
		}
	}
	return tokens
}

// The tokens with compounds taken apart: to a grammar that says so, "Sonntagabend" is "sonntag"
// and "+abend".
export function takenApart(tokens, {compounds}) {
	return compounds === undefined ? tokens : tokens.flatMap(token => {
		const length = compounds.get(token.word)
		if (length === undefined || token.text.length !== token.word.length)
			return [token]
		const middle = token.start + length
		return [
			{...token, text: token.text.slice(0, length), word: token.word.slice(0, length), end: middle,
				rightClean: true, dotAfter: false},
			{...token, text: token.text.slice(length), word: `+${token.word.slice(length)}`, start: middle,
				lead: "", joint: "blank", leftClean: true, capital: false},
		]
	})
}
