// SPDX-License-Identifier: ISC
// The browser, as each of the scripts here starts it.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Chromium, unless TODO_BROWSER says firefox.
export const isFirefox = process.env.TODO_BROWSER === "firefox";

// Without a screen Firefox finds no mouse, as on a phone: fine (2) and able to hover (4).
const MOUSE = { "ui.primaryPointerCapabilities": 6, "ui.allPointerCapabilities": 6 };

// The browser; modules is the directory of the npm packages.
export function launch(modules) {
	const { chromium, firefox } = createRequire(join(modules, "x.js"))("playwright-core");
	if (isFirefox) {
		// It keeps more than its profile, in the home directory.
		const home = mkdtempSync(join(tmpdir(), "todo-firefox-"));
		process.on("exit", () => rmSync(home, { recursive: true, force: true }));
		return firefox.launch({ channel: "moz-firefox", executablePath: "/usr/bin/firefox-esr",
			env: { ...process.env, HOME: home },
			firefoxUserPrefs: MOUSE });
	}
	return chromium.launch({
		executablePath: "/usr/bin/chromium-headless-shell",
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync"],
	});
}
