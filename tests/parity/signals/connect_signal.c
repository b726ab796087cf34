/* A blocked connect and a signal: it goes on by itself.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

int main(void)
{
	struct signaller s;
	struct place at;
	struct pollfd p;
	int l = listener(AF_INET, 0, &at), in[8], fd, n = 0;

	/* Until the queue is full: then connecting takes time. */
	for (; n < 8; n++) {
		in[n] = stream_socket(AF_INET);
		set_nonblocking(in[n], true);
		connect(in[n], &at.any, at.length);
		p = (struct pollfd){ .fd = in[n], .events = POLLOUT };
		settle();
		if (poll(&p, 1, 0) == 0)
			break;
	}
	say("full: %d", n < 8);
	handle(SIGUSR1, on_signal, 0);
	fd = stream_socket(AF_INET);
	signal_me(&s, SIGUSR1, NULL, 0);
	SHOW(connect(fd, &at.any, at.length));
	thread_join(&s.t);
	set_nonblocking(fd, true);
	SHOW(connect(fd, &at.any, at.length));
	set_nonblocking(l, true);
	p = (struct pollfd){ .fd = fd, .events = POLLOUT };
	for (int k = 0; k < LIMIT_MS / 20 && poll(&p, 1, 20) == 0; k++)
		accept(l, NULL, NULL);
	await(fd, POLLOUT);
	say_so_error("fd", fd);
	SHOW(connect(fd, &at.any, at.length));
	SHOW(connect(fd, &at.any, at.length));
	return 0;
}
