/* Several who sleep on one socket: threads, or processes that share it.
 *
 * A doorbell is a byte on the stand-in. It ends every sleep there, as long as it lies
 * there when the sleeper gets to look. So who takes bytes out could take another's
 * wake-up away: the kernel would find the queue empty and put that one back to sleep.
 * But who has looked in vain must take them out, or its next sleep ends at once. Hence:
 *
 *	the last byte is taken only when nobody is inside
 *
 * "Inside" is who may be asleep in the kernel and would miss it: each process's number
 * of threads in `inside`, and each epoll for which a bell was rung that its waiter has
 * not taken yet (SHM_RUNG). Going inside and taking out exclude each other by
 * bell_lock; who goes inside looks at its condition after that. Who finds others
 * inside takes all but one byte (so that the queue never gets full) and waits until the
 * last of them has left: that byte makes them leave.
 *
 *	sleeper: [lock: inside + 1]  look  rung? sleep  inside - 1, fence, bell_wait?
 *	taker:	 bell_wait + 1, fence, [lock: inside == 0 ? take all : all but one]
 *
 * That wait has a limit, for a process that is stopped while it is inside. One that
 * was killed there counts no more when the service has seen it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bells.h"

#include <linux/futex.h>
#include <sys/ioctl.h>
#include <time.h>

#include "shm/delay.h"

static uint32_t own_word(void)
{
	return shm_owner_word(cl.arena.self_slot, cl.arena.self_gen);
}

static uint32_t threads_of(uint64_t place)
{
	return (uint32_t)place;
}

static uint32_t word_of(uint64_t place)
{
	return (uint32_t)(place >> 32);
}

/* Under bell_lock: this process's place, or one that nobody uses. It is mostly the one
 * that it had the last time. */
static _Atomic uint64_t *find_place(struct shm_sock *s)
{
	_Atomic uint64_t *unused = NULL;

	for (int k = 0; k < SHM_INSIDE; k++) {
		uint64_t p = atomic_get_relaxed(&s->inside[k]);

		if (word_of(p) == own_word())
			return &s->inside[k];
		if (!unused && (threads_of(p) == 0 ||
			shm_owner_dead(&cl.arena, word_of(p))))
			unused = &s->inside[k];
	}
	if (unused)
		atomic_put_relaxed(unused, (uint64_t)own_word() << 32);
	return unused;
}

bool bells_enter(const struct fd_ref *r)
{
	_Atomic uint64_t *place;

	if (!shm_lock_acquire(&cl.arena, &r->s->bell_lock))
		return false;
	place = find_place(r->s);
	if (place)
		atomic_add(place, 1);
	shm_lock_release(&cl.arena, &r->s->bell_lock);
	/* Pairs with the taker's, and with the ringer's before it looks for sleepers. */
	atomic_full_fence();
	SHM_DELAY(&cl.arena);
	return place != NULL;
}

static void tell_waiting(struct shm_sock *s)
{
	atomic_add(&s->bell, 1);
	sys_call6(SYS_futex, &s->bell, FUTEX_WAKE, INT32_MAX, 0, 0, 0);
}

void bells_leave(const struct fd_ref *r)
{
	struct shm_sock *s = r->s;

	SHM_DELAY(&cl.arena);
	for (int k = 0; k < SHM_INSIDE; k++) {
		uint64_t p = atomic_get_relaxed(&s->inside[k]);

		while (word_of(p) == own_word() && threads_of(p) > 0) {
			if (!atomic_cas(&s->inside[k], &p, p - 1))
				continue;
			k = SHM_INSIDE;
			break;
		}
	}
	/* Pairs with the waiter's: bell_wait, fence, look at inside. */
	atomic_full_fence();
	if (atomic_get_relaxed(&s->bell_wait) > 0)
		tell_waiting(s);
}

/* Under bell_lock. */
static bool anybody_inside(struct shm_sock *s)
{
	for (int k = 0; k < SHM_INSIDE; k++) {
		uint64_t p = atomic_get_relaxed(&s->inside[k]);

		if (threads_of(p) > 0 && !shm_owner_dead(&cl.arena, word_of(p)))
			return true;
	}
	return false;
}

/* An epoll whose bell lies here still. */
static bool any_rung(struct shm_sock *s)
{
	bool rung = false;
	uint32_t k = atomic_get_relaxed(&s->watch);

	if (k == 0)
		return false;
	if (!shm_lock_acquire(&cl.arena, &s->watch_lock))
		return true;
	k = atomic_get_relaxed(&s->watch);
	for (uint32_t n = 0; n < cl.arena.n_items && !rung; n++) {
		const struct shm_item *it = shm_item_at(&cl.arena, k);
		struct shm_epoll *ep = it ? shm_epoll_at(&cl.arena,
			atomic_word_get(&it->epoll)) : NULL;

		if (!it)
			break;
		rung = ep && atomic_get_acquire(&it->live) == ITEM_LIVE &&
			atomic_get_relaxed(&ep->armed) == SHM_RUNG;
		k = atomic_word_get(&it->watch_next);
	}
	shm_lock_release(&cl.arena, &s->watch_lock);
	return rung;
}

