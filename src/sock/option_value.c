/* The options of level SOL_SOCKET, and the common ones that are a bit or a field.
 * Linux: sk_setsockopt(), sk_getsockopt().
 * SPDX-License-Identifier: BSD-2-Clause */
#include <limits.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/time.h>

#include "options.h"
#include "room.h"

#define SNDBUF_MIN 4608u /* SOCK_MIN_SNDBUF */
#define RCVBUF_MIN 2304u /* SOCK_MIN_RCVBUF */
#define BUF_TOP (1u << 29)
/* What Linux reckons for a segment besides its bytes, on 64-bit machines:
 * MAX_TCP_HEADER and struct skb_shared_info, then, beside it, struct sk_buff. */
#define SEGMENT_HEADERS 640u
#define SEGMENT_ROOM_MIN 1024u
#define IP_HEADERS 60u /* IPv6's and TCP's */
#define SEGMENT_STRUCT 256u
#define USEC 1000000
#define TICK_US 4000 /* Linux keeps ticks; Debian: CONFIG_HZ=250 */

static uint32_t *field32(const struct option_call *c)
{
	return (uint32_t *)((uint8_t *)&c->s->opts + c->o->arg);
}

static uint8_t *field8(const struct option_call *c)
{
	return (uint8_t *)&c->s->opts + c->o->arg;
}

int option_get_u32(const struct option_call *c, int *v)
{
	*v = (int)sock_once(field32(c));
	return 0;
}

int option_set_u32(const struct option_call *c, int v)
{
	if (v < c->o->lo || v > c->o->hi)
		return -EINVAL;
	*field32(c) = (uint32_t)v;
	return 0;
}

int option_get_u8(const struct option_call *c, int *v)
{
	*v = *field8(c);
	return 0;
}

int option_set_u8(const struct option_call *c, int v)
{
	if (v < c->o->lo || v > c->o->hi)
		return -EINVAL;
	*field8(c) = (uint8_t)v;
	return 0;
}

int option_get_type(const struct option_call *c, int *v)
{
	*v = c->s->type;
	return 0;
}

int option_get_domain(const struct option_call *c, int *v)
{
	*v = c->s->family == IP_V4 ? AF_INET : AF_INET6;
	return 0;
}

int option_get_protocol(const struct option_call *c, int *v)
{
	*v = c->s->protocol;
	return 0;
}

int option_get_error(const struct option_call *c, int *v)
{
	*v = -sock_take_error(c->s);
	return 0;
}

int option_get_acceptconn(const struct option_call *c, int *v)
{
	*v = sock_state(c->s) == SHM_SOCK_LISTEN;
	return 0;
}

int option_get_one(const struct option_call *c, int *v)
{
	(void)c;
	*v = 1;
	return 0;
}

/* Who waits for room at an end may have it now. */
static bool tell_writer(struct sock_env *e, uint32_t i, const struct shm_sock *s)
{
	struct shm_fifo *tx = sock_tx(e, s);

	/* Pairs with the writer's: nospace, fence, look at the limit. */
	atomic_full_fence();
	return tx && atomic_get_relaxed(&tx->nospace) != 0 &&
		room_is_writable(e, s, tx) && atomic_swap(&tx->nospace, 0) != 0 &&
		sock_notify(e, i, POLLOUT | POLLWRNORM);
}

static void tell_writers(const struct option_call *c)
{
	uint32_t at;
	struct shm_sock *peer = sock_local_peer(c->e, c->s, &at);

	c->fx->own = tell_writer(c->e, c->i, c->s);
	c->fx->ring = peer && tell_writer(c->e, at, peer);
}

/* Linux: the maximum binds before the doubling; negative counts as huge. */
static void set_buffer(const struct option_call *c, uint32_t v, uint32_t max,
	uint32_t min, uint32_t bit)
{
	if (v > max)
		v = max;
	if (v > BUF_TOP)
		v = BUF_TOP;
	v *= 2;
	*field32(c) = v < min ? min : v;
	c->s->opts.bits |= bit;
	sock_apply_buffers(c->e, c->s);
	if (sock_is_stream(c->s) && atomic_get_relaxed(&c->s->via) == SHM_VIA_LOCAL)
		tell_writers(c);
}

