// What can be done with the tasks that are chosen.
import {PRIORITIES} from "../service/task.js"
import {tagsOf} from "../store/fields.js"
import {html, live, nothing} from "./lit.js"

export function selectionBar(app) {
	const {text, selection} = app
	if (!selection.size)
		return nothing
	const tasks = app.chosen
	const done = act => () => {
		act()
		app.chooseNone()
	}
	const set = (bodyOf, words) => app.change(tasks.map(task => ({task, body: bodyOf(task)})), words)
	const tag = () => {
		const tags = tagsOf(prompt(text.select.whichTag) ?? "")
		const withTags = task => ({tags: tagsOf([...task.tags, ...tags].join(", "))})
		if (tags.length)
			set(withTags, text.toasts.tagged(tasks.length, tags))
	}
	const prioritise = event => {
		const {value} = event.target
		set(() => ({priority: value}), text.toasts.prioritised(tasks.length, text.priorities[value]))
		app.chooseNone()
	}
	return html`
		<div id=selection role=toolbar aria-label=${text.select.label}>
			<b role=status>${text.select.count(tasks.length)}</b>
			<button type=button class=complete
				@click=${done(() => app.toggleAll(tasks))}>${text.fields.completed}</button>
			<button type=button class=when @click=${() => app.show("date", {tasks})}>${text.fields.date}</button>
			<button type=button class=tags @click=${done(tag)}>${text.fields.tags}</button>
			<select aria-label=${text.fields.priority} @change=${prioritise}>
				<option .selected=${live(true)} disabled>${text.fields.priority}</option>
				${PRIORITIES.map(p => html`<option value=${p}>${text.priorities[p]}</option>`)}
			</select>
			<button type=button class=delete @click=${done(() => app.removeAll(tasks))}>${text.remove}</button>
			<button type=button class=none aria-label=${text.select.none} @click=${app.chooseNone}>✕</button>
		</div>`
}
