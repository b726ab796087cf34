/* connect() again: once 0 after a non-blocking one came through, then EISCONN.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	struct place at, other;
	int l = listener(AF_INET, 5, &at), fd = stream_socket(AF_INET);
	int l2 = listener(AF_INET, 5, &other);

	set_nonblocking(fd, true);
	SHOW(connect(fd, &at.any, at.length));
	await(fd, POLLOUT);
	SHOW(connect(fd, &at.any, at.length));
	SHOW(connect(fd, &at.any, at.length));
	SHOW(connect(fd, &other.any, other.length));
	close(accept_one(l));
	await(fd, POLLRDHUP);
	SHOW(connect(fd, &at.any, at.length));
	close(fd);
	fd = stream_socket(AF_INET);
	SHOW(connect(fd, &at.any, at.length));
	SHOW(connect(fd, &at.any, at.length));
	close(fd);
	fd = stream_socket(AF_INET);
	set_nonblocking(fd, true);
	SHOW(connect(fd, &at.any, at.length));
	await(fd, POLLOUT);
	say_so_error("told by SO_ERROR", fd);
	SHOW(connect(fd, &at.any, at.length));
	SHOW(connect(fd, &at.any, at.length));
	close(l);
	close(l2);
	return 0;
}
