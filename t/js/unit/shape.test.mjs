// SPDX-License-Identifier: ISC
// The shape of the page's code: which folder knows of which, and which language it is written
// in, so that browsers of 2022 understand it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const app = fileURLToPath(new URL("../../../www/app/", import.meta.url));
// Those that are not from elsewhere.
const files = readdirSync(app, { recursive: true }).map((f) => join(app, f))
	.filter((f) => f.endsWith(".js") && !relative(app, f).startsWith("lib/"));
const textOf = (file) => readFileSync(file, "utf8");
const folderOf = (file) => dirname(relative(app, file)).split("/")[0];
const code = (file) => textOf(file).replace(/\/\/.*|\/\*[^]*?\*\//g, "");

// What each folder may import of, besides itself; "." is what stands beside the folders.
const MAY = {
	time: [],
	text: ["time"],
	service: ["time"],
	quickadd: ["time"],
	import: ["time"],
	store: ["service", "time"],
	view: [".", "lib", "quickadd", "import", "service", "store", "text", "time"],
	".": ["quickadd", "import", "service", "store", "text", "time", "view"],
};
test("each folder imports only of those below it", () => {
	for (const file of files) {
		for (const [, path] of code(file).matchAll(/(?:from|import\()\s*"([^"]+)"/g)) {
			const to = folderOf(resolve(dirname(file), path));
			const from = folderOf(file);
			assert.ok(to === from || MAY[from]?.includes(to), `${relative(app, file)} imports ${path}`);
		}
	}
});
test("one file knows lit-html", () => {
	const knowing = files.filter((f) => /\/lib\//.test(code(f))).map((f) => relative(app, f));
	assert.deepEqual(knowing, ["view/lit.js"]);
});
test("what is not a view knows no document", () => {
	for (const file of files.filter((f) => !["view", "."].includes(folderOf(f))))
		assert.doesNotMatch(code(file), /\b(document|window|location|history|navigator|localStorage)\b\s*[.[?]/, relative(app, file));
});
// What came to a browser after Chrome 97, Firefox 98 and Safari 15.4, and is no syntax.
test("nothing that browsers of 2022 lack", () => {
	const young = new RegExp(["withResolvers", "toSorted", "toReversed", "toSpliced", "\\.with\\(", "groupBy", "Array\\.fromAsync",
		"AbortSignal\\.(timeout|any)", "\\(\\?<[=!]", "isWellFormed", "new Set\\([^)]*\\)\\.(union|intersection|difference)",
		"structuredClone", "\\bstatic \\{", "aria[A-Z]\\w+ =", "\\.replaceChildren\\(\\)\\.", "checkVisibility", "\\.v\\b\\/"].join("|"));
	for (const file of files)
		assert.doesNotMatch(code(file), young, relative(app, file));
	for (const name of readdirSync(join(app, "style"))) {
		const css = textOf(join(app, "style", name)).replace(/\/\*[^]*?\*\//g, "");
		assert.doesNotMatch(css, /:has\(|^\s*&|color-mix|@container|@layer|\(width|oklch|light-dark\(|popover/m, name);
	}
});
test("no line is longer than 120 columns", () => {
	for (const file of files) {
		for (const [n, line] of textOf(file).split("\n").entries())
			assert.ok(line.replace(/\t/g, "    ").length <= 120, `${relative(app, file)}:${n + 1}`);
	}
});
