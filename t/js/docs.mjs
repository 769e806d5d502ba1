// SPDX-License-Identifier: ISC
// /docs in a browser: the operations are listed, one is tried, nothing is asked of
// anyone else.  Prints TAP lines.
//
//   node docs.mjs BASE NODE_MODULES DIRECTORY
import { join } from "node:path";
import { launch } from "./browser.mjs";

const [base, modules, dir] = process.argv.slice(2);
const ok = (good, name, why) =>
	console.log(`${good ? "ok" : "not ok"} - ${name}${good ? "" : `: ${why}`}`);
const browser = await launch(modules);
const page = await browser.newPage({ viewport: { width: 1200, height: 1400 } });
const foreign = [], said = [];
page.on("request", (r) => {
	if (!r.url().startsWith(base) && !r.url().startsWith("data:"))
		foreign.push(r.url());
});
page.on("console", (m) => m.type() === "error" && said.push(m.text()));
page.on("pageerror", (e) => said.push(String(e)));
const answer = await page.goto(`${base}/docs`);
ok(answer.ok() && page.url() === `${base}/docs/`, "docs: /docs leads to /docs/", page.url());
await page.waitForSelector(".opblock", { timeout: 30000 });
const listed = await page.locator(".opblock").count();
ok(listed >= 14, "docs: the operations are listed", listed);
ok(/neon-todo/.test(await page.locator(".info .title").innerText()), "docs: with their title");
const login = page.locator("#operations-auth-login");
await login.locator(".opblock-summary-control").click();
await login.locator(".try-out__btn").click();
await login.locator(".execute").click();
await login.locator(".live-responses-table .response-col_status").first().waitFor();
const status = await login.locator(".live-responses-table tbody .response-col_status").first().innerText();
ok(/^401/.test(status), "docs: login can be tried (nobody has that account: 401)", status);
ok(foreign.length === 0, "docs: nobody else is asked", foreign.join(" "));
// The browser reports the 401 that was asked for.
const bad = said.filter((s) => !/status of 401/.test(s));
ok(bad.length === 0, "docs: no error, no breach of the content policy", bad.join("; "));
await page.screenshot({ path: join(dir, "docs.png") });
await browser.close();
