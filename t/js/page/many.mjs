// SPDX-License-Identifier: ISC
// Many tasks, and numbers.
import { account, ask, base, context, end, is, LIST, note, page, person, scenario, settled,
	titles, until, yes } from "./hands.mjs";

// --- numbers --------------------------------------------------------------------------------------
const seed = (n) => ask(`sql INSERT INTO tasks (user_id, title, due_day, due_date, priority, tags) SELECT ${account.id}, 'Task ' || i, d, d, `
	+ `(ARRAY['High','Medium','Low'])[1 + i % 3]::task_priority, ARRAY['t' || i % 20] FROM generate_series(1, ${n}) i, LATERAL (SELECT date '2027-01-01' + i % 500) x(d)`);
await scenario("ten thousand tasks scroll smoothly, and the first paint does not wait for them", async () => {
	await person();
	await seed(10000);
	await page.goto(`${base}/?sort=created`);
	await settled();
	const first = await page.locator("#tasks > li[data-id]").count();
	yes(first > 0 && first <= 400, `${first} rows at first`);
	// The wheel, as fast as it goes: how long a frame takes.
	await page.evaluate(() => {
		window.frames_ = [];
		let last = performance.now();
		requestAnimationFrame(function f(t) {
			window.frames_.push(t - last);
			last = t;
			requestAnimationFrame(f);
		});
	});
	const rows = () => page.evaluate(() => (scrollTo(0, document.body.scrollHeight), document.querySelectorAll("#tasks > li[data-id]").length));
	await until(async () => await rows() === 10000, "the end", 300);
	const tell = async (what) => {
		const frames = await page.evaluate(() => window.frames_.splice(0).sort((a, b) => a - b));
		note(`10,000 tasks, ${what}: ${frames.length} frames, median ${frames[frames.length >> 1].toFixed(1)} ms, 95th `
			+ `percentile ${frames[Math.floor(frames.length * 0.95)].toFixed(1)} ms, longest ${frames.at(-1).toFixed(1)} ms`);
	};
	await tell("down while they load");
	await page.evaluate(() => new Promise((done) => requestAnimationFrame(function f(t, n = 20) {
		scrollBy(0, -200);
		n > 0 ? requestAnimationFrame((t) => f(t, n - 1)) : done();
	})));
	await tell("up again, 200 px a frame");
	is(new Set(await titles()).size, 10000, "each once");
	await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
	const last = page.locator("#tasks > li[data-id]:last-child");
	is(await last.locator(".title").textContent(), "Task 10000", "the last");
	await last.locator("input[type=checkbox]").click();
	await until(async () => await rows() === 9999, "one is completed");
});
await scenario("first paint, and a list of 1,000 tasks, in numbers", async () => {
	await person();
	await seed(1000);
	// When the first tasks have been painted.
	await context.addInitScript(() => new MutationObserver(() => document.querySelector("#tasks > li[data-id]")
		&& requestAnimationFrame(() => setTimeout(() => window.listed ??= performance.now())))
		.observe(document, { childList: true, subtree: true }));
	const numbers = [];
	for (let i = 0; i < 5; i++) {
		await page.goto("about:blank");
		await page.goto(base + LIST);
		await settled();
		numbers.push(await page.evaluate(async () => {
			const paint = performance.getEntriesByType("paint").find((e) => e.name === "first-contentful-paint")?.startTime;
			while (!window.listed)
				await new Promise((r) => setTimeout(r, 10));
			return [paint, window.listed];
		}));
	}
	for (const [i, name] of ["first contentful paint", "list of 1,000 interactive"].entries()) {
		const ms = numbers.map((n) => n[i]).sort((a, b) => a - b);
		yes(ms.every(Number.isFinite), `${name}: ${ms}`);
		note(`${name}: median ${ms[2].toFixed(0)} ms (${ms.map((n) => n.toFixed(0)).join(", ")})`);
	}
});

await end();