/* Linux's tcp_sndbuf_expand(): what a connection's send buffer has grown to, unless
 * the program has set it: room for twice the window, in segments as they lie in
 * memory. */
static uint32_t expanded_sndbuf(const struct option_call *c)
{
	const struct shm_sysctl *rule = &c->e->arena->hdr->sysctl;
	uint32_t mtu, cwnd;
	uint32_t room = SEGMENT_ROOM_MIN;
	uint64_t bytes;

	sock_tcp_path(c->s, &mtu, &cwnd);
	while (room + IP_HEADERS < mtu + SEGMENT_HEADERS && room < BUF_TOP)
		room *= 2;
	bytes = 2ull * (cwnd > 10 ? cwnd : 10) *
		(room + SEGMENT_STRUCT);
	return bytes > rule->tcp_wmem_max ? rule->tcp_wmem_max : (uint32_t)bytes;
}

int option_get_sndbuf(const struct option_call *c, int *v)
{
	uint32_t grown = 0;

	if (sock_is_stream(c->s) && sock_state(c->s) == SHM_SOCK_CONNECTED &&
		!sock_has_opt(c->s, SHM_O_SNDBUF_SET))
		grown = expanded_sndbuf(c);
	*v = (int)sock_once(&c->s->opts.sndbuf);
	if ((uint32_t)*v < grown)
		*v = (int)grown;
	return 0;
}

int option_set_sndbuf(const struct option_call *c, int v)
{
	set_buffer(c, (uint32_t)v, c->e->arena->hdr->sndbuf_max, SNDBUF_MIN,
		SHM_O_SNDBUF_SET);
	return 0;
}

int option_set_rcvbuf(const struct option_call *c, int v)
{
	set_buffer(c, (uint32_t)v, c->e->arena->hdr->rcvbuf_max, RCVBUF_MIN,
		SHM_O_RCVBUF_SET);
	return 0;
}

int option_set_sndbuf_force(const struct option_call *c, int v)
{
	if (!sock_may(c->e, SOCK_CAP(ADMIN)))
		return -EPERM;
	set_buffer(c, v < 0 ? 0 : (uint32_t)v, BUF_TOP, SNDBUF_MIN,
		SHM_O_SNDBUF_SET);
	return 0;
}

int option_set_rcvbuf_force(const struct option_call *c, int v)
{
	if (!sock_may(c->e, SOCK_CAP(ADMIN)))
		return -EPERM;
	set_buffer(c, v < 0 ? 0 : (uint32_t)v, BUF_TOP, RCVBUF_MIN,
		SHM_O_RCVBUF_SET);
	return 0;
}

/* Linux's tcp_set_rcvlowat(): never more than half of the buffer, or a reader
 * could wait for what does not fit. */
int option_set_rcvlowat(const struct option_call *c, int v)
{
	uint32_t cap = INT_MAX;

	if (v < 0)
		v = INT_MAX;
	if (sock_is_stream(c->s))
		cap = c->s->opts.bits & SHM_O_RCVBUF_SET ?
			c->s->opts.rcvbuf / 2 :
			SOCK_STREAM_RING / 2;
	if ((uint32_t)v > cap)
		v = (int)cap;
	*field32(c) = v ? (uint32_t)v : 1;
	return 0;
}

int option_set_priority(const struct option_call *c, int v)
{
	if ((v < 0 || v > 6) && !sock_may(c->e, SOCK_CAP(RAW) | SOCK_CAP(ADMIN)))
		return -EPERM;
	*field32(c) = (uint32_t)v;
	return 0;
}

int option_set_mark(const struct option_call *c, int v)
{
	if (!sock_may(c->e, SOCK_CAP(RAW) | SOCK_CAP(ADMIN)))
		return -EPERM;
	*field32(c) = (uint32_t)v;
	return 0;
}

static int give(const void *value, size_t size, void *val, socklen_t *len)
{
	if (*len > size)
		*len = (socklen_t)size;
	memcpy(val, value, *len);
	return 0;
}

