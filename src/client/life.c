/* Making, naming, listening, shutting down: the record's part by sock/, the
 * stand-in's part by the kernel, in the order of docs/design/life.md.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>

#include <string.h>

#include "internal.h"
#include "look.h"
#include "user.h"
#include "netlink.h"
#include "shm/packet.h"
#include "sock/peek.h"

#define SWEEP_PAUSE_NS 10000000 /* 10 ms */
#define SWEEP_TRIES 20		/* then the table is really full */
#define TYPE_FLAGS (SOCK_NONBLOCK | SOCK_CLOEXEC)

/* Ours: IPv4 and IPv6, and packets. Everything else is the kernel's
 * business (AF_UNIX, AF_NETLINK ...). */
static bool domain_is_ours(int domain)
{
	return (domain == AF_INET || domain == AF_INET6 || domain == AF_PACKET) &&
		client_configured();
}

static int create(int domain, int type, int protocol, uint32_t *i)
{
	struct timespec pause = { 0, SWEEP_PAUSE_NS };
	int err = client_enter();

	if (err < 0)
		return err;
	err = sock_create(&cl.env, domain, type & ~TYPE_FLAGS, protocol, i);
	/* The records of closed sockets may not have been swept up yet. */
	for (int tries = 0; err == -ENFILE && tries < SWEEP_TRIES; tries++) {
		standin_wake_service();
		sys_call2(SYS_nanosleep, &pause, 0);
		err = sock_create(&cl.env, domain, type & ~TYPE_FLAGS, protocol, i);
	}
	return err;
}

/* What would show or change the machine's network behind the virtual host's back. */
static int refused(int domain, int protocol)
{
	if (!client_configured())
		return 0;
	if (domain != AF_NETLINK)
		return 0;
	switch (protocol) {
	case NETLINK_XFRM:
	case NETLINK_FIB_LOOKUP:
	case NETLINK_NETFILTER:
		return -EPROTONOSUPPORT;
	default:
		return 0;
	}
}

static bool has_no_port(const struct shm_sock *s)
{
	return s->type == SOCK_RAW || s->type == SHM_TYPE_PACKET;
}

int client_socket(int domain, int type, int protocol)
{
	struct shm_sock *s;
	uint32_t i;
	int err, fd;

	if (domain == AF_NETLINK && client_configured() &&
		(protocol == NETLINK_ROUTE || protocol == NETLINK_SOCK_DIAG))
		return netlink_socket(type, protocol);
	if (domain == AF_NETLINK && protocol == NETLINK_GENERIC && client_configured())
		return empty_network_socket(type);
	err = refused(domain, protocol);
	if (err < 0)
		return err;
	if (!domain_is_ours(domain)) {
		fd = (int)sys_call3(SYS_socket, domain, type, protocol);
		if (fd >= 0)
			client_fd_forget(fd);
		return fd;
	}
	CALL_GUARD();
	err = create(domain, type, protocol, &i);
	if (err < 0)
		return err;
	s = shm_sock_at(&cl.arena, i);
	fd = standin_open(s->type == SOCK_STREAM ? SOCK_STREAM : SOCK_DGRAM,
		type & TYPE_FLAGS);
	if (fd < 0) {
		sock_discard(&cl.env, i);
		return fd;
	}
	err = standin_record(fd, s);
	if (err == 0 && has_no_port(s)) /* it may receive from now on */
		err = standin_name(fd, s, i);
	if (err < 0) {
		sys_close(fd);
		sock_discard(&cl.env, i);
		return err;
	}
	if (type & SOCK_NONBLOCK)
		atomic_set_bits(&s->flags, SHM_F_NONBLOCK);
	fd_set_socket(fd, i, atomic_get_relaxed(&s->gen));
	return fd;
}

/* A datagram socket has a name for bells as soon as it has a port. */
static int name_datagram(const struct fd_ref *r)
{
	uint32_t flags = atomic_get_relaxed(&r->s->flags);

	if (r->s->type == SOCK_STREAM || !(flags & SHM_F_BOUND) ||
		(flags & SHM_F_STANDIN_NAMED))
		return 0;
	return standin_name(r->fd, r->s, r->i);
}

