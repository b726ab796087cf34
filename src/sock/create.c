/* socket(2): which combinations exist, and a fresh record's defaults.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "packet.h"
#include "sock/congestion.h"

#include <string.h>

#define LINUX_SOCK_MAX 11      /* types are below it */
#define LINUX_IPPROTO_MAX 263  /* with MPTCP; protocols are below it */

/* What Linux calls inetsw, less what we do not offer. */
static const struct {
	uint8_t domain, type;
	uint16_t protocol; /* the first of a type is its default */
} kinds[] = {
	{ AF_INET, SOCK_STREAM, IPPROTO_TCP },
	{ AF_INET, SOCK_DGRAM, IPPROTO_UDP },
	{ AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE },
	{ AF_INET, SOCK_DGRAM, IPPROTO_ICMP },
	{ AF_INET6, SOCK_STREAM, IPPROTO_TCP },
	{ AF_INET6, SOCK_DGRAM, IPPROTO_UDP },
	{ AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE },
	{ AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6 },
};

static int choose_protocol(int domain, int type, int protocol)
{
	if (type == SOCK_RAW) /* any, but none is its default */
		return protocol ? protocol : -EPROTONOSUPPORT;
	for (unsigned k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		if (kinds[k].domain == domain && kinds[k].type == type &&
			(protocol == 0 || kinds[k].protocol == protocol))
			return kinds[k].protocol;
	}
	return -EPROTONOSUPPORT;
}

bool sock_may(const struct sock_env *e, uint64_t caps)
{
	return e->caps ? e->caps(e->user) & caps : e->privileged;
}

static void set_defaults(const struct shm_header *h, struct shm_sock *s)
{
	struct shm_opts *o = &s->opts;
	bool stream = s->type == SOCK_STREAM;
	const char *cc = sock_congestion_name(sock_once(&h->sysctl.tcp_congestion));

	o->rcvbuf = stream ? h->sysctl.tcp_rmem_default : h->rcvbuf_default;
	o->sndbuf = stream ? h->sysctl.tcp_wmem_default : h->sndbuf_default;
	o->rcvlowat = 1;
	o->linger_s = -1;
	o->keep_idle = h->sysctl.tcp_keepalive_time;
	o->keep_intvl = h->sysctl.tcp_keepalive_intvl;
	o->keep_cnt = h->sysctl.tcp_keepalive_probes;
	o->linger2_s = h->sysctl.tcp_fin_timeout;
	o->syncnt = h->sysctl.tcp_syn_retries;
	o->hops = -1;
	o->multicast_ttl = o->multicast_hops = 1; /* RFC 1112 6.1, RFC 3493 5.2 */
	o->peek_off = -1;
	o->mtu_discover = o->mtu_discover6 = 1; /* IP_PMTUDISC_WANT */
	/* Linux: inet6_create() leaves IP_MULTICAST_ALL off. */
	if (s->family == IP_V6)
		o->ip_bits = SHM_IP_NO_MC_ALL;
	o->bits = SHM_O_QUICKACK; /* Linux reports 1 outside interactive mode */
	if (sock_is_raw(s) || sock_is_echo(s))
		o->bits |= SHM_O_REUSEADDR; /* Linux: INET_PROTOSW_REUSE */
	strncpy(o->congestion, cc ? cc : sock_congestion_name(0),
		sizeof(o->congestion) - 1);
}

static uint32_t take_record(struct sock_env *e, uint8_t family, uint8_t type,
	uint16_t protocol)
{
	uint32_t i = shm_sock_take(e->arena);
	struct shm_sock *s = sock_at(e, i);

	if (!s)
		return 0;
	s->family = family;
	s->type = type;
	s->protocol = protocol;
	s->owner_slot = e->arena->self_slot;
	s->owner_gen = e->arena->self_gen;
	s->local.family = s->family;
	set_defaults(e->arena->hdr, s);
	sock_kept_init(s);
	/* Pairs with the acquire in sock_live(). */
	atomic_put_release(&s->state, SHM_SOCK_OPEN);
	return i;
}

/* packet(7). Linux: packet_create(). */
static int create_packet(struct sock_env *e, int type, int protocol, uint32_t *out)
{
	uint32_t i;
	int r;

	if (type < 0 || type >= LINUX_SOCK_MAX)
		return -EINVAL;
	if (!sock_raw_allowed(e))
		return -EPERM;
	if (type != SOCK_DGRAM && type != SOCK_RAW) /* SOCK_PACKET is of the past */
		return -ESOCKTNOSUPPORT;
	i = take_record(e, SHM_FAMILY_PACKET, SHM_TYPE_PACKET, 0);
	if (i == 0)
		return -ENFILE;
	r = packet_init(e, i, sock_at(e, i), type == SOCK_DGRAM,
		ntohs((uint16_t)protocol));
	if (r < 0)
		sock_discard(e, i);
	*out = i;
	return r;
}

int sock_create(struct sock_env *e, int domain, int type, int protocol,
	uint32_t *out)
{
	struct shm_sock *s;
	uint32_t i;
	int p;

	if (domain == AF_PACKET)
		return create_packet(e, type, protocol, out);
	if (domain != AF_INET && domain != AF_INET6)
		return -EAFNOSUPPORT;
	if (type < 0 || type >= LINUX_SOCK_MAX || protocol < 0 ||
		protocol >= LINUX_IPPROTO_MAX)
		return -EINVAL;
	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_RAW)
		return -ESOCKTNOSUPPORT;
	p = choose_protocol(domain, type, protocol);
	if (p < 0)
		return p;
	if (type == SOCK_RAW && !sock_raw_allowed(e))
		return -EPERM;
	i = take_record(e, domain == AF_INET ? IP_V4 : IP_V6, (uint8_t)type,
		(uint16_t)p);
	s = sock_at(e, i);
	if (!s)
		return -ENFILE;
	*out = i;
	if (type != SOCK_RAW)
		return 0;
	p = sock_raw_init(e, i, s);
	if (p < 0)
		sock_discard(e, i);
	return p;
}

void sock_discard(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);

	if (!s)
		return;
	sock_port_leave(e, i, s);
	packet_fini(e, s);
	sock_free_fifos(e, s);
	shm_sock_free(e->arena, i);
}

const char *sock_state_name(uint32_t state)
{
	static const char *const names[] = {
		[SHM_SOCK_FREE] = "free",
		[SHM_SOCK_OPEN] = "open",
		[SHM_SOCK_LISTEN] = "listen",
		[SHM_SOCK_CONNECTING] = "connecting",
		[SHM_SOCK_CONNECTED] = "connected",
		[SHM_SOCK_DEAD] = "dead",
	};

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : "corrupt";
}
