// SPDX-License-Identifier: ISC
// A task in one line: "Pay rent !high #home every month on the 1st by friday".
import { iso, local, monthNames, plus, stamp, today, weekdayNames } from "./dates.js";

const escape = (s) => s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const either = (map) => [...map.keys()].sort((a, b) => b.length - a.length).map(escape).join("|");
const weekday = either(weekdayNames), month = either(monthNames);
const unit = "days?|weeks?|months?|years?";
const end = "(?![\\p{L}\\p{N}_'’-])";
const codes = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const priorities = { h: "High", 1: "High", m: "Medium", 2: "Medium", l: "Low", 3: "Low" };

const on = (day) => plus(today(), (day - local(today()).getDay() + 7) % 7);
const make = (y, m, d) => {
	const date = new Date(y, m, d);
	return date.getMonth() === m ? iso(date) : null;
};
function later(n, what) {
	const d = local(today());
	if (/^month|^year/.test(what)) {
		const day = d.getDate();
		d.setDate(1);
		d.setMonth(d.getMonth() + n * (what[0] === "y" ? 12 : 1));
		d.setDate(Math.min(day, new Date(d.getFullYear(), d.getMonth() + 1, 0).getDate()));
		return iso(d);
	}
	return plus(today(), n * (what[0] === "w" ? 7 : 1));
}
// A day without a year: the coming one.
function coming(m, d, y) {
	const now = new Date();
	const day = make(y ? Number(y) : now.getFullYear(), m, d);
	return day && !y && day < today() ? make(now.getFullYear() + 1, m, d) : day;
}

// How a day is written, and which one that is; null where there is none.
const days = [
	["(\\d{4})-(\\d\\d)-(\\d\\d)", (y, m, d) => make(Number(y), m - 1, Number(d))],
	["today|tonight", () => today()],
	["tomorrow", () => plus(today(), 1)],
	["next week", () => plus(today(), 7)],
	["next month", () => later(1, "month")],
	[`in (\\d{1,3}) (${unit})`, (n, what) => later(Number(n), what)],
	[`in an? (${unit})`, (what) => later(1, what)],
	[`next (${weekday})`, (w) => plus(on(weekdayNames.get(w)), on(weekdayNames.get(w)) === today() ? 7 : 0)],
	[`(\\d{1,2})(?:st|nd|rd|th|\\.)? (${month})(?:,? (\\d{4}))?`, (d, m, y) => coming(monthNames.get(m), Number(d), y)],
	[`(${month}) (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?`, (m, d, y) => coming(monthNames.get(m), Number(d), y)],
	[`(${weekday})`, (w) => on(weekdayNames.get(w))],
];
const clock = "(?:,? (?:at )?(?:(\\d{1,2})[:.](\\d\\d) ?(am|pm)?|(\\d{1,2}) ?(am|pm)))?";

// null where there is no such time, "" where none was said
function time([h1, m = "00", half1, h2, half2]) {
	const h = h1 ?? h2, half = half1 ?? half2;
	if (h === undefined)
		return "";
	return h > (half ? 12 : 23) || m > 59 || (half && h < 1) ? null
		: `${String(half ? h % 12 + (half === "pm" ? 12 : 0) : h).padStart(2, "0")}:${m}`;
}

// How a repetition is written, and [pattern, first day] of it.
const rules = [
	[`every (${weekday})((?:,? (?:and )?(?:${weekday})${end})*)`, (first, more) => {
		const list = [first, ...more.split(/,? (?:and )?/).filter(Boolean)].map((w) => weekdayNames.get(w));
		return [`FREQ=WEEKLY;BYDAY=${[...new Set(list)].map((d) => codes[d]).join(",")}`,
			list.map(on).sort()[0]];
	}],
	["every month on the last day", () => {
		const now = new Date();
		return ["FREQ=MONTHLY;BYMONTHDAY=-1", iso(new Date(now.getFullYear(), now.getMonth() + 1, 0))];
	}],
	["every month on the (\\d{1,2})(?:st|nd|rd|th)?", (d) => {
		if (d < 1 || d > 31)
			return null;
		const now = new Date();
		for (let i = 0; i < 12; i++) {
			const day = make(now.getFullYear(), now.getMonth() + i, Number(d))
				?? make(now.getFullYear() + 1, (now.getMonth() + i) % 12, Number(d));
			if (day && day >= today())
				return [`FREQ=MONTHLY;BYMONTHDAY=${Number(d)}`, day];
		}
	}],
	["(?:every weekday|(?:on )?weekdays)", () => ["weekdays"]],
	[`every (?:(\\d{1,3}|other) )?(${unit})`, (n, what) => {
		what = what.replace(/s$/, "");
		n = n === "other" ? 2 : Number(n ?? 1);
		return n < 1 ? null : [n > 1 ? `every ${n} ${what}s`
			: { day: "daily", week: "weekly", month: "monthly", year: "yearly" }[what]];
	}],
	["(daily|weekly|monthly|yearly)(?=\\s*(?:$|[!#]|by |due |on ))", (word) => [word]],
];

