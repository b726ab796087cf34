/* Packets with IP options that are wrong, and what the sender is told: a parameter
 * problem, with the place. And those of an echo request, which come back. Needs root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../options/each.h"

enum { HEADER = 20, OPTIONS = 12, TEXT = 8, ECHO = 8, ALL_BYTES = HEADER + OPTIONS + TEXT };

static uint16_t sum_of(const uint8_t *p, int n)
{
	uint32_t sum = 0;

	for (int k = 0; k < n; k += 2)
		sum += (uint32_t)p[k] << 8 | p[k + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* An echo request, or a packet of UDP's without anybody there. */
static void send_one(int fd, const uint8_t *o, int protocol, int id)
{
	static const uint8_t lo[4] = { 127, 0, 0, 1 };
	struct place to = loopback(AF_INET, 0);
	uint8_t p[ALL_BYTES] = { 0x40 | (HEADER + OPTIONS) / 4 };
	uint8_t *l4 = p + HEADER + OPTIONS;

	p[8] = 64;
	p[9] = (uint8_t)protocol;
	memcpy(p + 12, lo, 4);
	memcpy(p + 16, lo, 4);
	memcpy(p + HEADER, o, OPTIONS);
	if (protocol == IPPROTO_ICMP) {
		l4[0] = ECHO;
		l4[5] = (uint8_t)id;
		l4[2] = (uint8_t)(sum_of(l4, TEXT) >> 8);
		l4[3] = (uint8_t)sum_of(l4, TEXT);
	}
	SHOW(sendto(fd, p, sizeof(p), 0, &to.any, to.length));
}

/* The next that comes, but requests. What has no answer is passed over: one that came
 * all the same would be heard instead of the next. */
static void hear(int icmp)
{
	for (;;) {
		struct pollfd wait = { icmp, POLLIN, 0 };
		uint8_t p[256], *l4;
		int header;
		ssize_t n;

		if (poll(&wait, 1, 5000) != 1)
			broken("no answer");
		n = MUST(recv(icmp, p, sizeof(p), 0));
		header = (p[0] & 15) * 4;
		l4 = p + header;
		if (l4[0] == ECHO)
			continue;
		if (header >= HEADER + 8 && p[HEADER] == 0x44)
			for (int k = 4; k + 4 < p[HEADER + 2]; k += 4)
				memset(p + HEADER + k, 0x77, 4);
		say("  %zd bytes, options %s, type %d code %d info %02x%02x%02x%02x", n,
			each_hex(p + HEADER, (socklen_t)(header - HEADER)), l4[0], l4[1],
			l4[4], l4[5], l4[6], l4[7]);
		return;
	}
}

int main(void)
{
	static const struct {
		const char *what;
		uint8_t o[OPTIONS];
	} lists[] = {
		{ "a record", { 7, 11, 4 } },
		{ "half full", { 7, 11, 8, 1, 2, 3, 4 } },
		{ "an alert and a record", { 0x94, 4, 0, 0, 7, 7, 4 } },
		{ "times", { 0x44, 12, 5, 0 } },
		{ "of nobody's kind", { 0x1e, 4, 1, 1 } },
		{ "its pointer before the slots", { 7, 11, 3 } },
		{ "no room for a pointer", { 1, 7, 2, 4 } },
		{ "longer than there is room", { 1, 1, 7, 39, 4 } },
		{ "shorter than itself", { 0x94, 1, 0, 0 } },
		{ "two records", { 7, 3, 4, 7, 3, 4 } },
		{ "half a slot", { 7, 6, 4 } },
		{ "times, no more to count", { 0x44, 4, 5, 0xf0 } },
		{ "times, their pointer", { 0x44, 8, 4, 0 } },
		{ "a short alert", { 0x94, 3, 0 } },
		{ "a source route", { 0x83, 7, 4, 127, 0, 0, 1 } },
		{ "its pointer", { 0x83, 7, 3, 127, 0, 0, 1 } },
		{ "cut off", { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 7 } },
	};
	int raw = MUST(socket(AF_INET, SOCK_RAW, IPPROTO_RAW));
	int icmp = MUST(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));

	for (int k = 0; k < N(lists); k++) {
		/* A source route that is sound is left unsaid. */
		bool silent = lists[k].o[0] == 0x83 && lists[k].o[2] >= 4;

		say("%s", lists[k].what);
		send_one(raw, lists[k].o, IPPROTO_ICMP, k + 1);
		if (!silent)
			hear(icmp);
		send_one(raw, lists[k].o, 253, 0);
		if (!silent)
			hear(icmp);
	}
}
