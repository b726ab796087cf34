/* NETLINK_SOCK_DIAG's requests, by family. Those about others than the internet's
 * sockets and packet sockets, AF_UNIX's above all, the kernel answers itself.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/sock_diag.h>
#include <netinet/in.h>

#include "sock/caps.h"
#include "sockdiag.h"

#define KERNEL_PIECES 8 /* datagrams of the kernel's at a time */

/* --- requests about the internet's ------------------------------------------------- */

static int parse_code(const struct nlmsghdr *n, size_t fixed, struct sockdiag_want *w)
{
	const struct rtattr *a = rtnl_find(n, fixed, INET_DIAG_REQ_BYTECODE);
	const struct rtattr *p = rtnl_find(n, fixed, INET_DIAG_REQ_PROTOCOL);

	if (p && RTA_PAYLOAD(p) == sizeof(w->protocol))
		memcpy(&w->protocol, RTA_DATA(p), sizeof(w->protocol));
	if (!a || !(n->nlmsg_flags & NLM_F_DUMP))
		return 0;
	w->code = RTA_DATA(a);
	w->code_len = RTA_PAYLOAD(a);
	return sockdiag_code_audit(w->code, w->code_len, w->admin);
}

static int parse_new(const struct nlmsghdr *n, struct sockdiag_want *w)
{
	struct inet_diag_req_v2 r;

	if (n->nlmsg_len < NLMSG_LENGTH(sizeof(r)))
		return -EINVAL;
	memcpy(&r, NLMSG_DATA(n), sizeof(r));
	*w = (struct sockdiag_want){ .type = n->nlmsg_type, .family = r.sdiag_family,
		.protocol = r.sdiag_protocol, .ext = r.idiag_ext, .raw_protocol = r.pad,
		.states = r.idiag_states, .id = r.id, .admin = w->admin, .silent = w->silent };
	return parse_code(n, sizeof(r), w);
}

/* TCPDIAG_GETSOCK: before there were other families. */
static int parse_old(const struct nlmsghdr *n, struct sockdiag_want *w)
{
	struct inet_diag_req r;

	if (n->nlmsg_len < NLMSG_LENGTH(sizeof(r)))
		return -EINVAL;
	memcpy(&r, NLMSG_DATA(n), sizeof(r));
	*w = (struct sockdiag_want){ .type = n->nlmsg_type, .family = r.idiag_family,
		.protocol = IPPROTO_TCP, .ext = r.idiag_ext, .states = r.idiag_states,
		.id = r.id, .admin = w->admin, .silent = w->silent };
	return parse_code(n, sizeof(r), w);
}

/* An error, or 1: answered; *more: as sockdiag_answer(). */
static int inet(struct rtnl_out *o, const struct nlmsghdr *n, struct sockdiag_at *at,
	bool *more)
{
	bool silent = false;
	struct sockdiag_want w = { .admin = sock_may(&cl.env, SOCK_CAP(ADMIN)),
		.silent = &silent };
	int err = n->nlmsg_type == TCPDIAG_GETSOCK ? parse_old(n, &w) : parse_new(n, &w);

	if (err < 0)
		return err;
	if (n->nlmsg_type == SOCK_DESTROY)
		return -EOPNOTSUPP;
	if (!(n->nlmsg_flags & NLM_F_DUMP))
		return sockdiag_inet_knows(w.protocol) ? sockdiag_inet_one(o, &w) : -ENOENT;
	if (sockdiag_inet_knows(w.protocol)) {
		*more = sockdiag_inet_dump(o, &w, at);
		return 1;
	}
	o->flags = NLM_F_MULTI;
	rtnl_done(o, true, -ENOENT); /* Linux: a list that ends badly */
	return 1;
}

/* --- the kernel's ----------------------------------------------------------------------- */

/* Is a datagram of the kernel's the last? What it says is for us; we say it again. */
static bool forward(struct rtnl_out *o, struct nlmsghdr *first, long len)
{
	struct nlmsghdr *n = first;
	bool last = true;

	for (long left = len; NLMSG_OK(n, left); n = NLMSG_NEXT(n, left)) {
		n->nlmsg_pid = o->pid;
		last = n->nlmsg_type == NLMSG_DONE || n->nlmsg_type == NLMSG_ERROR ||
			!(n->nlmsg_flags & NLM_F_MULTI);
	}
	memcpy(o->buf, first, (size_t)len);
	o->used = (size_t)len;
	o->flush(o);
	return last;
}

/* True: there is more. */
static bool relay(struct rtnl_out *o, int fd)
{
	union {
		struct nlmsghdr head;
		uint8_t bytes[sizeof(o->buf)];
	} b;

	for (unsigned k = 0; k < KERNEL_PIECES; k++) {
		long n;

		do {
			n = sys_call6(SYS_recvfrom, fd, &b, sizeof(b), MSG_DONTWAIT, 0, 0);
		} while (n == -EINTR);
		if (n <= 0 || forward(o, &b.head, n))
			return false;
	}
	return true;
}

static int ask_kernel(struct rtnl_out *o, const struct nlmsghdr *n, struct sockdiag_at *at,
	bool *more)
{
	long fd = at->kernel, r = 0;

	o->flush(o);
	if (fd == 0) {
		fd = sys_call3(SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			NETLINK_SOCK_DIAG);
		if (fd < 0)
			return (int)fd;
		r = sys_call6(SYS_sendto, fd, n, n->nlmsg_len, 0, 0, 0);
	}
	*more = r >= 0 && relay(o, (int)fd);
	if (*more)
		at->kernel = (int32_t)fd;
	else
		sys_close((int)fd);
	return r < 0 ? (int)r : 1;
}

/* --- by family ---------------------------------------------------------------------------- */

/* 0, or -errno, is told; 1: all is said. */
static int answer(struct rtnl_out *o, const struct nlmsghdr *n, struct sockdiag_at *at,
	bool *more)
{
	struct sock_diag_req r;

	if (n->nlmsg_type == TCPDIAG_GETSOCK)
		return inet(o, n, at, more);
	if ((n->nlmsg_type != SOCK_DIAG_BY_FAMILY && n->nlmsg_type != SOCK_DESTROY) ||
		n->nlmsg_len < NLMSG_LENGTH(sizeof(r)))
		return -EINVAL;
	memcpy(&r, NLMSG_DATA(n), sizeof(r));
	switch (r.sdiag_family) {
	case AF_INET:
	case AF_INET6:
		return inet(o, n, at, more);
	case AF_PACKET:
		return sockdiag_packet(o, n, at, more);
	default:
		return ask_kernel(o, n, at, more);
	}
}

bool sockdiag_answer(struct rtnl_out *o, const struct nlmsghdr *n, struct sockdiag_at *at)
{
	bool more = false;
	int r = 0;

	o->seq = n->nlmsg_seq;
	if (!(n->nlmsg_flags & NLM_F_REQUEST))
		return false;
	if (n->nlmsg_type >= NLMSG_MIN_TYPE)
		r = answer(o, n, at, &more);
	if (r != 1 || !(n->nlmsg_flags & NLM_F_DUMP))
		rtnl_result(o, n, r);
	return more;
}
