/* IP_OPTIONS on streams as a raw socket sees them: in the SYN, in its answer, and in
 * each segment with text; how long these are. Needs root.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../options/each.h"

enum { HEADER = 20, FLAGS_AT = 13, SYN = 2, FIN = 1, RST = 4 };

/* A segment that was sent again: by its ports and its number. */
static bool is_known(const uint8_t *segment)
{
	static uint8_t known[64][8];
	static int n;

	for (int k = 0; k < n; k++)
		if (memcmp(known[k], segment, 8) == 0)
			return true;
	if (n == N(known))
		broken("too many segments");
	memcpy(known[n++], segment, 8);
	return false;
}

/* The next segment with a SYN, or with text. Of an option's time
 * stamp the time is not compared. */
static void hear(int raw, const char *what, bool syn)
{
	for (;;) {
		static uint8_t p[70000];
		struct pollfd wait = { raw, POLLIN, 0 };
		int n, header, tcp;
		uint8_t *o = p + HEADER;

		if (poll(&wait, 1, 5000) != 1)
			broken("no such segment: %s", what);
		n = MUST(recv(raw, p, sizeof(p), 0));
		header = (p[0] & 15) * 4;
		tcp = (p[header + 12] >> 4) * 4;
		if ((syn ? !(p[header + FLAGS_AT] & SYN) : n == header + tcp) ||
			is_known(p + header))
			continue;
		if (header >= HEADER + 8 && o[0] == 0x44)
			for (int k = 4; k + 4 < o[2]; k += 4)
				memset(o + k, 0x77, 4);
		say("  %s: %s, flags %02x, %d bytes of text", what,
			each_hex(o, (socklen_t)(header - HEADER)),
			p[header + FLAGS_AT], n - header - tcp);
		return;
	}
}

static const struct each_list lists[] = {
	{ "no operation", 3, { 1, 1, 1 } },
	{ "one slot", 7, { 7, 7, 4 } },
	{ "three slots", 15, { 7, 15, 4 } },
	{ "nine slots", 39, { 7, 39, 4 } },
	{ "router alert", 4, { 0x94, 4, 0, 0 } },
	{ "time, four", 20, { 0x44, 20, 5, 0 } },
	{ "of another host", 12, { 0x44, 12, 5, 3, 198, 51, 100, 7 } },
};

/* The options of what goes one way come out of the other end's receiver, who has put
 * himself into them. */
static void life(int raw, int l, const struct place *at, int k)
{
	int a = stream_socket(AF_INET), b, mss = 536;
	static char text[2000];

	MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS, lists[k].o, lists[k].len));
	MUST(setsockopt(a, IPPROTO_TCP, TCP_MAXSEG, &mss, sizeof(mss)));
	MUST(connect(a, &at->any, at->length));
	b = accept_one(l);
	hear(raw, "asks", true);
	hear(raw, "answer", true);
	send_all(a, "text", 4);
	recv_all(b, text, 4);
	hear(raw, "there", false);
	send_all(b, "text", 4);
	recv_all(a, text, 4);
	hear(raw, "back", false);
	MUST(setsockopt(a, IPPROTO_IP, IP_OPTIONS, NULL, 0));
	send_all(a, "none", 4);
	recv_all(b, text, 4);
	hear(raw, "without", false);
	close(a);
	close(b);
}

int main(void)
{
	int raw = MUST(socket(AF_INET, SOCK_RAW, IPPROTO_TCP)), l;
	struct place at;

	l = listener(AF_INET, 5, &at);
	for (int k = 0; k < N(lists); k++) {
		say("%s", lists[k].what);
		life(raw, l, &at, k);
	}
}
