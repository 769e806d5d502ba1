// The text of notes that are written in HTML, as Vikunja and Microsoft keep them.
//
// It is read as text only and never becomes a document, so that it need not be made harmless:
// what is shown of it is shown as text.

const ENTITIES = {amp: "&", lt: "<", gt: ">", quot: "\"", apos: "'", nbsp: " "}
const BREAKING = new Set(["p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "blockquote",
	"pre", "hr"])
const UNSEEN = new Set(["script", "style", "head", "title"])

function character(entity) {
	if (!entity.startsWith("#"))
		return ENTITIES[entity.toLowerCase()]
	const code = /^#x/i.test(entity) ? parseInt(entity.slice(2), 16) : parseInt(entity.slice(1), 10)
	return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}

const decoded = text => text.replace(/&(#?\w{1,10});/g, (all, entity) => character(entity) ?? all)

export const isHtml = text => /<(p|div|br|ul|ol|li|h[1-6]|html|body|span|strong|em|a|blockquote)\b/i.test(text)

// The tag from "<" to ">": {name, isEnd, end, isTask, isChecked}, or null.
function tagIn(html, start, close) {
	const inside = html.slice(start + 1, close)
	const [, slash, name] = /^(\/?)([a-z][a-z0-9]*)/i.exec(inside) ?? []
	if (name === undefined && !/^[!?]/.test(inside))
		return null
	const isTask = /\bdata-checked\s*=/i.test(inside)
	return {name: (name ?? "").toLowerCase(), isEnd: slash === "/", end: close + 1, isTask,
		isChecked: /\bdata-checked\s*=\s*["']?true/i.test(inside)}
}

function markOf({name, isEnd, isTask, isChecked}) {
	if (name === "li" && !isEnd)
		return isTask ? `\n- [${isChecked ? "x" : " "}] ` : "\n- "
	return BREAKING.has(name) ? "\n" : ""
}

const isItem = line => line !== undefined && line.startsWith("- ")

// The text with at most one blank line in a row and none in a list; a paragraph in a list's item
// begins on its line.
function tidied(text) {
	const lines = text.replace(/\n(- (?:\[[ x]\] )?)\s+/g, "\n$1").split("\n").map(line => line.trimEnd())
	const kept = []
	lines.forEach((line, at) => {
		const last = kept[kept.length - 1]
		const next = lines.slice(at + 1, at + 4).find(one => one !== "")
		if (line !== "" || last !== "" && !(isItem(last) && isItem(next)))
			kept.push(line)
	})
	return kept.join("\n").trim()
}

export function textOfHtml(html) {
	const parts = []
	let at = 0, unseen = "", close = -1
	while (at < html.length) {
		const start = html.indexOf("<", at)
		const end = start < 0 ? html.length : start
		if (unseen === "")
			parts.push(decoded(html.slice(at, end).replace(/\s+/g, " ")))
		if (close >= 0 && close < start || close < 0 && at === 0)
			close = html.indexOf(">", start)
		const tag = start < 0 || close < start ? null : tagIn(html, start, close)
		if (tag === null) {
			parts.push(html.slice(end, end + 1))
			at = end + 1
			continue
		}
		if (UNSEEN.has(tag.name))
			unseen = tag.isEnd ? "" : tag.name
		parts.push(markOf(tag))
		at = tag.end
	}
	return tidied(parts.join(""))
}