int client_bind(int fd, const struct sockaddr *sa, socklen_t len)
{
	struct fd_ref r;
	int err;

	if (fd_lookup(fd, &r, &err) != FD_SOCKET)
		return fd_is_netlink(fd) ? netlink_bind(fd, sa, len) :
			(int)sys_call3(SYS_bind, fd, sa, len);
	if (err < 0)
		return err;
	CALL_GUARD();
	if (!user_reads(sa, len, sizeof(struct sockaddr_storage)))
		return -EFAULT;
	err = sock_bind(&cl.env, r.i, sa, len);
	return err < 0 ? err : name_datagram(&r);
}

/* The kernel times a listener's accept() for us. */
static void native_timeout(const struct fd_ref *r)
{
	int64_t us = r->s->opts.rcvtimeo_us;
	struct timeval t = { us < 0 ? -1 : us / 1000000, us < 0 ? 0 : us % 1000000 };

	if (us != 0)
		sys_call5(SYS_setsockopt, r->fd, SOL_SOCKET, SO_RCVTIMEO, &t,
			sizeof(t));
}

/* A connection that is there or on its way, of which Linux says EINVAL. */
static bool may_listen(const struct fd_ref *r)
{
	uint32_t state = atomic_get_relaxed(&r->s->state);

	return state == SHM_SOCK_OPEN || state == SHM_SOCK_LISTEN;
}

static int listen_ours(struct fd_ref *r, int backlog)
{
	int err = 0;

	if (!may_listen(r) || connect_pending(r))
		return -EINVAL;
	if (atomic_get_relaxed(&r->s->state) == SHM_SOCK_OPEN &&
		standin_was_listener(r->s))
		err = standin_renew(r, 0);
	/* Named before others can find it in the port table. */
	if (err == 0)
		err = standin_name(r->fd, r->s, r->i);
	if (err < 0)
		return err;
	err = (int)sys_call2(SYS_listen, r->fd, backlog);
	if (err == -EINVAL) { /* it was joined to the service once */
		err = standin_renew(r, 0);
		if (err == 0)
			err = standin_name(r->fd, r->s, r->i);
		if (err == 0)
			err = (int)sys_call2(SYS_listen, r->fd, backlog);
	}
	if (err < 0)
		return err;
	native_timeout(r);
	epoll_socket_listens(r);
	return sock_listen(&cl.env, r->i, backlog);
}

int client_listen(int fd, int backlog)
{
	struct fd_ref r;
	int err;

	if (fd_lookup(fd, &r, &err) != FD_SOCKET)
		return (int)sys_call2(SYS_listen, fd, backlog);
	if (err < 0)
		return err;
	CALL_GUARD();
	if (r.s->type != SOCK_STREAM)
		return -EOPNOTSUPP;
	return listen_ours(&r, backlog);
}

/* A far end on this host that has closed counts from now on: its reset takes our
 * peer away and leaves an error, as it would on the wire. */
static void notice_far_end(const struct fd_ref *r)
{
	if (sock_peer_suspect(&cl.env, r->i))
		standin_ask(r);
}

/* Who was not accepted yet is reset, as on Linux: its stand-in's other end goes. A
 * queue that is shut still gives what lies in it, and then EINVAL. */
static void drop_waiting(int fd)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		struct timespec zero = { 0, 0 };
		long r;

		if (sys_call5(SYS_ppoll, &p, 1, &zero, 0, 0) != 1)
			return;
		r = sys_call4(SYS_accept4, fd, 0, 0, SOCK_CLOEXEC);
		if (r < 0)
			return;
		sys_close((int)r);
	}
}

/* Those of ours who sleep on a stream that was shut down, or on a set: no bell can reach them, but
 * an end of all bells can. Only if there are any: who comes later would have to go in
 * steps (wait.c). Pairs with the sleepers' word, fence, look: the fence is in
 * sock_notify(). */
