/* The host under test. SPDX-License-Identifier: BSD-2-Clause */
#include "subject.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/atomic.h"
#include "inet/publish.h"
#include "sock/fastopen.h"
#include "sock/info.h"
#include "wire/arp.h"
#include "wire/eth.h"
#include "wire/icmp6.h"
#include "wire/ipv6.h"
#include "wire/nd.h"

#define ARENA_BYTES (256ull << 20) /* address space; touched as needed */
#define BUFFER_DEFAULT 212992	   /* bytes, as the service has it */
#define BUFFER_MAX (8u << 20)

static const uint8_t peer_mac[ETH_ADDR_LEN] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t own_mac[ETH_ADDR_LEN] = { 2, 0, 0, 0, 0, 1 };

/* --- the link ---------------------------------------------------------------- */

static struct subject_packet *packet_new(size_t len, struct instant at)
{
	struct subject_packet *p = malloc(sizeof(*p) + len);

	if (!p)
		abort(); /* a tool that has no memory has nothing to say */
	*p = (struct subject_packet){ .at = at, .len = len };
	return p;
}

/* To be given to the stack after the call that we are in. */
static uint8_t *answer_new(struct subject *s, uint16_t type, size_t len)
{
	struct subject_packet *p = packet_new(ETH_HEADER_LEN + len, s->now);

	p->next = s->answers;
	s->answers = p;
	eth_emit(p->bytes, own_mac, peer_mac, type);
	return p->bytes + ETH_HEADER_LEN;
}

static void answer_arp(struct subject *s, const struct eth_frame *f)
{
	struct arp_packet q, a;

	if (arp_parse(f->payload, f->len, &q) < 0 || q.op != ARP_REQUEST)
		return;
	a = (struct arp_packet){ .op = ARP_REPLY, .sender = q.target,
		.target = q.sender };
	memcpy(a.sender_mac, peer_mac, ETH_ADDR_LEN);
	memcpy(a.target_mac, q.sender_mac, ETH_ADDR_LEN);
	arp_emit(answer_new(s, ETH_TYPE_ARP, ARP_LEN), &a);
}

/* True: it was the link's own business. */
static bool answer_nd(struct subject *s, const struct eth_frame *f)
{
	struct ipv6_packet ip;
	struct ipv6_problem problem;
	struct nd_message q, a;
	uint8_t body[ND_LEN_MAX], *out;
	size_t len;

	if (ipv6_parse(f->payload, f->len, &ip, &problem) < 0 || ip.h.proto != ICMP6_PROTO ||
		ip.len < 1 || ip.payload[0] < 130 || ip.payload[0] > 143)
		return false;
	if (nd_parse(ip.payload, ip.len, &ip.h.src, &ip.h.dst, ip.h.hop_limit,
			&q) < 0 || q.advert)
		return true;
	a = (struct nd_message){ .advert = true, .solicited = true,
		.override = true, .has_mac = true, .target = q.target };
	memcpy(a.mac, peer_mac, ETH_ADDR_LEN);
	len = nd_emit(body, &a, &q.target, &ip.h.src);
	ip.h.dst = ip.h.src;
	ip.h.src = q.target;
	ip.h.hop_limit = 255;
	out = answer_new(s, ETH_TYPE_IPV6, IPV6_HEADER_LEN + len);
	ipv6_emit(out, &ip.h, len);
	memcpy(out + IPV6_HEADER_LEN, body, len);
	return true;
}

static void on_output(void *user, uint32_t ifindex, struct instant at,
	const struct stack_frame *f)
{
	struct subject *s = user;
	struct subject_packet *whole = packet_new(f->len, at), *p;
	struct eth_frame eth;
	size_t n = 0;

	(void)ifindex;
	for (unsigned k = 0; k < f->nspans; k++) {
		memcpy(whole->bytes + n, f->spans[k].base, f->spans[k].len);
		n += f->spans[k].len;
	}
	if (eth_parse(whole->bytes, n, &eth) < 0 || eth.type == ETH_TYPE_ARP ||
		(eth.type == ETH_TYPE_IPV6 && answer_nd(s, &eth))) {
		if (eth.type == ETH_TYPE_ARP)
			answer_arp(s, &eth);
		free(whole);
		return;
	}
	if (s->drops) {
		free(whole);
		return;
	}
	p = packet_new(eth.len, at);
	memcpy(p->bytes, eth.payload, eth.len);
	*s->last = p;
	s->last = &p->next;
	free(whole);
}

