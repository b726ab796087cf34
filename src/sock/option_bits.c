/* The options that are one bit, in the words of struct shm_opts.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "options.h"

#include "sock/held.h"

static bool has(const uint32_t *word, const struct option_call *c)
{
	return sock_once(word) & c->o->arg;
}

static int put(uint32_t *word, const struct option_call *c, bool on)
{
	if (on)
		*word |= c->o->arg;
	else
		*word &= ~c->o->arg;
	return 0;
}

int option_get_bit(const struct option_call *c, int *v)
{
	*v = has(&c->s->opts.bits, c);
	return 0;
}

int option_set_bit(const struct option_call *c, int v)
{
	return put(&c->s->opts.bits, c, v);
}

/* To another host it is TCP's business (inet/stream.c). */
static void push_local(const struct option_call *c)
{
	if (atomic_get_relaxed(&c->s->via) == SHM_VIA_LOCAL)
		sock_push(c->e, c->i, c->fx);
}

/* Each time sends what waits (Linux: __tcp_sock_set_nodelay()). */
int option_set_nodelay(const struct option_call *c, int v)
{
	if (v) {
		c->s->opts.nodelays++;
		push_local(c);
	}
	return put(&c->s->opts.bits, c, v);
}

int option_set_cork(const struct option_call *c, int v)
{
	put(&c->s->opts.bits, c, v);
	if (!v)
		push_local(c);
	return 0;
}

int option_get_ip_bit(const struct option_call *c, int *v)
{
	*v = has(&c->s->opts.ip_bits, c);
	return 0;
}

int option_set_ip_bit(const struct option_call *c, int v)
{
	return put(&c->s->opts.ip_bits, c, v);
}

int option_get_ip6_bit(const struct option_call *c, int *v)
{
	*v = has(&c->s->opts.ip6_bits, c);
	return 0;
}

int option_set_ip6_bit(const struct option_call *c, int v)
{
	return put(&c->s->opts.ip6_bits, c, v);
}

int option_get_dgram_bit(const struct option_call *c, int *v)
{
	*v = has(&c->s->opts.dgram_bits, c);
	return 0;
}

int option_set_dgram_bit(const struct option_call *c, int v)
{
	return put(&c->s->opts.dgram_bits, c, v);
}

int option_get_ip_not(const struct option_call *c, int *v)
{
	*v = !has(&c->s->opts.ip_bits, c);
	return 0;
}

int option_set_ip_not(const struct option_call *c, int v)
{
	return put(&c->s->opts.ip_bits, c, !v);
}

int option_get_ip6_not(const struct option_call *c, int *v)
{
	*v = !has(&c->s->opts.ip6_bits, c);
	return 0;
}

int option_set_ip6_not(const struct option_call *c, int v)
{
	return put(&c->s->opts.ip6_bits, c, !v);
}
