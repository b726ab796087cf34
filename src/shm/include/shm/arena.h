/* A mapped arena: where it lies, and the geometry that this process trusts
 * (copied and checked once when it was mapped, never read again).
 *
 * Creating the memfd, sealing and mmap are the caller's (service, client): this
 * layer makes no system call. Taking records is lock-free and safe against the
 * death of a process at any instruction (at worst one record is lost until the
 * service's sweep). SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_ARENA_H
#define SHM_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/atomic.h"
#include "shm/layout.h"
#include "shm/tcpinfo.h"

struct shm_arena {
	struct shm_header *hdr;
	uint8_t *base;	/* mapping; owner: caller */
	uint64_t size;	/* bytes mapped */
	struct shm_proc *procs;
	struct shm_sock *socks;
	struct shm_fifo *fifos;
	struct shm_ring *rings;
	struct shm_epoll *epolls;
	struct shm_item *items;
	_Atomic uint32_t *ports; /* bucket heads: [2][n_ports] */
	_Atomic uint32_t *tw_newest; /* [n_ports], behind them: by local port */
	_Atomic uint32_t *tw_pairs; /* [n_ports], behind those: by both ports */
	struct shm_time_wait *time_waits;
	struct shm_tcp_told *infos; /* by socket */
	uint8_t *bytes;
	uint64_t bytes_off, bytes_size;
	uint32_t n_procs, n_socks, n_fifos, n_rings, n_epolls, n_items, n_ports;
	uint32_t n_time_waits; /* a power of two */
	/* Who am I in lock words; 0 the service. A program sets it after it
	 * registered. */
	uint32_t self_slot, self_gen;
	/* Called between tries when a lock is taken: may yield the processor.
	 * NULL: only pause. */
	void (*relax)(unsigned tries);
	/* 0: wait for locks for ever (programs). Else give up after so many
	 * tries: the service must not hang on a hostile program. */
	unsigned lock_tries;
};

struct shm_geometry {
	uint64_t size; /* bytes; 0: default (16 GiB, sparse) */
	uint32_t n_socks, n_fifos, n_rings, n_epolls, n_items, n_ports; /* 0: default */
	uint32_t n_time_waits;
};

/* Bytes that an arena of this geometry takes. */
uint64_t shm_arena_size(const struct shm_geometry *g);
/* Lay out fresh zeroed memory. 0 or -EINVAL. */
int shm_arena_create(struct shm_arena *a, void *base, uint64_t size,
	const struct shm_geometry *g);
/* Look at memory made by another process: -EPROTO when header, version or any
 * offset is not right. */
int shm_arena_attach(struct shm_arena *a, void *base, uint64_t size);

/* Index -> record, NULL when out of range or 0. */
static inline struct shm_sock *shm_sock_at(const struct shm_arena *a, uint32_t i)
{
	return i > 0 && i < a->n_socks ? &a->socks[i] : NULL;
}

static inline struct shm_fifo *shm_fifo_at(const struct shm_arena *a, uint32_t i)
{
	return i > 0 && i < a->n_fifos ? &a->fifos[i] : NULL;
}

static inline struct shm_epoll *shm_epoll_at(const struct shm_arena *a, uint32_t i)
{
	return i > 0 && i < a->n_epolls ? &a->epolls[i] : NULL;
}

static inline struct shm_item *shm_item_at(const struct shm_arena *a, uint32_t i)
{
	return i > 0 && i < a->n_items ? &a->items[i] : NULL;
}

/* Take a record, zeroed but for gen (which is new): index, 0 when none left. */
uint32_t shm_sock_take(struct shm_arena *a);
uint32_t shm_epoll_take(struct shm_arena *a);
uint32_t shm_item_take(struct shm_arena *a);
/* A fifo with a ring of at least `size` bytes (rounded up to a power of two,
 * 4 KiB..256 MiB) and limit = that size. 0 when none left. */
uint32_t shm_fifo_take(struct shm_arena *a, uint32_t size);
/* The same for a direction of a stream: two that are taken one after the other touch
 * one page as long as they carry little (SHM_RING_LATE). */
