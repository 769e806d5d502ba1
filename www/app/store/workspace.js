// All that the page holds of one account.
import {createActions} from "./actions.js"
import {createAgenda} from "./agenda.js"
import {createCounts} from "./counts.js"
import {createDatabase} from "./database.js"
import {createList} from "./list.js"
import {createOutbox} from "./outbox.js"

// name: of the account in this browser, for the database, the lock and the channel.
// browser: its {indexedDB, locks, BroadcastChannel}; any of them may be missing.
// where(): {zone, first, now}.  changed(): draw.  hooks: see outbox.js, and notKept().
export function createWorkspace({name, client, connection, where, changed, hooks, browser}) {
	const {indexedDB, locks, BroadcastChannel} = browser
	const channel = BroadcastChannel ? new BroadcastChannel(name) : null
	const database = createDatabase({name, indexedDB, failed: hooks.notKept})
	const outbox = createOutbox({
		client,
		database,
		connection,
		lock: work => locks ? locks.request(name, work) : work(),
		told: () => channel?.postMessage("changed"),
		hooks: {
			...hooks,
			changed() {
				list.redraw()
				doneToday.redraw()
				hooks.changed?.()
			},
		},
	})
	const shared = {client, database, outbox, connection, where, changed}
	const list = createList(shared)
	const doneToday = createList(shared)
	channel?.addEventListener("message", outbox.reread)
	return {
		database,
		outbox,
		list,
		doneToday,
		agenda: createAgenda(shared),
		soon: createAgenda(shared),
		counts: createCounts(shared),
		actions: createActions({outbox, where}),
	}
}
