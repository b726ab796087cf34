/* The doorbell protocol, the ready stack of an epoll set and the life of sockets,
 * with threads in the place of processes: the thread sanitizer cannot see what
 * processes share. A pipe for each socket is its stand-in. Whoever has nothing to
 * do sleeps without limit, so that a lost wake-up hangs the test.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "base/atomic.h"
#include "sock/report.h"
#include "world.h"

#include <linux/errqueue.h>

#define SOCKS 256 /* that have a bell */

/* A process: its own view of everything. */
struct party {
	struct shm_arena a;
	struct sock_env env;
	unsigned k;
	uint32_t i; /* its socket */
};

static struct party parties[4]; /* the last: the main thread's */
static int bells[SOCKS][2];
static int epoll_bell[2];
/* 1 + generation of the record whose last descriptor is closed. */
static _Atomic uint32_t closed[SOCKS];
static pthread_mutex_t reaping = PTHREAD_MUTEX_INITIALIZER;

static void yield(unsigned tries)
{
	(void)tries;
	sched_yield();
}

static int closed_everywhere(void *user, uint32_t i)
{
	(void)user;
	return i < SOCKS && atomic_get_acquire(&closed[i]) == at(i)->gen + 1;
}

static struct party *party_init(unsigned k, uint32_t i)
{
	struct party *p = &parties[k];

	*p = (struct party){ .a = arena, .k = k, .i = i };
	p->a.self_slot = k + 1;
	p->a.relax = yield;
	p->env = (struct sock_env){ .arena = &p->a, .privileged = true,
		.is_dead = closed_everywhere };
	return p;
}

static void bell_init(int fd[2])
{
	CHECK(pipe(fd) == 0);
	CHECK(fcntl(fd[1], F_SETFL, O_NONBLOCK) == 0);
}

static void bell_fini(int fd[2])
{
	close(fd[0]);
	close(fd[1]);
}

static void ring(int fd[2])
{
	CHECK(write(fd[1], "", 1) == 1 || errno == EAGAIN);
}

/* What a client does with the effects of a call on i. */
static void effects(uint32_t i, const struct sock_effect *f)
{
	if (f->ring)
		ring(bells[at(i)->peer]);
	if (f->ring_to)
		ring(bells[f->ring_to]);
}

static void wait_for(struct party *p, uint32_t i, unsigned want)
{
	char c;

	sock_sleep_begin(&p->env, i, want);
	while (!(sock_ready(&p->env, i, want) & (want | POLLHUP | POLLERR)))
		CHECK(read(bells[i][0], &c, 1) == 1);
	sock_sleep_end(&p->env, i, want);
}

static void send_all(struct party *p, const void *data, size_t len)
{
	const uint8_t *d = data;

	while (len > 0) {
		struct iovec v = { (void *)(uintptr_t)d, len };
		struct sock_effect f;
		ssize_t n = sock_send(&p->env, p->i, &v, 1, 0, &f);

		if (n == -EAGAIN) {
			wait_for(p, p->i, POLLOUT);
			continue;
		}
		CHECK_INT(n, >, 0);
		effects(p->i, &f);
		d += n;
		len -= (size_t)n;
	}
}

/* Some bytes, or 0 at the end. */
static size_t receive(struct party *p, uint32_t i, void *data, size_t len)
{
	struct iovec v = { data, len };
	struct sock_effect f;
	ssize_t n;

	while ((n = sock_recv(&p->env, i, &v, 1, 0, &f)) == -EAGAIN)
		wait_for(p, i, POLLIN);
	CHECK_INT(n, >=, 0);
	effects(i, &f);
	return (size_t)n;
}

static void finish(struct party *p)
{
	struct sock_effect f;

	CHECK_INT(sock_shutdown(&p->env, p->i, SHUT_WR, &f), ==, 0);
	effects(p->i, &f);
}

/* --- two ends ------------------------------------------------------------------ */

#define ROUND_TRIPS 3000

static void *echo(void *arg)
{
	struct party *p = arg;
	char c;

	while (receive(p, p->i, &c, 1) == 1)
		send_all(p, &c, 1);
	finish(p);
	return NULL;
}

