/* Threads and children of parity programs. SPDX-License-Identifier: BSD-2-Clause */
#include <sys/syscall.h>

#include "say.h"

#define STEP_MS 2
#define LOOKS 15 /* in a row at which a sleeper sleeps */

static void *thread_main(void *argument)
{
	struct thread *t = argument;

	t->tid = syscall(SYS_gettid);
	t->function(t->argument);
	return NULL;
}

void thread_start(struct thread *t, void (*function)(void *), void *argument)
{
	*t = (struct thread){ .function = function, .argument = argument };
	if (pthread_create(&t->thread, NULL, thread_main, t))
		broken("no thread");
	for (int ms = 0; !t->tid; ms += STEP_MS) {
		if (ms > LIMIT_MS)
			broken("the thread does not run");
		sleep_ms(STEP_MS);
	}
}

bool thread_ends(struct thread *t, int ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	return pthread_timedjoin_np(t->thread, NULL, &until) == 0;
}

void thread_join(struct thread *t)
{
	if (!thread_ends(t, LIMIT_MS))
		broken("the thread does not end");
}

pid_t child_start(void (*function)(void *), void *argument)
{
	pid_t pid;

	fflush(stdout);
	pid = MUST(fork());
	if (pid)
		return pid;
	function(argument);
	fflush(stdout);
	_exit(0);
}

void child_say_end(const char *what, pid_t child)
{
	int status = 0;

	for (int ms = 0; MUST(waitpid(child, &status, WNOHANG)) == 0; ms += STEP_MS) {
		if (ms > LIMIT_MS) {
			kill(child, SIGKILL);
			broken("%s: the child does not end", what);
		}
		sleep_ms(STEP_MS);
	}
	if (WIFSIGNALED(status))
		say("%s: killed by %s", what, signal_name(WTERMSIG(status)));
	else
		say("%s: exit %d", what, WEXITSTATUS(status));
}

/* Its state's letter, '?' when there is no such thread. */
static char state_of(pid_t tid)
{
	char path[64], line[512], *end;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return '?';
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	line[n > 0 ? n : 0] = 0;
	end = strrchr(line, ')');
	return end && end[1] ? end[2] : '?';
}

void await_asleep(pid_t tid)
{
	int asleep = 0;

	for (int ms = 0; asleep < LOOKS; ms += STEP_MS) {
		if (ms > LIMIT_MS)
			broken("the other never sleeps");
		asleep = state_of(tid) == 'S' ? asleep + 1 : 0;
		sleep_ms(STEP_MS);
	}
}

const char *signal_name(int signal)
{
	static _Thread_local char text[16];
	const char *name = sigabbrev_np(signal);

	if (name)
		snprintf(text, sizeof(text), "SIG%s", name);
	else
		snprintf(text, sizeof(text), "signal %d", signal);
	return text;
}
