// Two versions of a task: what this device made of it, and what another did meanwhile.
import {FIELDS} from "../service/task.js"
import {html, nothing} from "./lit.js"

const valueOf = (app, task, field) => {
	const {text, format} = app
	const value = task[field]
	if (field === "completed")
		return value ? text.yes : text.no
	if (value === null || value === undefined || value.length === 0)
		return text.anyone
	if (field === "due_date")
		return format.dueWords(value)
	if (field === "priority")
		return text.priorities[value]
	return Array.isArray(value) ? value.map(tag => `#${tag}`).join(" ") : String(value)
}

// The fields in which the two differ; all that is to be chosen.
const differing = (mine, theirs) => FIELDS.filter(field => field !== "time_zone"
	&& JSON.stringify(mine[field] ?? null) !== JSON.stringify(theirs[field] ?? null))

function table(app, change, theirs) {
	const {text, dialog} = app
	const mine = {...theirs, ...change.body}
	const cell = (field, task, side) => html`
		<td><label class=choice><input type=radio name=${field} value=${side} ?checked=${side === "mine"}
			@change=${() => dialog.chosen = {...dialog.chosen, [field]: side}}>
			<span dir=auto>${valueOf(app, task, field)}</span></label></td>`
	return html`
		<table>
			<thead><tr>
				<td></td><th scope=col>${text.conflict.mine}</th><th scope=col>${text.conflict.theirs}</th>
			</tr></thead>
			<tbody>${differing(mine, theirs).map(field => html`
				<tr class=differs>
					<th scope=row>${text.fields[field]}</th>
					${cell(field, mine, "mine")}${cell(field, theirs, "theirs")}
				</tr>`)}
			</tbody>
		</table>`
}

export function conflict(app) {
	const {text, dialog, outbox, format} = app
	const [change] = outbox.conflicts
	if (dialog?.name !== "conflict" || !change)
		return nothing
	const {theirs} = change.conflict
	const title = change.before.title
	const when = theirs && format.dueWords(theirs.updated_at)
	const resolve = body => {
		app.show(null)
		outbox.resolve(change.n, body)
	}
	const keep = () => {
		const chosen = dialog.chosen ?? {}
		const body = Object.fromEntries(Object.entries(change.body)
			.filter(([field]) => chosen[field] !== "theirs"))
		resolve(Object.keys(body).length ? body : null)
	}
	const buttons = (act, label, otherLabel) => html`
		<p class=buttons>
			<button type=button class="main mine" @click=${act}>${label}</button>
			<button type=button class=theirs @click=${() => resolve(null)}>${otherLabel}</button>
			<button type=button class=later @click=${() => app.show(null)}>${text.conflict.later}</button>
		</p>`
	const heading = html`<h2>${text.conflict.title}</h2>`
	if (change.op === "delete")
		return html`${heading}<p class=about dir=auto>${text.conflict.removing(title, when)}</p>
			${buttons(() => resolve(undefined), text.conflict.removeAnyway, text.conflict.keepTheirs)}`
	if (theirs === null)
		return html`${heading}<p class=about dir=auto>${text.conflict.deleted(title)}</p>
			${buttons(keep, text.conflict.keepMine, text.conflict.letGo)}`
	return html`${heading}<p class=about dir=auto>${text.conflict.changed(title, when)}</p>
		${table(app, change, theirs)}
		${buttons(keep, text.conflict.keep, text.conflict.takeTheirs)}`
}
