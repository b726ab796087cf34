/* The words on an arrow, the same in each form of the picture.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_LABEL_H
#define DIAGRAM_LABEL_H

#include "calls.h"
#include "words.h"

#define LABEL_MAX 160

/* "SYN, ACK": of TCP's flags. */
void label_flags(unsigned flags, enum diagram_lang lang, char *buf, size_t size);
/* "PSH, ACK  seq 1  len 1448  ack 1  win 64,256", or what it says. */
void label_arrow(const struct talk_arrow *a, enum diagram_lang lang, char *buf,
	size_t size);
/* "retransmission", "duplicate ACK 2" ...; "" when there is nothing to say. */
void label_marks(const struct talk_arrow *a, enum diagram_lang lang, char *buf,
	size_t size);
/* "1,234,567"; in Spanish with spaces. */
const char *label_count(uint64_t n, enum diagram_lang lang, char buf[32]);
/* Port or address at one end of a flow: ":80", "10.0.0.1:80". */
void label_name(const struct ip_name *n, char *buf, size_t size);

#endif
