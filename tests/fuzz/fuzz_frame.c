/* Fuzz target: frames into a host.
 *
 * The host has an address of each family, a UDP user on port 53, a TCP listener
 * on port 80, and a TCP connection made by a scripted handshake. The input is a
 * program: each step either gives a frame as it stands or builds a well-formed
 * packet of some protocol, turns some of its bytes, and (mostly) makes lengths
 * and checksums right again, so that what lies behind those checks is reached;
 * or lets time pass; or acts as the host's user.
 *
 * Whatever the host sends is checked: it must parse, with right checksums, and
 * fit the link. Ticks must come to an end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "base/fifo.h"
#include "stack/stack.h"
#include "wire/arp.h"
#include "wire/eth.h"
#include "wire/icmp6.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"
#include "wire/nd.h"
#include "wire/udp.h"

enum { FRAME_MAX = 1600, CONNS = 4, FIFO_SIZE = 32768, STEPS_MAX = 64,
	TICKS_MAX = 1000, PEER_PORT = 4000, MTU = 1500 };

static const uint8_t host_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t peer_mac[6] = { 2, 0, 0, 0, 0, 2 };

struct conn {
	bool used;
	struct tcp_id id;
	struct fifo_shared tx_shared, rx_shared;
	struct fifo_end tx, rx; /* the user's ends */
	struct tcp_bufs bufs;
	uint8_t tx_data[FIFO_SIZE], rx_data[FIFO_SIZE];
};

struct host {
	struct stack *stack;
	struct instant now;
	struct conn conns[CONNS];
	uint8_t sent[FRAME_MAX]; /* the last IP frame that left */
	size_t sent_len;
	uint32_t their_next; /* sequence number that the host expects next */
	uint32_t our_next;   /* that it will send next */
};

/* The input as a stream that ends in zeroes. */
struct program {
	const uint8_t *at;
	size_t left;
};

/* A frame being built. */
struct frame {
	uint8_t bytes[FRAME_MAX];
	size_t len;
};

static uint8_t next_u8(struct program *p)
{
	if (p->left == 0)
		return 0;
	p->left--;
	return *p->at++;
}

static uint16_t next_u16(struct program *p)
{
	uint16_t high = next_u8(p);

	return (uint16_t)(high << 8 | next_u8(p));
}

static struct ip_addr addr(int v6, int last)
{
	struct ip_addr a = { .family = IP_V6, .b = { 0xfd, [15] = (uint8_t)last } };

	return v6 ? a : ip_addr_v4(10, 0, 0, (uint8_t)last);
}

/* What TCP said, so that segments can be made that fit. */
static void note_tcp(struct host *h, const uint8_t *tcp, size_t len)
{
	size_t header;

	if (len < 20)
		abort();
	header = (size_t)(tcp[12] >> 4) * 4;
	if (header < 20 || header > len)
		abort();
	h->our_next = get_be32(tcp + 4) + (uint32_t)(len - header) +
		((tcp[13] & 3) != 0); /* SYN, FIN */
	if (tcp[13] & 0x10)
		h->their_next = get_be32(tcp + 8);
}

/* Of a whole packet, not of a fragment. */
static void check_payload(struct host *h, const struct ip_addr *src,
	const struct ip_addr *dst, uint8_t proto, const uint8_t *data, size_t len)
{
	struct checksum c = CHECKSUM_INIT;

	if (proto != IP_PROTO_ICMP)
		checksum_add_pseudo(&c, src, dst, proto, (uint32_t)len);
	checksum_add(&c, data, len);
	if (checksum_finish(&c) != 0)
		abort();
	if (proto == IP_PROTO_TCP)
		note_tcp(h, data, len);
}

