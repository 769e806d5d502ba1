/* SPDX-License-Identifier: ISC */
/* How a text is answered that is older than its task: with the lines changed that are wrong. */
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "base/date.h"
#include "dav/meaning.h"
#include "dav/kept.h"
#include "task/fold.h"
#include "task/line.h"
#include "task/vtimezone.h"

#define SECOND		INT64_C(1000000)

/* Where Apple keeps alarms of places: they have no time. */
#define NO_TIME_BEFORE	(INT64_C(-8400) * DATE_USEC_PER_DAY)	/* 1977 */

/* The lines of the master that may change, in the order in which those are added that lack. */
enum which {
	UID, DTSTAMP, LAST_MODIFIED, RECURRENCE_ID, SUMMARY, DESCRIPTION, DTSTART, DUE, DURATION,
	RRULE, PATTERN, RDATE, EXDATE, KDE_NEXT, PRIORITY, CATEGORIES, STATUS, COMPLETED, PERCENT,
	WHICH__MAX
};

enum change { KEEP, DROP, WRITE };

struct merge {
	struct buf		*b;
	const struct vtodo	*t;		/* what the columns are, */
	struct meaning		*c;		/* and what the text says */
	bool			 is_copy;
	bool			 drop_parts;
	enum change		 change[WHICH__MAX];
	bool			 written[WHICH__MAX];
	const struct clock	*by;		/* of the due time; NULL: UTC, or a day */
	bool			 moves;		/* alarms by so much, as a clock shows it */
	int64_t			 delta;
	int64_t			 start;		/* DTSTART, as t->due */
	/* While it is written: */
	const char		*copied;	/* so far */
	bool			 in_master, added;
};

static const struct zone *
zone_of(const struct merge *m)
{
	return m->by == NULL ? zone_utc() : m->by->zone;
}

/* --- what the lines become -------------------------------------------------------------- */

static void
put_uid(struct merge *m, const char *head)
{
	char	uid[VTODO_UID_MAX];

	fold_text_line(m->b, head, m->t->uid.at != NULL ? m->t->uid :
	    vtodo_uid(uid, m->t->id, m->t->created));
}

static void
put_updated(struct merge *m, const char *head)
{
	fold_utc_line(m->b, head, m->t->updated);
}

static void
put_title(struct merge *m, const char *head)
{
	fold_text_line(m->b, head, m->t->title);
}

static void
put_description(struct merge *m, const char *head)
{
	fold_text_line(m->b, head, m->t->description);
}

static void
put_start(struct merge *m, const char *head)
{
	vtodo_put_time(m->b, head, m->start, m->t->of_days, zone_of(m),
	    m->by == NULL ? NULL : m->by->tzid);
}

static void
put_due(struct merge *m, const char *head)
{
	vtodo_put_time(m->b, head, m->t->due, m->t->of_days, zone_of(m),
	    m->by == NULL ? NULL : m->by->tzid);
}

static void
put_rule(struct merge *m, const char *head)
{
	(void)head;
	vtodo_put_rule(m->b, m->t->pattern, m->t->of_days);
}

static void
put_pattern(struct merge *m, const char *head)
{
	(void)head;
	vtodo_put_pattern(m->b, m->t->pattern);
}

static void
put_priority(struct merge *m, const char *head)
{
	fold_line(m->b, head, vtodo_priority_number(m->t->priority));
}

static void
put_tags(struct merge *m, const char *head)
{
	(void)head;
	vtodo_put_tags(m->b, m->t);
}

static void
put_status(struct merge *m, const char *head)
{
	fold_line(m->b, head, m->t->completed ? "COMPLETED" : "NEEDS-ACTION");
}

static void
put_completed(struct merge *m, const char *head)
{
	fold_utc_line(m->b, head, m->t->completed_at != INT64_MIN ? m->t->completed_at :
	    m->t->updated);
}

static void
put_percent(struct merge *m, const char *head)
{
	fold_line(m->b, head, "100");
}

