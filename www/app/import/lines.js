// Plain lines: a task each, as somebody types or pastes them.
//
// Bullets and numbers before a line are left out.  "- [ ]" is a task, "[x]" one that is done; but
// under a line without bullet, or when indented, they are its steps.  A heading ("# Groceries",
// "Groceries:") is the list of what follows it, and a line that is indented without a box a note.

const BULLET = /^(?:[-*+\u2022\u2013\u25e6\u25aa\u25ab]\s+|\d{1,3}[.)]\s+)/u
const BOX = /^\[([ xX\u2713\u2714]?)\]\s*/u
const SIGN = /^[\u2610\u2611\u2612]\s*/u
const HEADING = /^#{1,6}\s+/
const LONGEST_HEADING = 50

// A line as {text, indent, isItem, box}: isItem if it has a bullet; box is "open", "done" or null.
function read(line) {
	const body = line.trimStart()
	const indent = line.length - body.length
	const text = body.replace(BULLET, ""), isItem = text !== body
	const sign = SIGN.exec(text)?.[0].trim()
	if (sign !== undefined)
		return {text: text.replace(SIGN, "").trim(), indent, isItem, box: sign === "\u2610" ? "open" : "done"}
	const mark = BOX.exec(text)?.[1]
	if (mark === undefined)
		return {text: text.trim(), indent, isItem, box: null}
	return {text: text.replace(BOX, "").trim(), indent, isItem, box: mark.trim() === "" ? "open" : "done"}
}

function headingOf({text, indent, box}) {
	if (box !== null || indent > 0)
		return null
	if (HEADING.test(text))
		return text.replace(HEADING, "").replace(/:$/, "").trim()
	return text.endsWith(":") && text.length <= LONGEST_HEADING ? text.slice(0, -1).trim() : null
}

const linesOf = text => text.split(/\r\n?|\n/).map(read).filter(({text: one}) => one !== "")

// Whether the line is a part of the task that began with the line first.
function isPart(line, first) {
	return line.indent > first.indent || line.box !== null && first.box === null && !first.isItem
}

function addPart(task, {text, box}) {
	if (box === null)
		task.notes.push(text)
	else
		task.steps.push({title: text, isDone: box === "done"})
}

// What the line says as a task, as if it were typed.
function taskOf({text, box}, {parse, now, zone, language, tags, week}) {
	const said = parse(text, {now, zone, language, tags, week})
	const title = said.title === "" ? text : said.title
	const due = said.due_day === null ? {} : {day: said.due_day, time: said.due_time ?? undefined}
	return {title, notes: said.notes === null ? [] : [said.notes], steps: [], ...due, tags: said.tags,
		rule: said.recurrence ?? undefined, priority: said.priority ?? undefined, isDone: box === "done"}
}

export function readLines(text, {collector, options}) {
	let list = "", task = null, first = null
	for (const line of linesOf(text)) {
		const heading = headingOf(line)
		if (heading !== null) {
			list = heading
			task = null
		} else if (task !== null && isPart(line, first)) {
			addPart(task, line)
		} else {
			task = {...taskOf(line, options), lists: [list]}
			first = line
			collector.add(task)
		}
	}
}

// The lines as the steps of one task: {title, description}; the title is that of a heading, ""
// if there is none, and then it is for the person to say.
export function asSteps(text) {
	const lines = linesOf(text)
	const heading = lines.length > 1 ? headingOf(lines[0]) : null
	const steps = heading === null ? lines : lines.slice(1)
	const boxes = steps.map(({text: step, box}) => `- [${box === "done" ? "x" : " "}] ${step}`)
	return {title: heading ?? "", description: boxes.join("\n")}
}
