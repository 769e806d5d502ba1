// SPDX-License-Identifier: ISC
// A desktop without a screen: a display, a bus, and who shows notifications there.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const CONFIG = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><auth>EXTERNAL</auth><policy context="default"><allow send_destination="*"/>
<allow eavesdrop="true"/><allow own="*"/></policy>`;
const LAST = 3;		// the descriptor by which Xvfb tells its display
const shown = new Map();
let service;

// The first line of what a program says; the program ends with this one.
async function first(command, stdio, fd = 1, env = process.env) {
	const child = spawn(command[0], command.slice(1), { stdio, env });
	process.on("exit", () => child.kill());
	const failed = once(child, "exit").then(() => Promise.reject(new Error(`${command.join(" ")} ended`)));
	const lines = createInterface({ input: child.stdio[fd] });
	const [line] = await Promise.race([once(lines, "line"), failed]);
	failed.catch(() => {});
	return [line, child, lines];
}

// Starts it, with its files in that directory.  Returns the environment of its programs.
export async function startDesktop(dir) {
	const config = join(dir, "bus.conf");
	writeFileSync(config, `${CONFIG}<listen>unix:dir=${dir}</listen></busconfig>`);
	const [display] = await first(["Xvfb", "-displayfd", LAST, "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
		["ignore", "ignore", "ignore", "pipe"], LAST);
	const [bus] = await first(["dbus-daemon", "--nofork", "--print-address=1", "--config-file", config], ["ignore", "pipe", "ignore"]);
	const env = { ...process.env, HOME: dir, DISPLAY: `:${display}`, DBUS_SESSION_BUS_ADDRESS: bus };
	const [, child, lines] = await first(["/usr/bin/python3", join(dirname(fileURLToPath(import.meta.url)), "desktop.py")],
		["pipe", "pipe", "inherit"], 1, env);
	service = child;
	lines.on("line", (line) => {
		const { id, closed, ...notice } = JSON.parse(line);
		closed ? shown.delete(id) : shown.set(id, { id, ...notice });
	});
	return env;
}

// What is to be seen: { id, app, title, body, actions }, the last by their names.
export const desktopNotices = () => [...shown.values()];

// As a person presses a button, or with "default" the notification itself.
export const pressOnDesktop = ({ id }, action) => service.stdin.write(`${id} ${action}\n`);