static void output(void *user, uint32_t ifindex, struct instant now,
	const struct stack_frame *f)
{
	struct host *h = user;
	struct ipv6_problem problem;
	struct ipv4_packet v4;
	struct ipv6_packet v6;
	struct eth_frame eth;
	uint8_t *b = h->sent;
	size_t at = 0;

	if (ifindex != 2 || f->len > MTU + ETH_HEADER_LEN)
		abort();
	for (unsigned i = 0; i < f->nspans; at += f->spans[i].len, i++)
		if (f->spans[i].len)
			memcpy(b + at, f->spans[i].base, f->spans[i].len);
	if (at != f->len || eth_parse(b, at, &eth) != 0)
		abort();
	h->sent_len = at;
	if (eth.type == ETH_TYPE_IPV4) {
		if (ipv4_parse(eth.payload, eth.len, &v4) != 0)
			abort();
		if (!ipv4_is_fragment(&v4.h))
			check_payload(h, &v4.h.src, &v4.h.dst, v4.h.proto,
				v4.payload, v4.len);
	} else if (eth.type == ETH_TYPE_IPV6) {
		if (ipv6_parse(eth.payload, eth.len, &v6, &problem) != 0)
			abort();
		if (!v6.fragment.is)
			check_payload(h, &v6.h.src, &v6.h.dst, v6.h.proto,
				v6.payload, v6.len);
	}
}

static int datagram(void *user, struct instant now,
	const struct stack_datagram *d)
{
	struct host *h = user;
	struct stack_datagram answer = { .src = d->dst, .dst = d->src,
		.proto = d->proto, .payload = d->payload };

	if (d->proto != IP_PROTO_UDP)
		return 0;
	if (d->dst.port != 53)
		return -ECONNREFUSED;
	stack_send_datagram(h->stack, now, &answer);
	return 0;
}

static void datagram_error(void *user, uint8_t proto,
	const struct ip_name *local, const struct ip_name *remote, const struct ip_error_in *e,
	const struct span *payload)
{
	if (e->err <= 0 || (payload->len && !payload->base))
		abort();
}

/* As a raw socket: reads the whole packet, so that a sanitizer sees its ends. */
static bool look(void *user, struct instant now, const struct ip_packet_in *pkt)
{
	const uint8_t *end = pkt->l4 + pkt->len;
	unsigned sum = 0;

	if (pkt->l3 >= pkt->l4 || end < pkt->l4)
		abort();
	for (const uint8_t *p = pkt->l3; p < end; p++)
		sum += *p;
	return sum & 1;
}

static struct conn *conn_new(struct host *h)
{
	for (int i = 0; i < CONNS; i++) {
		struct conn *c = &h->conns[i];

		if (c->used)
			continue;
		memset(c, 0, offsetof(struct conn, tx_data));
		c->used = true;
		fifo_writer_init(&c->tx, &c->tx_shared, c->tx_data, FIFO_SIZE);
		fifo_reader_init(&c->bufs.tx, &c->tx_shared, c->tx_data,
			FIFO_SIZE);
		fifo_reader_init(&c->rx, &c->rx_shared, c->rx_data, FIFO_SIZE);
		fifo_writer_init(&c->bufs.rx, &c->rx_shared, c->rx_data,
			FIFO_SIZE);
		c->bufs.rx_limit = FIFO_SIZE;
		return c;
	}
	return NULL;
}

static enum tcp_listen_verdict on_syn(void *user, const struct tcp_tuple *t,
	struct tcp_listen_info *info)
{
	if (t->local.port != 80)
		return TCP_LISTEN_NONE;
	*info = (struct tcp_listen_info){ .cookie = 5, .rx_limit = FIFO_SIZE };
	return TCP_LISTEN_OK;
}

static int on_accept(void *user, struct tcp_id id, const struct tcp_tuple *t,
	uint64_t listener, struct tcp_bufs *bufs, struct tcp_options *opt,
	uint64_t *cookie)
{
	struct host *h = user;
	struct conn *c = conn_new(h);

	if (!c)
		return -EAGAIN;
	c->id = id;
	*bufs = c->bufs;
	*cookie = (uint64_t)(c - h->conns);
	return 0;
}

static void on_event(void *user, struct tcp_id id, uint64_t cookie,
	unsigned events, int err)
{
	struct host *h = user;

	if (cookie >= CONNS || !h->conns[cookie].used)
		abort();
	if (events & TCP_EV_CLOSED)
		h->conns[cookie].used = false;
}

