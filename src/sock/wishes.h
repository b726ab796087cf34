/* Inside sock: what sendmsg()'s ancillary data wishes for one datagram.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_WISHES_H
#define SOCK_WISHES_H

#include "inside.h"
#include "ipopt.h"

struct wishes {
	struct shm_addr src; /* family IP_NONE or any: none */
	uint32_t ifindex;    /* 0: none */
	int ttl, tos;	     /* -1: none */
	int dontfrag;	     /* IPv6; -1: none */
	struct ip_options options; /* likewise as set for the socket */
	uint32_t gso;	     /* UDP_SEGMENT; as set for the socket otherwise */
	uint32_t mark, priority, tsflags; /* likewise */
};

/* The socket's own values; then what control (NULL: nothing) says of a datagram to
 * dst. Linux: udp_cmsg_send(), ip_cmsg_send(), ip6_datagram_send_ctl(). 0,
 * -EINVAL, -ENODEV, -EPERM. */
int wishes_read(const struct sock_env *e, const struct shm_sock *s,
	const struct msghdr *control, const struct shm_addr *dst, struct wishes *w);
/* Of a write on a stream: SO_TIMESTAMPING's flags, as set, or as control says. */
uint32_t wishes_stream_times(const struct sock_env *e, const struct shm_sock *s,
	const struct msghdr *control);
/* Of IPV6_PKTINFO as an option, for what goes to dst; 0 none. -ENETUNREACH. */
int wishes_sticky(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_addr *dst, uint32_t *ifindex);

#endif
