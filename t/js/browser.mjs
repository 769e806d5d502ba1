// SPDX-License-Identifier: ISC
// The browser, as each of the scripts here starts it.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDesktop } from "./desktop.mjs";

// Chromium without a window, unless TODO_BROWSER says firefox, or desktop: Chromium with one.
export const isFirefox = process.env.TODO_BROWSER === "firefox";
const isOnDesktop = process.env.TODO_BROWSER === "desktop";

const OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync"];

// Without a screen Firefox finds no mouse, as on a phone: fine (2) and able to hover (4).
const MOUSE = { "ui.primaryPointerCapabilities": 6, "ui.allPointerCapabilities": 6 };

// A directory that goes with this program.
function temporary(name) {
	const dir = mkdtempSync(join(tmpdir(), `todo-${name}-`));
	process.on("exit", () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));
	return dir;
}

// Each context is a browser with a profile of its own: what is pressed in a notification does
// not reach the contexts in which nothing is kept.
async function launchOnDesktop(chromium) {
	const home = temporary("desktop");
	const env = await startDesktop(home);
	let context;
	return {
		newContext: async (options) => context = await chromium.launchPersistentContext(mkdtempSync(join(home, "profile-")),
			{ executablePath: "/usr/bin/chromium", headless: false, env, args: OPTIONS, ...options }),
		close: () => context?.close(),
	};
}

// The browser; modules is the directory of the npm packages.
export function launch(modules) {
	const { chromium, firefox } = createRequire(join(modules, "x.js"))("playwright-core");
	if (isFirefox) {
		// It keeps more than its profile, in the home directory.
		const home = temporary("firefox");
		return firefox.launch({ channel: "moz-firefox", executablePath: "/usr/bin/firefox-esr",
			env: { ...process.env, HOME: home },
			firefoxUserPrefs: MOUSE });
	}
	if (isOnDesktop)
		return launchOnDesktop(chromium);
	return chromium.launch({ executablePath: "/usr/bin/chromium-headless-shell", args: OPTIONS });
}
