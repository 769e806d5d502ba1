// A tag as a list: it gets another name, or goes.
import {addressOf, USUAL} from "../router.js"
import {Problem} from "../service/problem.js"
import {html} from "./lit.js"
import {toast} from "./notices.js"

async function rename(app, to) {
	const {place, text} = app
	try {
		await app.client.mine("POST", "tags/rename", {body: {from: place.tag, to}})
	} catch (problem) {
		if (!(problem instanceof Problem))
			throw problem
		toast(app, text.problem(problem))
		return
	}
	app.go({...USUAL, view: "all", tag: to ?? ""}, true)
}

export function tagTools(app) {
	const {place, text} = app
	const ask = () => {
		const name = prompt(text.tags.newName, place.tag)?.trim().replace(/^#+/, "")
		if (name && name !== place.tag)
			rename(app, name)
	}
	const drop = () => confirm(text.tags.drop(place.tag)) && rename(app, null)
	return html`<p class=buttons id=tag-tools>
		<button type=button class=rename @click=${ask}>${text.tags.rename}</button>
		<button type=button class=drop @click=${drop}>${text.tags.remove}</button></p>`
}
