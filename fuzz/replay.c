/* SPDX-License-Identifier: ISC */
/* In place of libFuzzer: gives the target each file of its corpus, once. */
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "../t/unit/tap.h"

static void
replay(const char *name)
{
	struct stat	 st;
	uint8_t		*data = NULL;
	FILE		*f;
	bool		 ok;

	ok = (f = fopen(name, "rb")) != NULL && fstat(fileno(f), &st) == 0 &&
	    (data = malloc((size_t)st.st_size + 1)) != NULL &&
	    fread(data, 1, (size_t)st.st_size, f) == (size_t)st.st_size &&
	    LLVMFuzzerTestOneInput(data, (size_t)st.st_size) == 0;
	tap_ok(ok, "%s", name);
	free(data);
	if (f != NULL)
		fclose(f);
}

int
main(int argc, char **argv)
{
	const char	*target = strrchr(argv[0], '/');
	struct dirent	**list = NULL;
	int		 n = -1;

	(void)argc;
	target = target == NULL ? argv[0] : target + 1;
	if (chdir(CORPUS) == 0 && chdir(target) == 0)
		n = scandir(".", &list, NULL, alphasort);
	tap_ok(n > 2, "inputs for %s", target);
	for (int i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.')
			replay(list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return tap_done();
}
