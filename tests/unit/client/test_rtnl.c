/* NETLINK_ROUTE's answers, message by message.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "networld.h"
#include "rtnl.h"

#define SAID_MAX 65536

/* All that was flushed, and how often. */
static struct {
	struct rtnl_out out;
	size_t n;
	unsigned datagrams;
	uint8_t bytes[SAID_MAX];
} said;

static void take(struct rtnl_out *o)
{
	if (!o->used)
		return;
	CHECK(o->used <= RTNL_PIECE && said.n + o->used <= sizeof(said.bytes));
	memcpy(said.bytes + said.n, o->buf, o->used);
	said.n += o->used;
	said.datagrams++;
	o->used = 0;
}

struct request {
	struct nlmsghdr h;
	uint8_t rest[64];
};

static struct request request(uint16_t type, uint16_t flags, const void *fixed, size_t n)
{
	struct request r = { .h = { .nlmsg_len = (uint32_t)NLMSG_LENGTH(n),
		.nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | flags,
		.nlmsg_seq = 77 } };

	memcpy(r.rest, fixed, n);
	return r;
}

static void add(struct request *r, uint16_t type, const void *data, size_t n)
{
	rtnl_attr(&r->h, type, data, n);
}

static void ask(const struct request *r)
{
	memset(&said, 0, sizeof(said));
	said.out.flush = take;
	said.out.pid = 5;
	rtnl_answer(&said.out, &r->h);
	take(&said.out);
}

/* The k-th message of a type; NULL: there are fewer. */
static const struct nlmsghdr *message(uint16_t type, unsigned k)
{
	for (size_t at = 0; at < said.n;) {
		const struct nlmsghdr *h = (const struct nlmsghdr *)(said.bytes + at);

		CHECK(h->nlmsg_len >= sizeof(*h) && at + h->nlmsg_len <= said.n);
		CHECK_INT(h->nlmsg_pid, ==, 5);
		CHECK_INT(h->nlmsg_seq, ==, 77);
		if (h->nlmsg_type == type && k-- == 0)
			return h;
		at += NLMSG_ALIGN(h->nlmsg_len);
	}
	return NULL;
}

static int error_told(void)
{
	const struct nlmsghdr *h = message(NLMSG_ERROR, 0);

	CHECK(h);
	return ((const struct nlmsgerr *)NLMSG_DATA(h))->error;
}

static uint32_t number(const struct nlmsghdr *h, size_t fixed, uint16_t type)
{
	const struct rtattr *a = rtnl_find(h, fixed, type);
	uint32_t v;

	CHECK(a && RTA_PAYLOAD(a) >= sizeof(v));
	memcpy(&v, RTA_DATA(a), sizeof(v));
	return v;
}

static const char *text(const struct nlmsghdr *h, size_t fixed, uint16_t type)
{
	const struct rtattr *a = rtnl_find(h, fixed, type);

	CHECK(a && memchr(RTA_DATA(a), 0, RTA_PAYLOAD(a)));
	return RTA_DATA(a);
}

TEST(links)
{
	struct ifinfomsg m = { 0 };
	struct request r = request(RTM_GETLINK, NLM_F_DUMP, &m, sizeof(m));
	const struct nlmsghdr *h;

	networld();
	ask(&r);
	h = message(RTM_NEWLINK, 1);
	CHECK(h && (h->nlmsg_flags & NLM_F_MULTI));
	CHECK_STR(text(h, sizeof(m), IFLA_IFNAME), "eth0");
	CHECK_INT(number(h, sizeof(m), IFLA_MTU), ==, 1500);
	CHECK(message(RTM_NEWLINK, 2) && !message(RTM_NEWLINK, 3));
	CHECK(message(NLMSG_DONE, 0) && !message(NLMSG_ERROR, 0));
	CHECK_INT(said.datagrams, >=, 2); /* the end comes by itself */
}

TEST(one_link_by_number_and_name)
{
	struct ifinfomsg m = { .ifi_index = 3 };
	struct request r = request(RTM_GETLINK, 0, &m, sizeof(m));

	networld();
	ask(&r);
	CHECK_STR(text(message(RTM_NEWLINK, 0), sizeof(m), IFLA_IFNAME), "eth1");
	CHECK(!message(NLMSG_DONE, 0));
	m.ifi_index = 0;
	r = request(RTM_GETLINK, NLM_F_ACK, &m, sizeof(m));
	add(&r, IFLA_IFNAME, "lo", 3);
	ask(&r);
	CHECK_STR(text(message(RTM_NEWLINK, 0), sizeof(m), IFLA_IFNAME), "lo");
	CHECK_INT(error_told(), ==, 0);
	r = request(RTM_GETLINK, 0, &m, sizeof(m));
	ask(&r);
	CHECK_INT(error_told(), ==, -EINVAL);
	m.ifi_index = 8;
	r = request(RTM_GETLINK, 0, &m, sizeof(m));
	ask(&r);
	CHECK_INT(error_told(), ==, -ENODEV);
}

