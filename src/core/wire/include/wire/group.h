/* Messages about group membership: IGMP (RFC 1112 appendix I, 2236, 3376) and MLD
 * (RFC 2710, 3810), which say the same things in two dresses.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_GROUP_H
#define WIRE_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"

enum {
	IGMP_PROTO = 2,
	IGMP_QUERY = 0x11,
	IGMP_REPORT_V1 = 0x12,
	IGMP_REPORT_V2 = 0x16,
	IGMP_LEAVE = 0x17,
	IGMP_REPORT_V3 = 0x22,
	IGMP_OLD_LEN = 8,
	MLD_QUERY = 130,
	MLD_REPORT_V1 = 131,
	MLD_DONE = 132,
	MLD_REPORT_V2 = 143,
	MLD_OLD_LEN = 24,
	GROUP_REPORT_HEADER = 8,
};

enum group_kind { GROUP_QUERY, GROUP_REPORT, GROUP_OTHER };

struct group_message {
	enum group_kind kind; /* REPORT: of the old kinds, about one group */
	int version;	      /* of a query: IGMP 1, 2, 3; MLD 1, 2 */
	uint32_t max_resp_ms;
	struct ip_addr group; /* a general query: the any-address */
	uint8_t robustness;   /* 0: not said */
	uint32_t interval_s;  /* the querier's; 0: not said */
	const uint8_t *sources;
	unsigned n;
};

/* The whole message, IGMP's with its checksum, MLD's with one known good. 0, -EINVAL
 * malformed, -EBADMSG checksum. */
int igmp_parse(const void *data, size_t len, struct group_message *out);
int mld_parse(const void *data, size_t len, struct group_message *out);

/* One of the old reports, or of leaving; returns its length. */
size_t group_emit_old(uint8_t out[MLD_OLD_LEN], uint8_t type,
	const struct ip_addr *group, const struct ip_addr *src,
	const struct ip_addr *dst);

enum group_record { /* RFC 3376 4.2.12, RFC 3810 5.2.12 */
	GROUP_IS_INCLUDE = 1,
	GROUP_IS_EXCLUDE = 2,
	GROUP_TO_INCLUDE = 3,
	GROUP_TO_EXCLUDE = 4,
	GROUP_ALLOW = 5,
	GROUP_BLOCK = 6,
};

/* A report of the new kind while it grows in buf. */
struct group_report {
	uint8_t family;
	uint8_t *buf;
	size_t len, room;
	uint16_t records;
};
void group_report_begin(struct group_report *r, uint8_t family, void *buf,
	size_t room);
/* A record with as many of the n sources as there is room for; returns how many,
 * -1 when not even its head fits. */
int group_report_add(struct group_report *r, enum group_record type,
	const struct ip_addr *group, const uint8_t (*sources)[16], unsigned n);
/* Number and checksum; IPv6's covers the addresses. */
void group_report_end(struct group_report *r, const struct ip_addr *src,
	const struct ip_addr *dst);

#endif
