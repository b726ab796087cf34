/* Datagrams in a byte fifo. A message becomes visible by one publishing store
 * when it is whole; the reader checks the length that it finds against what has
 * been published before it goes on.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "shm/msgq.h"

#include <errno.h>

static uint64_t footprint(uint32_t len)
{
	return sizeof(struct shm_msg) + (((uint64_t)len + 7) & ~(uint64_t)7);
}

int shm_msgq_put(struct fifo_end *w, uint32_t limit, const struct shm_msg *m,
	const struct span *payload, unsigned n)
{
	int64_t used = fifo_writer_used(w);
	uint64_t need = footprint(m->len), at = sizeof(*m);

	if (used < 0)
		return -EPROTO;
	if (need > w->size)
		return -EMSGSIZE;
	if (used > limit || need > w->size - (uint64_t)used)
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
	return 0;
}

int shm_msgq_peek(const struct fifo_end *r, struct shm_msg *m)
{
	int64_t used = fifo_reader_used(r);

	if (used == 0)
		return 0;
	if (used < (int64_t)sizeof(*m))
		return -EPROTO;
	fifo_peek(r, 0, m, sizeof(*m));
	if (footprint(m->len) > (uint64_t)used)
		return -EPROTO;
	return 1;
}

void shm_msgq_copy(const struct fifo_end *r, uint32_t off, void *dst, uint32_t len)
{
	fifo_peek(r, (uint32_t)sizeof(struct shm_msg) + off, dst, len);
}

void shm_msgq_drop(struct fifo_end *r, const struct shm_msg *m)
{
	fifo_release(r, (uint32_t)footprint(m->len));
}
