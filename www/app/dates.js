// Dates in the user's locale and time zone.  A day is its ISO text.

export const pad = n => String(n).padStart(2, "0"), locale = navigator.languages
const isoDay = new Intl.DateTimeFormat("sv"), isoTime = new Intl.DateTimeFormat("sv", {timeStyle: "short"})
const format = options => new Intl.DateTimeFormat(locale, options)

export const iso = d => `000${isoDay.format(d)}`.slice(-10)
export const local = day => new Date(`${day}T00:00`)
export const today = () => iso(new Date())
export function plus(day, n, months = 0) {
	const d = local(day)
	d.setMonth(d.getMonth() + months, d.getDate() + n)
	return iso(d)
}

export function stamp(day, time = "00:00") {
	const off = -new Date(`${day}T${time}`).getTimezoneOffset(), a = Math.abs(off)
	return `${day}T${time}:00${off < 0 ? "-" : "+"}${pad(Math.floor(a / 60))}:${pad(a % 60)}`
}

const isDay = due => due.length === 10
export const moment = due => isDay(due) ? local(due) : new Date(due)
export const dayOf = due => isDay(due) ? due : iso(moment(due))
const hour = style => due => isDay(due) ? "" : style.format(moment(due))
export const timeOf = hour(isoTime), clockOf = hour(format({timeStyle: "short"}))
export const overdue = due => isDay(due) ? due < today() : moment(due) < new Date()

const near = new Intl.RelativeTimeFormat(locale, {numeric: "auto"})
const short = format({weekday: "short", day: "numeric", month: "short"}), long = format({dateStyle: "medium"})
export const fullDay = format({dateStyle: "full"}), fullMonth = format({month: "long", year: "numeric"})

export function words(due) {
	const d = local(dayOf(due)), days = Math.round((d - local(today())) / 864e5)
	const text = Math.abs(days) < 2 ? near.format(days, "day").replace(/^./u, c => c.toLocaleUpperCase())
		: (Math.abs(days) < 90 ? short : long).format(d)
	return isDay(due) ? text : `${text}, ${clockOf(due)}`
}

const first = (new Intl.Locale(locale[0]).getWeekInfo?.().firstDay ?? 1) % 7
export const weekStart = day => plus(day, -((local(day).getDay() - first + 7) % 7))
export const weekdays = () => [0, 1, 2, 3, 4, 5, 6].map(i => format({weekday: "short"}).format(local(plus(weekStart(today()), i))))
