/* SPDX-License-Identifier: ISC */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/letter.h"
#include "base/utf8.h"
#include "dav/clocks.h"
#include "dav/filter.h"
#include "dav/series.h"
#include "dav/stamp.h"
#include "task/line.h"

#define LOOKS_MAX	100000	/* at occurrences: only rules made for that have so many */
#define SLACK		DATE_USEC_PER_DAY	/* a change of the clock moves less */
#define SHRINKS_BY	5	/* times at most does a text become a value that has it */

/* What is evaluated. */
struct match {
	struct clocks	clocks;
	struct span	master;		/* the VTODO that may come again */
	bool		no_memory;
};

enum filter_collation
filter_collation(const char *name)
{
	static const struct {
		const char		*name;
		enum filter_collation	 collation;
	}	names[] = {
		{ "i;ascii-casemap", FILTER_ASCII }, { "i;octet", FILTER_OCTET },
		{ "i;unicode-casemap", FILTER_UNICODE }, { "default", FILTER_ASCII },
	};

	if (name == NULL)
		return FILTER_ASCII;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcasecmp(name, names[i].name) == 0)
			return names[i].collation;
	return FILTER_NONE;
}

bool
filter_time(const char *text, int64_t *usec)
{
	return stamp_read(span_of(text), usec) != STAMP_BAD;
}

/* --- what can be evaluated ------------------------------------------------------------ */

