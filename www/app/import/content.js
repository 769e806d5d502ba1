// Bytes as text, and texts as tables and data.

const SAMPLE = 4096
const SEPARATORS = [",", ";", "\t"]

// The characters from 0x80 to 0x9f of Windows' code page, where ISO 8859-1 has controls.
const WINDOWS = "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f"
	+ "\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178"

const begins = (bytes, ...start) => start.every((byte, at) => bytes[at] === byte)

// How the bytes are written, by their mark or by where their zeros are.
function encodingOf(bytes) {
	if (begins(bytes, 0xff, 0xfe))
		return "utf-16le"
	if (begins(bytes, 0xfe, 0xff))
		return "utf-16be"
	const sample = bytes.subarray(0, SAMPLE)
	const zeros = remainder => sample.filter((byte, at) => at % 2 === remainder && byte === 0).length
	const half = sample.length / 2
	if (zeros(1) > half / 2 && zeros(0) < half / 8)
		return "utf-16le"
	return zeros(0) > half / 2 && zeros(1) < half / 8 ? "utf-16be" : "utf-8"
}

// The text that the bytes are, in any of the encodings in which programs write lists; null if
// they are none.
export function textOf(bytes) {
	const encoding = encodingOf(bytes)
	let text
	try {
		text = new TextDecoder(encoding, {fatal: true}).decode(bytes)
	} catch {
		// Outlook's and Excel's.  What calls itself so may be ISO 8859-1.
		text = new TextDecoder("windows-1252").decode(bytes)
			.replace(/[\x80-\x9f]/g, character => WINDOWS[character.charCodeAt(0) - 0x80])
	}
	return /[\0\x01-\x08\x0e-\x1f]/.test(text) ? null : text
}

// The data, or undefined if the text is no JSON.
export function dataOf(text) {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}

// The separator of a table: what is there most, outside quotes.
function separatorOf(text) {
	const counts = new Map(SEPARATORS.map(separator => [separator, 0]))
	let isQuoted = false
	for (const character of text.slice(0, SAMPLE)) {
		if (character === "\"")
			isQuoted = !isQuoted
		else if (!isQuoted && counts.has(character))
			counts.set(character, counts.get(character) + 1)
	}
	return SEPARATORS.reduce((best, one) => counts.get(one) > counts.get(best) ? one : best)
}

function unquoted(cell) {
	if (!cell.startsWith("\""))
		return cell
	return cell.slice(1, cell.length > 1 && cell.endsWith("\"") ? -1 : undefined).replaceAll("\"\"", "\"")
}

// The cells of a table in text (RFC 4180, and what programs make of it) by rows; rows without
// any text are left out.
export function rowsOf(text) {
	const separator = separatorOf(text)
	const rows = []
	let row = [], from = 0
	const cell = to => row.push(unquoted(text.slice(from, to)))
	const end = () => {
		if (row.some(one => one.trim() !== ""))
			rows.push(row)
		row = []
	}
	let isQuoted = false
	for (let at = 0; at < text.length; at++) {
		const character = text[at]
		if (character === "\"" && text[from] === "\"") {
			isQuoted = !isQuoted
		} else if (!isQuoted && (character === separator || character === "\n" || character === "\r")) {
			cell(at)
			from = at + 1
			if (character !== separator)
				end()
		}
	}
	cell(text.length)
	end()
	return rows
}

// The rows under the first row that isHeader(names) takes, as functions that answer the text of
// a column, "" without it; null if there is no such row.
export function recordsOf(rows, isHeader) {
	const trimmed = row => row.map(name => name.trim())
	const header = rows.findIndex(row => isHeader(trimmed(row)))
	if (header < 0)
		return null
	const columns = new Map(trimmed(rows[header]).map((name, index) => [name, index]))
	return rows.slice(header + 1).map(row => (...names) => {
		const name = names.find(one => columns.has(one))
		return name === undefined ? "" : row[columns.get(name)] ?? ""
	})
}
