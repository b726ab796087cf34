/* Inside sock: what its files share.
 *
 * Order of locks: a socket's `lock`, then a table's `port_lock`. Never two
 * sockets' locks. A fifo's and a watch list's lock are leaves: nothing is locked
 * while one of them is held, and none of them while another is. is_dead() is
 * never called under port_lock.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_INSIDE_H
#define SOCK_INSIDE_H

#include <errno.h>
#include <netinet/in.h>
#include <sys/uio.h>

#include "base/atomic.h"
#include "base/ipaddr.h"
#include "ask.h"
#include "sock/caps.h"
#include "sock/groups.h"
#include "sock/service.h"

#define SOCK_STREAM_RING (1u << 20)   /* bytes of one direction by default */
#define SOCK_FAR_RING (1u << 22) /* ... to and from another host: Linux's tcp_wmem[2] */
#define SOCK_STREAM_RING_MIN (1u << 14)
#define SOCK_DGRAM_RING (1u << 19)    /* holds twice Linux's rmem_max of 212,992 */
#define SOCK_UDP4_MAX 65507u /* 65,535 less IPv4's 20 and UDP's 8 (RFC 768) */
#define SOCK_UDP6_MAX 65527u /* 65,535 of IPv6 payload less UDP's 8 (RFC 8200 3) */
#define SOCK_TTL_DEFAULT 64
#define SOCK_LO_INDEX 1
#define SOCK_MSG_PROBE 0x10 /* MSG_PROBE of Linux */
#define SOCK_TX_STAMPS 0x2u /* SOF_TIMESTAMPING_TX_SOFTWARE */
#define SOCK_TX_SCHED 0x100u /* SOF_TIMESTAMPING_TX_SCHED */
#define SOCK_TX_ACK 0x200u /* SOF_TIMESTAMPING_TX_ACK */
#define SOCK_TX_TIMES (SOCK_TX_STAMPS | SOCK_TX_SCHED | SOCK_TX_ACK)

/* Linux's CLOSE after both ends have shut down, of a stream that is CONNECTED. */
bool sock_ended(const struct sock_env *e, const struct shm_sock *s);
/* option_kept.c */
void sock_kept_init(struct shm_sock *s);
bool sock_is_lite(const struct shm_sock *s); /* UDP-Lite */
bool sock_is_paired(const struct shm_sock *s); /* datagrams: has it a peer? */
bool sock_lock(const struct sock_env *e, struct shm_sock *s);
void sock_unlock(const struct sock_env *e, struct shm_sock *s);
/* Pending error: keep the first; take by swap. */
void sock_set_error(struct shm_sock *s, int err);
int sock_take_error(struct shm_sock *s);
/* The local peer of s, if it is still the one it was connected to. */
struct shm_sock *sock_local_peer(const struct sock_env *e,
	const struct shm_sock *s, uint32_t *index);
/* rx/tx record or NULL. */
struct shm_fifo *sock_rx(const struct sock_env *e, const struct shm_sock *s);
struct shm_fifo *sock_tx(const struct sock_env *e, const struct shm_sock *s);

/* name.c */
struct ip_addr sock_ip(const struct shm_addr *a);
struct shm_addr sock_addr_of(const struct ip_addr *ip, uint16_t port);
bool sock_addr_any(const struct shm_addr *a);
bool sock_addr_link_multicast(const struct ip_addr *ip);
bool sock_addr_same(const struct shm_addr *a, const struct shm_addr *b);
/* sockaddr for socket s: -EINVAL short, -EAFNOSUPPORT. Unmapped. */
int sock_name_parse(const struct shm_sock *s, const struct sockaddr *sa,
	socklen_t len, struct shm_addr *out);
enum sock_addr_kind {
	SOCK_ADDR_OTHER,
	SOCK_ADDR_ANY,
	SOCK_ADDR_LOOPBACK,
	SOCK_ADDR_OWN, /* one of the header's */
	SOCK_ADDR_BROADCAST,
	SOCK_ADDR_MULTICAST,
};
enum sock_addr_kind sock_addr_kind(const struct sock_env *e,
	const struct shm_addr *a);
