/* The stand-ins: the AF_UNIX sockets that the kernel sees in place of ours. They
 * carry hellos, doorbells (single bytes whose value means nothing) and the news
 * that the far end is gone; never payload.
 *
 * A doorbell never blocks: when the far queue is full of bytes nobody there can
 * miss that one more was sent.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "bells.h"
#include "data.h"
#include "spin.h"

#define HELLO_WAIT_NS (2 * NS_PER_S) /* a connector sends it at once */

int standin_open(int type, int flags)
{
	return (int)sys_call3(SYS_socket, AF_UNIX, type | flags, 0);
}

int standin_record(int fd, struct shm_sock *s)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);
	struct stat st;
	long r = sys_call5(SYS_getsockopt, fd, SOL_SOCKET, SO_COOKIE, &cookie,
		&len);

	if (r == 0)
		r = sys_call2(SYS_fstat, fd, &st);
	if (r < 0)
		return (int)r;
	atomic_put_relaxed(&s->ino, (uint64_t)st.st_ino);
	/* Pairs with the acquire in find_cookie() and standin_is_dead(). */
	atomic_put_release(&s->cookie, cookie);
	return 0;
}

/* "\0PREFIX" + rest; returns the length for the call. */
static socklen_t name_of(struct sockaddr_un *sa, const char *rest)
{
	size_t n = strnlen(cl.arena.hdr->prefix, SHM_PREFIX_MAX - 1);
	size_t m = strlen(rest);

	memset(sa, 0, sizeof(*sa));
	sa->sun_family = AF_UNIX;
	memcpy(sa->sun_path + 1, cl.arena.hdr->prefix, n);
	memcpy(sa->sun_path + 1 + n, rest, m);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + n + m);
}

