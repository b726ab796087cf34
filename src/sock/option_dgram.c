/* The options of datagrams that are more than a bit or a field: times, reports,
 * interfaces, UDP's own. Linux: sock_set_timestamping(), do_ip_setsockopt(),
 * do_ipv6_setsockopt(), udp_lib_setsockopt().
 * SPDX-License-Identifier: BSD-2-Clause */
#include <asm/socket.h>
#include <linux/net_tstamp.h>
#include <string.h>

#include "dgram.h"
#include "options.h"
#include "sock/report.h"

#define TIMESTAMPING_ALL ((1u << 18) - 1) /* SOF_TIMESTAMPING_MASK of 6.18 */
#define TIMESTAMPING_OPT_ID_TCP (1u << 16)
#define GSO_MAX 0xffff

/* --- times --- */

static bool is_ns(int name)
{
	return name == SO_TIMESTAMPNS_OLD || name == SO_TIMESTAMPNS_NEW;
}

static bool is_new(int name)
{
	return name == SO_TIMESTAMP_NEW || name == SO_TIMESTAMPNS_NEW;
}

/* One of the four is on at a time. */
int option_get_stamp(const struct option_call *c, int *v)
{
	bool on = sock_has_opt(c->s, SHM_O_TIMESTAMP);
	bool ns = sock_has_opt(c->s, SHM_O_TIMESTAMPNS);
	bool new = sock_has_dgram(c->s, SHM_D_TSTAMP_NEW);

	*v = on && new == is_new(c->o->name) && (ns == is_ns(c->o->name) || new);
	if (new && is_ns(c->o->name))
		*v = on && ns;
	return 0;
}

int option_set_stamp(const struct option_call *c, int v)
{
	struct shm_opts *o = &c->s->opts;

	o->bits &= ~(uint32_t)(SHM_O_TIMESTAMP | SHM_O_TIMESTAMPNS);
	if (!v)
		return 0;
	o->bits |= SHM_O_TIMESTAMP | (is_ns(c->o->name) ? SHM_O_TIMESTAMPNS : 0);
	o->dgram_bits &= ~(uint32_t)SHM_D_TSTAMP_NEW;
	o->dgram_bits |= SHM_D_STAMP |
		(is_new(c->o->name) ? SHM_D_TSTAMP_NEW : 0);
	sock_stamps_wanted(c->e, c->s);
	return 0;
}

struct timestamping { /* struct so_timestamping, which older headers lack */
	int32_t flags, bind_phc;
};

int option_get_timestamping(const struct option_call *c, void *val, socklen_t *len)
{
	struct timestamping t = { .flags = (int)sock_once(&c->s->opts.tsflags) };
	bool new = c->o->name == SO_TIMESTAMPING_NEW;

	if (new && !sock_has_dgram(c->s, SHM_D_TSTAMP_NEW))
		t.flags = 0;
	if (*len > sizeof(t))
		*len = sizeof(t);
	memcpy(val, &t, *len);
	return 0;
}

/* Linux: a stream's bytes are counted from here, or from those that are not acknowledged;
 * datagrams one by one. */
static uint32_t first_key(const struct option_call *c, uint32_t flags)
{
	struct shm_fifo *tx = sock_is_stream(c->s) ? sock_tx(c->e, c->s) : NULL;

	if (!tx)
		return 0;
	if (atomic_get_relaxed(&c->s->via) == SHM_VIA_NET && !(flags & TIMESTAMPING_OPT_ID_TCP))
		return atomic_get_acquire(&tx->sh.head);
	return atomic_get_acquire(&tx->sh.tail);
}

