/* The receive window: how much may come. rxwindow.c says how it is found.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_RXWINDOW_H
#define TCP_RXWINDOW_H

#include "base/time.h"
#include "rxmem.h"
#include "tcp/rules.h"

struct conn;
struct segment;
struct tcp_recv_view;

struct rxwin {
	uint32_t rcvbuf; /* bytes of memory (Linux: sk_rcvbuf) */
	bool locked;	 /* SO_RCVBUF said so: it is not tuned */
	uint32_t clamp;	 /* bytes; no larger window (window_clamp) */
	uint32_t ssthresh; /* bytes; nor one larger than this yet (rcv_ssthresh) */
	uint16_t ratio;	 /* text in the memory of packets, of 256 (scaling_ratio) */
	uint32_t last_len; /* bytes; of the last segment, if it was not full */
	struct rxmem mem;
	uint32_t ooo_mem; /* bytes, likewise, of what is out of order */
	bool no_memory;	 /* text was dropped: say that nothing fits */
	/* Dynamic right-sizing: what is read in a round trip. */
	uint32_t space;	 /* bytes (rcvq_space.space) */
	struct seq space_seq;
	struct instant space_at;
	uint32_t rtt8;	 /* us * 8 */
	struct seq rtt_seq; /* where a window's worth ends */
	struct instant rtt_at;
	uint32_t rtt_tsecr; /* no second sample by the same echo */
	struct seq head; /* what had been read at the last look */
};

/* What a SYN says (Linux: tcp_select_initial_window()). */
struct rx_offer {
	uint32_t rcvbuf;	/* bytes; SO_RCVBUF's, or tcp_rmem's */
	bool locked;		/* it is SO_RCVBUF's */
	uint32_t clamp;		/* bytes; TCP_WINDOW_CLAMP, 0: none */
	uint32_t mss;		/* bytes of text in a full segment */
	bool scaled;		/* RFC 7323 2 is asked for, or agreed on */
	uint32_t wnd;		/* the answer: bytes */
	uint8_t wscale;
};
void rxwin_offer(const struct tcp_rules *rules, struct rx_offer *o);

void rxwin_init(struct conn *c, const struct rx_offer *o);
/* The handshake is done (Linux: tcp_init_buffer_space()). */
void rxwin_established(struct conn *c, struct instant now);
/* SO_RCVBUF, TCP_WINDOW_CLAMP while it is open. */
void rxwin_set(struct conn *c, uint32_t rcvbuf, uint32_t clamp);

/* What was read since the last look; how many bytes. */
uint32_t rxwin_look(struct conn *c, struct instant now);
/* May s come in, as to memory? Else it is dropped (Linux: tcp_try_rmem_schedule()). */
bool rxwin_admit(struct conn *c, const struct segment *s);
/* It has come: n bytes are in order by it now, or it is beyond a hole. */
void rxwin_in_order(struct conn *c, struct instant now, const struct segment *s,
	uint32_t n);
/* A segment in order that is worth its memory lets the window grow. */
void rxwin_grow(struct conn *c, const struct segment *s);
void rxwin_out_of_order(struct conn *c, const struct segment *s);
/* Text of that length: how long are the peer's segments (tcp_measure_rcv_mss())? */
void rxwin_measure(struct conn *c, const struct segment *s);
/* A timestamp came back, with text or not (tcp_rcv_rtt_measure_ts()). */
void rxwin_echo(struct conn *c, struct instant now, const struct segment *s);

/* Bytes that may come beyond rcv_nxt by what was said. */
uint32_t rxwin_now(const struct conn *c);
/* What would be said now (Linux: __tcp_select_window()). */
uint32_t rxwin_select(struct conn *c);
/* After a read: is it worth a segment (tcp_cleanup_rbuf())? */
bool rxwin_opened(struct conn *c);
/* Bytes that the ring would still hold; 0 when the reader's counter is corrupt. */
uint32_t rxwin_ring_free(const struct conn *c);
void rxwin_view(const struct conn *c, struct tcp_recv_view *v);
/* Bytes; what the memory is good for (tcp_full_space()). */
uint32_t rxwin_full_space(const struct conn *c);
/* Bytes of text in a full segment of the peer's (tp->advmss). */
uint32_t rxwin_advmss(const struct conn *c);

#endif
