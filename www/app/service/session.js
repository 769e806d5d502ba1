// Who is logged in, and until when.
const NAME = "session"
const DAY = 86400
const RENEW = 1 / 3		// of a token's life, or a day, if that is less

// A token's times, in seconds; none if it can't be read.
function timesOf(token) {
	try {
		const body = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")
		const {iat, exp} = JSON.parse(atob(body))
		return {issued: iat, expires: exp}
	} catch {
		return {}
	}
}

// changed() is called after each change, those made by other tabs included.
export function createSession({storage, now = () => Date.now(), changed = () => {}}) {
	let account = storage.get(NAME)
	let refused = null		// the token that the service did not take any more
	const session = {
		// {token, id, username, email}, or null.
		get account() {
			return account
		},
		get expired() {
			return account !== null && refused === account.token
		},
		// answer: what log in, sign up and renewal are answered with.
		start(answer) {
			account = {token: answer.access_token, id: String(answer.user_id ?? answer.id),
				username: answer.username, email: answer.email}
			storage.set(NAME, account)
			changed()
		},
		end() {
			account = null
			storage.remove(NAME)
			changed()
		},
		// The service refused this token: if it is still ours, its time is over.
		refuse(token) {
			if (account?.token !== token || session.expired)
				return
			refused = token
			changed()
		},
		// After another tab changed it.
		reread() {
			account = storage.get(NAME)
			changed()
		},
		// Whether it is time to ask for a new token.
		get isDue() {
			if (account === null || session.expired)
				return false
			const {issued, expires} = timesOf(account.token)
			return expires - issued > 0
				&& now() / 1000 - issued > Math.min(DAY, (expires - issued) * RENEW)
		},
	}
	return session
}