/* Lengths and checksums as they ought to be. */
static void repair_l4(uint8_t proto, const struct ip_addr *src,
	const struct ip_addr *dst, uint8_t *l4, size_t len)
{
	struct checksum c = CHECKSUM_INIT;
	size_t at = proto == IP_PROTO_TCP ? 16 : proto == IP_PROTO_UDP ? 6 : 2;

	if (len < at + 2)
		return;
	if (proto == IP_PROTO_UDP)
		put_be16(l4 + 4, (uint16_t)len);
	put_be16(l4 + at, 0);
	if (proto != IP_PROTO_ICMP)
		checksum_add_pseudo(&c, src, dst, proto, (uint32_t)len);
	checksum_add(&c, l4, len);
	put_be16(l4 + at, checksum_finish(&c));
}

static void repair_v4(uint8_t *ip, size_t len)
{
	struct checksum c = CHECKSUM_INIT;
	size_t header = (ip[0] & 0xfu) * 4;
	struct ip_addr src = ip_addr_from(IP_V4, ip + 12),
		       dst = ip_addr_from(IP_V4, ip + 16);

	if (header < IPV4_HEADER_LEN || header > len)
		return;
	put_be16(ip + 2, (uint16_t)len);
	put_be16(ip + 10, 0);
	checksum_add(&c, ip, header);
	put_be16(ip + 10, checksum_finish(&c));
	if (!(get_be16(ip + 6) & 0x3fff)) /* a fragment's lies elsewhere */
		repair_l4(ip[9], &src, &dst, ip + header, len - header);
}

static void repair_v6(uint8_t *ip, size_t len)
{
	struct ip_addr src = ip_addr_from(IP_V6, ip + 8),
		       dst = ip_addr_from(IP_V6, ip + 24);
	struct ipv6_packet p;
	struct ipv6_problem problem;
	size_t header;

	put_be16(ip + 4, (uint16_t)(len - IPV6_HEADER_LEN));
	if (ipv6_parse(ip, len, &p, &problem) != 0 || p.fragment.is)
		return;
	header = (size_t)(p.payload - ip);
	repair_l4(p.h.proto, &src, &dst, ip + header, len - header);
}

static void repair(struct frame *f)
{
	uint8_t *ip = f->bytes + ETH_HEADER_LEN;
	size_t len = f->len - ETH_HEADER_LEN;

	if (f->len < ETH_HEADER_LEN + IPV4_HEADER_LEN)
		return;
	if (get_be16(f->bytes + 12) == ETH_TYPE_IPV4)
		repair_v4(ip, len);
	else if (get_be16(f->bytes + 12) == ETH_TYPE_IPV6 &&
		len >= IPV6_HEADER_LEN)
		repair_v6(ip, len);
}

enum { BREAK_SUM = 1, TRUNCATE = 2, TO_GROUP = 4, TURN = 8, ODD_SOURCE = 16 };

/* Turn bytes, repair or not, deliver. */
static void finish(struct host *h, struct program *p, struct frame *f,
	uint8_t flags)
{
	if (flags & TO_GROUP)
		memset(f->bytes, 0xff, 6);
	if (flags & TURN)
		for (int n = next_u8(p) % 4; n >= 0 && f->len > 0; n--) {
			size_t at = next_u16(p) % f->len;

			f->bytes[at] ^= next_u8(p);
		}
	if ((flags & TRUNCATE) && f->len > 0)
		f->len = next_u16(p) % f->len;
	if ((flags & (BREAK_SUM | TRUNCATE)) != (BREAK_SUM | TRUNCATE))
		repair(f);
	if ((flags & BREAK_SUM) && f->len > 20)
		f->bytes[14 + next_u8(p) % (f->len - 14)] ^= 0x55;
	stack_input(h->stack, 2, h->now, f->bytes, f->len);
}

static void begin(struct frame *f, uint16_t type)
{
	eth_emit(f->bytes, host_mac, peer_mac, type);
	f->len = ETH_HEADER_LEN;
}

static uint8_t *grow(struct frame *f, size_t n)
{
	uint8_t *at = f->bytes + f->len;

	if (n > FRAME_MAX - f->len)
		abort();
	f->len += n;
	return at;
}

