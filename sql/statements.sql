-- All statements of the worker.  The build makes a table in C of this file (src/db/stmt.awk).
--
--   -- read: NAME         begins a statement that changes nothing
--   -- list: NAME         the same, of many rows, which are streamed
--   -- write: NAME        a write that is made once, by its key (see {once})
--   -- idempotent: NAME   a write that has the same effect if it runs twice
--   -- param: NAME TYPE   declares the parameter :NAME
--   -- fragment: NAME     begins a text; {NAME} stands for it.  In {NAME WORDS} each @ of the
--                         text stands for WORDS
--
-- Clients do not see columns whose names begin with "_".  Of two columns with the same name they
-- see the first that is not null.
--
-- Signed-in statements return no row if the account or the token has ended, and one row without
-- an id if there is no such task.

-- The parameters.  The worker sends no type for our own types, because their OIDs differ between
-- databases: PostgreSQL infers them.  Only the worker reads sort, cursor, feed_as and feed_alarm.
-- param: user_id int8
-- param: token_hash bytea
-- param: issued_at timestamptz
-- param: expires_at timestamptz
-- param: username text
-- param: email text
-- param: password text
-- param: old_password text
-- param: remember bool
-- param: task_id int8
-- param: if_match timestamptz[]
-- param: if_none_match timestamptz[]
-- param: title text
-- param: description text
-- param: has_description bool
-- param: due_date timestamptz
-- param: due_day date
-- param: has_due_date bool
-- param: due_clock timestamptz
-- param: priority task_priority
-- param: tags text[]
-- param: add_tags text[]
-- param: remove_tags text[]
-- param: tasks text
-- param: recursion_pattern text
-- param: has_recursion_pattern bool
-- param: pattern_is_apart bool
-- param: completed bool
-- param: time_zone text
-- param: has_time_zone bool
-- param: next bool
-- param: next_due_date timestamptz
-- param: next_due_day date
-- param: next_due_clock timestamptz
-- param: next_pattern text
-- param: next_zone text
-- param: tag text
-- param: new_tag text
-- param: tz text
-- param: due_after timestamptz
-- param: due_after_clock timestamptz
-- param: due_before timestamptz
-- param: due_before_clock timestamptz
-- param: feed text
-- param: feed_as text
-- param: feed_alarm int8
-- param: q text
-- param: sort text
-- param: limit int8
-- param: cursor text
-- param: completed_after timestamptz
-- param: completed_after_clock timestamptz
-- param: completed_before timestamptz
-- param: completed_before_clock timestamptz
-- param: from_id int8
-- param: from_due timestamptz
-- param: from_due_id int8
-- param: to_due timestamptz
-- param: from_clock timestamptz
-- param: from_timed bool
-- param: from_completed timestamptz
-- param: to_completed timestamptz
-- param: from_priority task_priority
-- param: now timestamptz
-- param: now_clock timestamptz
-- param: now_is_day bool
-- param: ids int8[]
-- param: app_id int8
-- param: app_name text
-- param: app_hash bytea
-- param: name text
-- param: task_created timestamptz
-- param: names text[]
-- param: name_ids int8[]
-- param: name_times timestamptz[]
-- param: uid text
-- param: uid_task int8
-- param: uid_created timestamptz
-- param: ical text
-- param: completed_at timestamptz
-- param: must_exist bool
-- param: must_not_exist bool
-- param: with_text bool
-- param: since timestamptz
-- param: props_set text[]
-- param: props_gone text[]
-- param: write_key bytea
-- param: write_request bytea
-- param: write_kept bool
-- param: lock_wait text

-- fragment: session
u.id = :user_id AND u.sessions_from <= :issued_at
AND NOT EXISTS (SELECT FROM public.revoked_tokens r WHERE r.token_hash = :token_hash)

-- Limits how long a write waits for a lock: the requests after it on the connection wait, too.
-- fragment: patient
set_config('lock_timeout', :lock_wait, true) <> ''

-- fragment: signed_in
public.users u
WHERE {session}

-- When a new token was issued, by the database's clock, as sessions_from: clocks of workers may
-- differ.
-- fragment: issued_at
greatest(date_trunc('second', now()), u.sessions_from) AS _issued_at

-- fragment: completed_at
coalesce(t.completed_at, t.updated_at)

-- fragment: task
t.id, t.user_id, t.title, t.description, t.due_day AS due_date, t.due_date,
t.priority, t.tags, t.recursion_pattern, t.completed, t.created_at, t.updated_at,
CASE WHEN t.completed THEN {completed_at} END AS completed_at, t.time_zone

-- The new completed_at of a task that is completed now, or was before.
-- fragment: completed_now
CASE WHEN t.completed THEN {completed_at} ELSE a.version END

-- Whether the preconditions allow to write this version of the task.
-- fragment: version_fits
(:if_match IS NULL OR t.updated_at = ANY (:if_match))
AND (:if_none_match IS NULL OR t.updated_at <> ALL (:if_none_match))

-- The next version of an account's tasks: higher than all that clients have seen.
-- fragment: version
greatest(clock_timestamp(), greatest(u.tasks_changed, u.dav_since) + interval '1 microsecond')

-- A write of tasks has the parts "account", "task" (what is written), {once} and the outcome.  If
-- nothing was written, _found says whether the task exists (412) or not (404).  The list gets a
-- new version even then, because that is cheaper than to write the account after the task.
--
-- The first part updates or locks the account's row, until the end.  So the writes of an account
-- come one after the other, have no deadlocks, and become visible in the order of their versions.
-- A client that has seen a version has seen all lower ones.
--
-- All parts of a statement see the database as it was at the start, even after waiting for a
-- lock.  Only a row that is updated or locked is read again, and its conditions are checked
-- again.  So this part notices a session that ended meanwhile.  The part that updates or locks a
-- task has to come after it: therefore that takes the account's id or the version from here.
-- fragment: with_version
WITH account AS (
	UPDATE public.users u SET tasks_changed = {version}
	WHERE {session} AND {patient}
	RETURNING u.id, u.tasks_changed AS version, u.dav_since
)

