// The session has ended: the password, and on it goes.
import {errorOf, formOf, insist, isInvalid, submitting} from "./form.js"
import {html, nothing} from "./lit.js"

export function again(app) {
	const {text, session, dialog} = app
	if (dialog?.name !== "expired" || !session.account)
		return nothing
	const {email} = session.account
	const enter = submitting(app, "again", async ({password, stay}, form) => {
		const body = {email, password, remember: stay === "on"}
		const {json} = await insist(app, () => app.client.request("POST", "api/auth/login", {open: true, body}))
		form.reset()
		app.show(null)
		app.goOn(json)
	})
	return html`
		<form @submit=${enter}>
			<h2>${text.again.title}</h2>
			<p>${text.again.about(email)}</p>
			<input type=email name=email autocomplete=username hidden .value=${email}>
			<label>${text.account.password} <input name=password type=password required autofocus
				autocomplete=current-password aria-invalid=${isInvalid(app, "again", "password")}></label>
			<label class=choice><input type=checkbox name=stay checked> ${text.account.stay}</label>
			${errorOf(app, "again")}
			<p class=buttons>
				<button class=main aria-busy=${String(formOf(app, "again").busy)}>${text.login.button}</button>
				<button type=button class=later @click=${() => app.show(null)}>${text.conflict.later}</button>
				<button type=button class=leave @click=${() => app.leave()}>${text.account.logout}</button>
			</p>
		</form>`
}
