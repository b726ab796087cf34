/* Facts in, wake-ups out: timers.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_TIMERS_H
#define TCP_TIMERS_H

#include "conn.h"

void timers_init(struct conn *c);
void timers_syn_sent(struct conn *c, struct instant now);
void timers_syn_again(struct conn *c, struct instant now);
void timers_data_sent(struct conn *c, struct instant now, bool first);
void timers_head_resent(struct conn *c, struct instant now);
void timers_progress(struct conn *c);
void timers_acked(struct conn *c, struct instant now);
void timers_rto_in(struct conn *c, struct instant now, struct duration d);
void timers_reorder_done(struct conn *c, struct instant now);
void timers_heard(struct conn *c, struct instant now);
/* An ACK may wait so long. True: one that waits already is nearly due (Linux). */
bool timers_ack_wait(struct conn *c, struct instant now, struct duration wait);
void timers_ack_compress(struct conn *c, struct instant now, struct duration wait);
void timers_ack_sent(struct conn *c);
void timers_send_blocked(struct conn *c, struct instant now);
void timers_window(struct conn *c, struct instant now);
void timers_reorder_wait(struct conn *c, struct instant at);
/* Not before that may more be sent. */
void timers_pace(struct conn *c, struct instant at);
void timers_keepalive_changed(struct conn *c, struct instant now);
void timers_stop(struct conn *c);
/* Sets the queue's node from what is due. */
void timers_settle(struct conn *c);
void timers_run(struct conn *c, struct instant now);

#endif
