// Rules of RFC 5545 as other programs write them, as the service takes them.

const LONGEST = 100
const PARTS = {
	FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
	INTERVAL: /^\d{1,3}$/,
	COUNT: /^\d{1,4}$/,
	UNTIL: /^\d{8}(T\d{6}Z?)?$/,
	BYDAY: /^[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU)(,[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU))*$/,
	BYMONTHDAY: /^-?\d{1,2}(,-?\d{1,2})*$/,
	BYMONTH: /^\d{1,2}(,\d{1,2})*$/,
	BYYEARDAY: /^-?\d{1,3}(,-?\d{1,3})*$/,
	BYWEEKNO: /^-?\d{1,2}(,-?\d{1,2})*$/,
	BYSETPOS: /^-?\d{1,3}(,-?\d{1,3})*$/,
	WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
}
// What says nothing, or what only its maker understands.
const isIdle = (name, value) => name === "INTERVAL" && Number(value) === 1 || /^(TT_|X-)/.test(name)

// The rule, or null if the service has no such repetition.
export function ruleOf(text) {
	const parts = new Map()
	for (const part of text.trim().toUpperCase().replace(/^RRULE:/, "").split(";").filter(one => one !== "")) {
		const [name, value = ""] = part.split("=")
		if (isIdle(name, value))
			continue
		if (!Object.hasOwn(PARTS, name) || !PARTS[name].test(value) || parts.has(name))
			return null
		parts.set(name, value)
	}
	const isWhole = parts.has("FREQ") && !(parts.has("COUNT") && parts.has("UNTIL"))
		&& !["0", "00", "000"].includes(parts.get("INTERVAL"))
	const rule = [...parts].map(([name, value]) => `${name}=${value}`).join(";")
	return isWhole && rule.length <= LONGEST ? rule : null
}
