// SPDX-License-Identifier: ISC
// What the page's stores need of a browser and of the service, in memory.
import { Problem } from "../../../www/app/service/problem.js";

// As store/database.js; several stores may share the data, as tabs do.
export function fakeDatabase(data = { changes: new Map(), tasks: new Map() }) {
	const keyed = (map, key) => ({
		async all() {
			return structuredClone([...map.values()].sort((a, b) => a[key] - b[key]));
		},
		async write(put, remove = []) {
			put.forEach((value) => map.set(value[key], structuredClone(value)));
			remove.forEach((name) => map.delete(name));
		},
	});
	return { broken: false, data, changes: keyed(data.changes, "n"), tasks: keyed(data.tasks, "id") };
}

// Tasks, versions and once-only writes, as the service has them.  fail(method, path) may
// answer a Problem; asked is what was sent.
export function fakeService() {
	const tasks = new Map();
	const answers = new Map();
	let clock = Date.parse("2026-11-26T10:00:00Z");
	let last = 0;
	const stamp = () => new Date(clock += 1000).toISOString();
	const etag = (t) => `"${((Date.parse(t.updated_at) - 946684800000) * 1000).toString(16)}"`;
	const touch = (t, body) => {
		const { next, ...fields } = body;
		tasks.set(t.id, { ...t, ...fields, updated_at: stamp() });
		return tasks.get(t.id);
	};
	const service = {
		tasks,
		asked: [],
		fail: () => null,
		// Another device writes.
		make: (body) => touch({ id: ++last, description: null, due_date: null, time_zone: null, priority: "Medium", tags: [],
			recursion_pattern: null, completed: false }, body),
		change: (id, body) => touch(tasks.get(id), body),
		etag,
		async mine(method, path, options = {}) {
			service.asked.push(`${method} ${path}`);
			const problem = service.fail(method, path, options);
			if (problem)
				throw problem;
			if (options.key && answers.has(options.key))
				return structuredClone(answers.get(options.key));
			const json = carryOut(method, path.replace(/\?.*/, ""), options);
			const answer = { status: 200, json: structuredClone(json), headers: new Headers() };
			if (options.key)
				answers.set(options.key, answer);
			return structuredClone({ ...answer, headers: undefined }) && { ...answer, headers: new Headers() };
		},
	};
	function carryOut(method, path, { body, etag: tag }) {
		if (method === "POST")
			return service.make(body);
		const task = tasks.get(Number(/\d+/.exec(path)));
		if (!task)
			throw new Problem(404);
		if (tag && tag !== etag(task))
			throw new Problem(412);
		if (method === "GET")
			return task;
		if (method === "DELETE") {
			tasks.delete(task.id);
			return { message: "gone" };
		}
		if (body.next && (body.due_date !== task.due_date || body.recursion_pattern !== task.recursion_pattern))
			throw new Problem(412);
		return touch(task, method === "PATCH" ? { completed: body.completed } : body);
	}
	return service;
}

// A clock that only tests move; setTimeout and clearTimeout go by it.
export function fakeClock(start = Date.parse("2026-11-26T10:00:00Z")) {
	let time = start;
	let last = 0;
	const timers = new Map();
	return {
		now: () => time,
		setTimeout(act, after) {
			timers.set(++last, { at: time + after, act });
			return last;
		},
		clearTimeout: (id) => timers.delete(id),
		async pass(ms) {
			time += ms;
			for (const [id, { at, act }] of [...timers]) {
				if (at <= time) {
					timers.delete(id);
					await act();
				}
			}
		},
	};
}

// Until all that was begun has come to its end.
export const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
