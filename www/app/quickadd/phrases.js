// Phrases, as a grammar writes them, and where they are in a line.
//
// A phrase is words with blanks between them; "(a|b c)" is one of several, "[a]" may be
// absent, and "{name}" is a slot: what slots.js reads there is handed on under that name,
// or under the one before a colon: "{from:weekday}".  Phrases are kept as a tree by their
// words, so that looking for all of them at a token costs a few steps.
import {fold} from "./tokens.js"
import {readSlot} from "./slots.js"

// The inside of brackets that open at text[at]: [inside, index after the bracket].
function bracketed(text, at, open, close) {
	let depth = 0
	for (let end = at; end < text.length; end++) {
		if (text[end] === open)
			depth++
		else if (text[end] === close)
			depth--
		if (depth === 0)
			return [text.slice(at + 1, end), end + 1]
	}
	throw new Error(`A phrase without ${close}: ${text}`)
}

function alternatives(text) {
	const parts = [""]
	let depth = 0
	for (const character of text) {
		if ("([".includes(character))
			depth++
		else if (")]".includes(character))
			depth--
		if (character === "|" && depth === 0)
			parts.push("")
		else
			parts[parts.length - 1] += character
	}
	return parts
}

// All sequences of words and slots that the phrase stands for.
function expand(phrase) {
	const found = alternatives(phrase)
	if (found.length > 1)
		return found.flatMap(expand)
	let sequences = [[]]
	const append = tails => {
		sequences = sequences.flatMap(sequence => tails.map(tail => [...sequence, ...tail]))
	}
	for (let at = 0; at < phrase.length;) {
		if (phrase[at] === "(" || phrase[at] === "[") {
			const [inside, end] = bracketed(phrase, at, phrase[at], phrase[at] === "(" ? ")" : "]")
			append(phrase[at] === "[" ? [[], ...expand(inside)] : expand(inside))
			at = end
		} else if (phrase[at] === " ") {
			at++
		} else {
			const [word] = phrase.slice(at).match(/^[^ ([\])|]+/)
			append([[word]])
			at += word.length
		}
	}
	return sequences
}

const newNode = () => ({words: new Map(), slots: new Map(), meaning: undefined})

// The tree of phrases; table has the meaning (anything) of each phrase.  Of two phrases with
// the same words the first counts.
export function treeOf(table) {
	const root = newNode()
	for (const [phrase, meaning] of table) {
		for (const sequence of expand(phrase)) {
			let node = root
			for (const item of sequence) {
				const isSlot = item.startsWith("{")
				const children = isSlot ? node.slots : node.words
				const key = isSlot ? item.slice(1, -1) : fold(item)
				if (!children.has(key))
					children.set(key, newNode())
				node = children.get(key)
			}
			node.meaning ??= meaning
		}
	}
	return root
}

// Whether the token may continue a phrase that the token before it belongs to.
export function continues(tokens, at) {
	const {joint} = tokens[at], {word} = tokens[at - 1]
	return joint === "blank" || joint === "dot" && (word.length <= 4 || word.includes("."))
		|| joint === "comma" && tokens[at].lead.startsWith(",") && tokens[at].lead !== ","
}

// Every phrase of the tree that begins at the token, as {meaning, end, slots}: end is the index
// of the token after it, slots what its slots hold.
export function phrasesAt(tree, tokens, start, grammar) {
	const found = []
	const walk = (node, at, slots) => {
		if (node.meaning !== undefined && at > start)
			found.push({meaning: node.meaning, end: at, slots})
		const token = tokens[at]
		if (token === undefined || token.opaque || at > start && !continues(tokens, at))
			return
		const child = node.words.get(token.word)
		if (child !== undefined)
			walk(child, at + 1, slots)
		for (const [key, next] of node.slots) {
			const [name, kind = name] = key.split(":")
			const read = readSlot(kind, tokens, at, grammar)
			if (read !== null)
				walk(next, read.end, {...slots, [name]: read.value})
		}
	}
	walk(tree, start, {})
	return found
}
