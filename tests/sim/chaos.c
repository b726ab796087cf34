/* Several whole hosts (records, transport, stack: the script player's subject) on a
 * bad network, and random programs on them that connect, send, receive, shut down,
 * close, reset, in virtual time. For each seed:
 *
 *   - each byte received is the one that was sent at that place;
 *   - an end of file comes only where the other end has shut down or closed, and
 *     after all that it sent; a reset only where it could come from;
 *   - where everybody is polite, everything that was sent arrives;
 *   - when all is closed and time has passed, nothing is left: no connection in TCP,
 *     no record; and TCP's invariants held all the while.
 *
 *	chaos SEEDS [FIRST]
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "chaos.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic.h"
#include "subject.h"

enum { STEPS = 300, BITE = 20000, DRAIN_ROUNDS = 4000 };

#define FAIL(w, ...) chaos_fail(w, __LINE__, __VA_ARGS__)

static uint8_t text_of(const struct chaos_end *e, uint64_t at)
{
	return (uint8_t)(((at + e->key) * 0x9e3779b97f4a7c15u) >> 56);
}

static struct shm_sock *record(const struct chaos_end *e)
{
	return shm_sock_at(&e->host->subject->arena, e->sock);
}

/* --- what may come ------------------------------------------------------------------ */

/* Can the other end have answered with a reset? It has gone (data may still have been
 * under way to it, or unread there), or it never came. */
static bool may_be_reset(const struct chaos_end *e)
{
	return !e->peer || e->peer->closed;
}

static void check_error(struct chaos *w, struct chaos_end *e, int err)
{
	e->failed = true;
	if (err == ECONNRESET || err == EPIPE) {
		if (!may_be_reset(e))
			FAIL(w, "error %d though the other end is there", err);
	} else if (err == ECONNREFUSED) {
		if (e->connected || (!e->to_nobody && !e->to->relistened))
			FAIL(w, "refused though somebody listens");
	} else {
		FAIL(w, "error %d", err);
	}
}

static void check_eof(struct chaos *w, struct chaos_end *e)
{
	e->eof = true;
	if (e->failed) /* the error was told before: now there is nothing more */
		return;
	if (!e->peer || (!e->peer->shut && !e->peer->closed))
		FAIL(w, "end of file from an end that is open");
	else if (e->read != e->peer->written)
		FAIL(w, "end of file after %llu bytes of %llu",
			(unsigned long long)e->read,
			(unsigned long long)e->peer->written);
}

/* --- the calls ------------------------------------------------------------------------ */

static void do_send(struct chaos *w, struct chaos_end *e)
{
	static uint8_t buf[BITE];
	struct iovec iov = { buf, 1 + rng_below(&w->rng, BITE) };
	struct sock_effect fx = { 0 };
	ssize_t n;

	if (!e->connected || e->closed || (w->polite && e->shut))
		return;
	for (size_t i = 0; i < iov.iov_len; i++)
		buf[i] = text_of(e, e->written + i);
	n = sock_send(&e->host->subject->env, e->sock, &iov, 1, 0, &fx);
	if (n > 0 && e->shut)
		FAIL(w, "sent after shutdown");
	if (n > 0)
		e->written += (uint64_t)n;
	else if (n < 0 && n != -EAGAIN && !(n == -EPIPE && (e->shut || e->failed)))
		check_error(w, e, (int)-n);
	subject_settle(e->host->subject);
}

/* How many bytes came; 0: none. */
static size_t do_recv(struct chaos *w, struct chaos_end *e, size_t most)
{
	static uint8_t buf[BITE];
	struct iovec iov = { buf, most };
	struct sock_effect fx = { 0 };
	ssize_t n;

	if (!e->connected || e->closed || e->eof)
		return 0;
	n = sock_recv(&e->host->subject->env, e->sock, &iov, 1, 0, &fx);
	subject_settle(e->host->subject);
	if (n == 0)
		check_eof(w, e);
	else if (n < 0 && n != -EAGAIN)
		check_error(w, e, (int)-n);
	if (n <= 0)
		return 0;
	if (!e->peer)
		FAIL(w, "bytes from nobody");
	for (ssize_t i = 0; e->peer && i < n; i++)
		if (buf[i] != text_of(e->peer, e->read + (uint64_t)i))
			FAIL(w, "byte %llu is wrong",
				(unsigned long long)(e->read + (uint64_t)i));
	e->read += (uint64_t)n;
	return (size_t)n;
}

static void do_shutdown(struct chaos *w, struct chaos_end *e)
{
	struct sock_effect fx = { 0 };
	int r;

	if (!e->connected || e->closed)
		return;
	r = sock_shutdown(&e->host->subject->env, e->sock, SHUT_WR, &fx);
	subject_settle(e->host->subject);
	if (r == 0)
		e->shut = true;
	else if (r != -ENOTCONN || (!e->shut && !e->failed && !may_be_reset(e)))
		FAIL(w, "shutdown: %d", r);
}

