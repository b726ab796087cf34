/* What the stack sent, in a script's form. SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/checksum.h"
#include "packet.h"

#define TTL_USUAL 64 /* not worth telling */

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

/* Returns its length; 0: malformed. */
static size_t get_option(const uint8_t *p, size_t room, struct script_tcp_option *o)
{
	size_t len = room > 1 ? p[1] : 0, at = 2;

	memset(o, 0, sizeof(*o));
	o->kind = p[0];
	if (o->kind == SCRIPT_OPT_NOP || o->kind == SCRIPT_OPT_EOL)
		return 1;
	if (len < 2 || len > room)
		return 0;
	if (o->kind == SCRIPT_OPT_MSS && len == 4) {
		o->a = get16(p + 2);
	} else if (o->kind == SCRIPT_OPT_WSCALE && len == 3) {
		o->a = p[2];
	} else if (o->kind == SCRIPT_OPT_TS && len == 10) {
		o->a = get32(p + 2);
		o->b = get32(p + 6);
	} else if (o->kind == SCRIPT_OPT_SACK && len % 8 == 2 && len <= 34) {
		for (; at < len; at += 8, o->nsack++) {
			o->sack[o->nsack].left = get32(p + at);
			o->sack[o->nsack].right = get32(p + at + 4);
		}
	} else {
		if (o->kind == SCRIPT_OPT_FASTOPEN_EXP && len >= 4)
			at = 4;
		o->cookie_len = (unsigned)(len - at);
		memcpy(o->cookie, p + at, o->cookie_len);
	}
	return len;
}

static int get_tcp(const uint8_t *p, size_t len, struct script_packet *out,
	const char **why)
{
	size_t head = len < 20 ? 0 : (size_t)(p[12] >> 4) * 4, at = 20;

	*why = "a malformed TCP header";
	if (head < 20 || head > len)
		return -EINVAL;
	out->proto = SCRIPT_TCP;
	out->seq = get32(p + 4);
	out->ack = get32(p + 8);
	out->flags = get16(p + 12) & 0x1ff;
	out->window = get16(p + 14);
	out->urg = get16(p + 18);
	out->len = (uint16_t)(len - head);
	while (at < head) {
		size_t used;

		if (out->noptions == SCRIPT_TCP_OPTIONS)
			return -EINVAL;
		used = get_option(p + at, head - at, &out->options[out->noptions]);
		if (!used)
			return -EINVAL;
		if (out->options[out->noptions].kind == SCRIPT_OPT_EOL)
			break;
		out->noptions++;
		at += used;
	}
	return 0;
}

static const char *icmp_name(uint8_t proto, uint8_t type)
{
	if (proto == 1)
		return type == 3 ? "unreachable" : type == 11 ? "time_exceeded" : "other";
	return type == 1 ? "unreachable" : type == 2 ? "packet_too_big" : "other";
}

static int get_l4(const uint8_t *p, size_t len, uint8_t proto,
	struct script_packet *out, struct packet_names *n, const char **why)
{
	struct checksum c = CHECKSUM_INIT;

	if (proto != 1)
		checksum_add_pseudo(&c, &n->src.addr, &n->dst.addr, proto,
			(uint32_t)len);
	checksum_add(&c, p, len);
	*why = "a packet with a wrong checksum";
	if (len < 8 || checksum_finish(&c) != 0)
		return -EINVAL;
	if (proto == 1 || proto == 58) {
		out->proto = SCRIPT_ICMP;
		out->icmp_type = icmp_name(proto, p[0]);
		return 0;
	}
	n->src.port = get16(p);
	n->dst.port = get16(p + 2);
	if (proto == 6)
		return get_tcp(p, len, out, why);
	*why = "a packet of another protocol";
	out->proto = SCRIPT_UDP;
	out->len = (uint16_t)(len - 8);
	return proto == 17 ? 0 : -EINVAL;
}

int packet_decode(const uint8_t *b, size_t len, struct script_packet *out,
	struct packet_names *n, const char **why)
{
	struct checksum c = CHECKSUM_INIT;
	bool six = len >= 40 && b[0] >> 4 == 6;
	size_t head = len >= 20 ? (size_t)(b[0] & 15) * 4 : 0;