/* Bells of a stream that lie there now. */
static int count_bells(int fd)
{
	int n = 0;

	return sys_call3(SYS_ioctl, fd, FIONREAD, &n) < 0 ? 0 : n;
}

static void take_bells(int fd, int n)
{
	char bells[512];

	while (n > 0) {
		size_t some = (size_t)n < sizeof(bells) ? (size_t)n : sizeof(bells);
		long got = sys_call6(SYS_recvfrom, fd, bells, some, MSG_DONTWAIT, 0, 0);

		if (got <= 0)
			return;
		n -= (int)got;
	}
}

/* Under bell_lock. A bell that comes after the count stays: it may be an epoll's for
 * which nobody had rung when we looked. */
static enum bells take_stream(const struct fd_ref *r)
{
	int n;

	/* Before the count: who rings later puts it up again. Pairs with the ringer's
	 * store. Down although a bell is left: that sleep ends at once, no harm. */
	atomic_swap(&r->s->rung, 0);
	n = count_bells(r->fd);
	if (n == 0)
		return standin_look(r->fd) == STANDIN_GONE ? BELLS_GONE : BELLS_TAKEN;
	SHM_DELAY(&cl.arena);
	if (!anybody_inside(r->s) && !any_rung(r->s)) {
		SHM_DELAY(&cl.arena);
		take_bells(r->fd, n);
		return BELLS_TAKEN;
	}
	take_bells(r->fd, n - 1);
	atomic_put_release(&r->s->rung, 1); /* pairs with who goes to sleep */
	return BELLS_LEFT;
}

/* Of datagrams the kernel does not tell how many there are: so all, and one back by
 * the socket's name. Not again before somebody has rung anew: it is a bell for us,
 * too. Pairs with the ringer's store of 1, before its byte. */
static enum bells take_dgrams(const struct fd_ref *r)
{
	bool needed = anybody_inside(r->s) || any_rung(r->s);

	if (needed && atomic_get_acquire(&r->s->rung) == BELL_PUT_BACK)
		return BELLS_LEFT;
	standin_drain(r);
	if (!needed && !any_rung(r->s))
		return BELLS_TAKEN;
	standin_put_back(r);
	return BELLS_LEFT;
}

/* In that state each system call counts, and the kernel tells less. */
static enum bells take_confined(const struct fd_ref *r)
{
	if (anybody_inside(r->s) || any_rung(r->s))
		return BELLS_LEFT;
	return standin_drain(r) == STANDIN_GONE ? BELLS_GONE : BELLS_TAKEN;
}

/* own: how many of those who wait for bells to be taken are the caller. */
static enum bells take(const struct fd_ref *r, uint32_t own)
{
	struct shm_sock *s = r->s;
	enum bells got;

	if (!shm_lock_acquire(&cl.arena, &s->bell_lock))
		return BELLS_LEFT;
	if (client_is_confined())
		got = take_confined(r);
	else
		got = s->type == SOCK_STREAM ? take_stream(r) : take_dgrams(r);
	shm_lock_release(&cl.arena, &s->bell_lock);
	if (got == BELLS_LEFT)
		return got;
	atomic_full_fence(); /* pairs with bells_clear()'s */
	if (atomic_get_relaxed(&s->bell_wait) > own)
		tell_waiting(s);
	return got;
}

enum bells bells_take(const struct fd_ref *r)
{
	return take(r, 0);
}

void bells_heard(uint32_t i)
{
	struct shm_sock *s = shm_sock_at(&cl.arena, i);

	/* Pairs with bells_clear()'s: the caller has taken RUNG down. */
	atomic_full_fence();
	if (s && atomic_get_relaxed(&s->bell_wait) > 0)
		tell_waiting(s);
}

struct waiting {
	struct shm_sock *s;
};

static void waiting_ends(struct waiting *w)
{
	atomic_sub(&w->s->bell_wait, 1);
}

int bells_clear(const struct fd_ref *r, int64_t deadline)
{
	struct waiting w __attribute__((cleanup(waiting_ends), unused)) = { r->s };
	int64_t left = deadline == WAIT_FOREVER ? BELLS_LIMIT_NS :
		deadline - sys_now_ns();
	struct timespec limit;
	enum bells got;
	uint32_t seen;
	long err;

	if (left > BELLS_LIMIT_NS)
		left = BELLS_LIMIT_NS;
	limit = (struct timespec){ 0, left > 0 ? left : 0 };
	atomic_add(&r->s->bell_wait, 1);
	seen = atomic_get_acquire(&r->s->bell);
	atomic_full_fence(); /* pairs with bells_leave()'s */
	SHM_DELAY(&cl.arena);
	got = take(r, 1);
	if (got == BELLS_GONE)
		standin_gone(r);
	if (got != BELLS_LEFT)
		return 0;
	if (client_is_confined())
		return -ETIMEDOUT;
	err = call_sleep(SYS_futex, SYS_ARG(&r->s->bell), FUTEX_WAIT, seen,
		SYS_ARG(&limit), 0, 0);
	return err == -EINTR || err == -ETIMEDOUT ? (int)err : 0;
}
