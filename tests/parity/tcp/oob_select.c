/* select's third set is urgent data; it wakes a sleeper.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2];

static void look(const char *what, int ms)
{
	struct timeval t = { ms / 1000, ms % 1000 * 1000 };
	fd_set r, w, x;
	int n;

	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_ZERO(&x);
	FD_SET(fd[1], &r);
	FD_SET(fd[1], &x);
	n = select(fd[1] + 1, &r, &w, &x, &t);
	say("%s: %d%s%s", what, n, FD_ISSET(fd[1], &r) ? " readable" : "",
		FD_ISSET(fd[1], &x) ? " exceptional" : "");
}

static void *later(void *arg)
{
	(void)arg;
	sleep_ms(50);
	MUST(send(fd[0], "!", 1, MSG_OOB));
	return NULL;
}

int main(void)
{
	pthread_t t;

	stream_pair(AF_INET, fd);
	look("nothing", 0);
	pthread_create(&t, NULL, later, NULL);
	look("sleeping", 5000);
	pthread_join(t, NULL);
	say_recv("oob", fd[1], MSG_OOB);
	look("read", 0);
	send_all(fd[0], "x", 1);
	await(fd[1], POLLIN);
	look("data", 0);
	return 0;
}
