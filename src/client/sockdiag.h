/* Inside the client: NETLINK_SOCK_DIAG's answers (sock_diag(7)): what `ss` asks.
 *
 *	sockdiag.c         requests, by family; those of others are the kernel's
 *	sockdiag_inet.c    which sockets of the internet are meant
 *	sockdiag_msg.c     what is said of one of them
 *	sockdiag_code.c    the filter that comes with a request
 *	sockdiag_packet.c  packet sockets
 *
 * A long list is told in pieces, as the kernel's is: the next one when this was read.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_SOCKDIAG_H
#define CLIENT_SOCKDIAG_H

#include <linux/inet_diag.h>

#include "look.h"
#include "rtnl.h"

/* How far a list was told; zeros: not begun. */
struct sockdiag_at {
	uint32_t phase, next;
	int32_t kernel; /* the kernel's socket that tells it, to be closed; 0: none */
};

/* Answers a request, or goes on with its answer. True: *at is where that goes on when
 * this much was read. */
bool sockdiag_answer(struct rtnl_out *o, const struct nlmsghdr *n, struct sockdiag_at *at);

#define SOCKDIAG_PIECE 128 /* sockets told at a time: some 80 KiB */

/* --- a request about sockets of the internet ------------------------------------- */

struct sockdiag_want {
	uint16_t type; /* of the request, and of the answers */
	uint8_t family, ext;
	uint8_t raw_protocol; /* of raw sockets; exact lookups only */
	uint32_t protocol;
	uint32_t states; /* a bit for each of TCP_ESTABLISHED ... */
	struct inet_diag_sockid id;
	const void *code; /* audited; NULL: none */
	size_t code_len;
	bool admin; /* who asks has CAP_NET_ADMIN */
	bool *silent; /* the service did not answer: it is not asked again */
};

#define SOCKDIAG_BOUND_INACTIVE 13 /* Linux: TCP_BOUND_INACTIVE */

/* 1: told; -errno. */
int sockdiag_inet_one(struct rtnl_out *o, const struct sockdiag_want *w);
bool sockdiag_inet_dump(struct rtnl_out *o, const struct sockdiag_want *w,
	struct sockdiag_at *at);
bool sockdiag_inet_knows(uint32_t protocol);

/* --- what is said ------------------------------------------------------------------ */

/* Names, state and device, which filters look at; false: nothing to be shown. */
bool sockdiag_names(uint32_t i, struct inet_diag_msg *m);
void sockdiag_address(const struct shm_addr *a, bool v6, __be32 out[4]);
/* The rest of it. False: it is closed. */
bool sockdiag_put(struct rtnl_out *o, const struct sockdiag_want *w, uint32_t i,
	struct inet_diag_msg *m);

/* --- filters ------------------------------------------------------------------------- */

/* 0; -EINVAL: it may not be run; -EPERM. */
int sockdiag_code_audit(const void *code, size_t len, bool admin);
/* What filters look at beside the message. */
struct sockdiag_entry {
	const struct inet_diag_msg *m;
	bool port_given;
	uint32_t mark;
};
bool sockdiag_code_run(const void *code, size_t len, const struct sockdiag_entry *e);

/* --- packet sockets ------------------------------------------------------------------- */

/* -errno, or 0 and *more as above. */
int sockdiag_packet(struct rtnl_out *o, const struct nlmsghdr *n, struct sockdiag_at *at,
	bool *more);

#endif
