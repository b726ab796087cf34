/* The events beside a capture. SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flatjson.h"
#include "room.h"
#include "words.h"

#define PROBE_CALLS 64 /* in which a probe is over */

/* --- values ---------------------------------------------------------------------------- */

/* Seconds with up to nine decimals as ns: exactly, which a double could not. */
static bool read_time(const char *text, int64_t *out)
{
	bool minus = *text == '-';
	int64_t s = 0, ns = 0, unit = 100000000;

	text += minus;
	if (*text < '0' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (s > 400000000)
			return false;
		s = s * 10 + (*text - '0');
	}
	if (*text == '.')
		text++;
	for (; *text >= '0' && *text <= '9'; text++, unit /= 10)
		ns += (*text - '0') * unit;
	*out = (s * 1000000000 + ns) * (minus ? -1 : 1);
	return *text == 0;
}

static bool read_long(const char *text, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	return end != text && !*end && !errno;
}

/* "10.0.0.1:80", "[fd00::1]:80". */
static bool read_name(const char *text, struct ip_name *out)
{
	char addr[IPADDR_TEXT_MAX];
	const char *colon = strrchr(text, ':');
	bool six = *text == '[';
	size_t n;
	long port;

	if (!colon || !read_long(colon + 1, &port) || port < 0 || port > 65535)
		return false;
	n = (size_t)(colon - text);
	if (six && (n < 2 || text[n - 1] != ']'))
		return false;
	text += six;
	n -= six ? 2 : 0;
	if (n >= sizeof(addr))
		return false;
	memcpy(addr, text, n);
	addr[n] = 0;
	out->port = (uint16_t)port;
	if (ip_addr_parse(addr, &out->addr) != 0)
		return false;
	if (ip_addr_is_mapped(&out->addr))
		out->addr = ip_addr_unmap(&out->addr);
	return true;
}

/* --- members ----------------------------------------------------------------------------- */

struct line {
	struct call c;
	char host[HOST_NAME_MAX_];
	bool has_time, has_took;
	int64_t took;
	const char *why; /* what is wrong */
};

enum member_kind { TEXT, LONG, INT, TIME, NAME };

static const struct member {
	const char *name;
	enum member_kind kind;
	size_t at, size;
} members[] = {
#define MEMBER(n, k, field) \
	{ n, k, offsetof(struct line, field), sizeof(((struct line *)0)->field) }
	MEMBER("time", TIME, c.begin),
	MEMBER("took", TIME, took),
	MEMBER("host", TEXT, host),
	MEMBER("pid", LONG, c.pid),
	MEMBER("program", TEXT, c.program),
	MEMBER("call", TEXT, c.name),
	MEMBER("fd", INT, c.fd),
	MEMBER("args", TEXT, c.args),
	MEMBER("result", LONG, c.result),
	MEMBER("error", TEXT, c.error),
	MEMBER("state", TEXT, c.state),
	MEMBER("type", TEXT, c.type),
	MEMBER("local", NAME, c.local),
	MEMBER("remote", NAME, c.remote),
	MEMBER("sendq", LONG, c.sendq),
	MEMBER("sendbuf", LONG, c.sendbuf),
	MEMBER("recvq", LONG, c.recvq),
	MEMBER("recvbuf", LONG, c.recvbuf),
};

static bool take_value(const struct member *m, struct line *l, const char *text)
{
	char *to = (char *)l + m->at;
	long value;
	int small;

	switch (m->kind) {
	case TEXT:
		snprintf(to, m->size, "%s", text);
		return true;
	case TIME:
		return read_time(text, (int64_t *)(void *)to);
	case NAME:
		return read_name(text, (struct ip_name *)(void *)to);
	case LONG:
		return read_long(text, (long *)(void *)to);
	case INT:
		if (!read_long(text, &value) || value < INT32_MIN || value > INT32_MAX)
			return false;
		small = (int)value;
		memcpy(to, &small, sizeof(small));
		return true;
	}
	return false;
}

