/* What /proc/net/packet says of packet sockets. Root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "frames.h"

static int order(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Without addresses and inodes, sorted: the order is that of an address. */
static void show(void)
{
	char text[256], rows[8][64];
	FILE *f = fopen("/proc/net/packet", "r");
	unsigned ref, type, protocol, ifindex, running, unread, user;
	int n = 0;

	if (!f || !fgets(text, sizeof(text), f))
		broken("no file");
	say("%.*s", (int)strcspn(text, "\n"), text);
	while (n < 8 && fgets(text, sizeof(text), f)) {
		if (sscanf(text, "%*s %u %u %x %u %u %u %u", &ref, &type, &protocol,
				&ifindex, &running, &unread, &user) != 7)
			broken("a line that is none: %s", text);
		snprintf(rows[n++], 64, "type %u protocol %04x interface %u running %u "
			"of user %u", type, protocol, ifindex, running, user);
	}
	qsort(rows, (size_t)n, sizeof(rows[0]), order);
	for (int k = 0; k < n; k++)
		say("%s", rows[k]);
	fclose(f);
}

int main(void)
{
	int a, b;

	show();
	a = packet_on(SOCK_RAW, ETH_P_OURS, LO);
	b = packet_on(SOCK_DGRAM, ETH_P_ALL, 0);
	MUST(socket(AF_PACKET, SOCK_RAW, 0));
	show();
	close(a);
	show();
	close(b);
	return 0;
}
