// What is left of a line without what was understood.

const CONTROLS = /\p{Cc}/gu
const LONE_SURROGATES = /\p{Cs}/gu
const SEPARATORS = ",;:@-\u2013\u2014"
const AFTER_WORD = ".,;:!?\u2026)]}"
const isBlank = character => /\s/u.test(character)

// The line with a blank for each control character, which no title may hold, and with no half
// of a character.  It is as long as it was.
export function withoutControls(line) {
	return line.replace(CONTROLS, " ").replace(LONE_SURROGATES, "\ufffd")
}

function withoutEnd(text, characters) {
	let end = text.length
	while (end > 0 && (isBlank(text[end - 1]) || characters.includes(text[end - 1])))
		end--
	return text.slice(0, end)
}

function withoutStart(text, characters) {
	let start = 0
	while (start < text.length && (isBlank(text[start]) || characters.includes(text[start])))
		start++
	return text.slice(start)
}

// Both sides of a span that is cut out, with what punctuation is still needed between them.
function joined(before, after) {
	const left = withoutEnd(before, ""), right = withoutStart(after, "")
	if (["()", "[]", "{}"].includes(left.slice(-1) + right.slice(0, 1)))
		return joined(left.slice(0, -1), right.slice(1))
	if (withoutEnd(left, SEPARATORS) === "")
		return withoutStart(right, `.${SEPARATORS}`)
	if (withoutStart(right, `.${SEPARATORS}`) === "")
		return withoutEnd(left, SEPARATORS)
	return AFTER_WORD.includes(after[0]) ? left + after : `${left} ${right}`
}

// The text of the line without the spans, which are in order.
export function remainderOf(line, spans) {
	let text = line
	for (const {start, end} of [...spans].reverse())
		text = joined(text.slice(0, start), text.slice(end))
	return text.replace(/\s+/gu, " ").trim()
}