/* Members that are not known are skipped. */
static void take_member(struct line *l, const struct flat_value *v)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const struct member *m = &members[i];
		bool text = m->kind == TEXT || m->kind == NAME;

		if (strcmp(m->name, v->name) || v->kind == FLAT_NULL)
			continue;
		if (v->kind != (text ? FLAT_TEXT : FLAT_NUMBER) ||
			!take_value(m, l, v->text))
			l->why = m->name;
		l->has_time |= !strcmp(m->name, "time");
		l->has_took |= !strcmp(m->name, "took");
	}
}

static int add_line(struct calls *c, struct talk *t, const char *text, size_t len,
	unsigned number)
{
	struct line l = { .c = { .fd = -1, .result = LONG_MIN, .sendq = -1,
		.sendbuf = -1, .recvq = -1, .recvbuf = -1, .flow = -1,
		.end = CALL_NEVER } };
	struct flat_reader r = flat_of(text, len);
	struct flat_value v;
	int host;

	while (flat_next(&r, &v))
		take_member(&l, &v);
	if (!r.bad && !l.why && (!l.has_time || !l.c.name[0]))
		l.why = l.has_time ? "call" : "time";
	if (r.bad || l.why) {
		snprintf(c->why, sizeof(c->why), r.bad ? "line %u: %s" :
			"line %u: \"%s\" is missing or wrong", number,
			r.bad ? r.why : l.why);
		return -EINVAL;
	}
	if (l.has_took)
		l.c.end = l.c.begin + (l.took > 0 ? l.took : 0);
	host = talk_host(t, l.c.local.addr.family && !ip_addr_is_any(&l.c.local.addr) &&
		!ip_addr_is_loopback(&l.c.local.addr) ? &l.c.local.addr : NULL, l.host);
	if (host < 0)
		return host;
	if (!room_for_one(&c->list, &c->room, c->n, sizeof(l.c)))
		return -ENOMEM;
	l.c.host = (unsigned)host;
	l.c.nth = c->n;
	c->list[c->n++] = l.c;
	return 0;
}

int calls_add(struct calls *c, struct talk *t, const char *text, size_t len)
{
	const char *end = text + len;
	unsigned number = 1;
	int err = 0;

	for (; text < end && !err; number++) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));

		if (!stop)
			stop = end;
		if (stop > text)
			err = add_line(c, t, text, (size_t)(stop - text), number);
		text = stop + 1;
	}
	return err;
}

static int by_time(const void *a, const void *b)
{
	const struct call *x = a, *y = b;

	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return x->nth < y->nth ? -1 : x->nth > y->nth;
}

static int by_descriptor(const void *a, const void *b)
{
	const struct call *x = a, *y = b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	if (x->fd != y->fd)
		return x->fd < y->fd ? -1 : 1;
	return by_time(a, b);
}

static bool is_end(const struct talk_flow *f, unsigned side, const struct call *c)
{
	const struct ip_name *l = &f->name[side], *r = &f->name[!side];

	if (l->port != c->local.port || (c->local.addr.family &&
			!ip_addr_is_any(&c->local.addr) &&
			!ip_addr_equal(&l->addr, &c->local.addr)))
		return false;
	if (!c->remote.port)
		return f->host[side] == c->host;
	return r->port == c->remote.port && ip_addr_equal(&r->addr, &c->remote.addr);
}

static void find_flow(struct call *c, const struct talk *t)
{
	bool tcp = !strcmp(c->type, "tcp");

	for (size_t i = 0; c->local.port && i < t->n_flows; i++) {
		const struct talk_flow *f = &t->flows[i];

		if ((f->kind == SEEN_TCP) != tcp)
			continue;
		for (unsigned side = 0; side < 2; side++) {
			if (!is_end(f, side, c))
				continue;
			c->flow = (int)i;
			c->side = (uint8_t)side;
			if (c->remote.port)
				return;
		}
	}
}

/* Resolvers connect datagram sockets to see which address they would get, and close
 * them: from the socket() at i on. */