static void do_close(struct chaos_end *e, bool reset)
{
	struct linger l = { 1, 0 };
	struct sock_effect fx = { 0 };

	if (e->closed)
		return;
	if (reset)
		sock_setopt(&e->host->subject->env, e->sock, SOL_SOCKET, SO_LINGER,
			&l, sizeof(l), &fx);
	e->closed = true;
	subject_close(e->host->subject, e->sock);
}

static void do_option(struct chaos *w, struct chaos_end *e)
{
	static const int names[] = { TCP_NODELAY, TCP_CORK, TCP_QUICKACK };
	struct sock_env *env = &e->host->subject->env;
	int on = (int)rng_below(&w->rng, 2), size = 4096 << rng_below(&w->rng, 6);
	const char *cc = on ? "reno" : "cubic";
	struct sock_effect fx = { 0 };
	int r = 0;

	if (e->closed)
		return;
	switch (rng_below(&w->rng, 4)) {
	case 0:
		r = sock_setopt(env, e->sock, SOL_SOCKET, SO_RCVBUF, &size,
			sizeof(size), &fx);
		break;
	case 1:
		r = sock_setopt(env, e->sock, IPPROTO_TCP, TCP_CONGESTION, cc,
			(socklen_t)strlen(cc), &fx);
		break;
	default:
		r = sock_setopt(env, e->sock, IPPROTO_TCP,
			names[rng_below(&w->rng, 3)], &on, sizeof(on), &fx);
		break;
	}
	if (r < 0)
		FAIL(w, "setsockopt: %d", r);
	subject_settle(e->host->subject);
}

static struct chaos_end *new_end(struct chaos *w, struct chaos_host *h, uint32_t sock)
{
	struct chaos_end *e = &w->end[w->nends++];

	*e = (struct chaos_end){ .host = h, .sock = sock, .key = rng_next(&w->rng) };
	return e;
}

static void connect_to(struct chaos *w, struct chaos_end *e,
	const struct chaos_host *to, uint16_t port)
{
	struct subject *s = e->host->subject;
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(port) };
	socklen_t len = sizeof(e->name);
	enum sock_route route;
	uint32_t listener, embryo;
	int r;

	memcpy(&sa.sin_addr, to->addr.b, 4);
	r = sock_connect_begin(&s->env, e->sock, (void *)&sa, sizeof(sa), &route,
		&listener, &embryo);
	if (r != 0 || route != SOCK_ROUTE_NET) {
		FAIL(w, "connect: %d", r);
		return;
	}
	r = net_connect(s->net, s->now, e->sock, subject_gen(s, e->sock), s);
	if (r < 0 || sock_name(&s->env, e->sock, (void *)&e->name, &len) < 0)
		FAIL(w, "net_connect: %d", r);
	subject_settle(s);
}

static void do_connect(struct chaos *w)
{
	struct chaos_host *from, *to;
	struct chaos_end *e;
	uint32_t sock;
	unsigned a = rng_below(&w->rng, CHAOS_HOSTS), b;

	b = (a + 1 + rng_below(&w->rng, CHAOS_HOSTS - 1)) % CHAOS_HOSTS;
	from = &w->host[a];
	to = &w->host[b];
	if (w->nconnects == CHAOS_ENDS / 2) /* each may get another end */
		return;
	w->nconnects++;
	if (sock_create(&from->subject->env, AF_INET, SOCK_STREAM, 0, &sock) < 0) {
		FAIL(w, "no socket");
		return;
	}
	e = new_end(w, from, sock);
	e->to = to;
	e->to_nobody = !w->polite && rng_below(&w->rng, 8) == 0;
	connect_to(w, e, to, e->to_nobody ? CHAOS_PORT + 1 : CHAOS_PORT);
}

/* Has connect() come to an end? */
static void look_at_connect(struct chaos *w, struct chaos_end *e)
{
	int r;

	if (e->connected || e->closed || e->failed)
		return;
	r = sock_connect_result(&e->host->subject->env, e->sock);
	if (r == -EINPROGRESS || r == -EALREADY)
		return;
	if (r == 0 && e->to_nobody)
		FAIL(w, "connected to nobody");
	e->connected = r == 0;
	if (r < 0)
		check_error(w, e, -r);
}

/* The connector whose name the accepted one's peer has: the newest. */
static struct chaos_end *find_connector(struct chaos *w, struct chaos_end *e)
{
	struct shm_sock *mine = record(e);

	for (unsigned i = w->nends; i-- > 0;) {
		struct chaos_end *c = &w->end[i];

		if (c == e || c->accepted || c->peer ||
			c->name.sin_port != htons(mine->remote.port) ||
			memcmp(&c->name.sin_addr, c->host->addr.b, 4) != 0 ||
			memcmp(mine->remote.b, c->host->addr.b, 4) != 0)
			continue;
		return c;
	}
	return NULL;
}

