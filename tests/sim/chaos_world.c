/* The hosts and the network of chaos.c: packets leave a host at once and wait in one
 * ordered list for the time of their arrival.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "chaos.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic.h"
#include "invariants.h"
#include "subject.h"

void chaos_fail(struct chaos *w, int line, const char *format, ...)
{
	va_list args;

	if (w->failed)
		return; /* the first tells */
	w->failed = true;
	printf("# seed %llu, %.6f s, chaos.c:%d: ", (unsigned long long)w->seed,
		(double)w->now.ns / 1e9, line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

void chaos_listen(struct chaos_host *h)
{
	struct sock_env *env = &h->subject->env;
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_port = htons(CHAOS_PORT) };
	int on = 1;
	struct sock_effect fx = { 0 };

	if (sock_create(env, AF_INET, SOCK_STREAM, 0, &h->listener) < 0 ||
		sock_setopt(env, h->listener, SOL_SOCKET, SO_REUSEADDR, &on,
			sizeof(on), &fx) < 0 ||
		sock_bind(env, h->listener, (void *)&sa, sizeof(sa)) < 0 ||
		sock_listen(env, h->listener, 100) < 0)
		abort();
	subject_settle(h->subject);
}

static void host_init(struct chaos *w, unsigned k)
{
	struct chaos_host *h = &w->host[k];
	struct subject_config cfg = { .mtu = 1500 };

	tcp_rules_default(&cfg.rules);
	h->subject = malloc(sizeof(*h->subject));
	h->addr = ip_addr_v4(10, 0, 0, (uint8_t)(k + 1));
	cfg.local[0] = (struct ip_prefix){ h->addr, 24 };
	cfg.gateway[0] = ip_addr_v4(10, 0, 0, 254);
	if (!h->subject || subject_init(h->subject, &cfg) < 0)
		abort();
	chaos_listen(h);
}

void chaos_cut(struct chaos *w)
{
	if (rng_below(&w->rng, 4) == 0)
		w->path.cut_until = instant_add(w->now,
			DURATION_MS(rng_below(&w->rng, 8000)));
}

void chaos_init(struct chaos *w, uint64_t seed)
{
	struct chaos_path *p = &w->path;

	memset(w, 0, sizeof(*w));
	w->seed = seed;
	rng_init(&w->rng, seed);
	w->polite = seed % 2;
	p->loss = rng_unit(&w->rng) * rng_unit(&w->rng) * 0.1;
	p->duplicate = rng_below(&w->rng, 2) ? 0.02 : 0;
	p->corrupt = rng_below(&w->rng, 2) ? 0.01 : 0;
	p->delay_us = 100 << rng_below(&w->rng, 11);
	p->jitter_us = rng_below(&w->rng, 2) ? p->delay_us / 2 : 0;
	p->rate = rng_below(&w->rng, 2) ? 50000 << rng_below(&w->rng, 8) : 0;
	for (unsigned k = 0; k < CHAOS_HOSTS; k++)
		host_init(w, k);
	w->now = w->host[0].subject->now;
}

void chaos_fini(struct chaos *w)
{
	while (w->queue) {
		struct chaos_packet *p = w->queue;

		w->queue = p->next;
		free(p);
	}
	for (unsigned k = 0; k < CHAOS_HOSTS; k++) {
		subject_fini(w->host[k].subject);
		free(w->host[k].subject);
	}
}

/* --- the network ------------------------------------------------------------------------ */

static void enqueue(struct chaos *w, const struct subject_packet *from, unsigned to,
	struct instant at)
{
	struct chaos_packet *p = malloc(sizeof(*p) + from->len), **q = &w->queue;

	if (!p)
		abort();
	*p = (struct chaos_packet){ .at = at, .to = to, .len = from->len };
	memcpy(p->bytes, from->bytes, from->len);
	if (rng_unit(&w->rng) < w->path.corrupt) { /* not in the IP header */
		uint32_t n = (uint32_t)p->len - 20;

		p->bytes[20 + rng_below(&w->rng, n)] ^=
			(uint8_t)(1 << rng_below(&w->rng, 8));
	}
	while (*q && (*q)->at.ns <= at.ns)
		q = &(*q)->next;
	p->next = *q;
	*q = p;
}

