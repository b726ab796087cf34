/* TCP Fast Open (RFC 7413), as Linux has it (tcp_fastopen.c, tcp_metrics.c).
 *
 * A cookie is SipHash of the two addresses under the host's key, or under the
 * listener's; the second of two keys is the one before, which is still taken. What a
 * server gave is kept by its address, a few hundred of them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "fastopen.h"

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "conn.h"
#include "output.h"
#include "pending.h"

enum {
	COOKIE_BYTES = 8,
	OPTION_SPACE = 40,  /* middleboxes may add options (RFC 7413 4.2.1) */
	RESETS_COUNT_S = 60, /* RFC 7413 5.1 */
	HOLES_MAX = 6,	    /* doublings of the time without */
};

struct fo_reset {
	struct list link;
	struct instant until;
};

static struct siphash_key key_of(const uint8_t b[TCP_FO_KEY])
{
	struct siphash_key key = { { 0, 0 } };

	for (unsigned k = 0; k < TCP_FO_KEY; k++)
		key.k[k / 8] |= (uint64_t)b[k] << k % 8 * 8;
	return key;
}

void fastopen_init(struct fastopen *f, struct rng *rng)
{
	for (unsigned k = 0; k < 2; k++) {
		f->key.k[k] = rng_next(rng);
		f->hash.k[k] = rng_next(rng);
	}
}

/* --- client ------------------------------------------------------------------ */

static struct fo_peer *peer_of(struct fastopen *f, const struct ip_addr *a)
{
	uint64_t h = siphash24(&f->hash, a->b, sizeof(a->b));

	return &f->peers[h % FO_PEERS];
}

static bool is_of(const struct fo_peer *p, const struct ip_addr *a)
{
	return p->addr.family != IP_NONE && ip_addr_equal(&p->addr, a);
}

/* Linux: a black hole was met, and fast open is not used for an hour, then two ... */
static bool is_disabled(const struct tcp *t, struct instant now)
{
	return t->fo.holes && instant_before(now, t->fo.until);
}

uint32_t fastopen_open(struct conn *c, struct instant now)
{
	const struct ip_addr *to = &c->e.tuple.remote.addr;
	const struct fo_peer *p = peer_of(&c->t->fo, to);
	uint32_t mss = tcp_mss_limit(c->mtu, to->family, c->opt.mss);
	uint32_t queued;

	if (is_disabled(c->t, now))
		return 0;
	if (is_of(p, to)) {
		c->fo.cookie = p->cookie;
		if (p->mss && p->mss < mss)
			mss = p->mss;
		/* RFC 6994: who did not know the one may know the other. */
		if (p->cookie.len == 0)
			c->fo.cookie.exp = p->try_exp == 1;
	}
	if (c->opt.fastopen & TCP_FO_NO_COOKIE) {
		c->fo.cookie = (struct tcp_cookie){ 0 };
	} else {
		c->fo.cookie.there = c->fo.asked = true;
		c->fo.exp = c->fo.cookie.exp;
		if (c->fo.cookie.len == 0) {
			c->fo.fail = FO_NO_COOKIE;
			return 0;
		}
	}
	queued = (uint32_t)seq_diff(c->tx_end, c->tx_seq);
	if (mss < TCP_MSS_MIN)
		mss = TCP_MSS_MIN;
	return queued < mss - OPTION_SPACE ? queued : mss - OPTION_SPACE;
}

/* Linux's tcp_rcv_fastopen_synack(). */
void fastopen_learn(struct conn *c, const struct tcp_header *h)
{
	const struct ip_addr *to = &c->e.tuple.remote.addr;
	struct fo_peer *p = peer_of(&c->t->fo, to);
	const struct tcp_ops *ops = &c->t->cfg.ops;
	uint8_t try_exp = 0;

	if (!c->fo.asked && !c->fo.syn_data)
		return;
	if (!is_of(p, to))
		*p = (struct fo_peer){ .addr = *to };
	if (h->mss)
		p->mss = h->mss;
	/* An answer without a cookie, to a SYN that was not lost: the other form of
	 * the option next time. */
	if (c->fo.asked && !h->fo.there && !c->fo.syn_data && !c->retrans)
		try_exp = c->fo.exp ? 2 : 1;
	if (c->fo.asked && h->fo.there && h->fo.len)
		p->cookie = h->fo;
	else if (try_exp > p->try_exp && p->cookie.len == 0)
		p->try_exp = try_exp;
	if (ops->cookie)
		ops->cookie(ops->user, to, p->mss, p->cookie.len != 0);
}

void tcp_forget_servers(struct tcp *t)
{
	const struct tcp_ops *ops = &t->cfg.ops;

	for (unsigned k = 0; k < FO_PEERS; k++) {
		struct fo_peer *p = &t->fo.peers[k];

		if (p->addr.family != IP_NONE && ops->cookie)
			ops->cookie(ops->user, &p->addr, 0, false);
		*p = (struct fo_peer){ 0 };
	}
}

static bool was_used(const struct conn *c)
{
	return c->fo.asked || c->fo.syn_data || c->fo.acked;
}

static void black_hole(struct conn *c, struct instant now)
{
	struct fastopen *f = &c->t->fo;
	int64_t s = c->t->rules.fastopen_blackhole_timeout_sec;

	if (s == 0)
		return;
	f->until = instant_add(now, DURATION_S(s << f->holes));
	if (f->holes < HOLES_MAX)
		f->holes++;
}

