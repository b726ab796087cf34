/* Options that are kept, told truthfully, or refused as Linux does where it lacks
 * what they ask for: the rest of sk_setsockopt(), do_ip_setsockopt(),
 * do_ipv6_setsockopt() and do_tcp_setsockopt(), after which the checks here are
 * ordered.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <limits.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "option_kept.h"

#define ENOTSUPP 524 /* the kernel's own: for a socket without this feature */
#define TXTIME_FLAGS 3u /* SOF_TXTIME_FLAGS_MASK */
#define BUF_LOCK_MASK 3
#define SYN_SAVE_MAX 2
#define CREDENTIALS_WORDS 3 /* struct ucred */
#define MEMINFO_WORDS 9	    /* SK_MEMINFO_VARS */
#define TICK_US 4000	    /* Debian: CONFIG_HZ=250 */
#define RTO_MAX_MOST 120000
#define RTO_MIN_MOST 200000 /* us: TCP_RTO_MIN */
/* IPV6_ADDR_PREFERENCES: RFC 5014's pairs, of which one may be said. */
#define PREFER_TMP 0x0001
#define PREFER_PUBLIC 0x0002
#define PREFER_PUBTMP 0x0100
#define PREFER_COA 0x0004
#define PREFER_HOME 0x0400
#define PREFER_CGA 0x0008
#define PREFER_NONCGA 0x0800

static int give(const void *value, size_t size, void *val, socklen_t *len)
{
	if (*len > size)
		*len = (socklen_t)size;
	memcpy(val, value, *len);
	return 0;
}

/* --- one word or bit ------------------------------------------------------------ */

static uint32_t *word_of(const struct option_call *c)
{
	return (uint32_t *)((uint8_t *)&c->s->kept + c->o->arg);
}

int kept_get_bit(const struct option_call *c, int *v)
{
	*v = (sock_once(&c->s->kept.bits) & c->o->arg) != 0;
	return 0;
}

int kept_set_bit(const struct option_call *c, int v)
{
	if (v)
		c->s->kept.bits |= c->o->arg;
	else
		c->s->kept.bits &= ~c->o->arg;
	return 0;
}

int kept_set_flag(const struct option_call *c, int v)
{
	return v < 0 || v > 1 ? -EINVAL : kept_set_bit(c, v);
}

int kept_get_word(const struct option_call *c, int *v)
{
	*v = (int)sock_once(word_of(c));
	return 0;
}

int kept_set_word(const struct option_call *c, int v)
{
	if (v < c->o->lo || v > c->o->hi)
		return -EINVAL;
	*word_of(c) = (uint32_t)v;
	return 0;
}

/* What the table says it always is. */
int kept_get_fixed(const struct option_call *c, int *v)
{
	*v = (int)c->o->arg;
	return 0;
}

int kept_set_ignored(const struct option_call *c, int v)
{
	(void)c;
	(void)v;
	return 0;
}

int kept_refuse(const struct option_call *c, int v)
{
	(void)v;
	return -c->o->lo;
}

/* Linux: xfrm_user_policy(). */
int kept_refuse_policy(const struct option_call *c, const void *val, socklen_t len)
{
	if (!val && len == 0)
		return 0; /* there is none from now on */
	return len == 0 || len > 4096 ? -EMSGSIZE : -c->o->lo;
}

int kept_refuse_get(const struct option_call *c, int *v)
{
	(void)v;
	return -c->o->lo;
}

int kept_get_none(const struct option_call *c, void *val, socklen_t *len)
{
	(void)c;
	(void)val;
	*len = 0;
	return 0;
}

/* --- SOL_SOCKET ------------------------------------------------------------------- */

int kept_set_debug(const struct option_call *c, int v)
{
	if (v && !sock_may(c->e, SOCK_CAP(ADMIN)))
		return -EACCES;
	return kept_set_bit(c, v);
}

/* Once locked, for ever. */
int kept_set_lock_filter(const struct option_call *c, int v)
{
	if ((c->s->kept.bits & SHM_K_LOCK_FILTER) && !v)
		return -EPERM;
	return kept_set_bit(c, v);
}

int kept_set_prefer_busy(const struct option_call *c, int v)
{
	if (v && !sock_may(c->e, SOCK_CAP(ADMIN)))
		return -EPERM;
	return kept_set_bit(c, v);
}

