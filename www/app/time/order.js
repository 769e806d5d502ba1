// The order of day and month in figures: 3/12 is in March or in December.

const known = new Map()		// by language: Intl takes its time

// Whether the month comes first in the language (a tag: "en-US"); as in English for what is none.
export function isMonthFirst(language) {
	if (!known.has(language)) {
		let order = ["month", "day"]
		try {
			const format = new Intl.DateTimeFormat(language, {day: "numeric", month: "numeric"})
			order = format.formatToParts(0).map(({type}) => type)
		} catch {
			// Some browsers say "C" or "en-US@posix".
		}
		known.set(language, order.indexOf("month") < order.indexOf("day"))
	}
	return known.get(language)
}
