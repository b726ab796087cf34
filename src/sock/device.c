/* Sockets on one interface (SO_BINDTODEVICE): what a stream to one of the host's own
 * addresses meets, and interfaces that come with an address.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "device.h"

/* Linux: ip_route_output_key(), ip6_route_output(): table local has the routes to own
 * addresses, each on the interface that has the address, and that is how it is seen
 * (inet_iif()). IPv4 carries by lo whatever is told to leave by it. */
int device_way_home(const struct sock_env *e, const struct shm_addr *to,
	enum sock_addr_kind kind, uint32_t oif, uint32_t *arrival)
{
	uint32_t device = sock_addr_ifindex(e, to);

	*arrival = device;
	if (kind != SOCK_ADDR_OWN && kind != SOCK_ADDR_LOOPBACK)
		return 0;
	if (oif == 0 || oif == device)
		return 1;
	if (to->family == IP_V6)
		return -ENETUNREACH;
	*arrival = SOCK_LO_INDEX;
	return oif == SOCK_LO_INDEX;
}

/* RFC 4007 6; Linux: tcp_v6_connect(), inet6_bind(). */
int device_from_scope(struct shm_sock *s, struct shm_addr *a, bool connect)
{
	uint32_t device = sock_once(&s->opts.bound_if);
	struct ip_addr ip = sock_ip(a);

	if (ip.family != IP_V6 || !ip_addr_is_linklocal(&ip))
		return 0;
	if (a->scope == 0)
		a->scope = device;
	if (connect && a->scope == 0)
		return -EINVAL;
	if (connect && device && device != a->scope)
		return -EINVAL;
	if (a->scope)
		atomic_word_put(&s->opts.bound_if, a->scope);
	return 0;
}

/* Linux: __ip6_datagram_connect(): who is connected to an address of one link is on its
 * interface, even if there turns out to be no way. */
int device_from_peer(struct shm_sock *s, struct shm_addr *to)
{
	uint32_t device = sock_once(&s->opts.bound_if);
	struct ip_addr ip = sock_ip(to);

	if (ip.family != IP_V6 ||
		(!ip_addr_is_linklocal(&ip) && !sock_addr_link_multicast(&ip)))
		return 0;
	if (to->scope && device && device != to->scope)
		return -EINVAL;
	if (to->scope)
		device = to->scope;
	else if (device == 0 && ip_addr_is_multicast(&ip))
		device = sock_once(&s->opts.multicast_if6);
	if (device == 0)
		return -EINVAL;
	atomic_word_put(&s->opts.bound_if, device);
	to->scope = device;
	return 0;
}

/* Who is bound to an interface does not hear an answer that comes by another: on Linux
 * its SYNs are in vain. ls: NULL, nobody listens. */
bool device_hears_answer(const struct sock_env *e, const struct shm_addr *local,
	const struct shm_sock *ls, uint32_t device)
{
	uint32_t by = ls ? sock_once(&ls->opts.bound_if) : 0, arrival;

	return device == 0 || (device_way_home(e, local, sock_addr_kind(e, local), by,
			&arrival) == 1 && arrival == device);
}
