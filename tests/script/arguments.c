/* Arguments of calls. SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

bool play_number(struct play *p, unsigned line, const struct script_value *v,
	int64_t *out)
{
	*out = 0;
	switch (v->kind) {
	case SCRIPT_NUMBER:
		*out = v->number;
		return true;
	case SCRIPT_WORD:
		if (word_value(v->text, out))
			return true;
		play_unknown(p, line, "unknown word '%s'", v->text);
		return false;
	case SCRIPT_OR:
		for (unsigned k = 0; k < v->n; k++) {
			int64_t one;

			if (!play_number(p, line, &v->items[k], &one))
				return false;
			*out |= one;
		}
		return true;
	default:
		play_unknown(p, line, "expected a number among the arguments");
		return false;
	}
}

const struct script_value *call_arg(struct call *c, unsigned k)
{
	static const struct script_value none = { .kind = SCRIPT_ELLIPSIS };

	if (k < c->nargs)
		return &c->args[k];
	play_unknown(c->p, c->e->line, "%s has too few arguments",
		c->e->call.name);
	return &none;
}

int64_t call_number(struct call *c, unsigned k)
{
	int64_t v = 0;

	play_number(c->p, c->e->line, call_arg(c, k), &v);
	return v;
}

struct play_fd *call_any_fd(struct call *c, unsigned k)
{
	int64_t fd = call_number(c, k);

	if (fd < 0 || fd >= PLAY_FDS || !c->p->fds[fd].used)
		return NULL;
	return &c->p->fds[fd];
}

struct play_fd *call_fd(struct call *c, unsigned k)
{
	struct play_fd *f = call_any_fd(c, k);

	return f && f->kind == PLAY_FD_SOCKET ? f : NULL;
}

/* --- addresses ------------------------------------------------------------------- */

static socklen_t put_name(struct call *c, const struct ip_name *n,
	struct sockaddr_storage *out)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
	struct sockaddr_in *four = (struct sockaddr_in *)out;
	struct ip_addr a = n->addr;

	memset(out, 0, sizeof(*out));
	if (a.family == IP_V4 && c->p->mapped)
		a = ip_addr_map(&a);
	if (a.family == IP_V4) {
		four->sin_family = AF_INET;
		four->sin_port = htons(n->port);
		memcpy(&four->sin_addr, a.b, 4);
		return sizeof(*four);
	}
	six->sin6_family = AF_INET6;
	six->sin6_port = htons(n->port);
	memcpy(&six->sin6_addr, a.b, 16);
	return sizeof(*six);
}

static bool inner_text(const struct script_value *f, const char **out)
{
	if (!f || f->kind != SCRIPT_FUNCTION || f->n != 1)
		return false;
	*out = f->items[0].text;
	return f->items[0].kind == SCRIPT_STRING;
}

static socklen_t written_address(struct call *c, const struct script_value *v,
	struct sockaddr_storage *out)
{
	const struct script_value *family = call_field(v, "sa_family");
	const struct script_value *port = call_field(v, "sin_port");
	const struct script_value *addr = call_field(v, "sin_addr");
	struct ip_name n = { .port = 0 };
	int64_t fam = 0, number = 0;
	const char *text;

	if (!family)
		family = call_field(v, "sin_family");
	if (!family || !play_number(c->p, c->e->line, family, &fam))
		return 0;
	memset(out, 0, sizeof(*out));
	out->ss_family = (sa_family_t)fam;
	if (fam == AF_UNSPEC)
		return sizeof(struct sockaddr_in);
	if (port && port->kind == SCRIPT_FUNCTION && port->n == 1)
		play_number(c->p, c->e->line, &port->items[0], &number);
	n.port = (uint16_t)number;
	if (!inner_text(addr, &text) || ip_addr_parse(text, &n.addr) < 0) {
		play_unknown(c->p, c->e->line, "cannot read the address");
		return 0;
	}
	return put_name(c, &n, out);
}

socklen_t call_address(struct call *c, unsigned k, bool local,
	struct sockaddr_storage *out)
{
	const struct script_value *v = call_arg(c, k);

	if (v->kind == SCRIPT_STRUCT)
		return written_address(c, v, out);
	if (v->kind == SCRIPT_ELLIPSIS)
		return put_name(c, local ? &c->p->flows.names.src :
			&c->p->flows.names.dst, out);
	play_unknown(c->p, c->e->line, "expected an address");
	return 0;
}

/* --- buffers ---------------------------------------------------------------------- */

static bool is_null(const struct script_value *v)
{
	return v->kind == SCRIPT_WORD && strcmp(v->text, "NULL") == 0;
}

static void fill(struct call *c, struct iovec *iov, size_t len,
	const struct script_value *v)
{
	uint8_t *b;

	if (len > PLAY_DATA_MAX) {
		play_unknown(c->p, c->e->line, "more than %d bytes at once",
			PLAY_DATA_MAX);
		len = 0;
	}
	b = is_null(v) ? NULL : malloc(len + 1);
	*iov = (struct iovec){ b, len };
	if (is_null(v))
		return;
	if (!b)
		abort();
	for (size_t i = 0; i < len; i++)
		b[i] = (uint8_t)i;
	if (v->kind == SCRIPT_STRING)
		memcpy(b, v->text, v->len < len ? v->len : len);
}

size_t call_buffer(struct call *c, unsigned k, unsigned length_at,
	struct iovec *out)
{
	const struct script_value *v = call_arg(c, k);
	int64_t len = call_number(c, length_at);

	*out = (struct iovec){ NULL, 0 };
	if (v->kind != SCRIPT_ELLIPSIS && v->kind != SCRIPT_STRING && !is_null(v)) {
		play_unknown(c->p, c->e->line, "expected ..., a string or NULL");
		return 0;
	}
	fill(c, out, len < 0 ? 0 : (size_t)len, v);
	return out->iov_len;
}

int call_vector(struct call *c, const struct script_value *list, struct iovec *iov)
{
	int n = 0;

	if (!list || list->kind != SCRIPT_LIST || list->n > CALL_IOV_MAX) {
		play_unknown(c->p, c->e->line, "expected a list of buffers");
		return 0;
	}
	for (unsigned k = 0; k < list->n && !play_over(c->p); k++) {
		const struct script_value *one = &list->items[k];
		int64_t len;

		if (one->kind != SCRIPT_STRUCT || one->n != 2 ||
			!play_number(c->p, c->e->line, &one->items[1], &len)) {
			play_unknown(c->p, c->e->line, "expected {..., LENGTH}");
			break;
		}
		fill(c, &iov[n++], len < 0 ? 0 : (size_t)len, &one->items[0]);
	}
	return n;
}

void call_free_vector(struct iovec *iov, int n)
{
	while (n-- > 0)
		free(iov[n].iov_base);
}

const struct script_value *call_field(const struct script_value *s, const char *name)
{
	if (!s || s->kind != SCRIPT_STRUCT)
		return NULL;
	for (unsigned k = 0; k < s->n; k++)
		if (s->items[k].kind == SCRIPT_FIELD &&
			strcmp(s->items[k].text, name) == 0)
			return &s->items[k].items[0];
	return NULL;
}