static const struct {
	const char	*name, *head;
	void		(*put)(struct merge *m, const char *head);	/* NULL: it only goes */
} lines[WHICH__MAX] = {
	[UID] = { "UID", "UID:", put_uid },
	[DTSTAMP] = { "DTSTAMP", "DTSTAMP:", put_updated },
	[LAST_MODIFIED] = { "LAST-MODIFIED", "LAST-MODIFIED:", put_updated },
	[RECURRENCE_ID] = { "RECURRENCE-ID" },
	[SUMMARY] = { "SUMMARY", "SUMMARY:", put_title },
	[DESCRIPTION] = { "DESCRIPTION", "DESCRIPTION:", put_description },
	[DTSTART] = { "DTSTART", "DTSTART", put_start },
	[DUE] = { "DUE", "DUE", put_due },
	[DURATION] = { "DURATION" },
	[RRULE] = { "RRULE", "RRULE:", put_rule },
	[PATTERN] = { VTODO_PATTERN, VTODO_PATTERN ":", put_pattern },
	[RDATE] = { "RDATE" },
	[EXDATE] = { "EXDATE" },
	[KDE_NEXT] = { "X-KDE-LIBKCAL-DTRECURRENCE" },
	[PRIORITY] = { "PRIORITY", "PRIORITY:", put_priority },
	[CATEGORIES] = { "CATEGORIES", "CATEGORIES:", put_tags },
	[STATUS] = { "STATUS", "STATUS:", put_status },
	[COMPLETED] = { "COMPLETED", "COMPLETED:", put_completed },
	[PERCENT] = { "PERCENT-COMPLETE", "PERCENT-COMPLETE:", put_percent },
};

/* --- what has to change ----------------------------------------------------------------- */

static bool
has_line(const struct merge *m, enum which which)
{
	struct line	line;

	return line_first(m->c->master, lines[which].name, &line);
}

static bool
same_tags(const struct vtodo *a, const struct vtodo *b)
{
	if (a->ntags != b->ntags)
		return false;
	for (int i = 0; i < a->ntags; i++)
		if (!span_same(a->tag[i], b->tag[i]))
			return false;
	return true;
}

static bool
due_differs(const struct vtodo *t, bool has_due, bool of_days, int64_t due)
{
	return t->has_due != has_due || (has_due && (t->of_days != of_days || t->due != due));
}

static void
compare_texts(struct merge *m)
{
	const struct vtodo	*t = m->t, *text = &m->c->todo;

	if (!span_same(t->title, text->title))
		m->change[SUMMARY] = WRITE;
	if (!span_same(t->description, text->description))
		m->change[DESCRIPTION] = t->description.at == NULL ? DROP : WRITE;
	if (t->priority != text->priority)
		m->change[PRIORITY] = WRITE;
	if (!same_tags(t, text))
		m->change[CATEGORIES] = WRITE;
	if (m->is_copy)
		m->change[UID] = WRITE;
}

/* A copy begins anew, whatever of the task was done. */
static bool
has_begun(const struct merge *m)
{
	struct line	line;

	return has_line(m, COMPLETED) || has_line(m, PERCENT) ||
	    (line_first(m->c->master, "STATUS", &line) && !line_is(line.value, "NEEDS-ACTION"));
}

static void
compare_completed(struct merge *m)
{
	const struct vtodo	*t = m->t, *text = &m->c->todo;

	if (t->completed && !text->completed)
		m->change[STATUS] = m->change[COMPLETED] = m->change[PERCENT] = WRITE;
	else if (t->completed && text->completed_at != INT64_MIN && t->completed_at != INT64_MIN &&
	    t->completed_at != text->completed_at)
		m->change[COMPLETED] = WRITE;
	else if (!t->completed && (text->completed || (m->is_copy && has_begun(m)))) {
		m->change[STATUS] = WRITE;
		m->change[COMPLETED] = m->change[PERCENT] = DROP;
	}
}

/* Whether the task has another zone than the text; one without has that of the text. */
static bool
is_elsewhere(const struct merge *m)
{
	return m->t->zone.at != NULL && !span_same(m->t->zone, m->c->todo.zone);
}

