/* Sockets of NETLINK_ROUTE and NETLINK_SOCK_DIAG: the descriptor's calls (netlink(7));
 * rtnl.c and sockdiag.c have the answers.
 *
 * An answer that is too long to wait in a socket, a list of thousands of sockets say,
 * is made in pieces. Behind each but the last lies a datagram of our own, which says
 * where to go on; whoever comes to it while receiving makes the next piece. So what is
 * under way belongs to the socket, not to a process.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "netlink.h"

#include <linux/netlink.h>
#include <string.h>
#include <sys/un.h>

#include "netif.h"
#include "sockdiag.h"

#define REQUESTS_MAX 16384 /* bytes sent at once */
#define NAME_TRIES 4096
#define GROUPS_MAX 64 /* RTNLGRP_: any that a kernel may have */

#define MORE_TYPE 0xf /* NLMSG_MIN_TYPE - 1: nobody's */
#define MORE_FLAGS 0xe0e0

/* That datagram: with the request behind it, and the kernel's socket. */
struct more {
	struct nlmsghdr head;
	struct sockdiag_at at;
};

struct work {
	struct rtnl_out out;
	struct sockaddr_un self;
	socklen_t self_len;
	uint8_t req[REQUESTS_MAX];
};

int netlink_socket(int type, int protocol)
{
	int flags = type & (SOCK_NONBLOCK | SOCK_CLOEXEC), fd;
	int kind = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
	int err;

	if (kind != SOCK_RAW && kind != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	err = client_enter();
	if (err < 0)
		return err;
	fd = standin_open(SOCK_DGRAM, flags);
	if (fd >= 0)
		fd_set_netlink(fd, kind == SOCK_RAW, protocol == NETLINK_SOCK_DIAG);
	return fd;
}

/* --- names ------------------------------------------------------------------------ */

static socklen_t name_of(uint32_t pid, struct sockaddr_un *sa)
{
	size_t n = strnlen(cl.arena.hdr->prefix, SHM_PREFIX_MAX - 1);
	char digits[10], *p = sa->sun_path + 1 + n;
	int k = 0;

	memset(sa, 0, sizeof(*sa));
	sa->sun_family = AF_UNIX;
	memcpy(sa->sun_path + 1, cl.arena.hdr->prefix, n);
	memcpy(p, "/nl", 3);
	p += 3;
	do {
		digits[k++] = (char)('0' + pid % 10);
		pid /= 10;
	} while (pid > 0);
	while (k > 0)
		*p++ = digits[--k];
	return (socklen_t)(p - (char *)sa);
}

/* The netlink address that it is bound to; 0: none yet. *self is its name. */
static uint32_t bound_to(int fd, struct sockaddr_un *self, socklen_t *len)
{
	size_t n = strnlen(cl.arena.hdr->prefix, SHM_PREFIX_MAX - 1);
	uint32_t pid = 0;
	long r;

	*len = sizeof(*self);
	r = sys_call3(SYS_getsockname, fd, self, len);
	if (r < 0 || *len > sizeof(*self))
		return 0;
	for (size_t k = offsetof(struct sockaddr_un, sun_path) + 1 + n + 3;
		k < *len; k++)
		pid = pid * 10 + (uint32_t)(((char *)self)[k] - '0');
	return pid;
}

/* As the kernel chooses: the process's number, else one of the huge ones. */
static int bind_any(int fd)
{
	uint32_t pid = (uint32_t)sys_call0(SYS_getpid);
	struct sockaddr_un sa;
	socklen_t len;
	long r = -EADDRINUSE;

	for (int k = 0; k < NAME_TRIES && r == -EADDRINUSE; k++) {
		len = name_of(pid, &sa);
		r = sys_call3(SYS_bind, fd, &sa, len);
		pid = (uint32_t)-(4096 + k);
	}
	return (int)r;
}

static int parse(const struct sockaddr *sa, socklen_t len, struct sockaddr_nl *out)
{
	if (len < sizeof(*out))
		return -EINVAL;
	memcpy(out, sa, sizeof(*out));
	return out->nl_family == AF_NETLINK ? 0 : -EINVAL;
}

int netlink_bind(int fd, const struct sockaddr *sa, socklen_t len)
{
	struct sockaddr_nl nl;
	struct sockaddr_un self;
	socklen_t self_len;
	uint32_t now;
	int err;

	if (!sa)
		return -EFAULT;
	err = parse(sa, len, &nl);
	if (err < 0)
		return err;
	now = bound_to(fd, &self, &self_len);
	if (now)
		return nl.nl_pid == now ? 0 : -EINVAL;
	if (nl.nl_pid == 0)
		return bind_any(fd);
	self_len = name_of(nl.nl_pid, &self);
	return (int)sys_call3(SYS_bind, fd, &self, self_len);
}

/* Only the kernel is there to be connected to. */
int netlink_connect(int fd, const struct sockaddr *sa, socklen_t len)
{
	struct sockaddr_nl nl;
	struct sockaddr_un self;
	socklen_t self_len;
	int err;

	if (!sa)
		return -EFAULT;
	if (len < sizeof(sa->sa_family))
		return -EINVAL;
	if (sa->sa_family == AF_UNSPEC)
		return 0;
	err = parse(sa, len, &nl);
	if (err < 0)
		return err;
	if (nl.nl_pid != 0)
		return -EPERM;
	return bound_to(fd, &self, &self_len) ? 0 : bind_any(fd);
}

static void give(uint32_t pid, struct sockaddr *sa, socklen_t *len)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_pid = pid };

	memcpy(sa, &nl, *len < sizeof(nl) ? *len : sizeof(nl));
	*len = sizeof(nl);
}