TEST(addresses_family_by_family)
{
	struct ifaddrmsg m = { 0 };
	struct request r = request(RTM_GETADDR, NLM_F_DUMP, &m, sizeof(m));
	const struct ifaddrmsg *a;
	const struct nlmsghdr *h;

	networld();
	ask(&r);
	for (unsigned k = 0; k < 5; k++) {
		h = message(RTM_NEWADDR, k);
		CHECK(h);
		a = NLMSG_DATA(h);
		CHECK_INT(a->ifa_family, ==, k < 2 ? AF_INET : AF_INET6);
	}
	CHECK(!message(RTM_NEWADDR, 5));
	h = message(RTM_NEWADDR, 1);
	CHECK_STR(text(h, sizeof(m), IFA_LABEL), "eth0");
	CHECK_INT(number(h, sizeof(m), IFA_BROADCAST), ==, htonl(0x0a0000ff));
	a = NLMSG_DATA(message(RTM_NEWADDR, 4));
	CHECK_INT(a->ifa_scope, ==, RT_SCOPE_LINK);
	m.ifa_family = AF_INET;
	m.ifa_index = 2;
	r = request(RTM_GETADDR, NLM_F_DUMP, &m, sizeof(m));
	ask(&r);
	CHECK(message(RTM_NEWADDR, 0) && !message(RTM_NEWADDR, 1));
}

TEST(routes_and_their_tables)
{
	struct rtmsg m = { .rtm_family = AF_INET };
	struct request r = request(RTM_GETROUTE, NLM_F_DUMP, &m, sizeof(m));
	const struct nlmsghdr *h;

	networld();
	ask(&r);
	h = message(RTM_NEWROUTE, 0);
	CHECK_INT(((const struct rtmsg *)NLMSG_DATA(h))->rtm_protocol, ==, RTPROT_KERNEL);
	CHECK_INT(number(h, sizeof(m), RTA_PREFSRC), ==, htonl(0x0a000001));
	h = message(RTM_NEWROUTE, 1);
	CHECK_INT(((const struct rtmsg *)NLMSG_DATA(h))->rtm_dst_len, ==, 0);
	CHECK(!rtnl_find(h, sizeof(m), RTA_DST));
	CHECK_INT(number(h, sizeof(m), RTA_GATEWAY), ==, htonl(0x0a0000fe));
	CHECK_INT(number(h, sizeof(m), RTA_OIF), ==, 2);
	h = message(RTM_NEWROUTE, 2); /* 127.0.0.1, 127.0.0.0/8, 10.0.0.1 */
	CHECK_INT(number(h, sizeof(m), RTA_TABLE), ==, RT_TABLE_LOCAL);
	CHECK(message(RTM_NEWROUTE, 4) && !message(RTM_NEWROUTE, 5));
	m.rtm_flags = RTM_F_CLONED;
	r = request(RTM_GETROUTE, NLM_F_DUMP, &m, sizeof(m));
	ask(&r);
	CHECK(!message(RTM_NEWROUTE, 0) && message(NLMSG_DONE, 0));
}

TEST(neighbours)
{
	struct ndmsg m = { .ndm_family = AF_INET };
	struct request r = request(RTM_GETNEIGH, NLM_F_DUMP, &m, sizeof(m));
	const struct nlmsghdr *h;

	networld();
	ask(&r);
	h = message(RTM_NEWNEIGH, 0);
	CHECK_INT(number(h, sizeof(m), NDA_DST), ==, htonl(0x0a000002));
	CHECK(rtnl_find(h, sizeof(m), NDA_LLADDR));
	h = message(RTM_NEWNEIGH, 1);
	CHECK(h && !rtnl_find(h, sizeof(m), NDA_LLADDR));
	m.ndm_family = AF_INET6;
	r = request(RTM_GETNEIGH, NLM_F_DUMP, &m, sizeof(m));
	ask(&r);
	CHECK(!message(RTM_NEWNEIGH, 0));
}

TEST(what_is_no_question)
{
	struct ifinfomsg m = { 0 };
	struct request r = request(RTM_MAX + 1, 0, &m, sizeof(m));

	networld();
	ask(&r);
	CHECK_INT(error_told(), ==, -EOPNOTSUPP);
	r = request(NLMSG_NOOP, NLM_F_ACK, &m, sizeof(m));
	ask(&r);
	CHECK_INT(error_told(), ==, 0);
	r = request(NLMSG_NOOP, 0, &m, sizeof(m));
	ask(&r);
	CHECK_INT(said.n, ==, 0);
	r = request(RTM_GETLINK, NLM_F_DUMP, &m, sizeof(m));
	r.h.nlmsg_flags &= (uint16_t)~NLM_F_REQUEST;
	ask(&r);
	CHECK_INT(said.n, ==, 0);
}

/* An attribute that says it is longer than its message, or shorter than itself, is not
 * there; nor is what stands behind it. */
TEST(broken_attributes)
{
	struct ifinfomsg m = { 0 };
	struct request r = request(RTM_GETLINK, 0, &m, sizeof(m));
	struct rtattr *a = (struct rtattr *)(r.rest + sizeof(m));

	networld();
	add(&r, IFLA_IFNAME, "eth0", 5);
	for (unsigned len = 0; len < 64; len++) {
		if (len == RTA_LENGTH(5))
			continue;
		a->rta_len = (uint16_t)len;
		ask(&r);
		if (len < sizeof(*a) || len > RTA_SPACE(5))
			CHECK_INT(error_told(), ==, -EINVAL);
	}
	for (uint32_t len = sizeof(r.h); len <= NLMSG_LENGTH(sizeof(m)); len++) {
		r.h.nlmsg_len = len;
		ask(&r);
		CHECK_INT(error_told(), ==, -EINVAL);
	}
}
