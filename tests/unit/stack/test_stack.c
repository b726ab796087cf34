/* What joins the layers; the protocols themselves are tested where they live,
 * and two whole stacks in tests/sim.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "stack/stack.h"
#include "check.h"

#include <errno.h>
#include <string.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "stack/view.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"
#include "wire/tcp.h"

static int frames, datagrams;
static bool listening;
static uint8_t last[2048];

static void output(void *user, uint32_t ifindex, struct instant now,
	const struct stack_frame *f)
{
	size_t at = 0;

	for (unsigned i = 0; i < f->nspans; at += f->spans[i].len, i++)
		if (f->spans[i].len)
			memcpy(last + at, f->spans[i].base, f->spans[i].len);
	CHECK_INT(at, ==, f->len);
	frames++;
}

static int datagram(void *user, struct instant now,
	const struct stack_datagram *d)
{
	datagrams++;
	return d->proto == IP_PROTO_UDP ? -ECONNREFUSED : 0;
}

static void datagram_error(void *user, uint8_t proto,
	const struct ip_name *local, const struct ip_name *remote, const struct ip_error_in *e,
	const struct span *payload)
{
}

static enum tcp_listen_verdict syn(void *user, const struct tcp_tuple *t,
	struct tcp_listen_info *info)
{
	info->rx_limit = 4096;
	return listening ? TCP_LISTEN_OK : TCP_LISTEN_NONE;
}

static struct stack *start(const char *name)
{
	struct stack_config cfg = { .name = name, .seed = 1,
		.ops = { .output = output, .datagram = datagram,
			.datagram_error = datagram_error, .tcp = { .syn = syn } } };
	struct stack_iface_config eth = { .name = "eth0",
		.mac = { 2, 0, 0, 0, 0, 1 } };
	struct ip_prefix p = { ip_addr_v4(10, 0, 0, 1), 24 };
	struct stack *s = stack_new(&cfg);

	CHECK(s);
	CHECK_INT(stack_add_iface(s, &eth), ==, 2);
	CHECK_INT(stack_add_addr(s, 2, &p), ==, 0);
	return s;
}

TEST(name_is_copied_and_bounded)
{
	char name[200];
	struct stack *s;

	memset(name, 'n', sizeof(name));
	name[199] = 0;
	s = start(name);
	CHECK_INT(strlen(stack_name(s)), ==, 63);
	stack_free(s);
	s = start(NULL);
	CHECK_STR(stack_name(s), "");
	stack_free(s);
	stack_free(NULL);
}

TEST(idle)
{
	struct stack *s = start("idle");

	CHECK(instant_is_never(stack_deadline(s)));
	stack_tick(s, (struct instant){ 5 });
	CHECK_INT(frames, ==, 0);
	stack_free(s);
}

TEST(kinds_of_datagram)
{
	struct stack *s = start("x");
	struct stack_datagram d = { .src = { ip_addr_any(IP_V4), 1 },
		.dst = { ip_addr_loopback(IP_V4), 2 }, .proto = 99,
		.payload = { (const uint8_t *)"\10\0\0\0\0\0\0\0", 8 } };
	struct instant now = { 1 };

	CHECK_INT(stack_send_datagram(s, now, &d), ==, -EINVAL);
	d.proto = IP_PROTO_ICMP;
	CHECK_INT(stack_send_datagram(s, now, &d), ==, 0);
	CHECK_INT(datagrams, ==, 0);
	CHECK_INT(stack_deadline(s).ns, <=, 1);
	stack_flush(s, now);
	CHECK_INT(datagrams, ==, 1);
	CHECK_INT(stack_stats(s)->icmp_out, ==, 2); /* request and reply */
	CHECK_INT(stack_stats(s)->icmp_in, ==, 2);
	stack_free(s);
}

