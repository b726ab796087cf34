/* The host under test: records, stack and transport of the real thing in private
 * memory, in virtual time, with one interface whose other side is the script. No
 * service, no program: calls are made through sock/, as the client makes them.
 *
 *     calls.c -> sock/ records <-> net <-> stack -> subject_next()
 *                                            ^----- subject_inject()
 *
 * Whom the stack asks for a link address gets one at once: scripts speak IP.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRIPT_SUBJECT_H
#define SCRIPT_SUBJECT_H

#include "base/ipaddr.h"
#include "inet/net.h"
#include "shm/arena.h"
#include "sock/sock.h"

#define SUBJECT_PACKET_MAX 65600 /* bytes */

/* An IP packet that the stack has sent. */
struct subject_packet {
	struct subject_packet *next;
	struct instant at;
	size_t len;
	uint8_t bytes[];
};

struct subject_config {
	struct ip_prefix local[2]; /* IPv4 and IPv6, or family IP_NONE */
	struct ip_addr gateway[2];
	uint32_t mtu;
	struct tcp_rules rules;
};

/* A connection that waits for accept(). */
struct subject_embryo {
	struct subject_embryo *next;
	uint32_t listener;
	struct shm_hello hello;
};

struct subject {
	void *map;
	uint64_t size;
	struct shm_arena arena;
	struct sock_env env;
	struct net *net;
	uint32_t ifindex;
	struct instant now;
	struct subject_packet *first, **last; /* sent, not yet taken */
	struct subject_packet *answers;	      /* frames of the link's own answers */
	struct subject_embryo *embryos;
	bool drops; /* what is sent is lost on the spot */
};

/* 0, or -errno. */
int subject_init(struct subject *s, const struct subject_config *cfg);
void subject_fini(struct subject *s);

/* One more address of the host, if it is not one; -errno. */
int subject_adopt(struct subject *s, const struct ip_addr *a);
/* The administrator sets others. */
void subject_set_rules(struct subject *s, const struct tcp_rules *rules);

/* Let time pass to the next moment at which the stack has something to do, and let
 * it do that; false: nothing is due by `until`, which it is now. */
bool subject_step(struct subject *s, struct instant until);
/* What calls have left behind for the stack to see. */
void subject_settle(struct subject *s);
/* The oldest packet sent; the caller frees it. NULL: none. */
struct subject_packet *subject_next(struct subject *s);
/* An IP packet arrives now. */
void subject_inject(struct subject *s, const void *packet, size_t len);

uint32_t subject_gen(const struct subject *s, uint32_t sock);
/* Of a listener: the oldest embryo's hello, which is taken out; false: none. */
bool subject_take_embryo(struct subject *s, uint32_t listener,
	struct shm_hello *out);
unsigned subject_embryos(const struct subject *s, uint32_t listener);
bool subject_has_embryo(const struct subject *s, uint32_t listener);
/* What may go with a SYN (RFC 7413). */
struct subject_early {
	const struct iovec *iov;
	int n;
	bool wait;   /* the call blocks */
	size_t done; /* out: bytes taken */
};
/* connect(2) on a stream socket, not waiting: -EINPROGRESS it is under way, 0 put off,
 * 1 an earlier one has come through, -EPROTO to the host itself, or what sock says.
 * early: NULL, or what sendto() has for the SYN. */
int subject_connect(struct subject *s, uint32_t sock, const struct sockaddr *sa,
	socklen_t len, struct subject_early *early);
/* One that was put off, or its beginning. */
int subject_start(struct subject *s, uint32_t sock, struct subject_early *early);
/* accept(2), not waiting: 0 and *out, -EAGAIN, -EINVAL not a listener. */
int subject_accept(struct subject *s, uint32_t listener, uint32_t *out);
/* Does anybody listen at this port? */
bool subject_listens(const struct subject *s, uint16_t port);
/* The last descriptor of it is closed. */
/* getsockopt(2), with what the client does for it. */
int subject_getopt(struct subject *s, uint32_t sock, int level, int name, void *val,
	socklen_t *len);
void subject_close(struct subject *s, uint32_t sock);

#endif
