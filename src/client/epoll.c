/* epoll sets. The program's descriptor is a real epoll.
 *
 *	kernel's descriptors, listeners -> registered natively, as they are
 *	our sockets -> an item in the arena on the socket's watch list, with the
 *	      true interest; natively the stand-in, edge-triggered, with
 *	      data = mark | item
 *
 * A producer pushes the item on the set's ready stack and rings if `armed`. How
 * the stack is served: epwait.c.
 *
 * Many programs take a socket out of a set only to put it back with other events. So
 * an item that goes only rests: silent, and still in the kernel's set, where the next
 * ADD finds it. Until then the program sees nothing of it.
 *
 * The kernel drops a description from a set at its last close. So do we: a socket
 * that only this process can have goes when its last number does, for one that
 * others may have (SHM_F_SHARED) the kernel is asked after the close (fd.c).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "epoll.h"
#include "user.h"

#include <string.h>

/* Reported whether asked for or not; so 0 can mean "one-shot that has fired". */
#define ALWAYS (EPOLLERR | EPOLLHUP)
/* Linux: EPOLLEXCLUSIVE_OK_BITS. */
#define EXCLUSIVE_OK (EPOLLIN | EPOLLOUT | ALWAYS | EPOLLWAKEUP | EPOLLET | \
	EPOLLEXCLUSIVE)

static _Atomic(struct epoll_note *) notes; /* one for each epoll of the arena */
static _Atomic uint32_t n_epolls;	   /* of this process */
static _Atomic uint32_t sockets_dupped;	   /* a socket has had two numbers */

struct epoll_note *epoll_note(uint32_t i)
{
	struct epoll_note *p = atomic_get_acquire(&notes), *none = NULL;
	size_t bytes = cl.arena.n_epolls * sizeof(*p);

	if (!p) {
		/* Pairs with the acquire above; pages come as they are used. */
		p = sys_alloc(bytes);
		if (p && !atomic_cas(&notes, &none, p)) {
			sys_free(p, bytes);
			p = none;
		}
	}
	return p ? &p[i] : NULL;
}

bool epoll_any(void)
{
	return atomic_get_relaxed(&n_epolls) > 0;
}

static void hold(struct shm_epoll *ep, bool on)
{
	uint32_t slot = cl.arena.self_slot, bit = 1u << (slot % 32);

	if (slot >= SHM_PROCS)
		return;
	if (on)
		atomic_set_bits(&ep->holders[slot / 32], bit);
	else
		atomic_clear_bits(&ep->holders[slot / 32], bit);
}

void epoll_hold_all(void)
{
	struct fd_ref r;

	for (int fd = fd_next_ours(0); fd >= 0; fd = fd_next_ours(fd + 1)) {
		if (fd_peek(fd, &r) != FD_EPOLL)
			continue;
		hold(r.ep, true);
		/* Threads of the parent do not wait here. */
		atomic_put_relaxed(&epoll_note(r.i)->waiters, 0);
	}
}

void epoll_sharing(const struct fd_ref *r)
{
	atomic_put_relaxed(&r->ep->shared, 1);
}

uint32_t epoll_make(int fd)
{
	uint32_t i = shm_epoll_take(&cl.arena), r;
	struct shm_epoll *ep = shm_epoll_at(&cl.arena, i);

	if (!ep)
		return 0;
	sys_call3(SYS_getrandom, &r, sizeof(r), 0);
	ep->mark = EPOLL_MARK_HIGH | (uint64_t)(r & 0xffffff) << 32;
	hold(ep, true);
	/* Pairs with living() in epfind.c. */
	atomic_put_release(&ep->live, 1);
	epoll_tag(fd, i, atomic_get_relaxed(&ep->gen));
	return i;
}

void epoll_known(const struct fd_ref *r)
{
	struct epoll_note *note = epoll_note(r->i);

	if (!note)
		return;
	/* What it says may be about a set that had the index before. */
	if (atomic_swap(&note->gen, r->gen) != r->gen) {
		atomic_put_relaxed(&note->fds, 0);
		atomic_put_relaxed(&note->waiters, 0);
		atomic_put_relaxed(&note->nested, 0);
		atomic_put_relaxed(&note->native, 0);
		atomic_put_relaxed(&note->edges, 0);
	}
	hold(r->ep, true);
	if (atomic_add(&note->fds, 1) == 0)
		atomic_add(&n_epolls, 1);
	fd_set_epoll(r->fd, r->i, r->gen);
}

