/* Joining: find or start the network's service, register this process as a
 * program of the host, then become the program. So exit status, signals and
 * terminal are the program's own.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "program.h"
#include "shm/session.h"

#define JOIN_TRIES 5 /* a service may leave between two of our steps */

/* --- which network ---------------------------------------------------------------- */

struct search {
	const struct rundir *d;
	const char *host;
	unsigned n;
	char net[SHM_NAME_MAX];
};

static void search_host(void *user, const char *net)
{
	struct search *s = user;
	char line[SHM_NAME_MAX + 8];
	struct reply r;

	snprintf(line, sizeof(line), "host %s", s->host);
	if (service_command(s->d, net, line, &r) < 0)
		return;
	if (r.ok) {
		s->n++;
		snprintf(s->net, sizeof(s->net), "%s", net);
	}
	reply_fini(&r);
}

static bool network_of_host(const struct rundir *d, const char *host,
	char net[SHM_NAME_MAX])
{
	struct search s = { .d = d, .host = host };

	rundir_foreach(d, search_host, &s);
	if (s.n == 1) {
		snprintf(net, SHM_NAME_MAX, "%s", s.net);
		return true;
	}
	if (s.n)
		cli_error("several networks have a host %s: say which with --net",
			host);
	else
		cli_error("no network that is up has a host %s (see enchufe up)",
			host);
	return false;
}

static bool choose(const struct rundir *d, const struct join *j,
	char net[SHM_NAME_MAX])
{
	const char *bad = NULL;

	if (j->net && !rundir_name_ok(j->net))
		bad = j->net;
	else if (j->host && !rundir_name_ok(j->host))
		bad = j->host;
	if (bad) {
		cli_error("%s: not a name", bad);
		return false;
	}
	if (j->host && !j->net)
		return network_of_host(d, j->host, net);
	snprintf(net, SHM_NAME_MAX, "%s", j->net ? j->net : DEFAULT_NET);
	return true;
}

/* --- into it ------------------------------------------------------------------------ */

static int join_once(const struct rundir *d, const char *net, const char *host)
{
	static const char *const args[] = { "--default", NULL };
	bool on_demand = !strcmp(net, DEFAULT_NET);
	char started[SHM_NAME_MAX];
	int fd = rundir_connect(d, net);

	if ((fd == -ENOENT || fd == -ECONNREFUSED) && on_demand) {
		if (service_start(args, started) < 0)
			return -ECANCELED; /* it was said why */
		fd = rundir_connect(d, net);
	}
	return fd < 0 ? fd : service_join(fd, host);
}

/* Under the lock: so the default network neither leaves nor is started twice
 * meanwhile. */
static int join_network(const struct rundir *d, const char *net,
	const char *host)
{
	int err = -ECONNRESET;

	for (int i = 0; i < JOIN_TRIES && err == -ECONNRESET; i++) {
		int lock = rundir_lock(d, net, true);

		if (lock < 0)
			return lock;
		err = join_once(d, net, host);
		close(lock);
	}
	return err;
}

static void join_complain(int err, const char *net, const char *host)
{
	switch (err) {
	case -ECANCELED:
		break;
	case -ENOENT:
	case -ECONNREFUSED:
		if (host)
			cli_error("network %s is not up, or has no host %s", net,
				host);
		else
			cli_error("network %s is not up (see enchufe up)", net);
		break;
	case -EINVAL:
		cli_error("network %s has several hosts: say which with --on", net);
		break;
	case -EPROTO:
		cli_error("network %s runs another version of enchufe", net);
		break;
	case -EUSERS:
		cli_error("network %s: no room for another process", net);
		break;
	default:
		cli_error("network %s: %s", net, strerror(-err));
	}
}

/* --- the program's environment ------------------------------------------------------- */

static bool preload(const char *shim)
{
	const char *old = getenv("LD_PRELOAD");
	char *value;
	int n;

	if (strpbrk(shim, " :")) {
		cli_error("%s: the loader cannot preload from a path with a space or "
			"a colon", shim);
		return false;
	}
	if (old && strstr(old, shim))
		return true; /* run from a joined program */
	n = asprintf(&value, "%s%s%s", shim, old && *old ? ":" : "",
		old ? old : "");
	if (n < 0 || setenv("LD_PRELOAD", value, 1) < 0) {
		cli_error("%s", strerror(ENOMEM));
		return false;
	}
	free(value);
	return true;
}

static bool environment(const struct rundir *d, const char *net, const char *host)
{
	char shim[PATH_MAX], path[PATH_MAX], dir[PATH_MAX];
	int n;

	if (!where_shim(shim, sizeof(shim))) {
		cli_error("libenchufe-shim.so is not where it should be (%s)", shim);
		return false;
	}
	if (!preload(shim))
		return false;
	/* The program may change its folder. */
	if (!realpath(d->path, dir))
		snprintf(dir, sizeof(dir), "%s", d->path);
	n = snprintf(path, sizeof(path), "%s/%s.sock", dir, net);
	if (n < 0 || n >= (int)sizeof(path) ||
		setenv(SHM_ENV_SOCKET, path, 1) < 0 ||
		setenv(SHM_ENV_HOST, host ? host : "", 1) < 0) {
		cli_error("the environment has no room");
		return false;
	}
	return true;
}

static int start_capture(const struct rundir *d, const char *net,
	const struct join *j)
{
	char cwd[PATH_MAX] = "";
	char *line;
	int status;

	if (j->pcap[0] != '/' && !getcwd(cwd, sizeof(cwd))) {
		cli_error("%s: %s", j->pcap, strerror(errno));
		return CLI_FAILED;
	}
	if (asprintf(&line, "capture %s %s%s%s", j->host ? j->host : "*", cwd,
			cwd[0] ? "/" : "", j->pcap) < 0)
		return CLI_FAILED;
	status = service_order(d, net, line);
	free(line);
	return status;
}

/* --- the program ---------------------------------------------------------------------- */

/* 0, or the exit status after saying why it cannot be joined. */
static int refuse(char *const argv[])
{
	struct program_report *r = malloc(sizeof(*r));
	char why[PATH_MAX + 200];
	int status;

	if (!r)
		return 0; /* then the loader will say what it thinks */
	program_judge(r, argv, false);
	status = program_status(r);
	if (status) {
		program_explain(r, argv[0], why, sizeof(why));
		cli_error("%s", why);
	}
	free(r);
	return status;
}

int join_exec(const struct join *j, char **argv)
{
	char net[SHM_NAME_MAX];
	struct rundir d;
	int status, err;

	status = refuse(argv);
	if (status)
		return status;
	if (!cli_rundir(&d) || !choose(&d, j, net))
		return CLI_RUN_FAILED;
	err = join_network(&d, net, j->host ? j->host : "");
	if (err) {
		join_complain(err, net, j->host);
		return CLI_RUN_FAILED;
	}
	if (j->pcap && start_capture(&d, net, j))
		return CLI_RUN_FAILED;
	if (!environment(&d, net, j->host))
		return CLI_RUN_FAILED;
	execvp(argv[0], argv);
	err = errno;
	cli_error("%s: %s", argv[0], strerror(err));
	return err == ENOENT ? CLI_NOT_FOUND : CLI_NOT_RUNNABLE;
}