int netlink_name(int fd, struct sockaddr *sa, socklen_t *len)
{
	struct sockaddr_un self;
	socklen_t self_len;

	if (!sa || !len)
		return -EFAULT;
	if ((int)*len < 0)
		return -EINVAL;
	give(bound_to(fd, &self, &self_len), sa, len);
	return 0;
}

int netlink_peer(int fd, struct sockaddr *sa, socklen_t *len)
{
	(void)fd;
	if (!sa || !len)
		return -EFAULT;
	if ((int)*len < 0)
		return -EINVAL;
	give(0, sa, len);
	return 0;
}

/* --- requests --------------------------------------------------------------------- */

static void flush(struct rtnl_out *o)
{
	struct work *w = (struct work *)(void *)o;

	/* Without room the reader finds a gap: as with the kernel's ENOBUFS it
	 * asks again. */
	if (o->used)
		sys_call6(SYS_sendto, o->fd, o->buf, o->used,
			MSG_DONTWAIT | MSG_NOSIGNAL, &w->self, w->self_len);
	o->used = 0;
}

static size_t gather(const struct msghdr *m, uint8_t *out, size_t size)
{
	size_t n = 0;

	for (size_t k = 0; k < m->msg_iovlen; k++) {
		size_t len = m->msg_iov[k].iov_len;

		if (len > size - n)
			return SIZE_MAX;
		if (len)
			memcpy(out + n, m->msg_iov[k].iov_base, len);
		n += len;
	}
	return n;
}

