// SPDX-License-Identifier: ISC
// Elements, forms, messages.  Text becomes text nodes, never HTML.

export const $ = (selector, from = document) => from.querySelector(selector);

// h("a.tag", { href: "?" }, "text", element, ...), without what is null or false.
export function h(name, props, ...children) {
	const [tag, ...classes] = name.split("."), e = document.createElement(tag);
	e.className = classes.join(" ");
	for (const [k, v] of Object.entries(props)) {
		if (v != null && v !== false)
			e.setAttribute(k, v === true ? "" : v);
	}
	e.append(...children.flat().filter((c) => c != null && c !== false));
	return e;
}
export const clone = (id) => $(`#${id}`).content.firstElementChild.cloneNode(true);
export const on = (target, type, f) => target.addEventListener(type, f);

// Shows a problem, with the fields that a 422 names.
export function complain(form, problem) {
	const fields = problem?.fields ?? [];
	for (const e of form.elements)
		e.ariaInvalid = fields.some((f) => f.name === e.name) || null;
	$(".error", form).textContent = problem
		? [problem.message, ...fields.map((f) => `${f.name}: ${f.text}.`)].join(" ") : "";
	$("[aria-invalid]", form)?.focus();
}

// What happens on submit; problems are shown in the form.
export const onsubmit = (form, work) => on(form, "submit", async (event) => {
	event.preventDefault();
	if (form.ariaBusy)
		return;
	complain(form);
	form.ariaBusy = "true";
	try {
		await work(Object.fromEntries(new FormData(form)), form);
	} catch (problem) {
		complain(form, problem);
	}
	form.ariaBusy = null;
});

// Shows a <dialog> until a button with a value closes it: Escape is no answer.
export function ask(dialog) {
	dialog.returnValue = "";
	dialog.showModal();
	return new Promise((done) => dialog.onclose = () => done(dialog.returnValue || ask(dialog)));
}

export function later() {
	const r = {};
	r.promise = new Promise((done, fail) => Object.assign(r, { done, fail }));
	return r;
}

// A message for some seconds; back() undoes what it says, by a button or the key u.
let last;
export const undo = () => last?.();
export function toast(text, back) {
	const box = h("div.toast", {}, h("span", { dir: "auto" }, text));
	const act = () => {
		box.remove();
		last = null;
		back();
	};
	if (back) {
		last = act;
		box.append(h("button", { type: "button" }, "Undo"));
		on(box.lastChild, "click", act);
	}
	$("#toasts").append(box);
	setTimeout(() => box.remove(last = last === act ? null : last), 8000);
}

// What is so for a while; each kind has its text, "" ends it.
const so = {};
export function banner(kind, text) {
	so[kind] = text;
	$("#banner").textContent = Object.values(so).join(" ").trim();
}
