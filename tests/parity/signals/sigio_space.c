/* SIGIO when there is room again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static volatile sig_atomic_t outs;

static void hear(int sig, siginfo_t *info, void *context)
{
	if (info->si_code == POLL_OUT && (info->si_band & POLLOUT))
		outs++;
}

int main(void)
{
	int fd[2];

	handle_info(SIGRTMIN + 1, hear, 0);
	stream_pair(AF_INET, fd);
	MUST(fcntl(fd[0], F_SETOWN, getpid()));
	MUST(fcntl(fd[0], F_SETSIG, SIGRTMIN + 1));
	MUST(fcntl(fd[0], F_SETFL, O_RDWR | O_ASYNC | O_NONBLOCK));
	fill(fd[0]);
	outs = 0;
	sleep_ms(20);
	say("full: %d", outs);
	drain(fd[1]);
	for (int k = 0; k < LIMIT_MS && !outs; k++)
		sleep_ms(1);
	say("room: told %d", outs > 0);
	return 0;
}
