// SPDX-License-Identifier: ISC
// /docs in a browser, without Swagger UI: all of the API is there to read.  Prints TAP
// lines.
//
//   node docs_plain.mjs BASE NODE_MODULES DIRECTORY
import { join } from "node:path";
import { launch } from "./browser.mjs";

const [base, modules, dir] = process.argv.slice(2);
const ok = (good, name, why) =>
	console.log(`${good ? "ok" : "not ok"} - ${name}${good ? "" : `: ${why}`}`);
const browser = await launch(modules);
const page = await browser.newPage({ viewport: { width: 1200, height: 1400 } });
const said = [];
page.on("console", (m) => m.type() === "error" && said.push(m.text()));
page.on("pageerror", (e) => said.push(String(e)));
await page.goto(`${base}/docs`);
await page.waitForSelector("details", { timeout: 30000 });
const doc = await (await fetch(`${base}/openapi.json`)).json();
const described = Object.entries(doc.paths).flatMap(([path, item]) => Object.keys(item)
	.filter((k) => k !== "parameters").map((method) => `${method.toUpperCase()} ${path}`)).sort();
const listed = (await page.locator("summary code").allInnerTexts()).sort();
ok(`${listed}` === `${described}`, "docs, plain: every operation is listed once", listed.join(", "));
const create = page.locator("details", { has: page.locator("code", { hasText: /^POST \/api\/\{user_id\}\/tasks$/ }) });
await create.locator("summary").click();
const text = await create.innerText();
ok(/user_id.*Idempotency-Key.*"title": "Pay rent".*201 .*422 /s.test(text), "docs, plain: with parameters, body and answers", text);
ok(/Swagger UI/.test(await page.innerText("body")), "docs, plain: and how to try it here");
// Swagger UI is asked for, and is not there.
const bad = said.filter((s) => !/status of 404|docs\/swagger-ui\/.* MIME type/.test(s));
ok(bad.length === 0, "docs, plain: no error, no breach of the content policy", bad.join("; "));
await page.screenshot({ path: join(dir, "docs.png") });
await browser.close();
