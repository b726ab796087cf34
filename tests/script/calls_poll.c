/* poll(2) and epoll(7) of a script. An epoll is one of the arena's, served as the
 * client serves it (client/epwait.c): sock/ pushes what has changed on its stack.
 * Listeners have no items there, they are looked at (theirs is the native epoll).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/atomic.h"

#define ALWAYS (EPOLLERR | EPOLLHUP)

static bool is_listener(struct call *c, const struct play_fd *f)
{
	return atomic_get_relaxed(&shm_sock_at(&c->p->host.arena, f->sock)->state) ==
		SHM_SOCK_LISTEN;
}

/* What is true of a socket now, of those events. */
static unsigned ready(struct call *c, const struct play_fd *f, unsigned events)
{
	if (!is_listener(c, f))
		return sock_ready(&c->p->host.env, f->sock, events | ALWAYS) &
			(events | ALWAYS);
	return subject_has_embryo(&c->p->host, f->sock) ?
		events & (POLLIN | POLLRDNORM) : 0;
}

/* A field of a struct as a number; 0 when it is not there. */
static int64_t number_in(struct call *c, const struct script_value *v,
	const char *name)
{
	const struct script_value *field = call_field(v, name);
	int64_t n = 0;

	if (field && field->kind != SCRIPT_ELLIPSIS)
		play_number(c->p, c->e->line, field, &n);
	return n;
}

/* --- poll ------------------------------------------------------------------------ */

/* How many are ready; with `compare` what the script expects is compared. */
static int poll_once(struct call *c, const struct script_value *list, bool compare)
{
	int n = 0;

	for (unsigned k = 0; k < list->n && !play_over(c->p); k++) {
		const struct script_value *v = &list->items[k];
		unsigned events = (unsigned)number_in(c, v, "events");
		int64_t fd = number_in(c, v, "fd"), want = number_in(c, v, "revents");
		int64_t got = POLLNVAL;

		if (fd < 0)
			got = 0;
		else if (fd < PLAY_FDS && c->p->fds[fd].used &&
			c->p->fds[fd].kind == PLAY_FD_SOCKET)
			got = ready(c, &c->p->fds[fd], events);
		n += got != 0;
		if (compare && got != want && call_field(v, "revents"))
			play_fail(c->p, c->e->line, "poll gave 0x%llx for %lld, not "
				"0x%llx", (unsigned long long)got, (long long)fd,
				(unsigned long long)want);
	}
	return n;
}

struct play_result call_poll(struct call *c)
{
	const struct script_value *list = call_arg(c, 0);
	int64_t timeout = call_number(c, 2);
	struct play_result r;
	int n;

	if (list->kind != SCRIPT_LIST) {
		play_unknown(c->p, c->e->line, "expected a list for poll");
		return call_done(0);
	}
	n = poll_once(c, list, false);
	r = n ? call_done(n) : call_wait(c, DURATION_MS(timeout), 0);
	if (!r.blocks)
		poll_once(c, list, true);
	return r;
}

/* --- epoll: the set ----------------------------------------------------------------- */

struct play_result call_epoll_create(struct call *c)
{
	struct shm_arena *a = &c->p->host.arena;
	int64_t size = call_number(c, 0);
	uint32_t i;
	struct play_fd *f;

	if (strcmp(c->e->call.name, "epoll_create") == 0 && size <= 0)
		return call_done(-EINVAL);
	i = shm_epoll_take(a);
	if (!i)
		return call_done(-ENOMEM);
	atomic_put_relaxed(&shm_epoll_at(a, i)->live, 1); /* one thread */
	f = call_new_fd(c, i, false);
	f->kind = PLAY_FD_EPOLL;
	return call_done(call_fd_number(c, f));
}

static struct play_watch *find(struct call *c, int epfd, int fd)
{
	for (unsigned k = 0; k < PLAY_WATCHES; k++) {
		struct play_watch *w = &c->p->watches[k];

		if (w->used && w->epfd == epfd && w->fd == fd)
			return w;
	}
	return NULL;
}

static struct shm_item *item_of(struct call *c, const struct play_watch *w)
{
	return shm_item_at(&c->p->host.arena, w->item);
}

static void drop(struct call *c, struct play_watch *w)
{
	struct play_fd *f = &c->p->fds[w->fd];
	struct shm_item *it = item_of(c, w);

	if (w->item) {
		atomic_put_relaxed(&it->live, ITEM_DROPPED);
		sock_unwatch(&c->p->host.env, f->sock, w->item);
		/* Else who takes it off the stack frees it. */
		if (!atomic_get_relaxed(&it->queued))
			shm_item_free(&c->p->host.arena, w->item);
	}
	w->used = false;
}

