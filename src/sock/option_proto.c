/* The options of levels IPPROTO_IP, IPPROTO_IPV6 and IPPROTO_TCP that are more
 * than a bit or a field. Linux: do_ip_setsockopt(), do_ipv6_setsockopt(),
 * do_tcp_setsockopt().
 * SPDX-License-Identifier: BSD-2-Clause */
#include <netinet/tcp.h>
#include <string.h>

#include "sock/congestion.h"
#include "options.h"
#include "sock/info.h"

#define ECN_MASK 3u	     /* RFC 3168 5: the low two bits of TOS */
#define LOOPBACK_MTU 65536
#define LOOPBACK_MSS 65483   /* what Linux shows on its loopback */
#define MSS_DEFAULT 536	     /* RFC 9293 3.7.1 (MUST-15) */
#define MSS_MIN 88	     /* TCP_MIN_MSS */
#define MSS_MAX 32767
#define CLAMP_MIN 1152	     /* half of SOCK_MIN_RCVBUF */
#define FIN_TIMEOUT_MAX 120  /* seconds */
#define FIN_TIMEOUT 60
#define RTO_MAX 120

int option_get_ttl(const struct option_call *c, int *v)
{
	*v = c->s->opts.ttl ? c->s->opts.ttl : SOCK_TTL_DEFAULT;
	return 0;
}

int option_set_ttl(const struct option_call *c, int v)
{
	if (v != -1 && (v < 1 || v > 255))
		return -EINVAL;
	c->s->opts.ttl = v == -1 ? 0 : (uint8_t)v;
	return 0;
}

/* Linux's rt_tos2priority(): RFC 1349's four bits as a queueing priority. */
static uint32_t priority_of_tos(uint8_t tos)
{
	static const uint8_t of_delay_and_throughput[4] = {
		0, /* best effort */
		2, /* bulk: throughput */
		6, /* interactive: delay */
		4, /* interactive bulk: both */
	};

	return of_delay_and_throughput[tos >> 3 & 3];
}

/* IP_TOS takes the low byte of anything, IPV6_TCLASS -1..255. */
int option_set_tos(const struct option_call *c, int v)
{
	uint8_t *f = (uint8_t *)&c->s->opts + c->o->arg;

	if (c->o->level == IPPROTO_IPV6) {
		if (v < -1 || v > 255)
			return -EINVAL;
		if (v == -1)
			v = 0;
	}
	/* TCP's own ECN decides about these. */
	if (sock_is_stream(c->s))
		v = (int)(((uint32_t)v & ~ECN_MASK) | (*f & ECN_MASK));
	/* Linux: a new TOS undoes SO_PRIORITY. */
	if (c->o->level == IPPROTO_IP && *f != (uint8_t)v)
		c->s->opts.priority = priority_of_tos((uint8_t)v);
	*f = (uint8_t)v;
	return 0;
}

#define IP6_MTU_MIN 1280

int option_get_mtu(const struct option_call *c, int *v)
{
	struct shm_addr to = c->s->remote;
	enum sock_addr_kind kind = sock_addr_kind(c->e, &to);
	struct sock_way way;

	if (to.family == IP_NONE)
		return -ENOTCONN;
	if (kind == SOCK_ADDR_LOOPBACK || kind == SOCK_ADDR_OWN) {
		*v = LOOPBACK_MTU;
		return 0;
	}
	if (!sock_is_stream(c->s)) {
		int r = sock_way(c->e, &to, kind, sock_once(&c->s->opts.bound_if),
			&way);

		*v = r < 0 ? 0 : (int)way.path;
		return r < 0 ? -ENOTCONN : 0; /* Linux: no route, no MTU */
	}
	*v = (int)sock_once(&c->s->info[SOCK_INFO_PMTU]);
	return *v > 0 ? 0 : -ENOPROTOOPT; /* the service has not said */
}

/* No link takes less (RFC 8200 5). Streams keep it without effect, as on Linux. */
int option_set_ip6_mtu(const struct option_call *c, int v)
{
	if (v != 0 && v < IP6_MTU_MIN)
		return -EINVAL;
	c->s->opts.frag_size6 = (uint16_t)(v < UINT16_MAX ? v : UINT16_MAX);
	return 0;
}