static void grow_from(struct frame *f, struct program *p, size_t n)
{
	uint8_t *at = grow(f, n);

	for (size_t i = 0; i < n; i++)
		at[i] = next_u8(p);
}

/* The network header; repair() completes it. */
static void begin_ip(struct frame *f, int v6, uint8_t proto, uint8_t flags)
{
	struct ip_addr src = addr(v6, flags & ODD_SOURCE ? 9 : 2),
		       dst = addr(v6, 1);

	begin(f, v6 ? ETH_TYPE_IPV6 : ETH_TYPE_IPV4);
	if (v6)
		ipv6_emit(grow(f, IPV6_HEADER_LEN), &(struct ipv6_header){
			.src = src, .dst = dst, .proto = proto,
			.hop_limit = proto == ICMP6_PROTO ? 255 : 64 }, 0);
	else
		ipv4_emit(grow(f, IPV4_HEADER_LEN), &(struct ipv4_header){
			.src = src, .dst = dst, .proto = proto, .ttl = 64 }, 0);
}

static void step_raw(struct host *h, struct program *p, uint8_t flags)
{
	struct frame f = { .len = 0 };

	if (flags & 1)
		begin(&f, flags & 2 ? ETH_TYPE_IPV4 : flags & 4 ?
			ETH_TYPE_IPV6 : ETH_TYPE_ARP);
	grow_from(&f, p, next_u8(p));
	if (flags & 8)
		repair(&f);
	stack_input(h->stack, 2, h->now, f.bytes, f.len);
}

static void step_arp(struct host *h, struct program *p, uint8_t flags)
{
	struct arp_packet a = { .op = flags & 0x20 ? ARP_REPLY : ARP_REQUEST,
		.sender = addr(0, flags & ODD_SOURCE ? next_u8(p) : 2),
		.target = addr(0, flags & 0x40 ? 7 : 1) };
	struct frame f;

	memcpy(a.sender_mac, peer_mac, 6);
	begin(&f, ETH_TYPE_ARP);
	arp_emit(grow(&f, ARP_LEN), &a);
	finish(h, p, &f, flags);
}

static void step_nd(struct host *h, struct program *p, uint8_t flags)
{
	struct ip_addr src = addr(1, 2), dst = addr(1, 1);
	struct nd_message m = { .advert = flags & 0x20, .override = true,
		.solicited = flags & 0x40, .has_mac = true,
		.target = addr(1, flags & 0x20 ? 2 + next_u8(p) % 2 : 1) };
	uint8_t message[ND_LEN_MAX];
	size_t len;
	struct frame f;

	memcpy(m.mac, peer_mac, 6);
	begin_ip(&f, 1, ICMP6_PROTO, flags);
	len = nd_emit(message, &m, &src, &dst);
	memcpy(grow(&f, len), message, len);
	grow_from(&f, p, flags & 0x80 ? 8u * (next_u8(p) % 4) : 0);
	finish(h, p, &f, flags);
}

static void step_echo(struct host *h, struct program *p, uint8_t flags)
{
	int v6 = flags & 0x20 ? 1 : 0;
	uint8_t *m;
	struct frame f;

	begin_ip(&f, v6, v6 ? ICMP6_PROTO : IP_PROTO_ICMP, flags);
	m = grow(&f, 8);
	memset(m, 0, 8);
	m[0] = flags & 0x40 ? (v6 ? 129 : 0) : v6 ? 128 : 8;
	if (flags & 0x80)
		m[0] = next_u8(p);
	grow_from(&f, p, next_u8(p));
	finish(h, p, &f, flags);
}