/* The source that s has by its name: none (any) if that is a group's or everybody's
 * (Linux: inet_saddr, "use device"). */
struct shm_addr sock_bound(const struct sock_env *e, const struct shm_sock *s);
/* Loopback's or own: the source that Linux takes for a local destination. */
struct shm_addr sock_local_source(const struct shm_addr *to);
/* The address of ours that an answer to m would come from (in_pktinfo's
 * ipi_spec_dst). */
struct shm_addr sock_spec_dst(const struct sock_env *e, const struct shm_msg *m);
/* Destination of connect and sendto: any becomes the own address; checks that the
 * socket can speak that family. 0 or -errno. */
int sock_dest_resolve(const struct sock_env *e, const struct shm_sock *s,
	struct shm_addr *to, enum sock_addr_kind *kind);

/* connect() wants to know of which link such an address is (RFC 4007 6): -EINVAL. */
int sock_scope_check(const struct shm_sock *s, const struct shm_addr *to,
	enum sock_addr_kind kind);

/* way.c: by the header's copy of interfaces and routes. */
struct sock_way {
	uint32_t ifindex;
	uint32_t mtu; /* bytes of IP packet, of the link */
	uint32_t path; /* likewise, as far as is known of the path */
	struct shm_addr source; /* port 0 */
	struct shm_addr gateway; /* family IP_NONE: on link */
};
/* Where a packet to `to` leaves; oif 0: any interface. 0, -ENETUNREACH, -ENODEV. */
int sock_way(const struct sock_env *e, const struct shm_addr *to,
	enum sock_addr_kind kind, uint32_t oif, struct sock_way *w);
/* Likewise for a datagram of s, from a source of its own (from; family IP_NONE or
 * any: none), which is then w->source. Also -EINVAL: such a source cannot be. */
int sock_dgram_way(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_addr *to, enum sock_addr_kind kind, uint32_t oif,
	const struct shm_addr *from, struct sock_way *w);
bool sock_iface(const struct sock_env *e, uint32_t ifindex, struct shm_iface *out);
/* The interface that has this address of ours; 0: none. */
uint32_t sock_addr_ifindex(const struct sock_env *e, const struct shm_addr *a);

/* The name of a datagram's peer, which an IPv6 socket also takes as IPv4's. */
int sock_peer_parse(const struct shm_sock *s, const struct sockaddr *sa,
	socklen_t len, struct shm_addr *out);

/* raw.c. May this program have a raw socket? */
bool sock_raw_allowed(const struct sock_env *e);
/* The record is filled in. */
int sock_raw_init(struct sock_env *e, uint32_t i, struct shm_sock *s);
int sock_raw_bind(struct sock_env *e, struct shm_sock *s,
	const struct sockaddr *sa, socklen_t len);
/* What a message of it needs beside what all have. 0, -EINVAL, -EMSGSIZE. */
int sock_raw_message(const struct shm_sock *s, const struct iovec *iov, int n,
	struct shm_msg *m);

/* port.c. Does a raw socket listen to that protocol? Then the host talks to itself by
 * packets, which it sees. */
bool sock_raw_hears(struct sock_env *e, int protocol);

/* port.c. The caller holds s->lock. Raw sockets have no port: they hang in a chain
 * of their own, as port 0. */
bool sock_port_enter_raw(struct sock_env *e, uint32_t i, struct shm_sock *s);
unsigned sock_port_packets(struct sock_env *e, uint32_t *out, unsigned max);
int sock_port_bind(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct shm_addr *name);
/* Is another listener in the way of s becoming one? 0 or -EADDRINUSE. */
int sock_port_listen(struct sock_env *e, uint32_t i, struct shm_sock *s);
/* Give a stream socket its names for connect: port chosen if it has none. 0 or
 * -EADDRNOTAVAIL. */