static void find_probe(struct calls *c, size_t i)
{
	size_t last = i;

	if (strcmp(c->list[i].name, "socket") || strcmp(c->list[i].type, "udp"))
		return;
	for (size_t k = i + 1; k < c->n && k < i + PROBE_CALLS; k++) {
		const struct call *x = &c->list[k];

		if (x->pid != c->list[i].pid || x->fd != c->list[i].fd)
			continue;
		last = k;
		if (strcmp(x->name, "connect"))
			break;
	}
	if (strcmp(c->list[last].name, "close"))
		return;
	for (size_t k = i; k <= last; k++) {
		if (c->list[k].pid == c->list[i].pid && c->list[k].fd == c->list[i].fd)
			c->list[k].probe = true;
	}
}

/* What the segments say of the state at that time: NULL, nothing. */
static const char *implied(const struct talk *t, const struct call *c, int64_t at)
{
	size_t i = t->flows[c->flow].changed[c->side];

	while (i && t->changes[i - 1].at > at)
		i = t->changes[i - 1].before;
	return i ? t->changes[i - 1].state : NULL;
}

/* Is the socket's state another than a segment has told or, if none has, than `told`, by
 * an earlier call? */
static bool is_news(const struct call *c, const char *told, const struct talk *t)
{
	const char *known = NULL;

	if (!c->state[0] || c->end == CALL_NEVER)
		return false;
	if (c->flow >= 0 && c->remote.port)
		known = implied(t, c, c->end);
	if (!known)
		known = told;
	return !known || strcmp(known, c->state) != 0;
}

/* Of each descriptor in turn; so the list has another order afterwards. */
static void find_news(struct calls *c, const struct talk *t)
{
	const char *told = NULL;

	qsort(c->list, c->n, sizeof(*c->list), by_descriptor);
	for (size_t i = 0; i < c->n; i++) {
		struct call *x = &c->list[i];

		if (i && (x->pid != x[-1].pid || x->fd != x[-1].fd))
			told = NULL;
		x->tells_state = is_news(x, told, t);
		if (!strcmp(x->name, "socket"))
			told = NULL;
		else if (x->state[0])
			told = x->state;
	}
}

void calls_finish(struct calls *c, const struct talk *t)
{
	if (!c->n)
		return;
	for (size_t i = 0; i < c->n; i++)
		find_flow(&c->list[i], t);
	find_news(c, t);
	qsort(c->list, c->n, sizeof(*c->list), by_time);
	for (size_t i = 0; i < c->n; i++)
		find_probe(c, i);
}

void calls_fini(struct calls *c)
{
	free(c->list);
	memset(c, 0, sizeof(*c));
}

/* --- words -------------------------------------------------------------------------------- */

void call_text(const struct call *c, bool program, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = 0;
	if (program && c->program[0])
		n = (size_t)snprintf(buf, size, "%s: ", c->program);
	if (c->fd >= 0 && strcmp(c->name, "socket") != 0) /* there it is the result */
		snprintf(buf + n, size - n, "%s(%d%s%s)", c->name, c->fd,
			c->args[0] ? ", " : "", c->args);
	else
		snprintf(buf + n, size - n, "%s(%s)", c->name, c->args);
}

void call_result_text(const struct call *c, enum diagram_lang lang, char *buf,
	size_t size)
{
	if (c->end == CALL_NEVER)
		snprintf(buf, size, "%s", words(lang, " does not return", " no vuelve"));
	else if (c->error[0])
		snprintf(buf, size, " = %s", c->error);
	else if (c->result == LONG_MIN) /* the file does not say */
		snprintf(buf, size, "%s", words(lang, " returns", " vuelve"));
	else
		snprintf(buf, size, " = %ld", c->result);
}

const char *call_state_text(const struct call *c)
{
	return c->tells_state ? c->state : "";
}

bool call_is_plain(const struct call *c, long *bytes)
{
	static const char *const movers[] = { "send", "sendto", "sendmsg", "write",
		"writev", "recv", "recvfrom", "recvmsg", "read", "readv", "sendfile" };

	*bytes = c->result;
	if (c->end == CALL_NEVER || c->error[0] || c->result <= 0)
		return false;
	for (size_t i = 0; i < sizeof(movers) / sizeof(movers[0]); i++) {
		if (!strcmp(c->name, movers[i]))
			return true;
	}
	return false;
}
