/* Each call on a closed number, on a pipe, on a file.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static struct sockaddr_in to = { .sin_family = AF_INET };

static void look(int fd)
{
	struct sockaddr_storage room;
	socklen_t length = sizeof(room);
	char b[4] = "";
	struct iovec iov = { b, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct mmsghdr mm = { .msg_hdr = m };
	int one = 1;

	SHOW(bind(fd, (void *)&to, sizeof(to)));
	SHOW(listen(fd, 1));
	SHOW(accept(fd, NULL, NULL));
	SHOW(accept4(fd, NULL, NULL, SOCK_CLOEXEC));
	SHOW(accept4(fd, NULL, NULL, 0x10));
	SHOW(connect(fd, (void *)&to, sizeof(to)));
	SHOW(getsockname(fd, (void *)&room, &length));
	SHOW(getpeername(fd, (void *)&room, &length));
	SHOW(send(fd, b, 1, MSG_NOSIGNAL));
	SHOW(sendto(fd, b, 1, 0, (void *)&to, sizeof(to)));
	SHOW(sendmsg(fd, &m, 0));
	SHOW(sendmmsg(fd, &mm, 1, 0));
	SHOW(recv(fd, b, 1, MSG_DONTWAIT));
	SHOW(recvfrom(fd, b, 1, MSG_DONTWAIT, NULL, NULL));
	SHOW(recvmsg(fd, &m, MSG_DONTWAIT));
	SHOW(recvmmsg(fd, &mm, 1, MSG_DONTWAIT, NULL));
	SHOW(shutdown(fd, SHUT_RDWR));
	SHOW(shutdown(fd, 77));
	length = sizeof(one);
	SHOW(getsockopt(fd, SOL_SOCKET, SO_TYPE, &one, &length));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one)));
}

int main(void)
{
	int p[2], closed;

	MUST(pipe(p));
	closed = MUST(dup(0));
	close(closed);
	say("-- closed");
	look(closed);
	say("-- a number of a socket that was closed");
	closed = stream_socket(AF_INET);
	close(closed);
	look(closed);
	say("-- -1");
	look(-1);
	say("-- pipe");
	look(p[0]);
	say("-- file");
	look(MUST(open("/dev/null", O_RDWR)));
	say("-- opened by path only");
	look(MUST(open("/", O_PATH)));
	return 0;
}
