/* Several reports wait: which error is pending, what turning it off does.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	int fd = dgram_socket(AF_INET), zero = 0;
	struct place to = loopback(AF_INET, quiet_port(AF_INET, SOCK_DGRAM));
	char c;

	turn_on(fd, IPPROTO_IP, IP_RECVERR);
	SHOW(sendto(fd, "one", 3, 0, &to.any, to.length));
	SHOW(sendto(settled(fd), "two", 3, 0, &to.any, to.length));
	SHOW(sendto(settled(fd), "three", 5, 0, &to.any, to.length));
	SHOW(sendto(settled(fd), "four", 4, 0, &to.any, to.length));
	say_message(fd, MSG_ERRQUEUE, 256);
	SHOW(recv(settled(fd), &c, 1, MSG_DONTWAIT));
	SHOW(recv(settled(fd), &c, 1, MSG_DONTWAIT));
	say_message(fd, MSG_ERRQUEUE, 256);
	say_so_error("none is left", fd);
	SHOW(sendto(fd, "five", 4, 0, &to.any, to.length));
	SHOW(setsockopt(settled(fd), IPPROTO_IP, IP_RECVERR, &zero, sizeof(zero)));
	say_message(fd, MSG_ERRQUEUE, 256);
	say_so_error("turned off", fd);
	return 0;
}
