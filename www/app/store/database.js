// What this browser keeps of one account in IndexedDB: the changes that are to be sent, and
// the tasks that were seen, for the time without network.
//
// Browsers close a connection when they like (Safari in the background, any with a full disk):
// it is opened again at the next use.  What can't be kept is said by failed(), once; the page
// then works as long as it is open.

const VERSION = 1

const ended = request => new Promise((resolve, reject) => {
	request.onsuccess = request.oncomplete = () => resolve(request.result)
	request.onerror = request.onabort = () => reject(request.error ?? new Error("aborted"))
	request.onblocked = () => reject(new Error("blocked"))
})

export function createDatabase({name, indexedDB, failed = () => {}}) {
	let connection = null		// a promise
	let broken = false
	let isGone = false		// somebody logged out: what comes later is not kept

	function open() {
		const request = indexedDB.open(name, VERSION)
		request.onupgradeneeded = () => {
			request.result.createObjectStore("changes", {keyPath: "n"})
			request.result.createObjectStore("tasks", {keyPath: "id"})
		}
		return ended(request).then(db => {
			db.onclose = () => connection = null
			db.onversionchange = ({newVersion}) => {
				db.close()
				connection = null
				isGone ||= newVersion === null	// another tab removes it
			}
			return db
		})
	}

	async function transact(store, mode, work) {
		connection ??= open()
		const transaction = (await connection).transaction(store, mode)
		const request = work(transaction.objectStore(store))
		await ended(transaction)
		return request?.result
	}

	// work(store) may return a request: its result is the answer, undefined if it can't be had.
	async function use(store, mode, work) {
		for (const last of [false, true]) {
			if (isGone)
				return undefined
			try {
				const result = await transact(store, mode, work)
				broken = false
				return result
			} catch (error) {
				connection = null
				if (last && !broken) {
					broken = true
					failed(error)
				}
			}
		}
		return undefined
	}

	const store = which => ({
		all: () => use(which, "readonly", s => s.getAll()),
		// Writes and removes in one step.
		write: (put, remove = []) => use(which, "readwrite", s => {
			put.forEach(value => s.put(value))
			remove.forEach(key => s.delete(key))
		}),
	})
	return {
		changes: store("changes"),
		tasks: store("tasks"),
		get broken() {
			return broken
		},
		// All of it goes; answers whether it did.
		async destroy() {
			isGone = true
			try {
				(await connection)?.close()
			} catch {
				// It was never there.
			}
			connection = null
			try {
				await ended(indexedDB.deleteDatabase(name))
				return true
			} catch {
				return false
			}
		},
	}
}
