// SPDX-License-Identifier: ISC
// What Redocly's linter says of a description: node lint.mjs FILE NODE_MODULES
// Its own command would do the same, with fifteen thousand files more to install.
import { createRequire } from "node:module";

const [, , file, modules] = process.argv;
const { createConfig, lint } = createRequire(`${modules}/`)("@redocly/openapi-core");
const config = await createConfig({ extends: ["recommended"], rules: { "operation-4xx-response": "off" } });
const problems = await lint({ ref: file, config });
for (const p of problems)
	console.log(`${p.severity}: ${p.ruleId}: ${p.message} (${p.location.map(l => l.pointer).join(", ")})`);
process.exit(problems.length ? 1 : 0);
