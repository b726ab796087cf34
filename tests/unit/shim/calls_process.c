/* Sockets over fork, exec, passing, and death. SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

extern char **environ;

static void fork_echo(void)
{
	char buf[10];
	int fd[2], pid;

	tcp_pair(fd);
	pid = fork();
	if (pid == 0) {
		close(fd[0]);
		_exit(read(fd[1], buf, 10) == 3 && write(fd[1], buf, 3) == 3 ?
			0 : 1);
	}
	close(fd[1]);
	WANT(write(fd[0], "uno", 3) == 3);
	WANT(read(fd[0], buf, 10) == 3);
	/* The child's was the last descriptor. */
	WANT(read(fd[0], buf, 10) == 0);
	reap(pid, 0);
}

static void fork_server(void)
{
	int port, s = listener(10, &port), pids[5];
	char buf[10];

	for (int k = 0; k < 5; k++) {
		pids[k] = fork();
		if (pids[k] == 0) {
			int c = connect_to(port);

			close(s);
			if (write(c, "q", 1) != 1 || read(c, buf, 10) != 1)
				_exit(1);
			_exit(read(c, buf, 10) == 0 ? 0 : 2);
		}
	}
	for (int k = 0; k < 5; k++) {
		int a = accept(s, NULL, NULL), pid;

		WANT(a >= 0);
		pid = fork();
		if (pid == 0)
			_exit(read(a, buf, 10) == 1 && write(a, buf, 1) == 1 ?
				0 : 1);
		close(a);
		reap(pid, 0);
	}
	for (int k = 0; k < 5; k++)
		reap(pids[k], 0);
}

static void exec_inherits(void)
{
	char num[12], buf[10];
	int fd[2], pid;

	tcp_pair(fd);
	pid = fork();
	if (pid == 0) {
		fcntl(fd[0], F_SETFD, FD_CLOEXEC);
		snprintf(num, sizeof(num), "%d", fd[1]);
		execl("/proc/self/exe", "calls", "echo-on", num, NULL);
		_exit(9);
	}
	close(fd[1]);
	WANT(write(fd[0], "hola", 4) == 4);
	WANT(read(fd[0], buf, 10) == 4);
	WANT(read(fd[0], buf, 10) == 0);
	reap(pid, 0);
}

/* As inetd: the socket is the child's standard input, its environment is bare. */
static void inetd(void)
{
	char *none[] = { NULL };
	char *argv[] = { (char *)"calls", (char *)"echo-on", (char *)"0", NULL };
	char buf[10];
	int fd[2], pid;

	tcp_pair(fd);
	pid = fork();
	if (pid == 0) {
		dup2(fd[1], 0);
		close(fd[0]);
		close(fd[1]);
		execve("/proc/self/exe", argv, none);
		_exit(9);
	}
	close(fd[1]);
	WANT(write(fd[0], "hola", 4) == 4);
	WANT(read(fd[0], buf, 10) == 4);
	reap(pid, 0);
}

static void spawn(void)
{
	char buf[4];
	int fd[2], pid;
	char *argv[] = { (char *)"true", NULL };

	tcp_pair(fd);
	for (int k = 0; k < 20; k++) {
		posix_spawn_file_actions_t fa;

		posix_spawn_file_actions_init(&fa);
		posix_spawn_file_actions_addclose(&fa, fd[0]);
		posix_spawn_file_actions_adddup2(&fa, 2, fd[1]);
		WANT(posix_spawnp(&pid, "true", &fa, NULL, argv, environ) == 0);
		posix_spawn_file_actions_destroy(&fa);
		reap(pid, 0);
		WANT(write(fd[0], "a", 1) == 1 && read(fd[1], buf, 1) == 1);
	}
	WANT(system("exec 3>&- 4>&- 5>&-; true") == 0);
	WANT(write(fd[0], "a", 1) == 1 && read(fd[1], buf, 1) == 1);
}

