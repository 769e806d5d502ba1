// Tasks from other programs: what a file is, what would be made of it, and what would be lost.
//
//   recognise(files, options) -> a promise of {kinds, problems, tasks, lists, made, lost}
//
// files     [{name, bytes}] or [{name, text}]: what a person chose or pasted; name may be ""
// options   {parse, loadGrammar, now, zone, language, tags, week}: parse and loadGrammar are those of
//           quickadd/, for lines and for dates in words; the others are options of parse
//
// kinds     of todoist, microsoft, google, ticktick, vikunja, calendar, copy (saved here), lines
// problems  [{name, key}] of files, or of those in an archive, that can't be read; key is
//             empty, not-text, unknown, unknown-table, damaged, too-large, no-tasks,
//             archive-damaged, archive-locked, archive-nothing (no such file in it),
//             archive-unsupported (this browser can't open it: the person can, before)
// tasks     in the order of the files, as POST tasks/batch takes them; see batches()
// lists     the names of the lists, projects and headings: they become tags
// made      [{key, n, examples}] in the order in which people should read it:
//             tasks     that many tasks
//             done      of them that are done already (the service notes today as their day)
//             lists     lists that become tags; examples are names
//             dates     tasks that are due some day
//             repeats   tasks that repeat
//             steps     subtasks that become steps in the notes
//             subtasks  subtasks that have more than a title and become tasks of their own
//             comments  comments that go into the notes
//             reminder-times  tasks that are due at the time of their reminder
//             date-order      dates in figures; examples are one as it is written, and its day
// lost      [{key, n, examples}], examples being up to three titles:
//             dates-unknown  dates that were not understood: if they were words, the notes have them
//             rules          repetitions that this service doesn't have: the task is made once
//             after-done     tasks that came again some time after they were done: they come
//                            again by the calendar now
//             exceptions     single times of a repetition that were changed or left out
//             reminders, attachments, assignees, durations   of so many tasks
//             cancelled, archived, not-tasks (notes, events), untitled   left out
//             titles-cut     titles of more than 200 letters: all of it is in the notes
//             notes-cut      notes of more than 10,000 letters
//             tags-cut       tags of more than 50 letters, or more than 32 of a task
//
//   batches(tasks) -> [[task, ...], ...]: bodies of POST tasks/batch, none too large.  Each press
//   of the button is a new key: a key made of the file's content would find the answers of an
//   earlier import again, whose tasks may be gone.
//
//   asSteps(text) -> {title, description}: pasted lines as the steps of one task.
import {isArchive, unpack, Unreadable} from "./archive.js"
import {isCalendar, readCalendar} from "./calendar.js"
import {createCollector} from "./collector.js"
import {dataOf, recordsOf, rowsOf, textOf} from "./content.js"
import {isCopy, readCopy} from "./copy.js"
import {isGoogle, readGoogle} from "./google.js"
import {readLines} from "./lines.js"
import {isGraph, isOutlook, isToDoTable, readGraph, readOutlook, readToDoTable} from "./microsoft.js"
import {isTickTick, readTickTick} from "./ticktick.js"
import {isTodoist, readTodoist} from "./todoist.js"
import {isVikunja, readVikunja} from "./vikunja.js"

export {asSteps} from "./lines.js"

const MADE = ["tasks", "done", "lists", "dates", "repeats", "steps", "subtasks", "comments", "reminder-times",
	"date-order"]
const LOST = ["dates-unknown", "rules", "after-done", "exceptions", "reminders", "attachments", "assignees",
	"durations", "cancelled", "archived", "not-tasks", "untitled", "titles-cut", "notes-cut", "tags-cut"]
const MOST_BYTES = 32 << 20
const MOST_TASKS = 500, MOST_BODY = 1 << 20		// of a batch
const ROOM = 100								// bytes of a body that are no task

const TABLES = [
	["todoist", isTodoist, readTodoist],
	["ticktick", isTickTick, readTickTick],
	["microsoft", isToDoTable, readToDoTable],
	["microsoft", isOutlook, readOutlook],
]
const DATA = [
	["google", isGoogle, readGoogle],
	["microsoft", isGraph, readGraph],
	["vikunja", isVikunja, readVikunja],
	["copy", isCopy, readCopy],
]

const endingOf = name => /\.([^./\\]+)$/.exec(name)?.[1].toLowerCase() ?? ""

function readData(data, context) {
	const [kind, , reader] = DATA.find(([, isKind]) => isKind(data)) ?? []
	if (kind === undefined)
		throw new Unreadable("unknown")
	reader(data, context)
	return kind
}

