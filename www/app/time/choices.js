// The days and repetitions that are chosen most, as they are offered.
import {lastOfMonth, partsOf, plusDays, weekdayOf, weekdayFrom} from "./day.js"

const CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

// {today, tomorrow, weekend, nextWeek}.  week: {firstDay, weekend}, 1 is Monday.
export function quickDays(today, {firstDay, weekend}) {
	const tomorrow = plusDays(today, 1)
	return {
		today,
		tomorrow,
		weekend: weekdayFrom(tomorrow, weekend[0]),
		nextWeek: weekdayFrom(tomorrow, firstDay),
	}
}

// The last of this weekday in the day's month, or in the next if it is over.
function lastWeekday(day, weekday) {
	const last = month => plusDays(lastOfMonth(month), -((weekdayOf(lastOfMonth(month)) - weekday + 7) % 7))
	const here = last(day)
	return here >= day ? here : last(plusDays(lastOfMonth(day), 1))
}

// Repetitions of what is due on this day, {pattern, day}: day is the first of them.
export function repetitionsFrom(day) {
	const {month, date} = partsOf(day)
	const weekday = weekdayOf(day)
	const code = CODES[weekday - 1]
	const at = pattern => ({pattern, day})
	return [
		at("FREQ=DAILY"),
		{pattern: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", day: weekday > 5 ? weekdayFrom(day, 1) : day},
		at(`FREQ=WEEKLY;BYDAY=${code}`),
		at(`FREQ=WEEKLY;INTERVAL=2;BYDAY=${code}`),
		at(`FREQ=MONTHLY;BYMONTHDAY=${date}`),
		...date < 29 ? [at(`FREQ=MONTHLY;BYDAY=${Math.ceil(date / 7)}${code}`)] : [],
		{pattern: `FREQ=MONTHLY;BYDAY=-1${code}`, day: lastWeekday(day, weekday)},
		{pattern: "FREQ=MONTHLY;BYMONTHDAY=-1", day: lastOfMonth(day)},
		at(`FREQ=YEARLY;BYMONTH=${month};BYMONTHDAY=${date}`),
	]
}
