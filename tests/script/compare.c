/* Expected and seen. SPDX-License-Identifier: BSD-2-Clause */
#include "compare.h"

#include <string.h>

enum { FIN = 1, PSH = 8, ACK = 16, URG = 32, CWR = 128 };

static const char *tos_differs(const struct script_packet *e,
	const struct script_packet *s)
{
	uint8_t ecn = s->tos & 3;

	if (e->ttl && e->ttl != s->ttl)
		return "the TTL";
	switch (e->tos_check) {
	case SCRIPT_TOS_ECN:
		return ecn == e->tos ? NULL : "the ECN mark";
	case SCRIPT_TOS_ECT01:
		return ecn == 1 || ecn == 2 ? NULL : "the ECN mark";
	case SCRIPT_TOS_ALL:
		return s->tos == e->tos ? NULL : "the TOS";
	default:
		return NULL;
	}
}

static bool option_same(const struct script_tcp_option *e,
	const struct script_tcp_option *s)
{
	if (e->kind != s->kind)
		return false;
	switch (e->kind) {
	case SCRIPT_OPT_NOP:
	case SCRIPT_OPT_EOL:
	case SCRIPT_OPT_SACKOK:
		return true;
	case SCRIPT_OPT_TS: /* val: by the clock, where asked for (run.c) */
		return e->b == s->b;
	case SCRIPT_OPT_SACK:
		if (e->nsack != s->nsack)
			return false;
		for (unsigned k = 0; k < e->nsack; k++)
			if (e->sack[k].left != s->sack[k].left ||
				e->sack[k].right != s->sack[k].right)
				return false;
		return true;
	default:
		return e->a == s->a && e->cookie_len == s->cookie_len &&
			!memcmp(e->cookie, s->cookie, e->cookie_len);
	}
}

static const char *options_differ(const struct script_packet *e,
	const struct script_packet *s)
{
	if (e->any_options)
		return NULL;
	if (e->noptions != s->noptions)
		return "the TCP options";
	for (unsigned k = 0; k < e->noptions; k++)
		if (!option_same(&e->options[k], &s->options[k]))
			return "the TCP options";
	return NULL;
}

static const char *tcp_differs(const struct script_packet *e,
	const struct script_packet *s, uint32_t before, bool more)
{
	uint16_t ignore = more ? FIN | PSH | CWR : 0;

	if ((e->flags & ~ignore) != (s->flags & ~ignore))
		return "the flags";
	if (s->seq != e->seq + before)
		return "the sequence number";
	if (more ? s->len >= e->len - before : s->len != e->len - before)
		return "the length";
	if ((e->flags & ACK) && e->ack != s->ack)
		return "the acknowledgement";
	if (e->window >= 0 && e->window != s->window)
		return "the window";
	if ((e->flags & URG) && e->urg != s->urg)
		return "the urgent pointer";
	return options_differ(e, s);
}

const char *packet_differs(const struct script_packet *e,
	const struct script_packet *s, uint32_t before, bool more)
{
	if (e->proto != s->proto)
		return "the protocol";
	if (e->proto == SCRIPT_ICMP)
		return strcmp(e->icmp_type, s->icmp_type) ? "the ICMP type" : NULL;
	if (e->proto == SCRIPT_UDP)
		return e->len != s->len ? "the length" : tos_differs(e, s);
	if (e->ip_options_len != s->ip_options_len ||
		memcmp(e->ip_options, s->ip_options, e->ip_options_len))
		return "the IP options";
	return tos_differs(e, s) ? tos_differs(e, s) : tcp_differs(e, s, before, more);
}
