/* ppoll, pselect, epoll_pwait: a signal that the mask lets in ends the wait, even
 * if it was pending; who has something ready does not hear of it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static sigset_t none, usr1;
static struct pollfd p;
static int fd[2], ep;

static void each(int timeout_ms)
{
	struct timespec t = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };
	struct epoll_event ev;
	sigset_t pending;
	fd_set r;

	for (int k = 0; k < 3; k++) {
		handled = 0;
		raise(SIGUSR1);
		FD_ZERO(&r);
		FD_SET(fd[0], &r);
		if (k == 0)
			SHOW(ppoll(&p, 1, &t, &none));
		else if (k == 1)
			SHOW(pselect(FD_SETSIZE, &r, NULL, NULL, &t, &none));
		else
			SHOW(epoll_pwait(ep, &ev, 1, timeout_ms, &none));
		sigpending(&pending);
		say("handled %d, pending %d", handled == SIGUSR1,
			sigismember(&pending, SIGUSR1));
		pthread_sigmask(SIG_UNBLOCK, &usr1, NULL);
		pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	}
}

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	sigset_t now;

	sigemptyset(&none);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	stream_pair(AF_INET, fd);
	p = (struct pollfd){ .fd = fd[0], .events = POLLIN };
	ep = MUST(epoll_create1(0));
	MUST(epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &ev));
	handle(SIGUSR1, on_signal, SA_RESTART);
	pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	say("nothing there, 3 s");
	each(3000);
	say("nothing there, no wait");
	each(0);
	send_x(fd[1]);
	await(fd[0], POLLIN);
	say("a byte there");
	each(3000);
	pthread_sigmask(SIG_SETMASK, NULL, &now);
	say("blocked after all: %d", sigismember(&now, SIGUSR1));
	return 0;
}
