/* Which network is meant. SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

bool cli_rundir(struct rundir *d)
{
	int err = rundir_open(d);

	if (!err)
		return true;
	if (err == -EPERM)
		cli_error("%s: must belong to you alone (mode 0700)", d->path);
	else
		cli_error("run directory %s: %s", d->path, strerror(-err));
	return false;
}

struct choice {
	const struct rundir *d;
	unsigned n;	 /* up, the default one not counted */
	bool has_default;
	char net[SHM_NAME_MAX];
};

static void choose(void *user, const char *net)
{
	struct choice *c = user;
	int fd = rundir_connect(c->d, net);

	if (fd < 0)
		return; /* a killed one's file */
	close(fd);
	if (!strcmp(net, DEFAULT_NET)) {
		c->has_default = true;
		return;
	}
	c->n++;
	snprintf(c->net, sizeof(c->net), "%s", net);
}

bool cli_network(const struct rundir *d, const char *wanted,
	char net[SHM_NAME_MAX])
{
	struct choice c = { .d = d };

	if (wanted) {
		if (!rundir_name_ok(wanted)) {
			cli_error("%s: not a name", wanted);
			return false;
		}
		snprintf(net, SHM_NAME_MAX, "%s", wanted);
		return true;
	}
	rundir_foreach(d, choose, &c);
	if (c.n > 1) {
		cli_error("several networks are up: say which");
		return false;
	}
	if (!c.n && !c.has_default) {
		cli_error("no network is up");
		return false;
	}
	snprintf(net, SHM_NAME_MAX, "%s", c.n ? c.net : DEFAULT_NET);
	return true;
}
