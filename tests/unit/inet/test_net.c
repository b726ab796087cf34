/* The transport NET: two hosts in one process, records in private memory, real
 * stacks, a pair link, virtual time. What programs do to their sockets is done by
 * hand through sock/, as the client does it; stand-ins are only counted.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/atomic.h"
#include "check.h"
#include "link/link.h"
#include "inet/net.h"

#define QUEUE_MAX 16
#define OWNER 4711 /* of sockets, who wants SIGURG */

struct node {
	void *map;
	uint64_t size;
	struct shm_arena arena;
	struct sock_env env;
	struct net *net;
	struct link *link;
	int port;
	uint32_t ifindex;
	struct ip_addr addr;
	/* What a listener's stand-in would hold. */
	struct shm_hello queue[QUEUE_MAX];
	unsigned queued;
	int room; /* the answer to come */
	unsigned rings, named_rings;
	uint32_t urged; /* the socket whose urgent byte op_urge() is to find */
	unsigned urges;
};

static struct node client, server;
static struct link *wire;
static struct instant now;

static void op_ring(void *user, void *port)
{
	(void)port;
	((struct node *)user)->rings++;
}

static void op_ring_name(void *user, uint32_t sock, uint32_t gen)
{
	(void)sock;
	(void)gen;
	((struct node *)user)->named_rings++;
}

/* As a handler of SIGURG that comes at once. */
static void op_urge(void *user, uint32_t kind, int32_t id)
{
	struct node *n = user;

	(void)kind;
	CHECK_INT(id, ==, OWNER);
	CHECK(sock_ready(&n->env, n->urged, POLLPRI) & POLLPRI);
	n->urges++;
}

static int op_room(void *user, uint32_t sock)
{
	(void)sock;
	return ((struct node *)user)->room;
}

static int op_attach(void *user, uint32_t listener, uint32_t listener_gen,
	uint32_t embryo, uint32_t gen, void **port)
{
	struct node *n = user;
	struct shm_hello *h = &n->queue[n->queued];

	(void)listener;
	(void)listener_gen;
	if (n->queued == QUEUE_MAX)
		return -EAGAIN;
	*h = (struct shm_hello){ SHM_MAGIC, SHM_HELLO_ACCEPT, n->arena.hdr->key,
		embryo, gen };
	n->queued++;
	*port = n;
	return 0;
}

static void op_release(void *user, void *port)
{
	(void)user;
	(void)port;
}

static void op_output(void *user, uint32_t ifindex, struct instant at,
	const struct stack_frame *f)
{
	struct node *n = user;

	(void)ifindex;
	link_send(n->link, n->port, at, f->spans, f->nspans);
}

static int64_t op_wall(void *user)
{
	(void)user;
	return now.ns;
}

static void deliver(void *user, struct instant at, const void *frame, size_t len)
{
	struct node *n = user;

	net_input(n->net, n->ifindex, at, frame, len);
}