static void deliver_answers(struct subject *s)
{
	while (s->answers) {
		struct subject_packet *p = s->answers;

		s->answers = p->next;
		net_input(s->net, s->ifindex, s->now, p->bytes, p->len);
		free(p);
	}
}

/* --- what the transport asks -------------------------------------------------- */

static void on_ring(void *user, void *port)
{
	(void)user;
	(void)port;
}

static void on_ring_name(void *user, uint32_t sock, uint32_t gen)
{
	(void)user;
	(void)sock;
	(void)gen;
}

unsigned subject_embryos(const struct subject *s, uint32_t listener)
{
	unsigned n = 0;

	for (struct subject_embryo *e = s->embryos; e; e = e->next)
		n += e->listener == listener;
	return n;
}

/* As a stand-in's queue: Linux lets in backlog + 1. */
static int on_room(void *user, uint32_t sock)
{
	struct subject *s = user;
	struct shm_sock *l = shm_sock_at(&s->arena, sock);

	return (int)subject_embryos(s, sock) > l->backlog ? -EAGAIN : 0;
}

static int on_attach(void *user, uint32_t listener, uint32_t listener_gen,
	uint32_t embryo, uint32_t gen, void **port)
{
	struct subject *s = user;
	struct subject_embryo *e, **last = &s->embryos;

	if (subject_gen(s, listener) != listener_gen)
		return -ECONNREFUSED;
	if (on_room(s, listener) < 0)
		return -EAGAIN;
	e = calloc(1, sizeof(*e));
	if (!e)
		return -EAGAIN;
	e->listener = listener;
	e->hello = (struct shm_hello){ SHM_MAGIC, SHM_HELLO_ACCEPT,
		s->arena.hdr->key, embryo, gen };
	while (*last)
		last = &(*last)->next;
	*last = e;
	*port = s;
	return 0;
}

static void on_release(void *user, void *port)
{
	(void)user;
	(void)port;
}

static void on_urge(void *user, uint32_t kind, int32_t id)
{
	(void)user;
	(void)kind;
	(void)id;
}

static int64_t on_wall(void *user)
{
	return ((struct subject *)user)->now.ns;
}

/* --- making ------------------------------------------------------------------ */

