/* A daemon's start: listen, fork twice, a session of its own, all other descriptors
 * closed. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void serve(void *listener)
{
	int l = *(int *)listener, a;

	if (MUST(fork()))
		_exit(0);
	setsid();
	if (MUST(fork()))
		_exit(0);
	for (int fd = 3; fd < 1024; fd++) {
		if (fd != l)
			close(fd);
	}
	a = accept_one(l);
	send_all(a, "served", 6);
	_exit(0);
}

int main(void)
{
	struct place at;
	int l = listener(AF_INET, 4, &at), c, other[2];

	stream_pair(AF_INET, other);
	child_say_end("started", child_start(serve, &l));
	close(l);
	c = connected_to(&at);
	await(c, POLLRDHUP);
	say_recv("answer", c, 0);
	say_recv("then", c, 0);
	send_all(other[0], "a", 1);
	await(other[1], POLLIN);
	say_recv("what it closed lives here", other[1], 0);
	return 0;
}
