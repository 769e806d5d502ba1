// The new task, while it is typed: what its line says fills the fields; what is set in a field
// by hand stays; what the line was misunderstood in can be refused, and is a part of the title.
import {bodyOf, EMPTY, faultOf, PARTS, tagsOf, valuesOf} from "./fields.js"

// The kinds of spans of a line (quickadd/parse.js) that make up a field of a task.
const KINDS = {
	due_date: ["date", "time"],
	priority: ["priority"],
	tags: ["tag"],
	recursion_pattern: ["repeat", "from", "until"],
}

const fieldOf = name => PARTS[name] ?? name

// parse(line, refused) answers what quickadd/parse.js does.  where(): {zone, now}.  placeOf(): {day,
// tag} of the place in which it is written, which a new task belongs to unless it says otherwise;
// each may be absent.
export function createComposition({parse, where, placeOf = () => ({})}) {
	const blank = () => ({line: "", values: {...EMPTY}, touched: [], refused: [], isOpen: false, elsewhere: []})
	let state = blank()
	let said = null

	function understand() {
		said = parse(state.line, state.refused)
		const task = {...said, recursion_pattern: said.recurrence, description: said.notes}
		const read = valuesOf(task, where().zone)
		if (state.line.trim() || state.touched.length)
			belong(read)
		for (const name of Object.keys(read)) {
			if (!state.touched.includes(fieldOf(name)))
				state.values[name] = read[name]
		}
	}

	// The place says what neither the line nor a person says.
	function belong(read) {
		const {day, tag} = placeOf()
		if (day && !read.date && !state.elsewhere.includes("due_date"))
			read.date = day
		const others = tagsOf(read.tags)
		const isSaid = tag && others.some(other => other.toLowerCase() === tag.toLowerCase())
		if (tag && !isSaid && !state.elsewhere.includes("tags"))
			read.tags = [...others, tag].join(", ")
	}

	// The parts of the line that say a field; value: only those that say this.
	const textsOf = (field, value) => (said?.spans ?? [])
		.filter(span => KINDS[field].includes(span.kind) && (value === undefined || span.value === value))
		.map(({text}) => text)

	const composition = {
		get line() {
			return state.line
		},
		get values() {
			return state.values
		},
		// What the person should be told of the line, see quickadd/parse.js.
		get remarks() {
			return said?.remarks ?? []
		},
		get isOpen() {
			return state.isOpen
		},
		get isEmpty() {
			return !state.line && !state.touched.length
		},
		// What there is to keep as a draft.
		get state() {
			return state
		},
		restore(kept) {
			state = {...blank(), ...kept}
			understand()
		},
		reset() {
			state = blank()
			said = null
		},
		type(line) {
			state.line = line
			understand()
		},
		// The page is at another place.
		moved() {
			state.elsewhere = []
			understand()
		},
		set(name, value) {
			if (!state.touched.includes(fieldOf(name)))
				state.touched.push(fieldOf(name))
			state.values[name] = value
		},
		// A field was not meant, or, with a tag, that tag.
		refuse(field, tag) {
			const texts = textsOf(field, tag)
			state.refused.push(...texts)
			const {day, tag: own} = placeOf()
			const isOfPlace = field === "due_date" ? day && !texts.length : own && tag === own
			if (isOfPlace && !state.touched.includes(field))
				state.elsewhere.push(field)
			else if (tag !== undefined && !texts.length)
				composition.set("tags", tagsOf(state.values.tags).filter(other => other !== tag).join(", "))
			else
				state.touched = state.touched.filter(name => name !== field)
			understand()
		},
		open(isOpen) {
			state.isOpen = isOpen
		},
		// A task that came back: the service did not take it.
		fill(body) {
			const texts = parse(body.title, []).spans.map(({text}) => text)
			state = {...blank(), elsewhere: ["due_date", "tags"], line: body.title, isOpen: true, refused: texts,
				values: {...EMPTY, ...valuesOf(body, where().zone)},
				touched: [...Object.keys(KINDS), "description"]}
			understand()
		},
		get fault() {
			return faultOf(state.values)
		},
		get body() {
			const {zone, now} = where()
			return bodyOf(state.values, {}, zone, now)
		},
	}
	return composition
}
