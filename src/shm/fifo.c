/* Fifos and their rings. Ring memory is cut from the arena's end, never merged
 * again: a freed ring goes to the list of its size and is the next one used, so
 * that its pages stay resident and in the cache.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "base/atomic.h"
#include "tables.h"

static struct shm_links fifo_links(const struct shm_arena *a)
{
	return (struct shm_links){
		(uint8_t *)a->fifos + offsetof(struct shm_fifo, next_free),
		sizeof(struct shm_fifo), a->n_fifos };
}

static struct shm_links ring_links(const struct shm_arena *a)
{
	return (struct shm_links){
		(uint8_t *)a->rings + offsetof(struct shm_ring, next_free),
		sizeof(struct shm_ring), a->n_rings };
}

/* The checked geometry of ring i: its size's logarithm, 0 when it does not
 * hold. Each field is read once. */
static inline uint32_t ring_geometry(const struct shm_arena *a, uint32_t i,
	uint64_t *offset)
{
	const volatile struct shm_ring *r;
	uint64_t off;
	uint32_t log2;

	if (i == 0 || i >= a->n_rings)
		return 0;
	r = &a->rings[i];
	off = r->offset;
	log2 = r->size_log2;
	if (log2 < SHM_RING_MIN_LOG2 ||
		log2 >= SHM_RING_MIN_LOG2 + SHM_RING_CLASSES)
		return 0;
	if (off < a->bytes_off || off > a->size ||
		a->size - off < (uint64_t)1 << log2)
		return 0;
	*offset = off;
	return log2;
}

/* Never-used memory, 0 when there is none. */
static uint64_t cut_bytes(struct shm_arena *a, uint64_t size)
{
	uint64_t at = atomic_get_relaxed(&a->hdr->bytes_next);

	while (at <= a->bytes_size && a->bytes_size - at >= size &&
		at % SHM_RING_SHARE == 0) {
		if (atomic_cas(&a->hdr->bytes_next, &at, at + size))
			return a->bytes_off + at;
	}
	return 0;
}

static uint32_t ring_take(struct shm_arena *a, uint32_t log2)
{
	struct shm_links l = ring_links(a);
	uint32_t class = log2 - SHM_RING_MIN_LOG2, i;
	uint64_t off;

	i = shm_links_pop(&a->hdr->ring_free[class].head, &l);
	if (i != 0 && ring_geometry(a, i, &off) == log2)
		return i;
	off = cut_bytes(a, (uint64_t)1 << log2);
	if (off == 0)
		return 0;
	i = shm_pool_take(&a->hdr->rings, &l);
	if (i == 0)
		return 0;
	a->rings[i].offset = off;
	a->rings[i].size_log2 = log2;
	return i;
}

static void ring_free(struct shm_arena *a, uint32_t i)
{
	struct shm_links l = ring_links(a);
	uint64_t off;
	uint32_t log2 = ring_geometry(a, i, &off);

	if (log2 != 0)
		shm_links_push(&a->hdr->ring_free[log2 - SHM_RING_MIN_LOG2].head,
			&l, i);
}

static uint32_t ring_log2(uint32_t size)
{
	uint32_t log2 = SHM_RING_MIN_LOG2;

	while (log2 < SHM_RING_MIN_LOG2 + SHM_RING_CLASSES - 1 &&
		(uint32_t)1 << log2 < size)
		log2++;
	return log2;
}

bool shm_ring_waits(const struct shm_arena *a, uint32_t size)
{
	/* An estimate: relaxed. The low half is the first one's index. */
	return (uint32_t)atomic_get_relaxed(&a->hdr->ring_free[ring_log2(size) -
		SHM_RING_MIN_LOG2].head) != 0;
}

uint32_t shm_fifo_take(struct shm_arena *a, uint32_t size)
{
	struct shm_links l = fifo_links(a);
	uint32_t ring = ring_take(a, ring_log2(size)), i;
	struct shm_fifo *f;

	if (ring == 0)
		return 0;
	i = shm_pool_take(&a->hdr->fifos, &l);
	f = shm_fifo_at(a, i);
	if (!f) {
		ring_free(a, ring);
		return 0;
	}
	/* The locks stay: a slow holder of the former life lets go of them. */
	atomic_put_relaxed(&f->sh.tail, 0);
	atomic_put_relaxed(&f->sh.near_tag, 0);
	atomic_put_relaxed(&f->sh.head, 0);
	atomic_put_relaxed(&f->head_seen, 0);
	atomic_put_relaxed(&f->tail_sure, 0);
	atomic_put_relaxed(&f->fin, SHM_FIN_NONE);
	f->ring = ring;
	atomic_put_relaxed(&f->limit, (uint32_t)1 << ring_log2(size));
	atomic_put_relaxed(&f->nospace, 0);
	atomic_put_relaxed(&f->told, 0);
	atomic_put_relaxed(&f->drops, 0);
	atomic_put_relaxed(&f->urg, 0);
	atomic_put_relaxed(&f->mark_at, 0);
	atomic_put_relaxed(&f->marks, 0);
	atomic_put_relaxed(&f->edge, 0);
	atomic_put_relaxed(&f->goal, 0);
	atomic_put_relaxed(&f->w_cpu, 0);
	atomic_put_relaxed(&f->r_cpu, 0);
	return i;
}

uint32_t shm_stream_take(struct shm_arena *a, uint32_t size)
{
	uint32_t i = shm_fifo_take(a, size);
	struct shm_fifo *f = shm_fifo_at(a, i);

	/* The numbers of rings go as their memory does. */
	if (f && f->ring % 2 == 1)
		f->ring |= SHM_RING_LATE;
	return i;
}

