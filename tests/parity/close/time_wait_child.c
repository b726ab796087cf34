/* A connection that a child serves: the parent's closing its copy is no end. Who is
 * killed has closed.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static struct place at;

static void again(const char *what)
{
	int l = stream_socket(AF_INET);

	SHOW_AS(what, bind(l, &at.any, at.length));
	close(l);
}

int main(void)
{
	int l = stream_socket(AF_INET), fd, peer, status;
	pid_t pid;

	at = loopback(AF_INET, quiet_port(AF_INET, SOCK_STREAM));
	MUST(bind(l, &at.any, at.length));
	MUST(listen(l, 5));
	fd = connected_to(&at);
	peer = accept_one(l);
	pid = MUST(fork());
	if (pid == 0) {
		close(fd);
		close(l);
		for (;;)
			pause();
	}
	close(peer);
	close(l);
	again("the child has it");
	kill(pid, SIGKILL);
	MUST(waitpid(pid, &status, 0));
	await(fd, POLLRDHUP);
	close(fd);
	again("the child was killed, then we closed");
	return 0;
}
