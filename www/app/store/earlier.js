// What version 0.1 kept in this browser is taken over: who was logged in, and changes on their
// way.  Its pages that are still open go on, and load themselves anew when their session goes:
// that is removed after the last of them was closed, or when somebody logs out.
import {taskOf} from "../service/task.js"

const OF_0_1 = "neon-todo"	// its session in localStorage; its databases begin so, too
const NAME = "earlier"		// the account whose changes are still to be taken over
const LEAVING = 1000	// milliseconds in which the session goes after the database
const databaseOf = id => `${OF_0_1}-${id}`
const OPS = {POST: "create", PUT: "update", PATCH: "complete", DELETE: "delete"}

// What there is yet of 0.1 and this account goes.
function drop(id, storage, {backing, indexedDB}) {
	storage.remove(NAME)
	backing.removeItem(OF_0_1)
	indexedDB.deleteDatabase(databaseOf(id))
}

// browser, here and below: its {backing, indexedDB}; backing is localStorage.
export function takeSession(storage, browser) {
	try {
		const {backing} = browser
		const taken = storage.get(NAME)
		if (taken && !storage.get("session"))		// who has left here
			drop(taken, storage, browser)
		const session = JSON.parse(backing.getItem(OF_0_1))
		if (!session || taken)
			return
		const account = {...session, id: String(session.id)}
		if (!storage.get("session"))
			storage.set("session", account)
		storage.set(NAME, account.id)
		if (backing.getItem("no-keys"))
			storage.set("no-keys", true)
		backing.removeItem("no-keys")
	} catch {
		// There is nothing that can be read.
	}
}

// Whether this account has logged out in a page of 0.1, after it was taken over.
export const hasLeft = (id, storage, {backing}) =>
	storage.get(NAME) === id && !backing.getItem(OF_0_1)

// Its numbers are milliseconds, ours microseconds.
const changeOf = ({n, key, op, id, body, before, etag}, zone) =>
	({n: n * 1000, key, op: OPS[op], id, body, before: before && taskOf(before), etag: etag ?? undefined, zone})

const ended = request => new Promise((resolve, reject) => {
	request.onsuccess = () => resolve(request.result)
	request.onerror = () => reject(request.error)
})

// Its changes and tasks.  Opening a higher version waits until its pages are gone.
async function contentOf(name, indexedDB) {
	const db = await ended(indexedDB.open(name, 2))
	try {
		return await Promise.all(["changes", "tasks"].map(store => db.objectStoreNames.contains(store)
			? ended(db.transaction(store).objectStore(store).getAll()) : []))
	} finally {
		db.close()
	}
}

// Answers whether there are changes now that were not there.
export async function takeChanges({storage, browser, database, id, zone}) {
	if (storage.get(NAME) !== id || hasLeft(id, storage, browser))
		return false
	let content
	try {
		content = await contentOf(databaseOf(id), browser.indexedDB)
	} catch {
		return false	// at the next visit
	}
	// Who logs out there closes the database first.
	await new Promise(resolve => setTimeout(resolve, LEAVING))
	if (hasLeft(id, storage, browser))
		return false
	const [changes, tasks] = content
	await database.tasks.write(tasks.map(taskOf))
	await database.changes.write(changes.map(change => changeOf(change, zone)))
	if (database.broken)
		return false
	drop(id, storage, browser)
	return changes.length > 0
}
