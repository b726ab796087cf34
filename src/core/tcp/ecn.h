/* Explicit congestion notification: ecn.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_ECN_H
#define TCP_ECN_H

#include "conn.h"

/* What a SYN of ours says; whether a SYN-ACK may say yes to s. */
uint8_t ecn_syn_flags(const struct tcp *t);
bool ecn_accepts(const struct tcp *t, const struct segment *s);
/* s is the SYN-ACK to our SYN. */
void ecn_syn_answered(struct conn *c, const struct segment *s);

/* Segments in. */
void ecn_received(struct conn *c, const struct segment *s);
void ecn_peer_reduced(struct conn *c, const struct segment *s);
/* Congestion experienced, whatever was agreed on. */
bool ecn_is_marked(const struct segment *s);
bool ecn_echoed(const struct conn *c, const struct tcp_header *h);

/* Segments out: the bits of TOS and of the header. new_data: text sent for the
 * first time. */
uint8_t ecn_tos(const struct conn *c, uint8_t tos, bool new_data);
uint8_t ecn_flags(struct conn *c, uint8_t flags, bool new_data);

#endif
