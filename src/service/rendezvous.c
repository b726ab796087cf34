/* Far ends: for each connection to another host the service holds the other end
 * of the program's stand-in. Its life tells of the program's: HUP comes when the
 * last descriptor of the stand-in is closed anywhere, kill -9 included. Doorbell
 * bytes pass in both directions; they carry nothing.
 *
 *   accept --> hello CONNECT --> net_connect --> ... HUP --> net_hangup
 *          --> hello REGISTER -> process_register, welcome, close
 *          --> hello SILENT -> lobby_enter
 *   rendezvous_attach (incoming connection) --> ... HUP --> net_hangup
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "rendezvous.h"

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
#include "lobby.h"
#include "log.h"
#include "process.h"

struct far_end {
	struct loop_source src;
	struct loop_deferred deferred;
	struct loop_timer timer; /* until the hello is here */
	struct list node;	 /* rendezvous' */
	struct host *host;
	uint32_t sock, gen;	 /* 0: no hello yet */
	bool echo;		 /* of a socket connected to itself */
};

struct rendezvous {
	struct host *host;
	struct loop_source stream, bell;
	struct loop_timer resume; /* accepting again, after a lack of descriptors */
	struct list ends;
};

static void end_free(struct loop_deferred *d)
{
	free(LIST_ENTRY(d, struct far_end, deferred));
}

static void end_close(struct far_end *e)
{
	struct loop *l = e->host->svc->loop;

	loop_timer_cancel(l, &e->timer);
	loop_close(l, &e->src);
	list_remove(&e->node);
	loop_defer(l, &e->deferred, end_free);
}

static void end_late(struct loop_timer *t)
{
	end_close(LIST_ENTRY(t, struct far_end, timer));
}

static void end_ready(struct loop_source *src, uint32_t events);

static struct far_end *end_new(struct host *h, int fd)
{
	struct far_end *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->host = h;
	e->src = (struct loop_source){ fd, end_ready };
	loop_timer_init(&e->timer, end_late);
	if (loop_add(h->svc->loop, &e->src, EPOLLIN | EPOLLRDHUP) < 0) {
		free(e);
		return NULL;
	}
	list_push_back(&h->rendezvous->ends, &e->node);
	return e;
}

/* --- hello -------------------------------------------------------------------- */

