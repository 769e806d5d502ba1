// What can go wrong with a request, as the rest of the page tells it apart.

// kind        what it is                                          wait (seconds, or null)
// offline     the service can't be reached
// busy        it can, and asks to come again later                 as it says, or 2
// expired     the session has ended
// conflict    the task was changed since (412)
// gone        there is no such task any more
// invalid     the service does not take these fields: see fields
// refused     it does not take this, for the reason in detail
// failed      it broke
const KINDS = {
	0: "offline", 401: "expired", 404: "gone", 412: "conflict", 413: "invalid", 422: "invalid",
	429: "busy", 502: "busy", 503: "busy", 504: "busy",
}
const WAIT = 2

export class Problem extends Error {
	// detail: what the service says of it, a text or a list of fields.
	constructor(status, detail = null, wait = null) {
		const fields = Array.isArray(detail) ? detail : []
		const kind = KINDS[status] ?? (status >= 500 ? "failed" : "refused")
		super(fields.map(f => f.msg).join(". ") || (typeof detail === "string" && detail) || kind)
		this.kind = kind
		this.status = status
		this.detail = typeof detail === "string" ? detail : null
		// Each {name, type, index}: index is that of a list of tasks, if it is one.
		this.fields = fields.map(({loc, type}) => ({name: loc.filter(part => typeof part === "string").at(-1),
			type, index: loc.find(Number.isInteger) ?? null}))
		this.wait = this.kind === "busy" ? wait || WAIT : null
	}

	// Whether the same request may well work later.
	get passes() {
		return this.kind === "offline" || this.kind === "busy"
	}
}
