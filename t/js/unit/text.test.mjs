// SPDX-License-Identifier: ISC
// The words of the page: each language says the same, and nothing of how it is made.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { languageFor, LANGUAGES, loadText } from "../../../www/app/text/languages.js";
import { loadGrammar } from "../../../www/app/quickadd/vocabulary.js";
import { parse } from "../../../www/app/quickadd/parse.js";

const texts = {};
for (const language of Object.keys(LANGUAGES)) {
	texts[language] = await loadText(language);
	await loadGrammar(language);
}

// All leaves, by their path.
function leaves(value, path = "") {
	if (value === null || typeof value !== "object")
		return [[path, value]];
	return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}
// What stands for what is put into a text, by the name that English gives it.
const SAMPLES = { n: 7, done: 7, all: 8, more: true, seconds: 7, tasks: [{ title: "Xtasks" }], titles: ["Xa", "Xb"], days: ["Xa", "Xb"],
	tags: ["Xa", "Xb"], fields: ["Xa", "Xb"], kind: "offline", status: 0 };
const sampleOf = (name) => SAMPLES[name] ?? `X${name}`;
// Of an arrow function: "n", "title, why", "{done, all}".
function namesOf(f) {
	const [, bare, list] = /^(?:(\w+)\s*=>|\(([^)]*)\)\s*=>)/.exec(String(f));
	return bare ?? list;
}
function argumentsOf(f) {
	const list = namesOf(f);
	const names = (text) => text.replace(/[{}\s]/g, "").split(",").filter(Boolean);
	return list.includes("{") ? [Object.fromEntries(names(list).map((name) => [name, sampleOf(name)]))] : names(list).map(sampleOf);
}
// Which of them are in a text, and which figures; 10,000 is 10.000.
const partsOf = (text) => (text.replace(/(\d)[.,\u00a0\u202f ](?=\d{3}\b)/g, "$1").match(/X[a-z]+|\d+/g) ?? []).sort();
const OWN = /^(language|problem|fault|welcome\.|help\.|line\.placeholder|programs\.how\.)/;

for (const language of Object.keys(LANGUAGES)) {
	const others = new Map(leaves(texts[language]));
	test(`${language}: has the same keys as English`, () => {
		const kinds = (text) => leaves(text).map(([path, value]) => `${path}: ${typeof value}`).sort();
		assert.deepEqual(kinds(texts[language]), kinds(texts.en));
		assert.equal(texts[language].language, language);
	});
	test(`${language}: has the same placeholders as English`, () => {
		for (const [path, value] of leaves(texts.en)) {
			if (OWN.test(path))
				continue;
			const given = typeof value === "function" ? argumentsOf(value) : [];
			const said = (v) => typeof v === "function" ? v(...given) : String(v);
			assert.deepEqual(partsOf(said(others.get(path))), partsOf(said(value)), path);
		}
	});
	test(`${language}: speaks of nothing that only programmers know`, () => {
		const english = new Map(leaves(texts.en));
		for (const [path, value] of leaves(texts[language])) {
			const given = typeof value === "function" && !OWN.test(path) ? argumentsOf(english.get(path)) : null;
			const words = given ? value(...given) : String(value);
			if (typeof value !== "function" || given)
				assert.doesNotMatch(words, /\b(String|bytes?|JSON|iCalendar|RFC|RRULE|FREQ|VTODO|token|undefined|null|NaN|[a-z]+_[a-z]+)\b/, path);
		}
	});
	test(`${language}: the line understands each example`, () => {
		const { help, line, welcome } = texts[language];
		const options = { language, zone: "UTC", now: Date.UTC(2026, 10, 26, 10), today: "2026-11-26", first: 1,
			week: { firstDay: 1, weekend: [6, 7] }, tags: [], refused: [] };
		for (const example of help.examples)
			assert.ok(parse(`Xyz ${example}`, options).spans.length, example);
		const taught = /[“„«]\s?(.*?)\s?[”“»]/.exec(welcome.first[2][0])[1];
		const read = parse(taught, options);
		assert.deepEqual([read.due_date, read.tags.length], ["2026-11-27T09:00:00Z", 1], taught);
		const { priority, tags, recurrence, due_date } = parse(line.placeholder, options);
		assert.deepEqual([priority, tags.length, Boolean(recurrence && due_date)], ["High", 1, true], line.placeholder);
		assert.ok(line.placeholder.length <= 32, `a phone shows all of it: ${line.placeholder}`);
	});
}
test("the manifest’s words are the page’s", () => {
	const lines = readFileSync(new URL("../../../www/manifest.words", import.meta.url), "utf8").split("\n").map((line) => line.split("\t"));
	for (const { language, line, views } of Object.values(texts).filter((text) => text.language !== "en")) {
		const words = new Map(lines.filter(([of]) => of === language).map(([, english, theirs]) => [english, theirs]));
		for (const [english, theirs] of [["en", language], [texts.en.line.label, line.label], [texts.en.views.today, views.today],
			[texts.en.views.upcoming, views.upcoming]])
			assert.equal(words.get(english), theirs, language);
		assert.equal(words.size, 5);
	}
});
test("the language: chosen, else of the browser, else English", () => {
	assert.equal(languageFor("fr", ["de-AT", "en"]), "fr");
	assert.equal(languageFor(null, ["de-AT", "en"]), "de");
	assert.equal(languageFor(null, ["ja", "es_MX"]), "es");
	assert.equal(languageFor("xx", ["ja"]), "en");
	assert.equal(languageFor("constructor", undefined), "en");
});
test("what the service refuses is said in words", () => {
	for (const text of Object.values(texts)) {
		const invalid = (...fields) => text.problem({ kind: "invalid", status: 422, detail: null, fields: fields.map((name) => ({ name })) });
		assert.equal(invalid("title", "title"), text.rules.title);
		assert.equal(invalid("unknown"), text.problems.invalid);
		assert.equal(text.problem({ kind: "invalid", status: 413, detail: null, fields: [] }), text.problems.long);
		assert.equal(text.problem({ kind: "refused", status: 409, detail: "toString", fields: [] }), text.problems.refused);
		assert.equal(text.fault({ name: "date", rule: "year" }), text.rules.year);
		assert.equal(text.fault({ name: "date", rule: "day" }), text.rules.due_date);
	}
});
