/* A host with one connection and the peer that it believes in, for fuzz_states.c;
 * how to bring it into a state, and what one record of the input does to it.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef FUZZ_STATES_H
#define FUZZ_STATES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "tcp/tcp.h"
#include "wire/tcp.h"

struct conn;

enum { HEADER = 8, RECORD = 16, PAYLOAD_MAX = 9000, BUF_MAX = 65536 };
enum { LISTENER = 1, COOKIE = 2 };

#define MUST(cond) \
	do { \
		if (!(cond)) { \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); \
			abort(); \
		} \
	} while (0)

struct host {
	struct tcp *tcp;
	struct instant now;
	struct tcp_tuple tuple;
	struct tcp_id id;
	struct tcp_options opt;
	bool open, detached, shut;
	bool listening, listen_full;
	bool hostile; /* the user's end of the fifos may lie */
	bool lied;
	int accept_error, send_result;
	uint8_t reenter; /* what the callback does: 1 abort, 2 detach */
	uint32_t mtu;
	uint32_t size;	/* bytes of each fifo */
	uint32_t count; /* where their counters begin */
	struct fifo_shared tx_sh, rx_sh;
	struct fifo_end tx, rx;
	uint32_t written, read; /* bytes */
	struct seq iss;	   /* of the last SYN out */
	uint32_t ts_last;  /* of the last segment out */
	struct seq edge;   /* right edge of the window offered */
	bool edge_known;
	struct seq peer_iss;
	uint32_t peer_ts;
	struct tcp_header syn; /* the peer's */
	uint8_t tx_mem[BUF_MAX], rx_mem[BUF_MAX];
};

/* fuzz_states.c */
struct conn *the_conn(const struct host *h);
/* A segment of the peer's; ports and payload are filled in. */
void give(struct host *h, struct tcp_header *hd, uint32_t len, uint8_t tos);
void user_write(struct host *h, uint32_t n);
void user_read(struct host *h, uint32_t n);
void user_connect(struct host *h);
void user_detach(struct host *h);
void user_shutdown(struct host *h);
/* Time passes to `until`, over at most so many timers. */
void pass_until(struct host *h, struct instant until, int budget);

/* states_enter.c: by calls and segments without a flaw; aborts if it does not get
 * there. */
void states_enter(struct host *h, uint8_t which);
/* states_step.c */
void states_step(struct host *h, const uint8_t record[RECORD]);

#endif
