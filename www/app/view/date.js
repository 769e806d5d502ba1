// The day, the time and the repetition of a task, or the day of several, in two taps.
import {bodyOf, valuesOf} from "../store/fields.js"
import {quickDays} from "../time/choices.js"
import {lastOfMonth, plusDays, plusMonths, weekStart} from "../time/day.js"
import {html, live, nothing} from "./lit.js"
import {repeatMenu} from "./repeat.js"
import {offerToRing} from "./rings.js"

const QUICK = ["today", "tomorrow", "weekend", "nextWeek"]

// What is chosen in the dialog for one task; kept with it until it closes.
function choiceOf({dialog, format}) {
	if (!dialog.values)
		dialog.values = valuesOf(dialog.tasks[0], format.zone)
	return dialog.values
}

function apply(app, values) {
	const [task] = app.dialog.tasks
	const body = bodyOf({...values, time: values.date ? values.time : ""}, task, app.format.zone, Date.now())
	app.show(null)
	if (Object.keys(body).length)
		app.change([{task, body}], app.text.toasts.moved([task], values.date && app.format.dayWords(values.date)))
}

function pick(app, day) {
	const {tasks} = app.dialog
	if (tasks.length > 1) {
		app.show(null)
		app.moveTo(tasks, day || null)
		app.chooseNone()
	} else
		apply(app, {...choiceOf(app), date: day})
}

function quick(app, chosen) {
	const {text, format} = app
	const days = quickDays(format.today(), format.week)
	return html`<p class="buttons quick">
		${QUICK.map(name => html`<button type=button data-quick=${name}
			aria-pressed=${String(days[name] === chosen)}
			@click=${() => pick(app, days[name])}>${text.date[name]}
			<small>${format.weekdayOf(days[name])}</small></button>`)}
		<button type=button data-quick=none @click=${() => pick(app, "")}>${text.date.none}</button></p>`
}

function smallMonth(app, chosen) {
	const {text, format, dialog} = app
	dialog.month ??= (chosen || format.today()).slice(0, 7)
	const start = `${dialog.month}-01`
	const end = plusDays(weekStart(lastOfMonth(start), format.first), 7)
	const days = []
	for (let day = weekStart(start, format.first); day < end; day = plusDays(day, 1))
		days.push(day)
	const turn = by => {
		dialog.month = plusMonths(start, by).slice(0, 7)
		app.update()
	}
	const dayButton = day => html`<button type=button class=${day.startsWith(dialog.month) ? "" : "other"}
		aria-label=${format.fullDay(day)} aria-pressed=${String(day === chosen)}
		aria-current=${day === format.today() ? "date" : nothing}
		@click=${() => pick(app, day)}>${Number(day.slice(8))}</button>`
	return html`
		<div class=small-month>
			<p class=head><b>${format.monthWords(start)}</b>
				<button type=button aria-label=${text.month.before} @click=${() => turn(-1)}>‹</button>
				<button type=button aria-label=${text.month.after} @click=${() => turn(1)}>›</button></p>
			<p class=days aria-hidden=true>${format.weekdays().map(name => html`<span>${name}</span>`)}</p>
			<div class=grid>${days.map(dayButton)}</div>
		</div>`
}

export function date(app) {
	const {text, dialog} = app
	if (dialog?.name !== "date")
		return nothing
	const isOne = dialog.tasks.length === 1
	const values = isOne ? choiceOf(app) : {date: ""}
	const set = change => {
		Object.assign(values, change)
		app.update()
	}
	const details = () => html`
		<div class=fields>
			<label>${text.fields.time} <input type=time name=time .value=${live(values.time)}
				@input=${event => set({time: event.target.value, date: values.date || app.format.today()})}></label>
			${repeatMenu(app, {pattern: values.recursion_pattern, day: values.date}, (pattern, day) =>
				set({recursion_pattern: pattern, date: day || values.date || app.format.today()}))}
			${values.time ? offerToRing(app) : nothing}
		</div>`
	return html`
		<h2 dir=auto>${isOne ? dialog.tasks[0].title : text.select.count(dialog.tasks.length)}</h2>
		${quick(app, values.date)}
		${smallMonth(app, values.date)}
		${isOne ? details() : nothing}
		<p class=buttons>
			${isOne ? html`<button type=button class=main
				@click=${() => apply(app, values)}>${text.save}</button>` : nothing}
			<button type=button class=close @click=${() => app.show(null)}>${text.cancel}</button>
		</p>`
}
