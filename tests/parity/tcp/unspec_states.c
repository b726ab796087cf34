/* connect(AF_UNSPEC) in each state, and what the socket can do afterwards.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static const struct sockaddr none = { .sa_family = AF_UNSPEC };

static void afterwards(int fd)
{
	struct place any = loopback(AF_INET, 0);

	say_names("names", fd);
	SHOW(bind(fd, &any.any, any.length));
	SHOW(listen(fd, 1));
	close(fd);
}

int main(void)
{
	int p[2], fd;

	say("fresh");
	fd = stream_socket(AF_INET);
	SHOW(connect(fd, &none, sizeof(none)));
	SHOW(connect(fd, &none, 1));
	afterwards(fd);
	say("listening");
	fd = listener(AF_INET, 1, NULL);
	SHOW(connect(fd, &none, sizeof(none)));
	say_option("listens", fd, SOL_SOCKET, SO_ACCEPTCONN);
	say_poll("now", fd);
	afterwards(fd);
	say("we have shut");
	stream_pair(AF_INET, p);
	shutdown(p[0], SHUT_WR);
	SHOW(connect(p[0], &none, sizeof(none)));
	say_so_error("ours", p[0]);
	await(p[1], POLLRDHUP);
	say_recv("theirs", p[1], 0);
	afterwards(p[0]);
	close(p[1]);
	say("they have shut");
	stream_pair(AF_INET, p);
	shutdown(p[1], SHUT_WR);
	await(p[0], POLLRDHUP);
	SHOW(connect(p[0], &none, sizeof(none)));
	await(p[1], POLLHUP);
	say_so_error("ours", p[0]);
	say_so_error("theirs", p[1]);
	afterwards(p[0]);
	close(p[1]);
	say("reset by them");
	stream_pair(AF_INET, p);
	reset_on_close(p[1]);
	close(p[1]);
	await(p[0], POLLERR);
	SHOW(connect(p[0], &none, sizeof(none)));
	say_so_error("ours", p[0]);
	afterwards(p[0]);
	return 0;
}
