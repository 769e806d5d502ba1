// Todoist's CSV: a project as a template, or a file of its backup.  The columns are found by
// name: TYPE, CONTENT, DESCRIPTION, PRIORITY, INDENT, AUTHOR, RESPONSIBLE, DATE, DATE_LANG,
// TIMEZONE, and in newer files DURATION, DURATION_UNIT, DEADLINE, DEADLINE_LANG.  TYPE is meta,
// section, task or note (a comment of the task above); labels are in the content, as "@home";
// a priority of 1 is the highest and 4 the usual; dates are words ("every monday at 9am").
import {isZone} from "../time/zone.js"

const PRIORITIES = {1: "High", 2: "Medium", 3: "Low"}
const LABEL = /^@[^\s@]{1,60}$/u
const FILE = "[[file {"
const FILE_END = "}]]"

export const isTodoist = names => names.includes("TYPE") && names.includes("CONTENT")

// The project, which only the file's name says: "Work [2203306141].csv", "Work (1).csv".
function projectOf(fileName) {
	return fileName.replace(/^.*[/\\]/, "").replace(/\.csv$/i, "").replace(/ ?\[\d+\]$| ?\(\d+\)$/, "").trim()
}

function titleAndLabels(content) {
	const words = content.replace(/^\* /, "").split(" ")		// "* " makes a task that can't be ticked
	const labels = words.filter(word => LABEL.test(word)).map(word => word.slice(1))
	return {title: words.filter(word => !LABEL.test(word)).join(" "), labels}
}

// The name and the address of an attachment.
function attachmentOf(json) {
	try {
		const {file_name: name = "", file_url: url = ""} = JSON.parse(json)
		return `${name} ${url}`.trim()
	} catch {
		return ""
	}
}

// A comment, which may end in what says its attachment: 'See [[file {"file_name": ...}]]'.
function commentOf(content, count) {
	const start = content.indexOf(FILE), end = content.lastIndexOf(FILE_END)
	if (start < 0 || end < start)
		return content
	count("attachments")
	const json = content.slice(start + FILE.length - 1, end + 1)
	return `${content.slice(0, start)}${attachmentOf(json)}${content.slice(end + FILE_END.length)}`
}

// What the words of a date mean, by the grammar of the line: {day, time, rule}, or null.
function dateOf(words, language, zone, {parse, now}) {
	const text = words.trim().replace(/^every! ?/i, "every ")
	const said = parse(`x ${text}`, {now, zone, language})
	if (said.title !== "x" || said.due_day === null && said.recurrence === null)
		return null
	return {day: said.due_day ?? undefined, time: said.due_time ?? undefined, rule: said.recurrence ?? undefined}
}

function taskOf(cell, {collector, options, language}) {
	const {title, labels} = titleAndLabels(cell("CONTENT"))
	const zone = isZone(cell("TIMEZONE")) ? cell("TIMEZONE") : options.zone
	const words = cell("DATE").trim(), deadline = cell("DEADLINE").trim()
	const notes = [cell("DESCRIPTION")]
	const due = words || deadline
	const date = due === "" ? {} : dateOf(due, cell("DATE_LANG") || language, zone, options)
	if (date === null) {
		collector.count("dates-unknown", title)
		notes.push(due)
	}
	if (words !== "" && deadline !== "")
		notes.push(`\u2691 ${deadline}`)
	if (/^every!/i.test(words))
		collector.count("after-done", title)
	if (cell("RESPONSIBLE").trim() !== "")
		collector.count("assignees", title)
	if (/^\d/.test(cell("DURATION").trim()))
		collector.count("durations", title)
	return {title, notes, ...date, zone, tags: labels, priority: PRIORITIES[cell("PRIORITY").trim()]}
}

export async function readTodoist(records, {name, collector, options}) {
	const project = projectOf(name)
	// Without network the words of another language stay words.
	await Promise.allSettled([...new Set(records.map(cell => cell("DATE_LANG")))].map(options.loadGrammar))
	const above = []		// the last task of each indentation
	let section = "", serial = 0
	for (const cell of records) {
		const type = cell("TYPE").trim().toLowerCase()
		const indent = Math.max(1, Number(cell("INDENT")) || 1)
		if (type === "section") {
			section = cell("CONTENT")
		} else if (type === "task") {
			const found = taskOf(cell, {collector, options, language: options.language})
			found.id = `${name} ${++serial}`
			found.lists = [project, section].filter(text => text.trim() !== "")
			above.length = indent - 1
			found.parent = above.filter(Boolean).pop()?.id
			above[indent - 1] = found
			collector.add(found)
		} else if (type === "note" && above.some(Boolean)) {
			collector.count("comments")
			above.filter(Boolean).pop().notes.push(commentOf(cell("CONTENT"), collector.count))
		}
	}
}
