// What was typed and not saved: it outlives Escape, another view, a reload, a crash.
//
// A draft of a task is {before, values}: the task as it was when the edit began, and the fields
// of the form.  The draft of the new task is named "new".

const NAME = "draft:"

export function createDrafts({storage}) {
	return {
		get: id => storage.get(NAME + id),
		// Answers whether it will be there after a reload.
		keep: (id, draft) => storage.set(NAME + id, draft),
		drop: id => storage.remove(NAME + id),
		// The task has another id now that the service knows it.
		rename(from, to) {
			const draft = storage.get(NAME + from)
			if (draft === null)
				return
			storage.set(NAME + to, draft)
			storage.remove(NAME + from)
		},
		ids: () => storage.names(NAME).map(name => name.slice(NAME.length)),
	}
}
