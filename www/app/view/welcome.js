// For who is not logged in.
import {errorOf, formOf, insist, isInvalid, submitting} from "./form.js"
import {html} from "./lit.js"

export function welcome(app) {
	const {text} = app
	const signsUp = location.hash === "#signup"
	const enter = (name, path) => submitting(app, name, async ({stay, ...body}) => {
		const options = {open: true, body: {...body, remember: stay === "on"}}
		const {json} = await insist(app, () => app.client.request("POST", path, options))
		history.replaceState(null, "", location.search || ".")
		app.enter(json)
	})
	const field = (form, name, label, type, autocomplete) => html`
		<label>${label} <input name=${name} type=${type} autocomplete=${autocomplete} required
			aria-invalid=${isInvalid(app, form, name)}></label>`
	const stay = html`<label class=choice><input type=checkbox name=stay checked> ${text.account.stay}</label>`
	const button = (form, label) => html`
		<button class=main aria-busy=${String(formOf(app, form).busy)}>${label}</button>`
	return html`
		<main id=welcome ?hidden=${app.session.account}>
			<form id=login ?hidden=${signsUp} @submit=${enter("login", "api/auth/login")}>
				<h1>${text.login.title}</h1>
				${field("login", "email", text.account.email, "email", "username")}
				${field("login", "password", text.account.password, "password", "current-password")}
				${stay}
				${button("login", text.login.button)}
				${errorOf(app, "login")}
				<p>${text.login.or} <a href="#signup">${text.login.signUp}</a></p>
			</form>
			<form id=signup ?hidden=${!signsUp} @submit=${enter("signup", "api/auth/signup")}>
				<h1>${text.signup.title}</h1>
				${field("signup", "username", text.account.name, "text", "nickname")}
				${field("signup", "email", text.account.email, "email", "username")}
				${field("signup", "password", text.signup.newPassword, "password", "new-password")}
				${stay}
				${button("signup", text.signup.button)}
				${errorOf(app, "signup")}
				<p>${text.signup.or} <a href="#">${text.signup.logIn}</a></p>
			</form>
		</main>`
}
