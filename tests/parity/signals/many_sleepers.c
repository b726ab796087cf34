/* Several threads asleep on one socket: each byte, each connection is for one of
 * them, and the end for all.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

#define N 4

static int fd[2], l;
static _Atomic int got, ended;

static void receive(void *argument)
{
	char c;

	while (recv(fd[0], &c, 1, 0) == 1)
		got++;
	ended++;
}

static void take(void *argument)
{
	while (accept(l, NULL, NULL) >= 0)
		got++;
	ended++;
}

static void look(void *argument)
{
	struct pollfd p = { .fd = fd[0], .events = POLLRDHUP };

	if (poll(&p, 1, -1) == 1)
		ended++;
}

static void reach(int n)
{
	for (int k = 0; k < LIMIT_MS && got < n; k++)
		sleep_ms(1);
	say("got %d", got);
}

int main(void)
{
	struct thread t[N], poller;
	struct place at;

	stream_pair(AF_INET, fd);
	for (int k = 0; k < N; k++)
		thread_start(&t[k], receive, NULL);
	thread_start(&poller, look, NULL);
	for (int k = 0; k < N; k++)
		await_asleep(t[k].tid);
	await_asleep(poller.tid);
	for (int k = 1; k <= 10; k++) {
		send_x(fd[1]);
		reach(k);
	}
	MUST(close(fd[1]));
	for (int k = 0; k < N; k++)
		thread_join(&t[k]);
	thread_join(&poller);
	say("ended %d", ended);
	got = ended = 0;
	l = listener(AF_INET, 20, &at);
	for (int k = 0; k < N; k++)
		thread_start(&t[k], take, NULL);
	for (int k = 0; k < N; k++)
		await_asleep(t[k].tid);
	for (int k = 1; k <= 10; k++)
		connected_to(&at);
	reach(10);
	MUST(shutdown(l, SHUT_RD));
	for (int k = 0; k < N; k++)
		thread_join(&t[k]);
	say("ended %d", ended);
	return 0;
}
