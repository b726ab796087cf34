/* enchufe capture. SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

int cmd_capture(int argc, char **argv)
{
	static const struct option options[] = {
		{ "net", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	const char *wanted = NULL;
	char net[SHM_NAME_MAX], cwd[PATH_MAX] = "";
	const char *what, *path;
	struct rundir d;
	char *line;
	int c, status;

	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (c != 'n')
			return cli_usage("capture");
		wanted = optarg;
	}
	if (argc - optind != 2 || strpbrk(argv[optind], " \n") ||
		strchr(argv[optind + 1], '\n'))
		return cli_usage("capture");
	what = strcmp(argv[optind], "all") ? argv[optind] : "*";
	path = argv[optind + 1];
	if (!cli_rundir(&d) || !cli_network(&d, wanted, net))
		return CLI_FAILED;
	/* The service has another folder. */
	if (path[0] != '/' && !getcwd(cwd, sizeof(cwd))) {
		cli_error("%s: %s", path, strerror(errno));
		return CLI_FAILED;
	}
	if (asprintf(&line, "capture %s %s%s%s", what, cwd, cwd[0] ? "/" : "",
			path) < 0)
		return CLI_FAILED;
	status = service_order(&d, net, line);
	free(line);
	return status;
}
