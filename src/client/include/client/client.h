/* A program's side of enchufe: the calls of the Berkeley interface (and those on
 * descriptors in general) as the shim and the embedding library use them.
 *
 * Every function takes the arguments of the libc function whose name it carries
 * and returns >= 0 or -errno; errno is never touched. A descriptor that is not
 * ours goes to the kernel. They block where the libc function does, and answer
 * -EINTR where the kernel would. No malloc, no lock of libc's, callable before
 * constructors have run and from signal handlers that do not interrupt a call
 * on the same socket.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

/* --- joining (attach.c) --------------------------------------------------- */

/* Take a copy of ENCHUFE_SOCKET, ENCHUFE_HOST and the spin budget from the
 * environment: at the program's start, before it may change them. */
void client_init(char *const *envp);
/* Is a host configured at all? If not, everything goes to the kernel. */
bool client_configured(void);
/* Join now, without a word if it cannot be: before the program gives up what that
 * needs. */
void client_join_early(void);
/* Of address space, what our memory takes in a joined program; 0: it is not joined. */
uint64_t client_arena_bytes(void);
/* In a fork's child, early: a child that has inherited epoll sets registers at
 * once, others at their first call. */
void client_forked(void);
/* Before a fork (or over_exec: before an exec, which only some descriptors
 * survive): other processes will have our sockets and sets too. */
void client_sharing(bool over_exec);
/* The two variables as "NAME=value" strings, NULL when not configured: for the
 * environment of programs that this one executes. */
const char *client_env_socket(void);
const char *client_env_host(void);
/* The virtual host's own file in place of this one in /etc (hosts, resolv.conf,
 * nsswitch.conf, hostname); the name of the host when the network has given it one
 * of its own. NULL none (or not joined). Join if needed. */
const char *client_etc_file(const char *path);
/* Has the host addresses of these families, beside loopback's? */
void client_families(bool *v4, bool *v6);
const char *client_host_name(void);

/* --- seccomp (confine.c) ---------------------------------------------------- */

struct sock_fprog;

/* Before limits that would hinder it: register, and look at all descriptors. */
void client_settle(void);
/* Before a filter comes over the process (NULL: strict mode). True: from now on we
 * make do with the fewest calls, and client_unconfine() undoes it if the filter was
 * not taken. */
bool client_confine(const struct sock_fprog *filter);
void client_unconfine(void);
bool client_is_confined(void);

/* A descriptor with what a file of /proc/net has on this host (procnet.c); -ENOENT:
 * it is none of those that we know to make. */
int client_proc_net(const char *path, int flags);
/* The same of /proc/sys/net (procsys.c); and is it one that may not be written? */
int client_proc_sys(const char *path, int flags);
bool client_proc_sys_refused(const char *path);

/* --- descriptors (fdtable.c, fd.c) ----------------------------------------- */

bool client_fd_is_socket(int fd);
/* A call that we do not handle made or replaced this number: look afresh. */
void client_fd_forget(int fd);
/* This number was just made by open() and the like: surely the kernel's. */
void client_fd_kernel(int fd);

int client_close(int fd);
int client_close_range(unsigned first, unsigned last, unsigned flags);
int client_dup(int fd);
int client_dup2(int from, int to);
int client_dup3(int from, int to, int flags);
long client_fcntl(int fd, int cmd, unsigned long arg);
long client_ioctl(int fd, unsigned long request, unsigned long arg);

/* --- sockets (life.c, connect.c, accept.c, option.c) ------------------------ */

int client_socket(int domain, int type, int protocol);
int client_bind(int fd, const struct sockaddr *sa, socklen_t len);
int client_listen(int fd, int backlog);
int client_accept4(int fd, struct sockaddr *sa, socklen_t *len, int flags);
int client_connect(int fd, const struct sockaddr *sa, socklen_t len);
int client_shutdown(int fd, int how);
int client_getsockname(int fd, struct sockaddr *sa, socklen_t *len);
int client_getpeername(int fd, struct sockaddr *sa, socklen_t *len);
int client_getsockopt(int fd, int level, int name, void *val, socklen_t *len);
int client_setsockopt(int fd, int level, int name, const void *val,
	socklen_t len);

/* --- data (data.c, message.c, positional.c, sendfile.c, splice.c) ------------ */

ssize_t client_read(int fd, void *buf, size_t n);
ssize_t client_write(int fd, const void *buf, size_t n);
ssize_t client_readv(int fd, const struct iovec *iov, int n);
ssize_t client_writev(int fd, const struct iovec *iov, int n);
/* Positions other than -1 are the kernel's ESPIPE. */
ssize_t client_preadv2(int fd, const struct iovec *iov, int n, off_t at, int flags);
ssize_t client_pwritev2(int fd, const struct iovec *iov, int n, off_t at, int flags);
ssize_t client_recvfrom(int fd, void *buf, size_t n, int flags,
	struct sockaddr *from, socklen_t *fromlen);
ssize_t client_sendto(int fd, const void *buf, size_t n, int flags,
	const struct sockaddr *to, socklen_t tolen);
ssize_t client_recvmsg(int fd, struct msghdr *m, int flags);
ssize_t client_sendmsg(int fd, const struct msghdr *m, int flags);
int client_recvmmsg(int fd, struct mmsghdr *v, unsigned n, int flags,
	struct timespec *timeout);
int client_sendmmsg(int fd, struct mmsghdr *v, unsigned n, int flags);
ssize_t client_sendfile(int out, int in, off_t *offset, size_t n);
ssize_t client_splice(int in, off_t *in_off, int out, off_t *out_off, size_t n,
	unsigned flags);

/* --- mappings (mapping.c) ------------------------------------------------------ */

/* mmap()'s arguments. */
struct client_mmap {
	void *addr;
	size_t len;
	int prot, flags, fd;
	uint64_t offset;
};
/* The kernel has said `failed`, because it is no file: a packet socket's ring? */
long client_mmap(const struct client_mmap *m, long failed);
/* These addresses are mapped no more. */
void client_unmapped(const void *addr, size_t len);

/* --- many descriptors (poll.c, select.c, epoll.c) ---------------------------- */

/* timeout: NULL for ever. mask: NULL unchanged. */
int client_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
	const sigset_t *mask);
/* As the kernel's: *timeout is lessened by the time waited. */
int client_pselect(int n, fd_set *r, fd_set *w, fd_set *x,
	struct timespec *timeout, const sigset_t *mask);
int client_epoll_create1(int flags);
int client_epoll_ctl(int epfd, int op, int fd, struct epoll_event *ev);
int client_epoll_wait(int epfd, struct epoll_event *ev, int max,
	const struct timespec *timeout, const sigset_t *mask);

#endif