int option_set_timestamping(const struct option_call *c, const void *val,
	socklen_t len)
{
	struct shm_opts *o = &c->s->opts;
	uint32_t flags;

	if (len < sizeof(flags))
		return -EINVAL;
	memcpy(&flags, val, sizeof(flags));
	if ((flags & ~TIMESTAMPING_ALL) ||
		((flags & TIMESTAMPING_OPT_ID_TCP) &&
			!(flags & SOF_TIMESTAMPING_OPT_ID)) ||
		((flags & SOF_TIMESTAMPING_OPT_STATS) &&
			!(flags & SOF_TIMESTAMPING_OPT_TSONLY)))
		return -EINVAL;
	if ((flags & SOF_TIMESTAMPING_OPT_ID) &&
		!(o->tsflags & SOF_TIMESTAMPING_OPT_ID)) {
		if (sock_is_stream(c->s) && sock_state(c->s) != SHM_SOCK_CONNECTED)
			return -EINVAL;
		atomic_put_relaxed(&c->s->tskey, first_key(c, flags));
	}
	if (flags & SOF_TIMESTAMPING_BIND_PHC)
		return -EOPNOTSUPP; /* a socket bound to no device with a clock */
	if (sock_is_stream(c->s) && (flags & SOCK_TX_TIMES))
		atomic_set_bits(&c->s->flags, SHM_F_TX_STAMPS);
	else if (atomic_get_relaxed(&c->s->marks) == 0) /* sock/stamps.c */
		atomic_clear_bits(&c->s->flags, (uint32_t)SHM_F_TX_STAMPS);
	o->tsflags = flags;
	o->dgram_bits &= ~(uint32_t)SHM_D_TSTAMP_NEW;
	if (c->o->name == SO_TIMESTAMPING_NEW)
		o->dgram_bits |= SHM_D_TSTAMP_NEW;
	if (flags & SOF_TIMESTAMPING_RX_SOFTWARE)
		o->dgram_bits |= SHM_D_STAMP;
	sock_stamps_wanted(c->e, c->s);
	return 0;
}

/* Linux: raw_prot and ping_prot keep no offset. */
static bool keeps_offset(const struct shm_sock *s)
{
	return !sock_is_raw(s) && !sock_is_echo(s);
}

int option_get_peek_off(const struct option_call *c, int *v)
{
	*v = (int)sock_once((uint32_t *)&c->s->opts.peek_off);
	return keeps_offset(c->s) ? 0 : -EOPNOTSUPP;
}

int option_set_peek_off(const struct option_call *c, int v)
{
	struct shm_opts *o = &c->s->opts;

	if (!keeps_offset(c->s))
		return -EOPNOTSUPP;
	o->peek_off = v;
	if (v >= 0)
		o->bits |= SHM_O_PEEK_OFF;
	else
		o->bits &= ~(uint32_t)SHM_O_PEEK_OFF;
	return 0;
}

/* --- reports --- */

int option_set_recverr(const struct option_call *c, int v)
{
	bool six = c->o->level == IPPROTO_IPV6;
	uint32_t *word = six ? &c->s->opts.ip6_bits : &c->s->opts.ip_bits;

	if (v) {
		*word |= c->o->arg;
	} else {
		*word &= ~c->o->arg;
		sock_report_purge(c->e, c->s);
	}
	return 0;
}

int option_set_rfc4884(const struct option_call *c, int v)
{
	if (v < 0 || v > 1)
		return -EINVAL;
	return c->o->level == IPPROTO_IPV6 ? option_set_ip6_bit(c, v) :
					     option_set_ip_bit(c, v);
}

int option_get_pathmtu(const struct option_call *c, void *val, socklen_t *len)
{
	struct ip6_mtuinfo info = { 0 };
	int mtu = 0;

	if (*len < sizeof(info))
		return -EINVAL;
	if (option_get_mtu(c, &mtu) < 0)
		return -ENOTCONN;
	info.ip6m_mtu = (uint32_t)mtu;
	*len = sizeof(info);
	memcpy(val, &info, sizeof(info));
	return 0;
}

/* --- interfaces --- */

static uint32_t *field32(const struct option_call *c)
{
	return (uint32_t *)((uint8_t *)&c->s->opts + c->o->arg);
}

static uint16_t *field16(const struct option_call *c)
{
	return (uint16_t *)((uint8_t *)&c->s->opts + c->o->arg);
}

/* IP_UNICAST_IF and IPV6_UNICAST_IF speak network order. */
int option_get_unicast_if(const struct option_call *c, int *v)
{
	*v = (int)htonl(sock_once(field32(c)));
	return 0;
}

int option_set_unicast_if(const struct option_call *c, int v)
{
	uint32_t ifindex = ntohl((uint32_t)v);
	struct shm_iface i;

	if (ifindex && !sock_iface(c->e, ifindex, &i))
		return -EADDRNOTAVAIL;
	*field32(c) = ifindex;
	return 0;
}

int option_set_multicast_ttl(const struct option_call *c, int v)
{
	if (sock_is_stream(c->s) || v < -1 || v > 255)
		return -EINVAL;
	c->s->opts.multicast_ttl = v == -1 ? 1 : (uint8_t)v;
	return 0;
}

