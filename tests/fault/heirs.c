/* Heirs of epoll sets: a parent dies as soon as it has forked, at once or after it
 * has closed its own set; or turns into another program while its child is born.
 * Whoever is left must get the events, and the set must end with the last.
 * An ordinary program. usage: heirs ROUNDS
 * SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum way { DIES, CLOSES, EXECUTES, WAYS };

static void must(long r, const char *what)
{
	if (r >= 0)
		return;
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static void make_pair(int fd[2])
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sa);
	int l = socket(AF_INET, SOCK_STREAM, 0);

	must(l, "socket");
	must(bind(l, (struct sockaddr *)&sa, sizeof(sa)), "bind");
	must(listen(l, 4), "listen");
	must(getsockname(l, (struct sockaddr *)&sa, &len), "getsockname");
	fd[0] = socket(AF_INET, SOCK_STREAM, 0);
	must(connect(fd[0], (struct sockaddr *)&sa, sizeof(sa)), "connect");
	fd[1] = accept(l, NULL, NULL);
	must(fd[1], "accept");
	close(l);
}

/* The event comes, once for each byte. 'y' or 'n' to the judge. */
static void inherit(int ep, const int fd[2], int judge)
{
	struct epoll_event ev = { 0 };
	char c = 'n';

	for (int k = 0; k < 3; k++) {
		must(send(fd[1], "x", 1, 0), "send");
		if (epoll_wait(ep, &ev, 1, 5000) != 1 || ev.data.u32 != 77 ||
			recv(fd[0], &c, 1, MSG_DONTWAIT) != 1)
			break;
		c = k == 2 ? 'y' : 'n';
	}
	must(write(judge, &c, 1), "write");
	_exit(0);
}

static void ancestor(enum way way, int judge)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = 77 };
	int fd[2], ep = epoll_create1(0);
	char text[4][12];
	pid_t child;

	make_pair(fd);
	must(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &ev), "add");
	child = fork();
	must(child, "fork");
	if (child == 0 && way == EXECUTES)
		_exit(0);
	if (child == 0)
		inherit(ep, fd, judge);
	if (way == DIES)
		kill(getpid(), SIGKILL);
	if (way == CLOSES) {
		close(fd[0]);
		close(ep);
		close(fd[1]);
		_exit(0);
	}
	snprintf(text[0], sizeof(text[0]), "%d", ep);
	snprintf(text[1], sizeof(text[1]), "%d", fd[0]);
	snprintf(text[2], sizeof(text[2]), "%d", fd[1]);
	snprintf(text[3], sizeof(text[3]), "%d", judge);
	execl("/proc/self/exe", "heirs", text[0], text[1], text[2], text[3],
		(char *)NULL);
	_exit(1);
}

static int round_of(enum way way)
{
	int pipes[2];
	char verdict = 'n';
	pid_t pid;

	must(pipe(pipes), "pipe");
	fflush(stdout);
	pid = fork();
	must(pid, "fork");
	if (pid == 0) {
		close(pipes[0]);
		ancestor(way, pipes[1]);
	}
	close(pipes[1]);
	waitpid(pid, NULL, 0);
	if (read(pipes[0], &verdict, 1) != 1)
		verdict = 'e';
	close(pipes[0]);
	return verdict;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 1;

	if (argc == 5) {
		int fd[2] = { atoi(argv[2]), atoi(argv[3]) };

		inherit(rounds, fd, atoi(argv[4]));
	}
	for (int k = 0; k < rounds * WAYS; k++) {
		int verdict = round_of((enum way)(k % WAYS));

		if (verdict != 'y') {
			printf("round %d, way %d: %c\n", k, k % WAYS, verdict);
			return 1;
		}
	}
	printf("done\n");
	return 0;
}