void shm_fifo_grow(struct shm_arena *a, uint32_t i, uint32_t size)
{
	struct shm_fifo *f = shm_fifo_at(a, i);
	uint32_t log2 = ring_log2(size), old, ring;
	uint64_t off;

	/* The locks order them: relaxed. */
	if (!f || atomic_get_relaxed(&f->sh.head) != atomic_get_relaxed(&f->sh.tail))
		return;
	old = *(volatile uint32_t *)&f->ring;
	if ((old & SHM_RING_LATE) || ring_geometry(a, old, &off) >= log2)
		return;
	ring = ring_take(a, log2);
	if (ring == 0)
		return;
	f->ring = ring;
	ring_free(a, old);
}

void shm_fifo_free(struct shm_arena *a, uint32_t i)
{
	struct shm_links l = fifo_links(a);
	struct shm_fifo *f = shm_fifo_at(a, i);
	uint32_t ring;

	if (!f || atomic_get_relaxed(&f->next_free) != SHM_LINK_TAKEN)
		return;
	ring = f->ring & ~SHM_RING_LATE;
	f->ring = 0;
	if (shm_links_push(&a->hdr->fifos.head, &l, i))
		ring_free(a, ring);
}

/* What a fifo's ends are made of, checked. */
struct geometry {
	struct shm_fifo *f;
	uint8_t *data;
	uint32_t size, begin;
};

static inline int geometry_of(const struct shm_arena *a, struct shm_fifo *f,
	struct geometry *g)
{
	uint32_t ring, log2;
	uint64_t off;

	g->f = f;
	ring = *(volatile uint32_t *)&f->ring;
	log2 = ring_geometry(a, ring & ~SHM_RING_LATE, &off);
	if (log2 == 0)
		return -EPROTO;
	g->data = a->base + off;
	g->size = (uint32_t)1 << log2;
	g->begin = ring & SHM_RING_LATE ? g->size - SHM_RING_SHARE : 0;
	return 0;
}

static int fifo_geometry(const struct shm_arena *a, uint32_t i, struct geometry *g)
{
	struct shm_fifo *f = shm_fifo_at(a, i);

	return f ? geometry_of(a, f, g) : -EPROTO;
}

static int begin_there(int err, struct fifo_end *e, const struct geometry *g)
{
	if (err == 0)
		fifo_end_begin(e, g->begin);
	return err;
}

int shm_fifo_writer(const struct shm_arena *a, uint32_t i, struct fifo_end *w)
{
	struct geometry g;
	int r = fifo_geometry(a, i, &g);

	return r < 0 ? r : begin_there(fifo_writer_init(w, &g.f->sh, g.data, g.size),
		w, &g);
}

int shm_kept_writer(const struct shm_arena *a, uint32_t i, struct fifo_end *w)
{
	struct geometry g;
	int r = fifo_geometry(a, i, &g);

	if (r < 0)
		return r;
	/* w_lock orders both. Who died in between left tail_sure 0. */
	if (atomic_get_relaxed(&g.f->tail_sure) == 0)
		return begin_there(fifo_writer_init(w, &g.f->sh, g.data, g.size), w,
			&g);
	/* Not to be seen after the release of tail in fifo_publish(). */
	atomic_put_relaxed(&g.f->tail_sure, 0);
	return begin_there(fifo_writer_init_own(w, &g.f->sh, g.data, g.size,
		atomic_get_relaxed(&g.f->tail_kept)), w, &g);
}

void shm_kept_written(const struct shm_arena *a, uint32_t i,
	const struct fifo_end *w)
{
	struct shm_fifo *f = shm_fifo_at(a, i);

	atomic_put_relaxed(&f->tail_kept, w->own);
	/* After it, also for who takes the lock over; pairs with its acquire. */
	atomic_put_release(&f->tail_sure, 1);
}

bool shm_kept_put(const struct shm_arena *a, struct shm_fifo *f, const void *src,
	uint32_t n)
{
	/* All but ring and size is w_lock's, as in shm_kept_writer(). */
	uint32_t own = atomic_get_relaxed(&f->tail_kept), used, limit;
	struct geometry g;
	struct fifo_end w;

	if (atomic_get_relaxed(&f->tail_sure) == 0 || geometry_of(a, f, &g) < 0)
		return false;
	used = own - atomic_get_relaxed(&f->head_seen);
	limit = atomic_get_relaxed(&f->limit);
	if (limit > g.size || used > limit || n > limit - used)
		return false;
	w = (struct fifo_end){ &f->sh, g.data, g.size, own, g.begin };
	/* Not to be seen after the release of tail. */
	atomic_put_relaxed(&f->tail_sure, 0);
	if (n <= FIFO_NEAR) {
		fifo_write_near(&w, src, n);
	} else {
		fifo_poke(&w, 0, src, n);
		fifo_publish(&w, n);
	}
	atomic_put_relaxed(&f->tail_kept, w.own);
	/* After it; pairs with who takes the lock. */
	atomic_put_release(&f->tail_sure, 1);
	return true;
}

int shm_fifo_reader(const struct shm_arena *a, uint32_t i, struct fifo_end *r)
{
	struct geometry g;
	int err = fifo_geometry(a, i, &g);

	return err < 0 ? err : begin_there(fifo_reader_init(r, &g.f->sh, g.data,
		g.size), r, &g);
}
