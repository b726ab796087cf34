/* enchufe up. SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "cli.h"

int cmd_up(int argc, char **argv)
{
	const char *args[] = { "--file", NULL, NULL };
	char net[SHM_NAME_MAX];
	struct rundir d;
	struct reply r;

	if (argc != 2 || argv[1][0] == '-')
		return cli_usage("up");
	args[1] = argv[1];
	if (!cli_rundir(&d) || service_start(args, net) < 0)
		return CLI_FAILED;
	if (service_command(&d, net, "status text", &r) < 0 || !r.ok) {
		cli_error("network %s came up and is gone again", net);
		return CLI_FAILED;
	}
	fputs(r.body, stdout);
	reply_fini(&r);
	return 0;
}
