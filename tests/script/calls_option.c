/* getsockopt(2) and setsockopt(2) of a script. SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <errno.h>
#include <string.h>

static socklen_t option_value(struct call *c, const struct script_value *v,
	uint8_t *out, size_t size)
{
	int64_t number = 0, second = 0;
	int pair[2];

	if (v->kind == SCRIPT_LIST && v->n == 1)
		v = &v->items[0];
	if (v->kind == SCRIPT_STRING) {
		size_t n = v->len < size ? v->len : size;

		memcpy(out, v->text, n);
		return (socklen_t)n;
	}
	if (call_field(v, "onoff")) {
		play_number(c->p, c->e->line, call_field(v, "onoff"), &number);
		if (call_field(v, "linger"))
			play_number(c->p, c->e->line, call_field(v, "linger"),
				&second);
		pair[0] = (int)number;
		pair[1] = (int)second;
		memcpy(out, pair, sizeof(pair));
		return sizeof(pair);
	}
	if (!play_number(c->p, c->e->line, v, &number))
		return 0;
	pair[0] = (int)number;
	memcpy(out, pair, sizeof(int));
	return sizeof(int);
}

struct play_result call_setsockopt(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct sock_effect fx = { 0 };
	uint8_t value[256] = { 0 };
	socklen_t len;
	int64_t given;
	int r;

	if (!f)
		return call_done(-EBADF);
	len = option_value(c, call_arg(c, 3), value, sizeof(value));
	given = call_number(c, 4);
	if (given < len || len == sizeof(int))
		len = (socklen_t)given;
	r = sock_setopt(&c->p->host.env, f->sock, (int)call_number(c, 1),
		(int)call_number(c, 2), value, len, &fx);
	subject_settle(&c->p->host);
	return call_done(r);
}

struct play_result call_getsockopt(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	uint8_t value[256] = { 0 }, want[256] = { 0 };
	const struct script_value *expected = call_arg(c, 3);
	socklen_t len = sizeof(int), want_len;
	int r;

	if (!f)
		return call_done(-EBADF);
	if (expected->kind != SCRIPT_ELLIPSIS) {
		want_len = option_value(c, expected, want, sizeof(want));
		len = want_len > len ? want_len : len;
	}
	r = subject_getopt(&c->p->host, f->sock, (int)call_number(c, 1),
		(int)call_number(c, 2), value, &len);
	if (r == 0 && expected->kind != SCRIPT_ELLIPSIS &&
		memcmp(value, want, len) != 0) {
		int a, b;

		memcpy(&a, value, sizeof(a));
		memcpy(&b, want, sizeof(b));
		play_fail(c->p, c->e->line, "getsockopt gave %d, not %d", a, b);
	}
	return call_done(r);
}
