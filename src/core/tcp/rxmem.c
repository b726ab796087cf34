/* What received packets would take on Linux: a queue of their sizes.
 *
 *   linear   |pad|IP TCP|text .. spare|shared info|    one piece of 2^n bytes
 *   paged    |head|  and pages, where a page cannot hold it all
 *
 * These are the packets that a TUN device makes (tun_alloc_skb()), which those of
 * most drivers resemble.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "rxmem.h"

#include <stdlib.h>

#include "ring.h"

enum {
	PAD = 64,	   /* NET_SKB_PAD */
	SHARED_INFO = 320, /* struct skb_shared_info, aligned */
	SELF = 256,	   /* struct sk_buff, aligned */
	HEAD_LEAST = 640,  /* SKB_SMALL_HEAD_CACHE_SIZE */
	PAGE = 4096,
	CHUNKS_MOST = 17, /* MAX_SKB_FRAGS */
	CHUNK_MAX = 8 * PAGE, /* PAGE_ALLOC_COSTLY_ORDER */
	COLLAPSED = PAGE - SHARED_INFO, /* text in a packet of tcp_collapse() */
	FIRST = 4,
	MOST = 8192, /* entries; more are counted together */
};

void rxmem_init(struct rxmem *m)
{
	*m = (struct rxmem){ 0 };
}

void rxmem_fini(struct rxmem *m)
{
	free(m->at);
	rxmem_init(m);
}

/* Whole pages, in chunks as large as they are useful (alloc_skb_with_frags()). */
static struct rxmem_packet paged(uint32_t bytes)
{
	struct rxmem_packet p = { .size = SELF + HEAD_LEAST,
		.head = SELF + HEAD_LEAST };
	uint32_t chunk = CHUNK_MAX;

	while (bytes) {
		uint32_t pages = (bytes + PAGE - 1) / PAGE * PAGE;

		while (chunk > PAGE && pages < chunk)
			chunk /= 2;
		p.size += chunk;
		p.chunks++;
		bytes = bytes > chunk ? bytes - chunk : 0;
	}
	return p;
}

struct rxmem_packet rxmem_packet(uint32_t header, uint32_t len)
{
	uint32_t n = PAD + header + len, need, size = HEAD_LEAST;

	if (n >= PAGE)
		return paged(header + len);
	need = (n + 63) / 64 * 64 + SHARED_INFO;
	if (need > size)
		for (size = 1024; size < need;)
			size *= 2;
	return (struct rxmem_packet){ .size = SELF + size,
		.spare = size - SHARED_INFO - n };
}

static struct rxmem_entry *entry(struct rxmem *m, uint32_t i)
{
	return &m->at[(m->first + i) & (m->cap - 1)];
}

static bool make_room(struct rxmem *m)
{
	static const struct ring_kind kind = { sizeof(struct rxmem_entry), FIRST,
		MOST };
	struct rxmem_entry *p = ring_room(m->at, &kind, &m->cap, &m->first, m->n);

	if (p)
		m->at = p;
	return p;
}

/* Copied into the last packet's end, or its pages hung on; false: neither. */
static bool coalesce(struct rxmem *m, struct seq end, uint32_t len,
	const struct rxmem_packet *p)
{
	struct rxmem_entry *last = m->n ? entry(m, m->n - 1) : NULL;

	if (!last)
		return false;
	if (len <= m->spare) {
		m->spare -= len;
	} else if (p->chunks && m->chunks + p->chunks <= CHUNKS_MOST) {
		m->chunks += p->chunks;
		m->spare = 0;
		last->size += p->size - p->head;
		m->total += p->size - p->head;
	} else {
		return false;
	}
	last->end = end;
	return true;
}

void rxmem_put(struct rxmem *m, struct seq end, uint32_t len,
	const struct rxmem_packet *p)
{
	struct rxmem_entry *last;

	if (coalesce(m, end, len, p))
		return;
	m->spare = p->spare;
	m->chunks = p->chunks;
	if (make_room(m)) {
		*entry(m, m->n++) = (struct rxmem_entry){ end, p->size };
		m->total += p->size;
	} else if (m->n) {
		last = entry(m, m->n - 1);
		last->end = end;
		last->size += p->size;
		m->total += p->size;
	} /* else there is no memory for one entry: it weighs nothing */
}

struct seq rxmem_read(struct rxmem *m, struct seq to)
{
	struct seq end;

	if (m->n == 0 || seq_lt(to, entry(m, 0)->end))
		return to;
	end = entry(m, 0)->end;
	m->total -= entry(m, 0)->size;
	m->first = (m->first + 1) & (m->cap - 1);
	if (--m->n == 0) {
		m->spare = m->chunks = 0;
		if (m->cap > FIRST)
			rxmem_fini(m);
	}
	return end;
}

uint32_t rxmem_collapsed(uint32_t bytes)
{
	return (bytes + COLLAPSED - 1) / COLLAPSED * (PAGE + SELF);
}

void rxmem_collapse(struct rxmem *m, uint32_t bytes)
{
	uint32_t size = rxmem_collapsed(bytes);
	struct seq end;

	if (m->n == 0 || size >= m->total)
		return;
	end = entry(m, m->n - 1)->end;
	m->n = 1;
	*entry(m, 0) = (struct rxmem_entry){ end, size };
	m->total = size;
	m->spare = 0;
	m->chunks = CHUNKS_MOST;
}
