/* Inside sock: the IPv4 options of a datagram (ipopt.c).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_IPOPT_H
#define SOCK_IPOPT_H

#include "base/ipopt.h"
#include "inside.h"

struct ip_options {
	uint8_t len;
	uint8_t bytes[IPOPT_BYTES];
};

/* As a program wants them sent. 0, -EINVAL. */
int options_check(const struct sock_env *e, const void *val, size_t len,
	struct ip_options *out);
/* Those of the socket. Takes its lock, if there are any. */
struct ip_options options_of(const struct sock_env *e, const struct shm_sock *s);
/* Into a datagram that is to go, whose source is known. */
void options_go(const struct sock_env *e, const struct ip_options *o,
	struct shm_msg *m);
/* For an answer to it: how many bytes, or -1. */
int options_echo(const struct sock_env *e, const struct shm_msg *m,
	uint8_t out[IPOPT_BYTES]);

#endif
