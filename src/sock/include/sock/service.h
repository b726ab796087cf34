/* The Berkeley rules, for the service: the transport NET and the sweep. The rest, and
 * what holds for all of it: sock/sock.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_SERVICE_H
#define SOCK_SERVICE_H

#include "base/ipopt.h"
#include "sock/sock.h"

/* Who listens for a connection to `local` from `remote` that comes by ifindex (0: by
 * any): listener's index, 0 nobody. Dead ones in the way are asked about (is_dead) and
 * taken out. */
uint32_t sock_find_listener(struct sock_env *e, const struct shm_addr *local,
	const struct shm_addr *remote, uint32_t ifindex);
/* Who receives a datagram: connected sockets first, then by local name; unicast:
 * one. protocol: IPPROTO_UDP; ICMP, ICMPV6 (port is the identifier). By
 * whatever interface. */
uint32_t sock_find_dgram(struct sock_env *e, int protocol,
	const struct shm_addr *local, const struct shm_addr *remote);
/* The same for what came in by ifindex. */
uint32_t sock_find_dgram_on(struct sock_env *e, int protocol,
	const struct shm_addr *local, const struct shm_addr *remote,
	uint32_t ifindex);
/* Whoever shall have it: one, or all that fit when local is a group's or a broadcast
 * address; came in by ifindex. Returns how many. The payload is for programs that choose
 * among sockets of one name. */
unsigned sock_find_receivers(struct sock_env *e, int protocol,
	const struct shm_addr *local, const struct shm_addr *remote,
	uint32_t ifindex, const struct span *payload, uint32_t *out, unsigned max);
/* Broadcast and multicast: all that fit, at most `max` of them. Returns how many. */
unsigned sock_find_dgrams(struct sock_env *e, int protocol,
	const struct shm_addr *local, const struct shm_addr *remote,
	uint32_t ifindex, uint32_t *out, unsigned max);
/* Raw sockets that a packet is for; as above. The second look costs a lock: ask
 * the first before. */
bool sock_any_raw(const struct sock_env *e);
unsigned sock_find_raw(struct sock_env *e, int protocol,
	const struct shm_addr *local, const struct shm_addr *remote,
	uint32_t ifindex, uint32_t *out, unsigned max);
/* Does its ICMP_FILTER, ICMP6_FILTER let this type pass? */
bool sock_raw_passes(const struct sock_env *e, uint32_t i, uint8_t icmp_type);
/* A connection from the net was set up: the far end's record for accept(),
 * state CONNECTED via NET, EMBRYO, with fifos. -ENOBUFS. */
int sock_embryo_new(struct sock_env *e, uint32_t listener,
	const struct shm_addr *local, const struct shm_addr *remote,
	uint32_t *out);
/* IP_OPTIONS of a stream; of a new child what its SYN's make of an answer's. */
void sock_stream_options(const struct shm_sock *s, struct ip_options *out);
void sock_options_child(struct shm_sock *s, const struct ip_options *o);
/* The options that came with a packet of IPv4: into the message, our slots filled. */
void sock_options_come(const struct sock_env *e, struct shm_msg *m,
	const struct span *options);
/* Deliver into i's receive queue: 0 (then *ring: byte to its stand-in's name), or
 * -ENOBUFS dropped. */
int sock_deliver(struct sock_env *e, uint32_t i, const struct shm_msg *m,
	const struct span *payload, unsigned n, bool *ring);
/* Next datagram of i's transmit queue: 1, 0 none; payload copied to buf (65,536
 * bytes are enough). */
int sock_next_outgoing(struct sock_env *e, uint32_t i, struct shm_msg *m,
	void *buf, size_t size, bool *ring);
/* Set the pending error, state DEAD when fatal; wakes. True: ring. */
bool sock_fail(struct sock_env *e, uint32_t i, int err, bool fatal);
/* NET connect came through. True: ring. */
bool sock_connected(struct sock_env *e, uint32_t i);
/* TCP still knows the four-tuple (TIME-WAIT): another ephemeral port for a NET
 * connect whose port connect() chose. 0, -EADDRNOTAVAIL: none, or the user's. */
int sock_connect_repick(struct sock_env *e, uint32_t i);
/* NET: bytes were published in i's rx, its FIN has come, or both: who waits for edges
 * hears once. True: ring. */
bool sock_arrived(struct sock_env *e, uint32_t i, bool data, bool eof);
/* NET: the peer has announced urgent data: the byte of count `at` of i's rx, which is
 * not published yet. Before it is: so that no reader runs past. Wakes nobody: there is
 * nothing to poll for until sock_arrived() of that byte, and two edges of EPOLLPRI
 * would be one too many. */
void sock_got_urgent(struct sock_env *e, uint32_t i, uint32_t at);
/* NET: the last byte of i's tx that a program marked urgent, if any. */
bool sock_sent_urgent(struct sock_env *e, uint32_t i, uint32_t *at);
bool sock_tx_freed(struct sock_env *e, uint32_t i);
/* The caller learnt that i's last descriptor is closed: out of the port table, so
 * that nobody finds it any more. The record stays until sock_reap. */
void sock_forget(struct sock_env *e, uint32_t i);
/* Did dead s send RST instead of FIN, by itself? */
bool sock_died_with_reset(const struct sock_env *e, const struct shm_sock *s);
/* Take a record out of the port table, its watch list and epolls, free its fifos
 * when the peer no longer uses them, and the record. The caller knows it dead. */
void sock_reap(struct sock_env *e, uint32_t i);
/* The same of a record without stand-in. False: accept() has it after all. */
bool sock_reap_unborn(struct sock_env *e, uint32_t i);
/* Is s a connection of this host that nobody has accepted, and whose connector's record
 * was reaped? */
bool sock_embryo_is_alone(const struct sock_env *e, const struct shm_sock *s);

/* NET: TCP has let go of i. What goes on alone keeps the names from bind() and
 * connect() for as long. */
enum sock_left { SOCK_LEFT_NOTHING, SOCK_LEFT_TIME_WAIT, SOCK_LEFT_FIN_WAIT_2 };
void sock_left_behind(struct sock_env *e, uint32_t i, enum sock_left what);
/* Of what a connection between these has left: it is over, or TIME-WAIT begins (again)
 * now. */
void sock_left_changed(struct sock_env *e, const struct shm_addr *local,
	const struct shm_addr *remote, enum sock_left what);
/* Record k of those that are left behind: false past the end. */
struct sock_time_wait {
	struct shm_addr local, remote;
	bool there;    /* else nothing is */
	bool fin_wait; /* FIN-WAIT-2 */
	bool v6;       /* of a socket of IPv6 */
	int64_t left_ns;
};
bool sock_time_wait_at(const struct sock_env *e, uint32_t k, struct sock_time_wait *out);

#endif
