// SPDX-License-Identifier: ISC
// Dates as people have them: their locale, their time zone.  A day is its ISO text.

const pad = (n, width = 2) => String(n).padStart(width, "0");
const locale = navigator.languages;
const format = (options) => new Intl.DateTimeFormat(locale, options);

export const iso = (d) => `${pad(d.getFullYear(), 4)}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`;
export const local = (day) => new Date(`${day}T00:00:00`);
export const today = () => iso(new Date());
export function plus(day, n) {
	const d = local(day);
	d.setDate(d.getDate() + n);
	return iso(d);
}

// A local time with its offset, as RFC 3339 wants it.
export function stamp(day, time = "00:00") {
	const d = new Date(`${day}T${time}:00`);
	const off = -d.getTimezoneOffset();
	return `${iso(d)}T${pad(d.getHours())}:${pad(d.getMinutes())}:00${off < 0 ? "-" : "+"}`
		+ `${pad(Math.trunc(Math.abs(off) / 60))}:${pad(Math.abs(off) % 60)}`;
}

const isDay = (due) => due.length === 10;
export const moment = (due) => isDay(due) ? local(due) : new Date(due);
export const dayOf = (due) => isDay(due) ? due : iso(new Date(due));
export function timeOf(due) {
	const d = moment(due);
	return isDay(due) ? "" : `${pad(d.getHours())}:${pad(d.getMinutes())}`;
}

// A day is over when it is; a time when it is past.
export const overdue = (due) => isDay(due) ? due < today() : new Date(due) < new Date();

const near = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
const short = format({ weekday: "short", day: "numeric", month: "short" });
const long = format({ day: "numeric", month: "short", year: "numeric" });
const clock = format({ hour: "numeric", minute: "2-digit" });
const full = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const month = format({ month: "long", year: "numeric" });
const capital = (s) => s.charAt(0).toLocaleUpperCase() + s.slice(1);

// "Tomorrow, 17:00", "Fri, 27 Nov"
export function words(due) {
	const day = dayOf(due), d = local(day), now = local(today());
	const days = Math.round((d - now) / 86400000);
	const text = Math.abs(days) <= 1 ? capital(near.format(days, "day"))
		: (d.getFullYear() === now.getFullYear() || Math.abs(days) < 90 ? short : long).format(d);
	return isDay(due) ? text : `${text}, ${clock.format(new Date(due))}`;
}
export const fullWords = (day) => full.format(local(day));
export const monthWords = (day) => month.format(local(day));
export const dateTime = (t) => format({ dateStyle: "medium", timeStyle: "short" }).format(new Date(t));

// --- weeks --------------------------------------------------------------------------
const where = new Intl.Locale(locale[0] ?? "en");
const info = where.getWeekInfo?.() ?? where.weekInfo;
const first = (info?.firstDay ?? 1) % 7;		// Sunday is 0
export const weekStart = (day) => plus(day, -((local(day).getDay() - first + 7) % 7));
export const weekdays = () => [...Array(7).keys()].map((i) =>
	format({ weekday: "short" }).format(local(plus(weekStart(today()), i))));

// Names of weekdays and months, in English and as the user says them.
const names = (n, options, date) => ["en", ...locale].map((l) => [...Array(n).keys()].flatMap((i) =>
	["long", "short"].map((w) => [new Intl.DateTimeFormat(l, options(w)).format(date(i))
		.toLowerCase().replace(/\.$/, ""), i]))).flat();
export const weekdayNames = new Map(names(7, (weekday) => ({ weekday }), (i) => new Date(2023, 0, 1 + i)));
export const monthNames = new Map(names(12, (m) => ({ month: m }), (i) => new Date(2023, i, 1)));
