// SPDX-License-Identifier: ISC
// The API's description against the service: every operation is called, every answer
// must be one that is described, every example must be accepted; then a client that
// a public generator makes of it.  Prints TAP lines.
//
//   node openapi.mjs BASE NODE_MODULES DIRECTORY
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeFileSync } from "node:fs";

const [base, modules, dir] = process.argv.slice(2);
const require = createRequire(join(modules, "x.js"));
const Ajv = require("ajv/dist/2020.js").default;
const ajv = new Ajv({ strict: false, allErrors: true });
require("ajv-formats").default(ajv);

let token;
const ok = (good, name, why) =>
	console.log(`${good ? "ok" : "not ok"} - ${name}${good ? "" : `: ${why}`}`);
const doc = await (await fetch(`${base}/openapi.json`)).json();
writeFileSync(join(dir, "openapi.json"), JSON.stringify(doc, null, 1));
const follow = (o) => o.$ref ? o.$ref.slice(2).split("/").reduce((at, k) => at[k], doc) : o;
const called = new Set();

// One operation with what is described of it; the answer's body.
async function call(id, expected, { path = {}, query = {}, body, example, form, headers = {}, auth = token } = {}) {
	const [template, method, op] = Object.entries(doc.paths).flatMap(([p, item]) =>
		Object.entries(item).map(([m, o]) => [p, m, o])).find((x) => x[2].operationId === id);
	called.add(id);
	const request = op.requestBody?.content["application/json"];
	if (example)
		body = { ...request.example, ...(example === true ? {} : example) };
	if (auth && op.security.length)
		headers = { authorization: `Bearer ${auth}`, ...headers };
	if (body !== undefined)
		headers = { "content-type": "application/json", ...headers };
	for (const name of Object.keys(query))
		ok(op.parameters.some((p) => p.name === name && p.in === "query"), `openapi: ${id} takes ${name}`);
	const where = template.replace(/\{(\w+)\}/g, (_, k) => path[k]);
	const r = await fetch(`${base}${where}?${new URLSearchParams(query)}`, {
		method: method.toUpperCase(), headers,
		body: form ? new URLSearchParams(form) : body === undefined ? undefined
			: typeof body === "string" ? body : JSON.stringify(body),
	});
	const text = await r.text();
	ok(r.status === expected, `openapi: ${id} answers ${expected}`, `${r.status} ${text}`);
	const response = op.responses[r.status];
	ok(response, `openapi: ${id} ${r.status} is described`);
	for (const [h, o] of Object.entries(response?.headers ?? {}))
		ok(r.headers.get(h) || follow(o).required === false, `openapi: ${id} ${r.status} has ${h}`);
	const content = response?.content?.["application/json"];
	if (!content)
		return text;
	const json = JSON.parse(text);
	const check = ajv.compile({ ...follow(content.schema), components: doc.components });
	ok(check(json), `openapi: ${id} ${r.status} is as described`, JSON.stringify(check.errors));
	// What is described is all there is.
	const shape = follow(content.schema);
	if (shape.properties && shape.required)
		ok(Object.keys(json).every((k) => k in shape.properties),
			`openapi: ${id} ${r.status} has nothing else`, Object.keys(json));
	return json;
}

const ann = { username: "ann-openapi", email: "ann-openapi@example.org" };
const account = await call("register", 201, { example: ann });
await call("register", 409, { example: ann });
await call("register", 422, { body: { username: "x" } });
await call("login", 200, { example: { email: ann.email } });
await call("login", 401, { example: { email: "nobody@example.org" } });
const { access_token } = await call("login", 200, { form: { username: ann.email,
	password: doc.paths["/api/auth/register"].post.requestBody.content["application/json"].example.password } });
