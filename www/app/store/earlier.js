// What version 0.1 kept in this browser is taken over, and removed there: who was logged in,
// and changes on their way.  Its pages that are still open load themselves anew when their
// session goes, so that none of them writes any more.
import {taskOf} from "../service/task.js"

const OF_0_1 = "neon-todo"	// its session in localStorage; its databases begin so, too
const NAME = "earlier"		// the account whose changes are still to be taken over
const OPS = {POST: "create", PUT: "update", PATCH: "complete", DELETE: "delete"}

// backing: localStorage.
export function takeSession(storage, backing) {
	try {
		const session = JSON.parse(backing.getItem(OF_0_1))
		if (!session)
			return
		const account = {...session, id: String(session.id)}
		if (!storage.get("session"))
			storage.set("session", account)
		storage.set(NAME, account.id)
		if (backing.getItem("no-keys"))
			storage.set("no-keys", true)
		backing.removeItem(OF_0_1)
		backing.removeItem("no-keys")
	} catch {
		// There is nothing that can be read.
	}
}

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
export async function takeChanges({storage, indexedDB, database, id, zone}) {
	if (storage.get(NAME) !== id)
		return false
	const name = `${OF_0_1}-${id}`
	let content
	try {
		content = await contentOf(name, indexedDB)
	} catch {
		return false	// at the next visit
	}
	const [changes, tasks] = content
	await database.tasks.write(tasks.map(taskOf))
	await database.changes.write(changes.map(change => changeOf(change, zone)))
	if (database.broken)
		return false
	storage.remove(NAME)
	indexedDB.deleteDatabase(name)
	return changes.length > 0
}
