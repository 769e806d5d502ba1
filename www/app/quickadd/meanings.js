// What phrases mean: days, and repetitions.
//
// A meaning is a function of what the phrase's slots hold and of the context {today, now, zone,
// week: {firstDay, weekend}, monthFirst, nextIsNextWeek}, with the argument that the grammar
// gives.  It answers a value; {problem} if the phrase is plain but has no such day; null if the
// phrase does not mean anything.
import {dayOf, lastOfMonth, monthLength, partsOf, plusDays, plusMonths, weekStart, weekdayFrom, weekdayOf}
	from "../time/day.js"
import {wallClock} from "../time/zone.js"
import {firstDay} from "./recurrence.js"

const LEAP_YEARS_APART = 8
const MONTHS = 12
const MS_PER_MINUTE = 60000
const NO_SUCH_DAY = {problem: "no-such-day"}

const known = day => day === null ? NO_SUCH_DAY : {day}

// So many days, weeks, months or years after the day.
function later(day, count, {unit, times}) {
	const number = count * times
	switch (unit) {
	case "day":
		return plusDays(day, number)
	case "week":
		return plusDays(day, 7 * number)
	case "month":
		return plusMonths(day, number)
	default:
		return plusMonths(day, 12 * number)
	}
}

// The date in this year or the next that has it and is not past.
function coming(month, date, today) {
	const {year} = partsOf(today)
	for (let count = 0; count <= LEAP_YEARS_APART; count++) {
		const day = dayOf(year + count, month, date)
		if (day !== null && day >= today)
			return day
	}
	return null
}

// The next day of the month with that number.
function comingDate(date, today) {
	let {year, month} = partsOf(today)
	for (let count = 0; count <= 12; count++) {
		const day = dayOf(year, month, date)
		if (day !== null && day >= today)
			return day
		year += Math.floor(month / 12)
		month = month % 12 + 1
	}
	return null
}

function firstOfMonth(day, months) {
	return plusMonths(day.slice(0, 8) + "01", months)
}

const startOfNextWeek = ({today, week}) => plusDays(weekStart(today, week.firstDay), 7)

// The first day of the weekend that comes, or that today is in.
function weekendStart({today, week: {weekend}}) {
	const start = weekend[0]
	return weekend.includes(weekdayOf(today)) ? plusDays(today, -((weekdayOf(today) - start + 7) % 7))
		: weekdayFrom(today, start)
}

function nthWeekday(nth, weekday, from) {
	const day = firstDay({weekdays: [weekday], nth}, from)
	return day !== null && day <= lastOfMonth(from) ? {day} : NO_SUCH_DAY
}

const ends = {
	week: ({today, week}) => {
		const lastWorkday = (week.weekend[0] + 5) % 7 + 1
		return weekdayFrom(today, lastWorkday)
	},
	month: ({today}) => lastOfMonth(today),
	year: ({today}) => `${today.slice(0, 4)}-12-31`,
	nextWeek: context => weekdayFrom(startOfNextWeek(context), (context.week.weekend[0] + 5) % 7 + 1),
	nextMonth: ({today}) => lastOfMonth(firstOfMonth(today, 1)),
}

const starts = {
	week: context => {
		let day = startOfNextWeek(context)
		while (context.week.weekend.includes(weekdayOf(day)))
			day = plusDays(day, 1)
		return day
	},
	month: ({today}) => firstOfMonth(today, 1),
	year: ({today}) => `${String(partsOf(today).year + 1).padStart(4, "0")}-01-01`,
}

// A date in figures: which is the month may be a matter of the language.
function figure({figure: {year, month, date, first, second}}, context) {
	const isMonthFirst = context.monthFirst ? first <= MONTHS : second > MONTHS
	const [inMonth, onDate] = first === undefined ? [month, date] : isMonthFirst ? [first, second] : [second, first]
	if (inMonth < 1 || inMonth > MONTHS)
		return year === undefined ? null : NO_SUCH_DAY
	if (year === undefined)
		return known(coming(inMonth, onDate, context.today))
	return known(dayOf(year, inMonth, onDate))
}

// "Monday 30 Nov": the weekday is believed if it fits, and said if it does not.
function monthDay({month, date, year, weekday}, {today}) {
	const day = year === undefined ? coming(month, date, today) : dayOf(year, month, date)
	if (day === null)
		return NO_SUCH_DAY
	return weekday === undefined || weekdayOf(day) === weekday ? {day} : {day, remark: "weekday-differs"}
}

