// A task in one line: "Pay rent !high #home every month on the 1st by friday".
import {iso, local, pad, plus, stamp, today} from "./dates.js"

const weekdays = "sunday monday tuesday wednesday thursday friday saturday".split(" ")
const months = "january february march april may june july august september october november december".split(" ")
const either = names => names.map(n => `${n.slice(0, 3)}(?:${n.slice(3)})?`).join("|")
const weekday = either(weekdays), month = either(months)
const nth = "st|nd|rd|th", unit = "days?|weeks?|months?|years?", end = "(?![\\p{L}\\p{N}_'’-])"
const number = w => weekdays.findIndex(d => d.startsWith(w))
const code = n => weekdays[n].slice(0, 2).toUpperCase()
const priorities = {h: "High", 1: "High", m: "Medium", 2: "Medium", l: "Low", 3: "Low"}

const coming = w => plus(today(), (number(w) - local(today()).getDay() + 7) % 7)
function date(y, m, d) {
	const at = new Date(y, m, d)
	return at.getDate() === +d && iso(at)
}
function named(d, m, y) {
	const at = year => date(year, months.findIndex(n => n.startsWith(m)), d), now = new Date().getFullYear()
	return y ? at(y) : at(now) >= today() ? at(now) : at(now + 1)
}

// How days are written; the first three also without "by".
const days = [
	["(\\d{4})-(0[1-9]|1[0-2])-(\\d\\d)", (y, m, d) => date(y, m - 1, d)],
	["today", today],
	["tomorrow", () => plus(today(), 1)],
	[`(${weekday})`, coming],
	[`(\\d\\d?)(?:${nth})? (${month})(?: (\\d{4}))?`, named],
	[`(${month}) (\\d\\d?)(?:${nth})?(?:,? (\\d{4}))?`, (m, d, y) => named(d, m, y)],
]
const clock = "(?:,? (?:at )?(\\d\\d?)(?:[:.](\\d\\d))?(?: ?(am|pm))?(?<=[:.]\\d\\d|m))?"
function time([h, m = "00", half]) {
	return h === undefined ? "" : h > (half ? 12 : 23) || m > 59 ? null
		: `${pad(half ? h % 12 + (half === "pm" ? 12 : 0) : h)}:${m}`
}

// How repetitions are written: the pattern, the first day.
const rules = [
	[`every ((?:${weekday})(?:,? (?:and )?(?:${weekday})${end})*)`, list => {
		const names = list.split(/,? (?:and )?/)
		return [`FREQ=WEEKLY;BYDAY=${names.map(w => code(number(w)))}`, names.map(coming).sort()[0]]
	}],
	[`every month on the (?:(\\d\\d?)(?:${nth})?|last day)`, d => {
		const now = new Date(), y = now.getFullYear(), m = now.getMonth()
		const due = [0, 1, 2].map(n => d ? date(y, m + n, d) : iso(new Date(y, m + n + 1, 0))).find(day => day >= today())
		return due && [`FREQ=MONTHLY;BYMONTHDAY=${d ? +d : -1}`, due]
	}],
	["every weekday|weekdays", () => ["weekdays"]],
	[`every (?:(\\d{1,3}|other) )?(${unit})`, (n = 1, what) => n !== "0" && [`every ${n === "other" ? 2 : n} ${what}`
		.replace(/^every 1 (\w+?)s?$/, "$1ly").replace("dayly", "daily").replace(/(\d \w+?)s?$/, "$1s")]],
	["(daily|weekly|monthly|yearly)(?= *(?:$|[!#]|by |due |on ))", word => [word]],
]

// What the line says, as a task's fields; the kinds in kept are not looked for.
export function parse(line, kept) {
	const task = {tags: []}
	let text = ` ${line} `, first
	const take = (kind, source, use) => {
		const at = new RegExp(`(?<=\\s)(?:${source})${end}`, "iu").exec(text)
		if (kept?.has(kind) || !at || !use(at[0], ...at.slice(1).map(s => s?.toLowerCase())))
			return false
		text = text.slice(0, at.index) + text.slice(at.index + at[0].length)
		return true
	}
	while (take("priority", "!(high|medium|med|low|[hml123])", (_, p) => task.priority = priorities[p[0]]));
	while (take("tags", "#[\\p{L}\\p{N}_][\\p{L}\\p{N}_-]{0,49}", tag => task.tags.push(tag.slice(1))));
	task.tags = [...new Set(task.tags)]
	rules.some(([source, use]) => take("recursion_pattern", source, (_, ...found) => {
		[task.recursion_pattern, first] = use(...found) || []
		return task.recursion_pattern
	}))
	const due = before => ([source, use]) => take("due_date", `${before}(?:${source})${clock}`, (_, ...found) => {
		const at = time(found.splice(-3)), day = use(...found)
		return day && at !== null && (task.due_date = at ? stamp(day, at) : day)
	})
	if (!days.some(due("(?:by|due|on) ")) && !days.slice(0, 3).some(due("")))
		task.due_date = first
	task.title = text.replace(/\s+/g, " ").trim()
	return task
}

// The rules that are made here, in words.
export const describe = pattern => pattern
	.replace(/^FREQ=WEEKLY;BYDAY=([A-Z,]+)$/, (_, on) => `every ${on.split(",").map(d => weekdays.find((w, n) => code(n) === d)).join(" and ")}`)
	.replace(/^FREQ=MONTHLY;BYMONTHDAY=(-?\d+)$/, (_, d) => `every month on the ${d < 0 ? "last day"
		: d + (d > 3 && d < 21 ? "th" : ["th", "st", "nd", "rd"][d % 10] ?? "th")}`)
