// By touch: to the right a task is done, to the left it gets another day; a long press chooses it.

const FAR = 80		// pixels from which it counts
const SLOPE = 2		// so much more across than down
const LONG = 500	// milliseconds

const rowAt = event => event.target.closest?.("#tasks > li[data-id]:not(.editing)")

export function watchSwipes(app) {
	let held = null		// {row, x, y, timer}
	let isPressed = false	// for so long that the click at its end is not one

	const taskOf = row => app.list.find(Number(row.dataset.id))
	function end() {
		if (!held)
			return
		clearTimeout(held.timer)
		held.row.style.transform = ""
		held = null
	}
	function press({row}) {
		const task = taskOf(row)
		end()
		if (!task)
			return
		isPressed = true
		app.choose(task.id)
	}
	addEventListener("pointerdown", event => {
		isPressed = false
		const row = event.pointerType === "touch" && event.isPrimary && rowAt(event)
		if (!row)
			return
		held = {row, x: event.clientX, y: event.clientY}
		held.timer = setTimeout(press, LONG, held)
	})
	addEventListener("pointermove", event => {
		if (!held)
			return
		const [across, down] = [event.clientX - held.x, Math.abs(event.clientY - held.y)]
		if (Math.abs(across) + down > FAR / 8)
			clearTimeout(held.timer)
		held.row.style.transform = Math.abs(across) > SLOPE * down ? `translateX(${across}px)` : ""
	})
	addEventListener("pointerup", event => {
		if (!held)
			return
		const {row, x, y} = held
		const [across, down] = [event.clientX - x, Math.abs(event.clientY - y)]
		end()
		const task = taskOf(row)
		if (!task || Math.abs(across) < FAR || Math.abs(across) < SLOPE * down)
			return
		const isForward = getComputedStyle(row).direction === "rtl" ? across < 0 : across > 0
		if (isForward)
			app.toggle(task)
		else
			app.show("date", {tasks: [task]})
	})
	addEventListener("pointercancel", end)
	// The browser has a menu of its own for a long press, and some send a click after it.
	addEventListener("contextmenu", event => {
		if (held)
			press(held)
		if (isPressed)
			event.preventDefault()
	})
	addEventListener("click", event => {
		if (!isPressed)
			return
		isPressed = false
		event.preventDefault()
		event.stopPropagation()
	}, true)
}
