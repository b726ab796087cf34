/* enchufe run --report: the program runs as a child, and when it has ended what it and
 * its children asked for is told.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "shm/report.h"

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
#include "json.h"

static pid_t child; /* for the signal handler */

/* --- the file --------------------------------------------------------------------- */

/* Maps a fresh file, whose path is in the environment then. NULL: it was said why. */
static struct report *open_file(char *path, size_t size)
{
	struct report *r = MAP_FAILED;
	struct rundir d;
	int n, fd;

	if (!cli_rundir(&d))
		return NULL;
	n = snprintf(path, size, "%s/report-XXXXXX", d.path);
	fd = n > 0 && (size_t)n < size ? mkostemp(path, O_CLOEXEC) : -1;
	if (fd >= 0 && ftruncate(fd, sizeof(*r)) == 0)
		r = mmap(NULL, sizeof(*r), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (r == MAP_FAILED || setenv(SHM_ENV_REPORT, path, 1) < 0) {
		cli_error("no place for the report in %s: %s", d.path,
			strerror(errno));
		return NULL;
	}
	r->magic = REPORT_MAGIC;
	return r;
}

/* --- telling ----------------------------------------------------------------------- */

static const char *kind_name(unsigned kind)
{
	static const char *const names[] = {
		[REPORT_SOCKET] = "socket",
		[REPORT_SET] = "setsockopt",
		[REPORT_GET] = "getsockopt",
		[REPORT_FLAG] = "flag",
		[REPORT_IOCTL] = "ioctl",
		[REPORT_FCNTL] = "fcntl",
	};

	return kind >= 1 && kind < sizeof(names) / sizeof(names[0]) ? names[kind] :
		"something";
}

static const char *outcome_name(unsigned outcome)
{
	return outcome == REPORT_REFUSED ? "refused" :
		outcome == REPORT_NONE ? "no effect" : "honoured";
}

/* The entries in use: a copy each, as programs may still be writing. */
static unsigned gather(const struct report *r, struct report_entry *out)
{
	unsigned n = 0;

	for (unsigned k = 0; k < REPORT_ENTRIES; k++) {
		if (!r->entries[k].key)
			continue;
		out[n] = r->entries[k];
		out[n].label[REPORT_LABEL_MAX - 1] = 0;
		if (out[n].program < REPORT_PROGRAMS)
			n++;
	}
	return n;
}

static int compare(const void *a, const void *b)
{
	const struct report_entry *x = a, *y = b;
	int d = x->program - y->program;

	if (!d)
		d = x->kind - y->kind;
	if (!d)
		d = strcmp(x->label, y->label);
	return d ? d : x->error - y->error;
}

static const char *error_text(const struct report_entry *e, char *buf, size_t size)
{
	const char *name = strerrorname_np(e->error);

	if (name)
		return name;
	snprintf(buf, size, "errno %u", e->error);
	return buf;
}

static const char *program_name(const struct report *r, unsigned k,
	char buf[REPORT_NAME_MAX])
{
	memcpy(buf, r->programs[k].name, REPORT_NAME_MAX);
	buf[REPORT_NAME_MAX - 1] = 0;
	return buf;
}

static void tell_text(FILE *f, const struct report *r, const struct report_entry *e,
	unsigned n)
{
	char name[REPORT_NAME_MAX], buf[24], became[40];
	int program = -1;

	for (unsigned k = 0; k < n; k++) {
		if (e[k].program != program) {
			program = e[k].program;
			fprintf(f, "%s%s\n", k ? "\n" : "",
				program_name(r, (unsigned)program, name));
		}
		snprintf(became, sizeof(became), "%s%s%s", outcome_name(e[k].outcome),
			e[k].error ? " " : "",
			e[k].error ? error_text(&e[k], buf, sizeof(buf)) : "");
		fprintf(f, "  %-10s  %-36s  %-22s %8llu\n", kind_name(e[k].kind),
			e[k].label, became, (unsigned long long)e[k].count);
	}
	if (!n)
		fprintf(f, "no sockets of the virtual network were used\n");
	if (r->lost)
		fprintf(f, "%llu more had no room here\n", (unsigned long long)r->lost);
}

static void tell_entry(struct json *j, const struct report_entry *e)
{
	char buf[24];

	json_open(j, NULL, '{');
	json_text(j, "kind", kind_name(e->kind));
	json_text(j, "what", e->label);
	json_text(j, "outcome", outcome_name(e->outcome));
	json_text(j, "error", e->error ? error_text(e, buf, sizeof(buf)) : NULL);
	json_number(j, "count", (long long)e->count);
	json_close(j);
}

static void tell_json(FILE *f, const struct report *r, const struct report_entry *e,
	unsigned n)
{
	char name[REPORT_NAME_MAX];
	struct json j;
	unsigned k = 0;

	json_begin(&j, f);
	json_open(&j, "programs", '[');
	while (k < n) {
		unsigned program = e[k].program;

		json_open(&j, NULL, '{');
		json_text(&j, "program", program_name(r, program, name));
		json_open(&j, "asked", '[');
		for (; k < n && e[k].program == program; k++)
			tell_entry(&j, &e[k]);
		json_close(&j);
		json_close(&j);
	}
	json_close(&j);
	json_number(&j, "lost", (long long)r->lost);
	json_end(&j);
}

static int tell(const struct report_wish *w, const struct report *r)
{
	struct report_entry *e = malloc(REPORT_ENTRIES * sizeof(*e));
	FILE *f = w->path ? fopen(w->path, "we") : stderr;
	unsigned n;

	if (!e || !f) {
		cli_error("the report cannot be written to %s: %s",
			w->path ? w->path : "standard error", strerror(errno));
		free(e);
		return -1;
	}
	n = gather(r, e);
	qsort(e, n, sizeof(*e), compare);
	if (w->json)
		tell_json(f, r, e, n);
	else
		tell_text(f, r, e, n);
	free(e);
	return f == stderr ? fflush(f) : fclose(f);
}

/* --- the program as a child ----------------------------------------------------------- */

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

int report_run(const struct report_wish *w, const struct join *j, char **argv)
{
	char path[RUNDIR_PATH_MAX + 32];
	struct report *r = open_file(path, sizeof(path));
	int status;

	if (!r)
		return CLI_RUN_FAILED;
	child = fork();
	if (child == 0)
		_exit(join_exec(j, argv));
	if (child < 0) {
		cli_error("%s", strerror(errno));
		unlink(path);
		return CLI_RUN_FAILED;
	}
	watch_signals();
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	child = 0;
	unlink(path);
	if (tell(w, r) < 0)
		return CLI_RUN_FAILED;
	return end_like(status);
}
