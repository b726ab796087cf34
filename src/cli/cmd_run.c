/* enchufe run. SPDX-License-Identifier: BSD-2-Clause */
#include <getopt.h>

#include "cli.h"

int cmd_run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "net", required_argument, NULL, 'n' },
		{ "on", required_argument, NULL, 'o' },
		{ "pcap", required_argument, NULL, 'p' },
		{ "report", optional_argument, NULL, 'r' },
		{ "trace", required_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct watch_wish w = { 0 };
	struct join j = { 0 };
	int c;

	/* "+": the first word that is no option is the program. */
	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (c == 'n') {
			j.net = optarg;
		} else if (c == 'o') {
			j.host = optarg;
		} else if (c == 'p') {
			j.pcap = optarg;
		} else if (c == 'r') {
			w.report = true;
			w.as.path = optarg;
		} else if (c == 't') {
			w.trace = optarg;
		} else if (c == 'j') {
			w.as.json = true;
		} else {
			return cli_usage("run");
		}
	}
	if (optind == argc || (w.as.json && !w.report))
		return cli_usage("run");
	return w.report || w.trace ? watch_run(&w, &j, argv + optind) :
		join_exec(&j, argv + optind);
}
