/* The error of a refused connection is told once: by SO_ERROR, connect(),
 * send() or recv().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int refused(int family)
{
	struct place nobody = loopback(family, quiet_port(family, SOCK_STREAM));
	int s = stream_socket(family);

	set_nonblocking(s, true);
	if (connect(s, &nobody.any, nobody.length) < 0 && errno != EINPROGRESS)
		broken("connect: %s", error_name(errno));
	await(s, POLLHUP);
	return s;
}

static void look(int family)
{
	struct place nobody = loopback(family, quiet_port(family, SOCK_STREAM));
	int s = refused(family);

	say_so_error("first", s);
	say_so_error("second", s);
	say_poll("poll", s);
	SHOW(connect(s, &nobody.any, nobody.length));
	close(s);

	s = refused(family);
	SHOW(recv(s, &(char){ 0 }, 1, 0));
	SHOW(recv(s, &(char){ 0 }, 1, 0));
	say_poll("poll", s);
	SHOW(send(s, "x", 1, MSG_NOSIGNAL));
	close(s);

	s = refused(family);
	SHOW(send(s, "x", 1, MSG_NOSIGNAL));
	SHOW(send(s, "x", 1, MSG_NOSIGNAL));
	say_poll("poll", s);
	SHOW(recv(s, &(char){ 0 }, 1, 0));
	close(s);

	s = refused(family);
	say_names("names", s);
	SHOW(shutdown(s, SHUT_RDWR));
	say_poll("poll", s);
	say_so_error("still", s);
	close(s);
}

int main(void)
{
	both_families(look);
	return 0;
}