void call_epoll_forget(struct call *c, int fd)
{
	for (unsigned k = 0; k < PLAY_WATCHES; k++)
		if (c->p->watches[k].used && c->p->watches[k].fd == fd)
			drop(c, &c->p->watches[k]);
}

void call_epoll_closed(struct call *c, const struct play_fd *f)
{
	for (unsigned k = 0; k < PLAY_WATCHES; k++)
		if (c->p->watches[k].used &&
			c->p->watches[k].epfd == call_fd_number(c, f))
			drop(c, &c->p->watches[k]);
	shm_epoll_free(&c->p->host.arena, f->sock);
}

static int add(struct call *c, const struct play_fd *ep, int fd, uint32_t events,
	int64_t data)
{
	struct shm_arena *a = &c->p->host.arena;
	struct play_fd *f = &c->p->fds[fd];
	struct play_watch *w = NULL;
	struct shm_item *it;

	for (unsigned k = 0; k < PLAY_WATCHES && !w; k++)
		w = c->p->watches[k].used ? NULL : &c->p->watches[k];
	if (!w)
		return -ENOSPC;
	*w = (struct play_watch){ .used = true, .epfd = call_fd_number(c, ep),
		.fd = fd, .events = events, .data = data };
	if (is_listener(c, f))
		return 0;
	w->item = shm_item_take(a);
	it = shm_item_at(a, w->item);
	if (!it) {
		w->used = false;
		return -ENOMEM;
	}
	it->epoll = ep->sock;
	it->fd = fd;
	atomic_put_relaxed(&it->data, (uint64_t)data);
	atomic_put_relaxed(&it->events, events | ALWAYS);
	atomic_put_relaxed(&it->live, ITEM_LIVE);
	sock_watch(&c->p->host.env, f->sock, w->item);
	shm_stack_push_item(a, shm_epoll_at(a, ep->sock), w->item);
	return 0;
}

static int modify(struct call *c, const struct play_fd *ep, struct play_watch *w,
	uint32_t events, int64_t data)
{
	struct shm_arena *a = &c->p->host.arena;
	struct shm_item *it = item_of(c, w);

	if ((events | w->events) & EPOLLEXCLUSIVE)
		return -EINVAL;
	w->events = events;
	w->data = data;
	w->fired = false;
	if (!it)
		return 0;
	atomic_put_relaxed(&it->data, (uint64_t)data);
	atomic_put_relaxed(&it->events, events | ALWAYS);
	shm_stack_push_item(a, shm_epoll_at(a, ep->sock), w->item);
	return 0;
}

/* {events=..., fd=N} and the like; *data: whichever of the union it gives. */
static uint32_t read_event(struct call *c, unsigned k, int64_t *data)
{
	static const char *const names[] = { "fd", "u32", "u64", "ptr" };
	const struct script_value *v = call_arg(c, k);

	*data = 0;
	for (int i = 0; i < 4; i++)
		if (call_field(v, names[i]))
			*data = number_in(c, v, names[i]);
	return (uint32_t)number_in(c, v, "events");
}

struct play_result call_epoll_ctl(struct call *c)
{
	struct play_fd *ep = call_any_fd(c, 0);
	int op = (int)call_number(c, 1), fd = (int)call_number(c, 2);
	struct play_watch *w;
	uint32_t events = 0;
	int64_t data = 0;

	if (!ep || fd < 0 || fd >= PLAY_FDS || !c->p->fds[fd].used)
		return call_done(-EBADF);
	if (ep->kind != PLAY_FD_EPOLL || &c->p->fds[fd] == ep)
		return call_done(-EINVAL);
	if (c->p->fds[fd].kind != PLAY_FD_SOCKET) {
		play_unknown(c->p, c->e->line, "epoll is understood for sockets only");
		return call_done(0);
	}
	if (op != EPOLL_CTL_DEL)
		events = read_event(c, 3, &data);
	w = find(c, call_fd_number(c, ep), fd);
	if (op == EPOLL_CTL_ADD)
		return call_done(w ? -EEXIST : add(c, ep, fd, events, data));
	if (!w)
		return call_done(-ENOENT);
	if (op == EPOLL_CTL_MOD)
		return call_done(modify(c, ep, w, events, data));
	if (op != EPOLL_CTL_DEL)
		return call_done(-EINVAL);
	drop(c, w);
	return call_done(0);
}

