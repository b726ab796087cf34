/* What the files of the transport NET share: net.c (the whole and the ready list),
 * stream.c (connections), dgram.c (datagrams).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef INET_INSIDE_H
#define INET_INSIDE_H

#include "base/list.h"
#include "inet/net.h"
#include "inet/publish.h"
#include "limits.h"
#include "sock/groups.h"
#include "wire/ipv6.h"

/* The private twin of a connection. */
struct net_conn {
	uint32_t sock, gen;	/* the record */
	void *port;		/* NULL: the program has closed */
	struct tcp_id id;
	bool tcp;		/* TCP uses the fifos */
	bool fin_sent;		/* tcp_shutdown_send was called */
	int soft_err;		/* what ICMP told, positive errno */
	struct shm_fifo *tx, *rx;
	uint32_t tx_fifo, rx_fifo;
	uint32_t tx_tail, rx_head; /* as told to TCP last */
	uint32_t tx_size, sndbuf; /* bytes: of the ring; as told to the program */
	uint32_t tx_urgent;	/* likewise, if urgent_told */
	bool urgent_told;
	bool info_last;		/* what TCP_INFO shows is final */
	uint32_t marks_told;	/* sock_marks_pass()'s */
	uint32_t info_told;	/* what was asked (sock/info.h), as answered last */
	struct tcp_options opt;	/* as told to TCP last; with: */
	struct ip_options ip;
	unsigned owed;		/* events not told yet */
	struct list owing;	/* in net.owing, if anything is owed */
};

/* A packet socket's block that is to be given to its program (TPACKET_V3). */
struct net_retire {
	uint32_t sock, gen; /* 0: none */
	struct instant at;
};

struct net {
	struct sock_env *env;
	struct shm_arena *arena;
	struct net_ops ops;
	struct stack *stack;
	struct net_conn **conns; /* by socket; arena->n_socks of them */
	unsigned n_conns;
	uint32_t *ready;	 /* net_poll()'s: as many */
	struct instant now;	 /* of the verb under way */
	struct list owing;	 /* connections with something to tell */
	uint8_t *datagram;	 /* DATAGRAM_MAX bytes */
	uint32_t group_changes;	 /* as seen last */
	struct published_paths paths;
	struct net_retire retires[RETIRES_MAX];
	unsigned n_retires;
	uint32_t frame_sender;	 /* packet socket whose frame goes out now; 0 none */
	bool frame_hidden;	 /* nobody shall see it */
};

struct ip_name net_name_of(const struct shm_addr *a);
struct shm_addr net_addr_of(const struct ip_name *n);
/* The record, if it is still the one that was meant; else NULL. */
struct shm_sock *net_record(const struct net *n, uint32_t sock, uint32_t gen);

/* --- stream.c: what TCP asks and tells (tcp/tcp.h), what programs did ------- */

struct net_conn *net_conn_find(const struct net *n, uint32_t sock, uint32_t gen);
enum tcp_listen_verdict net_on_syn(void *user, const struct tcp_tuple *t,
	struct tcp_listen_info *info);
int net_on_accept(void *user, struct tcp_id id, const struct tcp_tuple *t,
	uint64_t listener, struct tcp_bufs *bufs, struct tcp_options *opt,
	uint64_t *cookie);
void net_on_event(void *user, struct tcp_id id, uint64_t cookie, unsigned events,
	int err);
bool net_on_accepted(void *user, uint64_t cookie);
bool net_on_starved(void *user, uint64_t cookie);
void net_on_ended(void *user, uint64_t cookie, const struct tcp_info_view *v);
void net_on_left(void *user, const struct tcp_tuple *t, enum tcp_state state);
void net_on_cookie(void *user, const struct ip_addr *server, uint16_t mss, bool known);
void net_on_urgent(void *user, struct tcp_id id, uint64_t cookie, uint32_t at);
/* A program wrote, read, shut down or set options. */
void net_stream_sync(struct net *n, struct net_conn *c, struct shm_sock *s);

/* --- dgram.c: what the stack delivers, what programs send ------------------- */

int net_on_datagram(void *user, struct instant now, const struct stack_datagram *d);
/* What programs may ask of a path, and datagrams must fit. */
void net_on_path(void *user, struct instant now, const struct ip_addr *dst, uint32_t mtu);
void net_on_datagram_error(void *user, uint8_t proto, const struct ip_name *local,
	const struct ip_name *remote, const struct ip_error_in *e,
	const struct span *payload);
void net_ring_name(struct net *n, uint32_t i, struct shm_sock *s);
/* IPV6_MTU, as the program's record has it: it may hold anything, and small pieces would
 * be thousands. */
static inline uint16_t net_frag_of(const struct shm_msg *m)
{
	return m->dst.family == IP_V6 && m->frag >= IPV6_MIN_MTU ? m->frag : 0;
}
/* Send what lies in i's queue. True: there is more. */
bool net_datagrams_out(struct net *n, uint32_t i, struct shm_sock *s);

/* --- group.c: who is in which group ------------------------------------------- */

/* Has any socket joined or left? Then the stack is told. */
void net_groups_look(struct net *n);

/* --- raw.c: raw sockets -------------------------------------------------------- */

bool net_on_raw(void *user, struct instant now, const struct ip_packet_in *pkt);
/* A message of a raw socket, which lies in n->datagram. */
int net_raw_send(struct net *n, const struct shm_sock *s, const struct shm_msg *m);

/* --- packet.c: packet sockets --------------------------------------------------- */

struct ip_look;
void net_on_look(void *user, struct instant now, const struct ip_look *l);
/* Are there any? Then the stack shows its frames. */
void net_packets_look(struct net *n);
/* The frame that lies in n->datagram. */
int net_packet_send(struct net *n, uint32_t i, const struct shm_msg *m);
struct instant net_packet_deadline(const struct net *n);
void net_packet_tick(struct net *n, struct instant now);

#endif