int option_get_linger(const struct option_call *c, void *val, socklen_t *len)
{
	int32_t s = c->s->opts.linger_s;
	struct linger l = { s >= 0, s >= 0 ? s : c->s->kept.linger_s };

	return give(&l, sizeof(l), val, len);
}

int option_set_linger(const struct option_call *c, const void *val, socklen_t len)
{
	struct linger l;

	if (len < sizeof(l))
		return -EINVAL;
	memcpy(&l, val, sizeof(l));
	/* Linux reads the time as unsigned: negative is for ever. */
	if (!l.l_onoff)
		c->s->opts.linger_s = -1;
	else
		c->s->opts.linger_s = l.l_linger < 0 ? INT32_MAX : l.l_linger;
	if (l.l_onoff)
		c->s->kept.linger_s = c->s->opts.linger_s;
	return 0;
}

static int64_t *field_us(const struct option_call *c)
{
	return (int64_t *)((uint8_t *)&c->s->opts + c->o->arg);
}

int option_get_time(const struct option_call *c, void *val, socklen_t *len)
{
	int64_t us = *field_us(c);
	struct timeval t = { 0 };

	if (us > 0) {
		t.tv_sec = us / USEC;
		t.tv_usec = us % USEC;
	}
	return give(&t, sizeof(t), val, len);
}

int option_set_time(const struct option_call *c, const void *val, socklen_t len)
{
	struct timeval t;

	if (len < sizeof(t))
		return -EINVAL;
	memcpy(&t, val, sizeof(t));
	if (t.tv_usec < 0 || t.tv_usec >= USEC)
		return -EDOM;
	if (t.tv_sec < 0)
		*field_us(c) = -1; /* Linux: do not wait at all */
	else if (t.tv_sec > INT64_MAX / USEC - 1)
		*field_us(c) = 0;
	else
		*field_us(c) = t.tv_sec * USEC +
			(t.tv_usec + TICK_US - 1) / TICK_US * TICK_US;
	return 0;
}

int option_get_cookie(const struct option_call *c, void *val, socklen_t *len)
{
	/* Written once by whoever made the stand-in: relaxed. */
	uint64_t cookie = atomic_get_relaxed(&c->s->cookie);

	if (*len < sizeof(cookie))
		return -EINVAL;
	return give(&cookie, sizeof(cookie), val, len);
}

/* Linux: sock_bindtoindex_locked(): who has a device may change it only with
 * privilege. */
static int bind_device(const struct option_call *c, uint32_t ifindex)
{
	if (c->s->opts.bound_if && !sock_may(c->e, SOCK_CAP(RAW)))
		return -EPERM;
	atomic_word_put(&c->s->opts.bound_if, ifindex);
	return 0;
}

int option_set_device(const struct option_call *c, const void *val, socklen_t len)
{
	char name[IFNAMSIZ] = "";
	struct shm_iface i;

	memcpy(name, val, len < sizeof(name) - 1 ? len : sizeof(name) - 1);
	if (name[0] == 0)
		return bind_device(c, 0);
	for (uint32_t k = 1; k <= SHM_IFACES_MAX && sock_iface(c->e, k, &i); k++)
		if (strncmp(i.name, name, sizeof(i.name)) == 0 ||
			(k == SOCK_LO_INDEX && strcmp(name, "lo") == 0))
			return bind_device(c, k);
	return -ENODEV;
}

int option_get_device(const struct option_call *c, void *val, socklen_t *len)
{
	uint32_t ifindex = sock_once(&c->s->opts.bound_if);
	char name[IFNAMSIZ] = "lo";
	struct shm_iface i;

	if (ifindex == 0) {
		*len = 0;
		return 0;
	}
	if (*len < IFNAMSIZ)
		return -EINVAL;
	if (!sock_iface(c->e, ifindex, &i))
		return -ENODEV;
	if (i.name[0])
		memcpy(name, i.name, sizeof(name) - 1);
	*len = (socklen_t)strlen(name) + 1;
	memcpy(val, name, *len);
	return 0;
}

/* Linux asks nobody whether there is such a one. */
int option_set_ifindex(const struct option_call *c, int v)
{
	return v < 0 ? -EINVAL : bind_device(c, (uint32_t)v);
}