int kept_set_busy_budget(const struct option_call *c, int v)
{
	if (v > c->s->kept.busy_budget && !sock_may(c->e, SOCK_CAP(ADMIN)))
		return -EPERM;
	if (v < 0 || v > UINT16_MAX)
		return -EINVAL;
	c->s->kept.busy_budget = (uint16_t)v;
	return 0;
}

int kept_get_buf_lock(const struct option_call *c, int *v)
{
	*v = c->s->kept.buf_lock;
	return 0;
}

int kept_set_buf_lock(const struct option_call *c, int v)
{
	if (v & ~BUF_LOCK_MASK)
		return -EINVAL;
	c->s->kept.buf_lock = (uint8_t)v;
	return 0;
}

int kept_set_reserve(const struct option_call *c, int v)
{
	(void)c;
	return v < 0 ? -EINVAL : -EOPNOTSUPP;
}

int kept_set_zerocopy(const struct option_call *c, int v)
{
	if (!sock_is_stream(c->s) && c->s->protocol != IPPROTO_UDP)
		return -EOPNOTSUPP;
	if (sock_is_raw(c->s))
		return -EOPNOTSUPP;
	return kept_set_flag(c, v);
}

/* Of streams only; -1 is the default. */
int kept_get_txrehash(const struct option_call *c, int *v)
{
	return sock_is_stream(c->s) ? kept_get_bit(c, v) : -EOPNOTSUPP;
}

int kept_set_txrehash(const struct option_call *c, int v)
{
	if (!sock_is_stream(c->s))
		return -EOPNOTSUPP;
	if (v < -1 || v > 1)
		return -EINVAL;
	return kept_set_bit(c, v);
}

/* 64 bits if there is room for them; all ones in 32 mean the same. */
int kept_get_pacing(const struct option_call *c, void *val, socklen_t *len)
{
	uint64_t rate = c->s->kept.max_pacing;
	uint32_t small = rate > UINT32_MAX ? UINT32_MAX : (uint32_t)rate;

	return *len >= sizeof(rate) ? give(&rate, sizeof(rate), val, len) :
		give(&small, sizeof(small), val, len);
}

int kept_set_pacing(const struct option_call *c, const void *val, socklen_t len)
{
	uint64_t rate;
	uint32_t small;

	if (len < sizeof(small))
		return -EINVAL;
	memcpy(&small, val, sizeof(small));
	rate = small == UINT32_MAX ? UINT64_MAX : small;
	if (len >= sizeof(rate))
		memcpy(&rate, val, sizeof(rate));
	c->s->kept.max_pacing = rate;
	return 0;
}

int kept_get_txtime(const struct option_call *c, void *val, socklen_t *len)
{
	struct {
		int32_t clock;
		uint32_t flags;
	} t = { c->s->kept.txtime_clock, c->s->kept.txtime_flags };

	return give(&t, sizeof(t), val, len);
}

int kept_set_txtime(const struct option_call *c, const void *val, socklen_t len)
{
	struct {
		int32_t clock;
		uint32_t flags;
	} t;

	if (len != sizeof(t))
		return -EINVAL;
	memcpy(&t, val, sizeof(t));
	if (t.flags & ~TXTIME_FLAGS)
		return -EINVAL;
	if (t.clock != CLOCK_MONOTONIC && !sock_may(c->e, SOCK_CAP(ADMIN)))
		return -EPERM;
	c->s->kept.txtime_clock = t.clock;
	c->s->kept.txtime_flags = t.flags;
	return 0;
}

/* Nobody is known: as of a socket that is not AF_UNIX. */
int kept_get_peercred(const struct option_call *c, void *val, socklen_t *len)
{
	static const int32_t none[CREDENTIALS_WORDS] = { 0, -1, -1 };

	(void)c;
	return give(none, sizeof(none), val, len);
}

int kept_get_no_data(const struct option_call *c, void *val, socklen_t *len)
{
	(void)c;
	(void)val;
	(void)len;
	return -ENODATA;
}

