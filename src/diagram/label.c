/* The words on an arrow. SPDX-License-Identifier: BSD-2-Clause */
#include "label.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 4)))
static void add(char *buf, size_t size, const char *fmt, ...)
{
	size_t n = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + n, size - n, fmt, ap);
	va_end(ap);
}

const char *label_count(uint64_t n, enum diagram_lang lang, char buf[32])
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);
	char *to = buf;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*to++ = lang == DIAGRAM_ES ? ' ' : ',';
		*to++ = digits[i];
	}
	*to = 0;
	return buf;
}

void label_flags(unsigned flags, enum diagram_lang lang, char *buf, size_t size)
{
	static const struct { unsigned flag; const char *name; } names[] = {
		{ TCP_SYN, "SYN" }, { TCP_FIN, "FIN" }, { TCP_RST, "RST" },
		{ TCP_PSH, "PSH" }, { TCP_URG, "URG" }, { TCP_ECE, "ECE" },
		{ TCP_CWR, "CWR" }, { TCP_ACK, "ACK" },
	};

	buf[0] = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (flags & names[i].flag)
			add(buf, size, "%s%s", buf[0] ? "," : "", names[i].name);
	}
	if (!buf[0])
		add(buf, size, "%s", words(lang, "no flags", "sin banderas"));
}

static void add_sack(const struct talk_arrow *a, char *buf, size_t size)
{
	for (unsigned i = 0; i < a->tcp.nsack; i++) {
		uint32_t from = a->ack + (a->tcp.sack[i].from.v - a->tcp.ack.v);
		uint32_t to = a->ack + (a->tcp.sack[i].to.v - a->tcp.ack.v);

		add(buf, size, "%s%u-%u", i ? "," : " sack=", from, to);
	}
}

void label_arrow(const struct talk_arrow *a, enum diagram_lang lang, char *buf,
	size_t size)
{
	bool syn = a->flags & TCP_SYN;

	if (a->kind != SEEN_TCP) {
		snprintf(buf, size, "%s", a->text);
		return;
	}
	label_flags(a->flags, lang, buf, size);
	if (a->len || (a->flags & (TCP_SYN | TCP_FIN | TCP_RST)) ||
		(a->marks & (MARK_KEEPALIVE | MARK_PROBE)))
		add(buf, size, " seq=%u", a->seq);
	if (a->len)
		add(buf, size, " len=%u", a->len);
	if (a->flags & TCP_ACK)
		add(buf, size, " ack=%u", a->ack);
	if (!(a->flags & TCP_RST))
		add(buf, size, " win=%u", a->window);
	if (syn && a->tcp.mss)
		add(buf, size, " mss=%u", a->tcp.mss);
	add_sack(a, buf, size);
}

void label_marks(const struct talk_arrow *a, enum diagram_lang lang, char *buf,
	size_t size)
{
	static const struct { unsigned mark; const char *en, *es; } names[] = {
		{ MARK_RETRANSMIT, "retransmission", "retransmisión" },
		{ MARK_OUT_OF_ORDER, "out of order", "fuera de orden" },
		{ MARK_KEEPALIVE, "keep-alive", "keep-alive" },
		{ MARK_PROBE, "window probe", "sondeo de ventana" },
		{ MARK_ZERO_WINDOW, "zero window", "ventana cero" },
		{ MARK_WINDOW_UPDATE, "window update", "aviso de ventana" },
		{ MARK_DUPLICATED, "duplicated on the way", "duplicado por el camino" },
	};

	buf[0] = 0;
	if (a->marks & MARK_DUP_ACK)
		add(buf, size, words(lang, "duplicate ACK %u", "ACK duplicado %u"), a->dup);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (a->marks & names[i].mark)
			add(buf, size, "%s%s", buf[0] ? ", " : "",
				words(lang, names[i].en, names[i].es));
	}
}

void label_name(const struct ip_name *n, char *buf, size_t size)
{
	char addr[IPADDR_TEXT_MAX];

	ip_addr_format(&n->addr, addr);
	if (!n->port)
		snprintf(buf, size, "%s", addr);
	else
		snprintf(buf, size, n->addr.family == IP_V6 ? "[%s]:%u" : "%s:%u", addr,
			n->port);
}
