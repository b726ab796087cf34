/* Fast open: the calls' rules, and the options TCP_FASTOPEN*. Linux:
 * tcp_sendmsg_fastopen(), tcp_send_syn_data(), tcp_fastopen_defer_connect().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sock/fastopen.h"

#include <string.h>

#include "inside.h"
#include "option_kept.h"

#define OPTION_SPACE 40u /* left free in the SYN, RFC 7413 4.2.1 */
#define MSS_MIN 48u	 /* Linux TCP_MIN_SND_MSS */
#define SOMAXCONN_LINUX 4096u
#define KNOWN 0x8000000000000000u /* a word's: there is a cookie */

uint32_t sock_fastopen_rule(const struct sock_env *e)
{
	return sock_once(&e->arena->hdr->sysctl.tcp_fastopen);
}

int sock_fastopen_check(const struct sock_env *e, const struct sockaddr *sa,
	socklen_t len)
{
	if (!(sock_fastopen_rule(e) & SOCK_FO_CLIENT))
		return -EOPNOTSUPP;
	return sa && len >= sizeof(sa->sa_family) && sa->sa_family == AF_UNSPEC ?
		-EOPNOTSUPP : 0;
}

/* --- what is known of a server: cookie, 47 bits of its name, 16 of its MSS ---- */

static uint64_t name_hash(const struct shm_addr *a)
{
	uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */

	for (unsigned k = 0; k < sizeof(a->b); k++)
		h = (h ^ a->b[k]) * 0x100000001b3u;
	return (h ^ a->family) * 0x100000001b3u;
}

static _Atomic uint64_t *word_of(const struct sock_env *e, uint64_t hash)
{
	return &e->arena->hdr->fastopen[hash % SHM_FASTOPENS];
}

/* True: there is a cookie. *mss: 0 not known. */
static bool known(const struct sock_env *e, const struct shm_addr *to, uint16_t *mss)
{
	uint64_t h = name_hash(to);
	/* One word that says all: relaxed. */
	uint64_t w = atomic_get_relaxed(word_of(e, h));

	*mss = 0;
	if ((w ^ h) & ~(KNOWN | 0xffff))
		return false;
	*mss = (uint16_t)w;
	return w & KNOWN;
}

void sock_fastopen_tell(struct sock_env *e, const struct shm_addr *server,
	uint16_t mss, bool cookie)
{
	uint64_t h = name_hash(server);

	atomic_put_relaxed(word_of(e, h), (h & ~(KNOWN | 0xffff)) | mss |
		(cookie ? KNOWN : 0));
}

/* --- the client's side --------------------------------------------------------- */

static bool without_cookie(const struct sock_env *e, const struct shm_sock *s)
{
	return (sock_fastopen_rule(e) & SOCK_FO_CLIENT_NO_COOKIE) ||
		(s->kept.bits & SHM_K_FO_NO_COOKIE);
}

/* May data go with the SYN? *room: so many bytes. */
static bool may_carry(struct sock_env *e, struct shm_sock *s, uint32_t *room)
{
	struct shm_addr to = s->remote;
	uint32_t header = to.family == IP_V6 ? 60 : 40, mss;
	struct sock_way way;
	uint16_t theirs;
	bool cookie = known(e, &to, &theirs);

	if (!cookie && !without_cookie(e, s))
		return false;
	if (sock_way(e, &to, sock_addr_kind(e, &to),
			sock_once(&s->opts.bound_if), &way) < 0)
		return false;
	mss = way.mtu > header ? way.mtu - header : 0;
	if (s->opts.maxseg && s->opts.maxseg < mss)
		mss = s->opts.maxseg;
	if (theirs && theirs < mss)
		mss = theirs;
	*room = (mss < MSS_MIN ? MSS_MIN : mss) - OPTION_SPACE;
	return true;
}

static void mark(const struct sock_env *e, struct shm_sock *s)
{
	uint32_t bits = SHM_F_FASTOPEN;

	if (without_cookie(e, s))
		bits |= SHM_F_FO_NO_COOKIE;
	/* Pairs with the service's look, after the hello. */
	atomic_set_bits(&s->flags, bits);
}

