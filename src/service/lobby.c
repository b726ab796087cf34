/* The lobby. A connector of TCP_DEFER_ACCEPT waits here until it rings (there are
 * bytes, or a FIN), hangs up, or its time is over: Linux gives the listener also a
 * silent one when the SYN-ACKs have been sent so often (tcp_check_req(), with
 * syn_ack_recalc()). Then its end of the stand-in goes to the listener, in a hello.
 * One who ends with a reset is never heard of.
 *
 *   lobby_enter --> byte, HUP, time --> rendezvous_call, descriptor, forgotten
 *                                       backlog full: again, every ROOM_STEP
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "lobby.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/atomic.h"
#include "base/list.h"
#include "host.h"
#include "rendezvous.h"

#define ROOM_STEP DURATION_MS(10)
#define LONGEST_S 32768u /* TCP_DEFER_ACCEPT's 255 timeouts are less */

struct caller {
	struct loop_source src;
	struct loop_deferred deferred;
	struct loop_timer timer; /* patience, or room in the backlog */
	struct list node;	 /* host's lobby */
	struct host *host;
	uint32_t sock, gen;
	uint32_t embryo, embryo_gen;
	uint32_t listener, listener_gen;
};

static void caller_free(struct loop_deferred *d)
{
	free(LIST_ENTRY(d, struct caller, deferred));
}

static void caller_close(struct caller *c)
{
	struct loop *l = c->host->svc->loop;

	loop_timer_cancel(l, &c->timer);
	loop_close(l, &c->src);
	list_remove(&c->node);
	loop_defer(l, &c->deferred, caller_free);
}

/* The embryo, if nobody has adopted it yet. */
static struct shm_sock *embryo_of(const struct caller *c)
{
	struct shm_sock *em = shm_sock_at(&c->host->arena, c->embryo);

	return em && atomic_get_acquire(&em->gen) == c->embryo_gen &&
		atomic_get_acquire(&em->state) != SHM_SOCK_FREE &&
		(atomic_get_acquire(&em->flags) & SHM_F_EMBRYO) ? em : NULL;
}

/* Nobody will have it: the connector, if it lives, is reset. */
static void refuse(struct caller *c)
{
	if (embryo_of(c))
		sock_reap(&c->host->env, c->embryo);
	caller_close(c);
}

static bool hand_over(int to, int fd)
{
	char space[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))) = { 0 };
	char byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = space,
		.msg_controllen = sizeof(space) };
	struct cmsghdr *cm = CMSG_FIRSTHDR(&m);

	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	cm->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cm), &fd, sizeof(fd));
	return sendmsg(to, &m, MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
}

/* The listener's backlog is full. A hangup or bytes would show again and again: a
 * copy of the descriptor stays, out of the loop. */
static void wait_for_room(struct caller *c)
{
	struct loop *l = c->host->svc->loop;
	int fd = fcntl(c->src.fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0) {
		refuse(c);
		return;
	}
	loop_close(l, &c->src);
	c->src.fd = fd;
	loop_timer_set(l, &c->timer, instant_add(loop_now(l), ROOM_STEP));
}

static void pass_on(struct caller *c)
{
	struct host *h = c->host;
	const struct shm_hello hello = {
		.magic = SHM_MAGIC,
		.kind = SHM_HELLO_HANDED,
		.key = h->key,
		.sock = c->embryo,
		.gen = c->embryo_gen,
	};
	struct shm_sock *s = shm_sock_at(&h->arena, c->sock);
	int to = rendezvous_call(h, &hello, c->listener, c->listener_gen);

	if (to == -EAGAIN) {
		wait_for_room(c);
		return;
	}
	if (to < 0 || !hand_over(to, c->src.fd)) {
		if (to >= 0)
			close(to);
		refuse(c);
		return;
	}
	close(to);
	if (s && atomic_get_acquire(&s->gen) == c->gen)
		atomic_clear_bits(&s->flags, (uint32_t)SHM_F_DEFERRED);
	caller_close(c);
}

static void time_over(struct loop_timer *t)
{
	pass_on(LIST_ENTRY(t, struct caller, timer));
}

static bool ended_with_reset(const struct caller *c)
{
	struct shm_sock *em = embryo_of(c), *s = shm_sock_at(&c->host->arena, c->sock);

	return !em || atomic_get_acquire(&em->state) == SHM_SOCK_DEAD ||
		(s && atomic_get_acquire(&s->gen) == c->gen &&
			sock_died_with_reset(&c->host->env, s));
}

static void caller_ready(struct loop_source *src, uint32_t events)
{
	struct caller *c = LIST_ENTRY(src, struct caller, src);

	if ((events & (EPOLLHUP | EPOLLERR)) && ended_with_reset(c))
		refuse(c);
	else
		pass_on(c);
}

static uint32_t patience(const struct host *h, uint32_t listener)
{
	struct shm_sock *l = shm_sock_at(&h->arena, listener);
	uint32_t s = l ? atomic_word_get(&l->opts.defer_accept_s) : 0;

	return s < LONGEST_S ? s : LONGEST_S;
}

/* What the connector's record says; all of it is checked before each use. */
static struct caller *caller_new(struct host *h, uint32_t sock, uint32_t gen)
{
	struct shm_sock *s = shm_sock_at(&h->arena, sock), *em;
	struct caller *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->host = h;
	c->sock = sock;
	c->gen = gen;
	if (s) {
		c->embryo = atomic_word_get(&s->peer);
		c->embryo_gen = atomic_word_get(&s->peer_gen);
	}
	em = embryo_of(c);
	if (!em || atomic_word_get(&em->peer) != sock) {
		free(c);
		return NULL;
	}
	c->listener = atomic_word_get(&em->listener);
	c->listener_gen = atomic_word_get(&em->listener_gen);
	return c;
}

void lobby_enter(struct host *h, int fd, uint32_t sock, uint32_t gen)
{
	struct loop *l = h->svc->loop;
	struct caller *c = caller_new(h, sock, gen);

	if (!c) {
		close(fd);
		return;
	}
	c->src = (struct loop_source){ fd, caller_ready };
	loop_timer_init(&c->timer, time_over);
	list_push_back(&h->lobby, &c->node);
	/* Level-triggered: whoever has rung already is seen in this round. */
	if (loop_add(l, &c->src, EPOLLIN) < 0) {
		close(fd);
		c->src.fd = -1;
		refuse(c);
		return;
	}
	loop_timer_set(l, &c->timer, instant_add(loop_now(l),
		DURATION_S(patience(h, c->listener))));
}

void lobby_free(struct host *h)
{
	LIST_FOREACH_SAFE(node, tmp, &h->lobby)
		caller_close(LIST_ENTRY(node, struct caller, node));
}
