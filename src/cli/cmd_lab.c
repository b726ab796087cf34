/* enchufe lab: becomes Python, which plays the experiments (lab/experiments).
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

#define PYTHON "python3"

int cmd_lab(int argc, char **argv)
{
	static char self[PATH_MAX], experiments[PATH_MAX];
	static char python[] = PYTHON, option[] = "--enchufe";
	char **words;

	if (argc < 2)
		return cli_usage("lab");
	if (!where_self(self, sizeof(self)) ||
		!where_experiments(experiments, sizeof(experiments))) {
		cli_error("the experiments are not where they should be (%s)",
			experiments);
		return CLI_FAILED;
	}
	words = calloc((size_t)argc + 4, sizeof(*words));
	if (!words) {
		cli_error("%s", strerror(ENOMEM));
		return CLI_FAILED;
	}
	words[0] = python;
	words[1] = experiments;
	words[2] = option;
	words[3] = self;
	memcpy(words + 4, argv + 1, (size_t)(argc - 1) * sizeof(*words));
	execvp(PYTHON, words);
	if (errno == ENOENT)
		cli_error("the experiments are Python programs, and there is no "
			"python3 here: install it (Debian: apt install python3)");
	else
		cli_error("%s: %s", PYTHON, strerror(errno));
	free(words);
	return CLI_FAILED;
}