/* Behind what was told so far. */
static void send_more(struct work *w, const struct nlmsghdr *req, struct sockdiag_at at)
{
	struct more m = { .head = { .nlmsg_len = sizeof(m), .nlmsg_type = MORE_TYPE,
		.nlmsg_flags = MORE_FLAGS }, .at = at };
	struct iovec iov[2] = { { &m, sizeof(m) },
		{ (void *)(uintptr_t)req, req->nlmsg_len } };
	union {
		struct cmsghdr head;
		uint8_t room[CMSG_SPACE(sizeof(int))];
	} c = { .head = { .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS } };
	struct msghdr msg = { .msg_name = &w->self, .msg_namelen = w->self_len,
		.msg_iov = iov, .msg_iovlen = 2 };

	if (at.kernel) {
		memcpy(CMSG_DATA(&c.head), &at.kernel, sizeof(int));
		msg.msg_control = &c;
		msg.msg_controllen = sizeof(c);
	}
	flush(&w->out);
	sys_call3(SYS_sendmsg, w->out.fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (at.kernel)
		sys_close(at.kernel);
}

static void answer_one(struct work *w, const struct nlmsghdr *req, struct sockdiag_at at)
{
	if (!fd_is_diag_netlink(w->out.fd))
		rtnl_answer(&w->out, req);
	else if (sockdiag_answer(&w->out, req, &at))
		send_more(w, req, at);
}

static void answer_all(struct work *w, size_t n)
{
	size_t at = 0;

	while (n - at >= sizeof(struct nlmsghdr)) {
		const struct nlmsghdr *h = (const struct nlmsghdr *)(w->req + at);

		if (h->nlmsg_len < sizeof(*h) || h->nlmsg_len > n - at)
			break;
		answer_one(w, h, (struct sockdiag_at){ 0 });
		if (NLMSG_ALIGN(h->nlmsg_len) >= n - at)
			break;
		at += NLMSG_ALIGN(h->nlmsg_len);
	}
	flush(&w->out);
}

static ssize_t send_with(struct work *w, int fd, const struct msghdr *m)
{
	size_t n = gather(m, w->req, sizeof(w->req));
	int err = 0;

	if (n == SIZE_MAX)
		return -EMSGSIZE;
	w->out.pid = bound_to(fd, &w->self, &w->self_len);
	if (w->out.pid == 0) {
		err = bind_any(fd);
		w->out.pid = bound_to(fd, &w->self, &w->self_len);
	}
	if (err < 0)
		return err;
	w->out.fd = fd;
	w->out.flush = flush;
	answer_all(w, n);
	return (ssize_t)n;
}

ssize_t netlink_sendmsg(int fd, const struct msghdr *m, int flags)
{
	struct sockaddr_nl to = { 0 };
	struct work *w;
	ssize_t r;
	int err;

	if (!m)
		return -EFAULT;
	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (m->msg_name && m->msg_namelen) {
		err = parse(m->msg_name, m->msg_namelen, &to);
		if (err < 0)
			return err;
	}
	if (to.nl_groups)
		return -EPERM;
	if (to.nl_pid)
		return -ECONNREFUSED;
	w = sys_alloc(sizeof(*w));
	if (!w)
		return -ENOBUFS;
	r = send_with(w, fd, m);
	sys_free(w, sizeof(*w));
	return r;
}

ssize_t netlink_sendto(int fd, const void *buf, size_t n, int flags,
	const struct sockaddr *to, socklen_t tolen)
{
	struct iovec iov = { (void *)(uintptr_t)buf, n };
	struct msghdr m = { .msg_name = (void *)(uintptr_t)to,
		.msg_namelen = tolen, .msg_iov = &iov, .msg_iovlen = 1 };

	return netlink_sendmsg(fd, &m, flags);
}

/* --- answers ---------------------------------------------------------------------- */

/* Take that datagram out. False: it is another, or gone. */
static bool take_more(struct work *w, int fd, struct more *m)
{
	struct iovec iov[2] = { { m, sizeof(*m) }, { w->req, sizeof(w->req) } };
	union {
		struct cmsghdr head;
		uint8_t room[CMSG_SPACE(sizeof(int))];
	} c;
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2, .msg_control = &c,
		.msg_controllen = sizeof(c) };
	const struct nlmsghdr *req = (const struct nlmsghdr *)(const void *)w->req;
	long n = sys_call3(SYS_recvmsg, fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < (long)(sizeof(*m) + sizeof(*req)) ||
		req->nlmsg_len > (size_t)n - sizeof(*m))
		return false;
	m->at.kernel = 0;
	if (msg.msg_controllen >= CMSG_LEN(sizeof(int)))
		memcpy(&m->at.kernel, CMSG_DATA(&c.head), sizeof(int));
	return true;
}

