/* TCP Fast Open (RFC 7413): data in the SYN, against a cookie.
 *
 *   client   fastopen_open()  a SYN's option, and how much data may go with it
 *            fastopen_learn() what the SYN-ACK said of cookies
 *   server   fastopen_wants() may this SYN be taken at once?
 *            fastopen_child() ... fastopen_done(): such a connection, until the
 *            handshake is complete
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_FASTOPEN_H
#define TCP_FASTOPEN_H

#include "base/rng.h"
#include "tcp/tcp.h"
#include "wire/tcp.h"

struct conn;
struct segment;

/* Why data did not go with a SYN, or in vain: Linux's enum tcp_fastopen_client_fail. */
enum fo_fail { FO_FAIL_NONE, FO_NO_COOKIE, FO_DATA_NOT_ACKED, FO_SYN_SENT_AGAIN };

/* Fast open (RFC 7413), in Linux's words. */
struct conn_fo {
	bool reset;    /* it ends by a RST */
	bool child;    /* made by a SYN; the handshake is not complete */
	bool was_child; /* made by a SYN */
	bool asked;    /* syn_fastopen: our SYN had the option */
	bool exp;      /* in the experimental form */
	bool syn_data; /* our SYN had data */
	bool acked;    /* syn_data_acked: data in the SYN was taken */
	uint8_t fail;  /* enum fo_fail */
	struct tcp_cookie cookie; /* for the next SYN or SYN-ACK only */
};

enum { FO_PEERS = 256 }; /* remembered, a host; a power of two */

/* What a server has told us. */
struct fo_peer {
	struct ip_addr addr; /* family IP_NONE: nothing */
	uint16_t mss;
	uint8_t try_exp; /* 1: it knew no option of RFC 7413; 2: no other either */
	struct tcp_cookie cookie;
};

struct fastopen {
	struct siphash_key key;	    /* of cookies, the host's own */
	struct siphash_key hash;    /* of `peers` */
	struct fo_peer peers[FO_PEERS];
	struct instant until;	    /* not used before, a black hole */
	unsigned holes;		    /* found in a row */
};

void fastopen_init(struct fastopen *f, struct rng *rng);
/* The last of t: no connection is left. */
void fastopen_fini(struct tcp *t);

/* c is about to send its first SYN: sets its option. Returns how many bytes of tx
 * shall go with it. */
uint32_t fastopen_open(struct conn *c, struct instant now);
/* Its SYN-ACK came; nothing of it was acted upon yet. */
void fastopen_learn(struct conn *c, const struct tcp_header *h);
/* It timed out again, or what came out of order looks made up by a middlebox: is it
 * because somebody on the way dislikes SYNs with data? */
void fastopen_timed_out(struct conn *c, struct instant now);
void fastopen_ended_oddly(struct conn *c, struct instant now);
void fastopen_worked(struct conn *c);

/* A SYN for a listener. True: it may be taken at once. *answer is what the SYN-ACK
 * says in either case. */
bool fastopen_wants(struct tcp *t, struct instant now, const struct segment *s,
	const struct tcp_listen_info *info, struct tcp_cookie *answer);
/* A connection was made by such a SYN; false: no memory. */
bool fastopen_child(struct tcp *t, uint64_t listener);
/* Its handshake is over. reset: by a RST, as those who forge addresses provoke; it
 * counts for a while. */
void fastopen_done(struct tcp *t, struct instant now, uint64_t listener,
	bool reset);
void fastopen_listener_gone(struct tcp *t, uint64_t listener);

#endif