/* SK_MEMINFO_RMEM_ALLOC, RCVBUF, WMEM_ALLOC, SNDBUF ... DROPS */
int kept_get_meminfo(const struct option_call *c, void *val, socklen_t *len)
{
	const struct shm_fifo *f = sock_rx(c->e, c->s);
	uint32_t m[MEMINFO_WORDS] = { 0 };
	int waiting = 0;

	if (sock_state(c->s) != SHM_SOCK_LISTEN)
		sock_ioctl(c->e, c->i, FIONREAD, &waiting);
	m[0] = (uint32_t)waiting;
	m[1] = sock_once(&c->s->opts.rcvbuf);
	m[3] = sock_once(&c->s->opts.sndbuf);
	m[8] = f ? atomic_get_relaxed(&f->drops) : 0;
	return give(m, sizeof(m), val, len);
}

/* A number of the host, the same for all its sockets (FNV-1a of its name). */
int kept_get_netns(const struct option_call *c, void *val, socklen_t *len)
{
	const char *p = c->e->arena->hdr->prefix;
	uint64_t cookie = UINT64_C(0xcbf29ce484222325);

	if (*len != sizeof(cookie))
		return -EINVAL;
	for (unsigned k = 0; k < SHM_PREFIX_MAX && p[k]; k++)
		cookie = (cookie ^ (uint8_t)p[k]) * UINT64_C(0x100000001b3);
	return give(&cookie, sizeof(cookie), val, len);
}

int kept_get_peername(const struct option_call *c, void *val, socklen_t *len)
{
	struct sockaddr_storage sa;
	socklen_t n = sizeof(sa);

	if (sock_peer(c->e, c->i, (struct sockaddr *)&sa, &n) < 0)
		return -ENOTCONN;
	if (*len > n)
		return -EINVAL;
	return give(&sa, n, val, len);
}

/* --- filters: none can be attached -------------------------------------------------- */

/* A BPF program's descriptor, which we cannot load. */
int kept_refuse_bpf(const struct option_call *c, int v)
{
	if (c->s->kept.bits & SHM_K_LOCK_FILTER)
		return -EPERM;
	return v < 0 ? -EBADF : -EINVAL;
}

/* --- IP and IPv6 ----------------------------------------------------------------------- */

int kept_set_port_range(const struct option_call *c, const void *val, socklen_t len)
{
	uint32_t v, first, last;

	if (len != sizeof(v))
		return -EINVAL;
	memcpy(&v, val, sizeof(v));
	first = v & 0xffff;
	last = v >> 16;
	if (first != 0 && last != 0 && first > last)
		return -EINVAL;
	c->s->kept.port_range = v;
	return 0;
}

int kept_set_transparent(const struct option_call *c, int v)
{
	if (v && !sock_may(c->e, SOCK_CAP(RAW) | SOCK_CAP(ADMIN)))
		return -EPERM;
	return kept_set_bit(c, v);
}

/* Linux shows which of each pair holds. */
int kept_get_addr_prefs(const struct option_call *c, int *v)
{
	uint32_t p = sock_once(&c->s->kept.addr_prefs);

	*v = (int)(p & (PREFER_TMP | PREFER_PUBLIC | PREFER_COA));
	if (!(p & (PREFER_TMP | PREFER_PUBLIC)))
		*v |= PREFER_PUBTMP;
	if (!(p & PREFER_COA))
		*v |= PREFER_HOME;
	return 0;
}

int kept_set_addr_prefs(const struct option_call *c, int v)
{
	static const int groups[] = { PREFER_PUBLIC | PREFER_TMP | PREFER_PUBTMP,
		PREFER_HOME | PREFER_COA, PREFER_CGA | PREFER_NONCGA };

	for (unsigned k = 0; k < sizeof(groups) / sizeof(groups[0]); k++) {
		int said = v & groups[k];

		if (said & (said - 1))
			return -EINVAL; /* two of a group */
	}
	/* Linux: what is not said is the default again, not what it was. */
	c->s->kept.addr_prefs = (uint32_t)v &
		(PREFER_PUBLIC | PREFER_TMP | PREFER_COA);
	return 0;
}

/* No extension header is ever sent: only nothing can be set. */
int kept_set_exthdr(const struct option_call *c, const void *val, socklen_t len)
{
	(void)val;
	if (len == 0)
		return 0;
	return sock_may(c->e, SOCK_CAP(RAW)) ? -EINVAL : -EPERM;
}

/* RFC 2292's way: control messages, of which less than a header says nothing. */
int kept_set_pktoptions(const struct option_call *c, const void *val, socklen_t len)
{
	return len < sizeof(struct cmsghdr) ? 0 : kept_set_exthdr(c, val, len);
}

