/* Queues of half-open connections, and cookies when they are full. As Linux
 * (net/ipv4/syncookies.c): 24 bits of a keyed hash, the minute and the peer's
 * segment size are the sequence number; the options that were agreed on are the low
 * bits of the timestamp, so without timestamps there are none.
 *
 *   cookie = hash0(names) + peer's number + minute << 24
 *          + (hash1(names, minute) + index of the segment size) mod 2^24
 * SPDX-License-Identifier: BSD-2-Clause */
#include "synqueue.h"

#include <stdlib.h>

#include "output.h"
#include "pending.h"
#include "request.h"

enum {
	PERIOD_S = 60,
	AGE_MAX = 2, /* periods that a cookie is good for */
	SIZES = 4,
	OPTION_BITS = 6, /* of the timestamp: window scale, SACK, one to spare */
	NO_SCALE = 15,
	SACK_BIT = 16,
};

#define LOW24 0xffffffu

/* Common ones; the largest that is not larger is said. Linux's tables. */
static const uint16_t sizes4[SIZES] = { 536, 1300, 1440, 1460 };
static const uint16_t sizes6[SIZES] = { 1220, 1420, 1440, 8940 };

void synqueues_init(struct synqueues *q, struct rng *rng)
{
	q->flooded = (struct instant){ INT64_MIN / 2 };
	for (unsigned k = 0; k < 4; k++)
		q->keys[k / 2].k[k % 2] = rng_next(rng);
}

bool synqueue_enter(struct tcp *t, struct request *r)
{
	struct pending *p = pending_make(t, r->listener);

	if (!p)
		return false;
	p->requests++;
	list_push_back(&p->requested, &r->by_listener);
	return true;
}

void synqueue_leave(struct tcp *t, struct request *r)
{
	struct pending *p = pending_find(t, r->listener);

	list_remove(&r->by_listener);
	p->requests--;
	pending_fell(p);
}

/* Linux's tcp_conn_request(): the queue is as long as listen() said. Without cookies
 * a part is kept free, there for peers that are known: we know none. */
enum syn_verdict synqueue_verdict(const struct tcp *t,
	const struct tcp_listen_info *info)
{
	const struct pending *p = pending_find(t, info->cookie);
	uint32_t n = p ? p->requests : 0, most = t->rules.max_syn_backlog;

	if (t->rules.syncookies == 2)
		return SYN_COOKIE;
	if ((info->backlog && n >= info->backlog) || t->nrequests >= TCP_REQUESTS_MAX)
		return t->rules.syncookies ? SYN_COOKIE : SYN_DROP;
	if (!t->rules.syncookies && most - (n < most ? n : most) < most / 4)
		return SYN_DROP;
	return SYN_KEEP;
}

/* --- cookies ------------------------------------------------------------------- */

static uint32_t hash(const struct tcp *t, unsigned k, const struct tcp_tuple *tuple,
	uint32_t minute)
{
	struct siphash_key key = t->syn.keys[k];

	key.k[0] ^= minute;
	return (uint32_t)tuple_hash(&key, tuple);
}

static uint32_t minute_of(struct instant now)
{
	return (uint32_t)(now.ns / DURATION_S(PERIOD_S).ns);
}

static const uint16_t *sizes_of(const struct tcp_tuple *tuple)
{
	return tuple->remote.addr.family == IP_V6 ? sizes6 : sizes4;
}

static uint32_t clock_of(struct instant now, uint32_t offset, uint32_t bits)
{
	uint32_t ts = tcp_ts_clock(now), low = (1u << OPTION_BITS) - 1;
	uint32_t said = (ts & ~low) | bits;

	/* Never ahead of the time. */
	return (said > ts ? said - low - 1 : said) + offset;
}

void syncookie_make(struct tcp *t, struct instant now, struct request *r)
{
	const uint16_t *sizes = sizes_of(&r->e.tuple);
	uint32_t minute = minute_of(now), index = SIZES - 1;

	while (index && sizes[index] > r->peer_mss)
		index--;
	r->peer_mss = sizes[index];
	if (!r->ts_on)
		r->sack_on = r->wscale_on = false;
	r->ts_bits = (r->wscale_on ? r->snd_wscale : NO_SCALE) |
		(r->sack_on ? SACK_BIT : 0u);
	r->ts_said = clock_of(now, r->ts_offset, r->ts_bits);
	r->iss = seq_of(hash(t, 0, &r->e.tuple, 0) + r->irs.v + (minute << 24) +
		((hash(t, 1, &r->e.tuple, minute) + index) & LOW24));
	t->syn.flooded = now;
	t->stats.cookies_sent++;
}

bool syncookie_expected(const struct tcp *t, struct instant now)
{
	if (t->rules.syncookies == 0)
		return false;
	return t->rules.syncookies == 2 || instant_sub(now, t->syn.flooded).ns <=
		DURATION_S(AGE_MAX * PERIOD_S).ns;
}

/* Which segment size it says; -1: it is no cookie of ours, or too old. */
static int read_cookie(const struct tcp *t, struct instant now,
	const struct segment *s)
{
	uint32_t minute = minute_of(now), age, index;
	uint32_t v = s->h.ack.v - 1 - hash(t, 0, &s->tuple, 0) - (s->h.seq.v - 1);

	age = (minute - (v >> 24)) & 0xff;
	if (age >= AGE_MAX)
		return -1;
	index = (v - hash(t, 1, &s->tuple, minute - age)) & LOW24;
	return index < SIZES ? (int)index : -1;
}

/* The options, out of the timestamp that is echoed. False: one of them has been
 * turned off since, or there never was such a one. */
static bool read_options(const struct tcp *t, struct request *r,
	const struct segment *s)
{
	uint32_t bits = (s->h.tsecr - r->ts_offset) & ((1u << OPTION_BITS) - 1);
	uint32_t scale = bits & NO_SCALE;

	if (!s->h.has_ts)
		return true;
	if (!t->rules.timestamps)
		return false;
	r->ts_on = true;
	r->sack_on = bits & SACK_BIT;
	r->wscale_on = scale != NO_SCALE;
	r->snd_wscale = r->wscale_on ? (uint8_t)scale : 0;
	return (!r->sack_on || t->rules.sack) &&
		(!r->wscale_on || t->rules.window_scaling);
}

struct request *syncookie_check(struct tcp *t, struct instant now,
	const struct segment *s, const struct tcp_listen_info *info)
{
	int index = read_cookie(t, now, s);
	struct request *r = index < 0 ? NULL : request_bare(t, now, s, info);

	if (!r)
		return NULL;
	r->irs = seq_add(s->h.seq, -1u);
	r->iss = seq_add(s->h.ack, -1u);
	r->peer_mss = sizes_of(&s->tuple)[index];
	r->snd_wnd = s->h.wnd;
	r->ts_recent = s->h.tsval;
	r->ts_recent_at = now;
	r->timeouts = 1; /* nobody knows when the SYN-ACK was sent: no RTT by it */
	if (!read_options(t, r, s)) {
		free(r);
		return NULL;
	}
	request_offer(t, r);
	return r;
}
