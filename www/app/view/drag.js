// Tasks are drawn to another day, with the mouse; by touch and keyboard the date says it.

const TYPE = "application/x-todo"

const dayAt = element => {
	const place = element.closest("[data-day]")
	return place?.dataset.day
}

export const draggedTo = {
	start(event, id) {
		event.dataTransfer.setData(TYPE, String(id))
		event.dataTransfer.effectAllowed = "move"
	},
	over(event) {
		if (event.dataTransfer.types.includes(TYPE) && dayAt(event.target))
			event.preventDefault()
	},
	async drop(app, event) {
		const day = dayAt(event.target)
		const id = Number(event.dataTransfer.getData(TYPE))
		if (!day || !id)
			return
		event.preventDefault()
		const task = await app.taskById(id)
		if (task)
			app.moveTo([task], day)
	},
}