static void end_register(struct far_end *e)
{
	struct shm_welcome w = { 0 };

	process_register(e->host, e->src.fd, &w);
	if (send(e->src.fd, &w, sizeof(w), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		log_line("%s: welcome: %s", e->host->name, strerror(errno));
	end_close(e);
}

static void end_connect(struct far_end *e, const struct shm_hello *hello)
{
	struct host *h = e->host;
	int err;

	loop_timer_cancel(h->svc->loop, &e->timer);
	e->sock = hello->sock;
	e->gen = hello->gen;
	err = net_connect(h->net, loop_now(h->svc->loop), e->sock, e->gen, e);
	if (err) {
		log_line("%s: hello for socket %u.%u: %s", h->name, e->sock,
			e->gen, strerror(-err));
		end_close(e);
	}
}

static void end_silent(struct far_end *e, const struct shm_hello *hello)
{
	int fd = fcntl(e->src.fd, F_DUPFD_CLOEXEC, 0);

	if (fd >= 0)
		lobby_enter(e->host, fd, hello->sock, hello->gen);
	end_close(e);
}

/* It lives as long as the socket, which is no business of the net's. */
static void end_echo(struct far_end *e)
{
	loop_timer_cancel(e->host->svc->loop, &e->timer);
	e->echo = true;
}

static void end_hello(struct far_end *e)
{
	struct shm_hello hello;
	/* One send of a few bytes: it comes whole or something is wrong. */
	ssize_t n = recv(e->src.fd, &hello, sizeof(hello), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != (ssize_t)sizeof(hello) || hello.magic != SHM_MAGIC ||
		hello.key != e->host->key)
		end_close(e);
	else if (hello.kind == SHM_HELLO_CONNECT)
		end_connect(e, &hello);
	else if (hello.kind == SHM_HELLO_REGISTER)
		end_register(e);
	else if (hello.kind == SHM_HELLO_SELF)
		end_echo(e);
	else if (hello.kind == SHM_HELLO_SILENT)
		end_silent(e, &hello);
	else
		end_close(e);
}

/* --- afterwards ----------------------------------------------------------------- */

static void end_ready(struct loop_source *src, uint32_t events)
{
	struct far_end *e = LIST_ENTRY(src, struct far_end, src);
	struct host *h = e->host;
	uint32_t sock = e->sock, gen = e->gen;
	char bytes[256];

	if (!sock && !e->echo) {
		end_hello(e);
		return;
	}
	if (events & (EPOLLHUP | EPOLLERR)) {
		end_close(e);
		if (e->echo)
			return;
		net_hangup(h->net, loop_now(h->svc->loop), sock, gen);
		return;
	}
	/* Doorbells: the socket itself is in svc_ready. */
	if (events & EPOLLIN)
		while (recv(src->fd, bytes, sizeof(bytes), MSG_DONTWAIT) ==
			(ssize_t)sizeof(bytes))
			;
	if (e->echo)
		rendezvous_ring(e);
}

void rendezvous_ring(void *port)
{
	struct far_end *e = port;

	/* A full queue holds doorbells enough. */
	send(e->src.fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void rendezvous_drop(void *port)
{
	end_close(port);
}

/* Connects to a listener and says which embryo it is to adopt. Its descriptor. */
int rendezvous_call(struct host *h, const struct shm_hello *hello, uint32_t listener,
	uint32_t gen)
{
	struct shm_sock *l = shm_sock_at(h->env.arena, listener);
	struct sockaddr_un sa;
	socklen_t len = host_standin(h, listener, gen, &sa);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -EAGAIN;
	if (connect(fd, (struct sockaddr *)&sa, len) < 0) {
		int err = errno == EAGAIN ? -EAGAIN : -ECONNREFUSED;

		close(fd);
		return err;
	}
	if (l) /* a hint for who spins in accept(); pairs with its look */
		atomic_add(&l->arrived, 1);
	if (send(fd, hello, sizeof(*hello), MSG_DONTWAIT | MSG_NOSIGNAL) !=
		(ssize_t)sizeof(*hello)) {
		close(fd);
		return -ECONNREFUSED;
	}
	return fd;
}

int rendezvous_attach(struct host *h, uint32_t listener, uint32_t listener_gen,
	uint32_t embryo, uint32_t gen, void **port)
{
	struct shm_hello hello = {
		.magic = SHM_MAGIC,
		.kind = SHM_HELLO_ACCEPT,
		.key = h->key,
		.sock = embryo,
		.gen = gen,
	};
	int fd = rendezvous_call(h, &hello, listener, listener_gen);
	struct far_end *e;

	if (fd < 0)
		return fd;
	e = end_new(h, fd);
	if (!e) {
		close(fd);
		return -EAGAIN;
	}
	e->sock = embryo;
	e->gen = gen;
	*port = e;
	return 0;
}

/* --- accepting ------------------------------------------------------------------ */

static void resume(struct loop_timer *t)
{
	struct rendezvous *r = LIST_ENTRY(t, struct rendezvous, resume);

	loop_change(r->host->svc->loop, &r->stream, EPOLLIN);
}

static void stream_ready(struct loop_source *src, uint32_t events)
{
	struct rendezvous *r = LIST_ENTRY(src, struct rendezvous, stream);
	struct loop *l = r->host->svc->loop;

	(void)events;
	for (int i = 0; i < ACCEPT_BATCH; i++) {
		int fd = accept4(src->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		struct far_end *e = fd < 0 ? NULL : end_new(r->host, fd);

		if (e) {
			loop_timer_set(l, &e->timer,
				instant_add(loop_now(l), HELLO_TIME));
			/* Mostly it is here already: saves a round. */
			end_hello(e);
			continue;
		}
		if (fd >= 0)
			close(fd);
		else if (errno == EAGAIN)
			return;
		else if (errno == ECONNABORTED || errno == EINTR)
			continue;
		/* No descriptor or memory: leave the others in the queue. */
		loop_change(l, src, 0);
		loop_timer_set(l, &r->resume, instant_add(loop_now(l),
			ACCEPT_PAUSE));
		return;
	}
}

static void bell_ready(struct loop_source *src, uint32_t events)
{
	struct rendezvous *r = LIST_ENTRY(src, struct rendezvous, bell);
	char byte[16];

	(void)events;
	for (int i = 0; i < LOOP_BATCH; i++) {
		if (recv(src->fd, byte, sizeof(byte), MSG_DONTWAIT) < 0)
			break;
	}
	sweep_look(&r->host->sweep);
}

static int open_named(struct host *h, int type, const char *what)
{
	struct sockaddr_un sa;
	socklen_t len = host_abstract(h, what, &sa);
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int err;

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&sa, len) < 0 ||
		(type == SOCK_STREAM && listen(fd, SOMAXCONN) < 0)) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

struct rendezvous *rendezvous_new(struct host *h, int *err)
{
	struct rendezvous *r = calloc(1, sizeof(*r));

	*err = -ENOMEM;
	if (!r)
		return NULL;
	r->host = h;
	list_init(&r->ends);
	loop_timer_init(&r->resume, resume);
	r->stream = (struct loop_source){ -1, stream_ready };
	r->bell = (struct loop_source){ -1, bell_ready };
	*err = r->stream.fd = open_named(h, SOCK_STREAM, "s");
	if (*err >= 0)
		*err = r->bell.fd = open_named(h, SOCK_DGRAM, "d");
	if (*err >= 0)
		*err = loop_add(h->svc->loop, &r->stream, EPOLLIN);
	if (*err >= 0)
		*err = loop_add(h->svc->loop, &r->bell, EPOLLIN);
	if (*err < 0) {
		rendezvous_free(r);
		return NULL;
	}
	*err = 0;
	return r;
}

void rendezvous_free(struct rendezvous *r)
{
	struct loop *l;

	if (!r)
		return;
	l = r->host->svc->loop;
	loop_timer_cancel(l, &r->resume);
	LIST_FOREACH_SAFE(node, tmp, &r->ends)
		end_close(LIST_ENTRY(node, struct far_end, node));
	loop_close(l, &r->stream);
	loop_close(l, &r->bell);
	free(r);
}
