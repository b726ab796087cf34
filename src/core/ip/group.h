/* Inside ip: the groups that a host is in, by interface and family: what it hears of
 * them, and what it tells the routers (RFC 3376 and 3810, host part).
 *
 *	group.c		what each interface takes: RFC 3376 3.2's merging
 *	group_report.c	telling of it: when it changes, when the time has come
 *	group_query.c	who asks, and what waits to be answered
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_GROUP_H
#define IP_GROUP_H

#include "base/ipaddr.h"
#include "base/list.h"
#include "base/time.h"
#include "base/timerq.h"
#include "ip/host.h"
#include "wire/group.h"

enum {
	GROUP_ROBUSTNESS = 2,	 /* RFC 3376 8.1 */
	GROUP_INTERVAL_S = 125,	 /* 8.2 */
	GROUP_UNASKED_MS = 1000, /* 8.11: Unsolicited Report Interval */
	GROUP_UNASKED_OLD_MS = 10000, /* RFC 2236 8.10, RFC 2710 7.10 */
	GROUP_MAX = 1024,	 /* of an interface and family */
	GROUP_SOURCES = 256,	 /* more are taken for "all but none" */
};

struct group_set {
	unsigned n, room;
	uint8_t (*a)[16];
};

/* What is heard: only these, or all but these. */
struct group_filter {
	bool exclude;
	struct group_set sources;
};

struct group {
	struct list node; /* in its link's */
	struct ip_addr addr;
	bool fixed;	      /* of an address of ours (solicited node) */
	struct group_filter now;
	struct group_filter next; /* while it is put together: what sockets include
				     is `also`; RFC 3376 3.2 */
	struct group_set also;
	bool wanted;	      /* by anybody, this time */
	/* Telling of a change: so many times more, and of which sources. */
	uint8_t mode_left, sources_left;
	struct group_set changed;
	/* Answering, and the old versions' unasked reports. */
	struct instant report_at;
	struct group_set asked; /* by source; empty: whole */
	uint8_t old_left;
	bool last_reporter;
};

/* One interface in one family. */
struct group_link {
	struct list groups;
	unsigned n;
	bool quiet;		  /* lo: nobody to tell */
	uint8_t family;
	uint8_t robustness;
	uint32_t interval_s;
	struct instant general_at; /* answer to a general query */
	struct instant change_at;  /* the next report of changes */
	struct instant v1_until, v2_until; /* such a querier is there */
	struct timer_node timer;
	uint32_t ifindex;
};

/* group.c */
void group_link_init(struct group_link *l, uint8_t family, uint32_t ifindex);
void group_link_fini(struct group_link *l);
struct group *group_find(const struct group_link *l, const struct ip_addr *a);
bool group_hears(const struct group_link *l, const struct ip_addr *group,
	const struct ip_addr *from); /* NULL: anybody */
bool group_set_has(const struct group_set *s, const uint8_t a[16]);
bool group_set_add(struct group_set *s, const uint8_t a[16]);
void group_set_clear(struct group_set *s);
/* The solicited node's of an address that was added. */
void group_add_fixed(struct group_link *l, const struct ip_addr *group);
bool group_is_empty(const struct group_filter *f); /* nothing is heard */
void group_free(struct group_link *l, struct group *g);

/* group_report.c */
/* What the old version is, 0: the newest is spoken. */
int group_old_version(const struct group_link *l, struct instant now);
/* g has changed: tell of it, now and a few times more. */
void group_tell(struct ip_host *h, struct instant now, struct group_link *l,
	struct group *g);
/* Set the link's timer to what comes first. */
void group_arm(struct ip_host *h, struct group_link *l);
void group_flush_changes(struct ip_host *h, struct instant now,
	struct group_link *l);
void group_tick(struct ip_host *h, struct instant now);
/* Random, within so many ms. */
struct instant group_soon(struct ip_host *h, struct instant now, uint32_t max_ms);

/* group_query.c: an IGMP or MLD message came in, its checksum is right. */
void group_input(struct ip_host *h, struct instant now, struct group_link *l,
	const struct group_message *m);

#endif
