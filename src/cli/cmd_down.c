/* enchufe down. SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

#define WAIT_STEPS 500 /* of 10 ms */

/* Until the name is free again: what follows may be `up`. */
static bool wait_gone(const struct rundir *d, const char *net)
{
	const struct timespec step = { 0, 10000000 };

	for (int i = 0; i < WAIT_STEPS; i++) {
		int fd = rundir_connect(d, net);

		if (fd == -ENOENT || fd == -ECONNREFUSED)
			return true;
		if (fd >= 0)
			close(fd);
		nanosleep(&step, NULL);
	}
	return false;
}

int cmd_down(int argc, char **argv)
{
	char net[SHM_NAME_MAX];
	struct rundir d;
	int status;

	if (argc > 2 || (argc == 2 && argv[1][0] == '-'))
		return cli_usage("down");
	if (!cli_rundir(&d) || !cli_network(&d, argc == 2 ? argv[1] : NULL, net))
		return CLI_FAILED;
	status = service_order(&d, net, "down");
	if (status)
		return status;
	if (!wait_gone(&d, net)) {
		cli_error("network %s does not end", net);
		return CLI_FAILED;
	}
	return 0;
}