static char *put_decimal(char *p, uint32_t v)
{
	char digits[10];
	int n = 0;

	do {
		digits[n++] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	while (n > 0)
		*p++ = digits[--n];
	return p;
}

static socklen_t name_of_sock(struct sockaddr_un *sa, uint32_t i, uint32_t gen)
{
	char rest[32], *p = rest;

	*p++ = '/';
	p = put_decimal(p, i);
	*p++ = '.';
	p = put_decimal(p, gen);
	*p = 0;
	return name_of(sa, rest);
}

int standin_name(int fd, struct shm_sock *s, uint32_t i)
{
	struct sockaddr_un sa;
	socklen_t len;
	long r;

	if (atomic_get_relaxed(&s->flags) & SHM_F_STANDIN_NAMED)
		return 0;
	len = name_of_sock(&sa, i, atomic_get_relaxed(&s->gen));
	r = sys_call3(SYS_bind, fd, &sa, len);
	if (r < 0 && r != -EINVAL) /* another thread has named it: -EINVAL */
		return (int)r;
	atomic_set_bits(&s->flags, SHM_F_STANDIN_NAMED);
	return 0;
}

int standin_connect(int fd, uint32_t listener, uint32_t gen, bool may_sleep)
{
	struct sockaddr_un sa;
	socklen_t len = name_of_sock(&sa, listener, gen);

	return (int)(may_sleep ?
		call_sleep(SYS_connect, fd, SYS_ARG(&sa), len, 0, 0, 0) :
		sys_call3(SYS_connect, fd, &sa, len));
}

int standin_connect_service(int fd)
{
	struct sockaddr_un sa;
	socklen_t len = name_of(&sa, "/s");
	struct timespec pause = { 0, 200 * NS_PER_US };
	long r;

	/* The service accepts in its loop: a full backlog is short. */
	for (int tries = 0; tries < 5000; tries++) {
		r = sys_call3(SYS_connect, fd, &sa, len);
		if (r != -EAGAIN && r != -EINTR)
			break;
		sys_call2(SYS_nanosleep, &pause, 0);
	}
	return (int)r;
}

int standin_hello(int fd, uint32_t kind, uint32_t i, uint32_t gen)
{
	struct shm_hello h = { .magic = SHM_MAGIC, .kind = kind,
		.key = cl.arena.hdr->key, .sock = i, .gen = gen };
	long r = sys_call6(SYS_sendto, fd, &h, sizeof(h),
		MSG_NOSIGNAL | MSG_DONTWAIT, 0, 0);

	return r < 0 ? (int)r : r == sizeof(h) ? 0 : -EPROTO;
}

struct hello_wait {
	struct shm_hello *h;
	int fd;
	long got; /* as of recv() */
};

static bool hello_came(void *what)
{
	struct hello_wait *w = what;

	w->got = sys_call6(SYS_recvfrom, w->fd, w->h, sizeof(*w->h), MSG_DONTWAIT, 0, 0);
	return w->got != -EAGAIN;
}

/* Who was asleep in accept() is often here before the connector has its turn again. */
static void await_hello(struct hello_wait *w)
{
	struct pollfd p = { .fd = w->fd, .events = POLLIN };
	struct timespec limit = { HELLO_WAIT_NS / NS_PER_S, 0 };
	long r;

	if (spin_until(hello_came, w, WAIT_FOREVER, 0))
		return;
	do {
		r = sys_call5(SYS_ppoll, &p, 1, &limit, 0, 0);
	} while ((r > 0 || r == -EINTR) && !hello_came(w));
	spin_slept(r > 0);
}

int standin_read_hello(int fd, struct shm_hello *h)
{
	struct hello_wait w = { h, fd, 0 };

	if (!hello_came(&w))
		await_hello(&w);
	if (w.got != sizeof(*h) || h->magic != SHM_MAGIC ||
		(h->kind != SHM_HELLO_ACCEPT && h->kind != SHM_HELLO_HANDED) ||
		h->key != cl.arena.hdr->key)
		return -ECONNABORTED;
	return 0;
}

/* --- doorbells ------------------------------------------------------------- */

void standin_ring(const struct fd_ref *r)
{
	static const char bell = 1;
	struct shm_sock *peer = NULL;
	long n;

	if (atomic_get_relaxed(&r->s->via) == SHM_VIA_LOCAL)
		peer = shm_sock_at(&cl.arena, r->s->peer);
	if (peer) /* before the byte; pairs with standin_drain() */
		atomic_put_release(&peer->rung, 1);
	n = client_is_confined() ? confined_ring(r->fd) :
		sys_call6(SYS_sendto, r->fd, &bell, 1,
			MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0);
	if (n == -EPIPE || n == -ECONNRESET)
		standin_gone(r);
}

static void ring_to(int fd, const struct sockaddr_un *sa, socklen_t len)
{
	static const char bell = 1;

	/* Gone, or full of bells: both are nothing to us. */
	sys_call6(SYS_sendto, fd, &bell, 1, MSG_DONTWAIT | MSG_NOSIGNAL, sa, len);
}

/* Whoever owns the far end on this host; for another host its service does it. */
static void signal_far_owner(const struct fd_ref *r)
{
	struct shm_sock *peer = NULL;

	if (atomic_get_relaxed(&r->s->via) == SHM_VIA_LOCAL)
		peer = shm_sock_at(&cl.arena, r->s->peer);
	if (peer)
		owner_signal(peer, SIGURG);
}

/* The bell of a datagram socket, by its name. */
static void ring_sock(int fd, uint32_t i)
{
	struct shm_sock *to = shm_sock_at(&cl.arena, i);
	struct sockaddr_un sa;
	socklen_t len;

	if (!to)
		return;
	/* Before the byte; pairs with standin_drain(). */
	atomic_put_release(&to->rung, 1);
	len = name_of_sock(&sa, i, atomic_get_relaxed(&to->gen));
	ring_to(fd, &sa, len);
}

void standin_put_back(const struct fd_ref *r)
{
	struct sockaddr_un sa;
	socklen_t len = name_of_sock(&sa, r->i, r->gen);

	/* Not over a ringer's store; pairs with its look for sleepers. */
	uint32_t none = 0;

	atomic_cas(&r->s->rung, &none, BELL_PUT_BACK);
	ring_to(r->fd, &sa, len);
}

/* Those of our own side who sleep on a stream: no bell can reach them. But an end of
 * all bells can; from then on they go in steps (wait.c). */
static void wake_own(const struct fd_ref *r)
{
	epoll_wake_own();
	if (!((atomic_get_relaxed(&r->s->rx_wait) | atomic_get_relaxed(&r->s->tx_wait)) &
		SHM_WAIT_SLEEPERS))
		return;
	atomic_set_bits(&r->s->flags, SHM_F_STANDIN_RDSHUT);
	sys_call2(SYS_shutdown, r->fd, SHUT_RD);
}

void standin_effects(const struct fd_ref *r, const struct sock_effect *fx)
{
	struct sockaddr_un sa;
	socklen_t len;

	if (fx->ring)
		standin_ring(r);
	if (fx->own)
		wake_own(r);
	if (fx->urgent)
		signal_far_owner(r);
	if (fx->service) {
		len = name_of(&sa, "/d");
		ring_to(r->fd, &sa, len);
	}
	if (fx->ring_to)
		ring_sock(r->fd, fx->ring_to);
}

void standin_ring_other(void *user, uint32_t i)
{
	int fd = client_is_confined() ? -EPERM :
		standin_open(SOCK_DGRAM, SOCK_CLOEXEC);

	(void)user;
	if (fd < 0)
		return;
	ring_sock(fd, i);
	sys_close(fd);
}

void standin_wake_service(void)
{
	struct sockaddr_un sa;
	socklen_t len = name_of(&sa, "/d");
	int fd = client_is_confined() ? -EPERM :
		standin_open(SOCK_DGRAM, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	ring_to(fd, &sa, len);
	sys_close(fd);
}

enum standin_look standin_look(int fd)
{
	char c;
	long r;

	do {
		r = client_is_confined() ? confined_look(fd) : sys_call6(
			SYS_recvfrom, fd, &c, 1, MSG_PEEK | MSG_DONTWAIT, 0, 0);
	} while (r == -EINTR);
	if (r == 1)
		return STANDIN_BYTE;
	/* EINVAL: a stream that is not connected yet. */
	return r == -EAGAIN || r == -EINVAL ? STANDIN_EMPTY : STANDIN_GONE;
}

enum standin_look standin_drain(const struct fd_ref *r)
{
	char bells[512];
	long n;

	/* Before the bytes are taken: who rings later finds the mark down and
	 * puts it up again (pairs with the ringer's store in standin_ring()). */
	atomic_swap(&r->s->rung, 0);
	do {
		n = client_is_confined() ?
			confined_drain(r->fd, bells, sizeof(bells)) :
			sys_call6(SYS_recvfrom, r->fd, bells, sizeof(bells),
				MSG_DONTWAIT, 0, 0);
	} while (n > 0 || n == -EINTR);
	if (n == 0 && r->s->type != SOCK_STREAM)
		return STANDIN_EMPTY;
	return n == -EAGAIN || n == -EINVAL ? STANDIN_EMPTY : STANDIN_GONE;
}

/* --- the far end's death ---------------------------------------------------- */

bool standin_hup(int fd)
{
	struct pollfd p = { .fd = fd };
	struct timespec zero = { 0, 0 };

	return sys_call5(SYS_ppoll, &p, 1, &zero, 0, 0) == 1 &&
		(p.revents & (POLLHUP | POLLERR)) != 0;
}

/* As standin_hup(), also for one that only another process has open. */
static bool far_end_hup(const struct fd_ref *r)
{
	if (r->fd >= 0)
		return standin_hup(r->fd);
	return atomic_get_relaxed(&r->s->via) == SHM_VIA_LOCAL &&
		standin_is_dead(NULL, r->s->peer) == 1;
}

void standin_gone(const struct fd_ref *r)
{
	uint32_t state = atomic_get_relaxed(&r->s->state);

	if (r->s->type != SOCK_STREAM || (state != SHM_SOCK_CONNECTED &&
		state != SHM_SOCK_CONNECTING) || !far_end_hup(r))
		return;
	if (atomic_get_relaxed(&r->s->via) == SHM_VIA_NET) {
		/* The service has died: it closes only after us. */
		sock_fail(&cl.env, r->i, ECONNRESET, true);
		return;
	}
	/* When both ends have shut their reading down the kernel shows HUP for
	 * two living ones: ask about the far record itself. */
	if ((atomic_get_relaxed(&r->s->flags) & SHM_F_STANDIN_RDSHUT) &&
		standin_is_dead(NULL, r->s->peer) != 1)
		return;
	sock_peer_gone(&cl.env, r->i);
}

void standin_suspect(const struct fd_ref *r)
{
	static _Atomic uint32_t looks; /* approximate, no partner */
	uint32_t n = atomic_get_relaxed(&looks) + 1;

	atomic_put_relaxed(&looks, n);
	/* A close leaves a mark; kill -9 does not: look now and then anyway. */
	if (sock_peer_suspect(&cl.env, r->i))
		standin_ask(r);
	else if (n % 16 == 0)
		standin_gone(r);
}

void standin_closing(const struct fd_ref *r)
{
	const struct shm_sock *peer = shm_sock_at(&cl.arena, atomic_word_get(&r->s->peer));
	struct shm_fifo *rx = shm_fifo_at(&cl.arena, atomic_word_get(&r->s->rx));

	/* Who closed by a call has noted the time. */
	if (r->s->type == SOCK_STREAM &&
		atomic_get_relaxed(&r->s->via) == SHM_VIA_LOCAL &&
		atomic_get_relaxed(&r->s->state) == SHM_SOCK_CONNECTED && rx && peer &&
		atomic_get_relaxed(&rx->fin) == SHM_FIN_NONE &&
		!(atomic_get_relaxed(&((struct shm_sock *)(uintptr_t)peer)->flags) &
			SHM_F_MAYBE_CLOSED))
		standin_gone(r);
}

void standin_ask(const struct fd_ref *r)
{
	struct shm_sock *peer = shm_sock_at(&cl.arena, r->s->peer);

	/* The mark goes down before we ask: a close after that sets it again,
	 * so a parent's closing its copy does not make us ask for ever. */
	if (peer)
		atomic_clear_bits(&peer->flags, (uint32_t)SHM_F_MAYBE_CLOSED);
	if (!far_end_hup(r))
		return;
	if (peer) /* the port table asks by it too */
		atomic_set_bits(&peer->flags, SHM_F_MAYBE_CLOSED);
	standin_gone(r);
}
