/* epoll sets inside epoll sets, and a set's descriptor in poll().
 *
 * The real epoll inside is in the real epoll outside, so that the kernel finds loops
 * and depth, and wakes. But what the kernel thinks of the inner one is not the whole
 * truth: its own ready stack is in the arena, and its real epoll may still tell of
 * bells long since answered. So the registration carries our mark and stands for an
 * item (SHM_ITEM_SET) in the outer set's list, and its readiness is computed here:
 *
 *	level-triggered		looked at in each wait on the outer set
 *	edge-triggered		after the kernel has told of the inner one, after ADD
 *				and after MOD (shm_item.watch_next says so)
 *
 * Old bells go away by taking the inner real epoll's events. Those of the kernel's
 * descriptors among them come again if they are level-triggered; if there may be
 * others (epoll_note.edges), the kernel's word has to do.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "epoll.h"

#define DEPTH 5		/* Linux: EP_MAX_NESTS, and the outermost */
#define NESTED_MAX 64	/* items of one set looked at in one wait */
#define HARVEST 16	/* events at a time */
#define HARVESTS 64	/* times: then the rest has to wait */

static bool ready_within(const struct fd_ref *r, int depth);

static bool native_ready(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct timespec zero = { 0, 0 };

	return fd >= 0 && sys_call5(SYS_ppoll, &p, 1, &zero, 0, 0) == 1;
}

/* Take the real epoll's events: is there one that is not about a bell? */
static bool harvest(const struct fd_ref *r)
{
	struct epoll_event ev[HARVEST];
	struct timespec zero = { 0, 0 };
	bool found = false;
	long n;

	for (int times = 0; times < HARVESTS && !found; times++) {
		n = sys_call6(SYS_epoll_pwait2, r->fd, ev, HARVEST, &zero, 0,
			SYS_SIGSET_BYTES);
		epoll_hear(r->ep);
		for (long k = 0; k < n; k++) {
			if ((ev[k].data.u64 & EPOLL_MARK_MASK) == r->ep->mark)
				epoll_native_event(r, (uint32_t)ev[k].data.u64,
					ev[k].events);
			else
				found = true;
		}
		if (n < HARVEST)
			break;
	}
	return found;
}

/* The kernel's own descriptors in the set. */
static bool others_ready(const struct fd_ref *r)
{
	if (!native_ready(r->fd))
		return false;
	if (atomic_get_relaxed(&epoll_note(r->i)->edges) > 0)
		return true;
	return harvest(r);
}

/* The set that an item stands for. False: there is none any more. */
static bool item_set(const struct shm_item *it, struct fd_ref *r)
{
	uint32_t i = it->sock & ~SHM_ITEM_SET, gen = it->sock_gen;
	int err;

	if (fd_lookup_set(it->fd, r, &err) == FD_EPOLL && r->i == i &&
		r->gen == gen)
		return true;
	*r = (struct fd_ref){ .fd = -1, .i = i, .gen = gen,
		.ep = shm_epoll_at(&cl.arena, i) };
	return r->ep && atomic_get_relaxed(&r->ep->gen) == gen &&
		atomic_get_relaxed(&r->ep->live);
}

/* The items of sets within this one; their number. */
static int nested_items(const struct fd_ref *ep, uint32_t found[NESTED_MAX])
{
	int n = 0;

	if (atomic_get_relaxed(&ep->ep->nested) == 0)
		return 0;
	shm_lock_acquire(&cl.arena, &ep->ep->lock);
	for (uint32_t i = ep->ep->items; i != 0 && n < NESTED_MAX;) {
		const struct shm_item *it = shm_item_at(&cl.arena, i);

		if (!it)
			break;
		if (it->sock & SHM_ITEM_SET)
			found[n++] = i;
		i = it->next;
	}
	shm_lock_release(&cl.arena, &ep->ep->lock);
	return n;
}

/* What one has to say now; an edge is used up only if `take`. */
static uint32_t nested_events(struct shm_item *it, bool take, int depth)
{
	uint32_t wanted = atomic_get_acquire(&it->events), told = 1;
	struct fd_ref r;

	if (!(wanted & (EPOLLIN | EPOLLRDNORM)) || !item_set(it, &r))
		return 0;
	if ((wanted & EPOLLET) && atomic_word_get(&it->watch_next) == 0)
		return 0;
	if (take)
		atomic_word_put(&it->watch_next, 0);
	told = ready_within(&r, depth);
	return told ? wanted & (EPOLLIN | EPOLLRDNORM) : 0;
}

static bool ready_within(const struct fd_ref *r, int depth)
{
	uint32_t found[NESTED_MAX];
	int n;

	if (epoll_peek_ready(r))
		return true;
	n = depth > 0 ? nested_items(r, found) : 0;
	for (int k = 0; k < n; k++) {
		if (nested_events(shm_item_at(&cl.arena, found[k]), false,
			depth - 1))
			return true;
	}
	return others_ready(r);
}