int client_epoll_create1(int flags)
{
	int fd = (int)sys_call1(SYS_epoll_create1, flags);
	struct fd_ref r = { .fd = fd };

	if (fd < 0 || !client_configured())
		return fd;
	CALL_GUARD();
	/* Without a network it is just the kernel's; its sockets fail anyway. */
	if (client_enter() < 0)
		return fd;
	r.i = epoll_make(fd);
	r.ep = shm_epoll_at(&cl.arena, r.i);
	if (!r.ep || !epoll_note(r.i)) {
		shm_epoll_free(&cl.arena, r.i);
		sys_close(fd);
		return -ENOMEM;
	}
	r.gen = atomic_get_relaxed(&r.ep->gen);
	epoll_known(&r);
	return fd;
}

/* --- items -------------------------------------------------------------------- */

long epoll_native_ctl(int epfd, int op, int fd, uint32_t events, uint64_t data)
{
	struct epoll_event ev = { .events = events, .data = { .u64 = data } };

	return sys_call4(SYS_epoll_ctl, epfd, op, fd, &ev);
}

/* The item of this socket, number and set, resting or not; 0 none. */
static uint32_t find_item(const struct fd_ref *ep, const struct fd_ref *r)
{
	uint32_t i;

	shm_lock_acquire(&cl.arena, &r->s->watch_lock);
	for (i = atomic_get_relaxed(&r->s->watch); i != 0;) {
		const struct shm_item *it = shm_item_at(&cl.arena, i);

		if (!it || (it->epoll == ep->i && it->fd == r->fd &&
			it->sock_gen == r->gen &&
			atomic_get_relaxed(&it->live) == ITEM_LIVE))
			break;
		i = it->watch_next;
	}
	shm_lock_release(&cl.arena, &r->s->watch_lock);
	return shm_item_at(&cl.arena, i) ? i : 0;
}

static bool is_resting(uint32_t i)
{
	const struct shm_item *it = shm_item_at(&cl.arena, i);

	return it && atomic_get_relaxed(&it->resting);
}

/* Into the set's own list. Under its lock. */
static void link_item(struct shm_epoll *ep, uint32_t i)
{
	struct shm_item *it = shm_item_at(&cl.arena, i);
	struct shm_item *next = shm_item_at(&cl.arena, ep->items);

	it->prev = 0;
	it->next = ep->items;
	if (next)
		next->prev = i;
	ep->items = i;
}

static void unlink_item(struct shm_epoll *ep, uint32_t i)
{
	struct shm_item *it = shm_item_at(&cl.arena, i);
	struct shm_item *next = shm_item_at(&cl.arena, it->next);
	struct shm_item *prev = shm_item_at(&cl.arena, it->prev);

	if (next)
		next->prev = it->prev;
	if (prev)
		prev->next = it->next;
	else if (ep->items == i)
		ep->items = it->next;
	it->next = it->prev = 0;
}

/* Under the set's lock. */
static void drop_item(struct shm_epoll *ep, uint32_t i)
{
	struct shm_item *it = shm_item_at(&cl.arena, i);

	uint32_t live = ITEM_LIVE;

	/* Of several who drop it one does. Pairs with the look in epwait.c. */
	if (!atomic_cas(&it->live, &live, ITEM_DROPPED))
		return;
	if (it->sock & SHM_ITEM_SET)
		atomic_sub(&ep->nested, 1);
	else
		sock_unwatch(&cl.env, it->sock, i);
	unlink_item(ep, i);
	/* Nobody pushes it any more. Not on the stack: it can go now. */
	if (atomic_swap(&it->queued, 1) == 0) {
		atomic_put_release(&it->queued, 0);
		shm_item_free(&cl.arena, i);
	}
}

void epoll_drop(struct shm_epoll *ep, uint32_t i)
{
	shm_lock_acquire(&cl.arena, &ep->lock);
	drop_item(ep, i);
	shm_lock_release(&cl.arena, &ep->lock);
}

void epoll_item_popped(const struct fd_ref *ep, uint32_t i)
{
	struct shm_item *it = shm_item_at(&cl.arena, i);

	/* drop_item() may be between its two steps: it has the lock. */
	shm_lock_acquire(&cl.arena, &ep->ep->lock);
	if (it->epoll == ep->i && !atomic_get_relaxed(&it->queued) &&
		atomic_get_relaxed(&it->live) == ITEM_DROPPED)
		shm_item_free(&cl.arena, i);
	shm_lock_release(&cl.arena, &ep->ep->lock);
}

