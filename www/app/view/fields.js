// The fields of a task, in the form of a new one and of one that is edited.
import {PRIORITIES} from "../service/task.js"
import {isInvalid} from "./form.js"
import {html, live} from "./lit.js"
import {previewOf} from "./preview.js"
import {repeatMenu} from "./repeat.js"

// values: of store/fields.js.  set(name, value) is called for each input.
export function fields(app, form, values, set) {
	const {text} = app
	const onInput = event => set(event.target.name, event.target.value)
	const input = (name, type) => html`
		<label>${text.fields[name]} <input name=${name} type=${type} .value=${live(values[name])}
			aria-invalid=${isInvalid(app, form, name)}></label>`
	const repeats = (pattern, day) => {
		set("recursion_pattern", pattern)
		if (pattern && day !== values.date)
			set("date", day || app.format.today())
	}
	return html`
		<div class=fields @input=${onInput}>
			${input("date", "date")}
			${input("time", "time")}
			<label>${text.fields.priority} <select name=priority>
				${PRIORITIES.map(p => html`
					<option value=${p} .selected=${live(values.priority === p)}>${text.priorities[p]}</option>`)}
			</select></label>
			<label>${text.fields.tags} <input name=tags dir=auto .value=${live(values.tags)}
				aria-invalid=${isInvalid(app, form, "tags")}></label>
			${repeatMenu(app, {pattern: values.recursion_pattern, day: values.date,
				invalid: isInvalid(app, form, "recursion_pattern")}, repeats)}
			<output class=wide>${previewOf(app, values)}</output>
			<label class=wide>${text.fields.description} <textarea name=description dir=auto
				rows=${Math.min(12, values.description.split("\n").length + 2)}
				.value=${live(values.description)}
				aria-invalid=${isInvalid(app, form, "description")}></textarea></label>
		</div>`
}