static void wake_own_side(const struct fd_ref *r, int how)
{
	uint32_t asleep = atomic_get_relaxed(&r->s->tx_wait) & SHM_WAIT_SLEEPERS;

	if (how != SHUT_WR)
		asleep |= (atomic_get_relaxed(&r->s->rx_wait) & SHM_WAIT_SLEEPERS) |
			atomic_get_relaxed(&r->s->watch);
	if (asleep == 0)
		return;
	atomic_set_bits(&r->s->flags, SHM_F_STANDIN_RDSHUT);
	sys_call2(SYS_shutdown, r->fd, SHUT_RD);
}

int client_shutdown(int fd, int how)
{
	struct sock_effect fx = { 0 };
	struct fd_ref r;
	int err;

	if (fd_lookup(fd, &r, &err) != FD_SOCKET)
		return fd_is_netlink(fd) ? -EOPNOTSUPP :
			(int)sys_call2(SYS_shutdown, fd, how);
	if (err < 0)
		return err;
	CALL_GUARD();
	if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR)
		return r.s->type == SHM_TYPE_PACKET ? -EOPNOTSUPP : -EINVAL;
	if (connect_break_off(&r, &err))
		return err;
	if (atomic_get_relaxed(&r.s->state) == SHM_SOCK_LISTEN) {
		/* Linux: a listener that is shut for reading listens no more;
		 * its accept() gives EINVAL, connectors are refused. */
		if (how == SHUT_WR)
			return 0;
		sock_shutdown(&cl.env, r.i, how, &fx);
		epoll_listener_shut(&r);
		err = (int)sys_call2(SYS_shutdown, fd, SHUT_RD);
		drop_waiting(fd);
		return err;
	}
	notice_far_end(&r);
	err = sock_shutdown(&cl.env, r.i, how, &fx);
	/* Datagram sockets have a name: we wake our own sleepers by it. */
	if (r.s->type != SOCK_STREAM && ((atomic_get_relaxed(&r.s->rx_wait) |
		atomic_get_relaxed(&r.s->tx_wait)) & SHM_WAIT_SLEEPERS))
		fx.ring_to = r.i;
	standin_effects(&r, &fx);
	if (err == 0 && r.s->type == SOCK_STREAM)
		wake_own_side(&r, how);
	return err;
}

int client_getsockname(int fd, struct sockaddr *sa, socklen_t *len)
{
	struct fd_ref r;
	int err;

	if (fd_lookup(fd, &r, &err) != FD_SOCKET)
		return fd_is_netlink(fd) ? netlink_name(fd, sa, len) :
			(int)sys_call3(SYS_getsockname, fd, sa, len);
	if (err < 0)
		return err;
	CALL_GUARD();
	return user_takes_name(sa, len) ? sock_name(&cl.env, r.i, sa, len) :
		-EFAULT;
}

int client_getpeername(int fd, struct sockaddr *sa, socklen_t *len)
{
	struct fd_ref r;
	int err;

	if (fd_lookup(fd, &r, &err) != FD_SOCKET)
		return fd_is_netlink(fd) ? netlink_peer(fd, sa, len) :
			(int)sys_call3(SYS_getpeername, fd, sa, len);
	if (err < 0)
		return err;
	CALL_GUARD();
	notice_far_end(&r);
	return user_takes_name(sa, len) ? sock_peer(&cl.env, r.i, sa, len) :
		-EFAULT;
}

#define OPTION_READ 8400 /* bytes: the longest that is looked at, of MCAST_MSFILTER */

/* --- options -------------------------------------------------------------------- */

