/* The transport NET: glue between records and stack.
 *
 *   program connects   net_connect -> tcp_connect ... CONNECTED -> sock_connected
 *   peer connects      tcp: syn -> listener with room?  accept -> embryo, attach
 *   program sends      svc_ready -> net_poll -> tcp_user_sent
 *   program receives   svc_ready -> net_poll -> tcp_user_received
 *   bytes come, go     tcp: READABLE, WRITABLE, EOF ... net_tell -> sock_notify -> ring
 *                      (once for all segments of a round: a bell for each would
 *                      wake the reader for every one)
 *   program closes     net_hangup -> tcp_detach ... CLOSED -> sock_reap
 *
 * A record may be reaped when both have let go: TCP (CLOSED has come) and the
 * program (its end of the port is closed).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/atomic.h"
#include "limits.h"
#include "shm/packet.h"
#include "sock/packets.h"
#include "tcpinfo.h"

struct ip_name net_name_of(const struct shm_addr *a)
{
	struct ip_name n = { .port = a->port };

	n.addr = ip_addr_from(a->family == IP_V6 ? IP_V6 : IP_V4, a->b);
	n.addr.scope = a->scope;
	return n;
}

struct shm_addr net_addr_of(const struct ip_name *n)
{
	struct shm_addr a = {
		.family = n->addr.family,
		.port = n->port,
		.scope = n->addr.scope,
	};

	memcpy(a.b, n->addr.b, sizeof(a.b));
	return a;
}

/* The record, if it is still the one that was meant. */
struct shm_sock *net_record(const struct net *n, uint32_t sock,
	uint32_t gen)
{
	struct shm_sock *s = shm_sock_at(n->arena, sock);

	/* Partner: shm_sock_take's store; a stale name sees another one. */
	return s && atomic_get_acquire(&s->gen) == gen ? s : NULL;
}

/* --- the ready list ---------------------------------------------------------------- */

static bool socket_sync(struct net *n, uint32_t i, struct shm_sock *s)
{
	uint32_t gen = atomic_get_acquire(&s->gen);
	struct net_conn *c;

	if (s->type == SOCK_DGRAM || s->type == SOCK_RAW ||
		s->type == SHM_TYPE_PACKET)
		return net_datagrams_out(n, i, s);
	c = net_conn_find(n, i, gen);
	if (c)
		net_stream_sync(n, c, s);
	else
		tcpinfo_nobody(n, i);
	return false;
}

bool net_poll(struct net *n, struct instant now)
{
	uint32_t i, k = 0;
	bool more = false;

	n->now = now;
	net_groups_look(n);
	net_packets_look(n);
	/* A cheap look: nothing pushed. Partner: the push's CAS. */
	if (!atomic_get_relaxed(&n->arena->hdr->svc_ready))
		return false;
	/* The last that was pushed comes first. Bounded: a scribbled list may be a
	 * ring. */
	i = shm_stack_pop_socks(n->arena);
	while (i && k < n->arena->n_socks && shm_sock_at(n->arena, i)) {
		n->ready[k++] = i;
		i = atomic_get_relaxed(&shm_sock_at(n->arena, i)->svc_next);
	}
	if (k == 0)
		return false;
	while (k > 0) {
		struct shm_sock *s = &n->arena->socks[i = n->ready[--k]];

		/* From here on a program may push it again; then its bytes are
		 * found now or by that push. Partner: swap in
		 * sock_want_service. */
		atomic_swap(&s->svc_queued, 0);
		atomic_full_fence();
		if (socket_sync(n, i, s)) {
			more = true;
			shm_stack_push_sock(n->arena, i);
		}
	}
	stack_flush(n->stack, now);
	return more;
}

/* --- life of the whole --------------------------------------------------------------- */

static void on_output(void *user, uint32_t ifindex, struct instant now,
	const struct stack_frame *f)
{
	struct net *n = user;

	n->ops.output(n->ops.user, ifindex, now, f);
}

static int64_t on_wall(void *user)
{
	struct net *n = user;

	return n->ops.wall_ns(n->ops.user);
}

struct net *net_new(const struct net_config *cfg)
{
	struct net *n = calloc(1, sizeof(*n));
	struct stack_config sc = {
		.name = cfg->name,
		.seed = cfg->seed,
		.isn_key = cfg->isn_key,
		.tcp_rules = cfg->tcp_rules,
		.supers = cfg->supers,
		.ops = {
			.output = on_output,
			.datagram = net_on_datagram,
			.datagram_error = net_on_datagram_error,
			.tcp = { net_on_syn, net_on_accept, net_on_event, n,
				net_on_urgent, net_on_accepted, net_on_cookie,
				net_on_starved, net_on_ended, net_on_left },
			.user = n,
			.raw = net_on_raw,
			.look = net_on_look,
			.path = net_on_path,
			.wall_ns = on_wall,
		},
	};

	if (!n)
		return NULL;
	n->env = cfg->env;
	n->arena = cfg->env->arena;
	n->ops = cfg->ops;
	list_init(&n->owing);
	n->conns = calloc(n->arena->n_socks, sizeof(*n->conns));
	n->ready = calloc(n->arena->n_socks, sizeof(*n->ready));
	n->datagram = malloc(DATAGRAM_MAX);
	if (n->conns && n->ready && n->datagram)
		n->stack = stack_new(&sc);
	if (!n->stack) {
		net_free(n);
		return NULL;
	}
	return n;
}

void net_free(struct net *n)
{
	if (!n)
		return;
	for (uint32_t i = 0; n->conns && i < n->arena->n_socks; i++)
		free(n->conns[i]);
	if (n->stack)
		stack_free(n->stack);
	free(n->conns);
	free(n->ready);
	free(n->datagram);
	free(n);
}

struct stack *net_stack(struct net *n)
{
	return n->stack;
}

void net_input(struct net *n, uint32_t ifindex, struct instant now,
	const void *frame, size_t len)
{
	net_input_super(n, ifindex, now, frame, len, &(struct offload){ 0 });
}

void net_input_super(struct net *n, uint32_t ifindex, struct instant now,
	const void *frame, size_t len, const struct offload *o)
{
	n->now = now;
	net_packets_look(n);
	stack_input_super(n->stack, ifindex, now, frame, len, o);
}

bool net_input_text(struct net *n, uint32_t ifindex, struct instant now,
	const struct span *spans, unsigned nspans, const struct offload *o)
{
	if (sock_any_raw(n->env))
		return false;
	n->now = now;
	net_packets_look(n);
	return stack_input_text(n->stack, ifindex, now, spans, nspans, o);
}

struct instant net_deadline(const struct net *n)
{
	return instant_min(stack_deadline(n->stack), net_packet_deadline(n));
}

void net_tick(struct net *n, struct instant now)
{
	n->now = now;
	net_packets_look(n);
	net_packet_tick(n, now);
	stack_tick(n->stack, now);
}

void net_announce(struct net *n, struct instant now)
{
	stack_announce_groups(n->stack, now);
}

bool net_owns(const struct net *n, uint32_t sock)
{
	return sock < n->arena->n_socks && n->conns[sock];
}

bool net_info(const struct net *n, uint32_t sock, struct tcp_info_view *out)
{
	const struct net_conn *c;

	if (sock >= n->arena->n_socks)
		return false;
	c = n->conns[sock];
	return c && c->tcp &&
		tcp_get_info(stack_tcp(n->stack), n->now, c->id, out) == 0;
}

unsigned net_connections(const struct net *n)
{
	return n->n_conns;
}