int option_set_v6only(const struct option_call *c, int v)
{
	if (sock_is_raw(c->s))
		return -EINVAL; /* it has its protocol, as others a port */
	if (c->s->local.port != 0)
		return -EINVAL; /* RFC 3493 5.3 leaves it open; Linux */
	return option_set_bit(c, v);
}

int option_get_hops(const struct option_call *c, int *v)
{
	*v = c->s->opts.hops < 0 ? SOCK_TTL_DEFAULT : c->s->opts.hops;
	return 0;
}

int option_set_hops(const struct option_call *c, int v)
{
	if (v < -1 || v > 255)
		return -EINVAL; /* RFC 3493 5.1 */
	c->s->opts.hops = (int16_t)v;
	return 0;
}

int option_get_maxseg(const struct option_call *c, int *v)
{
	uint32_t state = sock_state(c->s);
	uint32_t via = atomic_get_relaxed(&c->s->via);
	uint32_t told = sock_once(&c->s->info[SOCK_INFO_SND_MSS]);

	*v = c->s->opts.maxseg ? c->s->opts.maxseg : MSS_DEFAULT;
	if (state != SHM_SOCK_CONNECTED)
		return 0;
	if (via == SHM_VIA_LOCAL && c->s->opts.maxseg == 0)
		*v = LOOPBACK_MSS;
	else if (via == SHM_VIA_NET && told != 0)
		*v = (int)told;
	return 0;
}

int option_set_maxseg(const struct option_call *c, int v)
{
	if (v != 0 && (v < MSS_MIN || v > MSS_MAX))
		return -EINVAL;
	c->s->opts.maxseg = (uint16_t)v;
	return 0;
}

/* Linux keeps a number of retransmissions and shows the time they take: 1, 3, 7,
 * 15 ... seconds. */
int option_set_defer(const struct option_call *c, int v)
{
	uint32_t timeout = 1, period = v > 0 ? 1 : 0;

	for (int n = 1; period < (uint32_t)(v > 0 ? v : 0) && n < 255; n++) {
		timeout = timeout * 2 > RTO_MAX ? RTO_MAX : timeout * 2;
		period += timeout;
	}
	c->s->opts.defer_accept_s = period;
	return 0;
}

/* The default reads 1 as well (Linux: not in interactive mode), but then only the
 * first segments are acknowledged at once. */
int option_set_quickack(const struct option_call *c, int v)
{
	if (v)
		c->s->opts.bits |= SHM_O_QUICKACK_ASKED;
	else
		c->s->opts.bits &= ~(uint32_t)SHM_O_QUICKACK_ASKED;
	return option_set_bit(c, v);
}

int option_set_linger2(const struct option_call *c, int v)
{
	if (v < 0)
		v = -1;
	else if (v > FIN_TIMEOUT_MAX)
		v = FIN_TIMEOUT_MAX;
	else if (v == 0)
		v = FIN_TIMEOUT;
	c->s->opts.linger2_s = (uint32_t)v;
	return 0;
}

int option_set_clamp(const struct option_call *c, int v)
{
	if (v == 0 && sock_state(c->s) != SHM_SOCK_OPEN)
		return -EINVAL;
	if (v != 0 && v < CLAMP_MIN)
		v = CLAMP_MIN;
	c->s->opts.window_clamp = (uint32_t)v;
	return 0;
}

int option_get_congestion(const struct option_call *c, void *val, socklen_t *len)
{
	if (*len > sizeof(c->s->opts.congestion))
		*len = sizeof(c->s->opts.congestion);
	memcpy(val, c->s->opts.congestion, *len);
	return 0;
}

int option_set_congestion(const struct option_call *c, const void *val,
	socklen_t len)
{
	char name[sizeof(c->s->opts.congestion)] = { 0 };
	unsigned k;

	if (len < 1)
		return -EINVAL;
	memcpy(name, val, len < sizeof(name) ? len : sizeof(name) - 1);
	k = sock_congestion(name);
	if (strcmp(name, sock_congestion_name(k)) != 0)
		return -ENOENT;
	memcpy(c->s->opts.congestion, name, sizeof(name));
	return 0;
}

int option_get_info(const struct option_call *c, void *val, socklen_t *len)
{
	return sock_tcp_info(c->e, c->i, c->s, val, len);
}
