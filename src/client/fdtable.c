/* What each descriptor number stands for, as far as we know.
 *
 * Two levels: a static array of pointers to pages of entries that are mapped at
 * their first use; never sized by RLIMIT_NOFILE. An entry is one word:
 *
 *	0 unknown | 1, 5 ... 21 kernel | generation << 32 | index << 2 | kind
 *
 * Unknown is always a safe answer: the next look asks the kernel for the
 * stand-in's cookie and looks for it in the arena. So whoever may have changed a
 * number's meaning just forgets it, and only that must never be missed. A socket's
 * entry is also checked against the record's generation each time.
 *
 * A child that runs in our memory (vfork, posix_spawn) has descriptors of its own
 * but this table: it may forget, but not learn.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/socket.h>

#include "internal.h"
#include "netlink.h"

#define PAGE_BITS 10
#define PAGE_ENTRIES (1u << PAGE_BITS)
#define PAGES 1024 /* so numbers below 2^20: Linux's usual fs.nr_open */

#define ENTRY_KERNEL 1u /* not a socket of ours */
#define ENTRY_PLAIN 5u	/* nor an epoll */
#define KIND_MASK 3u
/* The kernel's, but what is said on it is ours: a netlink socket. From here on, with
 * two bits for its kind. */
#define ENTRY_NETLINK (ENTRY_KERNEL | 2u << 2)
#define NETLINK_RAW (1u << 2)
#define NETLINK_DIAG (2u << 2)

typedef _Atomic uint64_t entry;

static _Atomic(entry *) pages[PAGES];

static inline entry *entry_at(int fd, bool make)
{
	unsigned n = (unsigned)fd >> PAGE_BITS;
	entry *p, *none = NULL;

	if (fd < 0 || n >= PAGES)
		return NULL;
	/* Pairs with the compare-and-swap below; zeroed by the kernel. */
	p = atomic_get_acquire(&pages[n]);
	if (!p && make) {
		p = sys_alloc(PAGE_ENTRIES * sizeof(entry));
		if (p && !atomic_cas(&pages[n], &none, p)) {
			sys_free(p, PAGE_ENTRIES * sizeof(entry));
			p = none;
		}
	}
	return p ? &p[(unsigned)fd & (PAGE_ENTRIES - 1)] : NULL;
}

static void put(int fd, uint64_t v)
{
	entry *e = entry_at(fd, v != 0);

	/* An epoll is known by looking closely only, and the child that borrows our
	 * memory has no use for it. */
	if (e && v == 0 && (atomic_get_relaxed(e) & KIND_MASK) == FD_EPOLL &&
		!client_own_memory())
		return;
	/* Relaxed: a number's meaning changes only in calls that the program
	 * itself orders with its uses of the number. */
	if (e && (v == 0 || client_own_memory()))
		atomic_put_relaxed(e, v);
}

static uint64_t pack(enum fd_kind kind, uint32_t i, uint32_t gen)
{
	return (uint64_t)gen << 32 | (uint64_t)i << 2 | kind;
}

void fd_set_socket(int fd, uint32_t i, uint32_t gen)
{
	put(fd, pack(FD_SOCKET, i, gen));
}

void fd_set_epoll(int fd, uint32_t i, uint32_t gen)
{
	put(fd, pack(FD_EPOLL, i, gen));
}

static uint64_t value(int fd)
{
	entry *e = entry_at(fd, false);

	return e ? atomic_get_relaxed(e) : 0;
}

void fd_set_plain(int fd)
{
	put(fd, ENTRY_PLAIN);
}

bool fd_is_unseen(int fd)
{
	return value(fd) != ENTRY_PLAIN && !fd_is_netlink(fd);
}

void fd_set_netlink(int fd, bool raw, bool diag)
{
	put(fd, ENTRY_NETLINK + (raw ? NETLINK_RAW : 0) + (diag ? NETLINK_DIAG : 0));
}

static bool netlink_has(int fd, unsigned bit)
{
	return fd_is_netlink(fd) && ((value(fd) - ENTRY_NETLINK) & bit);
}

bool fd_is_netlink(int fd)
{
	uint64_t v = value(fd);

	return (v & KIND_MASK) == FD_KERNEL && v >= ENTRY_NETLINK;
}

bool fd_is_raw_netlink(int fd)
{
	return netlink_has(fd, NETLINK_RAW);
}

bool fd_is_diag_netlink(int fd)
{
	return netlink_has(fd, NETLINK_DIAG);
}

void client_fd_forget(int fd)
{
	put(fd, 0);
}

void client_fd_kernel(int fd)
{
	entry *e = entry_at(fd, false);

	/* Only when the page is there and the number was taken by us before:
	 * not worth a getpid otherwise, the probe comes at first use. */
	if (e && atomic_get_relaxed(e) > ENTRY_KERNEL)
		put(fd, 0);
}

void fd_copy(int from, int to)
{
	entry *e = entry_at(from, false);

	put(to, e ? atomic_get_relaxed(e) : 0);
}

/* The entry's meaning; FD_UNKNOWN also when it has gone stale. */
static enum fd_kind resolve(int fd, uint64_t v, struct fd_ref *r)
{
	enum fd_kind kind = (enum fd_kind)(v & KIND_MASK);

