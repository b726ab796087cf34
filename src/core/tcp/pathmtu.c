/* What the path takes, and so how long a segment may be (RFC 9293 3.7.1). What routers
 * say of it is remembered by the host, for all that go there (RFC 1191 6.3, RFC 8201
 * 5.2), and its end is seen by connections that go on: each looks again after it has
 * sent, when something about routes has changed, or has not been looked at for a while.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "pathmtu.h"

#include "output.h"

enum { LOOK_AGAIN_S = 10 };

static uint32_t ask_path(struct tcp *t, struct instant now, const struct ip_addr *to,
	uint32_t mtu, uint32_t told)
{
	const struct ip_sender *ip = &t->cfg.ip;

	if (mtu == 0)
		mtu = TCP_MTU_DEFAULT;
	if (t->rules.route_mtu && t->rules.route_mtu < mtu)
		mtu = t->rules.route_mtu;
	if (!ip->path)
		return told && told < mtu ? told : mtu;
	return ip->path(ip->user, now, to, mtu, told);
}

int tcp_route(struct tcp *t, struct instant now, const struct tcp_tuple *tuple,
	const struct ip_addr *hop, uint32_t ifindex, uint32_t *mtu)
{
	const struct ip_sender *ip = &t->cfg.ip;
	struct ip_addr src = tuple->local.addr;
	int r;

	*mtu = 0;
	r = ip->route(ip->user, hop, ifindex, &src, mtu);
	if (r >= 0)
		*mtu = ask_path(t, now, hop, *mtu, 0);
	return r;
}

/* Where its packets go to first: to the peer, or by a source route. */
static struct ip_addr first_hop(const struct conn *c)
{
	return ipopt_first_hop(c->opt.ip, &c->e.tuple.remote.addr);
}

int conn_route(struct conn *c, struct instant now)
{
	struct ip_addr hop = first_hop(c);
	int r = tcp_route(c->t, now, &c->e.tuple, &hop, c->e.device, &c->path_mtu);

	if (r < 0)
		return r;
	c->mtu = c->path_mtu;
	c->routes_seen = c->t->routes;
	c->routed_at = now;
	return 0;
}

void conn_look_at_path(struct conn *c, struct instant now)
{
	struct ip_addr hop;
	uint32_t mtu;

	if (c->routes_seen == c->t->routes &&
		instant_sub(now, c->routed_at).ns < DURATION_S(LOOK_AGAIN_S).ns)
		return;
	c->routes_seen = c->t->routes;
	c->routed_at = now;
	hop = first_hop(c);
	if (tcp_route(c->t, now, &c->e.tuple, &hop, c->e.device, &mtu) >= 0)
		c->path_mtu = mtu;
}

/* Linux: tcp_current_mss(). */
void conn_follow_path(struct conn *c)
{
	if (c->path_mtu == c->mtu || c->state < TCP_ESTABLISHED)
		return;
	c->mtu = c->path_mtu;
	conn_update_mss(c);
}

bool conn_path_said(struct conn *c, struct instant now, uint32_t mtu)
{
	uint32_t before = conn_mss(c), floor, link = 0;
	struct ip_addr src = c->e.tuple.local.addr;
	const struct ip_sender *ip = &c->t->cfg.ip;

	if (ip->route(ip->user, &c->e.tuple.remote.addr, c->e.device, &src, &link) < 0)
		return false;
	floor = c->e.tuple.remote.addr.family == IP_V6 ? TCP_MTU_MIN_V6 :
		TCP_MTU_MIN_V4;
	if (mtu && mtu < floor) /* RFC 5927 7.2: no smaller is believed */
		mtu = floor;
	if (mtu && mtu >= c->mtu)
		return false; /* an old one */
	c->path_mtu = ask_path(c->t, now, &c->e.tuple.remote.addr, link, mtu);
	if (mtu)
		c->t->routes++; /* others may go there */
	c->mtu = c->path_mtu;
	conn_update_mss(c);
	return conn_mss(c) < before;
}

uint32_t tcp_mss_limit(uint32_t mtu, uint8_t family, uint16_t user)
{
	uint32_t header = TCP_HEADER_MIN +
		(family == IP_V6 ? TCP_IP6_HEADER : TCP_IP4_HEADER);
	uint32_t mss = mtu > header + TCP_MSS_MIN ? mtu - header : TCP_MSS_MIN;

	if (mss > 65535 - TCP_HEADER_MAX)
		mss = 65535 - TCP_HEADER_MAX;
	return user && user < mss ? user : mss;
}

uint16_t tcp_advmss(const struct tcp *t, uint32_t mtu, uint8_t family, uint16_t user)
{
	uint32_t mss = tcp_mss_limit(mtu, family, user), route = t->rules.route_advmss;

	return (uint16_t)(route && route < mss ? route : mss);
}

uint32_t conn_mss(const struct conn *c)
{
	return c->mss_wire - (c->ts_on ? TCP_TS_OPTION : 0);
}

/* What each packet has between its fixed header and TCP's. Linux:
 * icsk_ext_hdr_len. */
static uint32_t conn_ext_header(const struct conn *c)
{
	return c->opt.ip && c->e.tuple.remote.addr.family == IP_V4 ? c->opt.ip->len : 0;
}

/* RFC 9293 3.7.1: what the peer takes, what the path takes, what the user wants; of
 * that IP's options take their part (RFC 6691 2). */
uint32_t conn_mss_of(const struct conn *c, uint32_t mtu)
{
	uint8_t family = c->e.tuple.remote.addr.family;
	uint32_t mss = tcp_mss_limit(mtu, family, c->user_mss);
	uint32_t peer = c->peer_mss, ts = c->ts_on ? TCP_TS_OPTION : 0;
	uint32_t ext = conn_ext_header(c);

	if (peer == 0)
		peer = family == IP_V6 ? TCP_MSS_DEFAULT_V6 : TCP_MSS_DEFAULT_V4;
	if (peer < TCP_MSS_MIN)
		peer = TCP_MSS_MIN;
	if (mss > peer)
		mss = peer;
	mss = mss > TCP_MSS_MIN + ext ? mss - ext : TCP_MSS_MIN;
	return mss - ts;
}

uint32_t conn_mtu_of(const struct conn *c, uint32_t mss)
{
	return mss + (c->ts_on ? TCP_TS_OPTION : 0) + TCP_HEADER_MIN +
		conn_ext_header(c) + (c->e.tuple.remote.addr.family == IP_V6 ? TCP_IP6_HEADER :
			TCP_IP4_HEADER);
}

/* Linux: tcp_sync_mss(). */
void conn_update_mss(struct conn *c)
{
	uint32_t mss, probed;

	if (c->probe.high > c->mtu)
		c->probe.high = c->mtu;
	mss = conn_half_window(c, conn_mss_of(c, c->mtu));
	if (c->probe.enabled) { /* RFC 4821 7.2: only what was seen to arrive */
		probed = conn_mss_of(c, c->probe.low);
		if (probed < mss)
			mss = probed;
	}
	c->mss_wire = mss + (c->ts_on ? TCP_TS_OPTION : 0);
}
