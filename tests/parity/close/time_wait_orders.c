/* Which ways to end a connection leave TIME-WAIT at which end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static struct place at;
static int fd, peer;

static void start(void)
{
	int l = stream_socket(AF_INET);

	at = loopback(AF_INET, quiet_port(AF_INET, SOCK_STREAM));
	MUST(bind(l, &at.any, at.length));
	MUST(listen(l, 5));
	fd = connected_to(&at);
	peer = accept_one(l);
	close(l);
}

static void again(const char *what)
{
	int l = stream_socket(AF_INET);

	settle();
	SHOW_AS(what, bind(l, &at.any, at.length));
	close(l);
}

int main(void)
{
	start();
	again("both open");
	close(peer);
	again("server closed, client open");
	send(fd, "x", 1, MSG_NOSIGNAL);
	again("and the client has sent more");
	close(fd);
	start();
	send_all(fd, "abc", 3);
	await(peer, POLLIN);
	close(peer);
	again("server closed with unread data");
	close(fd);
	start();
	reset_on_close(peer);
	close(peer);
	again("server reset");
	close(fd);
	start();
	reset_on_close(fd);
	close(fd);
	again("client reset, server open");
	close(peer);
	again("and closed");
	start();
	shutdown(peer, SHUT_WR);
	await(fd, POLLRDHUP);
	close(fd);
	again("server shut, client closed");
	close(peer);
	again("then the server closed");
	start();
	shutdown(fd, SHUT_WR);
	await(peer, POLLRDHUP);
	shutdown(peer, SHUT_WR);
	await(fd, POLLHUP);
	close(fd);
	again("client shut first, then the server");
	close(peer);
	again("and closed");
	start();
	close(peer);
	await(fd, POLLRDHUP);
	send_all(fd, "x", 1);
	await(fd, POLLHUP);
	close(fd);
	again("client wrote to a closed server");
	start();
	shutdown(peer, SHUT_WR);
	await(fd, POLLRDHUP);
	reset_on_close(fd);
	close(fd);
	await(peer, POLLHUP);
	close(peer);
	again("server shut, client reset");
	return 0;
}