token = access_token;
await call("login", 200, { example: { email: ann.email, remember: true } });
await call("renew", 200);
await call("renew", 401, { auth: "x" });
await call("me", 200);
await call("me", 401, { auth: "x" });
const mine = { user_id: account.user_id };
const task = await call("createTask", 201, { path: mine, example: true });
const one = { ...mine, task_id: task.id };
await call("createTask", 422, { path: mine, body: {} });
await call("createTask", 400, { path: mine, body: "{" });
await call("createTask", 415, { path: mine, body: "x", headers: { "content-type": "text/plain" } });
await call("createTask", 413, { path: mine, body: " ".repeat(65537) });
await call("createTask", 201, { path: mine, body: { title: "t", tags: "a, b", due_date: "2026-01-01T00:00:00Z" } });
await call("listTasks", 200, { path: mine });
await call("listTasks", 200, { path: mine, query: { completed: false, priority: "High", tag: "home", q: "RENT",
	due_after: "2026-01-01", due_before: "2027-01-01T00:00:00+01:00", sort: "-due", limit: 1, tz: "Europe/Berlin" } });
await call("listTasks", 200, { path: mine, query: { completed_after: "2026-01-01", completed_before: "2099-01-01",
	sort: "-completed", tz: "Asia/Kathmandu" } });
await call("listTasks", 422, { path: mine, query: { limit: 0, cursor: "x" } });
await call("countTasks", 200, { path: mine, query: { now: "2026-01-01", tz: "Asia/Tokyo" } });
await call("countTasks", 422, { path: mine, query: { now: "" } });
await call("completeTasks", 200, { path: mine, example: true });
await call("completeTasks", 422, { path: mine, body: { ids: [] } });
await call("deleteTasks", 200, { path: mine, body: { ids: [999999] } });
await call("updateTasks", 200, { path: mine, example: true });
await call("updateTasks", 422, { path: mine, body: { ids: [1], set: { title: "" } } });
await call("createTasks", 201, { path: mine, example: true });
await call("createTasks", 422, { path: mine, body: { tasks: [{ title: "x" }, {}] } });
await call("createTasks", 413, { path: mine, body: " ".repeat(1048577) });
await call("renameTag", 200, { path: mine, example: true });
await call("renameTag", 422, { path: mine, body: { from: "a" } });
await call("listTasks", 401, { path: mine, auth: null });
await call("listTasks", 403, { path: { user_id: 999999 } });
await call("getTask", 200, { path: one });
await call("getTask", 404, { path: { ...mine, task_id: 999999 } });
await call("getTask", 422, { path: { ...mine, task_id: "x" } });
const etag = (await fetch(`${base}/api/${mine.user_id}/tasks/${task.id}`,
	{ headers: { authorization: `Bearer ${token}` } })).headers.get("etag");
await call("getTask", 304, { path: one, headers: { "if-none-match": etag } });
await call("updateTask", 200, { path: one, example: true });
await call("updateTask", 412, { path: one, example: true, headers: { "if-match": etag } });
await call("completeTask", 200, { path: one, example: true });
await call("completeTask", 200, { path: one });
const again = await call("createTask", 201, { path: mine, example: true });
const next = { next: true, due_date: again.due_date, recursion_pattern: again.recursion_pattern };
await call("completeTask", 200, { path: { ...mine, task_id: again.id }, body: next, query: { tz: "Europe/Berlin" } });
await call("completeTask", 412, { path: { ...mine, task_id: again.id }, body: { ...next, due_date: null } });
await call("completeTask", 422, { path: { ...mine, task_id: again.id }, body: { next: true } });
const month = { due_after: "2026-03-01", due_before: "2026-04-01" };
await call("listAgenda", 200, { path: mine, query: month });
await call("listAgenda", 422, { path: mine });
await call("recurrence", 200, { query: { pattern: "daily", tz: "Europe/Berlin" } });
await call("recurrence", 200, { query: { pattern: "now and then" } });
await call("recurrence", 422);
await call("exportCalendar", 200, { path: mine });
await call("getFeed", 200, { path: mine });
const { url } = await call("makeFeed", 200, { path: mine });
const secret = url.match(/([^/]+)\.ics$/)[1];
await call("readFeed", 200, { path: { secret } });
await call("endFeed", 200, { path: mine });
await call("readFeed", 404, { path: { secret } });
const once = { "idempotency-key": "app" };
const app = await call("makeAppPassword", 201, { path: mine, example: true, headers: once });
await call("makeAppPassword", 409, { path: mine, example: true, headers: once });
await call("makeAppPassword", 422, { path: mine, body: { name: "" } });
await call("listAppPasswords", 200, { path: mine });
const thatApp = { ...mine, app_password_id: app.id };
await call("endAppPassword", 200, { path: thatApp });
await call("endAppPassword", 404, { path: thatApp });
await call("endAppPassword", 422, { path: { ...mine, app_password_id: "x" } });
await call("deleteTask", 200, { path: one });
await call("deleteTask", 404, { path: one });
await call("logout", 200);
await call("me", 401);
const login = async () => {
	({ access_token: token } = await call("login", 200, { example: { email: ann.email } }));
};
await login();
await call("changePassword", 403, { example: { current_password: "another one" } });
await call("changePassword", 422, { body: {} });
const { current_password: old, password: changed } =
	doc.paths["/api/auth/password"].post.requestBody.content["application/json"].example;