/* An error about the last packet that the host sent. */
static void step_error(struct host *h, struct program *p, uint8_t flags)
{
	const uint8_t *quoted = h->sent + ETH_HEADER_LEN;
	int v6 = h->sent_len > 54 && quoted[0] >> 4 == 6;
	size_t len;
	uint8_t *m;
	struct frame f;

	if (h->sent_len < ETH_HEADER_LEN + IPV4_HEADER_LEN)
		return;
	len = h->sent_len - ETH_HEADER_LEN;
	if (len > 500)
		len = 500;
	begin_ip(&f, v6, v6 ? ICMP6_PROTO : IP_PROTO_ICMP, flags);
	m = grow(&f, 8);
	memset(m, 0, 8);
	m[0] = (uint8_t)(v6 ? 1 + next_u8(p) % 5 : 3 + next_u8(p) % 10);
	m[1] = next_u8(p) % 17;
	put_be16(m + 6, next_u16(p));
	memcpy(grow(&f, len), quoted, len);
	finish(h, p, &f, flags);
}

static void step_udp(struct host *h, struct program *p, uint8_t flags)
{
	uint8_t *m;
	struct frame f;

	begin_ip(&f, flags & 0x20 ? 1 : 0, UDP_PROTO, flags);
	m = grow(&f, UDP_HEADER_LEN);
	put_be16(m, PEER_PORT);
	put_be16(m + 2, flags & 0x40 ? next_u16(p) : 53);
	grow_from(&f, p, next_u8(p));
	finish(h, p, &f, flags);
}

/* A part of one of a few UDP datagrams, some of which are sound: without a
 * checksum (IPv4), or empty of anything but zeroes (its checksum is then known). */
static void step_fragment(struct host *h, struct program *p, uint8_t flags)
{
	uint8_t shape = next_u8(p), id = shape & 3, first = !(shape & 4);
	size_t units = 1 + next_u8(p) % 180, whole = 8 * (units + 1 + next_u8(p));
	uint16_t from = first ? 0 : (uint16_t)(8 * (flags & 0x40 ? next_u16(p) % 8192 :
		units));
	size_t len = shape & 8 ? 8 * units : next_u8(p);
	bool more = shape & 16, v6 = flags & 0x20;
	struct frame f;
	uint8_t *m;

	begin_ip(&f, v6, v6 ? 44 : UDP_PROTO, flags);
	if (v6) {
		ipv6_emit_fragment(grow(&f, 8), UDP_PROTO, from, more, id);
	} else {
		put_be16(f.bytes + 14 + 4, id);
		put_be16(f.bytes + 14 + 6,
			(uint16_t)((more ? 0x2000 : 0) | from / 8));
	}
	m = grow(&f, len);
	memset(m, 0, len);
	if (first && len >= 8) {
		put_be16(m, PEER_PORT);
		put_be16(m + 2, 53);
		put_be16(m + 4, (uint16_t)whole);
	}
	finish(h, p, &f, flags & (uint8_t)~TURN);
}

/* A segment near what the host expects. */
static void make_tcp(struct frame *f, const struct host *h, uint16_t dport,
	uint8_t bits, int32_t seq_off, int32_t ack_off)
{
	uint8_t *m = grow(f, 20);

	memset(m, 0, 20);
	put_be16(m, PEER_PORT);
	put_be16(m + 2, dport);
	put_be32(m + 4, h->their_next + (uint32_t)seq_off);
	put_be32(m + 8, h->our_next + (uint32_t)ack_off);
	m[12] = 5 << 4;
	m[13] = bits;
	put_be16(m + 14, 0xffff);
}

/* A SACK option whose blocks lie a little below what the host sends next. */
static size_t grow_sack(struct frame *f, const struct host *h, struct program *p)
{
	int blocks = 1 + next_u8(p) % 3;
	uint8_t *m = grow(f, 4 + 8u * (unsigned)blocks);

	m[0] = m[1] = 1;
	m[2] = 5;
	m[3] = (uint8_t)(2 + 8 * blocks);
	for (int i = 0; i < blocks; i++) {
		uint32_t start = h->our_next - 64u * next_u8(p);

		put_be32(m + 4 + 8 * i, start);
		put_be32(m + 8 + 8 * i, start + 64u * next_u8(p));
	}
	return 1 + 2 * (size_t)blocks;
}

