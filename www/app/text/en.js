// Every word that is shown, in English.
const s = n => n === 1 ? "" : "s"
const quoted = title => `“${title}”`

const RULES = {
	title: "A title has 1 to 200 letters.",
	description: "Notes have at most 10,000 letters.",
	due_date: "There is no such day or time.",
	priority: "A priority is high, medium or low.",
	tags: "A task has at most 32 tags, each of at most 50 letters.",
	recursion_pattern: "This repetition is too long.",
	username: "A name has 3 to 50 letters (a to z), digits, or any of _ - . and no blanks.",
	email: "This does not look like an email address.",
	password: "A password has at least 8 letters.",
	current_password: "Please type your current password.",
}
const REFUSALS = {
	"Incorrect email or password": "Email or password is wrong.",
	"Current password is incorrect": "This is not your current password.",
	"Email already registered": "There is already an account with this email address.",
	"Username already taken": "This name is already taken.",
}
const PROBLEMS = {
	offline: "The service can’t be reached.",
	expired: "You are logged out.",
	conflict: "This was changed elsewhere.",
	gone: "This is not there any more.",
	busy: "The service is busy.",
	failed: "The service has failed.",
	refused: "The service does not take this.",
	invalid: "The service does not take this.",
}

export default {
	language: "en",
	brand: "Todo",
	add: "Add",
	save: "Save",
	cancel: "Cancel",
	close: "Close",
	undo: "Undo",
	reload: "Reload",
	remove: "Delete",
	anyone: "–",
	quoted,

	// A Problem (service/problem.js) in words.
	problem({kind, status, detail, fields}) {
		if (kind === "invalid" && fields.length)
			return [...new Set(fields.map(f => RULES[f.name] ?? PROBLEMS.invalid))].join(" ")
		if (status === 413)
			return "This is too long."
		if (status === 429)
			return "Too many attempts."
		return REFUSALS[detail] ?? PROBLEMS[kind]
	},
	// What is wrong with a form before it is sent (store/fields.js).
	fault: ({name, rule}) => rule === "year" ? "Please write the year with four digits."
		: RULES[name] ?? RULES.due_date,

	login: {
		title: "Log in",
		button: "Log in",
		or: "Or",
		signUp: "sign up",
	},
	signup: {
		title: "Sign up",
		button: "Sign up",
		or: "Or",
		logIn: "log in",
		newPassword: "Password, 8 letters or more",
	},
	account: {
		button: "Account",
		title: "Account",
		name: "Name",
		email: "Email",
		password: "Password",
		stay: "Stay logged in on this device",
		current: "Current password",
		fresh: "New password",
		changePassword: "Change the password",
		change: "Change it",
		changed: "Changed. You are logged out everywhere else.",
		erase: "Delete the account",
		eraseAll: "All your tasks go with it.",
		eraseButton: "Delete everything",
		logout: "Log out",
		loseChanges: n => `${n} change${s(n)} could not be sent yet. `
			+ `Log out and lose ${n === 1 ? "it" : "them"}?`,
		endsLater: "You are logged out here. Without network the service does not know it yet: "
			+ "who has a copy of this device’s data can use it until then.",
		saveCopy: "Save a copy",
		saveCalendar: "Save as a calendar",
		bring: "Bring a saved copy back",
		bringing: (done, all) => `${done} of ${all} …`,
		brought: (added, there) => [`${added} task${s(added)} added.`,
			there > 0 && `${there} ${there === 1 ? "was" : "were"} here already.`].filter(Boolean).join(" "),
		notBrought: titles => `Not taken: ${titles.map(quoted).join(", ")}.`,
		stopped: (done, all) => `It stopped after ${done} of ${all} tasks. Choose the file again to go on.`,
		noTasks: "There are no tasks in this file.",
		feed: "Calendar address",
		feedAbout: "Anyone who has this address can read your tasks.",
		feedAddress: "Address",
		feedMake: "Make a new address",
		feedRevoke: "Revoke",
	},
	again: {
		title: "Log in again",
		about: email => `You are logged out as ${email}. Nothing is lost.`,
		button: "Log in again",
	},

	views: {
		label: "Views",
		open: "Open",
		today: "Today",
		week: "This week",
		overdue: "Overdue",
		done: "Done",
		all: "All",
		month: "Month",
		tasks: "Tasks",
	},
	search: "Search",
	list: {
		count: (n, more) => `${n}${more ? " and more" : ""}`,
		priority: "Priority",
		any: "Any",
		sort: "Sort",
		sorts: {
			"due": "Due first",
			"-due": "Due last",
			"priority": "High first",
			"-priority": "Low first",
			"created": "Oldest first",
			"-created": "Newest first",
		},
		empty: "No task here.",
		showAll: "Show all",
	},
	priorities: {High: "High", Medium: "Medium", Low: "Low"},
	task: {
		done: title => `Done: ${title}`,
		remove: title => `Delete: ${title}`,
		overdue: "Overdue: ",
		unsent: "Not sent yet",
		draft: "Unsaved changes",
		conflict: "Two versions",
	},
	fields: {
		title: "Title",
		due_date: "Due",
		date: "Due",
		time: "Time",
		time_zone: "Time zone",
		priority: "Priority",
		tags: "Tags",
		recursion_pattern: "Repeat",
		description: "Notes",
		completed: "Done",
	},
	yes: "yes",
	no: "no",
	repeat: {
		then: days => `Then ${days.join("; ")}`,
		keptAsText: "Kept as text.",
		onlyText: pattern => `${pattern} (kept as text)`,
		ownWay: "repeats in a way of its own",
	},
	// What is said of a line, by the keys of quickadd/parse.js.
	remarks: {
		"no-such-day": part => `There is no ${part}.`,
		"repeats-within-day": part => `“${part}”: a task can come again on another day at the earliest.`,
		"repeat-needs-date": () => "From which day on?",
		"weekday-differs": part => `${part} is another weekday; the date counts.`,
	},
	line: {
		label: "New task",
		placeholder: "Pay rent !high #home every month on the 1st",
		details: "Details",
		due: words => `Due ${words}`,
		priority: priority => `${priority} priority`,
		not: what => `Not: ${what}`,
		addedElsewhere: "Added, not in this view.",
	},
	editor: {
		back: "These are your unsaved changes.",
		discard: "Discard them",
		kept: title => `Your changes to ${quoted(title)} are not saved yet.`,
		open: "Open",
	},
	month: {
		before: "Month before",
		after: "Month after",
		today: "Today",
		nothing: "Nothing is due.",
	},
	toasts: {
		completed: title => `Completed ${quoted(title)}.`,
		opened: title => `Opened ${quoted(title)}.`,
		removed: title => `Deleted ${quoted(title)}.`,
		failed: (title, why) => `${quoted(title)}: ${why}`,
		merged: (title, fields) =>
			`${quoted(title)} was changed elsewhere, too: ${fields.join(", ")}. Both changes are kept.`,
		dropped: title => `Your version of ${quoted(title)} was left out.`,
		tooLate: "Too late: it is done.",
	},
	conflict: {
		title: "Two versions",
		changed: (title, when) => `${quoted(title)} was changed elsewhere: ${when}. Choose what to keep.`,
		deleted: title => `${quoted(title)} was deleted elsewhere. Your changes can become a new task.`,
		removing: (title, when) => `${quoted(title)} was changed elsewhere after you deleted it: ${when}.`,
		mine: "Here",
		theirs: "Elsewhere",
		keep: "Keep what is chosen",
		keepMine: "Keep as a new task",
		letGo: "Let it go",
		takeTheirs: "Take theirs",
		removeAnyway: "Delete it anyway",
		keepTheirs: "Keep it",
		later: "Later",
	},
	banner: {
		offline: n => `You are offline. Changes to be sent: ${n}.`,
		wait: (why, seconds) => `${why} Trying again in ${seconds} s.`,
		expired: "You are logged out.",
		conflicts: n => n === 1 ? "One task has two versions." : `${n} tasks have two versions.`,
		look: "Look",
		update: "A new version is here.",
		notKept: "This browser keeps nothing for this page: what is not sent yet is lost when you close it.",
	},
	help: {
		label: "Help",
		keys: "Keys",
		keyList: [["n", "new task"], ["/", "search"], ["j, k", "next, previous"], ["x", "complete"], ["e", "edit"],
			["d", "delete"], ["u", "undo"], ["m", "month"]],
		keysWork: "These keys work",
		line: "The line",
		examples: ["!high", "#home", "tomorrow", "by friday", "on 3 May at 17:00", "every 2 weeks",
			"every month on the 1st"],
	},
}
