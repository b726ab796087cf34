/* The one place that wraps C11 atomics. The wrappers name the order at the
 * call, so that a reader sees it and may ask for the partner (every use says
 * in a comment which load or store it pairs with).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_ATOMIC_H
#define BASE_ATOMIC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define atomic_get_relaxed(p) atomic_load_explicit((p), memory_order_relaxed)
#define atomic_get_acquire(p) atomic_load_explicit((p), memory_order_acquire)
#define atomic_put_relaxed(p, v) \
	atomic_store_explicit((p), (v), memory_order_relaxed)
#define atomic_put_release(p, v) \
	atomic_store_explicit((p), (v), memory_order_release)
#define atomic_swap(p, v) \
	atomic_exchange_explicit((p), (v), memory_order_acq_rel)
#define atomic_add(p, v) \
	atomic_fetch_add_explicit((p), (v), memory_order_acq_rel)
#define atomic_sub(p, v) \
	atomic_fetch_sub_explicit((p), (v), memory_order_acq_rel)
#define atomic_set_bits(p, v) \
	atomic_fetch_or_explicit((p), (v), memory_order_acq_rel)
#define atomic_clear_bits(p, v) \
	atomic_fetch_and_explicit((p), ~(v), memory_order_acq_rel)
/* *expected is updated on failure, as in C11. */
#define atomic_cas(p, expected, v) \
	atomic_compare_exchange_strong_explicit((p), (expected), (v), \
		memory_order_acq_rel, memory_order_acquire)

/* Store-load order between two parties that each write one word and then read
 * the other's (the doorbell's rule). */
static inline void atomic_full_fence(void)
{
	atomic_thread_fence(memory_order_seq_cst);
}

/* Plain words that others may be reading or writing at this moment: one whole load
 * or store each, in no order. */
typedef uint32_t __attribute__((__may_alias__)) atomic_word;

static inline uint32_t atomic_word_get(const atomic_word *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

/* v, if it is still `was`. */
static inline void atomic_word_cas(atomic_word *p, uint32_t was, uint32_t v)
{
	__atomic_compare_exchange_n(p, &was, v, false, __ATOMIC_RELAXED,
		__ATOMIC_RELAXED);
}

static inline void atomic_word_put(atomic_word *p, uint32_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELAXED);
}

#if defined(__x86_64__) || defined(__i386__)
#define ATOMIC_PAUSE_() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define ATOMIC_PAUSE_() __asm__ volatile("yield")
#else
#define ATOMIC_PAUSE_() ((void)0)
#endif

static inline void atomic_pause(void)
{
	ATOMIC_PAUSE_();
}

#endif