static void step_tcp(struct host *h, struct program *p, uint8_t flags)
{
	static const uint8_t usual[] = { 0x10, 0x18, 0x11, 0x02, 0x12, 0x04,
		0x14, 0x10 };
	uint8_t shape = next_u8(p), bits = usual[shape & 7];
	size_t options = 0;
	int32_t seq_off = shape & 8 ? (int8_t)next_u8(p) : 0;
	int32_t ack_off = shape & 16 ? (int8_t)next_u8(p) : 0;
	struct frame f;
	uint8_t *m;

	if (shape & 32) {
		seq_off *= 64;
		ack_off *= 64;
	}
	begin_ip(&f, flags & 0x20 ? 1 : 0, IP_PROTO_TCP, flags);
	m = f.bytes + f.len;
	make_tcp(&f, h, flags & 0x40 ? next_u16(p) : 80,
		shape & 64 ? next_u8(p) : bits, seq_off, ack_off);
	if (shape & 128)
		options = next_u8(p) % 16;
	if (options < 11)
		grow_from(&f, p, options * 4);
	else
		options = grow_sack(&f, h, p);
	m[12] = (uint8_t)((5 + options) << 4);
	if (flags & 0x80)
		put_be16(m + 14, next_u8(p) % 4);
	if (bits & 8)
		grow_from(&f, p, next_u8(p));
	finish(h, p, &f, flags);
}

static void step_extended(struct host *h, struct program *p, uint8_t flags)
{
	static const uint8_t kinds[] = { 0, 60, 43, 44 };
	uint8_t *next_at, *m;
	struct frame f;

	begin_ip(&f, 1, UDP_PROTO, flags);
	next_at = f.bytes + ETH_HEADER_LEN + 6;
	for (int n = next_u8(p) % 4; n >= 0; n--) {
		*next_at = kinds[next_u8(p) % 4];
		next_at = m = grow(&f, 2);
		m[0] = UDP_PROTO;
		m[1] = flags & 0x20 ? next_u8(p) % 3 : 0;
		if (flags & 0x40)
			grow_from(&f, p, 6 + 8u * m[1]);
		else
			memset(grow(&f, 6 + 8u * m[1]), 0, 6 + 8u * m[1]);
	}
	m = grow(&f, UDP_HEADER_LEN);
	put_be16(m, PEER_PORT);
	put_be16(m + 2, 53);
	finish(h, p, &f, flags);
}

static void step_time(struct host *h, struct program *p, uint8_t flags)
{
	struct instant end = instant_add(h->now, flags & 1 ?
		DURATION_S(next_u8(p)) : DURATION_MS(next_u8(p)));

	for (int i = 0;; i++) {
		struct instant at = stack_deadline(h->stack);

		if (instant_before(end, at))
			break;
		if (i == TICKS_MAX)
			abort(); /* time does not move on */
		if (instant_before(h->now, at))
			h->now = at;
		stack_tick(h->stack, h->now);
	}
	h->now = end;
}

static void use_conn(struct host *h, struct program *p, struct conn *c)
{
	struct tcp *t = stack_tcp(h->stack);
	static uint8_t buf[256 * 64];
	struct tcp_id id = c->id;

	switch (next_u8(p) % 6) {
	case 0:
	case 1:
		fifo_write(&c->tx, buf, next_u8(p) * 64u);
		tcp_user_sent(t, h->now, id);
		break;
	case 2:
	case 3:
		fifo_read(&c->rx, buf, next_u8(p) * 64u);
		tcp_user_received(t, h->now, id);
		break;
	case 4:
		tcp_shutdown_send(t, h->now, id);
		break;
	default:
		if (next_u8(p) & 1)
			tcp_detach(t, h->now, id);
		else
			tcp_abort(t, h->now, id);
		break;
	}
}

static void connect_out(struct host *h, uint8_t flags)
{
	int v6 = flags & 2 ? 1 : 0;
	struct tcp_tuple t = { { addr(v6, 1), 80 }, { addr(v6, 2), PEER_PORT } };
	struct tcp_options opt = { 0 };
	struct conn *c = conn_new(h);

	if (c && tcp_connect(stack_tcp(h->stack), h->now, &t, &c->bufs, &opt,
		(uint64_t)(c - h->conns), &c->id) != 0)
		c->used = false;
}

