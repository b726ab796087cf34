/* The arena's geometry: laid out once by the service, checked once by each
 * program that maps it. From then on only the private struct shm_arena is
 * believed; an index that comes out of shared memory passes one of the _at()
 * functions before it is used.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "shm/arena.h"

#include <errno.h>
#include <string.h>

#include "base/atomic.h"
#include "tables.h"

#define SECTION_ALIGN 4096u	     /* bytes; each table starts on a page */
#define DEFAULT_SIZE (16ull << 30)   /* bytes, sparse */
#define BYTES_PER_SOCK (64u << 10)   /* default tables: one socket for so many */
#define SOCKS_MIN 64u
#define SOCKS_MAX (1u << 18)
#define PORTS_MAX (1u << 16) /* one chain for each port */
#define TIME_WAITS_MAX (1u << 14) /* the oldest make room */
#define RECORDS_MAX (1u << 24)

static uint32_t at_least(uint64_t n, uint32_t min)
{
	return n < min ? min : (uint32_t)n;
}

static uint32_t round_pow2(uint32_t n)
{
	uint32_t p = 1;

	while (p < n)
		p <<= 1;
	return p;
}

/* Fill what the caller left to us. */
static struct shm_geometry complete(const struct shm_geometry *g)
{
	struct shm_geometry r = *g;
	uint64_t n;

	if (r.size == 0)
		r.size = DEFAULT_SIZE;
	n = r.size / BYTES_PER_SOCK;
	if (r.n_socks == 0)
		r.n_socks = at_least(n < SOCKS_MAX ? n : SOCKS_MAX, SOCKS_MIN);
	if (r.n_fifos == 0)
		r.n_fifos = at_least(2ull * r.n_socks, SOCKS_MIN);
	if (r.n_rings == 0)
		r.n_rings = r.n_fifos;
	if (r.n_epolls == 0)
		r.n_epolls = at_least(r.n_socks / 16, SOCKS_MIN);
	if (r.n_items == 0)
		r.n_items = at_least(2ull * r.n_socks, SOCKS_MIN);
	if (r.n_ports == 0)
		r.n_ports = r.n_socks >= SOCKS_MAX ? PORTS_MAX :
			at_least(r.n_socks / 4, SOCKS_MIN);
	if (r.n_time_waits == 0)
		r.n_time_waits = r.n_socks < TIME_WAITS_MAX ?
			at_least(r.n_socks, SOCKS_MIN) : TIME_WAITS_MAX;
	if (r.n_time_waits <= RECORDS_MAX)
		r.n_time_waits = round_pow2(r.n_time_waits);
	if (r.n_ports <= RECORDS_MAX)
		r.n_ports = round_pow2(r.n_ports);
	return r;
}

static uint64_t section(uint64_t *end, uint64_t bytes)
{
	uint64_t at = *end;

	*end = (at + bytes + SECTION_ALIGN - 1) & ~(uint64_t)(SECTION_ALIGN - 1);
	return at;
}

/* Offsets into h from the (completed) counts; returns where the bytes begin. */
static uint64_t lay_out(struct shm_header *h, const struct shm_geometry *g)
{
	uint64_t end = 0;

	section(&end, sizeof(struct shm_header));
	h->n_procs = SHM_PROCS;
	h->n_socks = g->n_socks;
	h->n_fifos = g->n_fifos;
	h->n_rings = g->n_rings;
	h->n_epolls = g->n_epolls;
	h->n_items = g->n_items;
	h->n_ports = g->n_ports;
	h->n_time_waits = g->n_time_waits;
	h->off_procs = section(&end, (uint64_t)SHM_PROCS * sizeof(struct shm_proc));
	h->off_socks = section(&end, (uint64_t)g->n_socks * sizeof(struct shm_sock));
	h->off_fifos = section(&end, (uint64_t)g->n_fifos * sizeof(struct shm_fifo));
	h->off_rings = section(&end, (uint64_t)g->n_rings * sizeof(struct shm_ring));
	h->off_epolls = section(&end,
		(uint64_t)g->n_epolls * sizeof(struct shm_epoll));
	h->off_items = section(&end, (uint64_t)g->n_items * sizeof(struct shm_item));
	/* Two tables of sockets, two of what connections have left. */
	h->off_ports = section(&end, 4ull * g->n_ports * sizeof(uint32_t));
	h->off_time_waits = section(&end,
		(uint64_t)g->n_time_waits * sizeof(struct shm_time_wait));
	h->off_infos = section(&end,
		(uint64_t)g->n_socks * sizeof(struct shm_tcp_told));
	h->off_bytes = end;
	h->size = g->size;
	return end;
}

static bool counts_hold(const struct shm_geometry *g)
{
	const uint32_t n[] = { g->n_socks, g->n_fifos, g->n_rings, g->n_epolls,
		g->n_items, g->n_ports, g->n_time_waits };

	for (unsigned i = 0; i < sizeof(n) / sizeof(n[0]); i++) {
		if (n[i] < 2 || n[i] > RECORDS_MAX)
			return false;
	}
	return true;
}

uint64_t shm_arena_size(const struct shm_geometry *g)
{
	return complete(g).size;
}