export const days = {
	days: (slots, {today}, count) => ({day: plusDays(today, count)}),
	later: ({number = 1, unit}, {today}) => known(later(today, number, unit)),
	hoursLater: ({number = 1, hours}, {now, zone}, minutes = number * hours) => {
		const instant = (Math.floor(now / MS_PER_MINUTE) + minutes) * MS_PER_MINUTE
		return {...wallClock(instant, zone), instant}
	},
	spanLater: ({span}, context) =>
		span.hours === undefined ? days.later(span, context) : days.hoursLater(span, context),
	weekday: ({weekday}, {today}) => ({day: weekdayFrom(plusDays(today, 1), weekday), isWeekday: true}),
	thisWeekday: ({weekday}, {today}) => ({day: weekdayFrom(today, weekday)}),
	nextWeekday: ({weekday}, context) => ({day: context.nextIsNextWeek
		? weekdayFrom(startOfNextWeek(context), weekday) : weekdayFrom(plusDays(context.today, 1), weekday)}),
	weekdayNextWeek: ({weekday}, context) => ({day: weekdayFrom(startOfNextWeek(context), weekday)}),
	weekAfterWeekday: ({weekday}, {today}) => ({day: plusDays(weekdayFrom(plusDays(today, 1), weekday), 7)}),
	start: (slots, context, of) => ({day: starts[of](context)}),
	end: (slots, context, of) => ({day: ends[of](context)}),
	weekend: (slots, context) => {
		const day = weekendStart(context)
		return {day: day < context.today ? context.today : day}
	},
	nextWeekend: (slots, context) => ({day: plusDays(weekendStart(context), 7)}),
	dateOfMonth: ({date, weekday}, {today}) => {
		const day = comingDate(date, today)
		const differs = day !== null && weekday !== undefined && weekdayOf(day) !== weekday
		return differs ? {day, remark: "weekday-differs"} : known(day)
	},
	monthDay,
	figure,
	endOfMonth: ({month, year}, {today}) => {
		const now = partsOf(today)
		const inYear = year ?? (now.month > month ? now.year + 1 : now.year)
		return known(dayOf(inYear, month, monthLength(inYear, month)))
	},
	nthOfMonth: ({nth, weekday, month, year}, {today}) => {
		const inYear = year ?? partsOf(today).year
		const found = nthWeekday(nth, weekday, dayOf(inYear, month, 1))
		const isPast = year === undefined && found.day < today
		return isPast ? nthWeekday(nth, weekday, dayOf(inYear + 1, month, 1)) : found
	},
	nthOfNextMonth: ({nth, weekday}, {today}) => nthWeekday(nth, weekday, firstOfMonth(today, 1)),
	nthOfThisMonth: ({nth, weekday}, {today}) => {
		const found = nthWeekday(nth, weekday, firstOfMonth(today, 0))
		return found.day < today ? nthWeekday(nth, weekday, firstOfMonth(today, 1)) : found
	},
}

const FREQUENCIES = {day: "DAILY", week: "WEEKLY", month: "MONTHLY", year: "YEARLY"}
const MOST = 999

function every(count, {unit, times}) {
	return count * times > MOST ? null : {freq: FREQUENCIES[unit], interval: count * times}
}

const workdaysOf = ({week: {weekend}}) => [1, 2, 3, 4, 5, 6, 7].filter(day => !weekend.includes(day))

// The argument is an interval if the phrase has it in words ("every other").
export const repeats = {
	every: ({number = 1, unit}, context, interval) => every(interval ?? number, unit),
	everyUnit: (slots, context, [count, unit]) => every(count, {unit, times: 1}),
	onWeekdays: ({weekdays, plural, list, weekday, number = 1}, context, interval) =>
		({freq: "WEEKLY", interval: interval ?? number, weekdays: weekdays ?? list ?? [plural ?? weekday]}),
	workdays: (slots, context) => ({freq: "WEEKLY", weekdays: workdaysOf(context)}),
	weekends: (slots, {week}) => ({freq: "WEEKLY", weekdays: [...week.weekend].sort()}),
	monthlyNth: ({nth, weekday, number = 1}, context, interval) =>
		({freq: "MONTHLY", interval: interval ?? number, weekdays: [weekday], nth}),
	monthlyDate: ({date, number = 1}, context, interval) =>
		({freq: "MONTHLY", interval: interval ?? number, dates: [date]}),
	monthlyDates: ({date, second}) => ({freq: "MONTHLY", dates: [date, second].sort((a, b) => a - b)}),
	monthlyFirstDay: ({number = 1}) => ({freq: "MONTHLY", interval: number, dates: [1]}),
	monthlyLastDay: ({number = 1}, context, interval) =>
		({freq: "MONTHLY", interval: interval ?? number, dates: [-1]}),
	yearlyDay: ({month, date}, {today}) => {
		const first = coming(month, date, today)
		return first === null ? NO_SUCH_DAY : {freq: "YEARLY", first}
	},
	yearlyNth: ({nth, weekday, month}) => ({freq: "YEARLY", weekdays: [weekday], nth, months: [month]}),
}

const NOON = 12

// The argument is an hour, or how many minutes after the hour of the phrase.
export const times = {
	at: (slots, context, hour) => ({hour, minute: 0}),
	clock: ({clock}) => clock,
	bare: ({clock}) => clock.form === "clock" ? clock : null,
	exact: ({clock}) => clock.form === "hour" ? null : clock,
	range: ({clock}) => clock.isRange ? clock : null,
	around: ({number}, context, minutes) => {
		if (number > NOON)
			return null
		const all = (number * 60 + minutes + 24 * 60) % (24 * 60)
		return {hour: Math.floor(all / 60), minute: all % 60, form: "hour", isVague: number < NOON}
	},
}
