/* Requests to NETLINK_SOCK_DIAG about sockets of the internet, and what comes back.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef PARITY_DIAG_TALK_H
#define PARITY_DIAG_TALK_H

#include "../say.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>

#define DIAG_ALL_STATES 0xfffu

struct diag_ask {
	struct nlmsghdr n;
	struct inet_diag_req_v2 r;
	char more[512];
};

static inline struct diag_ask diag_new(int family, int protocol)
{
	struct diag_ask a = { .n = { .nlmsg_len = NLMSG_LENGTH(sizeof(a.r)),
		.nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST,
		.nlmsg_seq = 5 } };

	a.r.sdiag_family = (uint8_t)family;
	a.r.sdiag_protocol = (uint8_t)protocol;
	a.r.idiag_states = DIAG_ALL_STATES;
	a.r.id.idiag_cookie[0] = a.r.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	return a;
}

static inline void diag_id_part(const struct place *p, __be16 *port, __be32 *address)
{
	if (p->any.sa_family == AF_INET) {
		*port = p->v4.sin_port;
		address[0] = p->v4.sin_addr.s_addr;
	} else {
		*port = p->v6.sin6_port;
		memcpy(address, &p->v6.sin6_addr, 16);
	}
}

/* About one socket; to: NULL, it has no peer. */
static inline struct diag_ask diag_exact(int protocol, const struct place *own,
	const struct place *to)
{
	struct diag_ask a = diag_new(own->any.sa_family, protocol);

	diag_id_part(own, &a.r.id.idiag_sport, a.r.id.idiag_src);
	if (to)
		diag_id_part(to, &a.r.id.idiag_dport, a.r.id.idiag_dst);
	return a;
}

static inline struct place diag_peer(int fd)
{
	struct place p = { .length = sizeof(p.room) };

	MUST(getpeername(fd, &p.any, &p.length));
	return p;
}

static inline struct diag_ask diag_exact_of(int protocol, int fd)
{
	struct place own = own_place(fd), to = diag_peer(fd);

	return diag_exact(protocol, &own, &to);
}

static inline void diag_append(struct diag_ask *a, int type, const void *data, size_t len)
{
	struct rtattr *t = (void *)((char *)a + NLMSG_ALIGN(a->n.nlmsg_len));

	t->rta_type = (uint16_t)type;
	t->rta_len = (uint16_t)RTA_LENGTH(len);
	memcpy(RTA_DATA(t), data, len);
	a->n.nlmsg_len = (uint32_t)(NLMSG_ALIGN(a->n.nlmsg_len) + RTA_ALIGN(t->rta_len));
}

typedef void diag_show(const struct inet_diag_msg *m, const struct nlmsghdr *n);

/* Asks and says each answer, or the error; how many there were. what: NULL, without a
 * word. */
static inline int diag_say(int fd, const char *what, const struct diag_ask *a,
	diag_show *show)
{
	static char buf[65536] __attribute__((aligned(8)));
	bool more = true;
	int count = 0;

	if (what)
		say("%s:", what);
	if (send(fd, a, a->n.nlmsg_len, 0) != (ssize_t)a->n.nlmsg_len)
		broken("send: %s", error_name(errno));
	while (more) {
		ssize_t got = recv(fd, buf, sizeof(buf), 0);
		long left = got;

		if (got <= 0)
			broken("recv: %s", error_name(errno));
		for (struct nlmsghdr *n = (void *)buf; NLMSG_OK(n, left);
			n = NLMSG_NEXT(n, left)) {
			more = n->nlmsg_flags & NLM_F_MULTI;
			if (n->nlmsg_type == NLMSG_DONE) {
				more = false;
			} else if (n->nlmsg_type == NLMSG_ERROR) {
				struct nlmsgerr *e = NLMSG_DATA(n);

				say("  error %s", error_name(-e->error));
				more = false;
			} else {
				if (show)
					show(NLMSG_DATA(n), n);
				count++;
			}
		}
	}
	return count;
}

static inline int diag_dump(int fd, const char *what, struct diag_ask *a, diag_show *show)
{
	a->n.nlmsg_flags |= NLM_F_DUMP;
	return diag_say(fd, what, a, show);
}

static inline int diag_count(int fd, struct diag_ask *a)
{
	return diag_dump(fd, NULL, a, NULL);
}

static inline const char *diag_address(int family, const __be32 *address, __be16 port)
{
	struct place p = { .length = sizeof(p.v4) };

	if (family == AF_INET) {
		p.v4.sin_family = AF_INET;
		p.v4.sin_port = port;
		p.v4.sin_addr.s_addr = address[0];
	} else {
		p.length = sizeof(p.v6);
		p.v6.sin6_family = AF_INET6;
		p.v6.sin6_port = port;
		memcpy(&p.v6.sin6_addr, address, 16);
	}
	return address_text(&p.any, p.length);
}

static inline void diag_line(const struct inet_diag_msg *m, const struct nlmsghdr *n)
{
	(void)n;
	say("  family %u state %u timer %u retrans %u %s -> %s if %u%s queues %u %u%s%s",
		m->idiag_family, m->idiag_state, m->idiag_timer, m->idiag_retrans,
		diag_address(m->idiag_family, m->id.idiag_src, m->id.idiag_sport),
		diag_address(m->idiag_family, m->id.idiag_dst, m->id.idiag_dport),
		m->id.idiag_if, m->idiag_expires ? " expires" : "", m->idiag_rqueue,
		m->idiag_wqueue, m->idiag_uid == getuid() ? " own" : "",
		m->idiag_inode ? " inode" : "");
}

/* The line, and each attribute with its length; of a byte its value. What depends on
 * how the kernel was made, or is set, is left out: the control group, the congestion
 * control's own. */
static inline void diag_full(const struct inet_diag_msg *m, const struct nlmsghdr *n)
{
	long left = (long)n->nlmsg_len - (long)NLMSG_LENGTH(sizeof(*m));

	diag_line(m, n);
	for (const struct rtattr *t = (const void *)(m + 1); RTA_OK(t, left);
		t = RTA_NEXT(t, left)) {
		const uint8_t *b = RTA_DATA(t);

		if (t->rta_type == INET_DIAG_CONG)
			say("    %u: a name", t->rta_type);
		else if (RTA_PAYLOAD(t) == 1)
			say("    %u: %u", t->rta_type, b[0]);
		else if (t->rta_type != INET_DIAG_BBRINFO && t->rta_type != INET_DIAG_VEGASINFO
			&& t->rta_type != INET_DIAG_PAD && t->rta_type != INET_DIAG_CGROUP_ID)
			say("    %u: %u bytes", t->rta_type, (unsigned)RTA_PAYLOAD(t));
	}
}

#endif