static void do_accept(struct chaos *w, struct chaos_host *h)
{
	struct shm_hello hello;
	struct chaos_end *e;
	uint32_t sock;
	int r;

	if (!subject_take_embryo(h->subject, h->listener, &hello))
		return;
	r = sock_accept_adopt(&h->subject->env, h->listener, &hello, &sock);
	if (r == -ECONNABORTED)
		return;
	if (r < 0) {
		FAIL(w, "accept: %d", r);
		return;
	}
	e = new_end(w, h, sock);
	e->accepted = e->connected = true;
	e->peer = find_connector(w, e);
	if (!e->peer)
		FAIL(w, "a connection from nobody");
	else
		e->peer->peer = e;
}

/* The server starts again: what it had not accepted is reset. */
static void do_relisten(struct chaos *w)
{
	struct chaos_host *h = &w->host[rng_below(&w->rng, CHAOS_HOSTS)];

	if (w->polite)
		return;
	subject_close(h->subject, h->listener);
	h->relistened = true;
	chaos_listen(h);
}

/* --- one run --------------------------------------------------------------------------- */

static void act(struct chaos *w)
{
	struct chaos_end *e = w->nends ? &w->end[rng_below(&w->rng, w->nends)] : NULL;
	unsigned what = rng_below(&w->rng, 100);

	for (unsigned i = 0; i < CHAOS_HOSTS; i++)
		do_accept(w, &w->host[i]);
	for (unsigned i = 0; i < w->nends; i++)
		if (!w->end[i].accepted)
			look_at_connect(w, &w->end[i]);
	if (!e || what < 10)
		do_connect(w);
	else if (what < 45)
		do_send(w, e);
	else if (what < 85)
		do_recv(w, e, 1 + rng_below(&w->rng, BITE));
	else if (what < 90)
		do_shutdown(w, e);
	else if (what < 94)
		do_option(w, e);
	else if (what < 95 && rng_below(&w->rng, 3) == 0)
		do_relisten(w);
	else if (what < 96)
		chaos_cut(w);
	else if (!w->polite)
		do_close(e, what >= 98);
}

/* Everybody shuts down and reads to the end: all that was sent has to arrive. */
static void finish_politely(struct chaos *w)
{
	bool over = false;

	for (int round = 0; round < DRAIN_ROUNDS && !over && !w->failed; round++) {
		over = true;
		for (unsigned i = 0; i < CHAOS_HOSTS; i++)
			do_accept(w, &w->host[i]);
		for (unsigned i = 0; i < w->nends && !w->failed; i++) {
			struct chaos_end *e = &w->end[i];

			look_at_connect(w, e);
			if (e->connected && !e->shut)
				do_shutdown(w, e);
			while (do_recv(w, e, BITE) > 0)
				continue;
			over &= e->eof;
		}
		chaos_pass(w, DURATION_MS(100));
	}
	for (unsigned i = 0; i < w->nends && !w->failed; i++)
		if (!w->end[i].eof || w->end[i].failed)
			FAIL(w, "end %u of %u did not come to its end", i, w->nends);
}

static void end_all(struct chaos *w)
{
	for (unsigned i = 0; i < w->nends; i++)
		do_close(&w->end[i], false);
	for (unsigned i = 0; i < CHAOS_HOSTS; i++)
		subject_close(w->host[i].subject, w->host[i].listener);
	/* An orphan's last retransmissions are minutes apart. */
	chaos_pass(w, DURATION_S(3600));
	chaos_check_empty(w);
}

/* Of all runs. */
struct sums {
	uint64_t ends, refused, reset, eof, bytes;
};

static void add_up(const struct chaos *w, struct sums *s)
{
	for (unsigned i = 0; i < w->nends; i++) {
		const struct chaos_end *e = &w->end[i];

		s->ends++;
		s->refused += e->failed && e->to_nobody;
		s->reset += e->failed && !e->to_nobody;
		s->eof += e->eof && !e->failed;
		s->bytes += e->read;
	}
}

static bool run(uint64_t seed, struct sums *sums)
{
	static struct chaos w;

	chaos_init(&w, seed);
	for (int i = 0; i < STEPS && !w.failed; i++) {
		act(&w);
		chaos_pass(&w, DURATION_US(rng_below(&w.rng, 4) ?
			rng_below(&w.rng, 50000) : rng_below(&w.rng, 1000000)));
	}
	if (w.polite && !w.failed)
		finish_politely(&w);
	if (!w.failed)
		end_all(&w);
	add_up(&w, sums);
	chaos_fini(&w);
	return !w.failed;
}

int main(int argc, char **argv)
{
	uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 0) : 20;
	uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	struct sums sums = { 0 };
	unsigned bad = 0;

	printf("TAP version 13\n");
	for (uint64_t s = first; s < first + n; s++)
		bad += !run(s, &sums);
	bad += sums.bytes == 0 || sums.eof == 0; /* then nothing was tried */
	printf("# %llu ends: %llu read to the end, %llu reset, %llu refused; %llu "
		"bytes\n", (unsigned long long)sums.ends,
		(unsigned long long)sums.eof, (unsigned long long)sums.reset,
		(unsigned long long)sums.refused, (unsigned long long)sums.bytes);
	printf("%sok 1 - %llu seeds\n1..1\n", bad ? "not " : "",
		(unsigned long long)n);
	return bad != 0;
}
