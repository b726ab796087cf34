/* mmap() of a packet socket (PACKET_RX_RING). Its ring lies in the arena, which this
 * process has mapped: it is mapped once more where the program wants it. A mapping
 * keeps the socket alive, as on Linux; so munmap() has to be seen.
 *
 * What is here is about this process; a child of fork has the mappings, but only its
 * parent counts as their owner.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "internal.h"

#include <sys/mman.h>

#include "sock/packets.h"

#define MAPPINGS 32 /* of packet sockets in a process; further ones just end late */

/* base 0: free; 1: being written. */
static struct mapping {
	_Atomic uintptr_t base;
	size_t len;
	uint32_t sock, gen;
} mappings[MAPPINGS];

static _Atomic uint32_t n_mappings; /* approximate: any at all? */

static void remember(const struct fd_ref *r, uintptr_t base, size_t len)
{
	for (int k = 0; k < MAPPINGS; k++) {
		uintptr_t none = 0;

		if (!atomic_cas(&mappings[k].base, &none, 1))
			continue;
		mappings[k].len = len;
		mappings[k].sock = r->i;
		mappings[k].gen = r->gen;
		/* Pairs with client_unmapped(). */
		atomic_put_release(&mappings[k].base, base);
		atomic_add(&n_mappings, 1);
		return;
	}
}

/* The pages of `from` also at addr, or anywhere. */
static long map_again(void *from, const struct client_mmap *m)
{
	unsigned flags = MREMAP_MAYMOVE | (m->flags & MAP_FIXED ? MREMAP_FIXED : 0);
	/* An old size of 0: a second mapping of what is shared (mremap(2)). */
	long r = sys_call5(SYS_mremap, from, 0, m->len, flags, m->addr);

	if (r < 0 && r > -4096)
		return r;
	if (!(m->prot & PROT_WRITE))
		sys_call3(SYS_mprotect, r, m->len, m->prot);
	return r;
}

long client_mmap(const struct client_mmap *m, long failed)
{
	struct fd_ref r;
	void *at = NULL;
	long done;
	int err;

	if (fd_lookup(m->fd, &r, &err) != FD_SOCKET)
		return failed;
	if (err < 0)
		return err;
	CALL_GUARD();
	err = sock_packet_map(&cl.env, r.i, m->offset, m->len, &at);
	if (err < 0)
		return err;
	if ((m->flags & MAP_TYPE) == MAP_PRIVATE)
		done = -EINVAL; /* nothing would ever come there */
	else
		done = map_again(at, m);
	if (done < 0 && done > -4096)
		sock_packet_unmap(&cl.env, r.i);
	else
		remember(&r, (uintptr_t)done, m->len);
	return done;
}

void client_unmapped(const void *addr, size_t len)
{
	uintptr_t from = (uintptr_t)addr;

	if (atomic_get_relaxed(&n_mappings) == 0 || !client_own_memory())
		return;
	for (int k = 0; k < MAPPINGS; k++) {
		/* Pairs with remember(). */
		uintptr_t base = atomic_get_acquire(&mappings[k].base);
		struct mapping m = mappings[k];
		const struct shm_sock *s;

		if (base < 2 || base < from || base - from >= len ||
			!atomic_cas(&mappings[k].base, &base, 0))
			continue;
		atomic_sub(&n_mappings, 1);
		s = client_attached() ? shm_sock_at(&cl.arena, m.sock) : NULL;
		if (s && atomic_get_relaxed(&((struct shm_sock *)(uintptr_t)s)->gen) ==
			m.gen)
			sock_packet_unmap(&cl.env, m.sock);
	}
}
