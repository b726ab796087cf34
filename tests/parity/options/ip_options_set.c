/* IP_OPTIONS: which are taken, and how they are read again.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

static void read_again(int fd)
{
	static const socklen_t rooms[] = { 0, 3, 8, 40, 64 };

	for (int k = 0; k < N(rooms); k++) {
		uint8_t o[64];
		socklen_t len = rooms[k];
		int r = getsockopt(fd, IPPROTO_IP, IP_OPTIONS, o, &len);

		say("  %d: %u bytes %s", r, (unsigned)len, each_hex(o, len));
	}
}

static const struct {
	const char *what;
	socklen_t len;
	uint8_t o[40];
} lists[] = {
	{ "one no operation", 1, { 1 } },
	{ "three of them and the end", 4, { 1, 1, 1, 0 } },
	{ "bytes behind the end", 8, { 1, 0, 7, 7, 7, 7, 7, 7 } },
	{ "record of the route, one slot", 7, { 7, 7, 4, 9, 9, 9, 9 } },
	{ "two slots, the second next", 11,
		{ 7, 11, 8, 9, 9, 9, 9, 8, 8, 8, 8 } },
	{ "no slot left", 7, { 7, 7, 8, 9, 9, 9, 9 } },
	{ "no slot at all", 3, { 7, 3, 4 } },
	{ "half a slot", 6, { 7, 6, 4 } },
	{ "pointer before the slots", 7, { 7, 7, 3 } },
	{ "two records", 14, { 7, 7, 4, 0, 0, 0, 0, 7, 7, 4 } },
	{ "nine slots", 39, { 7, 39, 4 } },
	{ "time stamp", 8, { 0x44, 8, 5, 0, 1, 2, 3, 4 } },
	{ "with addresses", 12, { 0x44, 12, 5, 1, 1, 2, 3, 4, 5, 6, 7, 8 } },
	{ "without room for both", 8, { 0x44, 8, 5, 1 } },
	{ "for a given host", 12, { 0x44, 12, 5, 3, 127, 0, 0, 1, 5, 6, 7, 8 } },
	{ "time stamp, full", 4, { 0x44, 4, 5, 0 } },
	{ "full and more than full", 4, { 0x44, 4, 5, 0xf0 } },
	{ "pointer into its head", 8, { 0x44, 8, 4, 0 } },
	{ "two time stamps", 16, { 0x44, 8, 5, 0, 0, 0, 0, 0, 0x44, 8, 5 } },
	{ "router alert", 4, { 0x94, 4, 0, 0 } },
	{ "of another kind", 4, { 0x94, 4, 0, 1 } },
	{ "too short", 3, { 0x94, 3, 0 } },
	{ "alert and record", 11, { 0x94, 4, 0, 0, 7, 7, 4, 9, 9, 9, 9 } },
	{ "cut off", 2, { 1, 7 } },
	{ "CIPSO of no domain", 12, { 0x86, 10, 0, 0, 0, 1, 1, 4, 0, 0 } },
};

int main(void)
{
	int fd = each_socket(1);

	for (int k = 0; k < N(lists); k++) {
		say("%s", lists[k].what);
		SHOW(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, lists[k].o, lists[k].len));
		read_again(fd);
	}
	SHOW(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, NULL, 0));
	read_again(fd);
}
