/* A child allows itself nothing but to read, write and wait, as sshd's half before
 * login does, and still talks: waiting in poll, then blocking in read.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define TOTAL 3000000

static const int allowed[] = { SYS_read, SYS_write, SYS_ppoll, SYS_close, SYS_exit,
	SYS_exit_group, SYS_getpid, SYS_clock_gettime, SYS_nanosleep,
	SYS_clock_nanosleep, SYS_futex, SYS_mmap, SYS_munmap, SYS_brk,
	SYS_rt_sigprocmask, SYS_shutdown,
#ifdef SYS_poll
	SYS_poll,
#endif
};

/* Everything else kills. */
static void confine(void)
{
	enum { N = sizeof(allowed) / sizeof(allowed[0]) };
	struct sock_filter f[2 * N + 2];
	struct sock_fprog program = { .filter = f };
	struct rlimit one = { 1, 1 };
	size_t n = 0;

	f[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		offsetof(struct seccomp_data, nr));
	for (size_t k = 0; k < N; k++) {
		f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			(unsigned)allowed[k], 0, 1);
		f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
			SECCOMP_RET_ALLOW);
	}
	f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
		SECCOMP_RET_KILL_PROCESS);
	program.len = (unsigned short)n;
	MUST(setrlimit(RLIMIT_NOFILE, &one));
	MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	MUST(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

/* Everything back, each byte one greater. */
static void echo(void *argument)
{
	bool polls = ((int *)argument)[1];
	int fd = ((int *)argument)[0];
	char buf[10000];
	ssize_t n;

	confine();
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		if (polls && poll(&p, 1, LIMIT_MS) != 1)
			_exit(2);
		n = read(fd, buf, sizeof(buf));
		if (n <= 0)
			_exit(n == 0 ? 0 : 3);
		for (ssize_t k = 0; k < n; k++)
			buf[k]++;
		for (ssize_t done = 0, w; done < n; done += w) {
			w = write(fd, buf + done, (size_t)(n - done));
			if (w <= 0)
				_exit(4);
		}
	}
}

/* Sends and reads back, waiting with poll. How many bytes were right. */
static long ask(int fd)
{
	static char out[TOTAL], in[TOTAL];
	long sent = 0, got = 0, right = 0;

	memset(out, 'a', sizeof(out));
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (got < TOTAL) {
		struct pollfd p = { .fd = fd,
			.events = sent < TOTAL ? POLLIN | POLLOUT : POLLIN };
		ssize_t n;

		if (poll(&p, 1, LIMIT_MS) != 1)
			broken("nothing comes after %ld bytes", got);
		if ((n = sent < TOTAL ? write(fd, out, (size_t)(TOTAL - sent)) : 0) > 0)
			sent += n;
		if ((n = read(fd, in + got, (size_t)(TOTAL - got))) > 0)
			got += n;
		else if (n == 0)
			break;
	}
	for (long k = 0; k < got; k++)
		right += in[k] == 'b';
	return right;
}

int main(void)
{
	for (int polls = 0; polls < 2; polls++) {
		int pair[2], argument[2];
		pid_t child;

		stream_pair(AF_INET, pair);
		argument[0] = pair[1];
		argument[1] = polls;
		child = child_start(echo, argument);
		close(pair[1]);
		say("right: %ld", ask(pair[0]));
		shutdown(pair[0], SHUT_WR);
		child_say_end(polls ? "polling child" : "blocking child", child);
		close(pair[0]);
	}
	return 0;
}
