// The marks of a line: #tags and priorities (!high, !!).
import {fold} from "./tokens.js"

const TAG_MARKS = new Set(["#", "\uff03"])
const TAG = new RegExp("^[\\p{L}\\p{M}\\p{N}_./\\-\\u200c\\u200d\\ufe0f"		// words, and joiners in them
	+ "\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\p{Regional_Indicator}]+", "u")
const IN_TAG = /[\p{L}\p{M}_\p{Extended_Pictographic}\p{Regional_Indicator}]/u
const CLOSING = /^[)\]},;:!?.\u2026\u200e\u200f]*$/u
const LONGEST_CHUNK = 400
const LONGEST_TAG = 50
const MOST_TAGS = 32
const PRIORITIES = ["High", "Medium", "Low"]

// Two tags are one if only the size of their letters differs.
const keyOf = tag => tag.normalize("NFC").toLowerCase()
const firstWord = text => /^\S*/u.exec(text)[0]

// The tags of the account: by their text, and those with blanks by their first word.
function knownTags(tags) {
	const byKey = new Map(tags.map(tag => [keyOf(tag), tag])), byWord = new Map()
	for (const tag of tags.filter(tag => /\s/u.test(tag)).sort((a, b) => b.length - a.length)) {
		const word = firstWord(keyOf(tag))
		byWord.set(word, [...byWord.get(word) ?? [], tag])
	}
	return {byKey, byWord}
}

// A tag with blanks, of the account, that is written at the place.
function tagWithBlanks(line, start, {byWord}) {
	const word = firstWord(keyOf(line.slice(start, start + LONGEST_TAG)))
	return (byWord.get(word) ?? []).find(tag => keyOf(line.slice(start, start + tag.length)) === keyOf(tag)
		&& CLOSING.test(firstWord(line.slice(start + tag.length, start + tag.length + LONGEST_TAG))))
}

// The tag that is written at the place: {tag, length}, or null.
function readTag(line, start, known) {
	const withBlanks = tagWithBlanks(line, start, known)
	if (withBlanks !== undefined)
		return {tag: withBlanks, length: withBlanks.length}
	const chunk = firstWord(line.slice(start, start + LONGEST_CHUNK))
	const text = (TAG.exec(chunk)?.[0] ?? "").replace(/[./-]$/, "")
	if (text === "" || [...text].length > LONGEST_TAG || !IN_TAG.test(text) || !CLOSING.test(chunk.slice(text.length)))
		return null
	return {tag: known.byKey.get(keyOf(text)) ?? text.normalize("NFC"), length: text.length}
}

// The priority that the chunk says, or undefined.
function priorityOf(chunk, {priorities}) {
	if (chunk === "!!" || chunk === "!!!")
		return "High"
	const [, word] = /^!(.{1,20})$/su.exec(chunk) ?? []
	if (word === undefined)
		return undefined
	return /^p?[123]$/.test(word) ? PRIORITIES[Number(word.slice(-1)) - 1] : priorities.get(fold(word))
}

// The spans of the marks in the line, in order; isRefused(start, end) tells what is to stay text.
export function marksIn(line, {tags, grammar, isRefused}) {
	const known = knownTags([...tags]), found = new Map(), spans = []
	const add = (kind, start, end, value) => {
		if (!isRefused(start, end))
			spans.push({kind, start, end, value})
	}
	let end = 0
	for (const {0: chunk, index} of line.matchAll(/\S+/gu)) {
		const start = index + (chunk[0] === "(" || chunk[0] === "[" ? 1 : 0)
		const tag = index >= end && TAG_MARKS.has(line[start]) ? readTag(line, start + 1, known) : null
		const priority = index >= end ? priorityOf(chunk, grammar) : undefined
		if (tag !== null && (found.has(keyOf(tag.tag)) || found.size < MOST_TAGS)) {
			end = start + 1 + tag.length
			found.set(keyOf(tag.tag), found.get(keyOf(tag.tag)) ?? tag.tag)
			add("tag", start, end, found.get(keyOf(tag.tag)))
		} else if (priority !== undefined) {
			add("priority", index, index + chunk.length, priority)
		}
	}
	return spans
}
