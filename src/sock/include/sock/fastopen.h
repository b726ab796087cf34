/* TCP Fast Open (RFC 7413) as Berkeley's calls have it: sendto(MSG_FASTOPEN), and
 * TCP_FASTOPEN_CONNECT, with which connect() waits for the first bytes.
 *
 * The service's TCP keeps the cookies. What programs need to know of them, is there
 * one and how large are the server's segments, it writes into the arena's header: one
 * word for each of a few hundred servers. A word that is wrong, because two share it
 * or somebody scribbled, costs a round trip or a part of the data in the SYN.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_FASTOPEN_H
#define SOCK_FASTOPEN_H

#include "sock/sock.h"

/* Bits of the host's rule tcp_fastopen, as Linux has them. */
enum sock_fo_rule {
	SOCK_FO_CLIENT = 1,
	SOCK_FO_SERVER = 2,
	SOCK_FO_CLIENT_NO_COOKIE = 4,
	SOCK_FO_SERVER_NO_COOKIE = 0x200,
	SOCK_FO_ALL_LISTENERS = 0x400, /* also without TCP_FASTOPEN */
};
uint32_t sock_fastopen_rule(const struct sock_env *e);

/* MSG_FASTOPEN, or a send on a connection that waits for it: may it be? -EOPNOTSUPP:
 * not on this host, or the name is AF_UNSPEC's. */
int sock_fastopen_check(const struct sock_env *e, const struct sockaddr *sa,
	socklen_t len);
/* After sock_connect_begin() of a NET route, before the service hears of it: ask for
 * fast open, with these bytes. wait: the caller blocks, so what does not fit the SYN
 * lies in the buffer too. Returns how many bytes were taken. */
size_t sock_fastopen_ask(struct sock_env *e, uint32_t i, const struct iovec *iov,
	int n, bool wait);
/* connect() on a NET route: true, it is put off until the first send
 * (TCP_FASTOPEN_CONNECT and there is a cookie); else the socket asks for one, if it
 * is to. */
bool sock_fastopen_defers(struct sock_env *e, uint32_t i);
/* Is it put off? And: now it is not any more. */
bool sock_fastopen_waits(const struct shm_sock *s);
void sock_fastopen_go(struct shm_sock *s);

/* The service: what a server has said. */
void sock_fastopen_tell(struct sock_env *e, const struct shm_addr *server,
	uint16_t mss, bool cookie);
/* What a listener lets its SYNs do: how many at once; 0 none. */
uint32_t sock_fastopen_limit(const struct sock_env *e, const struct shm_sock *s);

#endif
