/* enchufe run. SPDX-License-Identifier: BSD-2-Clause */
#include <getopt.h>

#include "cli.h"

int cmd_run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "net", required_argument, NULL, 'n' },
		{ "on", required_argument, NULL, 'o' },
		{ "pcap", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	struct join j = { 0 };
	int c;

	/* "+": the first word that is no option is the program. */
	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (c == 'n')
			j.net = optarg;
		else if (c == 'o')
			j.host = optarg;
		else if (c == 'p')
			j.pcap = optarg;
		else
			return cli_usage("run");
	}
	if (optind == argc)
		return cli_usage("run");
	return join_exec(&j, argv + optind);
}
