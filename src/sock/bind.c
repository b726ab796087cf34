/* bind(2) and listen(2): the checks in Linux's order (inet_bind(), inet6_bind(),
 * inet_listen()); the port table decides the rest.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "device.h"
#include "packet.h"
#include "timewait.h"

#define SOMAXCONN_LINUX 4096

/* Address of an AF_INET bind that this host cannot have. */
static int check_address(struct sock_env *e, const struct shm_sock *s,
	const struct shm_addr *a)
{
	enum sock_addr_kind kind = sock_addr_kind(e, a);
	struct ip_addr ip = sock_ip(a);

	if (kind == SOCK_ADDR_OTHER && !sock_has_opt(s, SHM_O_FREEBIND) &&
		!(s->kept.bits & SHM_K_TRANSPARENT)) {
		if (ip_addr_is_linklocal(&ip) && ip.family == IP_V6 &&
			ip.scope == 0)
			return -EINVAL; /* RFC 4007 6 */
		return -EADDRNOTAVAIL;
	}
	/* IPv6 knows no broadcast; Linux takes both for IPv4. */
	if (kind == SOCK_ADDR_MULTICAST && s->family == IP_V6 &&
		(sock_is_stream(s) ||
			(sock_addr_link_multicast(&ip) && ip.scope == 0)))
		return -EINVAL;
	return 0;
}

static bool needs_privilege(const struct sock_env *e, const struct shm_sock *s,
	uint16_t port)
{
	return port != 0 && !sock_is_echo(s) &&
		port < e->arena->hdr->privileged_ports &&
		!sock_may(e, SOCK_CAP(BIND_SERVICE));
}

/* Linux's CLOSE after a connection has given its port back: bind() takes another, but
 * the socket stays what it is. */
static bool is_over(const struct sock_env *e, const struct shm_sock *s)
{
	if (!sock_is_stream(s) ||
		(sock_flags(s) & (SHM_F_PORT_GIVEN | SHM_F_REBOUND)))
		return false;
	return sock_state(s) == SHM_SOCK_DEAD ||
		(sock_state(s) == SHM_SOCK_CONNECTED && sock_ended(e, s) &&
			!sock_is_ending(s));
}

/* What its connection leaves is left now. */
static void start_again(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	sock_tw_leave(e, i, s, false);
	sock_port_leave(e, i, s);
	s->remote = (struct shm_addr){ 0 };
	s->local.port = 0;
	atomic_set_bits(&s->flags, SHM_F_REBOUND);
	/* Pairs with sock_state(). */
	atomic_put_release(&s->state, SHM_SOCK_DEAD);
}

static int bind_locked(struct sock_env *e, uint32_t i, struct shm_sock *s,
	struct shm_addr *name)
{
	bool any = sock_addr_any(name);
	bool over = is_over(e, s);
	int r;

	if (!over && (sock_state(s) != SHM_SOCK_OPEN || s->local.port != 0 ||
			s->remote.family != IP_NONE))
		return -EINVAL;
	if (s->family == IP_V6) {
		device_from_scope(s, name, false);
		if (name->family == IP_V4 && sock_has_opt(s, SHM_O_V6ONLY))
			return -EINVAL;
		r = check_address(e, s, name);
		if (r < 0)
			return r;
	}
	if (over)
		start_again(e, i, s);
	if (!sock_is_stream(s)) {
		r = sock_dgram_queue(e, s);
		if (r < 0)
			return r;
	}
	if (name->port == 0 && sock_is_stream(s) &&
		sock_has_opt(s, SHM_O_BIND_NO_PORT)) {
		s->local = *name; /* connect() will choose */
	} else {
		r = sock_port_bind(e, i, s, name);
		if (r < 0)
			return r;
	}
	atomic_clear_bits(&s->flags, SHM_F_AUTOBOUND);
	if (name->port != 0)
		atomic_set_bits(&s->flags, SHM_F_PORT_GIVEN);
	if (!any)
		atomic_set_bits(&s->flags, SHM_F_ADDR_BOUND);
	if (!any && name->family == IP_V6) /* Linux: __inet6_bind() */
		s->opts.bits |= SHM_O_V6ONLY;
	return 0;
}

int sock_bind(struct sock_env *e, uint32_t i, const struct sockaddr *sa,
	socklen_t len)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_addr name;
	int r;

	if (!s)
		return -EBADF;
	if (sock_is_packet(s))
		return packet_bind(e, s, sa, len);
	if (sock_is_raw(s))
		return sock_raw_bind(e, s, sa, len);
	r = sock_name_parse(s, sa, len, &name);
	if (r < 0)
		return r;
	if (s->family == IP_V4) {
		r = check_address(e, s, &name);
		if (r < 0)
			return r;
	}
	if (needs_privilege(e, s, name.port))
		return -EACCES;
	if (!sock_lock(e, s))
		return -EAGAIN;
	r = bind_locked(e, i, s, &name);
	sock_unlock(e, s);
	return r;
}

static int listen_locked(struct sock_env *e, uint32_t i, struct shm_sock *s,
	int backlog)
{
	uint32_t state = sock_state(s);
	int r = 0;

	/* Linux reads it as unsigned: negative means the most. */
	s->backlog = (uint32_t)backlog > SOMAXCONN_LINUX ? SOMAXCONN_LINUX :
							    backlog;
	if (state == SHM_SOCK_LISTEN)
		return 0;
	if (state != SHM_SOCK_OPEN)
		return -EINVAL;
	if (!(sock_flags(s) & SHM_F_BOUND)) {
		struct shm_addr name = s->local;

		r = sock_port_bind(e, i, s, &name);
	}
	return r < 0 ? r : sock_port_listen(e, i, s);
}

int sock_listen(struct sock_env *e, uint32_t i, int backlog)
{
	struct shm_sock *s = sock_live(e, i);
	int r;

	if (!s)
		return -EBADF;
	if (!sock_is_stream(s))
		return -EOPNOTSUPP;
	if (!sock_lock(e, s))
		return -EAGAIN;
	r = listen_locked(e, i, s, backlog);
	sock_unlock(e, s);
	return r;
}
