/* enchufe status. SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

struct view {
	const struct rundir *d;
	bool json;
	unsigned n; /* shown */
};

static int show(struct view *v, const char *net)
{
	struct reply r;
	int err = service_command(v->d, net, v->json ? "status json" : "status text",
		&r);

	if (err)
		return err;
	if (v->json && v->n)
		fputs(",\n", stdout);
	if (r.ok) {
		fputs(r.body, stdout);
		v->n++;
	}
	reply_fini(&r);
	return 0;
}

static void show_each(void *user, const char *net)
{
	show(user, net); /* one that is gone meanwhile is not shown */
}

static int show_one(struct view *v, const char *net)
{
	int err = show(v, net);

	if (!err)
		return 0;
	if (err == -ENOENT || err == -ECONNREFUSED)
		cli_error("network %s is not up", net);
	else
		cli_error("network %s: %s", net, strerror(-err));
	return CLI_FAILED;
}

int cmd_status(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "net", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	const char *net = NULL;
	struct view v = { 0 };
	struct rundir d;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'j')
			v.json = true;
		else if (c == 'n')
			net = optarg;
		else
			return cli_usage("status");
	}
	if (optind != argc)
		return cli_usage("status");
	if (!cli_rundir(&d))
		return CLI_FAILED;
	v.d = &d;
	if (net)
		return show_one(&v, net);
	if (v.json)
		fputs("[", stdout);
	rundir_foreach(&d, show_each, &v);
	if (v.json)
		fputs("]\n", stdout);
	else if (!v.n)
		printf("no network is up\n");
	return 0;
}