bool epoll_ready(const struct fd_ref *r)
{
	return ready_within(r, DEPTH);
}

static int64_t look_within(const struct fd_ref *r, int64_t until, int depth)
{
	int64_t at = atomic_get_relaxed(&r->ep->look_at);
	uint32_t found[NESTED_MAX];
	struct fd_ref inner;
	int n = depth > 0 ? nested_items(r, found) : 0;

	if (at && at < until)
		until = at;
	for (int k = 0; k < n; k++) {
		if (item_set(shm_item_at(&cl.arena, found[k]), &inner))
			until = look_within(&inner, until, depth - 1);
	}
	return until;
}

int64_t epoll_look_again(const struct fd_ref *r, int64_t until)
{
	return look_within(r, until, DEPTH);
}

bool epoll_nested_ready(const struct fd_ref *ep)
{
	uint32_t found[NESTED_MAX];
	int n = nested_items(ep, found);

	for (int k = 0; k < n; k++) {
		if (nested_events(shm_item_at(&cl.arena, found[k]), false, DEPTH))
			return true;
	}
	return false;
}

int epoll_collect_nested(const struct fd_ref *ep, struct epoll_event *ev, int max)
{
	uint32_t found[NESTED_MAX];
	int n = nested_items(ep, found), got = 0;

	for (int k = 0; k < n && got < max; k++) {
		struct shm_item *it = shm_item_at(&cl.arena, found[k]);
		uint32_t wanted = atomic_get_relaxed(&it->events);
		uint32_t events = nested_events(it, true, DEPTH);

		if (events == 0 || ((wanted & EPOLLONESHOT) &&
			!atomic_cas(&it->events, &wanted, 0)))
			continue;
		ev[got].events = events;
		ev[got++].data.u64 = atomic_get_relaxed(&it->data);
	}
	return got;
}

/* --- EPOLL_CTL -------------------------------------------------------------------- */

uint32_t epoll_nested_native(uint32_t events)
{
	return events & (EPOLLIN | EPOLLRDNORM | EPOLLET);
}

static uint32_t find_nested(const struct fd_ref *ep, const struct fd_ref *inner)
{
	uint32_t found[NESTED_MAX];
	int n = nested_items(ep, found);

	for (int k = 0; k < n; k++) {
		const struct shm_item *it = shm_item_at(&cl.arena, found[k]);

		if (it->sock == (SHM_ITEM_SET | inner->i) &&
			it->sock_gen == inner->gen && it->fd == inner->fd)
			return found[k];
	}
	return 0;
}

static int add_nested(const struct fd_ref *ep, const struct fd_ref *inner,
	const struct epoll_event *ev)
{
	const struct epoll_item_plan p = { .sock = SHM_ITEM_SET | inner->i, .edge = 1,
		.native = epoll_nested_native(ev->events), .events = ev->events,
		.data = ev->data.u64 };
	uint32_t i = 0;
	int err;

	/* From now on its producers ring. */
	atomic_put_relaxed(&epoll_note(inner->i)->nested, 1);
	epoll_peek_ready(inner);
	err = epoll_item_make(ep, inner, &p, &i);
	if (err < 0)
		return err;
	atomic_add(&ep->ep->nested, 1);
	/* Pairs with the looks at it. */
	atomic_put_release(&shm_item_at(&cl.arena, i)->live, ITEM_LIVE);
	if (atomic_get_relaxed(&ep->ep->armed) && epoll_ready(inner))
		epoll_kick(ep);
	return 0;
}

int epoll_nested_ctl(const struct fd_ref *ep, int op, const struct fd_ref *inner,
	const struct epoll_event *ev)
{
	uint32_t i = find_nested(ep, inner);
	struct shm_item *it = shm_item_at(&cl.arena, i);
	long err;

	if (op != EPOLL_CTL_DEL && !ev)
		return -EFAULT;
	if (ep->i == inner->i || (op != EPOLL_CTL_DEL &&
		(ev->events & EPOLLEXCLUSIVE)))
		return -EINVAL;
	if (op == EPOLL_CTL_ADD)
		return it ? -EEXIST : add_nested(ep, inner, ev);
	if (!it)
		return op == EPOLL_CTL_DEL || op == EPOLL_CTL_MOD ? -ENOENT :
			-EINVAL;
	if (op == EPOLL_CTL_DEL) {
		epoll_native_ctl(ep->fd, EPOLL_CTL_DEL, inner->fd, 0, 0);
		epoll_drop(ep->ep, i);
		return 0;
	}
	if (op != EPOLL_CTL_MOD)
		return -EINVAL;
	atomic_put_relaxed(&it->data, ev->data.u64);
	atomic_word_put(&it->watch_next, 1);
	atomic_put_release(&it->events, ev->events);
	err = epoll_native_ctl(ep->fd, EPOLL_CTL_MOD, inner->fd,
		epoll_nested_native(ev->events), ep->ep->mark | i);
	return (int)err;
}
