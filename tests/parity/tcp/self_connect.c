/* A socket that connects to its own name is connected to itself.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void *echo(void *arg)
{
	int fd = *(int *)arg;
	char c = 0;

	sleep_ms(50);
	MUST(recv(fd, &c, 1, 0));
	c++;
	MUST(send(fd, &c, 1, 0));
	return NULL;
}

int main(void)
{
	struct place me = loopback(AF_INET, 0), peer;
	int fd = stream_socket(AF_INET);
	socklen_t len = sizeof(peer.room);
	pthread_t t;
	char c = 'a';

	MUST(bind(fd, &me.any, me.length));
	me = own_place(fd);
	SHOW(connect(fd, &me.any, me.length));
	MUST(getpeername(fd, &peer.any, &len));
	say("to itself: %d", place_port(&peer) == place_port(&me));
	SHOW(connect(fd, &me.any, me.length));
	say_poll("fresh", fd);
	send_all(fd, "hello", 5);
	say_poll_until("sent", fd, POLLIN);
	say_recv("got", fd, 0);
	say_recv("nothing", fd, 0);
	pthread_create(&t, NULL, echo, &fd);
	MUST(send(fd, &c, 1, 0));
	pthread_join(t, NULL);
	await(fd, POLLIN);
	say_recv("thread", fd, 0);
	SHOW(shutdown(fd, SHUT_WR));
	say_poll_until("shut", fd, POLLIN);
	say_recv("end", fd, 0);
	SHOW(send(fd, "x", 1, MSG_NOSIGNAL));
	SHOW(close(fd));
	return 0;
}
