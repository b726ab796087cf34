/* Inside sock: small questions that every call asks; so inline.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_ASK_H
#define SOCK_ASK_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/atomic.h"
#include "base/touch.h"
#include "shm/packet.h"
#include "sock/service.h"

/* A foreign word read exactly once: what was checked is what is used. */
static inline uint32_t sock_once(const uint32_t *p)
{
	return atomic_word_get(p);
}

static inline struct shm_sock *sock_at(const struct sock_env *e, uint32_t i)
{
	return shm_sock_at(e->arena, i);
}

static inline uint32_t sock_state(const struct shm_sock *s)
{
	/* Pairs with the release stores of state: fifos and names were set
	 * before it. */
	return atomic_get_acquire(&((struct shm_sock *)s)->state);
}

static inline uint32_t sock_flags(const struct shm_sock *s)
{
	/* Pairs with atomic_set_bits(&flags). */
	return atomic_get_acquire(&((struct shm_sock *)s)->flags);
}

/* The record if it is in use, else NULL. */
static inline struct shm_sock *sock_live(const struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_at(e, i);

	return s && sock_state(s) != SHM_SOCK_FREE ? s : NULL;
}

static inline bool sock_is_stream(const struct shm_sock *s)
{
	return s->type == SOCK_STREAM;
}

static inline bool sock_is_echo(const struct shm_sock *s)
{
	return s->type == SOCK_DGRAM && (s->protocol == IPPROTO_ICMP ||
						s->protocol == IPPROTO_ICMPV6);
}

static inline bool sock_is_raw(const struct shm_sock *s)
{
	return s->type == SOCK_RAW;
}

static inline bool sock_is_packet(const struct shm_sock *s)
{
	return s->type == SHM_TYPE_PACKET;
}

static inline bool sock_has_opt(const struct shm_sock *s, uint32_t bit)
{
	return sock_once(&s->opts.bits) & bit;
}

/* Statistics: nobody depends on them, two writers may lose a little. */
static inline void sock_count(_Atomic uint64_t *c, uint64_t n)
{
	atomic_put_relaxed(c, atomic_get_relaxed(c) + n);
}

static inline bool sock_has_dgram(const struct shm_sock *s, uint32_t bit)
{
	return sock_once(&s->opts.dgram_bits) & bit;
}

/* Is the memory there, for the first so many bytes (base/touch.h)? */
static inline bool sock_can_read(const struct iovec *iov, int n, size_t bytes)
{
	for (int k = 0; k < n && bytes > 0; k++) {
		size_t len = iov[k].iov_len < bytes ? iov[k].iov_len : bytes;

		if (len > 0 && !touch_read(iov[k].iov_base, len))
			return false;
		bytes -= len;
	}
	return true;
}

static inline bool sock_can_write(const struct iovec *iov, int n, size_t bytes)
{
	for (int k = 0; k < n && bytes > 0; k++) {
		size_t len = iov[k].iov_len < bytes ? iov[k].iov_len : bytes;

		if (len > 0 && !touch_write(iov[k].iov_base, len))
			return false;
		bytes -= len;
	}
	return true;
}

#endif
