// The account: password, data out and in, calendar feed, the end.
import {call, mine, page, session, signedIn} from "./api.js"
import {today} from "./dates.js"
import {only} from "./queue.js"
import {$, h, on, onsubmit} from "./ui.js"

const dialog = $("#account"), all = $(".all", dialog), feed = $(".feed input", dialog)

function save(blob, end) {
	const a = h("a", {href: URL.createObjectURL(blob), download: `todo-${today()}.${end}`})
	a.click()
	setTimeout(() => URL.revokeObjectURL(a.href), 60000)
}

// A task's key is of the file and its place there: a second import doubles nothing.
async function importFile(file) {
	const text = await file.text(), said = $(".imported", dialog), bad = []
	let tasks, done = 0, hash = 0
	for (const c of text)
		hash = Math.imul(hash, 31) + c.codePointAt() | 0
	try {
		tasks = JSON.parse(text)
		tasks = [...tasks.tasks ?? tasks]
	} catch {
		throw new Error("This file holds no tasks as JSON.")
	}
	for (const t of tasks) {
		await call("POST", mine("tasks"), {body: only(Object(t)), key: `import/${text.length}/${hash}/${done}`}).catch(p => {
			if (p.status !== 422 && p.status !== 413)
				throw p
			bad.push(`${done + 1} (${p.fields.join(", ") || p.message})`)
		})
		said.textContent = `${++done} of ${tasks.length} …`
	}
	said.textContent = `${done - bad.length} of ${done} tasks are there.${bad.length ? ` Not taken: ${bad.join("; ")}.` : ""}`
}

function showFeed(url) {
	feed.value = url ? new URL(url, document.baseURI) : ""
	for (const e of dialog.querySelectorAll(".feed, .revoke"))
		e.hidden = !url
}

export function account(refresh, leave) {
	const press = (name, work, type = "click") => on($(name, dialog), type, async () => {
		all.textContent = ""
		await work().catch(problem => all.textContent = problem.message)
	})
	on($("#open-account"), "click", () => {
		dialog.querySelectorAll("form, [role]").forEach(e => e.reset ? e.reset() : e.textContent = "")
		$("#import").value = ""
		$(".who", dialog).textContent = `${session.username}, ${session.email}`
		showFeed()
		dialog.showModal()
		call("GET", mine("feed")).then(r => showFeed(r.json.url), () => {})
	})
	onsubmit($("#password"), async (body, form) => {
		signedIn((await call("POST", "api/auth/password", {body})).json)
		form.reset()
		$(".said", form).textContent = "Changed. All other sessions have ended."
	})
	onsubmit($("#goodbye"), async body => {
		await call("POST", "api/auth/delete", {body})
		await leave()
	})
	press(".logout", () => leave(true))
	press(".json", async () => {
		const account = (await call("GET", "api/auth/me")).json, {tasks} = await page([], null, "file")
		save(new Blob([JSON.stringify({account, tasks}, null, "\t")]), "json")
	})
	press(".ics", async () => save((await call("GET", mine("tasks.ics"), {raw: true})).json, "ics"))
	press(".make", async () => showFeed((await call("POST", mine("feed"))).json.url))
	press(".revoke", async () => showFeed((await call("DELETE", mine("feed"))).json.url))
	press("#import", async () => {
		const e = $("#import"), [file] = e.files
		if (file)
			refresh(await importFile(file).finally(() => e.value = ""))
	}, "change")
}
