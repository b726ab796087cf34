/* getsockopt() and setsockopt() without a value or a length: whose errno it is, that
 * of the address or that of the option.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "each.h"

static const int levels[] = { SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP,
	IPPROTO_UDP, IPPROTO_ICMP, 255, 263 };
static const int names[] = { 2, 9, 16, 30, 1000 };

static void told(const char *what, const char *how, int r)
{
	say("%s %s: %s", what, how, r < 0 ? error_name(errno) : "0");
}

static void look(int k, int level, int name)
{
	socklen_t minus = (socklen_t)-1, four = 4;
	int fd = each_socket(k), v = 0;
	char what[64];

	snprintf(what, sizeof(what), "%s %d/%d", each_kinds[k].name, level, name);
	told(what, "set NULL", setsockopt(fd, level, name, NULL, 4));
	told(what, "set NULL, 0", setsockopt(fd, level, name, NULL, 0));
	told(what, "set -1", setsockopt(fd, level, name, &v, minus));
	told(what, "get NULL", getsockopt(fd, level, name, NULL, &four));
	if (level != IPPROTO_IPV6)
		told(what, "get -1", getsockopt(fd, level, name, &v, &minus));
	close(fd);
}

int main(void)
{
	for (int k = 0; k < N(each_kinds); k++) {
		for (int l = 0; l < N(levels); l++) {
			for (int n = 0; n < N(names); n++)
				look(k, levels[l], names[n]);
		}
	}
}