/* A TCP segment to a broadcast address would make TCP answer the whole net. */
TEST(tcp_hears_no_broadcast)
{
	static const uint8_t all[] = { 255, 255, 255, 255, 255, 255 },
		arp[42] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 6, 0, 1, 8, 0,
		6, 4, 0, 1, 2, 0, 0, 0, 0, 2, 10, 0, 0, 2, [38] = 10, 0, 0, 1 };
	struct stack *s = start("x");
	struct instant now = { 1000 };
	uint8_t f[54] = { 0 };

	memcpy(f, all, 6);
	f[6] = 2;
	f[11] = 2;
	f[12] = 8;
	ipv4_emit(f + 14, &(struct ipv4_header){ .proto = 6, .ttl = 64,
		.src = ip_addr_v4(10, 0, 0, 2),
		.dst = ip_addr_v4(10, 0, 0, 255) }, 20);
	stack_input(s, 2, now, arp, sizeof(arp));
	CHECK_INT(frames, ==, 1);
	stack_input(s, 2, now, f, sizeof(f));
	CHECK_INT(stack_stats(s)->ip_in, ==, 1);
	CHECK_INT(tcp_stats(stack_tcp(s))->segs_in, ==, 0);
	CHECK_INT(frames, ==, 1);
	stack_free(s);
}

/* A SYN to port 80 of eth0's own address, from that very name. */
static void give_land(struct stack *s, struct instant now, const struct ip_addr *self)
{
	struct tcp_header hd = { .sport = 80, .dport = 80, .seq = seq_of(1000),
		.flags = TCP_SYN, .wnd = 1000, .wscale = TCP_WSCALE_NONE, .mss = 1000 };
	size_t ip = self->family == IP_V4 ? IPV4_HEADER_LEN : IPV6_HEADER_LEN, len;
	uint8_t f[14 + IPV6_HEADER_LEN + TCP_HEADER_MAX] = { 2, 0, 0, 0, 0, 1,
		2, 0, 0, 0, 0, 2 };
	struct checksum c = CHECKSUM_INIT;

	len = tcp_header_emit(&hd, f + 14 + ip);
	put_be16(f + 12, self->family == IP_V4 ? 0x0800 : 0x86dd);
	if (self->family == IP_V4)
		ipv4_emit(f + 14, &(struct ipv4_header){ .src = *self, .dst = *self,
			.proto = 6, .ttl = 64 }, len);
	else
		ipv6_emit(f + 14, &(struct ipv6_header){ .src = *self, .dst = *self,
			.proto = 6, .hop_limit = 64 }, len);
	checksum_add_pseudo(&c, self, self, 6, (uint32_t)len);
	checksum_add(&c, f + 14 + ip, len);
	put_be16(f + 14 + ip + 16, checksum_finish(&c));
	stack_input(s, 2, now, f, 14 + ip + len);
	stack_flush(s, now);
}

/* A martian over IPv4. IPv6 lets it in, as on Linux: the SYN-ACK comes back by lo, is
 * answered with the RST that it deserves, and that ends the request. */
TEST(land_attack)
{
	struct ip_addr v4 = ip_addr_v4(10, 0, 0, 1), v6;
	struct stack *s = start("x");
	struct instant now = { 1000 };

	listening = true;
	CHECK_INT(ip_addr_parse("fd00::1", &v6), ==, 0);
	CHECK_INT(stack_add_addr(s, 2, &(struct ip_prefix){ v6, 64 }), ==, 0);
	stack_tick(s, now);
	frames = 0;
	give_land(s, now, &v4);
	CHECK_INT(tcp_stats(stack_tcp(s))->segs_in, ==, 0);
	give_land(s, now, &v6);
	CHECK_INT(tcp_stats(stack_tcp(s))->segs_in, ==, 3);
	CHECK_INT(tcp_stats(stack_tcp(s))->segs_out, ==, 2);
	CHECK_INT(frames, ==, 0);
	/* Nothing is left that would speak again. */
	now.ns += 200 * 1000000000ll;
	for (int i = 0; i < 1000 && !instant_before(now, stack_deadline(s)); i++)
		stack_tick(s, stack_deadline(s));
	CHECK_INT(tcp_stats(stack_tcp(s))->segs_out, ==, 2);
	CHECK_INT(tcp_stats(stack_tcp(s))->segs_in, ==, 3);
	stack_free(s);
}
