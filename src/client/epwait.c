/* epoll_wait(): the ready stack first, then the kernel.
 *
 *	take the whole stack; for each item, oldest first: take `queued` down,
 *	compute its events from the record
 *		level-triggered and ready	-> reported, back on the stack
 *		edge-triggered and ready	-> reported
 *		one-shot			-> reported, silent until MOD
 *		nothing				-> dropped; a producer pushes it again
 *	what does not fit in the program's array goes back first
 *
 * An edge is a push: a producer pushes at each enqueue if the item is not on the
 * stack, and room for a writer that saw none; so new bytes give a new edge though
 * old ones are unread, as on Linux.
 *
 * Sleeping: armed, full fence, one more look, then the real epoll. What the kernel
 * returns with our mark is a doorbell or a hangup of a stand-in: the item itself
 * has been pushed by whoever rang. While ours are busy the kernel is asked, without
 * waiting, every NATIVE_US, if it has any of its own descriptors in the set.
 *
 * Several threads may wait on one set: who takes the stack and leaves something
 * on it kicks another (epoll.c).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bells.h"
#include "epoll.h"
#include "user.h"
#include "spin.h"

#define NATIVE_US 20u /* the kernel is not asked more often while ours are busy */
#define KERNEL_LOOKS 8 /* between two thoughts of asking it, in a spin */
#define EVENTS_MAX (INT32_MAX / (int)sizeof(struct epoll_event)) /* Linux's */
#define TOLD_MAX 64	/* items of the stack; the others' sleepers have a limit */
#define COLLECT_MAX 256 /* events of ours at a time */

/* A socket that is not ours is in the set as long as others have it open. If they
 * have died since, the sweep may not have been there yet. */
static bool is_closed(const struct fd_ref *r)
{
	if (standin_ask_kernel(atomic_get_relaxed(&r->s->ino),
		atomic_get_relaxed(&r->s->cookie)) != 1)
		return false;
	epoll_socket_gone(r->i, r->gen);
	return true;
}

/* The socket of an item, with fd -1 if this process does not have it under the
 * item's number: another has added it, or the number has been closed here while
 * another process goes on. False: it is gone. */
static bool item_socket(const struct shm_item *it, struct fd_ref *r)
{
	uint32_t i = it->sock, gen = it->sock_gen;
	int err;

	if (fd_lookup(it->fd, r, &err) == FD_SOCKET && r->i == i && r->gen == gen)
		return true;
	*r = (struct fd_ref){ .fd = -1, .i = i, .gen = gen,
		.s = shm_sock_at(&cl.arena, i) };
	return r->s && atomic_get_relaxed(&r->s->gen) == gen && !is_closed(r);
}

/* Bytes are held back: the set's waiters are to look again. */
static void note_held(const struct shm_item *it, const struct fd_ref *r)
{
	int64_t at = wait_look(r, WAIT_FOREVER);
	struct shm_epoll *ep = shm_epoll_at(&cl.arena, it->epoll);

	if (at != WAIT_FOREVER && ep)
		sock_look_at(ep, at);
}

/* It is the time for that: onto the stack with all of them. */
static void look_at_held(const struct fd_ref *ep)
{
	int64_t at = atomic_get_relaxed(&ep->ep->look_at);

	if (at == 0 || sys_now_ns() < at || !atomic_cas(&ep->ep->look_at, &at, 0))
		return;
	shm_lock_acquire(&cl.arena, &ep->ep->lock);
	for (uint32_t i = ep->ep->items, n = 0; n < cl.arena.n_items; n++) {
		const struct shm_item *it = shm_item_at(&cl.arena, i);

		if (!it)
			break;
		if (!(it->sock & SHM_ITEM_SET) && sock_held_until(&cl.env, it->sock))
			shm_stack_push_item(&cl.arena, ep->ep, i);
		i = it->next;
	}
	shm_lock_release(&cl.arena, &ep->ep->lock);
}

/* The events that an item has now; 0 none. */
static uint32_t item_events(const struct shm_item *it, uint32_t wanted)
{
	uint32_t always = EPOLLERR | EPOLLHUP, got;
	struct fd_ref r;

	if (!item_socket(it, &r))
		return 0;
	/* POLL* and EPOLL* are the same numbers. */
	got = socket_ready(&r, wanted & 0xffff) & (wanted | always);
	if ((wanted & EPOLLIN) && !(got & EPOLLIN))
		note_held(it, &r);
	return got;
}

