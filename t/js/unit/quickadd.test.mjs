// SPDX-License-Identifier: ISC
// What the line understands, in each language, zone and week; and that no line hurts it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describe } from "../../../www/app/quickadd/describe.js";
import { parse } from "../../../www/app/quickadd/parse.js";
import { loadGrammar } from "../../../www/app/quickadd/vocabulary.js";
import { lines as english } from "./lines/en.mjs";
import { lines as french } from "./lines/fr.mjs";
import { lines as german } from "./lines/de.mjs";
import { lines as spanish } from "./lines/es.mjs";

await Promise.all(["de", "fr-CA", "es", "nl", ""].map(loadGrammar));

const NOW = Date.parse("2026-11-26T10:00:00Z");
const at = (now, zone, line, more) => parse(line, { now: Date.parse(now), zone, language: "en", ...more });
const onThursday = (line, more) => parse(line, { now: NOW, zone: "UTC", language: "en", ...more });
const dueOf = ({ due_day: day, due_time: time }) => [day, time].filter(Boolean).join(" ");

for (const [language, lines] of Object.entries({ en: english, de: german, fr: french, es: spanish })) {
	test(`lines: what is meant, ${language}`, () => {
		for (const [line, title, due = "", rule = null, other = {}] of lines) {
			const said = onThursday(line, { language });
			assert.deepEqual({ title: said.title, due: dueOf(said), rule: said.recurrence, tags: said.tags,
				priority: said.priority, notes: said.notes, remarks: said.remarks.map(({ key }) => key) },
			{ title: title ?? line, due, rule, tags: [], priority: null, notes: null, remarks: [], ...other }, line);
		}
	});
	test(`lines: what was understood can be refused, ${language}`, () => {
		for (const [line] of lines) {
			const { spans } = onThursday(line, { language });
			for (const { text, start, end } of spans) {
				assert.equal(line.slice(start, end), text, line);
				const without = onThursday(line, { language, refused: [text] });
				assert.ok(without.title.includes(text), `${line}, without ${text}: ${without.title}`);
				assert.ok(!without.spans.some((span) => span.text === text), `${line}, without ${text}`);
			}
			const bare = onThursday(line, { language, refused: spans.map(({ text }) => text) });
			assert.deepEqual([bare.title, bare.due_date, bare.recurrence], [line, null, null], line);
		}
	});
}

