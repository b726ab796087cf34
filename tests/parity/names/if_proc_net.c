/* Files of /proc/net: their shape, and lo in them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void show(const char *path, const char *with)
{
	FILE *f = fopen(path, "r");
	char line[512];

	say("%s", path);
	if (!f) {
		say("  %s", error_name(errno));
		return;
	}
	while (fgets(line, sizeof(line), f)) {
		if (strstr(line, with))
			say("  [%s]", line);
	}
	fclose(f);
}

int main(void)
{
	int udp = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(9999),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char line[512];
	FILE *f;

	show("/proc/net/dev", "face");
	show("/proc/net/if_inet6", " lo");
	show("/proc/net/route", "Iface");
	show("/proc/net/arp", "address");
	show("/proc/net/tcp", "inode");
	show("/proc/net/tcp6", "inode");
	show("/proc/net/udp", "inode");
	show("/proc/net/raw", "inode");
	MUST(bind(udp, (void *)&at, sizeof(at)));
	f = fopen("/proc/self/net/udp", "r");
	while (f && fgets(line, sizeof(line), f)) {
		char *at_port = strstr(line, "0100007F:270F");

		if (at_port)
			say("bound: %.50s", at_port);
	}
	return 0;
}