/* From newest-first to oldest-first, in place (the chain is ours alone). */
static uint32_t reverse(uint32_t i)
{
	uint32_t prev = 0;

	while (i != 0) {
		struct shm_item *it = shm_item_at(&cl.arena, i);
		uint32_t next;

		if (!it)
			break;
		next = atomic_get_relaxed(&it->ready_next);
		atomic_put_relaxed(&it->ready_next, prev);
		prev = i;
		i = next;
	}
	return prev;
}

/* One-shot, and it seems that something is there. Several threads may see that, as a
 * producer can push the item again while it is being served: who turns the events
 * to 0 reports it, and reports what is true after that. */
static uint32_t claim(struct shm_item *it, uint32_t wanted)
{
	uint32_t got, none = 0;

	do {
		/* Another has it, or MOD came, which queues it again. */
		if (!atomic_cas(&it->events, &wanted, 0))
			return 0;
		got = item_events(it, wanted);
		/* Nothing any more: armed as before, if MOD has not done it. */
		if (got || !atomic_cas(&it->events, &none, wanted))
			return got;
		/* What came meanwhile found events 0 and did not push. Pairs with
		 * push_item()'s caller: publish, fence, look at events. */
		atomic_full_fence();
	} while (item_events(it, wanted));
	return 0;
}

/* One item off the stack. True: *ev filled; *again: belongs back. */
static bool serve(const struct fd_ref *ep, uint32_t i, struct epoll_event *ev,
	bool *again)
{
	struct shm_item *it = shm_item_at(&cl.arena, i);
	uint32_t wanted, got, life;

	*again = false;
	/* Down before the state is looked at: pairs with the swap of the push,
	 * which comes after the change of state. */
	atomic_swap(&it->queued, 0);
	life = atomic_get_acquire(&it->live);
	if (life == ITEM_DROPPED)
		epoll_item_popped(ep, i);
	/* Pairs with the swap in item_del(). */
	if (life != ITEM_LIVE || it->epoll != ep->i || atomic_get_acquire(&it->resting))
		return false;
	wanted = atomic_get_acquire(&it->events);
	if (wanted == 0)
		return false; /* one-shot that has fired; MOD arms it again */
	got = item_events(it, wanted);
	if (got && (wanted & EPOLLONESHOT))
		got = claim(it, wanted);
	if (got == 0)
		return false;
	ev->events = got;
	ev->data.u64 = atomic_get_relaxed(&it->data);
	if (!(wanted & (EPOLLET | EPOLLONESHOT)))
		*again = true;
	return true;
}

/* Serve the stack into ev; *left: something is on it again. */
static int collect(const struct fd_ref *ep, struct epoll_event *ev, int max,
	bool *left)
{
	uint32_t i = reverse(shm_stack_pop_items(&cl.arena, ep->ep));
	uint32_t level[COLLECT_MAX], last = 0;
	int n = 0, n_level = 0;
	bool again;

	*left = false;
	while (i != 0) {
		struct shm_item *it = shm_item_at(&cl.arena, i);
		uint32_t next;

		if (!it)
			break;
		/* Link first: once `queued` is down others may write it. */
		next = atomic_get_relaxed(&it->ready_next);
		if (n == max || n == COLLECT_MAX) {
			atomic_swap(&it->queued, 0);
			shm_stack_push_item(&cl.arena, ep->ep, i);
			*left = true;
		} else if (serve(ep, i, &ev[n], &again)) {
			n++;
			last = it->sock;
			if (again)
				level[n_level++] = i;
		}
		i = next;
	}
	/* After those that had no turn. */
	for (int k = 0; k < n_level; k++)
		shm_stack_push_item(&cl.arena, ep->ep, level[k]);
	*left |= n_level > 0;
	if (last != 0)
		atomic_put_relaxed(&epoll_note(ep->i)->last, last);
	if (atomic_get_relaxed(&ep->ep->nested) != 0 && n < max)
		n += epoll_collect_nested(ep, ev + n, max - n);
	return n;
}

/* Rung stays so: another thread may still have to take that bell. */
static void set_armed(struct shm_epoll *ep)
{
	uint32_t awake = SHM_AWAKE;

	atomic_cas(&ep->armed, &awake, SHM_ARMED);
}

