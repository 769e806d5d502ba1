// The acts of the buttons in a dialog.
import {Problem} from "../service/problem.js"

// A button's act: what goes wrong is said in the dialog.
export const acting = (app, work) => async event => {
	const {dialog} = app
	dialog.error = ""
	try {
		await work(event)
	} catch (problem) {
		if (!(problem instanceof Problem))
			throw problem
		dialog.error = app.text.problem(problem)
	}
	app.update()
}
