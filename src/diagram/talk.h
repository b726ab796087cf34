/* The conversation that captures show: who spoke (hosts), about what (flows: a TCP
 * connection, an exchange over UDP ...) and what was said (arrows). A packet that was
 * seen at several points is one arrow, from where it was seen first to where last.
 *
 *   captures -> talk_add() -> sightings -> talk_join() -> arrows, hosts, flows
 *                                          watch_all() -> marks, notes, states
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_TALK_H
#define DIAGRAM_TALK_H

#include "capture.h"
#include "dissect.h"

/* More than that is no conversation: then -E2BIG. */
#define TALK_HOSTS_MAX 1024
#define TALK_FLOWS_MAX 4096
#define HOST_NAME_MAX_ 64
#define HOST_ADDRS_MAX 8
#define NOTE_MAX 64

struct talk_host {
	char name[HOST_NAME_MAX_]; /* "" when no capture or event says it */
	struct ip_addr addrs[HOST_ADDRS_MAX];
	unsigned n_addrs;
};

/* What is known of a time of arrival. */
enum arrival {
	ARRIVAL_KNOWN,
	ARRIVAL_UNKNOWN, /* seen at one point: drawn level */
	ARRIVAL_NEVER,	 /* lost on the way */
};

enum arrow_mark { /* what the analysis found, a set */
	MARK_RETRANSMIT = 1,
	MARK_DUP_ACK = 2,
	MARK_ZERO_WINDOW = 4,
	MARK_WINDOW_UPDATE = 8,
	MARK_OUT_OF_ORDER = 16,
	MARK_KEEPALIVE = 32,
	MARK_PROBE = 64,
	MARK_DUPLICATED = 128, /* by the link */
};

struct talk_arrow {
	int64_t sent;
	int64_t arrived; /* as sent when unknown or never */
	uint8_t arrival; /* enum arrival */
	uint8_t side;	 /* of the flow: who sends */
	unsigned from, to; /* hosts */
	unsigned flow;
	unsigned frame;	 /* the packet's number in the captures, from 1 */
	enum seen_kind kind;
	uint8_t ttl;
	uint16_t flags;	 /* TCP's, of the header */
	unsigned marks;	 /* set of enum arrow_mark */
	unsigned dup;	 /* number of the duplicate ACK */
	uint32_t len;
	uint32_t seq, ack; /* relative to the first numbers */
	uint32_t window;   /* bytes, scaled if the scale is known */
	struct tcp_header tcp;
	char text[SEEN_TEXT_MAX];
	char note[NOTE_MAX]; /* why it was lost, what the link did */
};

struct talk_flow {
	enum seen_kind kind;
	struct ip_name name[2]; /* [0]: who spoke first */
	unsigned host[2];
	uint8_t proto;
	unsigned arrows;
	bool whole; /* TCP: its beginning was seen */
	bool over;  /* TCP: a further SYN is of another connection */
	size_t changed[2]; /* each side's last change: as talk_change.before */
};

/* Where an endpoint's TCP goes into a state, and what its buffers hold. */
struct talk_change {
	int64_t at;
	unsigned flow, side;
	const char *state; /* RFC 9293's name */
	size_t before; /* the number of this end's last one, from 1; 0: none */
};

/* Bytes in an endpoint's buffers from then on, as the packets let one know. */
struct talk_level {
	int64_t at;
	unsigned flow, side;
	uint32_t sent;	   /* under way: sent and not acknowledged */
	uint32_t received; /* by how much the window offered has shrunk */
};

struct sighting;

struct talk {
	enum diagram_lang lang;
	struct talk_host *hosts;
	size_t n_hosts, hosts_room;
	struct talk_flow *flows;
	size_t n_flows, flows_room;
	struct talk_arrow *arrows; /* by time of sending */
	size_t n_arrows, arrows_room;
	struct talk_change *changes; /* by time */
	size_t n_changes, changes_room;
	struct talk_level *levels; /* by time */
	size_t n_levels, levels_room;
	struct sighting *seen;
	size_t n_seen, seen_room;
	size_t left_out;   /* housekeeping that is not shown */
	size_t not_known;  /* packets that say nothing to us */
	size_t bad_links;  /* of a link type that cannot be read */
	uint16_t bad_link; /* the last such */
};

struct talk_wish {
	bool all; /* also the network's housekeeping */
	enum diagram_lang lang;
};

/* 0, -E2BIG or -ENOMEM. The capture must outlive the talk. */
int talk_build(struct talk *t, const struct capture *c, const struct talk_wish *w);
void talk_fini(struct talk *t);
/* The host that has this address, or this name; a new one if need be. -E2BIG,
 * -ENOMEM. */
int talk_host(struct talk *t, const struct ip_addr *a, const char *name);
/* "client (10.0.0.1)", "10.0.0.1". */
void talk_host_text(const struct talk_host *h, char *buf, size_t size);
/* watch.c: what the segments of each connection mean. 0 or -ENOMEM. */
int watch_all(struct talk *t);

#endif