/* The set is going: free what was dropped on its stack. */
static void empty_stack(const struct fd_ref *ep)
{
	uint32_t i = shm_stack_pop_items(&cl.arena, ep->ep);
	struct shm_item *it;

	for (; (it = shm_item_at(&cl.arena, i)) != NULL;) {
		uint32_t next = atomic_get_relaxed(&it->ready_next);

		atomic_swap(&it->queued, 0);
		epoll_item_popped(ep, i);
		i = next;
	}
}

void epoll_kick(const struct fd_ref *ep)
{
	struct fd_ref r;
	uint32_t i;

	shm_lock_acquire(&cl.arena, &ep->ep->lock);
	for (i = ep->ep->items; i != 0;) {
		const struct shm_item *it = shm_item_at(&cl.arena, i);

		if (!it)
			break;
		if (fd_peek(it->fd, &r) == FD_SOCKET && r.i == it->sock &&
			epoll_native_ctl(ep->fd, EPOLL_CTL_MOD, it->fd, EPOLL_KICK,
				ep->ep->mark | i) == 0)
			break;
		i = it->next;
	}
	shm_lock_release(&cl.arena, &ep->ep->lock);
}

/* Its state may be true already: let it be looked at. */
static void queue_item(const struct fd_ref *ep, uint32_t i)
{
	shm_stack_push_item(&cl.arena, ep->ep, i);
	atomic_full_fence(); /* pairs with the fence before sleeping, epwait.c */
	if (atomic_get_relaxed(&ep->ep->armed))
		epoll_kick(ep);
}

int epoll_item_make(const struct fd_ref *ep, const struct fd_ref *r,
	const struct epoll_item_plan *p, uint32_t *out)
{
	uint32_t i = shm_item_take(&cl.arena);
	struct shm_item *it = shm_item_at(&cl.arena, i);
	uint64_t data = ep->ep->mark | i;
	long err;

	if (!it)
		return -ENOMEM;
	it->sock = p->sock;
	it->sock_gen = r->gen;
	it->epoll = ep->i;
	it->fd = r->fd;
	it->owner_slot = cl.arena.self_slot;
	atomic_word_put(&it->watch_next, p->edge);
	atomic_put_relaxed(&it->resting, 0);
	atomic_put_relaxed(&it->data, p->data);
	atomic_put_relaxed(&it->events, p->events);
	err = epoll_native_ctl(ep->fd, EPOLL_CTL_ADD, r->fd, p->native, data);
	/* We have no item of it: somebody died between the two. */
	if (err == -EEXIST)
		err = epoll_native_ctl(ep->fd, EPOLL_CTL_MOD, r->fd, p->native, data);
	if (err < 0) {
		shm_item_free(&cl.arena, i);
		return (int)err;
	}
	shm_lock_acquire(&cl.arena, &ep->ep->lock);
	link_item(ep->ep, i);
	shm_lock_release(&cl.arena, &ep->ep->lock);
	*out = i;
	return 0;
}

static int item_add(const struct fd_ref *ep, const struct fd_ref *r,
	const struct epoll_event *ev)
{
	const struct epoll_item_plan p = { .sock = r->i, .native = EPOLL_BASE,
		.events = ev->events | ALWAYS, .data = ev->data.u64 };
	uint32_t i = 0;
	int err;

	err = epoll_item_make(ep, r, &p, &i);
	if (err < 0)
		return err;
	/* Pairs with the look in epwait.c. */
	atomic_put_release(&shm_item_at(&cl.arena, i)->live, ITEM_LIVE);
	sock_watch(&cl.env, r->i, i);
	queue_item(ep, i);
	return 0;
}

static void item_remove(const struct fd_ref *ep, const struct fd_ref *r, uint32_t i)
{
	epoll_native_ctl(ep->fd, EPOLL_CTL_DEL, r->fd, 0, 0);
	epoll_drop(ep->ep, i);
}

/* What other processes may have is left alone: they see the kernel's set too. */
static bool may_rest(const struct fd_ref *ep, const struct fd_ref *r)
{
	return !atomic_get_relaxed(&ep->ep->shared) &&
		!(atomic_get_relaxed(&r->s->flags) & SHM_F_SHARED) &&
		atomic_get_relaxed(&r->s->state) != SHM_SOCK_LISTEN;
}