static void node_arena(struct node *n, const char *name)
{
	const struct shm_geometry g = { .size = 64u << 20, .n_socks = 256,
		.n_fifos = 512, .n_rings = 512, .n_epolls = 16, .n_items = 64,
		.n_ports = 64 };
	struct shm_header *h;

	n->size = shm_arena_size(&g);
	n->map = mmap(NULL, n->size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	CHECK(n->map != MAP_FAILED);
	CHECK_INT(shm_arena_create(&n->arena, n->map, n->size, &g), ==, 0);
	n->arena.lock_tries = 100;
	h = n->arena.hdr;
	h->key = 42;
	memcpy(h->host, name, strlen(name));
	h->port_first = 32768;
	h->port_last = 60999;
	h->rcvbuf_default = h->sndbuf_default = 212992;
	h->rcvbuf_max = h->sndbuf_max = 8u << 20;
}

static void node_init(struct node *n, const char *name, const char *addr,
	uint8_t last)
{
	struct stack_iface_config ic = { .name = "eth0",
		.mac = { 2, 0, 0, 0, 0, last } };
	struct net_config nc = {
		.name = name, .env = &n->env, .seed = last,
		.isn_key = { { last, 77 } },
		.ops = { op_ring, op_ring_name, op_room, op_attach, op_release,
			op_output, op_wall, n, op_urge, NULL },
	};
	struct link_port_ops po = { deliver, n, NULL, NULL };
	struct ip_prefix p;
	int ifindex;

	memset(n, 0, sizeof(*n));
	node_arena(n, name);
	n->env = (struct sock_env){ .arena = &n->arena, .privileged = true };
	n->net = net_new(&nc);
	CHECK(n->net);
	ifindex = stack_add_iface(net_stack(n->net), &ic);
	CHECK_INT(ifindex, >=, 2);
	n->ifindex = (uint32_t)ifindex;
	CHECK_INT(ip_prefix_parse(addr, &p), ==, 0);
	CHECK_INT(stack_add_addr(net_stack(n->net), n->ifindex, &p), ==, 0);
	n->addr = p.addr;
	n->arena.hdr->addrs[0] = (struct shm_addr){ .family = p.addr.family,
		.bits = p.bits };
	memcpy(n->arena.hdr->addrs[0].b, p.addr.b, 16);
	n->arena.hdr->n_addrs = 1;
	n->arena.hdr->addr_ifindex[0] = 2;
	n->arena.hdr->ifaces[0] = (struct shm_iface){ "lo", .up = 1, .mtu = 65536 };
	n->arena.hdr->ifaces[1] = (struct shm_iface){ "eth0", .up = 1, .mtu = 1500 };
	n->arena.hdr->n_ifaces = 2;
	n->arena.hdr->routes[0] = (struct shm_route){ .ifindex = 2,
		.dst = n->arena.hdr->addrs[0] };
	n->arena.hdr->n_routes = 1;
	n->link = wire;
	n->port = link_add_port(wire, &po);
}

static void setup(double loss)
{
	struct link_impair imp = { .delay = DURATION_MS(5), .loss = loss };

	now = (struct instant){ 1000000000 };
	wire = link_new_pair("wire", 3);
	CHECK(wire);
	CHECK_INT(link_set_impair(wire, &imp), ==, 0);
	node_init(&client, "client", "10.0.0.1/24", 1);
	node_init(&server, "server", "10.0.0.2/24", 2);
}

static void node_fini(struct node *n)
{
	net_free(n->net);
	munmap(n->map, n->size);
}

static void teardown(void)
{
	link_free(wire);
	node_fini(&client);
	node_fini(&server);
}

static bool step(struct instant until)
{
	struct instant at = instant_min(link_deadline(wire),
		instant_min(net_deadline(client.net), net_deadline(server.net)));

	bool more = net_poll(client.net, now);

	/* Both, whatever the first says. */
	more = net_poll(server.net, now) || more;
	if (more)
		at = now;
	at = instant_min(at, link_deadline(wire));
	if (instant_before(until, at))
		return false;
	if (instant_before(now, at))
		now = at;
	link_tick(wire, now);
	net_tick(client.net, now);
	net_tick(server.net, now);
	net_tell(client.net);
	net_tell(server.net);
	return true;
}

/* Let that much time pass. */
static void run(int64_t ms)
{
	struct instant until = instant_add(now, DURATION_MS(ms));

	while (step(until))
		;
	now = until;
}

static void address(struct sockaddr_in *sa, const struct ip_addr *a, uint16_t port)
{
	memset(sa, 0, sizeof(*sa));
	sa->sin_family = AF_INET;
	sa->sin_port = htons(port);
	memcpy(&sa->sin_addr, a->b, 4);
}

static uint32_t gen_of(struct node *n, uint32_t i)
{
	return atomic_get_relaxed(&shm_sock_at(&n->arena, i)->gen);
}

static uint32_t state_of(struct node *n, uint32_t i)
{
	return atomic_get_relaxed(&shm_sock_at(&n->arena, i)->state);
}

static uint32_t listener(struct node *n, uint16_t port)
{
	struct sockaddr_in sa;
	uint32_t i;

	address(&sa, &n->addr, port);
	CHECK_INT(sock_create(&n->env, AF_INET, SOCK_STREAM, 0, &i), ==, 0);
	CHECK_INT(sock_bind(&n->env, i, (void *)&sa, sizeof(sa)), ==, 0);
	CHECK_INT(sock_listen(&n->env, i, 8), ==, 0);
	return i;
}

/* The first half of connect(); the result comes with time. */
static uint32_t begin(struct node *n, const struct ip_addr *to, uint16_t port)
{
	enum sock_route route;
	struct sockaddr_in sa;
	uint32_t i, l, e;

	address(&sa, to, port);
	CHECK_INT(sock_create(&n->env, AF_INET, SOCK_STREAM, 0, &i), ==, 0);
	CHECK_INT(sock_connect_begin(&n->env, i, (void *)&sa, sizeof(sa), &route,
		&l, &e), ==, 0);
	CHECK_INT(route, ==, SOCK_ROUTE_NET);
	CHECK_INT(net_connect(n->net, now, i, gen_of(n, i), n), ==, 0);
	return i;
}

static uint32_t accept_one(struct node *n, uint32_t l)
{
	uint32_t i;

	CHECK_INT(n->queued, >, 0);
	CHECK_INT(sock_accept_adopt(&n->env, l, &n->queue[0], &i), ==, 0);
	memmove(n->queue, n->queue + 1, --n->queued * sizeof(n->queue[0]));
	return i;
}

static void hangup(struct node *n, uint32_t i)
{
	net_hangup(n->net, now, i, gen_of(n, i));
}

struct pair {
	uint32_t l, c, s; /* listener, client's socket, server's */
};

static struct pair established(void)
{
	struct pair p;

	p.l = listener(&server, 80);
	p.c = begin(&client, &server.addr, 80);
	run(2000);
	CHECK_INT(sock_connect_result(&client.env, p.c), ==, 0);
	p.s = accept_one(&server, p.l);
	return p;
}

static ssize_t put(struct node *n, uint32_t i, const void *data, size_t len)
{
	struct iovec iov = { (void *)(uintptr_t)data, len };
	struct sock_effect fx;

	return sock_send(&n->env, i, &iov, 1, 0, &fx);
}

static ssize_t get(struct node *n, uint32_t i, void *data, size_t len)
{
	struct iovec iov = { data, len };
	struct sock_effect fx;

	return sock_recv(&n->env, i, &iov, 1, 0, &fx);
}

/* --- tests --------------------------------------------------------------------- */

static void transfer(double loss, size_t total)
{
	uint8_t *data = malloc(total), *got = malloc(total);
	size_t sent = 0, received = 0;
	struct sock_effect fx;
	struct pair p;
	uint8_t byte;

	setup(loss);
	p = established();
	for (size_t k = 0; k < total; k++)
		data[k] = (uint8_t)(k * 7 + k / 251);
	for (int round = 0; round < 20000 && received < total; round++) {
		ssize_t n = sent < total ?
			put(&client, p.c, data + sent, total - sent) : 0;

		if (n > 0)
			sent += (size_t)n;
		run(5);
		n = get(&server, p.s, got + received, total - received);
		if (n > 0)
			received += (size_t)n;
	}
	CHECK_INT(received, ==, total);
	CHECK_MEM(got, data, total);
	CHECK_INT(sock_shutdown(&client.env, p.c, SHUT_WR, &fx), ==, 0);
	run(3000);
	CHECK_INT(get(&server, p.s, &byte, 1), ==, 0);
	CHECK(client.rings > 0 || server.rings == 0);
	if (loss == 0) { /* every one while the window grows, then every second (Linux;
			  * RFC 5681 4.2) */
		const struct tcp_stats *st = tcp_stats(
			stack_tcp(net_stack(server.net)));

		CHECK_INT(st->segs_out, <, st->segs_in * 5 / 6);
	}
	free(data);
	free(got);
	teardown();
}

TEST(bytes_arrive_in_order_and_then_the_end)
{
	transfer(0, 300000);
}

TEST(bytes_arrive_over_a_lossy_wire)
{
	transfer(0.03, 3000000);
}

TEST(both_closed_leaves_no_record)
{
	struct pair p;

	setup(0);
	p = established();
	CHECK_INT(put(&client, p.c, "hello", 5), ==, 5);
	hangup(&client, p.c);
	run(100);
	/* The bytes are still to be had, then the end. */
	{
		char buf[8];

		CHECK_INT(get(&server, p.s, buf, sizeof(buf)), ==, 5);
		CHECK_INT(get(&server, p.s, buf, sizeof(buf)), ==, 0);
	}
	CHECK(net_owns(server.net, p.s));
	hangup(&server, p.s);
	run(1000);
	CHECK(!net_owns(client.net, p.c));
	CHECK(!net_owns(server.net, p.s));
	CHECK_INT(state_of(&client, p.c), ==, SHM_SOCK_FREE);
	CHECK_INT(state_of(&server, p.s), ==, SHM_SOCK_FREE);
	CHECK_INT(state_of(&server, p.l), ==, SHM_SOCK_LISTEN);
	teardown();
}

TEST(a_port_in_time_wait_is_not_chosen)
{
	struct pair p;
	uint32_t i;

	setup(0);
	client.arena.hdr->port_first = 40000;
	client.arena.hdr->port_last = 40001;
	p = established();
	CHECK_INT(shm_sock_at(&client.arena, p.c)->local.port, ==, 40000);
	hangup(&client, p.c);
	run(50);
	hangup(&server, p.s);
	run(50);
	/* The record is gone, TCP's TIME-WAIT is not. */
	CHECK_INT(state_of(&client, p.c), ==, SHM_SOCK_FREE);
	atomic_put_relaxed(&client.arena.hdr->port_rover, 0);
	i = begin(&client, &server.addr, 80);
	run(100);
	CHECK_INT(sock_connect_result(&client.env, i), ==, 0);
	CHECK_INT(shm_sock_at(&client.arena, i)->local.port, ==, 40001);
	teardown();
}

TEST(nobody_listens_is_refused)
{
	uint32_t i;

	setup(0);
	i = begin(&client, &server.addr, 81);
	run(1000);
	CHECK_INT(sock_connect_result(&client.env, i), ==, -ECONNREFUSED);
	CHECK_INT(net_connections(client.net), ==, 1); /* its port is open */
	hangup(&client, i);
	CHECK_INT(net_connections(client.net), ==, 0);
	CHECK_INT(state_of(&client, i), ==, SHM_SOCK_FREE);
	teardown();
}

TEST(no_such_host_is_unreachable)
{
	struct ip_addr nobody;
	uint32_t i;

	setup(0);
	CHECK_INT(ip_addr_parse("10.0.0.77", &nobody), ==, 0);
	i = begin(&client, &nobody, 81);
	run(10000);
	CHECK_INT(sock_connect_result(&client.env, i), ==, -EHOSTUNREACH);
	teardown();
}

TEST(a_full_queue_drops_the_syn_and_a_later_one_comes_through)
{
	uint32_t l, i;

	setup(0);
	l = listener(&server, 80);
	server.room = -EAGAIN;
	i = begin(&client, &server.addr, 80);
	run(500);
	CHECK_INT(sock_connect_result(&client.env, i), ==, -EALREADY);
	server.room = 0;
	run(3000);
	CHECK_INT(sock_connect_result(&client.env, i), ==, 0);
	accept_one(&server, l);
	teardown();
}

TEST(a_dead_listener_refuses)
{
	uint32_t i;

	setup(0);
	listener(&server, 80);
	server.room = -ENOENT;
	i = begin(&client, &server.addr, 80);
	run(500);
	CHECK_INT(sock_connect_result(&client.env, i), ==, -ECONNREFUSED);
	teardown();
}

TEST(unread_data_at_the_end_resets)
{
	struct pair p;
	char buf[8];

	setup(0);
	p = established();
	CHECK_INT(put(&client, p.c, "unread", 6), ==, 6);
	run(100);
	hangup(&server, p.s); /* RFC 2525 2.17 */
	run(100);
	CHECK_INT(get(&client, p.c, buf, sizeof(buf)), ==, -ECONNRESET);
	teardown();
}

TEST(linger_zero_resets)
{
	struct linger off = { 1, 0 };
	struct sock_effect fx;
	struct pair p;
	char buf[8];

	setup(0);
	p = established();
	CHECK_INT(sock_setopt(&client.env, p.c, SOL_SOCKET, SO_LINGER, &off,
		sizeof(off), &fx), ==, 0);
	hangup(&client, p.c);
	run(100);
	CHECK_INT(get(&server, p.s, buf, sizeof(buf)), ==, -ECONNRESET);
	CHECK_INT(state_of(&client, p.c), ==, SHM_SOCK_FREE);
	teardown();
}

TEST(an_embryo_never_accepted_resets)
{
	uint32_t l, i;
	char buf[8];

	setup(0);
	l = listener(&server, 80);
	i = begin(&client, &server.addr, 80);
	run(500);
	CHECK_INT(server.queued, ==, 1);
	/* The listener's last descriptor closes: the kernel hangs up on who waits
	 * in its queue, and the sweep reaps the listener. */
	hangup(&server, server.queue[0].sock);
	sock_reap(&server.env, l);
	net_listener_gone(server.net, now, l, gen_of(&server, l));
	run(500);
	CHECK_INT(get(&client, i, buf, sizeof(buf)), ==, -ECONNRESET);
	CHECK_INT(net_connections(server.net), ==, 0);
	teardown();
}

TEST(a_stale_hello_is_refused)
{
	uint32_t i;

	setup(0);
	CHECK_INT(sock_create(&client.env, AF_INET, SOCK_STREAM, 0, &i), ==, 0);
	CHECK_INT(net_connect(client.net, now, i, gen_of(&client, i), &client), ==,
		-EINVAL);
	CHECK_INT(net_connect(client.net, now, i, 99, &client), ==, -EBADF);
	CHECK_INT(net_connect(client.net, now, 1u << 30, 1, &client), ==, -EBADF);
	CHECK_INT(net_connect(client.net, now, 0, 0, &client), ==, -EBADF);
	i = begin(&client, &server.addr, 80);
	CHECK_INT(net_connect(client.net, now, i, gen_of(&client, i), &client), ==,
		-EBUSY);
	teardown();
}

TEST(given_up_by_shutdown_before_it_came_through)
{
	struct sock_effect fx;
	uint32_t i;

	setup(0);
	server.room = -EAGAIN;
	listener(&server, 80);
	i = begin(&client, &server.addr, 80);
	run(100);
	CHECK_INT(sock_shutdown(&client.env, i, SHUT_RDWR, &fx), ==, 0);
	run(100);
	hangup(&client, i);
	CHECK_INT(net_connections(client.net), ==, 0);
	teardown();
}

/* --- datagrams ------------------------------------------------------------------- */

static uint32_t datagram(struct node *n, int protocol, uint16_t port)
{
	struct sockaddr_in sa;
	uint32_t i;

	address(&sa, &n->addr, port);
	CHECK_INT(sock_create(&n->env, AF_INET, SOCK_DGRAM, protocol, &i), ==, 0);
	CHECK_INT(sock_bind(&n->env, i, (void *)&sa, sizeof(sa)), ==, 0);
	return i;
}

static ssize_t send_to(struct node *n, uint32_t i, const void *data, size_t len,
	const struct ip_addr *to, uint16_t port)
{
	struct iovec iov = { (void *)(uintptr_t)data, len };
	struct sock_effect fx;
	struct sockaddr_in sa;

	address(&sa, to, port);
	return sock_sendto(&n->env, i, &iov, 1, 0, to ? (void *)&sa : NULL,
		sizeof(sa), NULL, &fx);
}

static ssize_t receive(struct node *n, uint32_t i, void *data, size_t len,
	struct sockaddr_in *from)
{
	struct iovec iov = { data, len };
	socklen_t fromlen = sizeof(*from);
	struct sock_effect fx;
	int flags;

	return sock_recvfrom(&n->env, i, &iov, 1, 0, (void *)from, &fromlen, NULL,
		&flags, &fx);
}

TEST(datagrams_cross_with_their_names)
{
	struct sockaddr_in from;
	uint32_t a, b;
	char buf[64];

	setup(0);
	a = datagram(&client, 0, 1000);
	b = datagram(&server, 0, 53);
	CHECK_INT(send_to(&client, a, "query", 5, &server.addr, 53), ==, 5);
	run(100);
	CHECK_INT(receive(&server, b, buf, sizeof(buf), &from), ==, 5);
	CHECK_MEM(buf, "query", 5);
	CHECK_INT(ntohs(from.sin_port), ==, 1000);
	CHECK_MEM(&from.sin_addr, client.addr.b, 4);
	CHECK_INT(receive(&server, b, buf, sizeof(buf), &from), ==, -EAGAIN);
	teardown();
}

TEST(more_datagrams_than_one_look_takes)
{
	uint32_t a, b, got = 0;
	struct sockaddr_in from;
	char buf[64];

	setup(0);
	a = datagram(&client, 0, 1000);
	b = datagram(&server, 0, 53);
	/* The first asks for the neighbour: others would wait in a short queue. */
	CHECK_INT(send_to(&client, a, "0", 1, &server.addr, 53), ==, 1);
	run(100);
	for (int k = 0; k < 200; k++)
		CHECK_INT(send_to(&client, a, "x", 1, &server.addr, 53), ==, 1);
	run(100);
	while (receive(&server, b, buf, sizeof(buf), &from) == 1)
		got++;
	CHECK_INT(got, ==, 201);
	teardown();
}

TEST(a_port_without_owner_tells_a_connected_sender)
{
	struct sockaddr_in sa, from;
	uint32_t a;
	char buf[8];

	setup(0);
	a = datagram(&client, 0, 1000);
	address(&sa, &server.addr, 53);
	CHECK_INT(sock_dgram_connect(&client.env, a, (void *)&sa, sizeof(sa)), ==, 0);
	CHECK_INT(send_to(&client, a, "query", 5, &server.addr, 53), ==, 5);
	run(100);
	CHECK_INT(receive(&client, a, buf, sizeof(buf), &from), ==, -ECONNREFUSED);
	CHECK_INT(receive(&client, a, buf, sizeof(buf), &from), ==, -EAGAIN);
	teardown();
}

TEST(echo_comes_back)
{
	struct { uint8_t type, code; uint16_t sum, id, seq; char data[8]; } m = {
		.type = 8, .seq = htons(1), .data = "payload" }, r;
	struct sockaddr_in from;
	uint32_t a;

	setup(0);
	a = datagram(&client, IPPROTO_ICMP, 77);
	CHECK_INT(send_to(&client, a, &m, sizeof(m), &server.addr, 0), ==, sizeof(m));
	run(100);
	CHECK_INT(receive(&client, a, &r, sizeof(r), &from), ==, sizeof(r));
	CHECK_INT(r.type, ==, 0);
	CHECK_INT(ntohs(r.id), ==, 77);
	CHECK_MEM(r.data, m.data, sizeof(m.data));
	teardown();
}

/* --- a hostile program -------------------------------------------------------------- */

TEST(scribbled_counters_hurt_only_their_connection)
{
	struct pair p, q;
	struct shm_sock *s;
	char buf[8];

	setup(0);
	p = established();
	s = shm_sock_at(&client.arena, p.c);
	atomic_put_relaxed(&shm_fifo_at(&client.arena, s->tx)->sh.tail, 0x7fffffff);
	atomic_put_relaxed(&shm_fifo_at(&client.arena, s->rx)->sh.head, 0x12345678);
	sock_want_service(&client.env, p.c);
	run(1000);
	s->rx = s->tx = 0xffffff;
	s->type = 77;
	memset(&s->opts, 0xff, sizeof(s->opts));
	sock_want_service(&client.env, p.c);
	run(1000);
	/* Another one works. */
	q.c = begin(&client, &server.addr, 80);
	run(1000);
	CHECK_INT(sock_connect_result(&client.env, q.c), ==, 0);
	q.s = accept_one(&server, p.l);
	CHECK_INT(put(&client, q.c, "fine", 4), ==, 4);
	run(1000);
	CHECK_INT(get(&server, q.s, buf, sizeof(buf)), ==, 4);
	hangup(&client, p.c);
	run(1000);
	teardown();
}

TEST(a_ring_in_the_ready_list_ends)
{
	struct pair p;
	struct shm_sock *s;
	uint32_t a;

	setup(0);
	p = established();
	a = datagram(&client, 0, 1000);
	sock_want_service(&client.env, p.c);
	sock_want_service(&client.env, a);
	/* p.c's next is a, a's next is p.c. */
	s = shm_sock_at(&client.arena, p.c);
	atomic_put_relaxed(&s->svc_next, a);
	s = shm_sock_at(&client.arena, a);
	atomic_put_relaxed(&s->svc_next, p.c);
	net_poll(client.net, now);
	/* And one that leads nowhere. */
	sock_want_service(&client.env, a);
	atomic_put_relaxed(&s->svc_next, 0xfffffff0);
	net_poll(client.net, now);
	teardown();
}

TEST(a_record_taken_away_under_tcp)
{
	struct pair p;
	char buf[8];

	setup(0);
	p = established();
	/* Another generation: the name is stale. */
	atomic_add(&shm_sock_at(&client.arena, p.c)->gen, 1);
	CHECK_INT(put(&server, p.s, "data", 4), ==, 4);
	run(1000);
	net_hangup(client.net, now, p.c, gen_of(&client, p.c) - 1);
	run(5000);
	CHECK(!net_owns(client.net, p.c));
	CHECK_INT(get(&server, p.s, buf, sizeof(buf)), <=, 0);
	teardown();
}

static ssize_t oob(struct node *n, uint32_t i, void *data, size_t len, int flags)
{
	struct iovec iov = { data, len };
	struct sock_effect fx;

	return flags < 0 ? sock_send(&n->env, i, &iov, 1, MSG_OOB, &fx) :
			   sock_recv(&n->env, i, &iov, 1, flags, &fx);
}

TEST(urgent_data_between_hosts)
{
	struct pair p;
	char buf[16] = "";

	setup(0);
	p = established();
	server.urged = p.s;
	shm_sock_at(&server.arena, p.s)->owner_id = OWNER;
	CHECK_INT(put(&client, p.c, "ab", 2), ==, 2);
	CHECK_INT(oob(&client, p.c, (char[]){ "cU" }, 2, -1), ==, 2);
	CHECK_INT(put(&client, p.c, "de", 2), ==, 2);
	run(1000);
	CHECK_INT(server.urges, ==, 1);
	CHECK_INT(get(&server, p.s, buf, sizeof(buf)), ==, 3);
	CHECK_MEM(buf, "abc", 3);
	CHECK(sock_at_mark(&server.env, p.s));
	CHECK_INT(oob(&server, p.s, buf, 1, MSG_OOB), ==, 1);
	CHECK_INT(buf[0], ==, 'U');
	CHECK_INT(get(&server, p.s, buf, sizeof(buf)), ==, 2);
	CHECK_MEM(buf, "de", 2);
	teardown();
}

TEST(urgent_byte_sent_right_before_close)
{
	struct pair p;
	char c = 'U';

	setup(0);
	p = established();
	CHECK_INT(oob(&client, p.c, &c, 1, -1), ==, 1);
	hangup(&client, p.c);
	run(1000);
	c = 0;
	CHECK_INT(oob(&server, p.s, &c, 1, MSG_OOB), ==, 1);
	CHECK_INT(c, ==, 'U');
	teardown();
}

TEST(bytes_sent_before_a_reset_arrive)
{
	struct linger hard = { 1, 0 };
	struct sock_effect fx;
	struct pair p;
	char buf[16];

	setup(0);
	p = established();
	CHECK_INT(put(&client, p.c, "abc", 3), ==, 3);
	CHECK_INT(sock_setopt(&client.env, p.c, SOL_SOCKET, SO_LINGER, &hard,
		sizeof(hard), &fx), ==, 0);
	hangup(&client, p.c);
	run(1000);
	CHECK_INT(get(&server, p.s, buf, sizeof(buf)), ==, 3);
	CHECK_INT(get(&server, p.s, buf, sizeof(buf)), ==, -ECONNRESET);
	teardown();
}