static void step_user(struct host *h, struct program *p, uint8_t flags)
{
	struct conn *c = &h->conns[flags % CONNS];
	int v6 = flags & 0x20 ? 1 : 0, self = flags & 0x40;
	uint8_t payload[64] = { v6 ? 128 : 8 };
	struct stack_datagram d = { .src = { ip_addr_any(v6 ? IP_V6 : IP_V4), 7 },
		.dst = { addr(v6, self ? 1 : 2 + next_u8(p) % 8), 53 },
		.payload = { payload, 8 + next_u8(p) % 56 } };

	if (flags & 0x80) {
		d.proto = flags & 1 ? IP_PROTO_UDP : v6 ? IP_PROTO_ICMP6 :
			IP_PROTO_ICMP;
		stack_send_datagram(h->stack, h->now, &d);
	} else if (c->used) {
		use_conn(h, p, c);
	} else {
		connect_out(h, flags);
	}
	stack_flush(h->stack, h->now);
}

static void (*const steps[])(struct host *h, struct program *p, uint8_t flags) = {
	step_raw, step_arp, step_nd, step_echo, step_error, step_udp, step_tcp,
	step_tcp, step_tcp, step_fragment, step_extended, step_time, step_user,
	step_user, step_tcp, step_error,
};

/* An ARP request teaches the host the peer; then SYN, with MSS, SACK and window
 * scale or bare, and ACK. */
static void handshake(struct host *h, int v6, bool options)
{
	static const uint8_t usual[] = { 2, 4, 2, 24, 1, 1, 4, 2, 1, 3, 3, 2 };
	struct program none = { NULL, 0 };
	struct frame f;

	if (v6)
		step_nd(h, &none, 0);
	else
		step_arp(h, &none, 0);
	begin_ip(&f, v6, IP_PROTO_TCP, 0);
	make_tcp(&f, h, 80, 0x02, 0, 0);
	if (options) {
		f.bytes[f.len - 20 + 12] = 8 << 4;
		memcpy(grow(&f, sizeof(usual)), usual, sizeof(usual));
	}
	finish(h, &none, &f, 0);
	begin_ip(&f, v6, IP_PROTO_TCP, 0);
	make_tcp(&f, h, 80, 0x10, 0, 0);
	finish(h, &none, &f, 0);
}

static void host_init(struct host *h)
{
	struct stack_config cfg = { .name = "fuzzed", .seed = 1,
		.isn_key = { { 1, 2 } }, .max_connections = 16,
		.ops = { .output = output, .datagram = datagram,
			.datagram_error = datagram_error, .user = h, .raw = look,
			.tcp = { .syn = on_syn, .accept = on_accept,
				.event = on_event, .user = h } } };
	struct stack_iface_config eth = { .name = "eth0", .mtu = MTU };
	struct ip_prefix v4 = { addr(0, 1), 24 }, v6 = { addr(1, 1), 64 };

	memset(h, 0, offsetof(struct host, sent));
	h->sent_len = 0;
	for (int i = 0; i < CONNS; i++)
		h->conns[i].used = false;
	h->now = (struct instant){ 1000000000 };
	h->their_next = 5000;
	h->our_next = 0;
	memcpy(eth.mac, host_mac, 6);
	h->stack = stack_new(&cfg);
	if (!h->stack || stack_add_iface(h->stack, &eth) != 2 ||
		stack_add_addr(h->stack, 2, &v4) != 0 ||
		stack_add_addr(h->stack, 2, &v6) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct host h;
	struct program p = { data, size };
	uint8_t first = next_u8(&p);

	host_init(&h);
	if (first & 1)
		handshake(&h, first & 2 ? 1 : 0, first & 4);
	for (int i = 0; i < STEPS_MAX && p.left > 0; i++) {
		uint8_t kind = next_u8(&p), flags = next_u8(&p);

		/* Mostly unharmed packets, or nothing deep is reached. */
		if (kind & 0x30)
			flags &= (uint8_t)~(BREAK_SUM | TRUNCATE | TO_GROUP);
		steps[kind & 15](&h, &p, flags);
	}
	stack_free(h.stack);
	return 0;
}
