// SPDX-License-Identifier: ISC
// The browser, as each of the scripts here starts it.
import { createRequire } from "node:module";
import { join } from "node:path";

// The browser; modules is the directory of the npm packages.
export function launch(modules) {
	const { chromium } = createRequire(join(modules, "x.js"))("playwright-core");
	return chromium.launch({
		executablePath: "/usr/bin/chromium-headless-shell",
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync"],
	});
}