int sock_port_connect(struct sock_env *e, uint32_t i, struct shm_sock *s,
	const struct shm_addr *local, const struct shm_addr *remote);
/* What s holds becomes j's, as a bound one. */
void sock_port_transfer(struct sock_env *e, uint32_t i, struct shm_sock *s,
	uint32_t j, struct shm_sock *d);
/* Enter an embryo (names are set). */
void sock_port_enter(struct sock_env *e, uint32_t i, struct shm_sock *s);
void sock_port_leave(struct sock_env *e, uint32_t i, struct shm_sock *s);

/* Was (i, gen) closed everywhere? No table's lock is held. */
bool sock_record_dead(struct sock_env *e, uint32_t i, uint32_t gen);

/* connect.c */
int sock_stream_fifos(struct sock_env *e, const struct shm_opts *mine,
	const struct shm_opts *theirs, uint32_t *tx, uint32_t *rx);
void sock_apply_buffers(struct sock_env *e, struct shm_sock *s);
/* dgram.c: a receive queue, at the first name: 0 or -ENOBUFS; more room in it if empty. */
int sock_dgram_queue(struct sock_env *e, struct shm_sock *s);
void sock_dgram_grow(struct sock_env *e, uint32_t queue, uint32_t limit);
int sock_dgram_autobind(struct sock_env *e, uint32_t i, struct shm_sock *s);

/* stream.c: before the connection is there; at most `most` bytes. */
ssize_t sock_send_early(struct sock_env *e, struct shm_sock *s,
	const struct iovec *iov, int n, uint32_t most);

size_t sock_iov_total(const struct iovec *iov, int n);
/* Bytes [off, off + len) of the first message's payload into iov. */
void sock_msg_scatter(const struct fifo_end *r, uint32_t off, uint32_t len,
	const struct iovec *iov, int n);

/* report.c: an error of our own making (SO_EE_ORIGIN_LOCAL), if s asks for
 * reports; and all reports gone (IP_RECVERR was turned off). */
void sock_report_local(struct sock_env *e, uint32_t i, const struct shm_addr *to,
	int err, uint32_t info);
/* notice.c: s may want to know when bytes come: its local peer has to tell. */
void sock_stamps_wanted(const struct sock_env *e, const struct shm_sock *s);
/* Bytes for s are about to come. */
void sock_stamp_now(const struct sock_env *e, struct shm_sock *s);
/* notice.c: of MSG_ZEROCOPY; taken: false, nothing waits. */
bool sock_zerocopy_waits(const struct shm_sock *s);
bool sock_zerocopy_take(struct shm_sock *s, struct shm_msg *m);
void sock_report_purge(struct sock_env *e, struct shm_sock *s);
/* IPV6_RECVPATHMTU: the next recvmsg() tells it, if s asks for it. */
void sock_report_pathmtu(struct sock_env *e, uint32_t i, const struct shm_addr *to,
	uint32_t mtu);
/* That message: false, there is none. */
bool sock_report_take_pathmtu(struct shm_sock *s, struct sockaddr *from,
	socklen_t *fromlen, struct msghdr *control, int *msg_flags);

/* close.c: in CLOSING or LAST-ACK by packets. */
bool sock_is_ending(const struct shm_sock *s);
/* close.c: s has reset its connection: tell the other end of this host. */
bool sock_reset_peer(struct sock_env *e, struct shm_sock *s);
/* Fifos of a record that nobody uses any more. */
void sock_free_fifos(struct sock_env *e, struct shm_sock *s);

/* info.c */
int sock_tcp_info(const struct sock_env *e, uint32_t i, struct shm_sock *s, void *val,
	socklen_t *len);
/* Bytes of IP packet towards the peer, and the congestion window in segments. */
void sock_tcp_path(const struct shm_sock *s, uint32_t *mtu, uint32_t *cwnd);

#endif
