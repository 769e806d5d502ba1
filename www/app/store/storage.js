// localStorage, below a name of this installation: several may live at one address, each with
// a path of its own.  A browser that has none, or has it full, keeps the values for as long
// as the page is open.

export function createStorage(prefix, backing) {
	const memory = new Map()
	const full = name => `${prefix}${name}`
	const attempt = work => {
		try {
			return work()
		} catch {
			return undefined
		}
	}
	const parsed = text => attempt(() => JSON.parse(text ?? "null")) ?? null
	return {
		get(name) {
			if (memory.has(name))
				return parsed(memory.get(name))
			return parsed(attempt(() => backing.getItem(full(name))))
		},
		// Answers whether it will be there after a reload.
		set(name, value) {
			const text = JSON.stringify(value)
			const kept = attempt(() => {
				backing.setItem(full(name), text)
				return true
			}) ?? false
			if (kept)
				memory.delete(name)
			else
				memory.set(name, text)
			return kept
		},
		remove(name) {
			memory.delete(name)
			attempt(() => backing.removeItem(full(name)))
		},
		// Those that begin so.
		names(start = "") {
			const kept = attempt(() => Object.keys(backing)) ?? []
			const own = kept.filter(key => key.startsWith(prefix)).map(key => key.slice(prefix.length))
			return [...new Set([...own, ...memory.keys()])].filter(name => name.startsWith(start))
		},
		// Whether a key of localStorage, as the storage event has it, is this one.
		is: (key, name) => key === null || key === full(name),
	}
}