static int make_arena(struct subject *s)
{
	const struct shm_geometry g = { .size = ARENA_BYTES, .n_socks = 1024,
		.n_fifos = 2048, .n_rings = 2048, .n_epolls = 16, .n_items = 64,
		.n_ports = 256 };
	struct shm_header *h;

	s->size = shm_arena_size(&g);
	s->map = mmap(NULL, s->size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (s->map == MAP_FAILED)
		return -errno;
	if (shm_arena_create(&s->arena, s->map, s->size, &g) < 0)
		return -EINVAL;
	s->arena.lock_tries = 100;
	h = s->arena.hdr;
	h->key = 1;
	memcpy(h->host, "subject", sizeof("subject"));
	h->port_first = 32768;
	h->port_last = 60999;
	h->rcvbuf_default = h->sndbuf_default = BUFFER_DEFAULT;
	h->rcvbuf_max = h->sndbuf_max = BUFFER_MAX;
	s->env = (struct sock_env){ .arena = &s->arena, .privileged = true };
	return 0;
}

static int add_address(struct subject *s, const struct ip_prefix *p,
	const struct ip_addr *gateway)
{
	struct ip_prefix all = { .addr = ip_addr_any(p->addr.family) };
	int err = stack_add_addr(net_stack(s->net), s->ifindex, p);

	return err ? err :
		stack_add_route(net_stack(s->net), &all, gateway, s->ifindex);
}

int subject_init(struct subject *s, const struct subject_config *cfg)
{
	struct stack_iface_config ic = { .name = "tun0", .mtu = cfg->mtu };
	struct net_config nc = { .name = "subject", .env = &s->env, .seed = 1,
		.isn_key = { { 1, 2 } }, .tcp_rules = &cfg->rules,
		.ops = { .ring = on_ring, .ring_name = on_ring_name,
			.room = on_room, .attach = on_attach,
			.release = on_release, .output = on_output,
			.wall_ns = on_wall, .user = s, .urge = on_urge } };
	int r;

	memset(s, 0, sizeof(*s));
	s->last = &s->first;
	/* Not at zero: nothing may take it for "never set". */
	s->now = (struct instant){ 1000000000 };
	r = make_arena(s);
	if (r < 0)
		return r;
	s->net = net_new(&nc);
	if (!s->net)
		return -ENOMEM;
	memcpy(ic.mac, own_mac, sizeof(ic.mac));
	r = stack_add_iface(net_stack(s->net), &ic);
	s->ifindex = (uint32_t)r;
	for (int k = 0; k < 2 && r >= 0; k++)
		if (cfg->local[k].addr.family != IP_NONE)
			r = add_address(s, &cfg->local[k], &cfg->gateway[k]);
	publish(s->arena.hdr, net_stack(s->net));
	publish_rules(s->arena.hdr, &cfg->rules);
	return r < 0 ? r : 0;
}

int subject_adopt(struct subject *s, const struct ip_addr *a)
{
	struct ip_prefix p = { *a, a->family == IP_V6 ? 64 : 16 };
	int r;

	if (ip_addr_is_any(a) || ip_addr_is_multicast(a) ||
		stack_is_local(net_stack(s->net), a))
		return 0;
	r = stack_add_addr(net_stack(s->net), s->ifindex, &p);
	publish(s->arena.hdr, net_stack(s->net));
	return r;
}

void subject_set_rules(struct subject *s, const struct tcp_rules *rules)
{
	tcp_set_rules(stack_tcp(net_stack(s->net)), rules);
	publish_rules(s->arena.hdr, rules);
}

void subject_fini(struct subject *s)
{
	struct subject_packet *p;

	while ((p = subject_next(s)))
		free(p);
	while ((p = s->answers)) {
		s->answers = p->next;
		free(p);
	}
	while (s->embryos) {
		struct subject_embryo *e = s->embryos;

		s->embryos = e->next;
		free(e);
	}
	if (s->net)
		net_free(s->net);
	if (s->map && s->map != MAP_FAILED)
		munmap(s->map, s->size);
}

/* --- time and packets ---------------------------------------------------------- */

void subject_settle(struct subject *s)
{
	do {
		deliver_answers(s);
		while (net_poll(s->net, s->now))
			continue;
		net_tell(s->net);
	} while (s->answers);
}

bool subject_step(struct subject *s, struct instant until)
{
	struct instant due;

	subject_settle(s);
	due = net_deadline(s->net);
	if (instant_before(until, due)) {
		if (instant_before(s->now, until))
			s->now = until;
		return false;
	}
	if (instant_before(s->now, due))
		s->now = due;
	net_tick(s->net, s->now);
	subject_settle(s);
	return true;
}

struct subject_packet *subject_next(struct subject *s)
{
	struct subject_packet *p = s->first;

	if (!p)
		return NULL;
	s->first = p->next;
	if (!s->first)
		s->last = &s->first;
	return p;
}

void subject_inject(struct subject *s, const void *packet, size_t len)
{
	struct subject_packet *f = packet_new(ETH_HEADER_LEN + len, s->now);
	bool six = *(const uint8_t *)packet >> 4 == 6;

	eth_emit(f->bytes, own_mac, peer_mac, six ? ETH_TYPE_IPV6 : ETH_TYPE_IPV4);
	memcpy(f->bytes + ETH_HEADER_LEN, packet, len);
	net_input(s->net, s->ifindex, s->now, f->bytes, f->len);
	free(f);
	subject_settle(s);
}

/* --- sockets ---------------------------------------------------------------------- */

uint32_t subject_gen(const struct subject *s, uint32_t sock)
{
	const struct shm_sock *r = shm_sock_at(&s->arena, sock);

	return r ? atomic_get_relaxed(&r->gen) : 0; /* one thread */
}

bool subject_has_embryo(const struct subject *s, uint32_t listener)
{
	return subject_embryos(s, listener) > 0;
}

bool subject_take_embryo(struct subject *s, uint32_t listener,
	struct shm_hello *out)
{
	for (struct subject_embryo **at = &s->embryos; *at; at = &(*at)->next) {
		struct subject_embryo *e = *at;

		if (e->listener != listener)
			continue;
		*out = e->hello;
		*at = e->next;
		free(e);
		return true;
	}
	return false;
}

/* As the client: the service hears of it, maybe with bytes for the SYN. */
int subject_start(struct subject *s, uint32_t sock, struct subject_early *early)
{
	if (early)
		early->done = sock_fastopen_ask(&s->env, sock, early->iov, early->n,
			early->wait);
	else if (sock_fastopen_defers(&s->env, sock))
		return 0;
	/* Once it is there, further attempts are only a bell. */
	if (net_owns(s->net, sock))
		sock_want_service(&s->env, sock);
	else
		net_connect(s->net, s->now, sock, subject_gen(s, sock), s);
	subject_settle(s);
	return -EINPROGRESS;
}

int subject_connect(struct subject *s, uint32_t sock, const struct sockaddr *sa,
	socklen_t len, struct subject_early *early)
{
	enum sock_route route = SOCK_ROUTE_NET;
	uint32_t listener, embryo;
	int r = sock_connect_begin(&s->env, sock, sa, len, &route, &listener, &embryo);

	if (r != 0)
		return r;
	return route == SOCK_ROUTE_LOCAL ? -EPROTO : subject_start(s, sock, early);
}

int subject_accept(struct subject *s, uint32_t listener, uint32_t *out)
{
	struct shm_hello hello;

	if (atomic_get_relaxed(&shm_sock_at(&s->arena, listener)->state) !=
		SHM_SOCK_LISTEN)
		return -EINVAL;
	if (!subject_take_embryo(s, listener, &hello))
		return -EAGAIN;
	return sock_accept_adopt(&s->env, listener, &hello, out);
}

bool subject_listens(const struct subject *s, uint16_t port)
{
	for (uint32_t i = 1; i < s->arena.n_socks; i++) {
		const struct shm_sock *r = shm_sock_at(&s->arena, i);

		if (r && atomic_get_relaxed(&r->state) == SHM_SOCK_LISTEN &&
			r->local.port == port)
			return true;
	}
	return false;
}

int subject_getopt(struct subject *s, uint32_t sock, int level, int name, void *val,
	socklen_t *len)
{
	bool ring;

	if (sock_info_ask(&s->env, sock, level, name, &ring))
		subject_settle(s);
	return sock_getopt(&s->env, sock, level, name, val, len);
}

void subject_close(struct subject *s, uint32_t sock)
{
	uint32_t gen = subject_gen(s, sock);
	struct shm_hello h;

	sock_closing(&s->env, sock);
	if (net_owns(s->net, sock)) {
		net_hangup(s->net, s->now, sock, gen);
		subject_settle(s);
		return;
	}
	sock_forget(&s->env, sock);
	/* The stand-ins of what waited there are closed with it. */
	while (subject_take_embryo(s, sock, &h))
		net_hangup(s->net, s->now, h.sock, h.gen);
	net_listener_gone(s->net, s->now, sock, gen);
	sock_reap(&s->env, sock);
	subject_settle(s);
}