static int item_del(const struct fd_ref *ep, const struct fd_ref *r, uint32_t i)
{
	struct shm_item *it = shm_item_at(&cl.arena, i);

	if (!may_rest(ep, r)) {
		item_remove(ep, r, i);
		return 0;
	}
	/* Of two threads one does it. Pairs with the look in epwait.c, as a MOD at the
	 * same time, or a one-shot that is served, may write events after us. */
	if (atomic_swap(&it->resting, 1) != 0)
		return -ENOENT;
	atomic_put_release(&it->events, 0); /* pairs with push_item() */
	return 0;
}

static int item_wake(const struct fd_ref *ep, const struct epoll_event *ev, uint32_t i)
{
	struct shm_item *it = shm_item_at(&cl.arena, i);
	uint32_t resting = 1;

	if (!atomic_cas(&it->resting, &resting, 0))
		return -EEXIST;
	it->owner_slot = cl.arena.self_slot;
	atomic_put_relaxed(&it->data, ev->data.u64);
	atomic_put_release(&it->events, ev->events | ALWAYS); /* as MOD */
	queue_item(ep, i);
	return 0;
}

void epoll_item_renew(const struct fd_ref *ep, const struct fd_ref *r, uint32_t i)
{
	const struct shm_item *old = shm_item_at(&cl.arena, i);
	struct epoll_event ev = { .events = atomic_get_relaxed(&old->events),
		.data.u64 = atomic_get_relaxed(&old->data) };

	/* One-shot that has fired: silent until MOD, which finds it. */
	if (ev.events == 0)
		return;
	item_remove(ep, r, i);
	item_add(ep, r, &ev);
}

static int item_ctl(const struct fd_ref *ep, const struct fd_ref *r, int op,
	const struct epoll_event *ev, uint32_t i)
{
	struct shm_item *it = shm_item_at(&cl.arena, i);
	bool resting = is_resting(i);

	if (op != EPOLL_CTL_ADD && op != EPOLL_CTL_MOD && op != EPOLL_CTL_DEL)
		return -EINVAL;
	/* Before all else: exclusive only at ADD, and with few others. */
	if (op != EPOLL_CTL_DEL && (ev->events & EPOLLEXCLUSIVE) &&
		(op == EPOLL_CTL_MOD || (ev->events & ~EXCLUSIVE_OK)))
		return -EINVAL;
	if (op == EPOLL_CTL_ADD && resting)
		return item_wake(ep, ev, i);
	if (op == EPOLL_CTL_ADD)
		return it ? -EEXIST : item_add(ep, r, ev);
	if (!it || resting)
		return -ENOENT;
	if (op == EPOLL_CTL_DEL)
		return item_del(ep, r, i);
	if (atomic_get_relaxed(&it->events) & EPOLLEXCLUSIVE)
		return -EINVAL;
	atomic_put_relaxed(&it->data, ev->data.u64);
	atomic_put_release(&it->events, ev->events | ALWAYS);
	queue_item(ep, i);
	return 0;
}

/* A program's data looks like our mark: take another, on all registrations. */
static void remark(const struct fd_ref *ep)
{
	uint64_t mark = EPOLL_MARK_HIGH |
		((ep->ep->mark + (UINT64_C(0x5bd1e5) << 32)) & 0xffffff00000000);

	shm_lock_acquire(&cl.arena, &ep->ep->lock);
	ep->ep->mark = mark;
	for (uint32_t i = ep->ep->items; i != 0;) {
		const struct shm_item *it = shm_item_at(&cl.arena, i);

		if (!it)
			break;
		epoll_native_ctl(ep->fd, EPOLL_CTL_MOD, it->fd,
			it->sock & SHM_ITEM_SET ? epoll_nested_native(
			atomic_get_relaxed(&it->events)) : EPOLL_BASE, mark | i);
		i = it->next;
	}
	shm_lock_release(&cl.arena, &ep->ep->lock);
}

static int kernel_ctl(const struct fd_ref *ep, int op, int fd,
	struct epoll_event *ev)
{
	struct epoll_note *note = epoll_note(ep->i);
	struct fd_ref r;
	int none;
	long err;

	if (fd_lookup_set(fd, &r, &none) == FD_EPOLL && fd != ep->fd)
		return epoll_nested_ctl(ep, op, &r, ev);

