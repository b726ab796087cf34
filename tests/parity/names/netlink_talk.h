/* A NETLINK_ROUTE request and its answers, said message by message.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef PARITY_NETLINK_TALK_H
#define PARITY_NETLINK_TALK_H

#include "../say.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

struct talk {
	struct nlmsghdr n;
	char body[256];
};

static inline void talk_ask(int fd, struct talk *t, int type, int flags,
	const void *fixed, size_t len)
{
	memset(t, 0, sizeof(*t));
	t->n = (struct nlmsghdr){ .nlmsg_len = NLMSG_LENGTH(len),
		.nlmsg_type = (uint16_t)type,
		.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags), .nlmsg_seq = 7 };
	memcpy(NLMSG_DATA(&t->n), fixed, len);
	if (send(fd, t, t->n.nlmsg_len, 0) != (ssize_t)t->n.nlmsg_len)
		broken("netlink send: %s", error_name(errno));
}

/* Receives to the end of the answer; each message goes to `show`. */
static inline void talk_answers(int fd, void (*show)(const struct nlmsghdr *n))
{
	static char buf[65536] __attribute__((aligned(8)));
	bool more = true;

	while (more) {
		ssize_t got = recv(fd, buf, sizeof(buf), 0);
		long left = got; /* clang: int is no match for NLMSG_OK */

		if (got <= 0)
			broken("netlink recv: %s", error_name(errno));
		for (struct nlmsghdr *n = (void *)buf; NLMSG_OK(n, left);
			n = NLMSG_NEXT(n, left)) {
			if (n->nlmsg_seq != 7)
				say("seq %u", n->nlmsg_seq);
			more = n->nlmsg_flags & NLM_F_MULTI;
			if (n->nlmsg_type == NLMSG_DONE) {
				say("done");
				more = false;
			} else if (n->nlmsg_type == NLMSG_ERROR) {
				struct nlmsgerr *e = NLMSG_DATA(n);

				say("error %s", error_name(-e->error));
				more = false;
			} else {
				show(n);
			}
		}
	}
}

#endif
