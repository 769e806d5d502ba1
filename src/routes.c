/* SPDX-License-Identifier: ISC */
#include <stddef.h>

#include "account/app.h"
#include "account/auth.h"
#include "dav/dav.h"
#include "dav/path.h"
#include "dav/xml.h"
#include "openapi.h"
#include "ops.h"
#include "routes.h"
#include "task/agenda.h"
#include "task/feed.h"
#include "task/fields.h"
#include "task/ical.h"
#include "task/many.h"
#include "task/next.h"
#include "task/task.h"
#include "task/view.h"

const struct path_part path_parts[] = {
	{ ":user", "user_id", .take = auth_path_user },
	{ ":task", "task_id", .take = task_path_id },
	{ ":feed", "secret", .take = feed_path_secret },
	{ ":app", "app_password_id", .take = app_path_id },
	{ ":owner", .take = dav_path_owner },
	{ ":name", .rest = true, .take = dav_path_name },
	{ ":nothing", .rest = true, .take = dav_path_nothing },
	{ NULL }
};

#define HEALTH(p) { .method = "GET", .path = (p), .access = ACCESS_ANY, \
	.handler = ops_health, \
	.doc = { "health", "operation", "The worker lives; the database is not asked", \
	    "Status" } }
#define REGISTER(p) { .method = "POST", .path = (p), .access = ACCESS_ANY, \
	.fields = register_fields, .stmt = STMT_ACCOUNT_CREATE, \
	.answer = ANS_CREATED, .handler = auth_register, \
	.doc = { "register", "auth", "Make an account", "Registered", "Register", \
	    "{\"username\":\"ann\",\"email\":\"ann@example.org\",\"password\":\"long enough\"}", \
	    { ANS_EMAIL_TAKEN, ANS_BAD_TOKEN } } }
#define LOGIN(p) { .method = "POST", .path = (p), .access = ACCESS_ANY, .form = true, \
	.fields = login_fields, .stmt = STMT_ACCOUNT_LOGIN, .handler = auth_login, \
	.doc = { "login", "auth", "Get a token", "Token", "Login", \
	    "{\"email\":\"ann@example.org\",\"password\":\"long enough\"}", { ANS_BAD_LOGIN } } }
#define ME(p) { .method = "GET", .path = (p), .access = ACCESS_TOKEN, \
	.stmt = STMT_ACCOUNT_ME, .handler = auth_me, \
	.doc = { "me", "auth", "The token's account", "Account" } }
#define LOGOUT(p) { .method = "POST", .path = (p), .access = ACCESS_OPTIONAL, \
	.stmt = STMT_TOKEN_REVOKE, .handler = auth_logout, \
	.doc = { "logout", "auth", "End the token, if there is one", "Message" } }

/* CalDAV.  The last rows of each path are OPTIONS and the methods that it does not have. */
#define DAV(m, p, s, f)	{ .method = (m), .path = (p), .access = ACCESS_APP, .dav = true, \
	.stmt = (s), .body_max = XML_BODY_MAX, .media = DAV_MEDIA, \
	.answer = ANS_MULTISTATUS, .handler = (f) }
#define DAV_REST(p)	{ .method = "OPTIONS", .path = (p), .access = ACCESS_ANY, .dav = true, \
	.answer = ANS_OPTIONS, .handler = dav_options }, \
	{ .method = "*", .path = (p), .access = ACCESS_ANY, .dav = true, .handler = dav_refuse }

