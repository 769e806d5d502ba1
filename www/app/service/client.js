// Requests to the service.
import {Problem} from "./problem.js"

const FULL_BODY = 60000		// bytes that a request may have which outlives the page

// A new Idempotency-Key: sent twice, a write is made once.
export const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join("-")

const withoutEmpty = headers => Object.fromEntries(Object.entries(headers).filter(([, value]) => value))

async function problemOf(response, json) {
	return new Problem(response.status, json?.detail, Number(response.headers.get("retry-after")) || null)
}

// base: the URL that the page is at.  fetch: that of the browser.
export function createClient({base, session, fetch}) {
	async function send(method, path, token, options) {
		const {body, key, etag, unless, blob, keepalive, signal} = options
		const text = body === undefined ? undefined : JSON.stringify(body)
		let response
		let json
		try {
			response = await fetch(new URL(path, base), {
				method,
				headers: withoutEmpty({
					"authorization": token && `Bearer ${token}`,
					"content-type": text && "application/json",
					"idempotency-key": key,
					"if-match": etag,
					"if-none-match": unless,
				}),
				cache: "no-store",
				credentials: "omit",
				keepalive: keepalive && (text ?? "").length < FULL_BODY,
				signal,
				body: text,
			})
			json = blob && response.ok ? await response.blob() : await response.text()
		} catch (error) {
			if (error.name === "AbortError")
				throw error
			throw new Problem(0)
		}
		if (typeof json === "string") {
			try {
				json = JSON.parse(json || "null")
			} catch {
				// Something between us and the service answered.
				throw new Problem(response.ok ? 502 : response.status)
			}
		}
		if (response.ok || response.status === 304)
			return {status: response.status, json, headers: response.headers}
		throw await problemOf(response, json)
	}

	// One request.  Answers {status, json, headers}, throws a Problem.  Options: body, key (its
	// Idempotency-Key: a write without one gets a new one), etag (If-Match), unless
	// (If-None-Match), open (no token is sent), token (this one), blob (the answer is one),
	// keepalive (it outlives the page), signal.
	async function request(method, path, options = {}) {
		const key = options.key ?? (method === "GET" ? undefined : newKey())
		if (options.open)
			return send(method, path, options.token, {...options, key})
		for (;;) {
			const {account} = session
			if (account === null || session.expired)
				throw new Problem(401)
			try {
				return await send(method, path, account.token, {...options, key})
			} catch (problem) {
				// Another tab may have a newer one by now.
				if (problem.kind !== "expired" || session.account?.token === account.token) {
					if (problem.kind === "expired")
						session.refuse(account.token)
					throw problem
				}
			}
		}
	}

	return {
		request,
		// Below the account that is logged in: "tasks", "counts" ...
		mine: (method, path, options) => request(method, `api/${session.account?.id}/${path}`, options),
		// A new token, if it is time for one.  It never fails: the old one is still there.
		async renew() {
			if (!session.isDue)
				return
			const {token, id} = session.account
			try {
				const {json} = await request("POST", "api/auth/renew", {key: newKey()})
				if (session.account?.token === token)
					session.start({...json, user_id: json.user_id ?? id})
			} catch (problem) {
				if (!(problem instanceof Problem))
					throw problem
			}
		},
	}
}
