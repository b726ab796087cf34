/* IPPROTO_TCP: keys and checkpoints, for who has not asked for them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

/* Newer than the headers of Debian 12. */
#define TCP_AO_DEL_KEY 39
#define TCP_AO_INFO 40
#define TCP_AO_GET_KEYS 41
#define TCP_AO_REPAIR 42

static void get_only(int name, const char *label)
{
	for (int room = 0; room <= 16; room += 4) {
		int fd = each_socket(0);
		unsigned char b[64];
		socklen_t n = (socklen_t)room;
		int r = getsockopt(fd, IPPROTO_TCP, name, b, &n);

		say("%s: get %d: %s, %u bytes", label, room,
			r < 0 ? error_name(errno) : "0", n);
		close(fd);
	}
}

int main(void)
{
	EACH(TCPS, IPPROTO_TCP, TCP_MD5SIG, 0, 1);
	EACH(TCPS, IPPROTO_TCP, TCP_MD5SIG_EXT, 0, 1);
	EACH(TCPS, IPPROTO_TCP, TCP_REPAIR_QUEUE, 0, 1);
	EACH(TCPS, IPPROTO_TCP, TCP_REPAIR_WINDOW, 0, 1);
	EACH(TCPS, IPPROTO_TCP, TCP_SAVED_SYN, 0, 1);
	EACH(TCPS, IPPROTO_TCP, TCP_AO_DEL_KEY, 0);
	EACH(TCPS, IPPROTO_TCP, TCP_AO_INFO, 0);
	EACH(TCPS, IPPROTO_TCP, TCP_AO_GET_KEYS, 0);
	EACH(TCPS, IPPROTO_TCP, TCP_AO_REPAIR, 0);
	get_only(TCP_REPAIR, "TCP_REPAIR");
	get_only(TCP_TIMESTAMP, "TCP_TIMESTAMP");
	get_only(TCP_ZEROCOPY_RECEIVE, "TCP_ZEROCOPY_RECEIVE");
}