static void pass(void)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, c = 'p', buf[10];
	struct iovec iov = { &c, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *cm = CMSG_FIRSTHDR(&m);
	int fd[2], sv[2], pid, got;

	tcp_pair(fd);
	WANT(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	pid = fork();
	if (pid == 0) {
		close(fd[0]);
		close(fd[1]);
		WANT(recvmsg(sv[1], &m, 0) == 1);
		memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(int));
		WANT(read(got, buf, 10) == 4 && write(got, buf, 4) == 4);
		_exit(0);
	}
	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	cm->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cm), &fd[1], sizeof(int));
	WANT(sendmsg(sv[0], &m, 0) == 1);
	close(fd[1]);
	WANT(write(fd[0], "hola", 4) == 4);
	WANT(read(fd[0], buf, 10) == 4);
	WANT(read(fd[0], buf, 10) == 0);
	reap(pid, 0);
}

static void dups(void)
{
	char c;
	int fd[2], d, e;

	tcp_pair(fd);
	d = dup(fd[0]);
	e = fcntl(fd[0], F_DUPFD_CLOEXEC, 100);
	WANT(d >= 0 && e >= 100);
	close(fd[0]);
	WANT(write(d, "x", 1) == 1 && read(fd[1], &c, 1) == 1);
	WANT(dup2(e, d) == d);
	close(e);
	WANT(write(d, "x", 1) == 1 && read(fd[1], &c, 1) == 1);
	/* O_NONBLOCK is the description's. */
	e = dup(fd[1]);
	set_nonblock(e);
	WANT_ERRNO(read(fd[1], &c, 1), EAGAIN);
	WANT(syscall(SYS_close, d) == 0);
	set_nonblock(fd[1]);
	fcntl(fd[1], F_SETFL, 0);
	WANT(read(fd[1], &c, 1) == 0);
	WANT_ERRNO(read(d, &c, 1), EBADF);
}

static void closes_range(void)
{
	char c;
	int fd[2], keep[2];

	tcp_pair(fd);
	tcp_pair(keep);
	WANT(close_range((unsigned)fd[1], (unsigned)fd[1], 0) == 0);
	WANT(read(fd[0], &c, 1) == 0);
	WANT(write(keep[0], "x", 1) == 1 && read(keep[1], &c, 1) == 1);
	WANT_ERRNO(write(fd[1], "x", 1), EBADF);
}

/* The other end is killed at some moment of a busy exchange: EOF or a reset, and
 * never a hang. */
static void killed(void)
{
	static char buf[100000];

	signal(SIGPIPE, SIG_IGN);
	for (int k = 0; k < 30; k++) {
		int fd[2], pid;
		ssize_t n;

		tcp_pair(fd);
		pid = fork();
		if (pid == 0) {
			close(fd[0]);
			for (;;) {
				if (k % 3 != 0 && write(fd[1], buf, 5000) < 0)
					_exit(1);
				if (k % 3 != 1 && read(fd[1], buf, 5000) <= 0)
					_exit(1);
			}
		}
		close(fd[1]);
		if (k % 3 == 0)
			WANT(write(fd[0], buf, 1000) == 1000);
		if (k % 3 == 2)
			WANT(write(fd[0], buf, 50000) == 50000);
		usleep((useconds_t)(k * 700));
		kill(pid, SIGKILL);
		if (k % 3 == 0) {
			while ((n = write(fd[0], buf, sizeof(buf))) > 0)
				;
			WANT(errno == EPIPE || errno == ECONNRESET);
		} else {
			while ((n = read(fd[0], buf, sizeof(buf))) > 0)
				;
			WANT(n == 0 || errno == ECONNRESET);
		}
		close(fd[0]);
		reap(pid, SIGKILL);
	}
}

static void *sleep_in_read(void *arg)
{
	char c;

	return (void *)read(*(int *)arg, &c, 1);
}

/* shutdown() wakes a thread that sleeps in read(). */
static void shutdown_wakes(void)
{
	pthread_t t;
	void *r;
	int fd[2];

	tcp_pair(fd);
	WANT(pthread_create(&t, NULL, sleep_in_read, &fd[0]) == 0);
	usleep(100000);
	WANT(shutdown(fd[0], SHUT_RD) == 0);
	pthread_join(t, &r);
	WANT(r == NULL);
}

const struct call_test process_tests[] = { { "fork_echo", fork_echo },
	{ "fork_server", fork_server }, { "exec_inherits", exec_inherits },
	{ "inetd", inetd }, { "spawn", spawn }, { "pass", pass },
	{ "dups", dups }, { "closes_range", closes_range }, { "killed", killed },
	{ "shutdown_wakes", shutdown_wakes }, { 0, 0 } };
