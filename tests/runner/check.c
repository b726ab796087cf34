/* The test runner. For each test in order:
 *
 *	runner --fork--> leader of a new process group: notes its open
 *	  |              descriptors, runs the test, looks for new ones, exits
 *	  | waits on a pidfd for at most the test's seconds
 *	  | kills the group, then whatever else became its own child
 *	  v
 *	"ok" / "not ok", from the exit status and one page of shared memory
 *
 * The shared page makes two things certain that an exit status cannot: a CHECK
 * that fails in a child of the test counts although the test forgot to look,
 * and a test that calls exit(0) half-way is not taken for one that passed.
 *
 * While a test runs its standard output is the runner's standard error, so
 * that programs it starts cannot write into the TAP stream; diagnostics go to
 * a copy of the real one.
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_SKIPPED = 77,
	TAP_FD_MIN = 200, /* our copy of stdout keeps out of the low numbers */
	FD_MAX = 65536,	  /* descriptors above are not checked */
};

/* What the processes of one test tell the runner. */
struct report {
	volatile int failed;	/* a CHECK failed, in whatever process */
	volatile int finished;	/* the test function returned */
	volatile int cleared;	/* no descriptor leaked */
	char skipped[200];	/* why, or empty */
};

static struct check_test *first, **last = &first;
static struct report *report;
static int tap_fd = STDOUT_FILENO;
static volatile pid_t group; /* of the test under way, for the signal handler */
int check_main_anchor;

void check_register(struct check_test *t)
{
	*last = t;
	last = &t->next;
}

static void diag_v(const char *prefix, const char *fmt, va_list ap)
{
	char line[2048];
	size_t n;
	int m;

	n = (size_t)snprintf(line, sizeof(line), "# %s", prefix);
	m = vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
	n = m < 0 ? n : n + (size_t)m;
	if (n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	/* One line each: a value with a newline must not forge a result. */
	for (size_t i = 0; i < n; i++)
		if (line[i] == '\n')
			line[i] = ' ';
	line[n] = '\n';
	if (write(tap_fd, line, n + 1) < 0)
		(void)!write(STDERR_FILENO, line, n + 1);
}

__attribute__((format(printf, 1, 2))) static void diag(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_v("", fmt, ap);
	va_end(ap);
}

void check_failed(const char *file, int line, const char *fmt, ...)
{
	char where[PATH_MAX];
	va_list ap;

	snprintf(where, sizeof(where), "%s:%d: ", file, line);
	va_start(ap, fmt);
	diag_v(where, fmt, ap);
	va_end(ap);
	if (report)
		report->failed = 1;
	_exit(EXIT_FAILED);
}

void check_skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (report)
		vsnprintf(report->skipped, sizeof(report->skipped), fmt, ap);
	else
		diag_v("skipped: ", fmt, ap);
	va_end(ap);
	_exit(EXIT_SKIPPED);
}

void check_mem(const char *file, int line, const char *what, const void *got,
	const void *want, size_t len)
{
	const unsigned char *g = got, *w = want;

	for (size_t i = 0; i < len; i++)
		if (g[i] != w[i])
			check_failed(file, line, "%s differs at byte %zu of %zu: "
				"%02x, wanted %02x", what, i, len, g[i], w[i]);
}

void check_str(const char *file, int line, const char *what, const char *got,
	const char *want)
{
	if (strcmp(got, want) != 0)
		check_failed(file, line, "%s is \"%s\", wanted \"%s\"", what, got,
			want);
}

/* Marks the open descriptors of this process in the set, or, when a set of
 * earlier ones is given, reports those that are not in it. Returns how many
 * it marked or reported. */
static int descriptors_scan(unsigned char *mark, const unsigned char *earlier)
{
	char link[64], to[256];
	struct dirent *e;
	int count = 0;
	DIR *d;

	d = opendir("/proc/self/fd");
	if (!d)
		return 0;
	while ((e = readdir(d))) {
		int fd = atoi(e->d_name);
		ssize_t n;

		if (e->d_name[0] == '.' || fd == dirfd(d) || fd >= FD_MAX)
			continue;
		if (mark)
			mark[fd] = 1;
		if (earlier && earlier[fd])
			continue;
		count++;
		if (!earlier)
			continue;
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, to, sizeof(to) - 1);
		to[n < 0 ? 0 : n] = '\0';
		diag("the test left descriptor %d open: %s", fd, to);
	}
	closedir(d);
	return count;
}

static void leader_main(const struct check_test *t)
	__attribute__((noreturn));

/* The process of one test. */
static void leader_main(const struct check_test *t)
{
	static unsigned char open_before[FD_MAX];
	pid_t self = getpid();

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	descriptors_scan(open_before, NULL);

	t->fn();

	fflush(stdout);
	if (getpid() != self) {
		diag("a child of the test returned from it");
		report->failed = 1;
		_exit(EXIT_FAILED);
	}
	report->finished = 1;
	report->cleared = descriptors_scan(NULL, open_before) == 0;
	exit(0); /* not _exit: the leak sanitizer looks at exit */
}