bool epoll_peek_ready(const struct fd_ref *r)
{
	uint32_t i;
	bool ready = false;

	/* Sticky: who polls the descriptor does not tell us when he stops. */
	atomic_put_relaxed(&epoll_note(r->i)->nested, 1);
	set_armed(r->ep);
	atomic_full_fence(); /* pairs with the producer's, before it rings */
	look_at_held(r);
	i = reverse(shm_stack_pop_items(&cl.arena, r->ep));
	while (i != 0) {
		struct shm_item *it = shm_item_at(&cl.arena, i);
		uint32_t next, wanted;

		if (!it)
			break;
		next = atomic_get_relaxed(&it->ready_next);
		atomic_swap(&it->queued, 0);
		wanted = atomic_get_acquire(&it->events);
		if (atomic_get_acquire(&it->live) == ITEM_DROPPED)
			epoll_item_popped(r, i);
		else if (wanted != 0 && atomic_get_acquire(&it->live) && it->epoll == r->i &&
			!atomic_get_acquire(&it->resting) && item_events(it, wanted)) {
			ready = true;
			shm_stack_push_item(&cl.arena, r->ep, i);
		}
		i = next;
	}
	return ready;
}

/* --- the kernel's part ------------------------------------------------------------- */

#define RESCUE_LOOKS 64 /* items, from the stack's top */

/* The peer is gone. If it was killed between marking the item and pushing it, the
 * mark stays and nobody can push it; nor can we know whether the mark was its own.
 * So an item that is marked and not on the stack makes place for a new one. */
static void rescue(const struct fd_ref *ep, const struct fd_ref *r, uint32_t i)
{
	uint32_t k = (uint32_t)atomic_get_relaxed(&ep->ep->ready);
	const struct shm_item *it = shm_item_at(&cl.arena, i);

	if (atomic_get_relaxed(&it->queued) == 0)
		return;
	for (int n = 0; n < RESCUE_LOOKS; n++) {
		if (k == i)
			return;
		it = shm_item_at(&cl.arena, k);
		if (!it)
			break;
		k = atomic_get_relaxed(&it->ready_next);
	}
	epoll_item_renew(ep, r, i);
}

/* A stand-in of the set has something: bells or a hangup. */
void epoll_native_event(const struct fd_ref *ep, uint32_t i, uint32_t events)
{
	struct shm_item *it = shm_item_at(&cl.arena, i);
	struct epoll_event base = { .events = EPOLL_BASE,
		.data = { .u64 = ep->ep->mark | i } };
	struct fd_ref r;

	if (!it || atomic_get_acquire(&it->live) != ITEM_LIVE ||
		it->epoll != ep->i)
		return;
	if (it->sock & SHM_ITEM_SET) {
		atomic_word_put(&it->watch_next, 1); /* an edge */
		return;
	}
	if (!item_socket(it, &r))
		return;
	if ((events & EPOLLOUT) && r.fd >= 0) /* a kick, or a fresh one: back to normal */
		sys_call4(SYS_epoll_ctl, ep->fd, EPOLL_CTL_MOD, it->fd, &base);
	if (atomic_get_relaxed(&r.s->state) == SHM_SOCK_LISTEN) {
		shm_stack_push_item(&cl.arena, ep->ep, i);
		return;
	}
	if (events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) {
		standin_gone(&r);
		if (r.fd >= 0)
			rescue(ep, &r, i);
	}
	if (r.fd < 0)
		return;
	/* Where bells cannot reach it the stand-in is always readable. */
	if ((events & EPOLLIN) &&
		!(atomic_get_relaxed(&r.s->flags) & SHM_F_STANDIN_RDSHUT) &&
		bells_take(&r) == BELLS_GONE)
		standin_gone(&r);
}

/* What was rung has been taken from the real epoll, or is about to be: who takes it
 * looks at the stack next. Pairs with any_rung() in bells.c. */
void epoll_hear(struct shm_epoll *ep)
{
	uint32_t rung = SHM_RUNG;

	if (atomic_get_relaxed(&ep->armed) == SHM_RUNG)
		atomic_cas(&ep->armed, &rung, SHM_ARMED);
}

/* The real epoll, until a time (0: not waiting). The program's own events stay in
 * ev; returns their number or -errno. */
static int ask_kernel(const struct fd_ref *ep, struct epoll_event *ev, int max,
	int64_t until, const sigset_t *mask)
{
	int64_t left = until == WAIT_FOREVER || until == 0 ? 0 :
		until - sys_now_ns();
	struct timespec t = { 0, 0 };
	int n = 0;
	long r;

	if (left > 0)
		t = (struct timespec){ left / NS_PER_S, left % NS_PER_S };
	if (until == 0) /* Linux: who does not wait does not hear of signals */
		r = sys_call6(SYS_epoll_pwait2, ep->fd, ev, max, &t, mask,
			SYS_SIGSET_BYTES);
	else
		r = call_sleep(SYS_epoll_pwait2, ep->fd, SYS_ARG(ev), max,
			SYS_ARG(until == WAIT_FOREVER ? NULL : &t),
			SYS_ARG(mask), SYS_SIGSET_BYTES);
	if (r > 0)
		epoll_hear(ep->ep);
	for (long k = 0; k < r; k++) {
		if ((ev[k].data.u64 & EPOLL_MARK_MASK) == ep->ep->mark)
			epoll_native_event(ep, (uint32_t)ev[k].data.u64, ev[k].events);
		else
			ev[n++] = ev[k];
	}
	return r < 0 ? (int)r : n;
}