TEST(bell_wakes_at_each_round_trip)
{
	uint32_t a, b, l;
	struct party *p;
	pthread_t t;
	char c;

	world_init();
	pair_of(&a, &b, &l);
	bell_init(bells[a]);
	bell_init(bells[b]);
	p = party_init(0, a);
	CHECK(pthread_create(&t, NULL, echo, party_init(1, b)) == 0);
	for (int n = 0; n < ROUND_TRIPS; n++) {
		char sent = (char)n;

		send_all(p, &sent, 1);
		CHECK_INT(receive(p, a, &c, 1), ==, 1);
		CHECK_INT(c, ==, sent);
	}
	finish(p);
	CHECK_INT(receive(p, a, &c, 1), ==, 0);
	CHECK(pthread_join(t, NULL) == 0);
	bell_fini(bells[a]);
	bell_fini(bells[b]);
}

#define BULK (2u << 20)

static void *send_bulk(void *arg)
{
	struct party *p = arg;
	uint8_t block[1500];

	for (uint32_t done = 0; done < BULK; done += sizeof(block)) {
		for (uint32_t k = 0; k < sizeof(block); k++)
			block[k] = (uint8_t)((done + k) * 2654435761u >> 24);
		send_all(p, block, sizeof(block));
	}
	finish(p);
	return NULL;
}

/* Both sides sleep: a fifo of the smallest size is full or empty all the time. */
TEST(bell_wakes_writer_and_reader)
{
	uint32_t a, b, l, em, done = 0;
	struct party *p;
	uint8_t buf[700];
	pthread_t t;
	size_t n;

	world_init();
	l = listener("127.0.0.1", 7001);
	set_int(l, SOL_SOCKET, SO_RCVBUF, 1);
	a = tcp();
	set_int(a, SOL_SOCKET, SO_SNDBUF, 1);
	CHECK_INT(connect_to(a, "127.0.0.1", 7001, &em), ==, 0);
	CHECK_INT(accept_from(l, em, &b), ==, 0);
	bell_init(bells[a]);
	bell_init(bells[b]);
	p = party_init(0, b);
	CHECK(pthread_create(&t, NULL, send_bulk, party_init(1, a)) == 0);
	while ((n = receive(p, b, buf, sizeof(buf))) > 0)
		for (size_t k = 0; k < n; k++, done++)
			CHECK(buf[k] == (uint8_t)(done * 2654435761u >> 24));
	CHECK_INT(done, >=, BULK);
	CHECK(pthread_join(t, NULL) == 0);
	bell_fini(bells[a]);
	bell_fini(bells[b]);
}

/* --- many in one set -------------------------------------------------------------- */

#define SENDERS 3
#define SENT 3000

static void *send_to_a_set(void *arg)
{
	struct party *p = arg;
	struct sock_effect f;

	for (uint32_t n = 0; n < SENT; n++) {
		struct iovec v = { &n, sizeof(n) };

		CHECK_INT(sock_send(&p->env, p->i, &v, 1, 0, &f), ==, 4);
		if (f.ring)
			ring(epoll_bell);
		if (n % 3 == 0)
			sched_yield();
	}
	return NULL;
}

static uint32_t watch(struct party *p, uint32_t set, uint32_t i)
{
	uint32_t k = shm_item_take(&p->a);
	struct shm_item *it = shm_item_at(&p->a, k);

	it->epoll = set;
	it->events = POLLIN;
	it->live = 1;
	CHECK_INT(sock_watch(&p->env, i, k), ==, 0);
	return k;
}

/* Takes all that is ready; how many numbers that were. */
static uint32_t collect(struct party *p, struct shm_epoll *ep, uint32_t *next)
{
	uint32_t k = shm_stack_pop_items(&p->a, ep), n, got = 0;

	while (k != 0) {
		struct shm_item *it = shm_item_at(&p->a, k);
		uint32_t i = it->sock;

		k = it->ready_next;
		/* Down, then look: pairs with the push after the bytes. */
		CHECK(atomic_swap(&it->queued, 0) != 0);
		while (sock_ready(&p->env, i, POLLIN) & POLLIN) {
			CHECK_INT(receive(p, i, &n, sizeof(n)), ==, 4);
			CHECK_INT(n, ==, next[i]++);
			got++;
		}
	}
	return got;
}

