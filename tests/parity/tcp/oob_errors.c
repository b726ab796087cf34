/* MSG_OOB where there is no stream to carry it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	char c;
	int fd = stream_socket(AF_INET), l = listener(AF_INET, 1, NULL);

	signal(SIGPIPE, SIG_IGN);
	SHOW_AS("fresh: recv", recv(fd, &c, 1, MSG_OOB));
	SHOW_AS("fresh: send", send(fd, "x", 1, MSG_OOB));
	SHOW_AS("listener: recv", recv(l, &c, 1, MSG_OOB));
	SHOW_AS("listener: send", send(l, "x", 1, MSG_OOB));
	fd = dgram_bound(AF_INET, NULL);
	SHOW_AS("datagram: send", send(fd, "x", 1, MSG_OOB));
	SHOW_AS("datagram: recv", recv(fd, &c, 1, MSG_OOB | MSG_DONTWAIT));
	return 0;
}