static void send_one(struct chaos *w, unsigned from, const struct subject_packet *p)
{
	struct chaos_path *path = &w->path;
	unsigned to = p->bytes[19] - 1u; /* the last byte of the destination */
	struct instant at = w->now;

	if (p->bytes[0] != 0x45 || to >= CHAOS_HOSTS || to == from ||
		instant_before(w->now, path->cut_until) ||
		rng_unit(&w->rng) < path->loss)
		return;
	if (path->rate) {
		if (instant_before(at, path->free_at[from]))
			at = path->free_at[from];
		at.ns += (int64_t)(p->len * 1000000000 / path->rate);
		path->free_at[from] = at;
	}
	at = instant_add(at, DURATION_US(path->delay_us));
	if (path->jitter_us)
		at = instant_add(at, DURATION_US(rng_below(&w->rng,
			path->jitter_us)));
	enqueue(w, p, to, at);
	if (rng_unit(&w->rng) < path->duplicate)
		enqueue(w, p, to, instant_add(at, DURATION_US(
			rng_below(&w->rng, 5000))));
}

static void collect(struct chaos *w)
{
	for (unsigned k = 0; k < CHAOS_HOSTS; k++) {
		struct subject_packet *p;

		while ((p = subject_next(w->host[k].subject))) {
			send_one(w, k, p);
			free(p);
		}
	}
}

static struct instant next_event(const struct chaos *w)
{
	struct instant t = w->queue ? w->queue->at : INSTANT_NEVER;

	for (unsigned k = 0; k < CHAOS_HOSTS; k++)
		t = instant_min(t, net_deadline(w->host[k].subject->net));
	return t;
}

static void check(struct chaos *w)
{
	for (unsigned k = 0; k < CHAOS_HOSTS && !w->failed; k++) {
		struct stack *s = net_stack(w->host[k].subject->net);
		const char *broken = tcp_broken_invariant(stack_tcp(s));

		if (broken)
			chaos_fail(w, __LINE__, "host %u: does not hold: %s", k,
				broken);
	}
}

void chaos_pass(struct chaos *w, struct duration d)
{
	struct instant until = instant_add(w->now, d), t;

	collect(w);
	do {
		t = instant_min(next_event(w), until);
		if (instant_before(w->now, t))
			w->now = t;
		for (unsigned k = 0; k < CHAOS_HOSTS; k++)
			while (subject_step(w->host[k].subject, w->now))
				continue;
		while (w->queue && w->queue->at.ns <= w->now.ns) {
			struct chaos_packet *p = w->queue;

			w->queue = p->next;
			subject_inject(w->host[p->to].subject, p->bytes, p->len);
			free(p);
		}
		collect(w);
		check(w);
	} while (instant_before(t, until) && !w->failed);
}

/* --- at the end --------------------------------------------------------------------------- */

static void count(void *user, const struct tcp_info_view *v)
{
	unsigned *n = user;

	(void)v;
	++*n;
}

void chaos_check_empty(struct chaos *w)
{
	for (unsigned k = 0; k < CHAOS_HOSTS; k++) {
		struct subject *s = w->host[k].subject;
		uint32_t used = atomic_get_relaxed(&s->arena.hdr->socks.fresh);
		unsigned left = 0, records = 0;

		tcp_foreach(stack_tcp(net_stack(s->net)), s->now, count, &left);
		for (uint32_t i = 1; i < used; i++)
			records += atomic_get_relaxed(&s->arena.socks[i].state) !=
				SHM_SOCK_FREE;
		if (left || net_connections(s->net) || records)
			chaos_fail(w, __LINE__, "host %u: left: %u in TCP, %u in "
				"the net, %u records", k, left,
				net_connections(s->net), records);
	}
}