/* h is a private copy: nobody changes it while we look. */
static void adopt(struct shm_arena *a, void *base, uint64_t size,
	const struct shm_header *h)
{
	uint8_t *b = base;

	memset(a, 0, sizeof(*a));
	a->base = b;
	a->size = size;
	a->hdr = base;
	a->procs = (struct shm_proc *)(b + h->off_procs);
	a->socks = (struct shm_sock *)(b + h->off_socks);
	a->fifos = (struct shm_fifo *)(b + h->off_fifos);
	a->rings = (struct shm_ring *)(b + h->off_rings);
	a->epolls = (struct shm_epoll *)(b + h->off_epolls);
	a->items = (struct shm_item *)(b + h->off_items);
	a->ports = (_Atomic uint32_t *)(b + h->off_ports);
	a->tw_newest = a->ports + 2 * (size_t)h->n_ports;
	a->tw_pairs = a->tw_newest + h->n_ports;
	a->time_waits = (struct shm_time_wait *)(b + h->off_time_waits);
	a->infos = (struct shm_tcp_told *)(b + h->off_infos);
	a->bytes = b + h->off_bytes;
	a->bytes_off = h->off_bytes;
	a->bytes_size = size - h->off_bytes;
	a->n_procs = h->n_procs;
	a->n_socks = h->n_socks;
	a->n_fifos = h->n_fifos;
	a->n_rings = h->n_rings;
	a->n_epolls = h->n_epolls;
	a->n_items = h->n_items;
	a->n_ports = h->n_ports;
	a->n_time_waits = h->n_time_waits;
}

static void pool_init(struct shm_pool *p, uint32_t capacity)
{
	p->capacity = capacity;
	atomic_put_relaxed(&p->fresh, 1);
}

int shm_arena_create(struct shm_arena *a, void *base, uint64_t size,
	const struct shm_geometry *g)
{
	struct shm_geometry full = complete(g);
	struct shm_header *h = base;

	if (size < full.size || !counts_hold(&full) ||
		size < sizeof(struct shm_header) ||
		(uintptr_t)base % alignof(struct shm_header) != 0)
		return -EINVAL;
	if (lay_out(h, &full) + SHM_RING_SHARE + (1u << SHM_RING_MIN_LOG2) > full.size)
		return -EINVAL;
	adopt(a, base, full.size, h);
	pool_init(&h->socks, h->n_socks);
	pool_init(&h->fifos, h->n_fifos);
	pool_init(&h->rings, h->n_rings);
	pool_init(&h->epolls, h->n_epolls);
	pool_init(&h->items, h->n_items);
	atomic_put_relaxed(&h->bytes_next, SHM_RING_SHARE);
	h->port_first = 32768;
	h->port_last = 60999;
	h->rcvbuf_default = h->sndbuf_default = 212992; /* Linux's */
	h->rcvbuf_max = h->sndbuf_max = 4u << 20;
	h->sysctl = (struct shm_sysctl){
		/* RFC 9293 3.8.4 (MUST-28): no less than two hours */
		.tcp_keepalive_time = 7200,
		.tcp_keepalive_intvl = 75,
		.tcp_keepalive_probes = 9,
		.tcp_fin_timeout = 60,
		.tcp_syn_retries = 6,
		.tcp_rmem_default = 131072,
		.tcp_rmem_max = 6u << 20,
		.tcp_wmem_default = 16384,
		.tcp_wmem_max = 4u << 20,
		.tcp_notsent_lowat = UINT32_MAX,
		.tcp_fastopen = 1,
		.tcp_base_mss = 1024,
	};
	h->version = SHM_VERSION;
	h->magic = SHM_MAGIC;
	return 0;
}

int shm_arena_attach(struct shm_arena *a, void *base, uint64_t size)
{
	struct shm_header h, want;
	struct shm_geometry g;

	if (size < sizeof(h))
		return -EPROTO;
	memcpy(&h, base, sizeof(h));
	if (h.magic != SHM_MAGIC || h.version != SHM_VERSION || h.size > size)
		return -EPROTO;
	g = (struct shm_geometry){ .size = h.size, .n_socks = h.n_socks,
		.n_fifos = h.n_fifos, .n_rings = h.n_rings,
		.n_epolls = h.n_epolls, .n_items = h.n_items,
		.n_ports = h.n_ports, .n_time_waits = h.n_time_waits };
	if (!counts_hold(&g) || (h.n_ports & (h.n_ports - 1)) != 0 ||
		(h.n_time_waits & (h.n_time_waits - 1)) != 0)
		return -EPROTO;
	/* There is one layout for given counts. */
	if (lay_out(&want, &g) >= h.size || h.n_procs != want.n_procs ||
		h.off_procs != want.off_procs || h.off_socks != want.off_socks ||
		h.off_fifos != want.off_fifos || h.off_rings != want.off_rings ||
		h.off_epolls != want.off_epolls || h.off_items != want.off_items ||
		h.off_ports != want.off_ports ||
		h.off_time_waits != want.off_time_waits ||
		h.off_infos != want.off_infos || h.off_bytes != want.off_bytes)
		return -EPROTO;
	adopt(a, base, h.size, &h);
	return 0;
}
