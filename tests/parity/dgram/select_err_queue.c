/* SO_SELECT_ERR_QUEUE: POLLPRI beside POLLERR.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	int fd = dgram_socket(AF_INET);
	struct place to = loopback(AF_INET, quiet_port(AF_INET, SOCK_DGRAM));

	say_option("by default", fd, SOL_SOCKET, SO_SELECT_ERR_QUEUE);
	turn_on(fd, IPPROTO_IP, IP_RECVERR);
	SHOW(sendto(fd, "x", 1, 0, &to.any, to.length));
	say_poll("without", fd);
	turn_on(fd, SOL_SOCKET, SO_SELECT_ERR_QUEUE);
	say_poll("with", fd);
	return 0;
}