uint32_t shm_stream_take(struct shm_arena *a, uint32_t size);
/* Would one of that size get a ring that was used before? An estimate. */
bool shm_ring_waits(const struct shm_arena *a, uint32_t size);
/* A ring of at least that size for an empty fifo that is no stream's: nothing happens to
 * another, or when there is none. The caller holds both ends' locks, under which whoever
 * uses the ring looks where it is. */
void shm_fifo_grow(struct shm_arena *a, uint32_t i, uint32_t size);
/* Give back (service; items and epolls: also their owner). Ignores 0 and bad
 * indices; a double free is refused. */
void shm_sock_free(struct shm_arena *a, uint32_t i);
void shm_fifo_free(struct shm_arena *a, uint32_t i);
void shm_epoll_free(struct shm_arena *a, uint32_t i);
void shm_item_free(struct shm_arena *a, uint32_t i);

/* The ends of fifo i with checked geometry: 0, -EPROTO when the record does not
 * hold (ring out of range). */
int shm_fifo_writer(const struct shm_arena *a, uint32_t i, struct fifo_end *w);
int shm_fifo_reader(const struct shm_arena *a, uint32_t i, struct fifo_end *r);
/* As shm_fifo_writer(), under w_lock, where all writers do so: tail's line, at which
 * the reader looks all the time, is left alone. To be ended with the second, after the
 * last fifo_publish(), unless something is wrong there. */
int shm_kept_writer(const struct shm_arena *a, uint32_t i, struct fifo_end *w);
void shm_kept_written(const struct shm_arena *a, uint32_t i,
	const struct fifo_end *w);
/* Both, with all of n bytes in between, which are published. False, and nothing was
 * done: they do not surely fit, or something is wrong there. */
bool shm_kept_put(const struct shm_arena *a, struct shm_fifo *f, const void *src,
	uint32_t n);

/* Locks. acquire: true, or false after a->lock_tries (never for programs).
 * Steals from an owner whose process is dead. */
bool shm_lock_acquire(const struct shm_arena *a, struct shm_lock *l);
bool shm_lock_try(const struct shm_arena *a, struct shm_lock *l);
/* What a lock, or a record's `queued`, holds while this process owns it; not 0. */
static inline uint32_t shm_owner_word(uint32_t slot, uint32_t gen)
{
	return (slot + 1) << 16 | (gen & 0xffff);
}
/* If it is free: one try. */
static inline bool shm_lock_take_free(const struct shm_arena *a, struct shm_lock *l)
{
	uint32_t none = 0;

	/* Acquire: pairs with the release store below. */
	return atomic_cas(&l->word, &none, shm_owner_word(a->self_slot, a->self_gen));
}
static inline void shm_lock_release(const struct shm_arena *a, struct shm_lock *l)
{
	(void)a;
	/* Pairs with the compare-and-swap in shm_lock_try(). */
	atomic_put_release(&l->word, 0);
}
/* Does that word's process live no more? */
bool shm_owner_dead(const struct shm_arena *a, uint32_t word);

/* Lock-free stacks through a link field, used for svc_ready and epoll ready. A
 * record that is on its stack already is not pushed again. Whoever walks a chain
 * reads a record's link, then clears its `queued` (atomic_swap), then looks at its
 * state: so a push in between comes again. Items that are no longer live or
 * belong to another epoll are passed over (but `queued` is cleared). */
void shm_stack_push_sock(struct shm_arena *a, uint32_t i);
/* All of svc_ready, latest first; returns the first index, follow svc_next.
 * The service must bound its walk. */
uint32_t shm_stack_pop_socks(struct shm_arena *a);
/* Service, after the process in that slot and generation died and after svc_ready
 * was emptied since: pushes what the dead one had marked but not pushed; their
 * number. */
unsigned shm_stack_rescue_socks(struct shm_arena *a, uint32_t slot, uint32_t gen);
void shm_stack_push_item(struct shm_arena *a, struct shm_epoll *e, uint32_t i);
uint32_t shm_stack_pop_items(struct shm_arena *a, struct shm_epoll *e);

#endif