int option_set_multicast_hops(const struct option_call *c, int v)
{
	if (sock_is_stream(c->s))
		return -ENOPROTOOPT;
	if (v < -1 || v > 255)
		return -EINVAL;
	c->s->opts.multicast_hops = v == -1 ? 1 : (uint8_t)v;
	return 0;
}

int option_set_multicast_all(const struct option_call *c, int v)
{
	return v == 0 || v == 1 ? option_set_ip_not(c, v) : -EINVAL;
}

int option_set_multicast_loop6(const struct option_call *c, int v)
{
	return v == 0 || v == 1 ? option_set_ip6_not(c, v) : -EINVAL;
}

int option_set_multicast_if6(const struct option_call *c, int v)
{
	struct shm_iface i;

	if (sock_is_stream(c->s))
		return -ENOPROTOOPT;
	if (v != 0 && !sock_iface(c->e, (uint32_t)v, &i))
		return -ENODEV;
	c->s->opts.multicast_if6 = (uint32_t)v;
	return 0;
}

int option_get_multicast_if(const struct option_call *c, void *val, socklen_t *len)
{
	uint32_t addr = sock_once(&c->s->opts.multicast_addr);

	if (*len > sizeof(addr))
		*len = sizeof(addr);
	memcpy(val, &addr, *len);
	return 0;
}

/* struct in_addr, ip_mreq or ip_mreqn: an address of ours, or an index. */
int option_set_multicast_if(const struct option_call *c, const void *val,
	socklen_t len)
{
	struct ip_mreqn m = { 0 };
	struct shm_opts *o = &c->s->opts;
	struct shm_addr own = { .family = IP_V4 };
	struct shm_iface i;

	if (sock_is_stream(c->s) || len < sizeof(m.imr_address))
		return -EINVAL;
	if (len >= sizeof(m))
		memcpy(&m, val, sizeof(m));
	else if (len >= sizeof(struct ip_mreq))
		memcpy(&m, val, sizeof(struct ip_mreq));
	else
		memcpy(&m.imr_address, val, sizeof(m.imr_address));
	if (m.imr_ifindex == 0 && m.imr_address.s_addr == 0) {
		o->multicast_if = o->multicast_addr = 0;
		return 0;
	}
	if (m.imr_ifindex == 0) {
		memcpy(own.b, &m.imr_address, 4);
		m.imr_ifindex = (int)sock_addr_ifindex(c->e, &own);
	}
	if (m.imr_ifindex == 0 || !sock_iface(c->e, (uint32_t)m.imr_ifindex, &i))
		return -EADDRNOTAVAIL;
	o->multicast_if = (uint32_t)m.imr_ifindex;
	o->multicast_addr = m.imr_address.s_addr;
	return 0;
}

/* --- UDP's own --- */

int option_set_udp_cork(const struct option_call *c, int v)
{
	option_set_dgram_bit(c, v);
	return v ? 0 : dgram_uncork(c->e, c->i, c->s, c->fx);
}

/* Encapsulation (of IPsec, L2TP) is the kernel's business alone. */
int option_get_encap(const struct option_call *c, int *v)
{
	(void)c;
	*v = 0;
	return 0;
}

int option_set_udp_encap(const struct option_call *c, int v)
{
	(void)c;
	return v == 0 ? 0 : -ENOPROTOOPT;
}

int option_get_coverage(const struct option_call *c, int *v)
{
	*v = *field16(c);
	return 0;
}

int option_set_coverage(const struct option_call *c, int v)
{
	if (!sock_is_lite(c->s))
		return -ENOPROTOOPT; /* UDP has the fields, on Linux too */
	if (v != 0 && v < UDP_HEADER)
		v = UDP_HEADER;
	else if (v > UINT16_MAX)
		v = UINT16_MAX;
	*field16(c) = (uint16_t)v;
	if (c->o->name == UDPLITE_RECV_CSCOV)
		c->s->opts.dgram_bits |= SHM_D_LITE_RECV;
	return 0;
}

int option_get_gso(const struct option_call *c, int *v)
{
	*v = c->s->opts.gso_size;
	return 0;
}

int option_set_gso(const struct option_call *c, int v)
{
	if (v < 0 || v > GSO_MAX)
		return -EINVAL;
	c->s->opts.gso_size = (uint16_t)v;
	return 0;
}
