/* SPDX-License-Identifier: ISC */
/*
 * A file of tzdata: read within its bytes; and if it is one, then what a clock shows at some
 * instants, which must fit together whatever the file says.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/tzif.h"
#include "base/zone.h"
#include "fuzz.h"

static char	directory[] = "/tmp/tzif-XXXXXX", file[sizeof directory + 2];

static void
clean_up(void)
{
	unlink(file);
	rmdir(directory);
}

/* Where zones are read from. */
static void
make_directory(void)
{
	if (*file != '\0')
		return;
	HOLDS(mkdtemp(directory) != NULL);
	snprintf(file, sizeof file, "%s/Z", directory);
	HOLDS(setenv("TZDIR", directory, 1) == 0);
	atexit(clean_up);
}

static void
write_file(const uint8_t *data, size_t size)
{
	int	fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	HOLDS(fd != -1 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

static void
check_types(const struct tzif *tz)
{
	HOLDS(tz->ntypes > 0);
	for (int i = 0; i < tz->n; i++) {
		HOLDS(tz->of[i] < tz->ntypes);
		HOLDS(i == 0 || tz->at[i - 1] < tz->at[i]);
	}
}

/* A time that comes on a clock is shown at its instant. */
static void
check_clock(const struct zone *z, int64_t instant)
{
	int64_t	clock = zone_clock(z, instant), first = zone_instant(z, clock);

	HOLDS(first <= instant && zone_clock(z, first) == clock);
}

static void
check_zone(const struct zone *z)
{
	struct zone_change	c;
	int64_t			at = -730000 * DATE_USEC_PER_DAY;

	for (int i = 0; i < 40 && zone_next_change(z, at, &c); i++) {
		HOLDS(c.at > at);
		at = c.at;
		check_clock(z, at - 1);
		check_clock(z, at);
		check_clock(z, at + 3600 * INT64_C(1000000));
	}
	for (int year = -100; year < 1000; year += 50)
		check_clock(z, year * 365 * DATE_USEC_PER_DAY);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char		*copy = (unsigned char *)fuzz_text(data, size);
	struct zones		 zones = { NULL };
	struct tzif		 tz;
	const struct zone	*z;

	if (tzif_read(&tz, copy, size)) {
		check_types(&tz);
		tzif_free(&tz);
		make_directory();
		write_file(data, size);
		if ((z = zone_find(&zones, "Z", 1)) != NULL)
			check_zone(z);
		zones_free(&zones);
	}
	free(copy);
	return 0;
}