const struct route routes[] = {
	{ .method = "GET", .path = "/api/:user/tasks", .stmt = STMT_TASK_LIST,
	  .query = view_query, .rule = view_rule, .handler = task_list,
	  .doc = { "listTasks", "tasks", "All tasks, oldest id first, or a view of them",
	    "TaskList", .etag = true, .link = true } },
	{ .method = "POST", .path = "/api/:user/tasks", .stmt = STMT_TASK_CREATE,
	  .fields = task_fields, .answer = ANS_CREATED, .handler = task_create,
	  .doc = { "createTask", "tasks", "Make a task", "Task", "TaskCreate",
	    "{\"title\":\"Pay rent\",\"description\":\"to Bob\",\"due_date\":\"2026-03-01\","
	    "\"priority\":\"High\",\"tags\":[\"home\",\"money\"],"
	    "\"recursion_pattern\":\"monthly\"}", .etag = true, .location = true } },
	{ .method = "GET", .path = "/api/:user/tasks/:task", .stmt = STMT_TASK_GET,
	  .handler = task_get,
	  .doc = { "getTask", "tasks", "One task", "Task", .etag = true } },
	{ .method = "PUT", .path = "/api/:user/tasks/:task", .stmt = STMT_TASK_UPDATE,
	  .fields = task_fields, .partial = true, .handler = task_update,
	  .doc = { "updateTask", "tasks", "Change fields; those left out stay", "Task",
	    "TaskUpdate", "{\"due_date\":null,\"completed\":true}", .etag = true } },
	{ .method = "DELETE", .path = "/api/:user/tasks/:task", .stmt = STMT_TASK_DELETE,
	  .handler = task_delete,
	  .doc = { "deleteTask", "tasks", "Remove a task", "Message" } },
	{ .method = "PATCH", .path = "/api/:user/tasks/:task/complete",
	  .stmt = STMT_TASK_COMPLETE, .fields = complete_fields, .query = complete_query,
	  .partial = true,
	  .body_optional = true, .rule = task_complete_rule, .handler = task_complete,
	  .doc = { "completeTask", "tasks",
	    "Flip completed, or set it where a body says to what; make the next one where "
	    "asked to", "CompletedTask", "TaskComplete", "{\"completed\":true}", .etag = true } },
	{ .method = "GET", .path = "/api/:user/agenda", .query = agenda_query,
	  .rule = agenda_rule, .stmt = STMT_TASK_AGENDA, .handler = agenda_list,
	  .doc = { "listAgenda", "tasks", "What is due in a range, and what comes again",
	    "Agenda", .etag = true } },
	{ .method = "GET", .path = "/api/recurrence", .access = ACCESS_ANY,
	  .query = recurrence_query, .handler = next_describe,
	  .doc = { "recurrence", "tasks", "What a recursion_pattern means",
	    "Recurrence" } },
	{ .method = "GET", .path = "/api/:user/tasks.ics", .stmt = STMT_TASK_LIST,
	  .media = ICAL_MEDIA, .file = "tasks.ics", .handler = ical_tasks,
	  .doc = { "exportCalendar", "tasks", "All tasks, as iCalendar", "Calendar",
	    .etag = true } },
	{ .method = "GET", .path = "/api/:user/feed", .stmt = STMT_FEED_GET,
	  .handler = feed_get,
	  .doc = { "getFeed", "tasks", "The address of the calendar, if there is one", "Feed" } },
	{ .method = "POST", .path = "/api/:user/feed", .stmt = STMT_FEED_MAKE,
	  .handler = feed_make,
	  .doc = { "makeFeed", "tasks", "Make or replace that address", "Feed" } },
	{ .method = "DELETE", .path = "/api/:user/feed", .stmt = STMT_FEED_END,
	  .handler = feed_end,
	  .doc = { "endFeed", "tasks", "End that address", "Message" } },
	{ .method = "GET", .path = "/api/feed/:feed.ics", .access = ACCESS_ANY,
	  .stmt = STMT_FEED_TASKS, .media = ICAL_MEDIA, .query = ical_query, .handler = ical_feed,
	  .doc = { "readFeed", "tasks", "The calendar, for whoever knows its address",
	    "Calendar", .error = { ANS_NO_PATH }, .etag = true } },
	{ .method = "GET", .path = "/api/:user/app-passwords", .stmt = STMT_APP_LIST,
	  .handler = app_list,
	  .doc = { "listAppPasswords", "auth", "The app passwords that programs sign in with",
	    "AppPasswords" } },
	{ .method = "POST", .path = "/api/:user/app-passwords", .stmt = STMT_APP_MAKE,
	  .fields = app_fields, .answer = ANS_CREATED, .handler = app_make,
	  .doc = { "makeAppPassword", "auth", "Make an app password, which is shown this once",
	    "AppPasswordMade", "AppPassword", "{\"name\":\"my phone\"}",
	    { ANS_APP_PASSWORDS_FULL, ANS_SHOWN_BEFORE } } },
	{ .method = "DELETE", .path = "/api/:user/app-passwords/:app", .stmt = STMT_APP_END,
	  .handler = app_end,
	  .doc = { "endAppPassword", "auth", "End an app password", "Message",
	    .error = { ANS_NO_APP_PASSWORD } } },
	{ .method = "GET", .path = "/api/:user/counts", .stmt = STMT_TASK_COUNTS,
	  .query = counts_query, .rule = task_counts_rule, .handler = task_counts,
	  .doc = { "countTasks", "tasks", "How many tasks there are of each kind", "Counts",
	    .etag = true, .etag_of_now = true } },
	{ .method = "POST", .path = "/api/:user/tasks/complete", .stmt = STMT_TASKS_COMPLETE,
	  .fields = tasks_complete_fields, .handler = tasks_complete,
	  .doc = { "completeTasks", "tasks", "Set completed of many; ids of no task of "
	    "this user are passed over", "Count", "TasksComplete",
	    "{\"ids\":[1,2],\"completed\":true}" } },
	{ .method = "POST", .path = "/api/:user/tasks/delete", .stmt = STMT_TASKS_DELETE,
	  .fields = tasks_delete_fields, .handler = tasks_delete,
	  .doc = { "deleteTasks", "tasks", "Remove many; ids of no task of this user are "
	    "passed over", "Count", "TasksDelete", "{\"ids\":[1,2]}" } },
	{ .method = "POST", .path = "/api/:user/tasks/update", .stmt = STMT_TASKS_UPDATE,
	  .fields = tasks_update_fields, .handler = tasks_update,
	  .doc = { "updateTasks", "tasks", "Change fields of many; ids of no task of this user "
	    "are passed over", "Count", "TasksUpdate",
	    "{\"ids\":[1,2],\"set\":{\"priority\":\"Low\",\"add_tags\":[\"later\"]}}" } },
	{ .method = "POST", .path = "/api/:user/tasks/batch", .stmt = STMT_TASKS_CREATE,
	  .fields = tasks_create_fields, .body_max = 1024 * 1024, .answer = ANS_CREATED,
	  .handler = tasks_create,
	  .doc = { "createTasks", "tasks", "Make up to 500 tasks, all or none", "Ids",
	    "TasksCreate", "{\"tasks\":[{\"title\":\"Pay rent\"},{\"title\":\"Call Bob\"}]}" } },
	{ .method = "POST", .path = "/api/:user/tags/rename", .stmt = STMT_TAGS_RENAME,
	  .fields = tags_rename_fields, .handler = tags_rename,
	  .doc = { "renameTag", "tasks", "Give a tag another name on all tasks; null drops it",
	    "Count", "TagRename", "{\"from\":\"home\",\"to\":\"house\"}" } },
	REGISTER("/api/auth/register"),
	LOGIN("/api/auth/login"),
	ME("/api/auth/me"),
	LOGOUT("/api/auth/logout"),
	{ .method = "POST", .path = "/api/auth/renew", .access = ACCESS_TOKEN,
	  .stmt = STMT_ACCOUNT_RENEW, .handler = auth_renew,
	  .doc = { "renew", "auth", "Get a token for a token; the old one lives on until its end",
	    "Token" } },
	{ .method = "POST", .path = "/api/auth/password", .access = ACCESS_TOKEN,
	  .fields = password_fields, .ends_token = true, .stmt = STMT_ACCOUNT_CHANGE,
	  .handler = auth_password,
	  .doc = { "changePassword", "auth", "Another password; all other tokens end", "Token",
	    "PasswordChange", "{\"current_password\":\"long enough\",\"password\":\"even longer\"}",
	    { ANS_BAD_PASSWORD } } },
	{ .method = "POST", .path = "/api/auth/delete", .access = ACCESS_TOKEN,
	  .fields = delete_fields, .ends_token = true, .stmt = STMT_ACCOUNT_DELETE,
	  .handler = auth_delete,
	  .doc = { "deleteAccount", "auth", "Delete the account and all of its tasks", "Message",
	    "AccountDelete", "{\"password\":\"long enough\"}", { ANS_BAD_PASSWORD } } },
	/* Other names that clients use. */
	REGISTER("/auth/register"),
	REGISTER("/auth/signup"),
	REGISTER("/api/auth/signup"),
	REGISTER("/api/register"),
	LOGIN("/auth/login"),
	LOGIN("/auth/token"),
	LOGIN("/api/auth/token"),
	LOGIN("/api/login"),
	LOGIN("/api/token"),
	ME("/auth/me"),
	ME("/api/me"),
	LOGOUT("/auth/logout"),
	LOGOUT("/api/logout"),
	{ .method = "*", .path = "/.well-known/caldav", .access = ACCESS_ANY, .dav = true,
	  .answer = ANS_MOVED, .handler = dav_moved },
	DAV("PROPFIND", DAV_ROOT, STMT_DAV_ACCOUNT, dav_propfind),
	DAV_REST(DAV_ROOT),
	DAV("PROPFIND", DAV_CONTEXT, STMT_DAV_ACCOUNT, dav_propfind),
	DAV_REST(DAV_CONTEXT),
	DAV("PROPFIND", DAV_HOME, STMT_DAV_ACCOUNT, dav_propfind),
	DAV("PROPPATCH", DAV_HOME, STMT_DAV_PROPPATCH, dav_proppatch),
	DAV("REPORT", DAV_HOME, STMT_DAV_ACCOUNT, dav_report),
	DAV_REST(DAV_HOME),
	DAV("PROPFIND", DAV_LIST, STMT_DAV_TASKS, dav_propfind),
	DAV("PROPPATCH", DAV_LIST, STMT_DAV_PROPPATCH, dav_proppatch),
	DAV("REPORT", DAV_LIST, STMT_DAV_QUERY, dav_report),
	DAV_REST(DAV_LIST),
	{ .method = "GET", .path = DAV_TASK, .access = ACCESS_APP, .dav = true,
	  .stmt = STMT_DAV_GET, .media = DAV_TASK_MEDIA, .handler = dav_get },
	{ .method = "PUT", .path = DAV_TASK, .access = ACCESS_APP, .dav = true,
	  .stmt = STMT_DAV_PUT, .body_max = XML_BODY_MAX, .answer = ANS_CREATED,
	  .handler = dav_put },
	{ .method = "DELETE", .path = DAV_TASK, .access = ACCESS_APP, .dav = true,
	  .stmt = STMT_DAV_DELETE, .answer = ANS_CHANGED, .handler = dav_delete },
	DAV("PROPFIND", DAV_TASK, STMT_DAV_TASK, dav_propfind),
	DAV("PROPPATCH", DAV_TASK, STMT_DAV_TASK, dav_proppatch),
	DAV_REST(DAV_TASK),
	DAV_REST(DAV_OTHER),
	/* For monitoring. */
	HEALTH("/healthz"),
	HEALTH("/health"),
	HEALTH("/api/health"),
	{ .method = "GET", .path = "/readyz", .access = ACCESS_ANY, .stmt = STMT_READY,
	  .handler = ops_ready,
	  .doc = { "ready", "operation", "The database answers", "Status" } },
	{ .method = "GET", .path = "/metrics", .access = ACCESS_ANY,
	  .media = "text/plain; version=0.0.4; charset=utf-8", .handler = ops_metrics,
	  .doc = { "metrics", "operation", "Counters of all workers, where they are kept",
	    "Metrics", .error = { ANS_NO_PATH } } },
	{ .method = "GET", .path = "/openapi.json", .access = ACCESS_ANY,
	  .handler = openapi_describe,
	  .doc = { "openapi", "operation", "This description", "OpenAPI" } },
	{ .method = NULL }
};
