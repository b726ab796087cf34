/* Packets of a script. SPDX-License-Identifier: BSD-2-Clause */
#include "parse.h"

#include <ctype.h>
#include <string.h>

/* --- the network's header --------------------------------------------------- */

/* Not packetdrill's: the bytes of IPv4 options, as in [ipopt 94040000]. */
static void read_ip_options(struct reader *r, struct script_packet *p)
{
	p->ip_options_len = read_hex(r, p->ip_options, SCRIPT_IP_OPTIONS);
	if (!r->failed && (p->ip_options_len == 0 || p->ip_options_len % 4))
		read_fail(r, "IP options fill words of four bytes, %u do not",
			p->ip_options_len);
}

static void read_ip(struct reader *r, struct script_packet *p)
{
	static const struct {
		const char *name;
		enum script_tos check;
		uint8_t tos;
	} marks[] = {
		{ "noecn", SCRIPT_TOS_ECN, 0 }, { "ect0", SCRIPT_TOS_ECN, 2 },
		{ "ect1", SCRIPT_TOS_ECN, 1 }, { "ce", SCRIPT_TOS_ECN, 3 },
		{ "ect01", SCRIPT_TOS_ECT01, 0 },
	};
	const char *close = read_is(r, "[") ? "]" : read_is(r, "(") ? ")" : NULL;

	if (!close)
		return;
	do {
		unsigned k = 0;

		if (read_is(r, "tos")) {
			p->tos_check = SCRIPT_TOS_ALL;
			p->tos = (uint8_t)read_number(r, 0, 255);
			continue;
		}
		if (read_is(r, "ttl")) {
			p->ttl = (uint8_t)read_number(r, 1, 255);
			continue;
		}
		if (read_is(r, "ipopt")) {
			read_ip_options(r, p);
			continue;
		}
		while (k < 5 && !read_is(r, marks[k].name))
			k++;
		if (k == 5)
			return read_fail(r, "unknown mark of the network header: "
				"noecn, ect0, ect1, ect01, ce, tos, ttl or ipopt");
		p->tos_check = marks[k].check;
		p->tos = marks[k].tos;
	} while (read_is(r, ","));
	read_want(r, close);
}

static void read_ports(struct reader *r, struct script_packet *p)
{
	const char *at = r->p;
	unsigned line = r->line;
	int64_t port;

	if (!read_peek_number(r))
		return;
	port = read_number(r, 0, UINT32_MAX);
	if (!read_is(r, ">")) { /* it was a sequence number */
		r->p = at;
		r->line = line;
		return;
	}
	if (port > UINT16_MAX)
		return read_fail(r, "%lld is no port", (long long)port);
	p->sport = (uint16_t)port;
	p->dport = (uint16_t)read_number(r, 0, UINT16_MAX);
}

/* --- TCP ---------------------------------------------------------------------- */

static void read_flags(struct reader *r, struct script_packet *p)
{
	static const char letters[] = "FSRP.UEWA";
	const char *from;

	read_space(r);
	for (from = r->p; *r->p && !isspace((unsigned char)*r->p); r->p++) {
		const char *at = strchr(letters, *r->p);

		if (*r->p == '-')
			continue;
		if (isdigit((unsigned char)*r->p)) /* ACE, as a number */
			p->flags |= (uint16_t)((*r->p - '0') << 6);
		else if (at)
			p->flags |= (uint16_t)(1 << (at - letters));
		else
			return read_fail(r, "'%c' is no TCP flag; there are %s and -",
				*r->p, letters);
	}
	if (r->p == from)
		read_fail(r, "expected TCP flags");
}

static void read_seq(struct reader *r, struct script_packet *p)
{
	uint32_t end;

	p->seq = (uint32_t)read_number(r, 0, UINT32_MAX);
	read_want(r, ":");
	end = (uint32_t)read_number(r, 0, UINT32_MAX);
	read_want(r, "(");
	p->len = (uint16_t)read_number(r, 0, UINT16_MAX);
	read_want(r, ")");
	if (!r->failed && end != p->seq + p->len)
		read_fail(r, "%u:%u is not %u bytes long", p->seq, end, p->len);
}

static void read_sack(struct reader *r, struct script_tcp_option *o)
{
	do {
		if (o->nsack == SCRIPT_SACK_BLOCKS)
			return read_fail(r, "more than %d SACK blocks",
				SCRIPT_SACK_BLOCKS);
		o->sack[o->nsack].left = (uint32_t)read_number(r, 0, UINT32_MAX);
		read_want(r, ":");
		o->sack[o->nsack++].right = (uint32_t)read_number(r, 0, UINT32_MAX);
	} while (!r->failed && read_peek_number(r));
}

