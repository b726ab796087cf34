/* What is unread, as Linux counts memory: not by its bytes but by what the packets
 * that brought them would take there. Nothing lies here, the bytes are in the fifo:
 * this is what the receive window is reckoned from.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_RXMEM_H
#define TCP_RXMEM_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/seq.h"

struct rxmem_entry {
	struct seq end; /* number after its last byte */
	uint32_t size;	/* bytes */
};

struct rxmem {
	struct rxmem_entry *at; /* own, a ring of `cap` (a power of two) */
	uint32_t first, n, cap;
	uint32_t total; /* bytes, of all entries */
	uint32_t spare; /* bytes of text that still fit the last one's packet */
	uint32_t chunks; /* that it has by now */
};

void rxmem_init(struct rxmem *m);
void rxmem_fini(struct rxmem *m);
/* What a packet takes. */
struct rxmem_packet {
	uint32_t size;	/* bytes */
	uint32_t spare; /* bytes of text that would still fit */
	uint32_t head;	/* bytes of size that hold no text; 0: it is one piece */
	uint32_t chunks; /* of pages */
};
/* That of a segment with len bytes of text behind `header` bytes of IP's and TCP's. */
struct rxmem_packet rxmem_packet(uint32_t header, uint32_t len);
/* Text up to `end`, len bytes, in such a packet: the one before may take it in (Linux:
 * skb_try_coalesce()). */
void rxmem_put(struct rxmem *m, struct seq end, uint32_t len,
	const struct rxmem_packet *p);
/* Read up to `to`, or to the end of the first packet, which then goes. Returns which. */
struct seq rxmem_read(struct rxmem *m, struct seq to);
/* Copied together into as few packets as can be (Linux: tcp_collapse()); bytes: of
 * text that is unread. */
void rxmem_collapse(struct rxmem *m, uint32_t bytes);
/* Of so many bytes of text, copied together. */
uint32_t rxmem_collapsed(uint32_t bytes);

#endif