/* Kills and reaps every child of this process: those that left their group by
 * setsid came to us when their parent died, as we are a subreaper. */
static void orphans_kill(void)
{
	char path[64], line[4096];

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	for (;;) {
		FILE *f = fopen(path, "re");
		char *p = line;
		size_t n;

		n = f ? fread(line, 1, sizeof(line) - 1, f) : 0;
		if (f)
			fclose(f);
		line[n] = '\0';
		for (long pid; (pid = strtol(p, &p, 10)) > 0;)
			kill((pid_t)pid, SIGKILL);
		if (waitpid(-1, NULL, f ? 0 : WNOHANG) <= 0)
			return;
	}
}

/* True when the process ended by itself within the limit. */
static bool leader_wait(pid_t pid, unsigned timeout_s)
{
	struct pollfd p = { .events = POLLIN };
	int r;

	p.fd = pidfd_open(pid, 0);
	if (p.fd < 0) {
		diag("pidfd_open: %s; no time limit", strerror(errno));
		return true;
	}
	do
		r = poll(&p, 1, (int)timeout_s * 1000);
	while (r < 0 && errno == EINTR);
	close(p.fd);
	return r != 0;
}

/* Returns 0 passed, EXIT_SKIPPED or EXIT_FAILED. */
static int verdict(const struct check_test *t, int status, bool in_time)
{
	if (!in_time) {
		diag("time limit of %u s reached, killed", t->timeout_s);
		return EXIT_FAILED;
	}
	if (WIFSIGNALED(status)) {
		diag("killed by signal %d (%s)", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
		return EXIT_FAILED;
	}
	if (report->failed)
		return EXIT_FAILED;
	if (WEXITSTATUS(status) == EXIT_SKIPPED && report->skipped[0])
		return EXIT_SKIPPED;
	if (WEXITSTATUS(status) != 0) {
		diag("exit status %d", WEXITSTATUS(status));
		return EXIT_FAILED;
	}
	if (!report->finished) {
		diag("the test called exit(0) before its end");
		return EXIT_FAILED;
	}
	return report->cleared ? 0 : EXIT_FAILED;
}

static int run_forked(const struct check_test *t)
{
	bool in_time;
	int status;
	pid_t pid;

	memset(report, 0, sizeof(*report));
	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		diag("fork: %s", strerror(errno));
		return EXIT_FAILED;
	}
	if (pid == 0)
		leader_main(t);
	setpgid(pid, pid); /* here too: either may come first */
	group = pid;
	in_time = leader_wait(pid, t->timeout_s);
	/* The leader, unreaped, still holds the number of its group. */
	kill(-pid, SIGKILL);
	group = 0;
	waitpid(pid, &status, 0);
	orphans_kill();
	return verdict(t, status, in_time);
}

static void on_signal(int sig)
{
	if (group > 0)
		kill(-group, SIGKILL);
	signal(sig, SIG_DFL);
	raise(sig);
}

/* Whether a test's name is among the arguments: a name, or a prefix and "*". */
static bool selected(const char *name, char **args)
{
	if (!*args)
		return true;
	for (; *args; args++) {
		size_t n = strlen(*args);

		if (strcmp(*args, name) == 0)
			return true;
		if (n > 0 && (*args)[n - 1] == '*' &&
			strncmp(*args, name, n - 1) == 0)
			return true;
	}
	return false;
}

static void runner_init(void)
{
	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	tap_fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, TAP_FD_MIN);
	if (report == MAP_FAILED || tap_fd < 0) {
		printf("Bail out! %s\n", strerror(errno));
		exit(EXIT_FAILED);
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
}

static int run_selected(char **args, bool in_process)
{
	int n = 0, failed = 0, r;

	if (!in_process)
		runner_init();
	printf("TAP version 13\n");
	for (struct check_test *t = first; t; t = t->next) {
		if (!selected(t->name, args))
			continue;
		if (in_process) {
			t->fn();
			r = 0;
		} else {
			r = run_forked(t);
		}
		printf("%sok %d - %s", r == EXIT_FAILED ? "not " : "", ++n,
			t->name);
		if (r == EXIT_SKIPPED)
			printf(" # SKIP %s", report->skipped);
		printf("\n");
		failed += r == EXIT_FAILED;
	}
	if (n == 0) {
		printf("Bail out! no test of that name\n");
		return EXIT_USAGE;
	}
	printf("1..%d\n", n);
	return failed ? EXIT_FAILED : 0;
}

int main(int argc, char **argv)
{
	bool in_process = false;
	int opt;

	while ((opt = getopt(argc, argv, "ln")) != -1) {
		switch (opt) {
		case 'l':
			for (struct check_test *t = first; t; t = t->next)
				printf("%s\n", t->name);
			return 0;
		case 'n':
			in_process = true;
			break;
		default:
			fprintf(stderr, "usage: %s [-l] [-n] [NAME|PREFIX*]...\n",
				argv[0]);
			return EXIT_USAGE;
		}
	}
	return run_selected(argv + optind, in_process);
}