// The kind of a table that is known, after it was read; null if it is none.
async function readTable(text, context) {
	const rows = rowsOf(text)
	for (const [kind, isKind, reader] of TABLES) {
		const records = recordsOf(rows, isKind)
		if (records !== null) {
			await reader(records, context)
			return kind
		}
	}
	return null
}

// Reads the text by what it is, and answers its kind.
async function readText(text, context) {
	const ending = endingOf(context.name)
	if (text.trim() === "")
		throw new Unreadable("empty")
	if (isCalendar(text)) {
		readCalendar(text, context)
		return "calendar"
	}
	const data = /^\s*[[{]/.test(text) ? dataOf(text) : undefined
	if (data !== undefined)
		return readData(data, context)
	if (ending === "json")
		throw new Unreadable("damaged")
	const kind = await readTable(text, context)
	if (kind !== null)
		return kind
	if (ending === "csv" || ending === "tsv")
		throw new Unreadable("unknown-table")
	if (ending === "ics" || /^\s*<[!?a-z]/i.test(text))
		throw new Unreadable("unknown")
	readLines(text, context)
	return "lines"
}

const isReadable = name => ["csv", "json", "ics"].includes(endingOf(name)) && !/(^|\/)(__MACOSX\/|\.)/.test(name)

// Of the files in an archive those that may hold tasks: all that Google has of somebody may be
// much more than the tasks.
function interesting(names) {
	const readable = names.filter(isReadable)
	const known = readable.filter(name => /(^|\/)Tasks\.json$/.test(name))
	return known.length > 0 ? known : readable
}

// The texts in a file: one, or those of an archive that may be tasks.
async function contentsOf({name, bytes, text}) {
	if (text !== undefined)
		return [{name, text: text.replace(/^\ufeff/, "")}]
	if (bytes.length > MOST_BYTES)
		throw new Unreadable("too-large")
	if (!isArchive(bytes))
		return [{name, text: textOf(bytes)}]
	const files = await unpack(bytes, interesting)
	return files.map(file => ({name: file.name, text: textOf(file.bytes), isInArchive: true}))
}

// Adds the tasks of a text, all or none; answers its kind, or throws Unreadable.
async function readWhole({name, text}, collector, options) {
	const state = collector.state()
	try {
		if (text === null)
			throw new Unreadable("not-text")
		return await readText(text, {name, collector, options})
	} catch (error) {
		collector.restore(state)
		// A file of a known kind whose parts are not what they should be.
		throw error instanceof Unreadable ? error : new Unreadable("damaged")
	}
}

// Adds the tasks of one file; answers its kinds.
async function readFile(file, collector, options) {
	const kinds = new Set()
	for (const content of await contentsOf(file)) {
		try {
			kinds.add(await readWhole(content, collector, options))
		} catch (error) {
			// An archive holds more than tasks: settings, filters, other programs' data.
			if (!content.isInArchive)
				throw error
		}
	}
	if (kinds.size === 0)
		throw new Unreadable("archive-nothing")
	return kinds
}

const sentencesOf = (keys, counts) => keys.filter(key => counts.get(key)?.n > 0).map(key => ({key, ...counts.get(key)}))

export async function recognise(files, options) {
	const collector = createCollector(options)
	const kinds = new Set(), problems = []
	for (const file of files) {
		try {
			for (const kind of await readFile(file, collector, options))
				kinds.add(kind)
		} catch (error) {
			if (!(error instanceof Unreadable))
				throw error
			problems.push({name: file.name, key: error.key})
		}
	}
	const {tasks, lists, counts} = collector.finish()
	if (tasks.length === 0 && problems.length === 0)
		problems.push({name: files[0]?.name ?? "", key: "no-tasks"})
	counts.set("tasks", {n: tasks.length, examples: tasks.slice(0, 3).map(({title}) => title)})
	counts.set("lists", {n: lists.length, examples: lists.slice(0, 3)})
	return {kinds: [...kinds], problems, tasks, lists, made: sentencesOf(MADE, counts), lost: sentencesOf(LOST, counts)}
}

export function batches(tasks) {
	const all = []
	let batch = [], size = ROOM
	for (const task of tasks) {
		const length = new TextEncoder().encode(JSON.stringify(task)).length + 1
		if (batch.length === MOST_TASKS || size + length > MOST_BODY) {
			all.push(batch)
			batch = []
			size = ROOM
		}
		batch.push(task)
		size += length
	}
	return batch.length > 0 ? [...all, batch] : all
}