	if (op != EPOLL_CTL_DEL && ev &&
		(ev->data.u64 & EPOLL_MARK_MASK) == ep->ep->mark)
		remark(ep);
	err = sys_call4(SYS_epoll_ctl, ep->fd, op, fd, ev);
	if (err < 0)
		return (int)err;
	if (op == EPOLL_CTL_ADD)
		atomic_add(&note->native, 1);
	if (op != EPOLL_CTL_DEL && (ev->events & (EPOLLET | EPOLLONESHOT)))
		atomic_put_relaxed(&note->edges, 1);
	return 0;
}

int client_epoll_ctl(int epfd, int op, int fd, struct epoll_event *ev)
{
	struct fd_ref ep, r;
	uint32_t i = 0;
	int err;

	if (fd_lookup_set(epfd, &ep, &err) != FD_EPOLL)
		return (int)sys_call4(SYS_epoll_ctl, epfd, op, fd, ev);
	if (err < 0)
		return err;
	CALL_GUARD();
	if (fd_lookup(fd, &r, &err) != FD_SOCKET)
		return kernel_ctl(&ep, op, fd, ev);
	if (op != EPOLL_CTL_DEL && !touch_read(ev, sizeof(*ev)))
		return -EFAULT;
	i = find_item(&ep, &r);
	if (atomic_get_relaxed(&r.s->state) == SHM_SOCK_LISTEN &&
		(i == 0 || is_resting(i))) {
		if (i != 0)
			item_remove(&ep, &r, i);
		return kernel_ctl(&ep, op, fd, ev);
	}
	return item_ctl(&ep, &r, op, ev, i);
}

void epoll_wake_own(void)
{
	struct fd_ref ep;

	if (!epoll_any())
		return;
	for (int fd = fd_next_ours(0); fd >= 0; fd = fd_next_ours(fd + 1)) {
		if (fd_peek(fd, &ep) == FD_EPOLL && (uint32_t)
			atomic_get_relaxed(&ep.ep->ready) != 0 &&
			atomic_get_relaxed(&ep.ep->armed) != SHM_AWAKE)
			epoll_kick(&ep);
	}
}

/* --- descriptors come and go ------------------------------------------------------ */

bool epoll_has_twin(const struct fd_ref *r)
{
	struct fd_ref other;

	if (!atomic_get_relaxed(&sockets_dupped))
		return false;
	for (int fd = fd_next_ours(0); fd >= 0; fd = fd_next_ours(fd + 1)) {
		if (fd != r->fd && fd_peek(fd, &other) == FD_SOCKET &&
			other.i == r->i && other.gen == r->gen)
			return true;
	}
	return false;
}

/* The first item of the socket that is in use; 0 none. */
static uint32_t first_item(struct shm_sock *s, uint32_t gen)
{
	uint32_t i;

	shm_lock_acquire(&cl.arena, &s->watch_lock);
	i = atomic_get_relaxed(&s->gen) == gen ? atomic_get_relaxed(&s->watch) : 0;
	while (i != 0) {
		const struct shm_item *it = shm_item_at(&cl.arena, i);

		if (!it)
			i = 0;
		if (!it || atomic_get_relaxed(&it->live) == ITEM_LIVE)
			break;
		i = it->watch_next;
	}
	shm_lock_release(&cl.arena, &s->watch_lock);
	return i;
}

void epoll_socket_gone(uint32_t i, uint32_t gen)
{
	struct shm_sock *s = shm_sock_at(&cl.arena, i);
	uint32_t k;

	while (s && (k = first_item(s, gen)) != 0) {
		struct shm_epoll *ep = shm_epoll_at(&cl.arena,
			shm_item_at(&cl.arena, k)->epoll);

		if (!ep)
			break;
		/* The native registration goes with the stand-in. */
		epoll_drop(ep, k);
	}
}

void epoll_socket_listens(const struct fd_ref *r)
{
	uint32_t i;

	if (atomic_get_relaxed(&r->s->watch) == 0)
		return;
	shm_lock_acquire(&cl.arena, &r->s->watch_lock);
	for (i = atomic_get_relaxed(&r->s->watch); i != 0;) {
		const struct shm_item *it = shm_item_at(&cl.arena, i);

		if (!it)
			break;
		if (!is_resting(i))
			atomic_add(&epoll_note(it->epoll)->native, 1);
		i = it->watch_next;
	}
	shm_lock_release(&cl.arena, &r->s->watch_lock);
}