static bool has_ready(void *set)
{
	struct shm_epoll *ep = set;

	return (uint32_t)atomic_get_relaxed(&ep->ready) != 0;
}

/* Does another process hold the set? Then we do not know of its sleepers. */
static bool shared(const struct shm_epoll *ep)
{
	unsigned n = 0;

	if (!atomic_get_relaxed(&ep->shared))
		return false;
	for (unsigned w = 0; w < SHM_EPOLL_HOLDER_WORDS; w++)
		n += (unsigned)__builtin_popcount(
			atomic_get_relaxed(&ep->holders[w]));
	return n > 1;
}

static void arm(const struct fd_ref *ep)
{
	atomic_add(&epoll_note(ep->i)->waiters, 1);
	set_armed(ep->ep);
	/* Pairs with the fence between a producer's push and its look at armed:
	 * either it rings or we see the push. */
	atomic_full_fence();
}

/* Rung, and it does not take the bell: for those who wait until it has. */
static void tell_of_bells(const struct fd_ref *ep)
{
	uint32_t i = (uint32_t)atomic_get_relaxed(&ep->ep->ready);

	for (int n = 0; n < TOLD_MAX && i != 0; n++) {
		const struct shm_item *it = shm_item_at(&cl.arena, i);

		if (!it)
			break;
		bells_heard(it->sock);
		i = atomic_get_relaxed(&it->ready_next);
	}
}

static void disarm(const struct fd_ref *const *set)
{
	const struct fd_ref *ep = *set;
	struct epoll_note *note = epoll_note(ep->i);
	bool others = atomic_sub(&note->waiters, 1) > 1 ||
		atomic_get_relaxed(&note->nested) || shared(ep->ep);

	if (others)
		set_armed(ep->ep);
	else if (atomic_swap(&ep->ep->armed, SHM_AWAKE) == SHM_RUNG)
		tell_of_bells(ep);
	atomic_full_fence(); /* pairs as in arm(): others still sleep */
}

/* A level-triggered set within this one, of which the kernel may not know that it is
 * ready. */
static bool nested_ready(const struct fd_ref *ep)
{
	return atomic_get_relaxed(&ep->ep->nested) != 0 &&
		epoll_nested_ready(ep);
}

/* One sleep. Returns events of the kernel's descriptors, or -errno; what our own
 * sockets have is on the stack then. */
static int sleep_once(const struct fd_ref *ep, struct epoll_event *ev, int max,
	int64_t deadline, const sigset_t *mask)
{
	int64_t until = deadline;
	int n = 0;

	if (connect_retry_all()) {
		until = sys_now_ns() + CONNECT_STEP_NS;
		until = until < deadline ? until : deadline;
	}
	arm(ep);
	{
		/* A thread that is cancelled leaves from here. */
		const struct fd_ref *armed __attribute__((cleanup(disarm))) = ep;

		if (!has_ready(armed->ep) && !nested_ready(armed))
			n = ask_kernel(armed, ev, max,
				epoll_look_again(armed, until), mask);
	}
	look_at_held(ep);
	return n;
}

static int wait_loop(const struct fd_ref *ep, struct epoll_event *ev, int max,
	int64_t deadline, const sigset_t *mask, bool *left)
{
	int n, m;

	for (;;) {
		n = sleep_once(ep, ev, max, deadline, mask);
		if (n < 0)
			return n;
		m = n < max ? collect(ep, ev + n, max - n, left) : 0;
		if (n == max) /* others may have slept through what we took */
			*left = has_ready(ep->ep);
		if (n + m > 0) {
			spin_slept(m > 0);
			return n + m;
		}
		if (deadline != WAIT_FOREVER && sys_now_ns() >= deadline)
			return 0;
	}
}

/* So that the kernel's descriptors do not starve behind busy sockets, nor come long
 * after what happened later there. */
static bool native_due(const struct fd_ref *ep, struct epoll_note *note)
{
	uint32_t now;

	/* Of a shared set nobody here knows all that is in it. */
	if (atomic_get_relaxed(&note->native) == 0 &&
		!atomic_get_relaxed(&ep->ep->shared))
		return false;
	now = (uint32_t)(sys_now_ns() / NS_PER_US);
	if (now - atomic_get_relaxed(&note->asked) < NATIVE_US)
		return false;
	atomic_put_relaxed(&note->asked, now);
	return true;
}

