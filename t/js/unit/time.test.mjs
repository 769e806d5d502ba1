// SPDX-License-Identifier: ISC
import assert from "node:assert/strict";
import { test } from "node:test";
import { boundOf, dayOfDue, dueOf, isMeant, isOverdue, timeOfDue } from "../../../www/app/time/due.js";
import { createFormat, localeFor, usable } from "../../../www/app/time/format.js";

test("due: a form’s day and time, in four zones and over the change of the clock", () => {
	for (const [day, time, zone, due] of [
		["2026-11-30", "08:00", "Asia/Tokyo", "2026-11-29T23:00:00Z"],
		["2026-11-27", "17:00", "America/Los_Angeles", "2026-11-28T01:00:00Z"],
		["2026-11-27", "00:30", "Pacific/Auckland", "2026-11-26T11:30:00Z"],
		["2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:00:00Z"],	// left out: what comes after it
		["2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30:00Z"],	// twice: the first
		["2026-03-28", "09:00", "Europe/Berlin", "2026-03-28T08:00:00Z"],
		["2026-03-30", "09:00", "Europe/Berlin", "2026-03-30T07:00:00Z"],
		["2026-02-15", "", "Asia/Tokyo", "2026-02-15"],
	]) {
		assert.equal(dueOf(day, time, zone), due, `${day} ${time} ${zone}`);
		if (due !== "2026-03-29T01:00:00Z")
			assert.deepEqual([dayOfDue(due, zone), timeOfDue(due, zone)], [day, time]);
	}
	assert.equal(boundOf("2026-07-01", "Asia/Kolkata"), "2026-07-01T00:00:00+05:30");
	assert.equal(boundOf("2026-11-26", "America/St_Johns", "10:15"), "2026-11-26T10:15:00-03:30");
	assert.equal(boundOf("0026-02-15", "Europe/Berlin"), "0026-02-15T00:00:00+00:53");
	assert.deepEqual([dayOfDue("9999-12-31T23:59:59Z", "Europe/Berlin"), dayOfDue("0001-01-01T00:00:00Z", "America/Los_Angeles")],
		["9999-12-31", "0000-12-31"]);
	assert.equal(isMeant("0026-02-15"), false);
});
test("due: what is late", () => {
	const now = Date.parse("2026-11-26T20:00:00Z");
	for (const [due, late] of [["2026-11-25", true], ["2026-11-26", false], ["2026-11-26T19:59:59Z", true], ["2026-11-26T20:00:01Z", false]])
		assert.equal(isOverdue(due, { now, today: "2026-11-26" }), late, due);
	assert.equal(isOverdue("2026-11-26", { now, today: "2026-11-27" }), true, "it is the 27th there");
});
test("format: whatever the browser says of languages", () => {
	assert.deepEqual(usable(["en-US@posix", "C", "en_US", "de-AT"]), ["de-AT"]);
	for (const languages of [undefined, [], ["C"], ["en-US@posix"]])
		assert.equal(localeFor("en", languages), "en");
	assert.equal(localeFor("en", ["en-GB"]), "en-GB");
	assert.equal(localeFor("de", ["en-GB", "de-AT"]), "de-AT");
	assert.equal(localeFor("en", ["nl"]), "en-NL", "the words of the page, the way of the region");
});
test("format: days in words", () => {
	const now = () => Date.parse("2026-11-26T11:00:00Z");
	const f = createFormat({ locale: "en-GB", zone: "Europe/Berlin", now });
	for (const [due, words] of [["2026-11-26", "Today"], ["2026-11-27T09:30:00Z", "Tomorrow, 10:30"], ["2026-11-25", "Yesterday"],
		["2026-12-03", "Thu 3 Dec"], ["2027-01-02", "2 Jan 2027"], ["2026-12-26", "Sat 26 Dec"], ["2026-05-05", "Tue 5 May"],
		["2027-02-15", "15 Feb 2027"], ["2025-11-26", "26 Nov 2025"], ["2091-02-14T23:30:00Z", "15 Feb 2091, 00:30"]])
		assert.equal(f.dueWords(due).replace("Sat, ", "Sat ").replace("Thu, ", "Thu ").replace("Tue, ", "Tue "), words, due);
	assert.equal(f.first, 1);
	assert.equal(f.weekdays()[0], "Mon");
	const persian = createFormat({ locale: "fa-IR", zone: "Asia/Tehran", now });
	assert.match(persian.monthWords("2026-12-01"), /دسامبر/, "heading and numbers are of one calendar");
	assert.match(persian.fullDay("2026-12-01"), /دسامبر/);
});