/* One number of a listener in one set. */
static void adopt_native(const struct fd_ref *ep, const struct fd_ref *r)
{
	const uint32_t no_events = EPOLLET | EPOLLONESHOT | EPOLLWAKEUP | EPOLLEXCLUSIVE;
	struct epoll_event ev;

	/* Ours already, with our mark; a one-shot that has fired asks for nothing. */
	if (!epoll_native_of(ep->fd, r->fd, &ev) || !(ev.events & ~no_events) ||
		(ev.data.u64 & EPOLL_MARK_MASK) == ep->ep->mark ||
		epoll_native_ctl(ep->fd, EPOLL_CTL_DEL, r->fd, 0, 0) < 0)
		return;
	atomic_sub(&epoll_note(ep->i)->native, 1);
	item_add(ep, r, &ev);
}

void epoll_listener_shut(const struct fd_ref *r)
{
	struct fd_ref ep, one;

	if (!epoll_any())
		return;
	for (int fd = fd_next_ours(0); fd >= 0; fd = fd_next_ours(fd + 1)) {
		if (fd_peek(fd, &ep) != FD_EPOLL ||
			atomic_get_relaxed(&epoll_note(ep.i)->native) == 0)
			continue;
		for (int n = fd_next_ours(0); n >= 0; n = fd_next_ours(n + 1)) {
			if (fd_peek(n, &one) == FD_SOCKET && one.i == r->i &&
				one.gen == r->gen)
				adopt_native(&ep, &one);
		}
	}
}

/* An item that this process has for a socket, and its set; 0 none. */
static uint32_t own_item(const struct fd_ref *r, const struct shm_item **item,
	uint32_t *epoll)
{
	uint32_t found = 0;

	shm_lock_acquire(&cl.arena, &r->s->watch_lock);
	for (uint32_t i = atomic_get_relaxed(&r->s->watch); i != 0;) {
		const struct shm_item *it = shm_item_at(&cl.arena, i);

		if (!it)
			break;
		if (atomic_get_relaxed(&it->live) == ITEM_LIVE &&
			it->owner_slot == cl.arena.self_slot) {
			found = i;
			*item = it;
			*epoll = it->epoll;
			break;
		}
		i = it->watch_next;
	}
	shm_lock_release(&cl.arena, &r->s->watch_lock);
	return found;
}

/* This process's descriptor of a set. */
static bool epoll_ref(uint32_t epoll, struct fd_ref *r)
{
	for (int fd = fd_next_ours(0); fd >= 0; fd = fd_next_ours(fd + 1)) {
		if (fd_peek(fd, r) == FD_EPOLL && r->i == epoll)
			return true;
	}
	return false;
}

void epoll_socket_renewed(const struct fd_ref *old, const struct fd_ref *new)
{
	const struct shm_item *it;
	uint32_t epoll = 0, i;

	while ((i = own_item(old, &it, &epoll)) != 0) {
		struct epoll_event ev = {
			.events = atomic_get_relaxed(&it->events),
			.data.u64 = atomic_get_relaxed(&it->data) };
		struct fd_ref ep, r = *new;
		bool resting;

		r.fd = it->fd;
		if (!epoll_ref(epoll, &ep))
			break;
		resting = is_resting(i);
		epoll_drop(ep.ep, i);
		if (!resting)
			item_add(&ep, &r, &ev);
	}
}

void epoll_duplicated(const struct fd_ref *r)
{
	if (r->ep)
		atomic_add(&epoll_note(r->i)->fds, 1);
	else
		atomic_put_relaxed(&sockets_dupped, 1);
}

static bool held_by_any(const struct shm_epoll *ep)
{
	for (unsigned w = 0; w < SHM_EPOLL_HOLDER_WORDS; w++) {
		if (atomic_get_relaxed(&ep->holders[w]))
			return true;
	}
	return false;
}

void epoll_closing(const struct fd_ref *r)
{
	struct epoll_note *note = epoll_note(r->i);

	if (atomic_sub(&note->fds, 1) != 1)
		return;
	atomic_sub(&n_epolls, 1);
	hold(r->ep, false);
	/* A child may be on its way that has not said so: the service lets such a
	 * set go when nobody has. */
	if (held_by_any(r->ep) || atomic_get_relaxed(&r->ep->shared))
		return;
	shm_lock_acquire(&cl.arena, &r->ep->lock);
	while (shm_item_at(&cl.arena, r->ep->items))
		drop_item(r->ep, r->ep->items);
	shm_lock_release(&cl.arena, &r->ep->lock);
	empty_stack(r);
	shm_epoll_free(&cl.arena, r->i);
}