/* Who has room for one event takes them in turns; Linux: what was told goes to the end
 * of the list. */
static bool ours_first(const struct fd_ref *ep, struct epoll_note *note, int max)
{
	return max == 1 && has_ready(ep->ep) && atomic_add(&note->turn, 1) % 2 != 0;
}

/* The other side of the socket that was told of last: a hint. */
static uint32_t other_of(const struct epoll_note *note)
{
	const struct shm_sock *s = shm_sock_at(&cl.arena,
		atomic_get_relaxed(&note->last));

	return s ? wait_other(s, EPOLLIN) : 0;
}

/* What a spin looks at: the stack; and now and then the kernel, if something of its
 * own is in the set. */
struct spinning {
	const struct fd_ref *ep;
	struct epoll_note *note;
	struct epoll_event *ev;
	int max;
	unsigned looks;
	int n; /* the kernel's events; -errno */
};

static bool found_any(void *what)
{
	struct spinning *w = what;

	if (has_ready(w->ep->ep))
		return true;
	if (++w->looks % KERNEL_LOOKS != 0 || !native_due(w->ep, w->note))
		return false;
	w->n = ask_kernel(w->ep, w->ev, w->max, 0, NULL);
	return w->n != 0 || has_ready(w->ep->ep);
}

static int wait_ready(const struct fd_ref *ep, struct epoll_event *ev, int max,
	int64_t deadline, const sigset_t *mask, bool *left)
{
	struct epoll_note *note = epoll_note(ep->i);
	struct spinning w = { ep, note, ev, max, 0, 0 };
	bool ask = deadline == 0 || native_due(ep, note);
	int n = 0;

	look_at_held(ep);
	if (ask && ours_first(ep, note, max))
		ask = false;
	if (ask)
		n = ask_kernel(ep, ev, has_ready(ep->ep) ? (max + 1) / 2 : max, 0,
			deadline == 0 ? mask : NULL);
	if (n < 0)
		return n;
	if (n < max)
		n += collect(ep, ev + n, max - n, left);
	if (n > 0 || (deadline == 0 && ask))
		return n;
	if (deadline == 0)
		return ask_kernel(ep, ev, max, 0, mask);
	if (spin_until(found_any, &w, deadline, other_of(note))) {
		n = w.n;
		if (n >= 0 && n < max)
			n += collect(ep, ev + n, max - n, left);
		if (n != 0)
			return n;
	}
	return wait_loop(ep, ev, max, deadline, mask, left);
}

static int64_t deadline_of(const struct timespec *t)
{
	if (!t || t->tv_sec > INT32_MAX)
		return WAIT_FOREVER;
	if (t->tv_sec == 0 && t->tv_nsec == 0)
		return 0;
	return sys_now_ns() + t->tv_sec * NS_PER_S + t->tv_nsec;
}

static int wait_set(const struct fd_ref *ep, struct epoll_event *ev, int max,
	const struct timespec *timeout, const sigset_t *mask, bool *left)
{
	call_set_mask(mask);
	return wait_ready(ep, ev, max, deadline_of(timeout), mask, left);
}

int client_epoll_wait(int epfd, struct epoll_event *ev, int max,
	const struct timespec *timeout, const sigset_t *mask)
{
	struct epoll_note *note;
	struct fd_ref ep;
	bool left = false;
	int err, n;

	if (fd_lookup_set(epfd, &ep, &err) != FD_EPOLL)
		return (int)sys_call6(SYS_epoll_pwait2, epfd, ev, max, timeout,
			mask, SYS_SIGSET_BYTES);
	if (err < 0)
		return err;
	if (max <= 0 || max > EVENTS_MAX || (timeout && (timeout->tv_sec < 0 ||
		timeout->tv_nsec < 0 || timeout->tv_nsec >= NS_PER_S)))
		return -EINVAL;
	if (!touch_write(ev, sizeof(*ev)) ||
		(timeout && !touch_read(timeout, sizeof(*timeout))) ||
		(mask && !touch_read(mask, SYS_SIGSET_BYTES)))
		return -EFAULT;
	(void)CALL(n, wait_set(&ep, ev, max, timeout, mask, &left));
	note = epoll_note(ep.i);
	/* Nor do others who sleep know of what we have seen to be held back. */
	left |= atomic_get_relaxed(&ep.ep->look_at) != 0;
	if (left && (atomic_get_relaxed(&note->waiters) > 0 ||
		atomic_get_relaxed(&note->nested)))
		epoll_kick(&ep);
	return n;
}
