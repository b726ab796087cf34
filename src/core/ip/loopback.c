/* Packets to ourselves: copied into a queue, delivered later as if they had come
 * in. A transport that sends to itself is thus never called while it sends, and
 * two ends of one host cannot recurse.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "host_priv.h"

int loopback_put(struct ip_host *h, uint32_t ifindex, const struct span *spans,
	unsigned n, size_t len)
{
	struct loop_queue *q = &h->loop;
	struct ip_buf *b = NULL;
	size_t at = 0;

	if (q->n < IP_LOOPBACK_PACKETS && q->bytes + len <= IP_LOOPBACK_BYTES)
		b = pool_get(&h->pool, len);
	if (!b) {
		h->stats.loopback_dropped++;
		return -ENOBUFS;
	}
	for (unsigned k = 0; k < n; at += spans[k].len, k++)
		if (spans[k].len)
			memcpy(b->data + at, spans[k].base, spans[k].len);
	b->ifindex = ifindex;
	b->unsure = q->unsure;
	b->seen = q->seen;
	b->foreign = q->foreign;
	list_push_back(&q->packets, &b->node);
	q->n++;
	q->bytes += len;
	return 0;
}

static struct ip_buf *take(struct loop_queue *q)
{
	struct ip_buf *b = LIST_ENTRY(q->packets.next, struct ip_buf, node);

	list_remove(&b->node);
	q->n--;
	q->bytes -= b->len;
	return b;
}

static void deliver(struct ip_host *h, struct instant now, struct ip_buf *b)
{
	struct rx rx = { .iface = iface_get(h, b->ifindex),
		.ifindex = b->ifindex, .looped = !b->foreign, .unsure = b->unsure, .l3 = b->data,
		.l3_len = b->len };

	if (!b->seen)
		look_loopback(h, now, false, &(struct span){ b->data, b->len }, 1);
	if (b->data[0] >> 4 == 4)
		input_ipv4(h, now, &rx);
	else
		input_ipv6(h, now, &rx);
}

void ip_flush(struct ip_host *h, struct instant now)
{
	h->now = now;
	if (h->loop.flushing)
		return;
	h->loop.flushing = true;
	for (int i = 0; i < IP_LOOPBACK_BUDGET && h->loop.n > 0; i++) {
		struct ip_buf *b = take(&h->loop);

		deliver(h, now, b);
		pool_put(&h->pool, b);
	}
	h->loop.flushing = false;
}

void loopback_fini(struct ip_host *h)
{
	while (h->loop.n > 0)
		pool_put(&h->pool, take(&h->loop));
}