TEST(set_is_woken_for_each_push)
{
	uint32_t a, b, l, set, next[SOCKS] = { 0 };
	struct shm_epoll *ep;
	pthread_t t[SENDERS];
	struct party *p;
	char c;

	world_init();
	bell_init(epoll_bell);
	p = party_init(SENDERS, 0);
	set = shm_epoll_take(&arena);
	ep = shm_epoll_at(&arena, set);
	for (unsigned k = 0; k < SENDERS; k++) {
		pair_of(&a, &b, &l);
		watch(p, set, b);
		party_init(k, a);
	}
	for (unsigned k = 0; k < SENDERS; k++)
		CHECK(pthread_create(&t[k], NULL, send_to_a_set, &parties[k]) == 0);
	for (uint32_t got = 0; got < SENDERS * SENT;) {
		uint32_t n = collect(p, ep, next);

		got += n;
		if (n > 0)
			continue;
		atomic_put_release(&ep->armed, 1);
		/* Pairs with push_item()'s: push, fence, look at armed. */
		atomic_full_fence();
		if ((uint32_t)atomic_get_relaxed(&ep->ready) == 0)
			CHECK(read(epoll_bell[0], &c, 1) == 1);
		atomic_put_release(&ep->armed, 0);
	}
	for (unsigned k = 0; k < SENDERS; k++)
		CHECK(pthread_join(t[k], NULL) == 0);
	bell_fini(epoll_bell);
}

/* --- datagrams ------------------------------------------------------------------------ */

#define DATAGRAMS 2000

static _Atomic uint32_t last_seen[2]; /* the receiver: of each sender */

static void *send_datagrams(void *arg)
{
	struct party *p = arg;
	struct sock_effect f;
	union name to;
	socklen_t len = name_of(&to, "127.0.0.1", 7002);

	/* A full queue drops: the last is sent until it is there. */
	for (uint32_t n = 0; atomic_get_acquire(&last_seen[p->k]) == 0;
		n += n < DATAGRAMS - 1) {
		uint32_t msg[2] = { p->k, n };
		struct iovec v = { msg, sizeof(msg) };

		CHECK_INT(sock_sendto(&p->env, p->i, &v, 1, 0, &to.sa, len, NULL, &f),
			==, sizeof(msg));
		effects(p->i, &f);
	}
	return NULL;
}

/* A full queue drops, but what comes is whole and in each sender's order, and
 * wakes us. */
TEST(datagrams_wake_their_receiver)
{
	uint32_t r, next[2] = { 0 }, ended = 0;
	struct sock_effect f;
	struct party *p;
	pthread_t t[2];

	world_init();
	r = udp();
	CHECK_INT(set_int(r, SOL_SOCKET, SO_RCVBUF, 1 << 20), ==, 0);
	CHECK_INT(bind_to(r, "127.0.0.1", 7002), ==, 0);
	bell_init(bells[r]);
	p = party_init(2, r);
	for (unsigned k = 0; k < 2; k++)
		CHECK(pthread_create(&t[k], NULL, send_datagrams,
			party_init(k, udp())) == 0);
	while (ended < 2) {
		uint32_t msg[2] = { 0 };
		struct iovec v = { msg, sizeof(msg) };
		int mflags = 0;
		ssize_t n = sock_recvfrom(&p->env, r, &v, 1, 0, NULL, NULL, NULL,
			&mflags, &f);

		if (n == -EAGAIN) {
			wait_for(p, r, POLLIN);
			continue;
		}
		CHECK(n == sizeof(msg) && msg[0] < 2 && msg[1] < DATAGRAMS);
		if (atomic_get_relaxed(&last_seen[msg[0]])) /* by us */
			continue;
		CHECK_INT(msg[1], >=, next[msg[0]]);
		next[msg[0]] = msg[1] + 1;
		if (msg[1] == DATAGRAMS - 1) {
			atomic_put_release(&last_seen[msg[0]], 1);
			ended++;
		}
	}
	for (unsigned k = 0; k < 2; k++)
		CHECK(pthread_join(t[k], NULL) == 0);
	bell_fini(bells[r]);
}

/* --- lives ----------------------------------------------------------------------------- */

#define LIVES 300

/* As the service does, which alone reaps. */
static void close_and_reap(struct party *p, uint32_t i)
{
	sock_closing(&p->env, i);
	atomic_put_release(&closed[i], at(i)->gen + 1);
	sched_yield();
	CHECK(pthread_mutex_lock(&reaping) == 0);
	sock_forget(&p->env, i);
	sock_reap(&p->env, i);
	CHECK(pthread_mutex_unlock(&reaping) == 0);
}

