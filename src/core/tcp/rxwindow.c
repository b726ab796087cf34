/* The window that we offer (RFC 9293 3.8.6): as much as may still be unread,
 * never drawn back, and not opened in small steps (3.8.6.2.2).
 *
 *   head      tail=rcv_nxt              rcv_adv
 *    |== unread ==|--- offered ------------|
 *    |<------- min(rx.size, rx_limit) ------->|
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "conn.h"
#include "output.h"

static uint32_t rx_capacity(const struct conn *c)
{
	uint32_t size = c->bufs.rx.size, limit = c->bufs.rx_limit;
	uint32_t cap = limit && limit < size ? limit : size;
	uint32_t most = 65535u << c->rcv_wscale; /* the field says no more */

	return cap < most ? cap : most;
}

/* Bytes that may be offered now; kills the connection when the reader's
 * counter is corrupt. */
uint32_t conn_rx_free(struct conn *c, struct instant now)
{
	uint32_t cap = rx_capacity(c);
	int64_t used;

	if (!c->bufs.rx.sh || c->dead || c->detached)
		return 0;
	used = fifo_writer_used(&c->bufs.rx);
	if (used < 0) {
		conn_send_rst(c, now);
		conn_kill(c, now, EPROTO);
		return 0;
	}
	return used < cap ? cap - (uint32_t)used : 0;
}

/* Bytes by which the right edge may advance in one go, 0 when that would be a
 * silly step (RFC 9293 3.8.6.2.2). */
static uint32_t edge_step(struct conn *c, uint32_t free)
{
	int32_t step = seq_diff(seq_add(c->rcv_nxt, free), c->rcv_adv);
	uint32_t half = rx_capacity(c) / 2;
	uint32_t mss = tcp_mss_limit(c->mtu, c->e.tuple.remote.addr.family, 0);

	if (step <= 0)
		return 0;
	return (uint32_t)step >= (half < mss ? half : mss) ? (uint32_t)step : 0;
}

uint16_t conn_advertise(struct conn *c, struct instant now, bool syn)
{
	uint8_t shift = syn ? 0 : c->rcv_wscale; /* RFC 7323 2.2 */
	uint32_t free, wnd, field;

	if (c->detached) /* nobody reads: keep what was promised */
		free = (uint32_t)seq_diff(c->rcv_adv, c->rcv_nxt);
	else
		free = conn_rx_free(c, now);
	if (syn) {
		wnd = free < TCP_SYN_WINDOW ? free : TCP_SYN_WINDOW;
		c->rcv_adv = seq_max(c->rcv_adv, seq_add(c->rcv_nxt, wnd));
		return (uint16_t)wnd;
	}
	wnd = (uint32_t)seq_diff(c->rcv_adv, c->rcv_nxt) + edge_step(c, free);
	field = wnd >> shift;
	if (field > 65535)
		field = 65535;
	/* Rounding down draws the edge back by less than one unit: round up
	 * where there is room, so that the peer's view stays put. */
	if (field << shift < wnd && field < 65535 && (field + 1) << shift <= free)
		field++;
	c->rcv_adv = seq_max(c->rcv_adv, seq_add(c->rcv_nxt, field << shift));
	return (uint16_t)field;
}

/* Worth a segment of its own? Nearly the Berkeley code's rule (tcp_output(),
 * "compare available window"): any step where the buffer is small; two segments'
 * worth that is also a quarter of the buffer, or where little is offered. For
 * the rest the next acknowledgement tells soon enough: a segment for each read
 * would double the load of a bulk transfer. */
bool conn_window_opened(struct conn *c, struct instant now)
{
	uint32_t free = conn_rx_free(c, now), cap = rx_capacity(c), step, mss;

	if (c->dead)
		return false;
	step = edge_step(c, free);
	mss = tcp_mss_limit(c->mtu, c->e.tuple.remote.addr.family, 0);
	if (step == 0 || cap <= 8 * mss)
		return step != 0;
	return step >= 2 * mss && (step >= cap / 4 || free - step <= cap / 8);
}
