/* A watched program: it runs as a child, ends as it would have without us, and then
 * what it left in the files that it shares with us is told.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

static pid_t child; /* for the signal handler */

void *child_share(const char *variable, const char *what, char *path, size_t path_size,
	size_t size)
{
	void *p = MAP_FAILED;
	struct rundir d;
	int n, fd;

	if (!cli_rundir(&d))
		return NULL;
	n = snprintf(path, path_size, "%s/%s-XXXXXX", d.path, what);
	fd = n > 0 && (size_t)n < path_size ? mkostemp(path, O_CLOEXEC) : -1;
	if (fd >= 0 && ftruncate(fd, (off_t)size) == 0)
		p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (p == MAP_FAILED || setenv(variable, path, 1) < 0) {
		cli_error("no place for the %s in %s: %s", what, d.path,
			strerror(errno));
		return NULL;
	}
	return p;
}

static void pass_on(int sig)
{
	if (child > 0)
		kill(child, sig);
}

/* What a terminal sends to all of its group reaches the child by itself; what is
 * sent to us alone is passed on. */
static void watch_signals(void)
{
	static const int passed[] = { SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH };
	struct sigaction sa = { .sa_handler = pass_on, .sa_flags = SA_RESTART };

	for (size_t k = 0; k < sizeof(passed) / sizeof(passed[0]); k++)
		sigaction(passed[k], &sa, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
}

/* As the child ended: its status, or by its signal. */
static int end_like(int status)
{
	struct rlimit none = { 0, 0 };
	int sig;

	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	sig = WTERMSIG(status);
	setrlimit(RLIMIT_CORE, &none); /* one core is enough: the program's */
	signal(sig, SIG_DFL);
	raise(sig);
	return 128 + sig;
}

/* Until it has ended; false: there is none. */
static bool run_child(const struct join *j, char **argv, int *status)
{
	child = fork();
	if (child == 0)
		_exit(join_exec(j, argv));
	if (child < 0) {
		cli_error("%s", strerror(errno));
		return false;
	}
	watch_signals();
	while (waitpid(child, status, 0) < 0 && errno == EINTR)
		;
	child = 0;
	return true;
}

int watch_run(const struct watch_wish *w, const struct join *j, char **argv)
{
	char report_path[RUNDIR_PATH_MAX + 32] = "", trace_path[RUNDIR_PATH_MAX + 32] = "";
	struct report *r = w->report ? report_open(report_path, sizeof(report_path)) : NULL;
	struct trace *t = w->trace ? trace_open(trace_path, sizeof(trace_path)) : NULL;
	int status = 0;
	bool ran = (!w->report || r) && (!w->trace || t) && run_child(j, argv, &status);

	if (report_path[0])
		unlink(report_path);
	if (trace_path[0])
		unlink(trace_path);
	if (!ran || (r && report_tell(&w->as, r) < 0) ||
		(t && trace_tell(w->trace, t, j->host) < 0))
		return CLI_RUN_FAILED;
	return end_like(status);
}
