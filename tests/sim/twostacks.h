/* Two whole stacks on one virtual wire, in virtual time:
 *
 *   host 0  10.0.0.1/24, fd00::1/64      host 1  10.0.0.2/24, fd00::2/64
 *           02:00:00:00:00:01                    02:00:00:00:00:02
 *
 * The wire keeps order and delays each frame; a filter may take frames away.
 * Datagrams and errors that reach a host's users are kept in a log; UDP ports
 * and TCP ports listen where a test says so. TCP connections have buffers of
 * their own and are driven by the test. Everything is freed by two_free().
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TWOSTACKS_H
#define TWOSTACKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fifo.h"
#include "stack/stack.h"

enum { TWO_LOG = 64, TWO_PAYLOAD = 2048, TWO_CONNS = 16, TWO_FIFO = 65536 };

struct two_datagram {
	struct ip_name src;
	struct ip_name dst;
	uint8_t proto;
	size_t len;
	uint8_t payload[TWO_PAYLOAD];
};

struct two_error {
	struct ip_name local;
	struct ip_name remote;
	uint8_t proto;
	int err;
	uint32_t mtu;
	struct instant at;
};

struct two_conn {
	struct two_host *host;
	bool used;
	struct tcp_id id;
	struct tcp_tuple tuple;
	unsigned events; /* all that came */
	int err;
	struct fifo_shared tx_shared, rx_shared;
	struct fifo_end tx; /* our end: writer */
	struct fifo_end rx; /* our end: reader */
	struct tcp_bufs bufs;
	uint8_t tx_data[TWO_FIFO], rx_data[TWO_FIFO];
};

struct two_host {
	struct two *two;
	struct stack *stack;
	uint16_t udp_port; /* who listens; 0: nobody */
	uint16_t tcp_port;
	struct ip_addr v4, v6, ll;
	unsigned ndatagrams, nerrors;
	struct two_datagram datagrams[TWO_LOG];
	struct two_error errors[TWO_LOG];
	struct two_conn conns[TWO_CONNS];
};

struct two_frame; /* under way */

struct two {
	struct two_host host[2];
	struct instant now;
	struct duration delay; /* one way */
	struct two_frame *first, **last;
	/* False: the frame is lost. NULL: all arrive. */
	bool (*filter)(void *user, int from, const uint8_t *frame, size_t len);
	void *filter_user;
	uint64_t nframes; /* that entered the wire */
};

struct two *two_new(uint64_t seed);
void two_free(struct two *t);
/* Let this much time pass. */
void two_run(struct two *t, struct duration d);

struct ip_addr two_addr(const char *text);
/* 0 or the stack's error. */
int two_send_udp(struct two_host *h, const struct ip_addr *dst, uint16_t sport,
	uint16_t dport, const void *data, size_t len);
int two_ping(struct two_host *h, const struct ip_addr *dst, uint16_t id,
	uint16_t seq, size_t data_len);

/* Active open; NULL when the stack refuses (*err says why). */
struct two_conn *two_connect(struct two_host *h, const struct ip_addr *dst,
	uint16_t sport, uint16_t dport, int *err);
/* The n-th accepted connection of the host, or NULL. */
struct two_conn *two_accepted(struct two_host *h, unsigned n);
size_t two_write(struct two_conn *c, const void *data, size_t len);
size_t two_read(struct two_conn *c, void *data, size_t len);

#endif
