// SPDX-License-Identifier: ISC
// Elements, dialogs, messages.  Text becomes text nodes, never HTML.

export const $ = (selector, from = document) => from.querySelector(selector);

// h("a.tag", { href: "?", onclick: f }, "text", element, ...): null and false are left out.
export function h(name, props, ...children) {
	const [tag, ...classes] = name.split(".");
	const e = document.createElement(tag);
	if (classes.length)
		e.className = classes.join(" ");
	for (const [key, value] of Object.entries(props ?? {})) {
		if (key.startsWith("on"))
			e.addEventListener(key.slice(2), value);
		else if (value != null && value !== false)
			e.setAttribute(key, value === true ? "" : value);
	}
	e.append(...children.flat().filter((c) => c != null && c !== false));
	return e;
}

export const clone = (id) => $(`#${id}`).content.firstElementChild.cloneNode(true);

// The text that was typed in a form, by name, trimmed but for passwords.
export const values = (form) => Object.fromEntries([...new FormData(form)]
	.map(([k, v]) => [k, /password/.test(k) || typeof v !== "string" ? v : v.trim()]));

// Shows a problem in the form: in words, and at the fields that a 422 names.
export function complain(form, problem) {
	for (const e of form.querySelectorAll("[aria-invalid]"))
		e.removeAttribute("aria-invalid");
	const place = $(".error", form);
	place.textContent = "";
	if (!problem)
		return;
	const parts = [problem.message];
	for (const { name, text } of problem.fields ?? []) {
		const field = form.elements[{ due_date: "date" }[name] ?? name];
		field?.setAttribute("aria-invalid", "true");
		parts.push(`${(field?.labels?.[0]?.firstChild?.data ?? name).trim()}: ${text}.`);
	}
	place.textContent = parts.join(" ");
	$("[aria-invalid]", form)?.focus();
}

// What happens on submit; a problem is shown in the form, which waits meanwhile.
export function onsubmit(form, work) {
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		if (form.ariaBusy === "true")
			return;
		complain(form);
		form.ariaBusy = "true";
		try {
			await work(values(form), form);
		} catch (problem) {
			complain(form, problem);
		} finally {
			form.ariaBusy = null;
		}
	});
}

// Shows a <dialog> until it is closed; answers the value of the button.
export function ask(dialog) {
	const { promise, resolve } = resolvers();
	dialog.returnValue = "";
	dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
	if (!dialog.open)
		dialog.showModal();
	return promise;
}

export function resolvers() {
	const r = {};
	r.promise = new Promise((resolve, reject) => Object.assign(r, { resolve, reject }));
	return r;
}

// --- messages -------------------------------------------------------------------
let undoLast;
export const undo = () => undoLast?.();

// A message for some seconds; with undo, a button (and the key u) that calls it.
export function toast(text, back) {
	const box = h("div.toast", {}, h("span", { dir: "auto" }, text));
	const end = () => {
		box.remove();
		if (undoLast === act)
			undoLast = null;
	};
	const act = () => {
		end();
		back();
	};
	if (back) {
		undoLast = act;
		box.append(h("button", { type: "button", onclick: act }, "Undo"));
	}
	$("#toasts").append(box);
	while ($("#toasts").children.length > 3)
		$("#toasts").firstChild.remove();
	setTimeout(end, back ? 8000 : 5000);
}

// What is so for a while; each kind has a line, "" ends it.
const lasting = {};
export function banner(kind, text) {
	if ((lasting[kind] ?? "") === text)
		return;
	lasting[kind] = text;
	$("#banner").textContent = Object.values(lasting).filter(Boolean).join(" ");
}
