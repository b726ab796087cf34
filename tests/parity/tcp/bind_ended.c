/* bind(), connect() and listen() on a stream whose connection is over: the port that
 * the user did not name is free again, but the socket stays what it was.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void say_again(const char *what, int fd, int l)
{
	struct place any = loopback(AF_INET, 0), to = own_place(l), own;
	int other = stream_socket(AF_INET);

	say("%s", what);
	forget_ports();
	say_names("before", fd);
	SHOW(bind(fd, &any.any, any.length));
	own = own_place(fd);
	say_names("bound", fd);
	SHOW(bind(fd, &any.any, any.length));
	SHOW_AS("another's bind", bind(other, &own.any, own.length));
	SHOW(connect(fd, &to.any, to.length));
	SHOW(connect(fd, &to.any, to.length));
	SHOW(listen(fd, 5));
	SHOW(shutdown(fd, SHUT_RDWR));
	say_poll("state", fd);
	say_recv("read", fd, 0);
	SHOW(send(fd, "x", 1, MSG_NOSIGNAL));
	close(fd);
	SHOW_AS("another's bind when it is closed", bind(other, &own.any, own.length));
	close(other);
}

/* how: 0 nobody has bound it, 1 to no port, 2 to one of its own. */
static void join(int how, int fd[2], int l)
{
	struct place to = own_place(l), own = loopback(AF_INET, how == 2 ?
		quiet_port(AF_INET, SOCK_STREAM) : 0);

	fd[0] = stream_socket(AF_INET);
	if (how > 0)
		MUST(bind(fd[0], &own.any, own.length));
	MUST(connect(fd[0], &to.any, to.length));
	fd[1] = accept_one(l);
}

static void all(int how, int l)
{
	int fd[2];

	say("-- how %d", how);
	join(how, fd, l);
	reset_on_close(fd[1]);
	close(fd[1]);
	await(fd[0], POLLERR);
	say_again("reset, not told", fd[0], l);
	join(how, fd, l);
	reset_on_close(fd[1]);
	close(fd[1]);
	await(fd[0], POLLERR);
	say_recv("told", fd[0], 0);
	say_again("reset", fd[0], l);
	join(how, fd, l);
	close(fd[1]);
	await(fd[0], POLLRDHUP);
	MUST(shutdown(fd[0], SHUT_WR));
	await_closed(fd[0]);
	say_again("closed last", fd[0], l);
	join(how, fd, l);
	MUST(shutdown(fd[0], SHUT_WR));
	await(fd[1], POLLRDHUP);
	close(fd[1]);
	await_closed(fd[0]);
	say_again("closed first", fd[0], l);
	join(how, fd, l);
	reset_on_close(fd[0]);
	close(fd[0]);
	await(fd[1], POLLERR);
	say_again("accepted, reset", fd[1], l);
}

int main(void)
{
	int l = listener(AF_INET, 8, NULL);

	for (int how = 0; how < 3; how++)
		all(how, l);
	return 0;
}
