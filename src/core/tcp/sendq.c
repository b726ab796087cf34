/* The ring of segments in flight and its sums.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sendq.h"

#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "ring.h"

enum { SENDQ_FIRST = 16 };

static const struct ring_kind kind = { sizeof(struct txseg), SENDQ_FIRST, TCP_SENDQ_MAX };

void sendq_init(struct sendq *q)
{
	*q = (struct sendq){ 0 };
}

void sendq_fini(struct sendq *q)
{
	free(q->ring);
	sendq_init(q);
}

bool sendq_make_room(struct sendq *q)
{
	struct txseg *ring = ring_room(q->ring, &kind, &q->cap, &q->head, q->n);

	if (ring)
		q->ring = ring;
	return ring;
}

static void count(struct sendq *q, const struct txseg *s, uint32_t sign)
{
	q->out += sign * s->len;
	if (s->flags & TXSEG_SACKED) {
		q->sacked += sign * s->len;
		q->nsacked += sign;
	}
	if (s->flags & TXSEG_LOST) {
		q->lost += sign * s->len;
		q->nlost += sign;
	}
	if (s->flags & TXSEG_RETRANS) {
		q->retrans += sign * s->len;
		q->nretrans += sign;
	}
}

struct txseg *sendq_push(struct sendq *q, struct seq start, uint32_t len,
	uint16_t flags, struct instant now)
{
	struct txseg *s = sendq_at(q, q->n++);

	*s = (struct txseg){ .start = start, .len = len, .sent = now,
		.flags = flags };
	count(q, s, 1);
	return s;
}

void sendq_pop(struct sendq *q)
{
	count(q, sendq_at(q, 0), -1u);
	q->head = (q->head + 1) & (q->cap - 1);
	q->n--;
	if (q->n == 0 && q->cap > SENDQ_FIRST * 4)
		sendq_fini(q); /* idle connections stay small */
}

void sendq_trim(struct sendq *q, uint32_t n)
{
	struct txseg *s = sendq_at(q, 0);

	count(q, s, -1u);
	s->start = seq_add(s->start, n);
	s->len -= n;
	s->flags &= (uint16_t)~TXSEG_SYN;
	count(q, s, 1);
}

void sendq_split(struct sendq *q, uint32_t i, uint32_t len)
{
	struct txseg *s, *rest;

	count(q, sendq_at(q, i), -1u);
	for (uint32_t j = q->n; j > i + 1; j--)
		*sendq_at(q, j) = *sendq_at(q, j - 1);
	q->n++;
	s = sendq_at(q, i);
	rest = sendq_at(q, i + 1);
	*rest = *s;
	rest->start = seq_add(s->start, len);
	rest->len = s->len - len;
	rest->flags &= (uint16_t)~TXSEG_SYN;
	s->len = len;
	s->flags &= (uint16_t)~(TXSEG_FIN | TXSEG_PSH | TXSEG_LAST | TXSEG_EOR);
	count(q, s, 1);
	count(q, rest, 1);
}

void sendq_join(struct sendq *q, uint32_t i)
{
	struct txseg *s = sendq_at(q, i), *next = sendq_at(q, i + 1);

	count(q, s, -1u);
	count(q, next, -1u);
	s->len += next->len;
	s->flags |= next->flags;
	count(q, s, 1);
	for (uint32_t j = i + 1; j + 1 < q->n; j++)
		*sendq_at(q, j) = *sendq_at(q, j + 1);
	q->n--;
}

void sendq_mark(struct sendq *q, struct txseg *s, uint16_t set, uint16_t clear)
{
	count(q, s, -1u);
	s->flags = (uint16_t)((s->flags | set) & ~clear);
	count(q, s, 1);
}

uint32_t sendq_find(const struct sendq *q, struct seq s)
{
	uint32_t lo = 0, hi = q->n;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (seq_le(txseg_end(sendq_at(q, mid)), s))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

uint32_t sendq_in_flight(const struct sendq *q)
{
	return q->out - q->sacked - q->lost + q->retrans;
}