static uint32_t new_listener(struct party *p, uint16_t *port)
{
	union name n;
	socklen_t len = name_of(&n, "127.0.0.1", 0);
	uint32_t l = 0;

	CHECK_INT(sock_create(&p->env, AF_INET, SOCK_STREAM, 0, &l), ==, 0);
	CHECK(l < SOCKS);
	CHECK_INT(sock_bind(&p->env, l, &n.sa, len), ==, 0);
	CHECK_INT(sock_listen(&p->env, l, 1), ==, 0);
	CHECK_INT(sock_name(&p->env, l, &n.sa, &len), ==, 0);
	*port = ntohs(n.in.sin_port);
	return l;
}

static void one_life(struct party *p, uint32_t l, uint16_t port)
{
	enum sock_route route = SOCK_ROUTE_NET;
	struct shm_hello h = { .magic = SHM_MAGIC, .kind = SHM_HELLO_ACCEPT,
		.key = 42 };
	uint32_t c = 0, s = 0, who = 0, em = 0, word = 0;
	union name n;
	socklen_t len = name_of(&n, "127.0.0.1", port);

	CHECK_INT(sock_create(&p->env, AF_INET, SOCK_STREAM, 0, &c), ==, 0);
	CHECK_INT(sock_connect_begin(&p->env, c, &n.sa, len, &route, &who, &em),
		==, 0);
	CHECK(route == SOCK_ROUTE_LOCAL && who == l && em < SOCKS);
	sock_connect_done(&p->env, c, em);
	h.sock = em;
	h.gen = at(em)->gen;
	CHECK_INT(sock_accept_adopt(&p->env, l, &h, &s), ==, 0);
	p->i = c;
	send_all(p, &port, sizeof(port));
	CHECK_INT(receive(p, s, &word, sizeof(word)), ==, sizeof(port));
	CHECK_INT(word, ==, port);
	close_and_reap(p, c);
	sock_peer_gone(&p->env, s);
	CHECK_INT(receive(p, s, &word, sizeof(word)), ==, 0);
	close_and_reap(p, s);
}

static void *live(void *arg)
{
	struct party *p = arg;
	uint16_t port;

	for (int n = 0; n < LIVES; n++) {
		uint32_t l = new_listener(p, &port);

		one_life(p, l, port);
		close_and_reap(p, l);
	}
	return NULL;
}

/* Ports, records and fifos are taken and given back by all at once. */
TEST(lives_do_not_mix)
{
	pthread_t t[3];

	world_init();
	for (unsigned k = 0; k < 3; k++)
		CHECK(pthread_create(&t[k], NULL, live, party_init(k, 0)) == 0);
	for (unsigned k = 0; k < 3; k++)
		CHECK(pthread_join(t[k], NULL) == 0);
}

#define REPORTS 4000
static _Atomic uint32_t reports_taken;

static void *refuse_often(void *arg)
{
	struct party *p = arg;
	struct shm_msg m = { .dst = { .family = IP_V4, .port = 9,
		.b = { 10, 0, 0, 7 } }, .err = ECONNREFUSED,
		.origin = SO_EE_ORIGIN_ICMP };

	for (uint32_t n = 0; n < REPORTS; n++) {
		sock_dgram_error(&p->env, p->i, &m, true, NULL, 0);
		while (atomic_get_acquire(&reports_taken) <= n) /* pairs: below */
			sched_yield();
	}
	return NULL;
}

/* Whoever sees that there is an error finds its report, and then no error. */
TEST(report_comes_with_its_error)
{
	struct party *p;
	uint32_t i;
	pthread_t t;

	world_init();
	i = udp();
	CHECK_INT(set_int(i, IPPROTO_IP, IP_RECVERR, 1), ==, 0);
	p = party_init(3, i);
	CHECK(pthread_create(&t, NULL, refuse_often, party_init(0, i)) == 0);
	for (int n = 0; n < REPORTS; n++) {
		struct msghdr none = { 0 };
		int flags = 0;

		while (!(sock_ready(&p->env, i, 0) & POLLERR))
			atomic_pause();
		CHECK_INT(sock_report_take(&p->env, i, NULL, 0, NULL, NULL, &none,
			&flags), ==, 0);
		CHECK(!(sock_ready(&p->env, i, 0) & POLLERR));
		atomic_add(&reports_taken, 1); /* pairs with refuse_often()'s */
	}
	CHECK(pthread_join(t, NULL) == 0);
}