size_t sock_fastopen_ask(struct sock_env *e, uint32_t i, const struct iovec *iov,
	int n, bool wait)
{
	struct shm_sock *s = sock_live(e, i);
	uint32_t room = 0;
	ssize_t done;

	if (!s)
		return 0;
	mark(e, s);
	if (!may_carry(e, s, &room) && !wait)
		return 0;
	done = sock_send_early(e, s, iov, n, wait ? UINT32_MAX : room);
	return done > 0 ? (size_t)done : 0;
}

bool sock_fastopen_defers(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);
	uint32_t room;

	if (!s || !(s->kept.bits & SHM_K_FO_CONNECT))
		return false;
	mark(e, s);
	if (!may_carry(e, s, &room))
		return false;
	atomic_set_bits(&s->flags, SHM_F_FO_WAITS);
	return true;
}

bool sock_fastopen_waits(const struct shm_sock *s)
{
	return sock_flags((struct shm_sock *)s) & SHM_F_FO_WAITS;
}

void sock_fastopen_go(struct shm_sock *s)
{
	atomic_clear_bits(&s->flags, SHM_F_FO_WAITS);
}

/* --- the server's side ----------------------------------------------------------- */

uint32_t sock_fastopen_limit(const struct sock_env *e, const struct shm_sock *s)
{
	uint32_t rule = sock_fastopen_rule(e), n = sock_once(&s->fastopen);

	if (!(rule & SOCK_FO_SERVER))
		return 0;
	/* Linux's inet_listen() */
	if (n == 0 && (rule & SOCK_FO_ALL_LISTENERS))
		n = s->backlog > 0 ? (uint32_t)s->backlog : 0;
	return n < SOMAXCONN_LINUX ? n : SOMAXCONN_LINUX;
}

/* --- options --------------------------------------------------------------------- */

static bool is_unconnected(const struct shm_sock *s)
{
	uint32_t state = sock_state((struct shm_sock *)s);

	return state == SHM_SOCK_OPEN || state == SHM_SOCK_LISTEN ||
		state == SHM_SOCK_DEAD;
}

int option_get_fastopen(const struct option_call *c, int *v)
{
	*v = (int)c->s->fastopen;
	return 0;
}

int option_set_fastopen(const struct option_call *c, int v)
{
	if (v < 0 || !is_unconnected(c->s))
		return -EINVAL;
	c->s->fastopen = (uint32_t)v < SOMAXCONN_LINUX ? (uint32_t)v : SOMAXCONN_LINUX;
	return 0;
}

int option_set_fo_connect(const struct option_call *c, int v)
{
	if (v < 0 || v > 1)
		return -EINVAL;
	if (!(sock_fastopen_rule(c->e) & SOCK_FO_CLIENT))
		return -EOPNOTSUPP;
	if (!is_unconnected(c->s) || sock_state(c->s) == SHM_SOCK_LISTEN)
		return -EINVAL;
	return kept_set_bit(c, v);
}

int option_set_fo_no_cookie(const struct option_call *c, int v)
{
	if (v < 0 || v > 1 || !is_unconnected(c->s))
		return -EINVAL;
	return kept_set_bit(c, v);
}

/* A listener without one has the host's, which programs of it may not know: Linux
 * shows that, but only where somebody has used it. */
int option_get_fo_key(const struct option_call *c, void *val, socklen_t *len)
{
	socklen_t have = c->s->fo_keys * SHM_FO_KEY;

	if (*len > have)
		*len = have;
	memcpy(val, c->s->fo_key, *len);
	return 0;
}

int option_set_fo_key(const struct option_call *c, const void *val, socklen_t len)
{
	if (len != SHM_FO_KEY && len != 2 * SHM_FO_KEY)
		return -EINVAL;
	memcpy(c->s->fo_key, val, len);
	c->s->fo_keys = (uint8_t)(len / SHM_FO_KEY);
	return 0;
}