/* Those of other components than VTODO find none, whatever their range. */
static bool
may_have_range(const char *name)
{
	static const char *const	names[] = { "VTODO", "VEVENT", "VJOURNAL", "VFREEBUSY" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool
supported(const struct comp_filter *f, int *n)
{
	if (++*n > FILTERS_MAX || (f->range != NULL && !may_have_range(f->name)))
		return false;
	for (const struct prop_filter *p = f->props; p != NULL; p = p->next) {
		++*n;
		for (const struct param_filter *q = p->params; q != NULL; q = q->next)
			++*n;
	}
	for (const struct comp_filter *c = f->comps; c != NULL; c = c->next)
		if (!supported(c, n))
			return false;
	return *n <= FILTERS_MAX;
}

bool
filter_supported(const struct comp_filter *root)
{
	int	n = 0;

	return root != NULL && root->next == NULL && !root->not_defined &&
	    strcasecmp(root->name, "VCALENDAR") == 0 && supported(root, &n);
}

/* --- texts ----------------------------------------------------------------------------- */

/* Puts each character where the collation has it; returns the length, half as long again. */
static size_t
collate(enum filter_collation collation, const char *text, size_t len, char *out)
{
	uint32_t	code;
	size_t		n, written = 0;

	for (size_t i = 0; i < len; i += n) {
		if ((n = utf8_read(text + i, len - i, &code)) == 0)
			n = 1;
		else if (collation == FILTER_UNICODE || (collation == FILTER_ASCII && code < 128)) {
			written += utf8_write(out + written, letter_small(code));
			continue;
		}
		memcpy(out + written, text + i, n);
		written += n;
	}
	return written;
}

/* Memory for a text of len bytes as it is collated, and before that. */
static char *
room(struct match *m, size_t len)
{
	char	*text = malloc(len + 1 + len / 2 * 3 + UTF8_MAX);

	m->no_memory = m->no_memory || text == NULL;
	return text;
}

/* Whether a value, which may have escapes, contains the text. */
static bool
contains(struct match *m, const struct text_match *match, struct span value, bool is_text)
{
	char	*in, *what;
	size_t	 len, what_len;
	bool	 found = false;

	/* A text may be long, and a task may have many short lines. */
	if (match->text.len / SHRINKS_BY > value.len)
		return match->negate;
	in = room(m, value.len);
	what = room(m, match->text.len);
	if (in != NULL && what != NULL) {
		len = (is_text ? line_text : line_copy)(value, in, value.len + 1);
		what_len = collate(match->collation, match->text.at, match->text.len, what);
		len = collate(match->collation, in, len, in + value.len + 1);
		found = what_len == 0 || memmem(in + value.len + 1, len, what, what_len) != NULL;
	}
	free(in);
	free(what);
	return found != match->negate;
}

/* --- times (section 9.9) ---------------------------------------------------------------- */

/* The table's rows of VTODOs that have a date. */
static bool
time_fits(const struct time_range *r, const struct series *s, const struct moment *start,
    const struct moment *due)
{
	int64_t	begin = start->instant, end = due->instant;

	if (!s->has_start)
		return r->start < end && r->end >= end;
	if (s->has_duration)
		return r->start <= end && (r->end > begin || r->end >= end);
	if (due->is_set)
		return (r->start < end || r->start <= begin) && (r->end > begin || r->end >= end);
	return r->start <= begin && r->end > begin;
}

/* Its rows of those without. */
static bool
undated_fits(struct match *m, const struct time_range *r, struct span todo)
{
	struct moment	completed, created;

	clocks_first(&m->clocks, todo, "COMPLETED", &completed);
	clocks_first(&m->clocks, todo, "CREATED", &created);
	if (completed.is_set && created.is_set)
		return (r->start <= created.instant || r->start <= completed.instant) &&
		    (r->end >= created.instant || r->end >= completed.instant);
	if (completed.is_set)
		return r->start <= completed.instant && r->end >= completed.instant;
	return !created.is_set || r->end > created.instant;
}

/* A sum that stays at the ends of what there is. */
static int64_t
plus(int64_t usec, int64_t more)
{
	int64_t	sum;

	return usec == INT64_MIN || usec == INT64_MAX ? usec :
	    !__builtin_add_overflow(usec, more, &sum) ? sum : more < 0 ? INT64_MIN : INT64_MAX;
}

static bool
any_fits(const struct time_range *r, struct series *s)
{
	int64_t		lag = s->due.is_set ? s->due.clock - s->start.clock : 0;
	int64_t		last = plus(r->end, (lag < 0 ? -lag : 0) + SLACK);
	struct moment	start, due;
	bool		left_out;
	bool		has_due = s->has_due || s->has_duration;

	series_begin(s, plus(r->start, -(lag > 0 ? lag : 0) - SLACK));
	for (int i = 0; i < LOOKS_MAX && series_next(s, &start, &left_out) &&
	    start.instant <= last; i++) {
		due = (struct moment){ .is_set = false };
		if (!left_out && (!has_due || series_due(s, &start, &due)) &&
		    time_fits(r, s, &start, &due))
			return true;
	}
	return false;
}

static bool
range_fits(struct match *m, const struct time_range *r, struct span todo)
{
	struct series	s;
	bool		fits;

	if (!series_read(&s, &m->clocks, todo, todo.at == m->master.at && !series_is_part(todo) ?
	    SERIES_PARTS : SERIES_NONE)) {
		m->no_memory = true;
		return false;
	}
	if (series_repeats(&s))
		fits = any_fits(r, &s);
	else if (s.start.is_set || s.due.is_set)
		fits = time_fits(r, &s, &s.start, &s.due);
	else
		fits = undated_fits(m, r, todo);
	series_free(&s);
	return fits;
}

/* A property's value is an instant, or all of a day. */
static bool
value_fits(struct match *m, const struct time_range *r, const struct line *line)
{
	struct moment	at;

	if (!clocks_read(&m->clocks, line, line->value, &at))
		return false;
	if (at.of_days)
		return r->start < at.instant + DATE_USEC_PER_DAY && r->end > at.instant;
	return r->start <= at.instant && r->end > at.instant;
}

/* --- the tree --------------------------------------------------------------------------- */

static bool
param_fits(struct match *m, const struct param_filter *f, const struct line *line)
{
	struct span	value;
	bool		found = line_find_param(line, f->name, &value);

	if (f->not_defined || !found)
		return f->not_defined && !found;
	return f->match == NULL || contains(m, f->match, value, false);
}

static bool
property_fits(struct match *m, const struct prop_filter *f, const struct line *line)
{
	if (f->range != NULL && !value_fits(m, f->range, line))
		return false;
	for (const struct param_filter *p = f->params; p != NULL; p = p->next)
		if (!param_fits(m, p, line))
			return false;
	return f->match == NULL || contains(m, f->match, line->value, true);
}

/* Whether any of the properties of that name fits; what is missing doesn't. */
static bool
prop_fits(struct match *m, const struct prop_filter *f, struct span component)
{
	struct lines	in = lines_of(component);
	struct line	line;

	while (line_property(&in, f->name, &line))
		if (f->not_defined || property_fits(m, f, &line))
			return !f->not_defined;
	return f->not_defined;
}

static bool	any_component_fits(struct match *m, const struct comp_filter *f, struct span in);

static bool
component_fits(struct match *m, const struct comp_filter *f, struct span component)
{
	for (const struct prop_filter *p = f->props; p != NULL; p = p->next)
		if (!prop_fits(m, p, component))
			return false;
	for (const struct comp_filter *c = f->comps; c != NULL; c = c->next)
		if (!any_component_fits(m, c, component))
			return false;
	return f->range == NULL || range_fits(m, f->range, component);
}

static bool
any_component_fits(struct match *m, const struct comp_filter *f, struct span parent)
{
	struct lines	in = lines_of(parent);
	struct span	component;

	while (line_component(&in, f->name, &component))
		if (f->not_defined || component_fits(m, f, component))
			return !f->not_defined;
	return f->not_defined;
}

enum filter_result
filter_match(const struct comp_filter *root, struct span text, struct zones *zones)
{
	struct match	m = { .master = series_master(text) };
	bool		fits;

	clocks_begin(&m.clocks, text, zones);
	fits = component_fits(&m, root, text);
	clocks_free(&m.clocks);
	return m.no_memory ? FILTER_NO_MEMORY : fits ? FILTER_YES : FILTER_NO;
}
