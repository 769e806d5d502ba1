// The grammars of all languages, prepared: lists of words become dictionaries, phrases trees.
// English is always there; the others are fetched by who needs them.
import {english} from "./en.js"
import {treeOf} from "./phrases.js"
import {fold} from "./tokens.js"

const sources = {
	de: () => import("./de.js").then(({german}) => german),
	fr: () => import("./fr.js").then(({french}) => french),
	es: () => import("./es.js").then(({spanish}) => spanish),
}
const prepared = new Map()

const wordsOf = text => text.split(" ").filter(word => word !== "").map(fold)
const setOf = text => new Set(wordsOf(text ?? ""))

// A dictionary of the words in each text; the texts are values of an object or array.
function dictionaryOf(entries) {
	return new Map(entries.flatMap(([value, text]) => wordsOf(text).map(word => [word, value])))
}

const numbered = texts => dictionaryOf(texts.map((text, index) => [index + 1, text]))
const byNumber = texts => dictionaryOf(Object.entries(texts).map(([number, text]) => [Number(number), text]))

// [phrase, meaning, argument, options] of the tables of a grammar as trees.
function treesOf(tables) {
	return Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name,
		treeOf(rows.map(([phrase, meaning, argument, options]) => [phrase, {meaning, argument, ...options}]))]))
}

// The compounds of a weekday and a part of the day, each with the length of its first word.
function compoundsOf({weekdays, dayParts}) {
	return dayParts && new Map(weekdays.flatMap(wordsOf).filter(day => day.length > 3)
		.flatMap(day => wordsOf(dayParts).map(part => [day + part, day.length])))
}

function prepare(name, source) {
	const units = Object.entries(source.units).map(([unit, text]) => [{unit, times: 1}, text])
	return {
		...source,
		language: name,
		weekdays: numbered(source.weekdays),
		plurals: numbered(source.plurals),
		months: numbered(source.months),
		units: dictionaryOf([...units, [{unit: "week", times: 2}, source.fortnight ?? ""]]),
		hours: dictionaryOf([[60, source.hours], [1, source.minutes]]),
		numbers: byNumber(source.numbers),
		nth: byNumber(source.nth),
		dateWords: byNumber(source.dateWords ?? {}),
		ordinalSuffixes: setOf(source.ordinalSuffixes),
		hourWords: setOf(source.hourWords),
		lengthWords: setOf(source.lengthWords),
		articles: setOf(source.articles),
		am: setOf(source.am),
		pm: setOf(source.pm),
		and: setOf(source.and),
		rangeWords: setOf(source.rangeWords),
		compounds: compoundsOf(source),
		weak: setOf(source.weak),
		blockers: setOf(source.blockers),
		openers: setOf(source.openers),
		priorities: dictionaryOf([...Object.entries(english.priorities), ...Object.entries(source.priorities)]),
		trees: treesOf(source.phrases),
		names: treeOf(source.names.map(name => [name, true])),
	}
}

const languageOf = tag => String(tag).toLowerCase().split(/[-_]/)[0]

// Fetches the grammar for a language tag ("de-AT"), after which grammarOf() has it; it is
// rejected if that can't be fetched.  For a language without one it does nothing.
export async function loadGrammar(tag) {
	const name = languageOf(tag)
	if (Object.hasOwn(sources, name) && !prepared.has(name))
		prepared.set(name, prepare(name, await sources[name]()))
}

// The grammar for a language tag, if it was loaded; that of English if not.
export function grammarOf(tag) {
	if (!prepared.has("en"))
		prepared.set("en", prepare("en", english))
	return prepared.get(languageOf(tag)) ?? prepared.get("en")
}
