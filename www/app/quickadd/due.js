// When a task is due by what was chosen of its line, and when its repetition ends.
//
// chosen is {date, time, repeat, from, until}: of each kind the candidate that is meant, or
// undefined.
import {plusDays, plusMonths} from "../time/day.js"
import {firstDay, needsDate} from "./recurrence.js"

const FIRST_MORNING_HOUR = 6	// "at 5" is in the afternoon

const clockText = ({hour, minute}) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`

// The times that the clock may mean, the likelier first.
function readings(clock, half, {twelveHours}) {
	const {hour, form, isVague} = clock
	const early = clockText(clock)
	if (!isVague || form === "clock" && !half && !twelveHours)
		return [early]
	const late = clockText({...clock, hour: hour + 12})
	if (half)
		return half === "pm" ? [late] : [early]
	if (hour < FIRST_MORNING_HOUR)
		return [late]
	return form === "hour" ? [early, late] : [early]
}

// The time of day, or null; day is null if the line names none.
function timeOf({date, time, repeat}, day, {today, clock}, grammar) {
	const part = time?.part ?? date?.part ?? repeat?.part ?? null
	if (time !== undefined) {
		const possible = readings(time.value, part?.half, grammar)
		const isToday = day === today || day === null && repeat === undefined
		return isToday ? possible.find(text => text >= clock) ?? possible[0] : possible[0]
	}
	if (date?.value.time !== undefined)
		return date.value.time
	// "tonight", said at eleven, is no time that is over.
	return part === null || day === today && part.time < clock ? null : part.time
}

function firstOf(repetition, from, time, {today, clock}) {
	if (repetition.first !== undefined)
		return repetition.first
	if (needsDate(repetition))
		return from ?? null
	const start = from ?? today
	return firstDay(repetition, start === today && time !== null && time < clock ? plusDays(today, 1) : start)
}

// {day, time}: when the task is due, for the first time if it repeats.  Each may be null.
export function dueOf(chosen, context, grammar) {
	const {date, time, repeat, from} = chosen
	const given = date?.value.day ?? null
	const onWall = timeOf(chosen, given, context, grammar)
	if (given !== null)
		return {day: given, time: onWall}
	if (repeat !== undefined) {
		const day = firstOf(repeat.value, from?.value.day, onWall, context)
		return {day, time: day === null ? null : onWall}
	}
	if (time === undefined)
		return {day: null, time: null}
	return {day: onWall < context.clock ? plusDays(context.today, 1) : context.today, time: onWall}
}

// The last day of so many days, weeks, months or years that begin on the day.
function lastDay(day, {number, unit: {unit, times}}) {
	const count = number * times
	if (unit === "day" || unit === "week")
		return plusDays(day, count * (unit === "week" ? 7 : 1) - 1)
	const end = plusMonths(day, count * (unit === "year" ? 12 : 1))
	return end === null ? null : plusDays(end, -1)
}

// How the repetition ends, as ruleText() has it; undefined if the line does not say.
export function endOf({until}, day, {today}) {
	if (until === undefined)
		return undefined
	const {day: last, count, during} = until.value
	if (count !== undefined)
		return {count: count.number}
	return {until: last ?? lastDay(day ?? today, during) ?? undefined}
}