/* Linux's tcp_fastopen_active_detect_blackhole(): at the third in a row. */
void fastopen_timed_out(struct conn *c, struct instant now)
{
	if (was_used(c) && c->rec.timeouts == 3)
		black_hole(c, now);
}

/* Linux's tcp_fastopen_active_disable_ofo_check(). */
void fastopen_ended_oddly(struct conn *c, struct instant now)
{
	if (was_used(c) && c->opened_actively && c->tally.bytes_received == 0)
		black_hole(c, now);
}

void fastopen_worked(struct conn *c)
{
	if (c->fo.acked && c->opened_actively)
		c->t->fo.holes = 0;
}

/* --- server ------------------------------------------------------------------ */

static void make_cookie(const struct siphash_key *key, const struct tcp_tuple *tuple,
	struct tcp_cookie *out)
{
	const struct ip_addr *peer = &tuple->remote.addr, *own = &tuple->local.addr;
	size_t n = peer->family == IP_V6 ? 16 : 4;
	uint8_t names[32];
	uint64_t hash;

	memcpy(names, peer->b, n);
	memcpy(names + n, own->b, n);
	hash = siphash24(key, names, 2 * n);
	*out = (struct tcp_cookie){ .there = true, .len = COOKIE_BYTES };
	for (unsigned k = 0; k < COOKIE_BYTES; k++)
		out->bytes[k] = (uint8_t)(hash >> 8 * k);
}

static void reset_free(struct pending *p, struct fo_reset *r)
{
	list_remove(&r->link);
	free(r);
	p->opened--;
}

/* RFC 7413 5.1: PendingFastOpenRequests has a limit; those that were reset count on
 * for a minute, as they may be somebody's who forges addresses. */
static bool has_room(struct tcp *t, struct instant now,
	const struct tcp_listen_info *info)
{
	struct pending *p = pending_find(t, info->cookie);
	struct fo_reset *oldest;

	if (!p || p->opened < info->fastopen)
		return true;
	if (list_is_empty(&p->resets))
		return false;
	oldest = LIST_ENTRY(p->resets.next, struct fo_reset, link);
	if (instant_before(now, oldest->until))
		return false;
	reset_free(p, oldest);
	pending_fell(p);
	return true;
}

/* The listener's, the administrator's, or our own. Returns how many. */
static unsigned find_keys(const struct tcp *t, const struct tcp_listen_info *info,
	struct siphash_key keys[2])
{
	const uint8_t (*from)[TCP_FO_KEY] = info->fo_key;
	unsigned n = info->fo_keys;

	if (n == 0) {
		from = t->rules.fastopen_key;
		n = t->rules.fastopen_keys;
	}
	for (unsigned k = 0; k < n && k < 2; k++)
		keys[k] = key_of(from[k]);
	keys[0] = n ? keys[0] : t->fo.key;
	return n ? n : 1;
}

/* Which key made it: 1 the first, 2 the second, 0 none. */
static unsigned check_cookie(struct tcp *t, const struct segment *s,
	const struct tcp_listen_info *info, struct tcp_cookie *good)
{
	const struct tcp_cookie *got = &s->h.fo;
	struct siphash_key keys[2] = { { { 0, 0 } } };
	unsigned n = find_keys(t, info, keys), match = 0;

	for (unsigned k = n; k-- > 0;) {
		make_cookie(&keys[k], &s->tuple, good);
		if (got->len == good->len &&
			!memcmp(got->bytes, good->bytes, good->len))
			match = k + 1;
	}
	good->exp = got->exp;
	return match;
}

/* Linux's tcp_try_fastopen(). */
bool fastopen_wants(struct tcp *t, struct instant now, const struct segment *s,
	const struct tcp_listen_info *info, struct tcp_cookie *answer)
{
	struct tcp_cookie good;
	unsigned key;

	*answer = (struct tcp_cookie){ 0 };
	if (info->fastopen == 0 || (s->len == 0 && !s->h.fo.there) ||
		!has_room(t, now, info))
		return false;
	if (info->fo_no_cookie)
		return true;
	if (!s->h.fo.there)
		return false;
	key = check_cookie(t, s, info, &good);
	if (key != 1) /* asked for one, has an old one, or a wrong one */
		*answer = good;
	return key != 0;
}

bool fastopen_child(struct tcp *t, uint64_t listener)
{
	struct pending *p = pending_make(t, listener);

	if (p)
		p->opened++;
	return p;
}

void fastopen_done(struct tcp *t, struct instant now, uint64_t listener, bool reset)
{
	struct pending *p = pending_find(t, listener);
	struct fo_reset *r;

	if (!p || !p->opened) /* the listener is gone */
		return;
	r = reset ? calloc(1, sizeof(*r)) : NULL;
	if (r) {
		r->until = instant_add(now, DURATION_S(RESETS_COUNT_S));
		list_push_back(&p->resets, &r->link);
	} else {
		p->opened--;
		pending_fell(p);
	}
}

static void forget(struct pending *p)
{
	LIST_FOREACH_SAFE(pos, tmp, &p->resets)
		reset_free(p, LIST_ENTRY(pos, struct fo_reset, link));
	p->opened = 0;
	pending_fell(p);
}

void fastopen_listener_gone(struct tcp *t, uint64_t listener)
{
	struct pending *p = pending_find(t, listener);

	if (p)
		forget(p);
}

void fastopen_fini(struct tcp *t)
{
	LIST_FOREACH_SAFE(pos, tmp, &t->pending)
		forget(LIST_ENTRY(pos, struct pending, link));
}