/* The clock by which the due time is written: as in the text, as long as the zone is that. */
static const struct clock *
choose_clock(struct merge *m)
{
	const struct vtodo	*t = m->t;
	const struct clock	*by = m->c->series.due.by;
	const struct zone	*zone;

	if (!t->has_due || t->of_days)
		return NULL;
	if (by == NULL || is_elsewhere(m)) {
		zone = vtodo_zone(t, m->c->clocks.zones);
		by = zone == NULL ? NULL : clocks_of(&m->c->clocks, span_of(zone_name(zone)));
	}
	return by != NULL && vtodo_is_told(by->zone, t->due) ? by : NULL;
}

/* The zone is that of the due time, which a day has none of; a text has none for UTC. */
static bool
zone_differs(const struct merge *m)
{
	return m->t->has_due && !m->t->of_days && m->by != m->c->series.due.by && is_elsewhere(m);
}

/* What the clock of the new due time shows of a moment of the text; of days, its day. */
static int64_t
clock_of(const struct merge *m, const struct moment *moment)
{
	if (m->t->of_days)
		return floor_to(moment->clock, DATE_USEC_PER_DAY);
	return moment->of_days ? moment->clock : zone_clock(zone_of(m), moment->instant);
}

static void
move(struct merge *m)
{
	const struct series	*s = &m->c->series;
	const struct vtodo	*t = m->t;
	int64_t			 due = t->of_days ? t->due : zone_clock(zone_of(m), t->due), start;

	m->change[DUE] = WRITE;
	m->change[DURATION] = DROP;
	m->moves = s->due.is_set;
	m->delta = s->due.is_set ? due - clock_of(m, &s->due) : 0;
	m->start = t->due;
	if (!s->has_start)
		return;
	m->change[DTSTART] = WRITE;
	start = least(clock_of(m, &s->start) + m->delta, due);
	if (start >= DATE_DAY_MIN * DATE_USEC_PER_DAY)
		m->start = t->of_days ? start : least(zone_instant(zone_of(m), start), t->due);
}

static void
end_series(struct merge *m)
{
	m->change[RDATE] = m->change[EXDATE] = m->change[KDE_NEXT] = DROP;
	m->drop_parts = true;
}

/* The rule: what is there, what is meant, and whether it goes, or comes. */
static enum change
compare_rule(struct merge *m, bool other_rule, bool closes)
{
	const struct vtodo	*t = m->t, *text = &m->c->todo;
	char			 its[RRULE_TEXT_MAX];
	struct rrule		 rule;
	bool			 may_repeat, waits, turns;

	may_repeat = t->has_due && !t->completed && t->pattern.at != NULL &&
	    rrule_parse(&rule, t->pattern.at, t->pattern.len) && rrule_text(its, &rule, t->of_days);
	/* Times become days, of which there are fewer rules, or days times. */
	turns = text->has_due && t->has_due && text->of_days != t->of_days && !t->completed;
	if (closes || ((other_rule || turns) && !may_repeat) || (text->has_due && !t->has_due))
		return DROP;
	/* One that has had no date to count from, or is said apart. */
	waits = text->pattern.at != NULL && (!text->has_due || !has_line(m, RRULE));
	return other_rule || (waits && may_repeat) ? WRITE : KEEP;
}

/* The pattern, apart from the rule: if that doesn't say it.  What is completed needs none. */
static enum change
compare_pattern(struct merge *m)
{
	const struct vtodo	*t = m->t;

	if (m->change[RRULE] == KEEP || (t->completed && !has_line(m, PATTERN)))
		return KEEP;
	return m->change[RRULE] == WRITE || t->pattern.len == 0 ? DROP : WRITE;
}

/*
 * A rule that comes begins a series, to which nothing belongs that an earlier one left.  One
 * occurrence that is to repeat is one no longer.
 */
static void
compare_begin(struct merge *m)
{
	if (m->change[RRULE] != WRITE)
		return;
	m->change[RECURRENCE_ID] = DROP;
	end_series(m);
}