test("lines: a tag of the account is written as it is there, blanks included", () => {
	const tags = ["Home office", "Home", "Größe", "Café"];
	const said = onThursday("Buy desk #home office #HOME, #größe #cafe\u0301 #new", { tags });
	assert.deepEqual(said.tags, ["Home office", "Home", "Größe", "Café", "new"]);
	assert.equal(said.title, "Buy desk");
	assert.deepEqual(onThursday("Buy #home offices", { tags }).tags, ["Home"]);
});
test("lines: tags of all scripts are words", () => {
	for (const tag of ["हिन्दी", "বাংলা", "ไทยดี", "தமிழ்", "עִבְרִית", "مُهِمّ", "می\u200cخواهم", "日本語", "Größe", "🏠", "👨‍👩‍👧", "c++"]) {
		const said = onThursday(`Buy milk #${tag} tomorrow`);
		if (tag === "c++")
			assert.deepEqual([said.title, said.tags], ["Buy milk #c++", []]);
		else
			assert.deepEqual([said.title, said.tags, said.due_day], ["Buy milk", [tag], "2026-11-27"]);
	}
	assert.deepEqual(onThursday(`Buy #${"x".repeat(51)}`).tags, []);
	assert.equal(onThursday(Array.from({ length: 40 }, (_, n) => `#t${n}`).join(" ")).tags.length, 32);
	assert.deepEqual(onThursday("Buy milk (#home)").title, "Buy milk");
});
test("lines: figures are read as the language has them", () => {
	for (const [language, due] of [["en-US", "2027-03-12"], ["en-GB", "2026-12-03"], ["de", "2026-12-03"], ["en-US@posix", "2027-03-12"],
		["C", "2027-03-12"], ["nl", "2026-12-03"]])
		assert.equal(onThursday("Call Bob 3/12", { language }).due_day, due, language);
});
test("lines: the week begins and ends as it does there", () => {
	const american = { firstDay: 7, weekend: [6, 7] }, egyptian = { firstDay: 6, weekend: [5, 6] };
	for (const [line, week, due] of [
		["Call next week", undefined, "2026-11-30"], ["Call next week", american, "2026-11-30"], ["Call next week", egyptian, "2026-11-29"],
		["Call next sunday", undefined, "2026-12-06"], ["Call next sunday", american, "2026-11-29"],
		["Call this weekend", egyptian, "2026-11-27"], ["Call end of week", egyptian, "2026-11-26"],
	])
		assert.equal(onThursday(line, { week }).due_day, due, `${line} ${JSON.stringify(week)}`);
	assert.equal(onThursday("Standup every weekday", { week: egyptian }).recurrence, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,SU");
	const sunday = (line, week) => at("2026-11-29T10:00:00Z", "UTC", line, { week }).due_day;
	assert.equal(sunday("Call this weekend"), "2026-11-29");
	assert.equal(sunday("Call next weekend"), "2026-12-05");
	assert.equal(sunday("Call next week"), "2026-11-30");
	assert.equal(sunday("Call next week", american), "2026-12-07");
});
test("lines: today is that of the zone", () => {
	const late = "2026-11-26T23:30:00Z";
	assert.equal(at(late, "Asia/Tokyo", "Call today").due_day, "2026-11-27");
	assert.equal(at(late, "America/Los_Angeles", "Call today").due_day, "2026-11-26");
	assert.equal(at(late, "America/Los_Angeles", "Call every thursday").due_day, "2026-11-26");
	assert.equal(at(late, "Pacific/Auckland", "Call at 5pm").due_date, "2026-11-27T04:00:00Z");
	assert.equal(at("2026-11-26T23:30:00Z", "UTC", "Call tonight").due_date, "2026-11-26", "8 pm is over");
	assert.equal(at("2026-11-26T18:00:00Z", "UTC", "Call at 5pm").due_date, "2026-11-27T17:00:00Z");
	assert.equal(at("2026-11-26T17:00:00Z", "UTC", "Call at 5pm").due_date, "2026-11-26T17:00:00Z", "this minute");
	assert.equal(at("2026-11-26T18:00:00Z", "UTC", "Call today at 5pm").due_date, "2026-11-26T17:00:00Z", "as it is said");
});
test("lines: over the changes of the clock", () => {
	const due = (now, zone, line) => at(now, zone, line).due_date;
	assert.equal(due("2026-03-28T12:00:00Z", "Europe/Berlin", "Call tomorrow 09:00"), "2026-03-29T07:00:00Z");
	assert.equal(due("2026-10-24T12:00:00Z", "Europe/Berlin", "Call tomorrow 09:00"), "2026-10-25T08:00:00Z");
	assert.equal(due("2026-03-28T12:00:00Z", "Europe/Berlin", "Call tomorrow 02:30"), "2026-03-29T01:00:00Z", "left out");
	assert.equal(due("2026-10-24T12:00:00Z", "Europe/Berlin", "Call tomorrow 02:30"), "2026-10-25T00:30:00Z", "twice: the first");
	assert.equal(due("2026-03-07T12:00:00Z", "America/Los_Angeles", "Gym every sunday 08:00"), "2026-03-08T15:00:00Z");
	assert.equal(due("2026-11-01T08:30:00Z", "America/Los_Angeles", "Call in 1 hour"), "2026-11-01T09:30:00Z", "01:30 comes again");
	assert.equal(due("2026-10-03T12:00:00Z", "Australia/Sydney", "Call in 1 day"), "2026-10-04");
	assert.equal(at("2026-10-24T22:30:00Z", "Europe/Berlin", "Run every day at 08:00 until 26 oct").recurrence,
		"FREQ=DAILY;UNTIL=20261026T225900Z", "the end of that day there");
});
test("lines: the ends of months and years", () => {
	const due = (now, line) => at(now, "UTC", line).due_day;
	assert.equal(due("2027-01-31T10:00:00Z", "Call in a month"), "2027-02-28");
	assert.equal(due("2028-01-31T10:00:00Z", "Call in a month"), "2028-02-29");
	assert.equal(due("2028-02-29T10:00:00Z", "Call in 1 year"), "2029-02-28");
	assert.equal(due("2026-12-31T10:00:00Z", "Call tomorrow"), "2027-01-01");
	assert.equal(due("2026-12-31T10:00:00Z", "Call end of month"), "2026-12-31");
	assert.equal(due("2026-12-31T10:00:00Z", "Call 1 jan"), "2027-01-01");
	assert.equal(due("2026-12-31T10:00:00Z", "Call 31 dec"), "2026-12-31");
	assert.equal(due("2027-01-30T10:00:00Z", "Pay on the 30th"), "2027-01-30");
	assert.equal(due("2027-02-01T10:00:00Z", "Pay on the 30th"), "2027-03-30");
	assert.equal(due("2027-02-01T10:00:00Z", "Pay every month on the 31st"), "2027-03-31");
	assert.equal(due("2028-02-28T10:00:00Z", "Birthday every 29 feb"), "2028-02-29");
	assert.equal(due("2028-03-01T10:00:00Z", "Birthday every 29 feb"), "2032-02-29");
	assert.equal(due("2096-03-01T10:00:00Z", "Birthday every 29 feb"), "2104-02-29", "1900 and 2100 have none");
	assert.equal(due("2027-02-01T10:00:00Z", "Report every 5th friday"), "2027-04-30");
	assert.equal(due("2027-01-29T10:00:00Z", "Report every last friday of the month at 9am"), "2027-02-26", "9 is over");
});
test("lines: a repetition in words is understood again", () => {
	const rules = ["FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO",
		"FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=MONTHLY",
		"FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=2TU",
		"FREQ=MONTHLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYMONTHDAY=22", "FREQ=MONTHLY;BYMONTHDAY=-1",
		"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=2", "FREQ=DAILY;COUNT=5",
		"FREQ=WEEKLY;BYDAY=TU,FR;UNTIL=20270301"];
	for (const language of ["en", "en-GB", "de", "de-AT", "fr", "fr-CA", "es", "es-MX"]) {
		for (const rule of rules) {
			const said = onThursday(`Thing ${describe(rule, { language })}`, { language });
			assert.deepEqual([said.title, said.recurrence], ["Thing", rule], `${language}: ${describe(rule, { language })}`);
		}
	}
});
test("describe: what it can say, and what it leaves", () => {
	assert.equal(describe("weekdays"), "every weekday");
	assert.equal(describe("every other week"), "every 2 weeks");
	assert.equal(describe("RRULE:FREQ=WEEKLY;WKST=SU;BYDAY=SU"), "every Sunday");
	assert.equal(describe("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=12", { language: "de" }), "jedes Jahr am 12. März");
	assert.equal(describe("FREQ=WEEKLY;UNTIL=20270302T045900Z", { zone: "America/New_York" }), "every week until March 1, 2027");
	assert.equal(describe("FREQ=DAILY", { language: "xx-bad@x" }), "every day");
	for (const pattern of ["FREQ=HOURLY", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", "FREQ=DAILY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=1MO",
		"FREQ=WEEKLY;UNTIL=20270231", "FREQ=DAILY;FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=0", "FREQ=MONTHLY;BYMONTHDAY=32", "now and then", "", null])
		assert.equal(describe(pattern), null, String(pattern));
});

// Every line does no harm: an answer of the right kind, and a title that the service takes.
const PIECES = ["", " ", "\0", "\t", "\n", "\x7f\x85", "#", "!", "!!", "\"", "'", "“", "(", ")", "-", "–", ".", ",", ":", "/", "@", "://",
	"mon", "monday", "every", "until", "from", "in", "next", "1", "31", "0", "99999999999999999999", "2027", "9:30", "9-", "-9", "9:99",
	"am", "pm", "of", "the", "month", "year", "feb", "may", "march", "second", "sun", "times", "for", "weeks", "last", "first", "on", "by",
	"\u202e", "\u200f", "עברית", "مرحبا", "😀", "👨‍👩‍👧", "\ud800", "\udc00", "e\u0301", "İ", "ß", "ﬁ", "１", "constructor", "__proto__",
	"{weekday}", "$&", "\u2028", "\ufeff", "31.02.", "29.2.", "1/2", "13/13/2027", "0000-00-00", "2027-02-30", "10000 years"];
function randoms(seed) {
	let state = seed;
	return (below) => {
		state = (state * 1103515245 + 12345) % 2147483648;
		return state % below;
	};
}
test("lines: no line hurts", () => {
	const below = randoms(17);
	for (let count = 0; count < 600; count++) {
		const line = Array.from({ length: below(12) }, () => PIECES[below(PIECES.length)] + (below(3) ? " " : "")).join("");
		const said = onThursday(line, { language: ["en", "de", "fr", "es"][below(4)], zone: ["UTC", "Asia/Kathmandu"][below(2)] });
		const why = JSON.stringify(line);
		assert.doesNotMatch(said.title, /[\p{Cc}\p{Cs}]|^\s|\s$/u, why);
		assert.match(said.due_date ?? "2000-01-01", /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/, why);
		assert.match(said.recurrence ?? "FREQ=", /^FREQ=[A-Z0-9=;,-]{0,90}$/, why);
		assert.ok(said.tags.every((tag) => [...tag].length <= 50 && tag.trim() === tag), why);
		let end = 0;
		for (const span of said.spans) {
			assert.ok(span.start >= end && span.end > span.start, `${why}: spans overlap`);
			end = span.end;
		}
	}
});
test("lines: a long line takes no longer than its length", () => {
	const most = 2000;
	for (const part of ["mon ", "every ", "mon and ", "in 1 week ", "first monday of ", "9:30 - ", "9-", "\"", "#a ", "@", "a", " ", "(",
		"e\u0301"]) {
		const time = (length) => {
			const line = part.repeat(length).slice(0, most);
			const start = process.cpuUsage();
			onThursday(line);
			const { user, system } = process.cpuUsage(start);
			return (user + system) / 1000;
		};
		const spent = Math.min(time(most), time(most));
		assert.ok(spent < 200, `${JSON.stringify(part)}: ${spent} ms of the processor`);
	}
	const huge = onThursday("buy milk tomorrow ".repeat(20000));
	assert.deepEqual([huge.spans, huge.remarks[0].key, huge.title.length], [[], "title-long", 359999]);
	assert.equal(onThursday("x".repeat(200)).remarks.length, 0);
	assert.equal(onThursday("😀".repeat(200)).remarks.length, 0);
	assert.equal(onThursday("x".repeat(201)).remarks[0].key, "title-long");
});
