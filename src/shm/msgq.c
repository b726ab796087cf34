/* Datagrams in a byte fifo. A message becomes visible by one publishing store
 * when it is whole; the reader checks the length that it finds against what has
 * been published before it goes on.
 *
 * A message takes as much of the ring as Linux charges for it (skb->truesize), so
 * that a receive buffer of a given size holds as many datagrams as there. What
 * lies between two messages is never touched.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "shm/msgq.h"

#include <errno.h>

/* Linux 6.18 on x86-64, measured: a small head of 576 bytes, else kmalloc's powers
 * of two, else pages; and 256 for the sk_buff. */
#define SKB_OVERHEAD 256u
#define SKB_ROOM 380u /* headers in front, struct skb_shared_info behind */
#define SKB_SMALL 576u
#define SKB_KMALLOC_MAX 16384u
#define SOON_MAX 512u /* bytes, with head: the lines of more would crowd out others */

uint32_t shm_msgq_footprint(uint32_t len)
{
	uint32_t need = len + SKB_ROOM, size = 1024;

	if (need <= SKB_SMALL)
		return SKB_SMALL + SKB_OVERHEAD;
	if (need > SKB_KMALLOC_MAX)
		return ((len + 7) & ~7u) + SKB_SMALL + SKB_OVERHEAD;
	while (size < need)
		size *= 2;
	return size + SKB_OVERHEAD;
}

static uint64_t footprint(uint32_t len)
{
	/* A length that nobody sends: more than any ring has. */
	return len > SHM_MSG_MAX ? UINT32_MAX : shm_msgq_footprint(len);
}

int shm_msgq_put(struct fifo_end *w, uint32_t limit, const struct shm_msg *m,
	const struct span *payload, unsigned n)
{
	int64_t used = fifo_writer_used(w);

	return used < 0 ? -EPROTO : shm_msgq_put_at(w, (uint32_t)used, limit, m,
		payload, n);
}

int shm_msgq_put_at(struct fifo_end *w, uint32_t used, uint32_t limit,
	const struct shm_msg *m, const struct span *payload, unsigned n)
{
	uint64_t need = footprint(m->len), at = sizeof(*m);

	if (used > w->size)
		return -EPROTO;
	if (need > w->size)
		return -EMSGSIZE;
	if ((used > 0 && (uint64_t)used + need > limit) ||
		need > w->size - (uint64_t)used)
		return -ENOBUFS;
	fifo_poke(w, 0, m, sizeof(*m));
	for (unsigned i = 0; i < n; i++) {
		uint64_t room = sizeof(*m) + m->len - at;
		uint32_t len = (uint32_t)(payload[i].len < room ?
			payload[i].len : room);

		fifo_poke(w, (uint32_t)at, payload[i].base, len);
		at += len;
	}
	if (at != sizeof(*m) + m->len)
		return -EINVAL; /* pieces shorter than promised: not published */
	fifo_publish(w, (uint32_t)need);
	/* The next one is like it, and so far away that no processor guesses where. */
	if (at <= SOON_MAX)
		fifo_write_soon(w, (uint32_t)at);
	return 0;
}

int shm_msgq_peek_at(const struct fifo_end *r, uint32_t at, struct shm_msg *m)
{
	int64_t used = fifo_reader_used(r);

	if (used <= (int64_t)at)
		return used < 0 ? -EPROTO : 0;
	if (used - at < (int64_t)sizeof(*m))
		return -EPROTO;
	fifo_peek(r, at, m, sizeof(*m));
	if (footprint(m->len) > (uint64_t)used - at)
		return -EPROTO;
	return 1;
}

int shm_msgq_peek(const struct fifo_end *r, struct shm_msg *m)
{
	return shm_msgq_peek_at(r, 0, m);
}

void shm_msgq_copy(const struct fifo_end *r, uint32_t off, void *dst, uint32_t len)
{
	fifo_peek(r, (uint32_t)sizeof(struct shm_msg) + off, dst, len);
}

void shm_msgq_drop(struct fifo_end *r, const struct shm_msg *m)
{
	fifo_release(r, (uint32_t)footprint(m->len));
}