int client_setsockopt(int fd, int level, int name, const void *val, socklen_t len)
{
	static const int nothing;
	struct sock_effect fx = { 0 };
	struct fd_ref r;
	int err;

	if (fd_lookup(fd, &r, &err) != FD_SOCKET)
		return fd_is_netlink(fd) ? netlink_setopt(fd, level, name, val, len) :
			(int)sys_call5(SYS_setsockopt, fd, level, name, val, len);
	if (err < 0)
		return err;
	CALL_GUARD();
	if (!val && level == IPPROTO_IPV6 && (int)len >= (int)sizeof(int)) {
		val = &nothing; /* Linux: do_ipv6_setsockopt() */
		len = sizeof(nothing);
	}
	if ((int)len > 0 && !user_reads(val, len, OPTION_READ))
		return sock_option_unknown(&cl.env, r.i, level, name) ? -ENOPROTOOPT :
			-EFAULT;
	err = sock_setopt(&cl.env, r.i, level, name, val, len, &fx);
	standin_effects(&r, &fx);
	if (err == 0 && level == SOL_SOCKET &&
		(name == SO_RCVTIMEO || name == SO_RCVTIMEO_NEW) &&
		atomic_get_relaxed(&r.s->state) == SHM_SOCK_LISTEN)
		sys_call5(SYS_setsockopt, fd, level, name, val, len);
	return err;
}

#define OPTION_BYTES 512 /* the longest that we tell, of most */
#define OPTION_LONG 32768 /* of SO_GET_FILTER */

static bool is_filter(int level, int name)
{
	return level == SOL_SOCKET && name == SO_GET_FILTER;
}

/* By way of buf: how much it will be shows afterwards. */
static int get_by(const struct fd_ref *r, int level, int name, void *val,
	socklen_t *len, void *buf, size_t size)
{
	socklen_t room = (int)*len > (int)size ? (socklen_t)size : *len;
	size_t bytes;
	int err;

	/* Some begin with what is asked about. */
	if (size == OPTION_LONG && (int)room > 0 && !is_filter(level, name)) {
		if (!user_reads(val, room, size))
			return -EFAULT;
		memcpy(buf, val, room);
	}
	err = sock_getopt(&cl.env, r->i, level, name, buf, &room);
	if (err < 0)
		return err;
	bytes = room;
	if (is_filter(level, name)) /* in instructions; 0: how many? */
		bytes = *len ? room * sizeof(struct sock_filter) : 0;
	if (!user_writes(val, bytes, size))
		return -EFAULT;
	memcpy(val, buf, bytes);
	*len = room;
	return err;
}

static int get_short(const struct fd_ref *r, int level, int name, void *val,
	socklen_t *len)
{
	uint64_t buf[OPTION_BYTES / 8];

	return get_by(r, level, name, val, len, buf, sizeof(buf));
}

static int get_long(const struct fd_ref *r, int level, int name, void *val,
	socklen_t *len)
{
	uint64_t buf[OPTION_LONG / 8];

	return get_by(r, level, name, val, len, buf, sizeof(buf));
}

static bool is_long(int level, int name)
{
	return is_filter(level, name) ||
		(level == SOL_PACKET && name == PACKET_HDRLEN) ||
		(level == IPPROTO_IP && name == IP_MSFILTER) ||
		((level == IPPROTO_IP || level == IPPROTO_IPV6) &&
			name == MCAST_MSFILTER);
}

int client_getsockopt(int fd, int level, int name, void *val, socklen_t *len)
{
	struct fd_ref r;
	int err;

	if (fd_lookup(fd, &r, &err) != FD_SOCKET)
		return fd_is_netlink(fd) ? netlink_getopt(fd, level, name, val, len) :
			(int)sys_call5(SYS_getsockopt, fd, level, name, val, len);
	if (err < 0)
		return err;
	CALL_GUARD();
	if (!touch_write(len, sizeof(*len)))
		return -EFAULT;
	if (level == SOL_SOCKET && name == SO_COOKIE)
		return (int)sys_call5(SYS_getsockopt, fd, level, name, val, len);
	connect_pending(&r);
	notice_far_end(&r);
	tcpinfo_refresh(&r, level, name);
	return is_long(level, name) ? get_long(&r, level, name, val, len) :
				      get_short(&r, level, name, val, len);
}
