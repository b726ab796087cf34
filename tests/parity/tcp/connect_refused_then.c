/* A socket whose connect() was refused can be used again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void go(bool nonblocking)
{
	struct place at, quiet = loopback(AF_INET, quiet_port(AF_INET, SOCK_STREAM));
	int l = listener(AF_INET, 5, &at), fd = stream_socket(AF_INET);

	say(nonblocking ? "not blocking" : "blocking");
	set_nonblocking(fd, nonblocking);
	SHOW(connect(fd, &quiet.any, quiet.length));
	say_poll_until("refused", fd, POLLHUP);
	if (nonblocking)
		SHOW(connect(fd, &quiet.any, quiet.length));
	say_names("refused", fd);
	say_poll("told", fd);
	SHOW(connect(fd, &at.any, at.length));
	say_poll_until("connected", fd, POLLOUT);
	close(accept_one(l));
	say_poll_until("closed", fd, POLLRDHUP);
	close(fd);
	close(l);
}

int main(void)
{
	go(false);
	go(true);
	return 0;
}