await call("changePassword", 200, { example: true });
await call("changePassword", 401, { example: true });
({ access_token: token } = await call("login", 200, { example: { email: ann.email, password: changed } }));
await call("changePassword", 200, { body: { current_password: changed, password: old } });
await login();
await call("deleteAccount", 403, { example: { password: "another one" } });
await call("deleteAccount", 200, { example: true });
await call("deleteAccount", 401, { example: true });
await call("health", 200);
await call("ready", 200);
await call("metrics", 404);
await call("openapi", 200);
const all = Object.values(doc.paths).flatMap((item) => Object.values(item))
	.map((op) => op.operationId).filter(Boolean);
ok(all.every((id) => called.has(id)), "openapi: every operation was called",
	all.filter((id) => !called.has(id)));

// --- a client that is generated ------------------------------------------------
execFileSync("node", [join(modules, "openapi-typescript-codegen/bin/index.js"), "--input", join(dir, "openapi.json"),
	"--output", join(dir, "client"), "--client", "fetch", "--useOptions"], { cwd: dir });
execFileSync(join(modules, ".bin/esbuild"), [join(dir, "client/index.ts"), "--bundle",
	"--format=esm", "--log-level=error", `--outfile=${join(dir, "client.mjs")}`]);
const { OpenAPI, AuthService, TasksService, ApiError } =
	await import(pathToFileURL(join(dir, "client.mjs")));
OpenAPI.BASE = base;
const bob = { username: "bob-openapi", email: "bob-openapi@example.org", password: "long enough" };
const made = await AuthService.register({ requestBody: bob });
ok(made.username === bob.username, "client: register");
OpenAPI.TOKEN = (await AuthService.login({ requestBody: bob })).access_token;
ok((await AuthService.me()).email === bob.email, "client: login, me");
const userId = made.id;
const t = await TasksService.createTask({ userId, requestBody: { title: "Pay rent", tags: ["a"] } });
ok(t.title === "Pay rent" && t.tags[0] === "a", "client: create", JSON.stringify(t));
ok((await TasksService.listTasks({ userId })).length === 1, "client: list");
ok((await TasksService.listTasks({ userId, completed: true, limit: 1 })).length === 0, "client: a view");
ok((await TasksService.countTasks({ userId })).tags[0].tag === "a", "client: counts");
ok((await TasksService.completeTasks({ userId, requestBody: { ids: [t.id], completed: false } })).count === 1,
	"client: many");
const taskId = t.id;
ok((await TasksService.getTask({ userId, taskId })).id === t.id, "client: get");
ok((await TasksService.updateTask({ userId, taskId, requestBody: { title: "New" } })).title === "New",
	"client: update");
ok((await TasksService.completeTask({ userId, taskId })).completed === true, "client: complete");
const failure = (p) => p.then(() => ({}), (e) => e);
let e = await failure(TasksService.createTask({ userId, requestBody: { title: "" } }));
ok(e instanceof ApiError && e.status === 422 && e.body.detail[0].loc.join(".") === "body.title",
	"client: 422 names the field", JSON.stringify(e));
ok((await TasksService.deleteTask({ userId, taskId })).message, "client: delete");
e = await failure(TasksService.getTask({ userId, taskId }));
ok(e instanceof ApiError && e.status === 404, "client: 404", JSON.stringify(e));
await AuthService.logout();
ok((await failure(AuthService.me())).status === 401, "client: logout");
