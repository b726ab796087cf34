/* Inside the client: sockets of NETLINK_ROUTE and NETLINK_SOCK_DIAG. Each is a kernel
 * AF_UNIX datagram socket that sends the answers to itself, so that the kernel does the
 * rest: waiting, poll, epoll, dup, fork. Its abstract name says its netlink address:
 *
 *	\0PREFIX/nlPID
 *
 * Each function takes a descriptor for which fd_is_netlink() holds.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_NETLINK_H
#define CLIENT_NETLINK_H

#include "internal.h"

/* fdtable.c: for all else such a number is the kernel's. */
void fd_set_netlink(int fd, bool raw, bool diag);
bool fd_is_netlink(int fd);
bool fd_is_raw_netlink(int fd);
bool fd_is_diag_netlink(int fd);

int netlink_socket(int type, int protocol);
int netlink_bind(int fd, const struct sockaddr *sa, socklen_t len);
int netlink_connect(int fd, const struct sockaddr *sa, socklen_t len);
int netlink_name(int fd, struct sockaddr *sa, socklen_t *len);
int netlink_peer(int fd, struct sockaddr *sa, socklen_t *len);
ssize_t netlink_sendmsg(int fd, const struct msghdr *m, int flags);
ssize_t netlink_recvmsg(int fd, struct msghdr *m, int flags);
ssize_t netlink_sendto(int fd, const void *buf, size_t n, int flags,
	const struct sockaddr *to, socklen_t tolen);
ssize_t netlink_read(int fd, void *buf, size_t n);
ssize_t netlink_recvfrom(int fd, void *buf, size_t n, int flags,
	struct sockaddr *from, socklen_t *fromlen);
int netlink_setopt(int fd, int level, int name, const void *val, socklen_t len);
int netlink_getopt(int fd, int level, int name, void *val, socklen_t *len);

#endif