/* The due date, and the rule; a series that changes begins anew, at that date. */
static void
compare_times(struct merge *m)
{
	const struct vtodo	*t = m->t, *text = &m->c->todo;
	const struct series	*s = &m->c->series;
	bool			 other_rule = !meaning_same_rule(text->pattern, t->pattern);
	bool			 other_zone = zone_differs(m);
	bool			 closes = t->completed && !text->completed;
	bool			 other_due = due_differs(t, text->has_due, text->of_days,
				    text->due);
	bool			 is_series = series_repeats(s) || has_line(m, RRULE);
	bool			 anew = is_series && (other_due || other_rule || other_zone ||
				    closes || m->is_copy);

	m->change[RRULE] = compare_rule(m, other_rule, closes);
	m->change[PATTERN] = compare_pattern(m);
	compare_begin(m);
	if (anew)
		other_due = due_differs(t, s->due.is_set, s->due.of_days, s->due.instant);
	if (anew || closes)
		end_series(m);
	/* Without a rule DTSTART is no due date. */
	if (m->change[RRULE] == DROP && !s->has_due && !s->has_duration && s->due.is_set)
		other_due = true;
	if (t->has_due && (other_due || other_zone))
		move(m);
	else if (other_due)
		m->change[DUE] = m->change[DURATION] = DROP;
	if (m->change[RRULE] == WRITE && !s->has_start) {
		m->start = t->due;
		m->change[DTSTART] = WRITE;
	}
	/* An UNTIL is of the kind of DTSTART. */
	if (m->change[RRULE] == KEEP && s->has_rule && m->change[DUE] == WRITE &&
	    s->start.of_days != t->of_days)
		m->change[RRULE] = WRITE;
}

/* Which lines change; false if none does. */
static bool
compare(struct merge *m)
{
	bool	any = false;

	compare_texts(m);
	compare_completed(m);
	m->by = choose_clock(m);
	compare_times(m);
	for (int i = 0; i < WHICH__MAX; i++)
		any = any || m->change[i] == WRITE || (m->change[i] == DROP && has_line(m, i));
	if (any)
		m->change[DTSTAMP] = m->change[LAST_MODIFIED] = WRITE;
	return any;
}

/* --- writing ------------------------------------------------------------------------------ */

/* All of the text up to there, as it is. */
static void
copy_until(struct merge *m, const char *at)
{
	buf_put(m->b, m->copied, (size_t)(at - m->copied));
	m->copied = at;
}

static void
pass_over(struct merge *m, const struct line *line)
{
	copy_until(m, line->all.at);
	m->copied = line->all.at + line->all.len;
}

/* In place of the first line of its name; others go. */
static void
write_line(struct merge *m, enum which which)
{
	if (m->change[which] == WRITE && !m->written[which])
		lines[which].put(m, lines[which].head);
	m->written[which] = true;
}

static void
change_line(struct merge *m, const struct line *line)
{
	for (int i = 0; i < WHICH__MAX; i++)
		if (m->change[i] != KEEP && line_is(line->name, lines[i].name)) {
			pass_over(m, line);
			write_line(m, i);
			return;
		}
}

/* Those that the text has not, before the first component in it. */
static void
add_lines(struct merge *m, const struct line *line)
{
	if (m->added)
		return;
	m->added = true;
	copy_until(m, line->all.at);
	for (int i = 0; i < WHICH__MAX; i++)
		write_line(m, i);
}

/* An absolute alarm goes where the task does. */
static void
move_alarm(struct merge *m, const struct line *line)
{
	struct moment	at;
	int64_t		usec;
	char		text[DATE_TEXT_MAX];

	if (!m->moves || m->delta == 0 || !line_is(line->name, "TRIGGER") ||
	    !clocks_read(&m->c->clocks, line, line->value, &at) || at.of_days ||
	    at.instant < NO_TIME_BEFORE)
		return;
	usec = zone_instant(zone_of(m), zone_clock(zone_of(m), at.instant) + m->delta);
	if (usec < DATE_DAY_MIN * DATE_USEC_PER_DAY || usec >= DATE_END)
		return;
	date_format_basic(text, usec, false);
	copy_until(m, line->value.at);
	buf_str(m->b, text);
	buf_str(m->b, "\r\n");
	m->copied = line->all.at + line->all.len;
}

