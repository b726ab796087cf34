/* When what has come is acknowledged: acktime.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_ACKTIME_H
#define TCP_ACKTIME_H

#include "conn.h"

/* Text came in order (Linux: tcp_event_data_recv()). */
void acktime_text(struct conn *c, struct instant now);
/* The peer waits to hear of something: the next ACKs at once, at most so many
 * (tcp_enter_quickack_mode()). */
void acktime_quick(struct conn *c, unsigned most);
/* A segment has been processed: now, later, or together (__tcp_ack_snd_check()). */
void acktime_decide(struct conn *c, struct instant now);
/* Is there an acknowledgement that a read would let go? */
bool acktime_waits_for_read(const struct conn *c);
/* The program has read n bytes (tcp_cleanup_rbuf()). True: an ACK is due. */
bool acktime_read(struct conn *c, uint32_t n);
/* Data goes out: is it an answer (tcp_event_data_sent())? */
void acktime_data_sent(struct conn *c, struct instant now);
/* An acknowledgement has gone out (tcp_event_ack_sent()). */
void acktime_sent(struct conn *c);
/* The time that one could wait is over. */
void acktime_late(struct conn *c, struct instant now);
/* So is that of those saved up; or no block is left to report the next hole with. */
void acktime_flush(struct conn *c, struct instant now);

#endif
