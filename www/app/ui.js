// Elements, forms, messages.  Text becomes text nodes, never HTML.

export const $ = (selector, from = document) => from.querySelector(selector)

// h("a.tag", { href: "?" }, "text", element, ...), without what is null or false.
export function h(name, props, ...children) {
	const [tag, ...classes] = name.split("."), e = document.createElement(tag)
	e.className = classes.join(" ")
	for (const [k, v] of Object.entries(props)) {
		if (v != null && v !== false)
			e.setAttribute(k, v === true ? "" : v)
	}
	e.append(...children.flat().filter(c => c != null && c !== false))
	return e
}
export const clone = id => $(`#${id}`).content.firstElementChild.cloneNode(true)
export const on = (target, type, f) => target.addEventListener(type, f)

export function complain(form, problem) {
	for (const e of form.elements)
		e.ariaInvalid = problem?.fields?.includes(e.name) || null
	$(".error", form).textContent = problem?.message
	$("[aria-invalid]", form)?.focus()
}

export function onsubmit(form, work) {
	form.append(h("p.error", {role: "alert"}))
	on(form, "submit", async event => {
		event.preventDefault()
		if (form.ariaBusy)
			return
		complain(form)
		form.ariaBusy = "true"
		try {
			await work(Object.fromEntries(new FormData(form)), form)
		} catch (problem) {
			complain(form, problem)
		}
		form.ariaBusy = null
	})
}

// Shows a <dialog> until a button with a value closes it: Escape is no answer.
export function ask(dialog) {
	dialog.returnValue = ""
	dialog.showModal()
	return new Promise(done => dialog.onclose = () => done(dialog.returnValue || ask(dialog)))
}

// A message for some seconds; back() undoes it, by a button or the key u.
export const undo = () => $("#toasts button")?.click()
export function toast(text, back) {
	const box = h("div.toast", {}, h("span", {dir: "auto"}, text), back && h("button", {}, "Undo"))
	if (back)
		box.lastChild.onclick = () => back(box.remove())
	$("#toasts").prepend(box)
	setTimeout(() => box.remove(), 8000)
}

// What is so for a while; "" ends it.
const so = {}
export function banner(kind, text) {
	so[kind] = text
	const all = Object.values(so).join(" ").trim()
	if ($("#banner").textContent !== all)		// is not said twice
		$("#banner").textContent = all
}
