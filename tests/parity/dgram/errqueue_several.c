/* Several reports wait: which error is pending, what turning it off does.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

/* poll() tells of the queue, not of the next error that is on its way. */
static int later(int fd)
{
	sleep_ms(50);
	return fd;
}

int main(void)
{
	int fd = dgram_socket(AF_INET), zero = 0;
	struct place to = loopback(AF_INET, quiet_port(AF_INET, SOCK_DGRAM));
	char c;

	turn_on(fd, IPPROTO_IP, IP_RECVERR);
	SHOW(sendto(fd, "one", 3, 0, &to.any, to.length));
	SHOW(sendto(later(fd), "two", 3, 0, &to.any, to.length));
	SHOW(sendto(later(fd), "three", 5, 0, &to.any, to.length));
	SHOW(sendto(later(fd), "four", 4, 0, &to.any, to.length));
	say_message(settled(fd, 0), MSG_ERRQUEUE, 256);
	SHOW(recv(settled(fd, POLLIN), &c, 1, MSG_DONTWAIT));
	SHOW(recv(settled(fd, POLLIN), &c, 1, MSG_DONTWAIT));
	say_message(settled(fd, 0), MSG_ERRQUEUE, 256);
	say_so_error("none is left", later(fd));
	SHOW(sendto(fd, "five", 4, 0, &to.any, to.length));
	SHOW(setsockopt(later(fd), IPPROTO_IP, IP_RECVERR, &zero, sizeof(zero)));
	say_message(settled(fd, 0), MSG_ERRQUEUE, 256);
	say_so_error("turned off", later(fd));
	return 0;
}
