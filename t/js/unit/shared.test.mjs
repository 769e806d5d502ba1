// SPDX-License-Identifier: ISC
import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedOf, withoutShared } from "../../../www/app/store/shared.js";

const shared = (title, text, url) => sharedOf(`?${new URLSearchParams({ "shared-title": title, "shared-text": text, "shared-url": url })}`);
test("what is shared: a title, a text, a link, each of which may be missing", () => {
	assert.equal(sharedOf("?view=all"), null);
	assert.equal(shared("", " ", ""), null);
	assert.deepEqual(shared("A page", "", "https://a.example/"), { title: "A page", notes: "https://a.example/" });
	assert.deepEqual(shared("", "Look: https://a.example/x", ""), { title: "Look:", notes: "Look: https://a.example/x" });
	assert.deepEqual(shared("", "https://a.example/x", ""), { title: "https://a.example/x", notes: "" });
	assert.deepEqual(shared("", "", "https://a.example/x"), { title: "https://a.example/x", notes: "" });
	assert.deepEqual(shared("A", "B https://a.example/x", "https://a.example/x"), { title: "A", notes: "B https://a.example/x" });
	assert.deepEqual(shared("", "first\nsecond", ""), { title: "first", notes: "first\nsecond" });
	const { title } = shared("\u{1f600}".repeat(300), "", "");
	assert.equal([...title].length, 200);
});
test("the address without it", () => {
	assert.equal(withoutShared("?shared-title=x&new&view=all"), "?view=all");
	assert.equal(withoutShared("?new"), "?");
});
