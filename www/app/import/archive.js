// ZIP archives, as Todoist, Google and Vikunja hand them out (APPNOTE.TXT of PKWARE).

const END = 0x06054b50, ENTRY = 0x02014b50
const END_SIZE = 22, ENTRY_SIZE = 46, LOCAL_SIZE = 30
const LONGEST_COMMENT = 65535
const IS_LOCKED = 1
const STORED = 0, DEFLATED = 8
const ZIP64 = 0xffffffff
const MOST_BYTES = 32 << 20		// of all files together, as they are unpacked
const MOST_ENTRIES = 10000

// What is wrong with a file that people chose; key is one of recognise.js.
export class Unreadable extends Error {
	constructor(key) {
		super(key)
		this.key = key
	}
}

export const isArchive = bytes => bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)

function endOf(view) {
	const first = Math.max(0, view.byteLength - END_SIZE - LONGEST_COMMENT)
	for (let at = view.byteLength - END_SIZE; at >= first; at--) {
		if (view.getUint32(at, true) === END)
			return {count: view.getUint16(at + 10, true), start: view.getUint32(at + 16, true)}
	}
	throw new Unreadable("archive-damaged")
}

function entriesOf(bytes) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
	const {count, start} = endOf(view)
	const entries = []
	for (let at = start; entries.length < Math.min(count, MOST_ENTRIES);) {
		if (view.getUint32(at, true) !== ENTRY)
			throw new Unreadable("archive-damaged")
		const length = view.getUint16(at + 28, true)
		const local = view.getUint32(at + 42, true)
		entries.push({
			name: new TextDecoder().decode(bytes.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + length)),
			isLocked: (view.getUint16(at + 8, true) & IS_LOCKED) !== 0,
			method: view.getUint16(at + 10, true),
			packed: view.getUint32(at + 20, true),
			local,
		})
		at += ENTRY_SIZE + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
	}
	return {view, entries}
}

// The bytes of the stream, as long as there is room for them.
async function gathered(stream, room) {
	const parts = []
	const reader = stream.getReader()
	let size = 0
	for (;;) {
		const {done, value} = await reader.read()
		if (done)
			break
		size += value.length
		if (size > room) {
			await reader.cancel()
			throw new Unreadable("too-large")
		}
		parts.push(value)
	}
	const all = new Uint8Array(size)
	parts.reduce((at, part) => {
		all.set(part, at)
		return at + part.length
	}, 0)
	return all
}

function inflater() {
	try {
		return new DecompressionStream("deflate-raw")
	} catch {
		throw new Unreadable("archive-unsupported")		// browsers before 2023
	}
}

async function contentOf(bytes, view, {isLocked, method, packed, local}, room) {
	if (isLocked)
		throw new Unreadable("archive-locked")
	if (packed === ZIP64 || local === ZIP64)
		throw new Unreadable("too-large")
	const start = local + LOCAL_SIZE + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
	const data = bytes.subarray(start, start + packed)
	if (method === STORED)
		return data
	if (method !== DEFLATED)
		throw new Unreadable("archive-unsupported")
	return gathered(new Blob([data]).stream().pipeThrough(inflater()), room)
}

// Of the files in the archive those that choose(names) answers, as [{name, bytes}]; throws
// Unreadable.
export async function unpack(bytes, choose) {
	try {
		const {view, entries} = entriesOf(bytes)
		const wanted = choose(entries.map(({name}) => name))
		const files = []
		let room = MOST_BYTES
		for (const entry of entries.filter(({name}) => wanted.includes(name))) {
			const content = await contentOf(bytes, view, entry, room)
			room -= content.length
			files.push({name: entry.name, bytes: content})
		}
		return files
	} catch (error) {
		if (error instanceof Unreadable)
			throw error
		throw new Unreadable("archive-damaged")		// numbers that lead out of it, broken data
	}
}
