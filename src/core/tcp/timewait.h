/* What remains of a connection after its end: TIME-WAIT, and FIN-WAIT-2 of a
 * connection whose user is gone, as Linux keeps it.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_TIMEWAIT_H
#define TCP_TIMEWAIT_H

#include "conn.h"

struct time_wait {
	struct entry e;
	enum tcp_state state; /* TCP_TIME_WAIT or TCP_FIN_WAIT_2 */
	struct seq snd_nxt, rcv_nxt;
	uint32_t rcv_wnd; /* bytes that were offered */
	int32_t fin_wait2; /* s, that state's length */
	uint8_t rcv_wscale;
	uint8_t ttl, tos;
	bool ts_on;
	uint32_t ts_recent, ts_offset;
	struct instant ts_recent_at;
	struct instant challenged;
};

static inline struct time_wait *time_wait_of(struct entry *e)
{
	return (struct time_wait *)(void *)e;
}

/* Takes over from c (which still is in the table and soon dies). */
void time_wait_start(struct conn *c, struct instant now, enum tcp_state state);
/* True: the segment is a new connection's SYN, the record is gone, *isn is
 * what the new one must begin at (RFC 6191, RFC 1122 4.2.2.13). */
bool time_wait_input(struct tcp *t, struct instant now, struct time_wait *w,
	const struct segment *s, struct seq *isn);
/* May tcp_connect() use its four-tuple (RFC 6191)? */
bool time_wait_may_reuse(const struct tcp *t, struct instant now,
	const struct time_wait *w);
void time_wait_free(struct tcp *t, struct time_wait *w);

#endif