static void
put_zone(struct merge *m, const struct line *line)
{
	bool	used = m->change[DUE] == WRITE || m->change[DTSTART] == WRITE;

	if (!used || m->by == NULL || m->by->own || m->by->known == NULL)
		return;
	copy_until(m, line->all.at);
	vtimezone_put(m->b, m->by->known, vtimezone_from(m->start, m->t->due));
}

/* Skips the component that the line begins; the reader is after that. */
static void
drop_part(struct merge *m, struct lines *in, struct line *line)
{
	copy_until(m, line->all.at);
	while (line_next(in, line) && (line->kind != LINE_END || line->depth != 1))
		;
	m->copied = in->at;
}

static void
begin_todo(struct merge *m, struct lines *in, struct line *line)
{
	struct lines	ahead = { line->all.at, in->end, 0 };
	struct line	its;
	bool		is_part = false;

	m->in_master = line->all.at == m->c->master.at;
	if (m->in_master)
		put_zone(m, line);
	if (m->in_master || !m->drop_parts || !line_is(line->value, "VTODO"))
		return;
	while (!is_part && line_next(&ahead, &its) && (its.kind != LINE_END || its.depth > 0))
		is_part = its.kind == LINE_PROPERTY && its.depth == 1 &&
		    line_is(its.name, "RECURRENCE-ID");
	if (is_part)
		drop_part(m, in, line);
}

static void
merge_line(struct merge *m, struct lines *in, struct line *line)
{
	if (line->depth == 1 && line->kind == LINE_BEGIN)
		begin_todo(m, in, line);
	else if (m->in_master && ((line->depth == 1 && line->kind == LINE_END) ||
	    (line->depth == 2 && line->kind == LINE_BEGIN)))
		add_lines(m, line);
	else if (m->in_master && line->depth == 2 && line->kind == LINE_PROPERTY)
		change_line(m, line);
	else if (m->in_master && line->depth == 3 && line->kind == LINE_PROPERTY)
		move_alarm(m, line);
	else if (m->is_copy && line->depth == 2 && line_is(line->name, "UID")) {
		pass_over(m, line);
		put_uid(m, lines[UID].head);
	}
	if (line->depth == 1 && line->kind == LINE_END)
		m->in_master = false;
}

/* Texts have whole seconds, so the columns are compared as such. */
static struct vtodo
in_seconds(const struct vtodo *t)
{
	struct vtodo	whole = *t;

	if (t->has_due)
		whole.due = floor_to(t->due, SECOND);
	if (t->completed_at != INT64_MIN)
		whole.completed_at = floor_to(t->completed_at, SECOND);
	return whole;
}

static bool
merge(struct buf *b, const struct vtodo *t, struct zones *zones)
{
	struct vtodo	 whole = in_seconds(t);
	struct merge	 m = { .b = b, .t = &whole, .c = meaning_read(t->ical, zones),
			    .is_copy = t->ical_at == INT64_MIN, .copied = t->ical.at };
	struct lines	 in = lines_of(t->ical);
	struct line	 line;

	if (m.c == NULL)
		return false;
	if (compare(&m))
		while (line_next(&in, &line))
			merge_line(&m, &in, &line);
	copy_until(&m, t->ical.at + t->ical.len);
	meaning_free(m.c);
	return true;
}

/* The text of a task that no client wrote. */
static void
make(struct buf *b, const struct vtodo *t, struct zones *zones)
{
	const struct zone	*zone = vtodo_zone(t, zones);

	vtodo_begin_calendar(b, NULL);
	if (zone != NULL)
		vtimezone_put(b, zone, t->due);
	vtodo_put(b, t, zone);
	vtodo_end_calendar(b);
}

bool
kept_put(struct buf *b, const struct vtodo *t, struct zones *zones)
{
	if (t->ical.at == NULL)
		make(b, t, zones);
	else if (t->ical_at == t->updated)
		buf_put(b, t->ical.at, t->ical.len);
	else
		return merge(b, t, zones);
	return true;
}
