/* The transport NET of one host: between the Berkeley records of the arena and
 * the protocol stack.
 *
 *     programs      arena: records, fifos, svc_ready
 *                     |                     ^
 *     net_poll() ->  net  <- tcp events, datagrams
 *                     |                     ^
 *                   stack: TCP, UDP, ICMP echo
 *
 * It makes no system call itself: what needs one is done by the verbs of
 * net_ops, so that two hosts run in one test process in virtual time.
 *
 * A connection has a private twin (its fifos' geometry, TCP's name for it, the
 * counters seen last): whatever a program writes into the arena, only its own
 * connections suffer. A twin lives until TCP has let go of the fifos and the
 * program's end is closed; then the record is reaped.
 *
 * Not re-entrant. SPDX-License-Identifier: BSD-2-Clause */
#ifndef INET_NET_H
#define INET_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "sock/service.h"
#include "stack/stack.h"

struct net;

struct net_ops {
	/* A byte for the program at the other end of a connection. */
	void (*ring)(void *user, void *port);
	/* A byte for the stand-in of a datagram socket, by its name. */
	void (*ring_name)(void *user, uint32_t sock, uint32_t gen);
	/* May a listener take one more? 0, -EAGAIN its queue is full, -ENOENT
	 * nobody holds it any more. */
	int (*room)(void *user, uint32_t sock);
	/* Put an embryo into its queue: 0 and *port, -EAGAIN full,
	 * -ECONNREFUSED gone. */
	int (*attach)(void *user, uint32_t listener, uint32_t listener_gen,
		uint32_t embryo, uint32_t gen, void **port);
	/* The net no longer knows this port: close it. */
	void (*release)(void *user, void *port);
	void (*output)(void *user, uint32_t ifindex, struct instant now,
		const struct stack_frame *f);
	int64_t (*wall_ns)(void *user); /* for arrival times, since 1970 */
	void *user;
	/* SIGURG for the owner of a socket, as its record names him. */
	void (*urge)(void *user, uint32_t kind, int32_t id);
	/* Whoever sleeps on a word of the arena (a futex). NULL: nobody does. */
	void (*wake)(void *user, _Atomic uint32_t *word);
};

struct net_config {
	const char *name; /* host's; copied */
	struct sock_env *env; /* caller's, outlives the net */
	struct net_ops ops;
	uint64_t seed;
	struct siphash_key isn_key;
	const struct tcp_rules *tcp_rules; /* copied; NULL: Linux's */
	bool supers; /* output takes TCP's super-segments whole */
};

struct net *net_new(const struct net_config *cfg);
/* Closes nothing: the ports are the caller's to free. */
void net_free(struct net *n);

/* For interfaces, addresses, routes and counters. Its verbs in time (input,
 * tick) go through the functions below. */
struct stack *net_stack(struct net *n);
void net_input(struct net *n, uint32_t ifindex, struct instant now,
	const void *frame, size_t len);
/* One with work that a device has left to us. */
void net_input_super(struct net *n, uint32_t ifindex, struct instant now,
	const void *frame, size_t len, const struct offload *o);
/* A super-segment of TCP whose text is still at its sender's: the headers in spans[0].
 * False: here it has to be whole, and nothing was done. */
bool net_input_text(struct net *n, uint32_t ifindex, struct instant now,
	const struct span *spans, unsigned nspans, const struct offload *o);
struct instant net_deadline(const struct net *n);
void net_tick(struct net *n, struct instant now);
/* The links are up: the neighbours are told of our own groups. */
void net_announce(struct net *n, struct instant now);
/* Tell programs of the bytes that came and went since the last call: at the end of
 * each round of the loop. */
void net_tell(struct net *n);

/* Look at all sockets in svc_ready. True: some have more to give. */
bool net_poll(struct net *n, struct instant now);

/* A program's hello: connect socket `sock` of generation gen through the stack;
 * port is the service's end of its stand-in. 0: the net keeps the port until
 * net_hangup(). -EBADF, -EINVAL, -EBUSY: the hello is not right, the port stays
 * the caller's. What becomes of the connection goes into the record. */
int net_connect(struct net *n, struct instant now, uint32_t sock, uint32_t gen,
	void *port);
/* The program's end of that port is closed everywhere: FIN or RST. The port is
 * not known to the net any more. */
void net_hangup(struct net *n, struct instant now, uint32_t sock, uint32_t gen);
/* A listener was reaped: reset what had not been accepted. */
void net_listener_gone(struct net *n, struct instant now, uint32_t sock,
	uint32_t gen);
/* Does a connection of ours use this record? Then the sweep leaves it. */
bool net_owns(const struct net *n, uint32_t sock);
/* What TCP knows of the connection of this record; false: none. */
bool net_info(const struct net *n, uint32_t sock, struct tcp_info_view *out);
/* Connections that TCP is still working for, closed ones included. */
unsigned net_connections(const struct net *n);

#endif