static void read_option(struct reader *r, struct script_tcp_option *o)
{
	if (read_is(r, "nop")) {
		o->kind = SCRIPT_OPT_NOP;
	} else if (read_is(r, "eol")) {
		o->kind = SCRIPT_OPT_EOL;
	} else if (read_is(r, "sackOK")) {
		o->kind = SCRIPT_OPT_SACKOK;
	} else if (read_is(r, "mss")) {
		o->kind = SCRIPT_OPT_MSS;
		o->a = (uint32_t)read_number(r, 0, UINT16_MAX);
	} else if (read_is(r, "wscale")) {
		o->kind = SCRIPT_OPT_WSCALE;
		o->a = (uint32_t)read_number(r, 0, UINT8_MAX);
	} else if (read_is(r, "sack")) {
		o->kind = SCRIPT_OPT_SACK;
		read_sack(r, o);
	} else if (read_is(r, "TS")) {
		o->kind = SCRIPT_OPT_TS;
		read_want(r, "val");
		o->a = (uint32_t)read_number(r, 0, UINT32_MAX);
		read_want(r, "ecr");
		o->b = (uint32_t)read_number(r, 0, UINT32_MAX);
	} else if (read_is(r, "md5")) {
		o->kind = SCRIPT_OPT_MD5;
		o->cookie_len = read_hex(r, o->cookie, SCRIPT_COOKIE_MAX);
	} else if (read_is(r, "FOEXP")) {
		o->kind = SCRIPT_OPT_FASTOPEN_EXP;
		o->cookie_len = read_hex(r, o->cookie, SCRIPT_COOKIE_MAX);
	} else if (read_is(r, "FO")) {
		o->kind = SCRIPT_OPT_FASTOPEN;
		o->cookie_len = read_hex(r, o->cookie, SCRIPT_COOKIE_MAX);
	} else {
		read_fail(r, "unknown TCP option at '%.16s'", r->p);
	}
}

static void read_options(struct reader *r, struct script_packet *p)
{
	if (!read_is(r, "<"))
		return;
	p->any_options = read_is(r, "...");
	while (!p->any_options && !r->failed) {
		if (p->noptions == SCRIPT_TCP_OPTIONS)
			return read_fail(r, "more than %d TCP options",
				SCRIPT_TCP_OPTIONS);
		read_option(r, &p->options[p->noptions++]);
		if (!read_is(r, ","))
			break;
	}
	read_want(r, ">");
	if (p->any_options && !p->outbound)
		read_fail(r, "<...> is for packets that go out");
}

static void read_tcp(struct reader *r, struct script_packet *p)
{
	p->proto = SCRIPT_TCP;
	read_ports(r, p);
	read_flags(r, p);
	read_seq(r, p);
	if (read_is(r, "ack"))
		p->ack = (uint32_t)read_number(r, 0, UINT32_MAX);
	if (read_is(r, "win"))
		p->window = (int32_t)read_number(r, 0, UINT16_MAX);
	if (read_is(r, "urg"))
		p->urg = (uint16_t)read_number(r, 0, UINT16_MAX);
	read_options(r, p);
}

/* --- the others ------------------------------------------------------------------ */

static void read_icmp(struct reader *r, struct script_packet *p)
{
	p->proto = SCRIPT_ICMP;
	p->icmp_type = read_word(r);
	if (read_peek_word(r) && !read_peek(r, "mtu"))
		p->icmp_code = read_defined_word(r);
	if (read_is(r, "mtu"))
		p->icmp_mtu = (int32_t)read_number(r, 0, INT32_MAX);
	if (!read_is(r, "["))
		return;
	p->icmp_quotes = true;
	p->icmp_udp = read_is(r, "udp");
	if (p->icmp_udp) {
		read_want(r, "(");
		p->len = (uint16_t)read_number(r, 0, UINT16_MAX);
		read_want(r, ")");
	} else {
		read_seq(r, p);
	}
	read_want(r, "]");
}

static void read_udp(struct reader *r, struct script_packet *p)
{
	p->proto = SCRIPT_UDP;
	read_ports(r, p);
	read_want(r, "(");
	p->len = (uint16_t)read_number(r, 0, UINT16_MAX);
	read_want(r, ")");
}

void read_packet(struct reader *r, struct script_packet *p)
{
	memset(p, 0, sizeof(*p));
	p->window = p->icmp_mtu = -1;
	p->outbound = read_is(r, ">");
	if (!p->outbound)
		read_want(r, "<");
	read_ip(r, p);
	if (read_is(r, "icmp"))
		read_icmp(r, p);
	else if (read_is(r, "udp"))
		read_udp(r, p);
	else if (read_peek(r, "ipv4") || read_peek(r, "ipv6") ||
		read_peek(r, "gre") || read_peek(r, "mpls"))
		read_fail(r, "packets inside packets are not understood");
	else
		read_tcp(r, p);
}
