/* SOCK_RAW (raw(7); Linux's raw_sendmsg(), rawv6_sendmsg(), raw_bind()). Such a
 * socket is a datagram socket without a port: it receives a copy of every packet of
 * its protocol, and what it sends goes out as a packet of that protocol. All of it
 * goes by way of the service's stack, also within the host.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "inside.h"

#include <netinet/icmp6.h>
#include <string.h>
#include <sys/uio.h>

#include "sock/service.h"

#define IP_HEADER 20
#define IP6_HEADER 40
#define ICMP6_CHECKSUM_AT 2 /* RFC 4443 2.1 */

bool sock_raw_allowed(const struct sock_env *e)
{
	return e->arena->hdr->raw_for_all || sock_may(e, SOCK_CAP(RAW));
}

int sock_raw_init(struct sock_env *e, uint32_t i, struct shm_sock *s)
{
	int r = sock_dgram_queue(e, s);

	if (r < 0)
		return r;
	if (s->protocol == IPPROTO_RAW)
		s->opts.bits |= SHM_O_HDRINCL;
	if (s->protocol == IPPROTO_ICMPV6 && s->family == IP_V6)
		s->opts.raw_checksum = ICMP6_CHECKSUM_AT + 1;
	return sock_port_enter_raw(e, i, s) ? 0 : -EAGAIN;
}

static int check_v6(const struct shm_addr *a)
{
	struct ip_addr ip = sock_ip(a);

	if (a->family == IP_V4)
		return -EADDRNOTAVAIL; /* mapped */
	return ip_addr_is_linklocal(&ip) && a->scope == 0 ? -EINVAL : 0;
}

int sock_raw_bind(struct sock_env *e, struct shm_sock *s,
	const struct sockaddr *sa, socklen_t len)
{
	enum sock_addr_kind kind;
	struct shm_addr name;
	int r = sock_name_parse(s, sa, len, &name);

	if (r < 0)
		return r == -EAFNOSUPPORT && s->family == IP_V6 ? -EINVAL : r;
	if (s->remote.family != IP_NONE)
		return -EINVAL;
	r = s->family == IP_V6 ? check_v6(&name) : 0;
	if (r < 0)
		return r;
	kind = sock_addr_kind(e, &name);
	if (kind == SOCK_ADDR_OTHER && !sock_has_opt(s, SHM_O_FREEBIND))
		return -EADDRNOTAVAIL;
	if (!sock_lock(e, s))
		return -EAGAIN;
	name.port = 0;
	s->local = name;
	if (kind == SOCK_ADDR_ANY)
		atomic_clear_bits(&s->flags, (uint32_t)SHM_F_ADDR_BOUND);
	else
		atomic_set_bits(&s->flags, SHM_F_ADDR_BOUND);
	sock_unlock(e, s);
	return 0;
}

/* The length that an IPv4 header claims to have: of its first byte. */
static size_t claimed(const struct iovec *iov, int n)
{
	for (int k = 0; k < n; k++) {
		if (iov[k].iov_len)
			return (*(const uint8_t *)iov[k].iov_base & 0xfu) * 4;
	}
	return 0;
}

int sock_raw_message(const struct shm_sock *s, const struct iovec *iov, int n,
	struct shm_msg *m)
{
	bool v4 = m->dst.family == IP_V4;

	if (sock_has_opt(s, SHM_O_HDRINCL)) {
		m->flags |= SHM_MSG_WHOLE;
		return m->optlen || m->len < (v4 ? IP_HEADER : IP6_HEADER) ||
				(v4 && claimed(iov, n) > m->len) ?
			-EINVAL :
			0;
	}
	if (!v4 && s->opts.raw_checksum && s->opts.raw_checksum + 1u > m->len)
		return -EINVAL; /* no room for it */
	return m->len > (v4 ? 65535u - IP_HEADER - m->optlen : 65535u) ? -EMSGSIZE : 0;
}

bool sock_raw_passes(const struct sock_env *e, uint32_t i, uint8_t icmp_type)
{
	const struct shm_sock *s = sock_at(e, i);

	if (!s || (s->family == IP_V4 && icmp_type >= 32))
		return true;
	return !(sock_once(&s->opts.icmp_filter[icmp_type / 32]) &
		1u << icmp_type % 32);
}
