// The languages in which the page can speak.  English is always there; the others are fetched
// by who reads them.
import english from "./en.js"

const sources = {
	de: () => import("./de.js").then(({default: table}) => table),
	fr: () => import("./fr.js").then(({default: table}) => table),
	es: () => import("./es.js").then(({default: table}) => table),
}

// Each by its own name.
export const LANGUAGES = {en: "English", de: "Deutsch", fr: "Français", es: "Español"}

const languageOf = tag => String(tag).toLowerCase().split(/[-_]/)[0]

// What the page speaks: what the person chose here, else the first of what the browser says
// (navigator.languages) that there is.
export function languageFor(chosen, said) {
	const wanted = [chosen, ...said ?? []].filter(Boolean).map(languageOf)
	return wanted.find(language => Object.hasOwn(LANGUAGES, language)) ?? "en"
}

// A table, and what is put together of it.
export function textOf(table) {
	const {rules, refusals, problems} = table
	return {
		...table,
		// A Problem (service/problem.js) in words.
		problem({kind, status, detail, fields}) {
			if (kind === "invalid" && fields.length)
				return [...new Set(fields.map(({name}) => rules[name] ?? problems.invalid))].join(" ")
			if (status === 413)
				return problems.long
			if (status === 429)
				return problems.attempts
			return Object.hasOwn(refusals, detail) ? refusals[detail] : problems[kind]
		},
		// What is wrong with a form before it is sent (store/fields.js).
		fault: ({name, rule}) => rule === "year" ? rules.year : rules[name] ?? rules.due_date,
	}
}

// All words in this language; in English, if the others can't be fetched.
export async function loadText(language) {
	const table = await sources[language]?.().catch(() => null)
	return textOf(table ?? english)
}
