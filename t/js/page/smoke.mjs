// SPDX-License-Identifier: ISC
// The least that a person does, through a web server: its name is the argument.
import { api, end, is, life, line, more, page, row, scenario, settled, shows, tasks, until } from "./hands.mjs";

const [server] = more;
await scenario(`${server}: sign up, add, complete, reload, log out`, async () => {
	await life();
	await line("Buy milk #home by tomorrow");
	await shows(["Buy milk"]);
	await until(async () => (await tasks()).length === 1, "it is saved");
	await page.reload();
	await settled();
	await shows(["Buy milk"]);
	await row("Buy milk").getByRole("checkbox").click();
	await shows([]);
	await until(async () => (await tasks())[0].completed, "it is completed");
	await page.locator("#open-account").click();
	await page.getByRole("button", { name: "Log out" }).click();
	await page.locator("#login").waitFor();
	is((await api("GET", "auth/me")).status, 401, "the token ended");
});

await end(`${server}: `);