	if (kind <= FD_KERNEL || !client_attached())
		return kind == FD_KERNEL ? FD_KERNEL : FD_UNKNOWN;
	*r = (struct fd_ref){ .fd = fd, .i = (uint32_t)v >> 2,
		.gen = (uint32_t)(v >> 32) };
	if (kind == FD_SOCKET) {
		r->s = shm_sock_at(&cl.arena, r->i);
		if (r->s && atomic_get_relaxed(&r->s->gen) == r->gen &&
			atomic_get_relaxed(&r->s->state) != SHM_SOCK_FREE)
			return FD_SOCKET;
		return FD_UNKNOWN;
	}
	r->ep = shm_epoll_at(&cl.arena, r->i);
	if (r->ep && atomic_get_relaxed(&r->ep->gen) == r->gen)
		return FD_EPOLL;
	return FD_UNKNOWN;
}

/* Which record has this cookie? 0 none. */
static uint32_t find_cookie(uint64_t cookie)
{
	uint32_t n = atomic_get_relaxed(&cl.arena.hdr->socks.fresh);

	for (uint32_t i = 1; i < n && i < cl.arena.n_socks; i++) {
		struct shm_sock *s = &cl.arena.socks[i];

		/* Pairs with the release in standin_record(). */
		if (atomic_get_acquire(&s->cookie) == cookie &&
			atomic_get_relaxed(&s->state) != SHM_SOCK_FREE)
			return i;
	}
	return 0;
}

static enum fd_kind probe(int fd, struct fd_ref *r, int *err)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);
	int domain = 0;
	socklen_t dlen = sizeof(domain);
	long x;
	uint32_t i;

	if (client_is_confined())
		return FD_KERNEL;
	CALL_GUARD();
	x = sys_call5(SYS_getsockopt, fd, SOL_SOCKET, SO_DOMAIN, &domain, &dlen);
	if (x == -EBADF)
		return FD_KERNEL; /* not worth remembering */
	if (x < 0 || domain != AF_UNIX || !client_configured()) {
		put(fd, ENTRY_KERNEL);
		return FD_KERNEL;
	}
	x = sys_call5(SYS_getsockopt, fd, SOL_SOCKET, SO_COOKIE, &cookie, &len);
	*err = client_enter();
	if (x < 0 || *err < 0) {
		/* An AF_UNIX socket of somebody who has no network: his own. */
		*err = 0;
		return FD_KERNEL;
	}
	i = find_cookie(cookie);
	if (i == 0) {
		put(fd, ENTRY_KERNEL);
		return FD_KERNEL;
	}
	*r = (struct fd_ref){ .fd = fd, .i = i, .s = &cl.arena.socks[i] };
	r->gen = atomic_get_relaxed(&r->s->gen);
	/* It came from somewhere else, who may still have it. */
	atomic_set_bits(&r->s->flags, SHM_F_SHARED);
	fd_set_socket(fd, i, r->gen);
	return FD_SOCKET;
}

/* The usual answer, of a process that is registered: a few words are looked at. */
static inline bool is_known_socket(int fd, struct fd_ref *r)
{
	unsigned n = (unsigned)fd;
	struct shm_sock *s;
	entry *p;
	uint64_t v;

	/* Pair with the releases in attach_locked(): slot and arena are ours. */
	if (n >= PAGES * PAGE_ENTRIES ||
		!atomic_get_acquire(atomic_get_acquire(&client_registered)))
		return false;
	p = atomic_get_acquire(&pages[n >> PAGE_BITS]); /* pairs: entry_at() */
	if (!p)
		return false;
	v = atomic_get_relaxed(&p[n & (PAGE_ENTRIES - 1)]);
	s = shm_sock_at(&cl.arena, (uint32_t)v >> 2);
	if ((v & KIND_MASK) != FD_SOCKET || !s ||
		atomic_get_relaxed(&s->gen) != (uint32_t)(v >> 32) ||
		atomic_get_relaxed(&s->state) == SHM_SOCK_FREE)
		return false;
	*r = (struct fd_ref){ .fd = fd, .i = (uint32_t)v >> 2,
		.gen = (uint32_t)(v >> 32), .s = s };
	return true;
}

static __attribute__((noinline)) enum fd_kind look_closely(int fd, struct fd_ref *r, int *err)
{
	entry *e = entry_at(fd, false);
	uint64_t v = e ? atomic_get_relaxed(e) : 0;
	enum fd_kind kind;

	if ((v & KIND_MASK) == FD_KERNEL || fd < 0)
		return FD_KERNEL;
	kind = resolve(fd, v, r);
	if (kind == FD_UNKNOWN)
		return probe(fd, r, err);
	*err = client_enter();
	return kind;
}

enum fd_kind fd_lookup(int fd, struct fd_ref *r, int *err)
{
	*err = 0;
	return is_known_socket(fd, r) ? FD_SOCKET : look_closely(fd, r, err);
}

enum fd_kind fd_peek(int fd, struct fd_ref *r)
{
	entry *e = entry_at(fd, false);

	return e ? resolve(fd, atomic_get_relaxed(e), r) : FD_UNKNOWN;
}

int fd_next_ours(int from)
{
	for (unsigned n = (unsigned)from >> PAGE_BITS; n < PAGES; n++) {
		entry *p = atomic_get_acquire(&pages[n]);
		unsigned k = n == (unsigned)from >> PAGE_BITS ?
			(unsigned)from & (PAGE_ENTRIES - 1) : 0;

		for (; p && k < PAGE_ENTRIES; k++) {
			if ((atomic_get_relaxed(&p[k]) & KIND_MASK) > FD_KERNEL)
				return (int)(n << PAGE_BITS | k);
		}
	}
	return -1;
}

bool client_fd_is_socket(int fd)
{
	struct fd_ref r;
	int err;

	return fd_lookup(fd, &r, &err) == FD_SOCKET;
}
