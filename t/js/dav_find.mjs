// SPDX-License-Identifier: ISC
// What tsdav finds: node dav_find.mjs URL NODE_MODULES, with USERNAME and PASSWORD in the
// environment. Prints the lists as JSON.
import { createRequire } from 'node:module'

const [url, modules] = process.argv.slice(2)
const { createDAVClient } = createRequire(modules + '/')('tsdav')
const client = await createDAVClient({ serverUrl: url, authMethod: 'Basic', defaultAccountType: 'caldav',
	credentials: { username: process.env.USERNAME, password: process.env.PASSWORD } })
console.log(JSON.stringify(await client.fetchCalendars()))
