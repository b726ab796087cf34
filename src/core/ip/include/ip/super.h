/* Cutting a super-segment of TCP into those that the wire knows (Linux:
 * tcp_gso_segment()): the header is the same but for the sequence number, PSH and
 * FIN, which only the last one has, CWR, which only the first, and the checksum.
 *
 *   if (super_begin(...))
 *           while (super_next()) send s.out
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef IP_SUPER_H
#define IP_SUPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ip/packet.h"
#include "wire/offload.h"

struct ip_host;

#define SUPER_HEADER_MAX 60 /* bytes: TCP's longest */
#define SUPER_CHECKSUM_AT 16 /* bytes into it */

struct super {
	const struct ip_packet_out *whole;
	const struct ip_addr *src;
	struct ip_packet_out out; /* the next one to send */
	size_t len;		  /* its bytes, the header included */
	size_t at, payload;	  /* bytes cut off, bytes in all */
	uint8_t header[SUPER_HEADER_MAX];
};

/* False: no such header. */
bool super_begin(struct super *s, const struct ip_packet_out *p,
	const struct ip_addr *src);
bool super_next(struct super *s);
/* For those who stand in for ip_send(): calls `send` for each segment of p, or once
 * for what is none. The first error, or 0. */
int super_each(const struct ip_packet_out *p, struct instant now,
	int (*send)(void *user, struct instant now, const struct ip_packet_out *p),
	void *user);

/* In: one as ops.super has it, the headers in spans[0], its text in the others, which
 * live during the call. False: it has to be whole (packet sockets look on, or it is none
 * that send_whole_super() makes), and nothing was done. */
bool ip_input_text(struct ip_host *h, uint32_t ifindex, struct instant now,
	const struct span *spans, unsigned n, const struct offload *o);

#endif
