// What another program shares with the page, as the address says it (see app.webmanifest).
import {MOST} from "../service/task.js"

const LINK = /https?:\/\/\S+/
const NAMES = ["shared-title", "shared-text", "shared-url"]

// {title, notes} of a task to be, or null if nothing is shared.  Many programs have no title, and
// their link in the text.
export function sharedOf(search) {
	const said = new URLSearchParams(search)
	const [title, text, url] = NAMES.map(name => (said.get(name) ?? "").trim())
	if (!title && !text && !url)
		return null
	const words = [title, text.replace(LINK, "").trim().split("\n")[0], url || text].find(Boolean)
	const short = [...words.replace(/\s+/g, " ")].slice(0, MOST.title).join("")
	const notes = [text, url].filter((part, n, all) => part && part !== short && all.indexOf(part) === n
		&& !(n === 1 && text.includes(part)))
	return {title: short, notes: notes.join("\n")}
}

// The address without it.
export function withoutShared(search) {
	const said = new URLSearchParams(search)
	for (const name of [...NAMES, "new", "ring", "act"])
		said.delete(name)
	return `?${said}`
}
