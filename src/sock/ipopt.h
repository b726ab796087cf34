/* Inside sock: IPv4 options (ipopt.c).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_IPOPT_H
#define SOCK_IPOPT_H

#include "base/ipopt.h"
#include "inside.h"

/* As a program wants them sent. 0, -EINVAL. */
int options_check(const struct sock_env *e, const void *val, size_t len,
	struct ip_options *out);
/* Those of the socket. Takes its lock, if there are any. */
struct ip_options options_of(const struct sock_env *e, const struct shm_sock *s);
/* The same under its lock. */
struct ip_options options_kept(const struct shm_sock *s);
/* Of a child, what its SYN's make of an answer's: the SYN would have come from s, whose
 * lock is held. */
void options_of_child(const struct sock_env *e, const struct shm_sock *s,
	struct shm_sock *child);
/* Into a datagram that is to go, whose source is known; end: where a source route
 * ends. */
void options_go(const struct sock_env *e, const struct ip_options *o,
	const struct shm_addr *end, struct shm_msg *m);
/* For an answer to it: how many bytes, or -1. */
int options_echo(const struct sock_env *e, const struct shm_msg *m,
	uint8_t out[IPOPT_BYTES]);

#endif
