/* Epolls of a script. One is an epoll of the arena, served as the client serves it
 * (client/epwait.c): sock/ pushes what has changed on its stack. Listeners have no
 * items there, they are looked at (theirs is the native epoll).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "epolls.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/atomic.h"

#define ALWAYS (EPOLLERR | EPOLLHUP)

static bool is_listener(struct play *p, const struct play_fd *f)
{
	return atomic_get_relaxed(&shm_sock_at(&p->host.arena, f->sock)->state) ==
		SHM_SOCK_LISTEN;
}

/* What is true of a socket now, of those events. */
unsigned epolls_ready(struct play *p, const struct play_fd *f, unsigned events)
{
	if (!is_listener(p, f))
		return sock_ready(&p->host.env, f->sock, events | ALWAYS) &
			(events | ALWAYS);
	return subject_has_embryo(&p->host, f->sock) ?
		events & (POLLIN | POLLRDNORM) : 0;
}

/* --- epoll: the set ----------------------------------------------------------------- */

static int number_of(const struct play *p, const struct play_fd *f)
{
	return (int)(f - p->fds);
}

int epolls_make(struct play *p)
{
	struct shm_arena *a = &p->host.arena;
	uint32_t i = shm_epoll_take(a);

	if (!i)
		return -ENOMEM;
	atomic_put_relaxed(&shm_epoll_at(a, i)->live, 1); /* nobody looks yet */
	return (int)i;
}

static struct play_watch *find(struct play *p, int epfd, int fd)
{
	for (unsigned k = 0; k < PLAY_WATCHES; k++) {
		struct play_watch *w = &p->watches[k];

		if (w->used && w->epfd == epfd && w->fd == fd)
			return w;
	}
	return NULL;
}

static struct shm_item *item_of(struct play *p, const struct play_watch *w)
{
	return shm_item_at(&p->host.arena, w->item);
}

static void drop(struct play *p, struct play_watch *w)
{
	struct play_fd *f = &p->fds[w->fd];
	struct shm_item *it = item_of(p, w);

	if (w->item) {
		atomic_put_relaxed(&it->live, ITEM_DROPPED);
		sock_unwatch(&p->host.env, f->sock, w->item);
		/* Else who takes it off the stack frees it. */
		if (!atomic_get_relaxed(&it->queued))
			shm_item_free(&p->host.arena, w->item);
	}
	w->used = false;
}

void epolls_forget(struct play *p, int fd)
{
	for (unsigned k = 0; k < PLAY_WATCHES; k++)
		if (p->watches[k].used && p->watches[k].fd == fd)
			drop(p, &p->watches[k]);
}

void epolls_close(struct play *p, const struct play_fd *f)
{
	for (unsigned k = 0; k < PLAY_WATCHES; k++)
		if (p->watches[k].used &&
			p->watches[k].epfd == number_of(p, f))
			drop(p, &p->watches[k]);
	shm_epoll_free(&p->host.arena, f->sock);
}

static int add(struct play *p, const struct play_fd *ep, int fd, uint32_t events,
	int64_t data)
{
	struct shm_arena *a = &p->host.arena;
	struct play_fd *f = &p->fds[fd];
	struct play_watch *w = NULL;
	struct shm_item *it;

	for (unsigned k = 0; k < PLAY_WATCHES && !w; k++)
		w = p->watches[k].used ? NULL : &p->watches[k];
	if (!w)
		return -ENOSPC;
	*w = (struct play_watch){ .used = true, .epfd = number_of(p, ep),
		.fd = fd, .events = events, .data = data };
	if (is_listener(p, f))
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
	sock_watch(&p->host.env, f->sock, w->item);
	shm_stack_push_item(a, shm_epoll_at(a, ep->sock), w->item);
	return 0;
}

static int modify(struct play *p, const struct play_fd *ep, struct play_watch *w,
	uint32_t events, int64_t data)
{
	struct shm_arena *a = &p->host.arena;
	struct shm_item *it = item_of(p, w);

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

int epolls_ctl(struct play *p, const struct play_fd *ep, int op, int fd,
	uint32_t events, int64_t data)
{
	struct play_watch *w;

	if (fd < 0 || fd >= PLAY_FDS || !p->fds[fd].used)
		return -EBADF;
	if (ep->kind != PLAY_FD_EPOLL || &p->fds[fd] == ep)
		return -EINVAL;
	if (p->fds[fd].kind != PLAY_FD_SOCKET)
		return -EPERM; /* sets of sockets only */
	w = find(p, number_of(p, ep), fd);
	if (op == EPOLL_CTL_ADD)
		return w ? -EEXIST : add(p, ep, fd, events, data);
	if (!w)
		return -ENOENT;
	if (op == EPOLL_CTL_MOD)
		return modify(p, ep, w, events, data);
	if (op != EPOLL_CTL_DEL)
		return -EINVAL;
	drop(p, w);
	return 0;
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
static uint32_t serve(struct play *p, uint32_t i)
{
	struct shm_item *it = shm_item_at(&p->host.arena, i);
	uint32_t wanted = atomic_get_relaxed(&it->events), got;

	atomic_swap(&it->queued, 0);
	if (atomic_get_relaxed(&it->live) == ITEM_DROPPED) {
		shm_item_free(&p->host.arena, i);
		return 0;
	}
	if (!wanted)
		return 0;
	got = epolls_ready(p, &p->fds[it->fd], wanted & 0xffff) & (wanted | ALWAYS);
	if (got && (wanted & EPOLLONESHOT))
		atomic_put_relaxed(&it->events, 0);
	return got;
}

static int collect_items(struct play *p, const struct play_fd *f, struct epolls_event *out,
	int max)
{
	struct shm_arena *a = &p->host.arena;
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
		} else if ((got = serve(p, i))) {
			out[n++] = (struct epolls_event){ got,
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

static int collect_listeners(struct play *p, const struct play_fd *f,
	struct epolls_event *out, int max)
{
	int n = 0;

	for (unsigned k = 0; k < PLAY_WATCHES && n < max; k++) {
		struct play_watch *w = &p->watches[k];
		unsigned waits, got;

		if (!w->used || w->item || w->epfd != number_of(p, f))
			continue;
		waits = subject_embryos(&p->host, p->fds[w->fd].sock);
		got = waits ? w->events & (EPOLLIN | EPOLLRDNORM) : 0;
		if ((w->events & EPOLLET) && waits <= w->seen)
			got = 0;
		w->seen = waits;
		if (!got || w->fired)
			continue;
		w->fired = w->events & EPOLLONESHOT;
		out[n++] = (struct epolls_event){ got, w->data };
	}
	return n;
}

int epolls_wait(struct play *p, const struct play_fd *f, struct epolls_event *out,
	int max)
{
	int n = collect_items(p, f, out, max);

	return n + collect_listeners(p, f, out + n, max - n);
}
