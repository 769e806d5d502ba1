// SPDX-License-Identifier: ISC
// The account: password, data out and in, calendar feed, deletion.
import { call, mine, page, session, signedIn } from "./api.js";
import { iso } from "./dates.js";
import { only } from "./queue.js";
import { $, onsubmit, toast } from "./ui.js";

const dialog = $("#account");

function save(blob, name) {
	const a = document.createElement("a");
	a.href = URL.createObjectURL(blob);
	a.download = name;
	a.click();
	setTimeout(() => URL.revokeObjectURL(a.href), 60000);
}
const fileName = (end) => `todo-${iso(new Date())}.${end}`;

// Something that a button does, with its problem shown in the dialog.
const press = (selector, work) => $(selector, dialog).addEventListener("click", async () => {
	$(".error.all", dialog).textContent = "";
	try {
		await work();
	} catch (problem) {
		$(".error.all", dialog).textContent = problem.message;
	}
});

async function allTasks() {
	const tasks = [];
	for (let cursor; cursor !== null;) {
		const got = await page([["limit", 1000], ...cursor ? [["cursor", cursor]] : []]);
		tasks.push(...got.tasks);
		cursor = got.cursor;
	}
	return tasks;
}

// Two numbers of 32 bits that say what a file holds (FNV-1a).
function digest(text) {
	let [a, b] = [0x811c9dc5, 0x01234567];
	for (let i = 0; i < text.length; i++) {
		a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
		b = Math.imul(b ^ text.charCodeAt(i), 0x01000193) ^ (b >>> 15);
	}
	return `${(a >>> 0).toString(36)}-${(b >>> 0).toString(36)}-${text.length}`;
}

// Each task under a key made of the file and its place: a file that is imported again
// doubles nothing.
async function importFile(file) {
	const text = await file.text();
	let tasks;
	try {
		tasks = JSON.parse(text);
		tasks = Array.isArray(tasks) ? tasks : tasks.tasks;
	} catch {}
	if (!Array.isArray(tasks))
		throw new Error("This file holds no tasks as JSON.");
	const bar = $("progress", dialog), said = $(".imported", dialog), name = digest(text), bad = [];
	let at = 0, done = 0;
	bar.max = tasks.length;
	bar.hidden = false;
	const one = async () => {
		while (at < tasks.length) {
			const i = at++;
			try {
				await call("POST", mine("tasks"), { body: only(Object(tasks[i])), key: `import-${name}-${i}` });
			} catch (problem) {
				if (![413, 422].includes(problem.status))
					throw problem;
				bad.push(`${i + 1} (${problem.fields.map((f) => f.name).join(", ") || "too long"})`);
			}
			bar.value = ++done;
			said.textContent = `${done} of ${tasks.length}`;
		}
	};
	try {
		await Promise.all([one(), one(), one(), one()]);
	} finally {
		bar.hidden = true;
	}
	said.textContent = `${done - bad.length} of ${tasks.length} tasks are there.`
		+ (bad.length ? ` Not taken: ${bad.slice(0, 10).join("; ")}${bad.length > 10 ? " …" : ""}.` : "");
}

function showFeed(url) {
	$(".feed", dialog).hidden = !url;
	$(".revoke", dialog).hidden = $(".copy", dialog).hidden = !url;
	$(".feed input", dialog).value = url ? new URL(url, document.baseURI) : "";
	$(".make", dialog).textContent = url ? "New address" : "Make an address";
}

// refresh() shows what an import brought, leave() ends everything here.
export function account(refresh, leave) {
	$("#open-account").addEventListener("click", () => {
		for (const form of dialog.querySelectorAll("form"))
			form.reset();
		for (const e of dialog.querySelectorAll(".error, .imported"))
			e.textContent = "";
		$(".who", dialog).textContent = session.username;
		$(".email", dialog).textContent = session.email;
		for (const user of dialog.querySelectorAll("[name=username]"))
			user.value = session.email;
		showFeed(null);
		dialog.showModal();
		call("GET", mine("feed")).then((r) => showFeed(r.json.url), () => {});
	});
	onsubmit($("#password"), async ({ current_password, password }, form) => {
		signedIn((await call("POST", "api/auth/password", { body: { current_password, password } })).json);
		form.reset();
		toast("The password is changed; other devices have to log in again.");
		$(".error", form).textContent = "";
		$(".done", form).textContent = "Changed. All other sessions have ended.";
	});
	press(".json", async () => {
		const me = (await call("GET", "api/auth/me")).json;
		save(new Blob([JSON.stringify({ exported_at: new Date().toISOString(), account: me,
			tasks: await allTasks() }, null, "\t")], { type: "application/json" }), fileName("json"));
	});
	press(".ics", async () => save((await call("GET", mine("tasks.ics"), { raw: true })).json, fileName("ics")));
	press(".make", async () => showFeed((await call("POST", mine("feed"))).json.url));
	press(".revoke", async () => {
		await call("DELETE", mine("feed"));
		showFeed(null);
	});
	press(".copy", async () => {
		const field = $(".feed input", dialog);
		field.select();
		// Where there is no clipboard (http:), it is selected at least.
		await navigator.clipboard?.writeText(field.value);
		$(".copied", dialog).textContent = navigator.clipboard ? "Copied." : "Selected.";
	});
	$("#import").addEventListener("change", async ({ target }) => {
		const [file] = target.files;
		$(".error.all", dialog).textContent = $(".imported", dialog).textContent = "";
		try {
			if (file)
				await importFile(file);
		} catch (problem) {
			$(".error.all", dialog).textContent = problem.message;
		}
		target.value = "";
		refresh();
	});
	onsubmit($("#goodbye"), async ({ password }) => {
		await call("POST", "api/auth/delete", { body: { password } });
		await leave();
	});
	press(".logout", async () => leave(true));
}
