/* Bytes of a stream within the host that its writer holds back: hold.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_HOLD_H
#define SOCK_HOLD_H

#include "inside.h"
#include "sock/held.h"

/* Whose bytes, and which fifo goes the other way (the answers' one). */
struct holding {
	struct shm_fifo *f, *other;
	int64_t now; /* monotonic, ns */
	bool v6;
};

/* Does anything lie behind the tail? One load. */
static inline bool hold_any(const struct shm_fifo *f)
{
	return atomic_get_relaxed(&((struct shm_fifo *)f)->held_at) != 0;
}

/* How many bytes. A figure, but under w_lock. */
uint32_t hold_bytes(const struct shm_fifo *f);

/* --- the writer's end, under w_lock --- */

/* stream.c: as much of iov as fits, after its first `skip` bytes. */
size_t stream_put(struct fifo_end *w, uint32_t limit, const struct iovec *iov, int n,
	size_t skip);

struct hold_write {
	size_t total; /* bytes of the whole write */
	bool more, cork; /* hold back: MSG_MORE; TCP_CORK */
	bool shown, began; /* out: the reader has more to read; or to wait for */
};
/* As stream_put(), behind what is held; then shows what Linux would send now. */
size_t hold_put(const struct holding *h, struct fifo_end *w, uint32_t limit,
	const struct iovec *iov, int n, size_t skip, struct hold_write *p);
/* All of it can be read now. */
void hold_show(struct shm_fifo *f, struct fifo_end *w);

/* Likewise, and w came from shm_kept_writer(). */
static inline void hold_show_kept(const struct sock_env *e, uint32_t fifo,
	struct shm_fifo *f, struct fifo_end *w)
{
	hold_show(f, w);
	shm_kept_written(e->arena, fifo, w);
}

/* --- no lock is held --- */

/* The other end of s writes: may what it holds wait longer? If not it is shown. */
void hold_look(const struct sock_env *e, struct shm_sock *s, struct shm_fifo *rx);
/* The end of s's other end: what it held. reset: only what would have gone before. */
void hold_end(const struct sock_env *e, struct shm_sock *s, bool reset);
/* The reader of socket i is to look when the time is up. True: ring. */
bool hold_tell(struct sock_env *e, uint32_t i, int64_t until);
#define HOLD_NS INT64_C(204000000) /* Linux's probe timer: 200 ms and a tick */

#endif
