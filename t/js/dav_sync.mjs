// SPDX-License-Identifier: ISC
// What tsdav makes of changes: node dav_sync.mjs URL NODE_MODULES, with USERNAME and PASSWORD in
// the environment. Prints what it saw as JSON.
import { createRequire } from 'node:module'

const [url, modules] = process.argv.slice(2)
const { createDAVClient } = createRequire(modules + '/')('tsdav')
const client = await createDAVClient({ serverUrl: url, authMethod: 'Basic', defaultAccountType: 'caldav',
	credentials: { username: process.env.USERNAME, password: process.env.PASSWORD } })
const filters = { 'comp-filter': { _attributes: { name: 'VCALENDAR' }, 'comp-filter': { _attributes: { name: 'VTODO' } } } }
const text = (title) => ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', 'BEGIN:VTODO', 'UID:tsdav@x',
	'DTSTAMP:20260101T000000Z', `SUMMARY:${title}`, 'END:VTODO', 'END:VCALENDAR', ''].join('\r\n')

let list = (await client.fetchCalendars())[0]
list.objects = await client.fetchCalendarObjects({ calendar: list, filters: [filters] })
const seen = { first: list.objects.length }

// What is new since the last time: how many were made, changed and deleted.
async function news() {
	const { created, updated, deleted } = (await client.smartCollectionSync({ method: 'webdav',
		collection: { ...list, objectMultiGet: client.calendarMultiGet },
		detailedResult: true })).objects
	list = (await client.fetchCalendars())[0]
	list.objects = await client.fetchCalendarObjects({ calendar: list, filters: [filters] })
	return [created.length, updated.length, deleted.length]
}

seen.made = (await client.createCalendarObject({ calendar: list, iCalString: text('made'), filename: 'a b.ics' })).status
seen.news = await news()
const mine = list.objects.find((o) => o.data.includes('SUMMARY:made'))
seen.changed = (await client.updateCalendarObject({ calendarObject: { ...mine, data: text('changed') } })).status
seen.changes = await news()
seen.late = (await client.updateCalendarObject({ calendarObject: { ...mine, data: text('late') } })).status
const now = list.objects.find((o) => o.url === mine.url)
seen.deleted = (await client.deleteCalendarObject({ calendarObject: now })).status
seen.gone = await news()
seen.queried = list.objects.length
console.log(JSON.stringify(seen))