-- For writes that do not change the version.
-- fragment: with_account
WITH account AS MATERIALIZED (
	SELECT u.id FROM {signed_in} AND {patient}
	FOR NO KEY UPDATE
)

-- Notes the write under its key.  If it is noted already, writes_once_check undoes this one.  (A
-- plain UPDATE of the worker's row would scan the whole table while that is small, with all dead
-- rows.)
-- fragment: once
mark AS (
	INSERT INTO public.writes AS w (key, request, kept, row_id)
	SELECT :write_key, :write_request, :write_kept, task.id FROM task
	ON CONFLICT (key) DO UPDATE SET request = excluded.request, row_id = excluded.row_id,
		ids = NULL, repeated = w.kept OR w.request = excluded.request
)

-- The name of a task for CalDAV, if no client chose one.
-- fragment: own_name
t.id || '-' || to_hex(CAST(extract(epoch FROM t.created_at - timestamptz '2000-01-01T00:00:00Z')
	* 1000000 AS bigint)) || '.ics'

-- Notes the names of deleted tasks, if the account ever had an app password.
-- fragment: gone_from
gone AS (
	INSERT INTO public.deleted_tasks AS d (user_id, name, at)
	SELECT a.id, coalesce(t.name, {own_name}), a.version FROM account a,

-- fragment: gone_to
	WHERE a.dav_since IS NOT NULL
	ON CONFLICT (user_id, name) DO UPDATE SET at = excluded.at
)

-- fragment: that_task
t.user_id = a.id AND t.id = :task_id AND {version_fits}

-- fragment: outcome
SELECT CASE WHEN task.id IS NULL THEN EXISTS (
	SELECT FROM public.tasks t WHERE t.user_id = :user_id AND t.id = :task_id
) END AS _found, task.*
FROM account LEFT JOIN task ON true

-- read: write_done
SELECT w.request AS _request, w.row_id AS _row, w.next_id AS _next FROM public.writes w WHERE w.key = :write_key

-- read: ready
SELECT true AS ready

-- Old rows: clients may repeat a write for a day.  Rows that another worker is deleting are
-- skipped.
-- fragment: expire_writes
DELETE FROM public.writes WHERE key IN (
	SELECT w.key FROM public.writes w WHERE w.at < now() - interval '25 hours'
	FOR UPDATE SKIP LOCKED
)

-- idempotent: writes_expire
WITH past AS (
	{expire_writes}
)
DELETE FROM public.deleted_tasks WHERE (user_id, name) IN (
	SELECT d.user_id, d.name FROM public.deleted_tasks d WHERE d.at < now() - interval '90 days'
	FOR UPDATE SKIP LOCKED
)

-- Sets completed_at of tasks that version 0.1 completed: a few at a time, so that nobody waits for
-- long, and in one worker at a time.
-- idempotent: tasks_fill
WITH turn AS MATERIALIZED (
	SELECT pg_try_advisory_xact_lock(7236829460124) AS mine
), few AS MATERIALIZED (
	SELECT t.id FROM turn, LATERAL (
		SELECT * FROM public.tasks t WHERE t.completed AND t.completed_at IS NULL
		ORDER BY t.id LIMIT 1000
		FOR UPDATE SKIP LOCKED
	) t
	WHERE turn.mine
), filled AS (
	UPDATE public.tasks t SET completed_at = t.updated_at FROM few WHERE t.id = few.id
	RETURNING t.id
)
SELECT (SELECT count(*) FROM filled) AS filled, turn.mine FROM turn

-- write: account_create
WITH task AS (
	INSERT INTO public.users AS u (username, email, password)
	VALUES (:username, :email, :password)
	RETURNING u.id, u.username, u.email, u.created_at, {issued_at}
), {once}
SELECT * FROM task

-- read: account_again
SELECT u.id, u.username, u.email, u.created_at, u.password AS _password, {issued_at}
FROM public.users u
WHERE u.id = :user_id

-- read: account_login
SELECT u.id, u.username, u.email, u.password AS _password, {issued_at}
FROM public.users u
WHERE u.email = :email

-- Replaces a hash of the old backend, unless the password was changed meanwhile.
-- idempotent: account_rehash
UPDATE public.users SET password = :password
WHERE id = :user_id AND password = :old_password AND {patient}

-- read: account_me
SELECT u.id, u.username, u.email, u.created_at
FROM {signed_in}

-- read: account_renew
SELECT u.id, u.username, u.email, {issued_at}
FROM {signed_in}

-- read: account_password
SELECT u.password AS _password
FROM {signed_in}

-- Two seconds ahead: a login that reads the old hash, before this is committed, issues an earlier
-- token.
-- write: account_change
WITH account AS MATERIALIZED (
	SELECT u.id FROM {signed_in} AND {patient}
	FOR NO KEY UPDATE
), task AS (
	UPDATE public.users u SET
		password = :password,
		sessions_from = greatest(date_trunc('second', clock_timestamp()) + interval '2 seconds',
			u.sessions_from + interval '1 second')
	FROM account a
	WHERE u.id = a.id
	RETURNING u.id, u.username, u.email, {issued_at}
), {once}
SELECT * FROM task

-- Deletes the account first, as all writes lock it first; its tasks and tokens follow.
-- write: account_delete
WITH task AS (
	DELETE FROM public.users u
	WHERE {session} AND {patient}
	RETURNING u.id
), {once}
SELECT id FROM task

-- Keeps tokens for an hour longer than they are valid, because clocks differ.  Locks the account
-- before any token, as account_delete does.  Expired tokens are of any account: those that others
-- have locked are left to the next logout.
-- idempotent: token_revoke
WITH account AS MATERIALIZED (
	SELECT u.id FROM public.users u WHERE u.id = :user_id AND {patient} FOR KEY SHARE
), past AS (
	DELETE FROM public.revoked_tokens WHERE token_hash IN (
		SELECT r.token_hash FROM account, public.revoked_tokens r
		WHERE r.expires_at < now() - interval '1 hour'
		FOR UPDATE OF r SKIP LOCKED
	)
), past_writes AS (
	{expire_writes}
)
INSERT INTO public.revoked_tokens (token_hash, user_id, expires_at)
SELECT :token_hash, a.id, :expires_at FROM account a
ON CONFLICT DO NOTHING

