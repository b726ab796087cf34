/* As systemd: a listener passed as number 3 with LISTEN_FDS.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int serve(void)
{
	int one = get_option(3, SOL_SOCKET, SO_ACCEPTCONN), a;

	say("LISTEN_FDS %s, listens %d", getenv("LISTEN_FDS"), one);
	say_option("type", 3, SOL_SOCKET, SO_TYPE);
	say_option("family", 3, SOL_SOCKET, SO_DOMAIN);
	a = accept_one(3);
	send_all(a, "hello", 5);
	return 0;
}

int main(int argc, char **argv)
{
	struct place at;
	pid_t child;
	int l, c;

	if (argc > 1)
		return serve();
	l = listener(AF_INET6, 4, &at);
	fflush(stdout);
	child = MUST(fork());
	if (child == 0) {
		if (l != 3)
			dup2(l, 3);
		setenv("LISTEN_FDS", "1", 1);
		execl("/proc/self/exe", argv[0], "serve", (char *)NULL);
		_exit(1);
	}
	close(l);
	c = connected_to(&at);
	await(c, POLLIN);
	say_recv("greeting", c, 0);
	child_say_end("served", child);
	await(c, POLLRDHUP);
	say_recv("then", c, 0);
	return 0;
}
