/* The table through which the original packetdrill (--so_filename) calls a stack
 * under test: what its binary interface demands, as its packetdrill.h documents it.
 * Each verb has the table's own `user` first; what follows, and the result, are the
 * POSIX call's of that name, with -1 and errno.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DRILL_TABLE_H
#define DRILL_TABLE_H

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

/* The order is the interface: never change it. */
struct drill_table {
	void *user;
	void (*free)(void *user);
	int (*socket)(void *user, int domain, int type, int protocol);
	int (*bind)(void *user, int fd, const struct sockaddr *sa, socklen_t len);
	int (*listen)(void *user, int fd, int backlog);
	int (*accept)(void *user, int fd, struct sockaddr *sa, socklen_t *len);
	int (*connect)(void *user, int fd, const struct sockaddr *sa, socklen_t len);
	ssize_t (*read)(void *user, int fd, void *buf, size_t n);
	ssize_t (*readv)(void *user, int fd, const struct iovec *iov, int n);
	ssize_t (*recv)(void *user, int fd, void *buf, size_t n, int flags);
	ssize_t (*recvfrom)(void *user, int fd, void *buf, size_t n, int flags,
		struct sockaddr *from, socklen_t *len);
	ssize_t (*recvmsg)(void *user, int fd, struct msghdr *m, int flags);
	ssize_t (*write)(void *user, int fd, const void *buf, size_t n);
	ssize_t (*writev)(void *user, int fd, const struct iovec *iov, int n);
	ssize_t (*send)(void *user, int fd, const void *buf, size_t n, int flags);
	ssize_t (*sendto)(void *user, int fd, const void *buf, size_t n, int flags,
		const struct sockaddr *to, socklen_t len);
	ssize_t (*sendmsg)(void *user, int fd, const struct msghdr *m, int flags);
	int (*fcntl)(void *user, int fd, int command, ...);
	int (*ioctl)(void *user, int fd, unsigned long request, ...);
	int (*close)(void *user, int fd);
	int (*shutdown)(void *user, int fd, int how);
	int (*getsockopt)(void *user, int fd, int level, int name, void *value,
		socklen_t *len);
	int (*setsockopt)(void *user, int fd, int level, int name,
		const void *value, socklen_t len);
	int (*poll)(void *user, struct pollfd *fds, nfds_t n, int timeout);
	/* An IP packet for the stack: 0. */
	int (*netdev_send)(void *user, const void *packet, size_t len);
	/* The next one that the stack sends, and when, in gettimeofday()'s µs; *len:
	 * room, then bytes; 0: none will come. */
	int (*netdev_receive)(void *user, void *packet, size_t *len, long long *us);
	int (*usleep)(void *user, useconds_t us);
	int (*gettimeofday)(void *user, struct timeval *tv, struct timezone *tz);
	int (*epoll_create)(void *user, int size);
	int (*epoll_ctl)(void *user, int epfd, int op, int fd, struct epoll_event *ev);
	int (*epoll_wait)(void *user, int epfd, struct epoll_event *ev, int max,
		int timeout);
	int (*pipe)(void *user, int fds[2]);
	ssize_t (*splice)(void *user, int in, off_t *in_at, int out, off_t *out_at,
		size_t n, unsigned flags);
};

#endif