/* Before anything is received: what is next to be told is told. -errno: nothing is. */
static int go_on(int fd, int flags)
{
	struct more m;
	struct work *w;
	long n;

	while (fd_is_diag_netlink(fd)) {
		n = sys_call6(SYS_recvfrom, fd, &m, sizeof(m),
			MSG_PEEK | (flags & MSG_DONTWAIT), 0, 0);
		if (n < (long)sizeof(m) || m.head.nlmsg_type != MORE_TYPE ||
			m.head.nlmsg_flags != MORE_FLAGS)
			return n < 0 ? (int)n : 0;
		w = sys_alloc(sizeof(*w));
		if (!w)
			return -ENOBUFS;
		w->out.fd = fd;
		w->out.flush = flush;
		w->out.pid = bound_to(fd, &w->self, &w->self_len);
		if (take_more(w, fd, &m))
			answer_one(w, (const struct nlmsghdr *)(const void *)w->req, m.at);
		flush(&w->out);
		sys_free(w, sizeof(*w));
	}
	return 0;
}

ssize_t netlink_recvmsg(int fd, struct msghdr *m, int flags)
{
	struct msghdr native;
	ssize_t r;

	if (!m)
		return -EFAULT;
	r = go_on(fd, flags);
	if (r < 0)
		return r;
	native = *m;
	native.msg_name = NULL;
	native.msg_namelen = 0;
	r = sys_call3(SYS_recvmsg, fd, &native, flags);
	if (r < 0)
		return r;
	m->msg_flags = native.msg_flags;
	m->msg_controllen = native.msg_controllen;
	if (m->msg_name)
		give(0, m->msg_name, &m->msg_namelen);
	return r;
}

ssize_t netlink_read(int fd, void *buf, size_t n)
{
	ssize_t r = go_on(fd, 0);

	return r < 0 ? r : sys_call3(SYS_read, fd, buf, n);
}

ssize_t netlink_recvfrom(int fd, void *buf, size_t n, int flags,
	struct sockaddr *from, socklen_t *fromlen)
{
	ssize_t r = go_on(fd, flags);

	if (r == 0)
		r = sys_call6(SYS_recvfrom, fd, buf, n, flags, 0, 0);
	if (r >= 0 && from && fromlen)
		give(0, from, fromlen);
	return r;
}

/* --- options ---------------------------------------------------------------------- */

/* The groups that tell of changes may be joined: there are no changes. What would
 * shape the answers otherwise does not exist. */
int netlink_setopt(int fd, int level, int name, const void *val, socklen_t len)
{
	uint32_t group;

	if (level == SOL_SOCKET)
		return (int)sys_call5(SYS_setsockopt, fd, level, name, val, len);
	if (level != SOL_NETLINK || (name != NETLINK_ADD_MEMBERSHIP &&
					    name != NETLINK_DROP_MEMBERSHIP))
		return -ENOPROTOOPT;
	if (len < sizeof(group))
		return -EINVAL;
	if (!val)
		return -EFAULT;
	memcpy(&group, val, sizeof(group));
	return group == 0 || group > GROUPS_MAX ? -EINVAL : 0;
}

int netlink_getopt(int fd, int level, int name, void *val, socklen_t *len)
{
	int v;

	if (!val || !len)
		return -EFAULT;
	if (level == SOL_SOCKET && name == SO_DOMAIN)
		v = AF_NETLINK;
	else if (level == SOL_SOCKET && name == SO_TYPE)
		v = fd_is_raw_netlink(fd) ? SOCK_RAW : SOCK_DGRAM;
	else if (level == SOL_SOCKET && name == SO_PROTOCOL)
		v = fd_is_diag_netlink(fd) ? NETLINK_SOCK_DIAG : NETLINK_ROUTE;
	else if (level == SOL_SOCKET)
		return (int)sys_call5(SYS_getsockopt, fd, level, name, val, len);
	else
		return -ENOPROTOOPT;
	if (*len > sizeof(v))
		*len = sizeof(v);
	memcpy(val, &v, *len);
	return 0;
}