-- fragment: unless_known
(:if_none_match IS NULL OR a.tasks_changed <> ALL (:if_none_match))

-- The first row has the list's version.  The tasks follow, unless the client has this version.
-- LATERAL keeps the order of the inner query.
-- list: task_list
WITH account AS MATERIALIZED (
	SELECT u.id, u.tasks_changed FROM {signed_in}
)
SELECT a.tasks_changed AS _changed, {task}, t.uid AS _uid
FROM account a LEFT JOIN public.tasks t ON false
UNION ALL
SELECT NULL, {task}, t.uid AS _uid
FROM account a, LATERAL (
	SELECT * FROM public.tasks t WHERE t.user_id = a.id ORDER BY t.id
) t
WHERE {unless_known}

-- Views: filtered and ordered pages.  The first row has the version, too, and the task after the
-- page, if there is one: the next page begins with it.
-- fragment: due
coalesce(t.due_date, 'infinity')

-- The local time of the due date, by the task's zone, else by the request's; as if it were UTC.
-- fragment: clock
CASE WHEN t.due_day IS NULL AND coalesce(t.time_zone, :tz) IS NOT NULL
	THEN t.due_date AT TIME ZONE coalesce(t.time_zone, :tz) AT TIME ZONE 'UTC'
	ELSE t.due_date END

-- Bounds are local times.  If a bound is an instant, too, due dates with a time are compared with
-- that.
-- fragment: due_fits
(:due_after_clock IS NULL OR CASE WHEN t.due_day IS NULL AND :due_after IS NOT NULL
	THEN t.due_date >= :due_after ELSE {clock} >= :due_after_clock END)
AND (:due_before_clock IS NULL OR CASE WHEN t.due_day IS NULL AND :due_before IS NOT NULL
	THEN t.due_date < :due_before ELSE {clock} < :due_before_clock END)