// What the line says: { title, due_date, priority, tags, recursion_pattern }, where
// what is not said is undefined; kept has the kinds that are not looked for.
export function parse(line, kept = new Set()) {
	const task = { tags: [] };
	let text = ` ${line} `, guess;
	// Takes the first that fits out of the text.
	const take = (kind, source, use) => {
		const at = new RegExp(`(?<=\\s)(?:${source})${end}`, "iu").exec(text);
		const got = !kept.has(kind) && at && use(...at.slice(1).map((s) => s?.toLowerCase()), at);
		if (!got)
			return false;
		text = text.slice(0, at.index) + text.slice(at.index + at[0].length);
		return true;
	};
	while (take("priority", "!(high|medium|med|low|[hml123])", (p) => task.priority = priorities[p[0]]));
	while (take("tags", "#([\\p{L}\\p{N}_][\\p{L}\\p{N}_-]{0,49})", (_, at) => {
		if (!task.tags.includes(at[1]))
			task.tags.push(at[1]);
		return true;
	}));
	rules.some(([source, use]) => take("recursion_pattern", source, (...found) => {
		const rule = use(...found);
		[task.recursion_pattern, guess] = rule ?? [];
		return rule;
	}));
	const day = (before) => ([source, use]) => take("due_date", `${before}(?:${source})${clock}`, (...found) => {
		found.pop();
		const at = time(found.splice(-5)), date = use(...found);
		if (!date || at === null)
			return false;
		task.due_date = at ? stamp(date, at) : date;
		return true;
	});
	if (!days.some(day("(?:by|due|on|until|before) (?:the )?")) && !days.slice(0, 3).some(day("")))
		if (guess)
			task.due_date = guess;
	task.title = text.replace(/\s+/g, " ").trim();
	return task;
}

// --- repetitions in words -------------------------------------------------------------
const ordinal = (n) => `${n}${n % 100 > 10 && n % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][n % 10] ?? "th"}`;
const list = new Intl.ListFormat("en");
const freq = { DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year" };
const known = new RegExp(`^(?:daily|weekly|monthly|yearly|weekdays|every (?:(?:\\d+|other) )?(?:${unit}))$`, "i");

// Whether the words are those that the service understands; null: it has to be asked.
export const understood = (pattern) => known.test(pattern) || null;

// A rule of RFC 5545 as a person would say it, where it is one that is said often.
export function describe(pattern) {
	const rule = Object.fromEntries(pattern.replace(/^RRULE:/i, "").toUpperCase().split(";").map((p) => p.split("=")));
	const { FREQ, INTERVAL = 1, BYDAY, BYMONTHDAY, COUNT, ...other } = rule;
	if (!freq[FREQ] || Object.keys(other).length || (BYDAY && BYMONTHDAY))
		return pattern;
	const on = BYDAY ? BYDAY.split(",").map((d) => codes.indexOf(d)) : [];
	const at = BYMONTHDAY ? BYMONTHDAY.split(",").map(Number) : [];
	if (on.includes(-1) || at.some((d) => d < -1))
		return pattern;
	const names = on.map((d) => local(plus("2023-01-01", d)).toLocaleDateString(navigator.languages, { weekday: "long" }));
	return (FREQ === "WEEKLY" && on.length && INTERVAL < 2 ? `every ${list.format(names)}`
		: `every ${INTERVAL > 1 ? `${INTERVAL} ${freq[FREQ]}s` : freq[FREQ]}`
		+ (names.length ? ` on ${list.format(names)}` : "")
		+ (at.length ? ` on the ${list.format(at.map((d) => d < 0 ? "last day" : ordinal(d)))}` : ""))
		+ (COUNT ? `, ${COUNT} more` : "");
}
