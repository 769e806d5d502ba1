// Where the focus goes when what had it goes: into an editor that opens, back to the row of one
// that closes, to the next row if a row is gone.

const rowOf = element => element?.closest?.("#tasks > li[data-id]")
const ROW = id => `#tasks > li[data-id="${id}"]`

// What app.focus may say, besides a task's id.
const PLACES = {
	line: "#line",
	login: "#welcome form:not([hidden]) [name=email]",
	editor: ".edit [name=title]",
}

// The id of the next row in this direction, past headings.
function neighbour(row, direction) {
	let li = row?.[direction]
	while (li && !li.dataset.id)
		li = li[direction]
	return li?.dataset.id
}

// To be called before the page is drawn; the answer after it.
export function keepFocus(app) {
	const active = document.activeElement
	const row = rowOf(active)
	const id = row?.dataset.id
	const key = active?.className
	const others = ["nextElementSibling", "previousElementSibling"].map(way => neighbour(row, way))
	return () => {
		const {focus} = app
		app.focus = null
		if (focus !== null) {
			document.querySelector(PLACES[focus] ?? `${ROW(focus)} .title`)?.focus()
			return
		}
		if (!row || rowOf(document.activeElement) || document.activeElement !== document.body)
			return
		const same = document.querySelector(`${ROW(id)} .${CSS.escape(key || "title")}`)
		const next = others.map(other => document.querySelector(`${ROW(other)} .title`)).find(Boolean)
		const first = document.querySelector("#tasks .title") ?? document.querySelector("#views a")
		const to = same ?? next ?? first
		to?.focus()
	}
}
