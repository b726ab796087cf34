/* IPv4 options: IP_OPTIONS, and what each end writes into those of a datagram. A
 * sender's are filled when the datagram is made, a receiver's when it comes.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "ipopt.h"

#include <string.h>

#include "options.h"
#include "sock/service.h"

static_assert(sizeof(((struct shm_msg *)0)->opt) == IPOPT_BYTES, "shm_msg");
static_assert(sizeof(((struct shm_kept *)0)->ip_opt) == IPOPT_BYTES, "shm_kept");

/* Linux: inet_addr_type() is RTN_UNICAST */
static bool elsewhere(const void *user, const uint8_t addr[4])
{
	struct ip_addr ip = ip_addr_from(IP_V4, addr);
	struct shm_addr a = sock_addr_of(&ip, 0);

	return sock_addr_kind(user, &a) == SOCK_ADDR_OTHER;
}

static struct ipopt_host host_of(const struct sock_env *e, const struct shm_addr *a)
{
	struct ipopt_host h = { .elsewhere = elsewhere, .user = e };

	if (a && a->family == IP_V4)
		memcpy(h.addr, a->b, sizeof(h.addr));
	if (e->wall_ns)
		h.ms = ipopt_ms(e->wall_ns(e->user));
	return h;
}

int options_check(const struct sock_env *e, const void *val, size_t len,
	struct ip_options *out)
{
	struct ipopt_host h = host_of(e, NULL);

	*out = (struct ip_options){ 0 };
	if (len > sizeof(out->bytes))
		return -EINVAL;
	if (len == 0)
		return 0;
	memcpy(out->bytes, val, len);
	out->len = (uint8_t)((len + 3) & ~(size_t)3);
	return ipopt_may_send(out->bytes, out->len, &h, sock_may(e, SOCK_CAP(RAW))) ?
		0 : -EINVAL;
}

struct ip_options options_kept(const struct shm_sock *s)
{
	uint32_t len = sock_once(&s->kept.ip_optlen);
	struct ip_options o = { 0 };

	if (len > sizeof(o.bytes))
		return o;
	o.len = (uint8_t)len;
	memcpy(o.bytes, s->kept.ip_opt, sizeof(o.bytes));
	return o;
}

void sock_stream_options(const struct shm_sock *s, struct ip_options *out)
{
	*out = options_kept(s);
}

void sock_options_child(struct shm_sock *s, const struct ip_options *o)
{
	memcpy(s->kept.ip_opt, o->bytes, sizeof(s->kept.ip_opt));
	s->kept.ip_optlen = o->len;
}

struct ip_options options_of(const struct sock_env *e, const struct shm_sock *s)
{
	struct shm_sock *own = (struct shm_sock *)(uintptr_t)s;
	struct ip_options o = { 0 };

	if (sock_once(&s->kept.ip_optlen) == 0 || !sock_lock(e, own))
		return o;
	o = options_kept(s);
	sock_unlock(e, own);
	return o;
}

/* Linux: tcp_v4_save_options(). */
void options_of_child(const struct sock_env *e, const struct shm_sock *s,
	struct shm_sock *child)
{
	struct shm_msg m = { .src = s->local, .dst = s->remote };
	struct ip_options o = options_kept(s);
	struct span options;
	int n;

	if (o.len == 0 || m.dst.family != IP_V4)
		return;
	options_go(e, &o, &m.dst, &m);
	options = (struct span){ m.opt, m.optlen };
	sock_options_come(e, &m, &options);
	n = options_echo(e, &m, child->kept.ip_opt);
	child->kept.ip_optlen = n > 0 ? (uint32_t)n : 0;
}

void options_go(const struct sock_env *e, const struct ip_options *o,
	const struct shm_addr *end, struct shm_msg *m)
{
	struct ip_options out = *o;
	struct ipopt_host h;

	if (o->len == 0)
		return;
	h = host_of(e, &m->src);
	ipopt_set_out(&out, end->b);
	m->optlen = out.len;
	memcpy(m->opt, out.bytes, out.len);
	ipopt_fill(m->opt, m->optlen, &h, false);
}

void sock_options_come(const struct sock_env *e, struct shm_msg *m,
	const struct span *options)
{
	struct shm_addr own = sock_spec_dst(e, m);
	struct ipopt_host h = host_of(e, &own);

	if (options->len > sizeof(m->opt))
		return;
	m->optlen = (uint8_t)options->len;
	memmove(m->opt, options->base, options->len);
	ipopt_fill(m->opt, m->optlen, &h, true);
}

int options_echo(const struct sock_env *e, const struct shm_msg *m,
	uint8_t out[IPOPT_BYTES])
{
	struct ipopt_host h = host_of(e, NULL);

	return ipopt_echo(m->opt, m->optlen, &h, out);
}

/* --- IP_OPTIONS ------------------------------------------------------------------- */

/* Under the record's lock. */
int option_set_ip_options(const struct option_call *c, const void *val, socklen_t len)
{
	struct shm_kept *k = &c->s->kept;
	struct ip_options o;
	int r = options_check(c->e, val, len, &o);

	if (r < 0)
		return r;
	memcpy(k->ip_opt, o.bytes, sizeof(k->ip_opt));
	k->ip_optlen = o.len;
	return 0;
}

int option_get_ip_options(const struct option_call *c, void *val, socklen_t *len)
{
	struct ip_options o = options_of(c->e, c->s);

	if (*len > o.len)
		*len = o.len;
	memcpy(val, o.bytes, *len);
	return 0;
}
