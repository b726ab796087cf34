/* enchufe link set. SPDX-License-Identifier: BSD-2-Clause */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* "link NAME key=value ..." out of the words; NULL without memory. */
static char *order(int argc, char **argv)
{
	char *line = NULL;
	size_t size;
	FILE *f = open_memstream(&line, &size);

	if (!f)
		return NULL;
	fprintf(f, "link %s", argv[0]);
	for (int i = 1; i < argc; i += 2)
		fprintf(f, " %s=%s", argv[i], argv[i + 1]);
	return fclose(f) ? NULL : line;
}

int cmd_link(int argc, char **argv)
{
	static const struct option options[] = {
		{ "net", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	const char *wanted = NULL;
	char net[SHM_NAME_MAX];
	struct rundir d;
	char *line;
	int c, status;

	if (argc < 2 || strcmp(argv[1], "set"))
		return cli_usage("link");
	argc--;
	argv++;
	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (c != 'n')
			return cli_usage("link");
		wanted = optarg;
	}
	/* A link, then pairs. */
	if (argc - optind < 3 || (argc - optind) % 2 == 0)
		return cli_usage("link");
	for (int i = optind; i < argc; i++) {
		if (strpbrk(argv[i], " \n="))
			return cli_usage("link");
	}
	if (!cli_rundir(&d) || !cli_network(&d, wanted, net))
		return CLI_FAILED;
	line = order(argc - optind, argv + optind);
	status = line ? service_order(&d, net, line) : CLI_FAILED;
	free(line);
	return status;
}