	memset(out, 0, sizeof(*out));
	out->outbound = true;
	out->window = out->icmp_mtu = -1;
	out->tos_check = SCRIPT_TOS_ALL;
	*why = "a malformed network header";
	if (six) {
		if (get16(b + 4) + 40u != len)
			return -EINVAL;
		out->tos = (uint8_t)(get16(b) >> 4);
		out->ttl = b[7];
		n->src.addr = ip_addr_from(IP_V6, b + 8);
		n->dst.addr = ip_addr_from(IP_V6, b + 24);
		return get_l4(b + 40, len - 40, b[6], out, n, why);
	}
	if (head < 20 || head > len || b[0] >> 4 != 4 || get16(b + 2) != len)
		return -EINVAL;
	checksum_add(&c, b, head);
	if (checksum_finish(&c))
		return -EINVAL;
	out->ip_options_len = (unsigned)(head - 20);
	memcpy(out->ip_options, b + 20, out->ip_options_len);
	out->tos = b[1];
	out->ttl = b[8];
	n->src.addr = ip_addr_from(IP_V4, b + 12);
	n->dst.addr = ip_addr_from(IP_V4, b + 16);
	return get_l4(b + head, len - head, b[9], out, n, why);
}

/* --- as text -------------------------------------------------------------------- */

struct text {
	char *p;
	size_t left;
};

static void add(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->p, t->left, fmt, ap);
	va_end(ap);
	if (n > 0 && (size_t)n < t->left) {
		t->p += n;
		t->left -= (size_t)n;
	}
}

static void add_hex(struct text *t, const uint8_t *bytes, unsigned len)
{
	for (unsigned k = 0; k < len; k++)
		add(t, "%02x", bytes[k]);
}

static void add_option(struct text *t, const struct script_tcp_option *o)
{
	switch (o->kind) {
	case SCRIPT_OPT_EOL:
		return add(t, "eol");
	case SCRIPT_OPT_NOP:
		return add(t, "nop");
	case SCRIPT_OPT_MSS:
		return add(t, "mss %u", o->a);
	case SCRIPT_OPT_WSCALE:
		return add(t, "wscale %u", o->a);
	case SCRIPT_OPT_SACKOK:
		return add(t, "sackOK");
	case SCRIPT_OPT_TS:
		return add(t, "TS val %u ecr %u", o->a, o->b);
	case SCRIPT_OPT_SACK:
		add(t, "sack");
		for (unsigned k = 0; k < o->nsack; k++)
			add(t, " %u:%u", o->sack[k].left, o->sack[k].right);
		return;
	case SCRIPT_OPT_FASTOPEN:
		add(t, "FO ");
		break;
	case SCRIPT_OPT_FASTOPEN_EXP:
		add(t, "FOEXP ");
		break;
	default:
		add(t, "option %d ", o->kind);
	}
	add_hex(t, o->cookie, o->cookie_len);
}

static void add_tcp(struct text *t, const struct script_packet *p)
{
	static const char letters[] = "FSRP.UEWA";
	bool none = !p->flags;

	for (unsigned k = 0; letters[k]; k++)
		if (p->flags & 1u << k)
			add(t, "%c", letters[k]);
	add(t, "%s %u:%u(%u)", none ? "-" : "", p->seq, p->seq + p->len, p->len);
	if (p->flags & 16)
		add(t, " ack %u", p->ack);
	if (p->window >= 0)
		add(t, " win %d", p->window);
	if (p->urg)
		add(t, " urg %u", p->urg);
	if (p->any_options)
		add(t, " <...>");
	for (unsigned k = 0; k < p->noptions; k++) {
		add(t, k ? "," : " <");
		add_option(t, &p->options[k]);
	}
	if (p->noptions)
		add(t, ">");
}

static void add_ip(struct text *t, const struct script_packet *p)
{
	static const char *const ecn[] = { "noecn", "ect1", "ect0", "ce" };
	bool seen = p->tos_check == SCRIPT_TOS_ALL;

	if (p->tos_check == SCRIPT_TOS_ECN)
		add(t, "[%s] ", ecn[p->tos & 3]);
	else if (p->tos_check == SCRIPT_TOS_ECT01)
		add(t, "[ect01] ");
	else if (seen && p->tos)
		add(t, "[tos 0x%02x] ", p->tos);
	if (p->ttl && (!seen || p->ttl != TTL_USUAL))
		add(t, "[ttl %u] ", p->ttl);
	if (p->ip_options_len) {
		add(t, "[ipopt ");
		add_hex(t, p->ip_options, p->ip_options_len);
		add(t, "] ");
	}
}

const char *packet_text(const struct script_packet *p, char buf[PACKET_TEXT_MAX])
{
	struct text t = { buf, PACKET_TEXT_MAX };

	add(&t, "%c ", p->outbound ? '>' : '<');
	add_ip(&t, p);
	if (p->proto == SCRIPT_ICMP)
		add(&t, "icmp %s %s", p->icmp_type, p->icmp_code ? p->icmp_code : "");
	else if (p->proto == SCRIPT_UDP)
		add(&t, "udp (%u)", p->len);
	else
		add_tcp(&t, p);
	return buf;
}
