/* Inside the client: a call in progress, as signals and cancellation see it.
 *
 * The kernel runs a program's handler when a call sleeps (which ends it) or when
 * it is over, never in its midst. So do we: CALL() stands around all that a
 * call does with our records. A signal that comes meanwhile is put off (signal.c):
 * it is queued to the thread again, blocked, and unblocked at the call's end.
 * Only sleeps (call_sleep) are cut short by it. So a handler may use the very
 * socket whose call it interrupted, or leave it by siglongjmp(): nothing is locked
 * and nothing of ours lies on the stack.
 *
 *	CALL()	..looks.. spins ..last look..[call_sleep: due?; system call]..	end
 *	  signal: put off ------------------> -EINTR ------------------------> runs
 *
 * Between "due?" and the system call the handler moves the program counter.
 *
 * Unwinding (cancellation) happens in call_sleep alone; what is to be undone then
 * carries the cleanup attribute.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_CALL_H
#define CLIENT_CALL_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"

/* What a call returns (negated) that a signal cut short, and which begins again
 * if the handler was installed with SA_RESTART: Linux's ERESTARTSYS. The end of
 * the outermost CALL() makes -EINTR, or another try, of it. */
#define CALL_INTERRUPTED 512

/* A thread's own. Its handlers write it too: hence the atomics. No partner. */
struct call_thread {
	uint32_t inside;   /* CALL()s within each other */
	_Atomic uint32_t wake; /* a signal is due that ends sleeps */
	uint32_t async;	   /* PTHREAD_CANCEL_ASYNCHRONOUS */
	bool restart;	   /* the first of these came with SA_RESTART */
	_Atomic uint64_t due; /* signals put off, CALL_MASKED */
	uint64_t added;	   /* those of them that we have blocked */
	uint64_t mask;	   /* CALL_MASKED: the thread's while the call sleeps */
};

/* Not a signal: 32 is libc's own, which is never put off. */
#define CALL_MASKED (UINT64_C(1) << 31)

extern _Thread_local struct call_thread call_self;

struct call {
	bool open;
};

void call_async(bool on);
bool call_deliver(long *r);
void call_unwound(void);

#define call_barrier() __asm__ volatile("" ::: "memory")

static inline struct call call_begin(void)
{
	call_self.inside++;
	call_barrier();
	if (__builtin_expect(call_self.async, 0))
		call_async(false);
	return (struct call){ true };
}

/* True: again, from the start. */
static inline bool call_end(struct call *c, long *r)
{
	c->open = false;
	if (__builtin_expect(call_self.async, 0))
		call_async(true);
	call_barrier();
	if (--call_self.inside > 0)
		return false;
	call_barrier();
	return __builtin_expect(atomic_get_relaxed(&call_self.due) != 0, 0) && call_deliver(r);
}

static inline void call_abandon(struct call *c)
{
	if (c->open)
		call_unwound();
}

/* var = expr, as a call on our records. True: a handler ran that wants the call
 * to begin again, at its arguments. */
#define CALL(var, expr) \
	({ \
		struct call call_ __attribute__((cleanup(call_abandon))) = \
			call_begin(); \
		long call_r_ = (long)(expr); \
		bool call_again_ = call_end(&call_, &call_r_); \
		(var) = (__typeof__(var))call_r_; \
		call_again_; \
	})

/* From here to the end of the block, for what never sleeps. */
#define CALL_GUARD() \
	struct call call_guard_ __attribute__((cleanup(call_leave), unused)) = call_begin()

static inline void call_leave(struct call *c)
{
	long r = 0;

	(void)call_end(c, &r);
}

/* The thread's signal mask while this call sleeps; NULL: as it is. */
void call_set_mask(const sigset_t *mask);

/* A system call that may sleep, within CALL(); -EINTR when a signal is due. Here
 * a thread may be cancelled. */
long call_sleep(long nr, long a, long b, long c, long d, long e, long f);
/* Of what call_sleep() returned, for calls that may begin again. */
static inline long call_interrupted(long r)
{
	return r == -EINTR && atomic_get_relaxed(&call_self.wake) ? -CALL_INTERRUPTED : r;
}

/* For signal.c: where the thread goes on; not to sleep, if it was about to. */
uintptr_t call_keep_awake(uintptr_t pc);
/* signal.c: what stands in the kernel. */
void client_signal_handler(int sig, siginfo_t *info, void *context);

#endif