/* --- epoll: waiting --------------------------------------------------------------------- */

/* Oldest first, in place. */
static uint32_t reverse(struct shm_arena *a, uint32_t i)
{
	uint32_t prev = 0;

	while (i) {
		struct shm_item *it = shm_item_at(a, i);
		uint32_t next = atomic_get_relaxed(&it->ready_next);

		atomic_put_relaxed(&it->ready_next, prev);
		prev = i;
		i = next;
	}
	return prev;
}

/* One item off the stack; what it has to tell, 0 nothing. */
static uint32_t serve(struct call *c, uint32_t i)
{
	struct shm_item *it = shm_item_at(&c->p->host.arena, i);
	uint32_t wanted = atomic_get_relaxed(&it->events), got;

	atomic_swap(&it->queued, 0);
	if (atomic_get_relaxed(&it->live) == ITEM_DROPPED) {
		shm_item_free(&c->p->host.arena, i);
		return 0;
	}
	if (!wanted)
		return 0;
	got = ready(c, &c->p->fds[it->fd], wanted & 0xffff) & (wanted | ALWAYS);
	if (got && (wanted & EPOLLONESHOT))
		atomic_put_relaxed(&it->events, 0);
	return got;
}

struct event {
	uint32_t events;
	int64_t data;
};

static int collect_items(struct call *c, const struct play_fd *f, struct event *out,
	int max)
{
	struct shm_arena *a = &c->p->host.arena;
	struct shm_epoll *ep = shm_epoll_at(a, f->sock);
	uint32_t i = reverse(a, shm_stack_pop_items(a, ep)), level[PLAY_WATCHES];
	int n = 0, again = 0;

	while (i) {
		struct shm_item *it = shm_item_at(a, i);
		uint32_t next = atomic_get_relaxed(&it->ready_next);
		uint32_t wanted = atomic_get_relaxed(&it->events), got;

		if (n == max) {
			atomic_swap(&it->queued, 0);
			shm_stack_push_item(a, ep, i);
		} else if ((got = serve(c, i))) {
			out[n++] = (struct event){ got,
				(int64_t)atomic_get_relaxed(&it->data) };
			if (!(wanted & (EPOLLET | EPOLLONESHOT)))
				level[again++] = i;
		}
		i = next;
	}
	for (int k = 0; k < again; k++)
		shm_stack_push_item(a, ep, level[k]);
	return n;
}

static int collect_listeners(struct call *c, const struct play_fd *f,
	struct event *out, int max)
{
	int n = 0;

	for (unsigned k = 0; k < PLAY_WATCHES && n < max; k++) {
		struct play_watch *w = &c->p->watches[k];
		unsigned waits, got;

		if (!w->used || w->item || w->epfd != call_fd_number(c, f))
			continue;
		waits = subject_embryos(&c->p->host, c->p->fds[w->fd].sock);
		got = waits ? w->events & (EPOLLIN | EPOLLRDNORM) : 0;
		if ((w->events & EPOLLET) && waits <= w->seen)
			got = 0;
		w->seen = waits;
		if (!got || w->fired)
			continue;
		w->fired = w->events & EPOLLONESHOT;
		out[n++] = (struct event){ got, w->data };
	}
	return n;
}

static void compare_event(struct call *c, const struct event *got)
{
	int64_t data;
	uint32_t events = read_event(c, 1, &data);

	if (got->events != events || got->data != data)
		play_fail(c->p, c->e->line, "epoll_wait gave events 0x%x, data %lld\n"
			"  expected  events 0x%x, data %lld", got->events,
			(long long)got->data, events, (long long)data);
}

struct play_result call_epoll_wait(struct call *c)
{
	struct play_fd *f = call_any_fd(c, 0);
	int64_t max = call_number(c, 2), timeout = call_number(c, 3);
	struct event got[PLAY_WATCHES];
	int n;

	if (!f)
		return call_done(-EBADF);
	if (f->kind != PLAY_FD_EPOLL || max <= 0)
		return call_done(-EINVAL);
	if (max > PLAY_WATCHES)
		max = PLAY_WATCHES;
	n = collect_items(c, f, got, (int)max);
	n += collect_listeners(c, f, got + n, (int)max - n);
	if (n == 0)
		return call_wait(c, DURATION_MS(timeout), 0);
	if (n == c->e->call.result.number && call_arg(c, 1)->kind == SCRIPT_STRUCT)
		compare_event(c, &got[0]);
	return call_done(n);
}