/* Linux keeps the address, too, but lets no source come of it. */
int kept_set_pktinfo6(const struct option_call *c, const void *val, socklen_t len)
{
	uint32_t bound = c->s->opts.bound_if;
	struct in6_pktinfo info;

	if (!val || len < sizeof(info))
		return -EINVAL;
	memcpy(&info, val, sizeof(info));
	if (bound && info.ipi6_ifindex != bound)
		return -EINVAL;
	c->s->sticky_if = info.ipi6_ifindex;
	return 0;
}

/* RFC 3493 had it: a connection by IPv4 of an IPv6 socket makes it an IPv4 socket.
 * The addresses in the record are IPv4's already. */
int kept_set_addrform(const struct option_call *c, int v)
{
	struct shm_sock *s = c->s;

	if (v != AF_INET)
		return -EINVAL;
	if (sock_is_raw(s) || sock_is_echo(s))
		return -ENOPROTOOPT;
	/* A datagram grows: Linux looks only for one of IPv6. */
	if (atomic_get_relaxed(&s->cork_open) && s->remote.family == IP_V6)
		return -EBUSY;
	if (s->remote.family == IP_NONE || (sock_is_stream(s) &&
		atomic_get_relaxed(&s->state) != SHM_SOCK_CONNECTED))
		return -ENOTCONN;
	if (s->remote.family != IP_V4 || (s->opts.bits & SHM_O_V6ONLY))
		return -EADDRNOTAVAIL;
	s->family = IP_V4;
	return 0;
}

int kept_get_addrform(const struct option_call *c, int *v)
{
	if (c->s->remote.family == IP_NONE)
		return -ENOTCONN;
	*v = AF_INET6;
	return 0;
}

/* --- TCP ---------------------------------------------------------------------------------- */

/* The clock of the timestamps option; its beginning is nobody's business. */
int kept_get_timestamp(const struct option_call *c, int *v)
{
	int64_t now = c->e->now ? c->e->now(c->e->user) : 0;

	*v = (int)(uint32_t)(now / 1000000);
	return 0;
}

int kept_set_thin_dupack(const struct option_call *c, int v)
{
	(void)c;
	return v < 0 || v > 1 ? -EINVAL : 0;
}

/* Of checkpointing: only switching off what never was on. */
int kept_set_repair(const struct option_call *c, int v)
{
	if (!sock_may(c->e, SOCK_CAP(ADMIN)))
		return -EPERM;
	return v == 0 || v == -1 ? 0 : v == 1 ? -EPERM : -EINVAL;
}

int kept_refuse_repair(const struct option_call *c, int v)
{
	(void)c;
	(void)v;
	return -EPERM;
}

/* Linux keeps ticks. */
static int keep_ticks(const struct option_call *c, int v, int tick)
{
	if (v < c->o->lo || v > c->o->hi)
		return -EINVAL;
	*word_of(c) = (uint32_t)((v + tick - 1) / tick * tick);
	return 0;
}

int kept_set_ms(const struct option_call *c, int v)
{
	return keep_ticks(c, v, TICK_US / 1000);
}

int kept_set_us(const struct option_call *c, int v)
{
	return keep_ticks(c, v, TICK_US);
}

int kept_get_save_syn(const struct option_call *c, int *v)
{
	*v = c->s->kept.save_syn;
	return 0;
}

int kept_set_save_syn(const struct option_call *c, int v)
{
	if (v < 0 || v > SYN_SAVE_MAX)
		return -EINVAL;
	c->s->kept.save_syn = (uint8_t)v;
	return 0;
}

int kept_set_ulp(const struct option_call *c, const void *val, socklen_t len)
{
	(void)c;
	(void)val;
	return len < 1 ? -EINVAL : -ENOENT;
}

void sock_kept_init(struct shm_sock *s)
{
	s->kept = (struct shm_kept){
		.max_pacing = UINT64_MAX,
		.bits = SHM_K_AUTOFLOWLABEL |
			(s->type == SOCK_STREAM ? SHM_K_TXREHASH : 0),
		.incoming_cpu = -1,
		.rto_max_ms = RTO_MAX_MOST,
		.rto_min_us = RTO_MIN_MOST,
		.delack_max_us = RTO_MIN_MOST,
	};
}
