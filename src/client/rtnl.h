/* Inside the client: how rtnetlink's messages are written and read (rtnl.c, rtnl_more.c).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_RTNL_H
#define CLIENT_RTNL_H

#include <linux/rtnetlink.h>
#include <string.h>

#include "netif.h"

/* --- writing -------------------------------------------------------------------- */

/* Begin a message with its fixed part; returns where it begins. */
static inline struct nlmsghdr *rtnl_begin(struct rtnl_out *o, uint16_t type, const void *fixed,
	size_t len)
{
	struct nlmsghdr *n = (struct nlmsghdr *)(o->buf + o->used);

	memset(n, 0, NLMSG_SPACE(len));
	*n = (struct nlmsghdr){ .nlmsg_len = NLMSG_LENGTH(len),
		.nlmsg_type = type, .nlmsg_flags = o->flags, .nlmsg_seq = o->seq,
		.nlmsg_pid = o->pid };
	if (len)
		memcpy(NLMSG_DATA(n), fixed, len);
	return n;
}

/* No message here has more than a few hundred bytes, the buffer room for that
 * behind RTNL_PIECE. */
static inline void rtnl_attr(struct nlmsghdr *n, uint16_t type, const void *data, size_t len)
{
	struct rtattr *a = (struct rtattr *)((uint8_t *)n +
		NLMSG_ALIGN(n->nlmsg_len));

	a->rta_type = type;
	a->rta_len = (uint16_t)RTA_LENGTH(len);
	memset(RTA_DATA(a), 0, RTA_ALIGN(len));
	if (len)
		memcpy(RTA_DATA(a), data, len);
	n->nlmsg_len = (uint32_t)(NLMSG_ALIGN(n->nlmsg_len) + RTA_SPACE(len));
}

static inline void rtnl_attr_u8(struct nlmsghdr *n, uint16_t type, uint8_t v)
{
	rtnl_attr(n, type, &v, sizeof(v));
}

static inline void rtnl_attr_u32(struct nlmsghdr *n, uint16_t type, uint32_t v)
{
	rtnl_attr(n, type, &v, sizeof(v));
}

static inline void rtnl_attr_text(struct nlmsghdr *n, uint16_t type, const char *text)
{
	rtnl_attr(n, type, text, strlen(text) + 1);
}

static inline void rtnl_end(struct rtnl_out *o, struct nlmsghdr *n)
{
	o->used += NLMSG_ALIGN(n->nlmsg_len);
	if (o->used + 512 > RTNL_PIECE) {
		o->flush(o);
		o->used = 0;
	}
}

/* Attributes in an attribute: what is written between the two is in it. */
static inline struct rtattr *rtnl_nest(struct nlmsghdr *n, uint16_t type)
{
	struct rtattr *a = (struct rtattr *)((uint8_t *)n +
		NLMSG_ALIGN(n->nlmsg_len));

	rtnl_attr(n, type, NULL, 0);
	return a;
}

static inline void rtnl_nest_end(const struct nlmsghdr *n, struct rtattr *a)
{
	a->rta_len = (uint16_t)((const uint8_t *)n + n->nlmsg_len - (uint8_t *)a);
}

/* --- reading -------------------------------------------------------------------- */

/* An attribute behind the request's fixed part; NULL: not there. */
static inline const struct rtattr *rtnl_find(const struct nlmsghdr *n, size_t fixed,
	uint16_t type)
{
	size_t at = NLMSG_SPACE(fixed);

	while (at + sizeof(struct rtattr) <= n->nlmsg_len) {
		const struct rtattr *a =
			(const struct rtattr *)((const uint8_t *)n + at);

		if (a->rta_len < sizeof(*a) || at + a->rta_len > n->nlmsg_len)
			break;
		if ((a->rta_type & NLA_TYPE_MASK) == type)
			return a;
		at += RTA_ALIGN(a->rta_len);
	}
	return NULL;
}

/* --- answers of every kind ------------------------------------------------------- */

/* The end of a list, a datagram of its own if it is apart; the request that comes back
 * with an error, 0: with an acknowledgement. */
void rtnl_done(struct rtnl_out *o, bool apart, int result);
void rtnl_error(struct rtnl_out *o, const struct nlmsghdr *req, int err);
/* The end of a request: r is 1: answered; 0: done; else -errno. */
void rtnl_result(struct rtnl_out *o, const struct nlmsghdr *req, int r);

/* --- rtnl_more.c ---------------------------------------------------------------- */

/* A list, without its end; one thing: 1. Or -errno. */
int rtnl_more_dump(struct rtnl_out *o, const struct nlmsghdr *req, uint8_t family);
int rtnl_more_one(struct rtnl_out *o, const struct nlmsghdr *req, uint8_t family);

#endif