-- @ as searches compare it: without case and accents.  Letters that Unicode does not decompose are
-- replaced one by one.  Most texts are ASCII, which is quicker.
-- fragment: folded
CASE WHEN octet_length(@) = char_length(@) THEN lower(@)
ELSE translate(replace(replace(replace(
	lower(regexp_replace(normalize(@, NFKD), '[\u0300-\u036f]+', '', 'g')),
	'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'ıςøłđ', 'iσold') END

-- fragment: texts
concat_ws(chr(10), t.title, t.description, array_to_string(t.tags, chr(10)))

-- fragment: fits
(:completed IS NULL OR t.completed = :completed)
AND (CAST(:priority AS public.task_priority) IS NULL OR t.priority = :priority)
AND (:tag IS NULL OR :tag = ANY (t.tags))
AND (:q IS NULL OR strpos({folded {texts}}, {folded :q}) > 0)
AND {due_fits}
AND (:completed_after IS NULL OR t.completed AND {completed_at} >= :completed_after)
AND (:completed_before IS NULL OR t.completed AND {completed_at} < :completed_before)

-- A page has to be read in the order of its index.  The planner assumes that each account has the
-- average number of tasks, and that few of them pass unknown conditions.  If it expects less than
-- a page, it reads and sorts the whole account.  These fragments raise its estimate: for the
-- array it assumes ten accounts; for CASE and the limit it has no better estimate than a default.
-- fragment: of_account
t.user_id = ANY (ARRAY(SELECT id FROM account))

-- fragment: if_fits
CASE WHEN @ THEN true END IS NOT NULL

-- fragment: page_limit
LIMIT (SELECT :limit + 1)

-- fragment: view
WITH account AS MATERIALIZED (
	SELECT u.id, u.tasks_changed FROM {signed_in}
), page AS MATERIALIZED (
	SELECT t.* FROM account a, LATERAL (
		SELECT * FROM public.tasks t
		WHERE {of_account} AND {if_fits {fits}}

-- fragment: view_end
		{page_limit}
	) t
	WHERE {unless_known}
)
SELECT a.tasks_changed AS _changed, {task}
FROM account a LEFT JOIN (
	SELECT * FROM page WHERE :limit IS NOT NULL OFFSET :limit LIMIT 1
) t ON true
UNION ALL
(SELECT NULL, {task} FROM page t LIMIT :limit)

-- list: list_created
{view} AND t.id >= :from_id ORDER BY t.user_id, t.id {view_end}

-- list: list_created_down
{view} AND t.id <= :from_id ORDER BY t.user_id DESC, t.id DESC {view_end}

-- By due date, in the order of a calendar: days, then tasks without a time, then local times.  The
-- index is in the order of instants, from which local times differ by less than 16 hours.  So the
-- index is read from 16 hours before the page ("first").  Tasks up to 32 hours after the last one
-- that was read may still come before it ("more").
-- fragment: due_view
WITH account AS MATERIALIZED (
	SELECT u.id, u.tasks_changed FROM {signed_in}
), first AS MATERIALIZED (
	SELECT t.* FROM account a, LATERAL (
		SELECT t.*, {due} AS due, coalesce({clock}, 'infinity') AS clock
		FROM public.tasks t
		WHERE {of_account}

-- fragment: due_position
coalesce({clock}, 'infinity'), t.due_day IS NULL, t.id

-- fragment: due_last
		{page_limit}
	) t
	WHERE {unless_known}
), last AS (
	SELECT t.due, t.id FROM first t

-- fragment: due_more
	LIMIT 1
), more AS MATERIALIZED (
	SELECT t.* FROM account a, last l, LATERAL (
		SELECT t.*, {due} AS due, coalesce({clock}, 'infinity') AS clock
		FROM public.tasks t
		WHERE t.user_id = a.id AND l.due < 'infinity'

-- fragment: due_page
	) t
), page AS MATERIALIZED (
	SELECT * FROM (SELECT * FROM first UNION ALL SELECT * FROM more) t

-- fragment: due_end
	LIMIT :limit + 1
)
SELECT a.tasks_changed AS _changed, t.clock AS _clock, {task}
FROM account a LEFT JOIN (
	SELECT * FROM page WHERE :limit IS NOT NULL OFFSET :limit LIMIT 1
) t ON true
UNION ALL
(SELECT NULL, NULL, {task} FROM page t LIMIT :limit)

-- @ is the condition of a partial index.
-- fragment: due_up
{due_view} AND ({due}, t.id) >= (:from_due, :from_due_id) AND {due} <= :to_due @
AND {if_fits ({due_position}) >= (:from_clock, :from_timed, :from_id) AND {fits}}
ORDER BY t.user_id, {due}, t.id {due_last} ORDER BY t.due DESC, t.id DESC {due_more}
AND ({due}, t.id) > (l.due, l.id) AND {due} <= least(l.due + interval '32 hours', :to_due) @
AND CASE WHEN ({due_position}) >= (:from_clock, :from_timed, :from_id) AND {fits} THEN true END
{due_page} ORDER BY t.clock, t.due_day IS NULL, t.id {due_end}

-- fragment: due_down
{due_view} AND ({due}, t.id) <= (:from_due, :from_due_id) AND {due} >= :to_due @
AND {if_fits ({due_position}) <= (:from_clock, :from_timed, :from_id) AND {fits}}
ORDER BY t.user_id DESC, {due} DESC, t.id DESC {due_last} ORDER BY t.due, t.id {due_more}
AND ({due}, t.id) < (l.due, l.id) AND {due} >= greatest(l.due - interval '32 hours', :to_due) @
AND CASE WHEN ({due_position}) <= (:from_clock, :from_timed, :from_id) AND {fits} THEN true END
{due_page} ORDER BY t.clock DESC, t.due_day IS NULL DESC, t.id DESC {due_end}

-- list: list_due
{due_up}

-- list: list_due_down
{due_down}

-- Of open tasks, by an index without the completed ones, which are many.
-- list: list_due_open
{due_up AND NOT t.completed}

-- list: list_due_open_down
{due_down AND NOT t.completed}

-- list: list_completed
{view} AND t.completed AND t.completed_at IS NOT NULL
AND (t.completed_at, t.id) >= (:from_completed, :from_id) AND t.completed_at < :to_completed
ORDER BY t.user_id, t.completed_at, t.id {view_end}

-- list: list_completed_down
{view} AND t.completed AND t.completed_at IS NOT NULL
AND (t.completed_at, t.id) <= (:from_completed, :from_id) AND t.completed_at >= :to_completed
ORDER BY t.user_id DESC, t.completed_at DESC, t.id DESC {view_end}

-- list: list_priority
{view} AND (t.priority, t.id) >= (:from_priority, :from_id)
ORDER BY t.user_id, t.priority, t.id {view_end}

-- list: list_priority_down
{view} AND (t.priority, t.id) <= (:from_priority, :from_id)
ORDER BY t.user_id DESC, t.priority DESC, t.id DESC {view_end}

-- A task due at a time is overdue when that is past; a task due on a date, when the day is past in
-- its zone, else by now_clock.  If now is a day, local times are compared.
-- fragment: overdue
CASE WHEN :now_is_day THEN {clock} < :now_clock
	WHEN t.due_day IS NULL THEN t.due_date < coalesce(:now, now())
	WHEN t.time_zone IS NULL THEN t.due_date < coalesce(:now_clock, now())
	ELSE t.due_day < CAST(coalesce(:now, now()) AT TIME ZONE t.time_zone AS date) END

-- The first row counts all tasks; the others count the tasks of each tag.
-- list: task_counts
WITH account AS MATERIALIZED (
	SELECT u.id, u.tasks_changed FROM {signed_in}
), mine AS MATERIALIZED (
	SELECT t.completed, t.priority, t.tags, NOT t.completed AND {overdue} AS overdue
	FROM account a JOIN public.tasks t ON t.user_id = a.id
	WHERE {unless_known}
)
SELECT a.tasks_changed AS _changed, n.*
FROM account a, (
	SELECT CAST(NULL AS text) AS tag, count(*) AS total,
		count(*) FILTER (WHERE NOT completed) AS open,
		count(*) FILTER (WHERE completed) AS completed,
		count(*) FILTER (WHERE overdue) AS overdue,
		count(*) FILTER (WHERE NOT completed AND priority = 'High') AS high,
		count(*) FILTER (WHERE NOT completed AND priority = 'Medium') AS medium,
		count(*) FILTER (WHERE NOT completed AND priority = 'Low') AS low
	FROM mine
) n
UNION ALL
(SELECT NULL, tag, NULL, count(*) FILTER (WHERE NOT completed), count(*) FILTER (WHERE completed),
	NULL, NULL, NULL, NULL
FROM mine, unnest(tags) tag GROUP BY tag ORDER BY tag COLLATE "C")

-- read: task_get
SELECT {task}
FROM (SELECT u.id FROM {signed_in}) a
LEFT JOIN public.tasks t ON t.user_id = a.id AND t.id = :task_id

-- write: task_create
{with_version}, task AS (
	INSERT INTO public.tasks AS t (user_id, title, description, due_date, due_day,
		priority, tags, recursion_pattern, completed, created_at, updated_at, completed_at,
		time_zone)
	SELECT a.id, :title, :description, :due_date, :due_day,
		coalesce(CAST(:priority AS public.task_priority), 'Medium'), coalesce(:tags, '{}'),
		:recursion_pattern, coalesce(:completed, false), a.version, a.version,
		CASE WHEN :completed THEN a.version END, :time_zone
	FROM account a
	RETURNING {task}
), {once}
SELECT * FROM task

-- What PUT may change, except tags.
-- fragment: changes
title = coalesce(:title, t.title),
description = CASE WHEN :has_description THEN :description ELSE t.description END,
due_date = CASE WHEN :has_due_date THEN :due_date ELSE t.due_date END,
due_day = CASE WHEN :has_due_date THEN :due_day ELSE t.due_day END,
due_clock = CASE WHEN :has_due_date AND :due_date IS DISTINCT FROM t.due_date THEN NULL
	ELSE t.due_clock END,
priority = coalesce(:priority, t.priority),
recursion_pattern = CASE WHEN :has_recursion_pattern THEN :recursion_pattern
	ELSE t.recursion_pattern END,
completed = coalesce(:completed, t.completed),
completed_at = CASE WHEN coalesce(:completed, t.completed) THEN {completed_now} END,
time_zone = CASE WHEN :has_time_zone THEN :time_zone ELSE t.time_zone END,
updated_at = a.version

-- write: task_update
{with_version}, task AS (
	UPDATE public.tasks t SET {changes}, tags = coalesce(:tags, t.tags)
	FROM account a
	WHERE {that_task}
	RETURNING {task}
), {once}
{outcome}

-- write: task_complete
{with_version}, task AS (
	UPDATE public.tasks t SET
		completed = coalesce(:completed, NOT t.completed),
		completed_at = CASE WHEN coalesce(:completed, NOT t.completed) THEN {completed_now} END,
		updated_at = a.version
	FROM account a
	WHERE {that_task}
	RETURNING {task}
), {once}
{outcome}

-- Completes the task and makes the next one, if the task was open, has the due date and the
-- pattern that the client knows, and the zone and local time that the worker used.  The next one
-- has a copy of the CalDAV text, into which its columns are merged when it is read.
-- write: task_complete_next
{with_version}, was AS MATERIALIZED (
	SELECT t.id, t.completed, t.ical FROM account a JOIN public.tasks t ON {that_task}
	WHERE (t.due_date, t.due_day, t.recursion_pattern)
		IS NOT DISTINCT FROM (:due_date, :due_day, :recursion_pattern)
	AND coalesce(t.time_zone, :next_zone) = :next_zone
	AND t.due_clock IS NOT DISTINCT FROM :due_clock
	FOR UPDATE OF t
), task AS (
	UPDATE public.tasks t SET completed = true, completed_at = {completed_now},
		updated_at = a.version
	FROM account a, was WHERE t.id = was.id
	RETURNING {task}
), next AS (
	INSERT INTO public.tasks AS t (user_id, title, description, due_date, due_day,
		due_clock, priority, tags, recursion_pattern, created_at, updated_at, time_zone, ical,
		ical_at)
	SELECT task.user_id, task.title, task.description, :next_due_date, :next_due_day,
		:next_due_clock, task.priority, task.tags, :next_pattern, task.updated_at, task.updated_at,
		task.time_zone, was.ical, CASE WHEN was.ical IS NOT NULL THEN timestamptz '-infinity' END
	FROM task, was WHERE NOT was.completed AND :next_due_date IS NOT NULL
	RETURNING t.id
), mark AS (
	INSERT INTO public.writes AS w (key, request, kept, row_id, next_id)
	SELECT :write_key, :write_request, :write_kept, task.id, next.id
	FROM task LEFT JOIN next ON true
	ON CONFLICT (key) DO UPDATE SET request = excluded.request, row_id = excluded.row_id,
		next_id = excluded.next_id, repeated = w.kept OR w.request = excluded.request
)
SELECT CASE WHEN task.id IS NULL THEN unwritten.id IS NOT NULL END AS _found, task.*,
	next.id AS _next, unwritten.time_zone AS _zone, unwritten.due_clock AS _due_clock
FROM account LEFT JOIN task ON true LEFT JOIN next ON true LEFT JOIN public.tasks unwritten
	ON task.id IS NULL AND unwritten.user_id = :user_id AND unwritten.id = :task_id

-- write: task_delete
{with_version}, task AS (
	DELETE FROM public.tasks t USING account a
	WHERE {that_task}
	RETURNING t.id, t.name, t.created_at
), {gone_from} task t {gone_to}, {once}
{outcome}

-- The tasks of some days, and earlier open ones that may repeat on these days.  Each part has its
-- own index, so that no other tasks are read.
-- list: task_agenda
WITH account AS MATERIALIZED (
	SELECT u.id, u.tasks_changed FROM {signed_in}
)
SELECT a.tasks_changed AS _changed, t.id, t.title, t.due_day AS due_date, t.due_date,
	t.priority, t.completed, t.time_zone, t.recursion_pattern AS _pattern,
	t.due_clock AS _due_clock
FROM account a LEFT JOIN public.tasks t ON false
UNION ALL
SELECT NULL, t.id, t.title, t.due_day, t.due_date, t.priority, t.completed, t.time_zone,
	t.recursion_pattern, t.due_clock
FROM account a, LATERAL (
	SELECT t.*, {due} AS due FROM public.tasks t
	WHERE t.user_id = a.id AND {due} < least(:from_due, :to_due)
	AND NOT t.completed AND t.recursion_pattern IS NOT NULL
	UNION ALL
	SELECT t.*, {due} FROM public.tasks t
	WHERE t.user_id = a.id AND {due} >= :from_due AND {due} < :to_due
	ORDER BY due, id
) t
WHERE {unless_known}

-- read: feed_get
SELECT u.feed FROM {signed_in}

-- If the session ends while these wait for the account's row, they write nothing.
-- write: feed_make
WITH task AS (
	UPDATE public.users u SET feed = :feed WHERE {session}
	RETURNING u.id, u.feed
), {once}
SELECT task.feed FROM task

-- write: feed_end
WITH task AS (
	UPDATE public.users u SET feed = NULL WHERE {session}
	RETURNING u.id
), {once}
SELECT task.id FROM task

-- list: feed_tasks
WITH account AS MATERIALIZED (
	SELECT u.id, u.tasks_changed FROM public.users u WHERE u.feed = :feed
)
SELECT a.tasks_changed AS _changed, {task}, t.uid AS _uid
FROM account a LEFT JOIN public.tasks t ON false
UNION ALL
SELECT NULL, {task}, t.uid AS _uid
FROM account a, LATERAL (
	SELECT * FROM public.tasks t WHERE t.user_id = a.id ORDER BY t.id
) t
WHERE {unless_known}

-- Writes of many tasks.  {once} notes their number as row_id.
-- fragment: these
t.user_id = a.id AND t.id IN (SELECT unnest(:ids))

-- fragment: how_many
task AS (
	SELECT (SELECT count(*) FROM done) AS id FROM account
), {once}
SELECT task.id AS count FROM task

-- write: tasks_complete
{with_version}, done AS (
	UPDATE public.tasks t SET completed = coalesce(:completed, true),
		completed_at = CASE WHEN coalesce(:completed, true) THEN {completed_now} END,
		updated_at = a.version
	FROM account a
	WHERE {these}
	RETURNING t.id
), {how_many}

-- write: tasks_delete
{with_version}, done AS (
	DELETE FROM public.tasks t USING account a
	WHERE {these}
	RETURNING t.id, t.name, t.created_at
), {gone_from} done t {gone_to}, {how_many}

-- read: tasks_count
SELECT (SELECT count(*) FROM public.tasks t WHERE {these}) AS count
FROM (SELECT u.id FROM {signed_in}) a

-- Removes tags first, then adds those that are missing.
-- fragment: tags_now
CASE WHEN :add_tags IS NULL AND :remove_tags IS NULL THEN coalesce(:tags, t.tags) ELSE ARRAY(
	SELECT e.tag FROM unnest(coalesce(:tags, t.tags) || :add_tags) WITH ORDINALITY e(tag, n)
	WHERE e.n > cardinality(coalesce(:tags, t.tags)) OR e.tag <> ALL (coalesce(:remove_tags, '{}'))
	GROUP BY e.tag ORDER BY min(e.n)
) END

-- write: tasks_update
{with_version}, done AS (
	UPDATE public.tasks t SET {changes}, tags = {tags_now}
	FROM account a
	WHERE {these}
	RETURNING t.id
), {how_many}

-- write: tags_rename
{with_version}, done AS (
	UPDATE public.tasks t SET updated_at = a.version, tags = ARRAY(
		SELECT CASE WHEN e.tag = :tag THEN :new_tag ELSE e.tag END AS tag
		FROM unnest(t.tags) WITH ORDINALITY e(tag, n)
		WHERE e.tag <> :tag OR :new_tag IS NOT NULL
		GROUP BY 1 ORDER BY min(e.n)
	)
	FROM account a
	WHERE t.user_id = a.id AND :tag = ANY (t.tags) AND :new_tag IS DISTINCT FROM :tag
	RETURNING t.id
), {how_many}

-- :tasks is an array of objects, whose order is that of the new ids.
-- write: tasks_create
{with_version}, made AS (
	INSERT INTO public.tasks AS t (user_id, title, description, due_date, due_day,
		priority, tags, recursion_pattern, completed, created_at, updated_at, completed_at,
		time_zone)
	SELECT a.id, n.title, n.description, n.due_date, n.due_day, coalesce(n.priority, 'Medium'),
		coalesce(n.tags, '{}'), n.recursion_pattern, coalesce(n.completed, false), a.version,
		a.version, CASE WHEN n.completed THEN a.version END, n.time_zone
	FROM account a, ROWS FROM (json_to_recordset(CAST(:tasks AS json)) AS (title text,
		description text, due_date timestamptz, due_day date, priority public.task_priority,
		tags text[], recursion_pattern text, completed bool, time_zone text)
	) WITH ORDINALITY AS n(title, description, due_date, due_day, priority, tags,
		recursion_pattern, completed, time_zone, position)
	ORDER BY n.position
	RETURNING t.id
), task AS (
	SELECT min(m.id) AS id, array_agg(m.id ORDER BY m.id) AS ids FROM made m HAVING count(*) > 0
), mark AS (
	INSERT INTO public.writes AS w (key, request, kept, row_id, ids)
	SELECT :write_key, :write_request, :write_kept, task.id, task.ids FROM task
	ON CONFLICT (key) DO UPDATE SET request = excluded.request, row_id = excluded.row_id,
		ids = excluded.ids, repeated = w.kept OR w.request = excluded.request
)
SELECT array_to_string(task.ids, ',') AS _ids FROM task

-- read: tasks_created
SELECT array_to_string(w.ids, ',') AS _ids FROM public.writes w
WHERE w.key = :write_key AND w.request = :write_request
-- App passwords.  The first row says that the account exists.
-- list: app_list
WITH account AS MATERIALIZED (
	SELECT u.id FROM {signed_in}
)
SELECT p.id, p.name, p.created_at, p.used_on
FROM account a LEFT JOIN public.app_passwords p ON false
UNION ALL
(SELECT p.id, p.name, p.created_at, p.used_on
FROM account a JOIN public.app_passwords p ON p.user_id = a.id ORDER BY p.id)

-- Takes the first free n.  If two take the same one, app_passwords_user_id_n_key refuses one of
-- them.  From the first app password on, deletions are noted.
-- write: app_make
{with_account}, task AS (
	INSERT INTO public.app_passwords AS p (user_id, n, name, hash)
	SELECT a.id, place.n, :app_name, :app_hash
	FROM account a, (
		SELECT g.n FROM generate_series(1, 32) g(n)
		WHERE NOT EXISTS (SELECT FROM public.app_passwords p WHERE p.user_id = :user_id AND p.n = g.n)
		ORDER BY g.n LIMIT 1
	) place
	RETURNING p.id, p.name, p.created_at
), since AS (
	UPDATE public.users u SET dav_since = u.tasks_changed
	FROM account a, task WHERE u.id = a.id AND u.dav_since IS NULL
), {once}
SELECT task.* FROM account LEFT JOIN task ON true

-- read: app_again
SELECT p.id, p.name, p.created_at
FROM public.app_passwords p
WHERE p.id = :app_id AND p.hash = :app_hash

-- write: app_end
{with_account}, task AS (
	DELETE FROM public.app_passwords p USING account a
	WHERE p.user_id = a.id AND p.id = :app_id
	RETURNING p.id
), {once}
SELECT task.id FROM account LEFT JOIN task ON true

-- CalDAV.  Statements return no row if the account has no such app password.  The first row has
-- the account's id, which the handler compares with the path.
-- fragment: app_account
public.app_passwords p JOIN public.users u ON u.id = p.user_id
WHERE p.hash = :app_hash AND (u.username = :username OR u.email = :email)

-- Deletions are known from dav_since on: versions before that are outdated.
-- fragment: dav_account
SELECT u.id, u.username, u.email, greatest(u.tasks_changed, u.dav_since) AS tasks_changed, u.dav_since,
	ARRAY(
		SELECT unnest(ARRAY[e.key, e.value]) FROM jsonb_each_text(u.dav_props) e
	) AS props, p.id AS password
FROM {app_account}

-- fragment: whose
a.id AS account, a.username, a.email, a.tasks_changed, a.props

-- Notes the day once; skips it if another request has the row locked.
-- fragment: used
used AS (
	UPDATE public.app_passwords p SET used_on = CAST(now() AT TIME ZONE 'UTC' AS date)
	FROM (
		SELECT p.id FROM account a JOIN public.app_passwords p ON p.id = a.password
		WHERE a.id = :user_id AND p.used_on IS DISTINCT FROM CAST(now() AT TIME ZONE 'UTC' AS date)
		FOR NO KEY UPDATE OF p SKIP LOCKED
	) today
	WHERE p.id = today.id
)

-- As {with_account}; also notices an app password that ended meanwhile.
-- fragment: with_app_account
WITH owner AS MATERIALIZED (
	SELECT u.id, p.id AS password, {version} AS version, u.dav_since
	FROM {app_account} AND {patient}
	FOR NO KEY UPDATE OF u
), account AS MATERIALIZED (
	SELECT o.id, o.version, o.dav_since FROM owner o JOIN public.app_passwords p ON p.id = o.password
	FOR KEY SHARE OF p
)

-- The new version, if something was written.
-- fragment: changed
changed AS (
	UPDATE public.users u SET tasks_changed = a.version
	FROM account a, task WHERE u.id = a.id
)

-- The task that the path names: by the name that a client chose, else by its id and created_at.
-- fragment: named
t.user_id = a.id AND a.id = :user_id
AND t.id = coalesce((
	SELECT n.id FROM public.tasks n WHERE n.user_id = a.id AND n.name = :name
), CAST(:task_id AS bigint))
AND (t.name = :name OR t.name IS NULL AND t.created_at = :task_created)

-- The columns that make up a task's CalDAV text.
-- fragment: text
{task}, t.name, t.uid AS _uid, t.ical AS _ical, t.ical_at AS _ical_at

-- fragment: text_if_wanted
{task}, t.name, t.uid AS _uid, CASE WHEN :with_text THEN t.ical END AS _ical, t.ical_at AS _ical_at

-- read: dav_account
SELECT {whose} FROM ({dav_account}) a

-- idempotent: dav_list
WITH account AS MATERIALIZED (
	{dav_account}
), {used}
SELECT {whose} FROM account a

-- list: dav_tasks
WITH account AS MATERIALIZED (
	{dav_account}
), {used}
SELECT {whose}, t.id, t.name, t.created_at, t.updated_at
FROM account a LEFT JOIN public.tasks t ON false
UNION ALL
SELECT NULL, NULL, NULL, NULL, NULL, t.id, t.name, t.created_at, t.updated_at
FROM account a, LATERAL (
	SELECT * FROM public.tasks t WHERE t.user_id = a.id AND a.id = :user_id ORDER BY t.id
) t

-- read: dav_task
SELECT {whose}, t.id, t.name, t.created_at, t.updated_at
FROM ({dav_account}) a LEFT JOIN public.tasks t ON {named}

-- read: dav_get
SELECT a.id AS account, {text}
FROM (SELECT u.id FROM {app_account}) a LEFT JOIN public.tasks t ON {named}

-- A text has whole seconds; a day, or no due date at all, has no zone.  What it does not say
-- stays as it is.
-- fragment: said_due
CASE WHEN :due_day IS NULL AND t.due_day IS NULL AND date_trunc('second', t.due_date) = :due_date
	THEN t.due_date ELSE :due_date END

-- fragment: said_completed
CASE WHEN date_trunc('second', t.completed_at) = :completed_at THEN t.completed_at
	ELSE coalesce(:completed_at, {completed_now}) END

-- fragment: said_zone
coalesce(:time_zone, CASE WHEN :due_date IS NULL OR :due_day IS NOT NULL THEN t.time_zone END)

-- The line apart has the pattern that the task had when the text was read.  If a rule came in
-- between, and has gone, the line is old.
-- fragment: said_pattern
CASE WHEN :pattern_is_apart AND t.recursion_pattern IS DISTINCT FROM :recursion_pattern THEN NULL
	ELSE :recursion_pattern END

-- "was" is the task of that name, "other" another task with that UID: as clients chose them, else
-- as they are derived.  If a task is made or deleted while this waits for the account, it is not
-- seen, and the handler runs the statement again.
-- write: dav_put
{with_app_account}, was AS MATERIALIZED (
	SELECT t.id, {version_fits} AS fits,
		coalesce(t.uid = :uid, t.id = :uid_task AND t.created_at = :uid_created, false) AS is_same
	FROM account a JOIN public.tasks t ON {named}
	FOR UPDATE OF t
), other AS MATERIALIZED (
	SELECT coalesce(t.name, {own_name}) AS name
	FROM account a JOIN public.tasks t ON t.user_id = a.id AND a.id = :user_id
	WHERE (t.uid = :uid OR t.uid IS NULL AND t.id = :uid_task AND t.created_at = :uid_created)
	AND t.id IS DISTINCT FROM (SELECT was.id FROM was)
	LIMIT 1
), changed_task AS (
	UPDATE public.tasks t SET title = :title, description = :description, due_date = {said_due},
		due_day = :due_day, due_clock = CASE WHEN {said_due} = t.due_date THEN t.due_clock END,
		priority = CAST(:priority AS public.task_priority), tags = :tags,
		recursion_pattern = {said_pattern}, completed = :completed,
		completed_at = CASE WHEN :completed THEN {said_completed} END,
		time_zone = {said_zone}, updated_at = a.version, name = :name, uid = :uid, ical = :ical,
		ical_at = a.version
	FROM account a, was
	WHERE t.id = was.id AND t.user_id = a.id AND was.fits AND was.is_same AND NOT :must_not_exist
	AND NOT EXISTS (SELECT FROM other)
	RETURNING t.id, t.updated_at, false AS made
), made_task AS (
	INSERT INTO public.tasks AS t (user_id, title, description, due_date, due_day, priority, tags,
		recursion_pattern, completed, completed_at, time_zone, created_at, updated_at, name, uid,
		ical, ical_at)
	SELECT a.id, :title, :description, :due_date, :due_day, CAST(:priority AS public.task_priority), :tags,
		:recursion_pattern, :completed, CASE WHEN :completed THEN coalesce(:completed_at, a.version) END,
		:time_zone, a.version, a.version, :name, :uid, :ical, a.version
	FROM account a
	WHERE a.id = :user_id AND NOT :must_exist
	AND NOT EXISTS (SELECT FROM other)
	AND NOT EXISTS (SELECT FROM public.tasks t WHERE {named})
	RETURNING t.id, t.updated_at, true AS made
), task AS (
	SELECT * FROM changed_task UNION ALL SELECT * FROM made_task
), back AS (
	DELETE FROM public.deleted_tasks d USING account a, task WHERE d.user_id = a.id AND d.name = :name
), {once}, {changed}
SELECT a.id AS account, task.id, task.updated_at, task.made, other.name AS _other,
	was.id IS NOT NULL AS _was, was.fits AS _fits, was.is_same AS _same,
	EXISTS (SELECT FROM public.tasks t WHERE {named}) AS _seen
FROM account a LEFT JOIN task ON true LEFT JOIN was ON true LEFT JOIN other ON true

-- After a write that was made before: whether it made the task, and whether the task still has
-- this text.
-- read: dav_put_again
SELECT t.id, t.updated_at, t.created_at = t.ical_at AS made,
	t.ical_at = t.updated_at AND t.ical = :ical AS _same
FROM public.tasks t WHERE t.user_id = :user_id AND t.id = :task_id

-- write: dav_delete
{with_app_account}, task AS (
	DELETE FROM public.tasks t USING account a
	WHERE {named} AND {version_fits} AND NOT :must_not_exist
	RETURNING t.id, t.name, t.created_at
), {gone_from} task t {gone_to}, {once}, {changed}
SELECT a.id AS account, task.id, EXISTS (SELECT FROM public.tasks t WHERE {named}) AS _seen
FROM account a LEFT JOIN task ON true

-- Reports.  The first row has the account.
-- fragment: reader
WITH account AS MATERIALIZED (
	SELECT a.id, a.tasks_changed, a.dav_since FROM ({dav_account}) a
)

-- list: dav_query
{reader}
SELECT a.id AS account, a.tasks_changed, {text_if_wanted}
FROM account a LEFT JOIN public.tasks t ON false
UNION ALL
SELECT NULL, NULL, {text_if_wanted}
FROM account a, LATERAL (
	SELECT * FROM public.tasks t WHERE t.user_id = a.id AND a.id = :user_id ORDER BY t.id
) t

-- One row for each name, in their order, also if there is no such task.
-- list: dav_multiget
{reader}
SELECT a.id AS account, a.tasks_changed, CAST(NULL AS bigint) AS _place, {text_if_wanted}
FROM account a LEFT JOIN public.tasks t ON false
UNION ALL
SELECT NULL, NULL, n.place, {text_if_wanted}
FROM account a, ROWS FROM (unnest(:names), unnest(:name_ids), unnest(:name_times))
	WITH ORDINALITY AS n(name, id, created, place)
LEFT JOIN LATERAL (
	SELECT * FROM public.tasks t WHERE t.user_id = :user_id AND t.name = n.name
	UNION ALL
	SELECT * FROM public.tasks t WHERE t.user_id = :user_id AND t.id = n.id AND t.name IS NULL
	AND t.created_at = n.created
	LIMIT 1
) t ON true
WHERE a.id = :user_id

-- What was changed or deleted after a version.  Deletions before dav_since, or more than 90 days
-- ago, are not known.
-- fragment: knows_since
a.id = :user_id AND (:since IS NULL OR :since <= a.tasks_changed AND :since >= a.dav_since
	AND (:since = a.tasks_changed OR :since >= now() - interval '90 days'))

-- fragment: changed_since
t.user_id = a.id AND (:since IS NULL OR t.updated_at > :since)

-- fragment: gone_since
d.user_id = a.id AND d.at > :since
AND NOT EXISTS (SELECT FROM public.tasks t WHERE t.user_id = d.user_id AND t.name = d.name)

-- fragment: is_news
a.known AND (:since IS NULL OR a.tasks_changed > :since)

-- list: dav_sync
WITH account AS MATERIALIZED (
	SELECT a.id, a.tasks_changed, {knows_since} AS known FROM ({dav_account}) a
)
SELECT a.id AS account, a.tasks_changed, a.known AS _known,
	CASE WHEN :limit IS NOT NULL AND {is_news} THEN (
		SELECT count(*) FROM public.tasks t WHERE {changed_since}
	) + (
		SELECT count(*) FROM public.deleted_tasks d WHERE {gone_since}
	) END AS _count, {text_if_wanted}
FROM account a LEFT JOIN public.tasks t ON false
UNION ALL
SELECT NULL, NULL, NULL, NULL, {text_if_wanted}
FROM account a, LATERAL (
	SELECT * FROM public.tasks t WHERE {changed_since} ORDER BY t.id
) t
WHERE {is_news}
UNION ALL
SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL, d.name, NULL, NULL, NULL
FROM account a JOIN public.deleted_tasks d ON {gone_since}
WHERE {is_news}

-- Properties: one for each name; all of an account's together are limited.
-- fragment: new_props
(coalesce(u.dav_props, '{}') - CAST(:props_gone AS text[])) || jsonb_object(:props_set)

-- fragment: new_props_size
(SELECT coalesce(sum(octet_length(p.value)), 0) FROM jsonb_each_text({new_props}) p)

-- write: dav_proppatch
{with_app_account}, task AS (
	UPDATE public.users u SET dav_props = {new_props}
	FROM account a
	WHERE u.id = a.id AND a.id = :user_id AND {new_props_size} <= 16384
	RETURNING u.id
), {once}
SELECT a.id AS account, task.id AS done FROM account a LEFT JOIN task ON true
