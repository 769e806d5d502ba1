// For who is not logged in: what this is, and the two ways in.
import {errorOf, formOf, insist, isInvalid, submitting} from "./form.js"
import {html} from "./lit.js"

const SHORTEST = 3, LONGEST = 40	// letters of a name
const TRIES = 5

// A name out of an address, as nobody needs to think of one; others may have it already.
function nameFrom(email, n) {
	const own = email.split("@")[0].replace(/[^A-Za-z0-9_.-]/g, "").slice(0, LONGEST)
	const end = n || own.length < SHORTEST ? `-${Math.random().toString(36).slice(2, 7)}` : ""
	return `${own || "todo"}${end}`
}

async function signUp(app, body) {
	for (let n = 0; ; n++) {
		try {
			const username = nameFrom(body.email, n)
			const options = {open: true, body: {...body, username}}
			return await insist(app, () => app.client.request("POST", "api/auth/signup", options))
		} catch (problem) {
			if (!/^Username/.test(problem.detail) || n === TRIES)
				throw problem
		}
	}
}

const logIn = (app, body) =>
	insist(app, () => app.client.request("POST", "api/auth/login", {open: true, body}))

const example = ([title, facts, isDone]) => html`
	<li class=${isDone ? "completed" : ""}><span class=box aria-hidden=true>${isDone ? "✓" : ""}</span>
		<span><b class=title>${title}</b><small>${facts}</small></span></li>`

function sample({text}) {
	return html`
		<ol class=sample aria-label=${text.welcome.sampleLabel}>${text.welcome.sample.map(example)}</ol>`
}

export function welcome(app) {
	const {text} = app
	const entersByPassword = location.hash === "#login"
	const enter = (name, request, isNew) => submitting(app, name, async ({stay, ...body}) => {
		const {json} = await request(app, {...body, remember: stay === "on"})
		history.replaceState(null, "", location.search || ".")
		app.enter(json)
		if (isNew)
			app.teach()
	})
	const field = (form, name, label, type, autocomplete) => html`
		<label>${label} <input name=${name} type=${type} autocomplete=${autocomplete} required
			aria-invalid=${isInvalid(app, form, name)}></label>`
	const stay = html`<label class=choice><input type=checkbox name=stay checked> ${text.account.stay}</label>`
	const button = (form, label) => html`
		<button class=main aria-busy=${String(formOf(app, form).busy)}>${label}</button>`
	return html`
		<main id=welcome ?hidden=${app.session.account}>
			<section class=about>
				<h1>${text.brand}</h1>
				<p class=what>${text.welcome.about}</p>
				${sample(app)}
			</section>
			<form id=login ?hidden=${!entersByPassword} @submit=${enter("login", logIn, false)}>
				<h2>${text.login.title}</h2>
				${field("login", "email", text.account.email, "email", "username")}
				${field("login", "password", text.account.password, "password", "current-password")}
				${stay}
				${button("login", text.login.button)}
				${errorOf(app, "login")}
				<p>${text.login.or} <a href="#">${text.login.signUp}</a></p>
			</form>
			<form id=signup ?hidden=${entersByPassword} @submit=${enter("signup", signUp, true)}>
				<h2>${text.signup.title}</h2>
				${field("signup", "email", text.account.email, "email", "username")}
				${field("signup", "password", text.signup.newPassword, "password", "new-password")}
				${stay}
				${button("signup", text.signup.button)}
				${errorOf(app, "signup")}
				<p>${text.signup.or} <a href="#login">${text.signup.logIn}</a></p>
			</form>
		</main>`
}
