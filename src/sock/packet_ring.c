/* Packet sockets: rings that the program maps (PACKET_RX_RING). Linux's
 * tpacket_rcv(), packet_set_ring() and Documentation/networking/packet_mmap.rst.
 *
 *	TPACKET_V1, V2	block_nr blocks of whole frames; one frame a packet, whose
 *			first word is whose it is
 *	TPACKET_V3	packets one behind the other in a block; the block as a whole
 *			changes hands, full or after some time
 *
 * The memory is a fifo's ring, so it lies in the arena, which the program has mapped
 * already: mmap() shows it once more. The service fills it, trusting nothing that
 * stands in the page or in the frames: every place is computed anew and checked
 * against the memory's size.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "packet.h"

#include <linux/if_packet.h>
#include <poll.h>
#include <string.h>

#define PAGE 4096u
#define NS_PER_S 1000000000
#define MAC_ROOM 16u /* Linux: at least so much before the network header */
#define ALIGN8(n) (((n) + 7) / 8 * 8)
#define BLOCK_HEADER ALIGN8((uint32_t)sizeof(struct tpacket_block_desc))
#define RETIRE_DEFAULT_MS 8 /* DEFAULT_PRB_RETIRE_TOV */

static const uint16_t header_lens[] = { [TPACKET_V1] = TPACKET_HDRLEN,
	[TPACKET_V2] = TPACKET2_HDRLEN, [TPACKET_V3] = TPACKET3_HDRLEN };

bool packet_has_ring(const struct shm_packet *p)
{
	return sock_once(&p->rx.fifo) != 0;
}

/* What is relied on: a copy, checked. */
struct ring {
	uint8_t *base;
	uint32_t block_size, block_nr, frame_size, per_block;
	uint32_t version, reserve, priv;
	struct shm_packet_ring *r;
};

/* BLK_PLUS_PRIV */
static uint32_t block_begin(uint32_t priv)
{
	return BLOCK_HEADER + ALIGN8(priv);
}

/* The first whole page. */
static uint8_t *page_of(const struct fifo_end *end)
{
	return end->data + (-(uintptr_t)end->data & (PAGE - 1));
}

static bool ring_of(const struct sock_env *e, struct shm_packet *p, struct ring *out)
{
	uint32_t at = sock_once(&p->rx.fifo);
	struct fifo_end end;

	if (!shm_fifo_at(e->arena, at) || shm_fifo_reader(e->arena, at, &end) < 0)
		return false;
	*out = (struct ring){ .base = page_of(&end),
		.block_size = sock_once(&p->rx.block_size),
		.block_nr = sock_once(&p->rx.block_nr),
		.frame_size = sock_once(&p->rx.frame_size),
		.version = sock_once(&p->version),
		.reserve = sock_once(&p->reserve),
		.priv = sock_once(&p->rx.priv_size), .r = &p->rx };
	if (out->version > TPACKET_V3 || out->block_nr == 0 || out->block_size < PAGE ||
		out->block_size % PAGE ||
		out->block_nr > (end.size - PAGE) / out->block_size ||
		out->frame_size < header_lens[out->version] ||
		out->frame_size > out->block_size ||
		out->frame_size % TPACKET_ALIGNMENT || out->reserve > out->block_size ||
		out->priv > out->block_size)
		return false;
	out->per_block = out->block_size / out->frame_size;
	return out->version < TPACKET_V3 ||
		block_begin(out->priv) + TPACKET3_HDRLEN <= out->block_size;
}

static uint32_t head_of(const struct ring *g)
{
	uint32_t n = g->version == TPACKET_V3 ? g->block_nr :
						g->block_nr * g->per_block;

	return sock_once(&g->r->head) % n;
}

static uint32_t before(const struct ring *g, uint32_t head)
{
	uint32_t n = g->version == TPACKET_V3 ? g->block_nr :
						g->block_nr * g->per_block;

	return (head ? head : n) - 1;
}

static uint8_t *place(const struct ring *g, uint32_t at)
{
	if (g->version == TPACKET_V3)
		return g->base + (size_t)at * g->block_size;
	return g->base + (size_t)(at / g->per_block) * g->block_size +
		(size_t)(at % g->per_block) * g->frame_size;
}

/* Whose a frame or block is. TPACKET_V1 has a long there: its low half counts. */
static _Atomic uint32_t *status_at(const struct ring *g, uint8_t *at)
{
	if (g->version == TPACKET_V3)
		at += offsetof(struct tpacket_block_desc, hdr.bh1.block_status);
	return (_Atomic uint32_t *)(void *)at;
}

bool packet_readable(const struct sock_env *e, const struct shm_sock *s)
{
	struct shm_packet *p = packet_page(e, s);
	struct ring g;

	/* Pairs with the program's and our stores of it. */
	return p && packet_has_ring(p) && ring_of(e, p, &g) && atomic_get_acquire(status_at(&g,
		place(&g, before(&g, head_of(&g))))) != TP_STATUS_KERNEL;
}

/* --- what a packet's header says --- */

struct stamp {
	uint32_t s, ns;
};

static struct stamp stamp_of(int64_t ns)
{
	return (struct stamp){ (uint32_t)(ns / NS_PER_S), (uint32_t)(ns % NS_PER_S) };
}

struct layout {
	uint32_t mac, net, keep;
};

/* Linux: tpacket_rcv(). room: of the whole frame. */
static struct layout lay_out(const struct ring *g, const struct packet_in *in,
	uint32_t room)
{
	uint32_t header = TPACKET_ALIGN(header_lens[g->version]) + g->reserve;
	struct layout l = { .keep = in->keep };

	l.net = header + MAC_ROOM;
	l.mac = l.net - in->net;
	if (l.mac > room)
		l.mac = room;
	if (l.keep > room - l.mac)
		l.keep = room - l.mac;
	return l;
}

static void put_bytes(uint8_t *to, const struct packet_in *in, uint32_t keep)
{
	for (unsigned k = 0; k < in->n && keep > 0; k++) {
		size_t piece = in->spans[k].len < keep ? in->spans[k].len : keep;

		memcpy(to, in->spans[k].base, piece);
		to += piece;
		keep -= (uint32_t)piece;
	}
}

static void put_address(uint8_t *frame, size_t header, const struct packet_in *in)
{
	struct sockaddr_ll ll;

	packet_address(in->frame, &ll);
	memcpy(frame + TPACKET_ALIGN(header), &ll, sizeof(ll));
}

static void put_v1(uint8_t *frame, const struct packet_in *in, const struct layout *l)
{
	struct stamp t = stamp_of(in->frame->time_ns);
	struct tpacket_hdr h = { .tp_len = in->len, .tp_snaplen = l->keep,
		.tp_mac = (uint16_t)l->mac, .tp_net = (uint16_t)l->net,
		.tp_sec = t.s, .tp_usec = t.ns / 1000 };

	memcpy(frame + sizeof(h.tp_status), (uint8_t *)&h + sizeof(h.tp_status),
		sizeof(h) - sizeof(h.tp_status));
	memset(frame + sizeof(uint32_t), 0, sizeof(h.tp_status) - sizeof(uint32_t));
	put_address(frame, sizeof(h), in);
}

static void put_v2(uint8_t *frame, const struct packet_in *in, const struct layout *l)
{
	struct stamp t = stamp_of(in->frame->time_ns);
	struct tpacket2_hdr h = { .tp_len = in->len, .tp_snaplen = l->keep,
		.tp_mac = (uint16_t)l->mac, .tp_net = (uint16_t)l->net,
		.tp_sec = t.s, .tp_nsec = t.ns };

	memcpy(frame + sizeof(h.tp_status), (uint8_t *)&h + sizeof(h.tp_status),
		sizeof(h) - sizeof(h.tp_status));
	put_address(frame, sizeof(h), in);
}

/* --- TPACKET_V1 and V2 --- */

static bool put_frame(const struct ring *g, struct shm_packet *p,
	const struct packet_in *in)
{
	struct layout l = lay_out(g, in, g->frame_size);
	uint32_t head = head_of(g), status = TP_STATUS_USER;
	uint8_t *frame = place(g, head);

	/* Pairs with the program's giving it back. */
	if (atomic_get_acquire(status_at(g, frame)) != TP_STATUS_KERNEL) {
		atomic_add(&p->drops, 1); /* statistics: no order */
		return false;
	}
	g->r->head = head + 1;
	if (atomic_get_relaxed(&p->drops))
		status |= TP_STATUS_LOSING;
	put_bytes(frame + l.mac, in, l.keep);
	if (g->version == TPACKET_V1)
		put_v1(frame, in, &l);
	else
		put_v2(frame, in, &l);
	/* Pairs with the program's look: the packet comes before it. */
	atomic_put_release(status_at(g, frame), status);
	return true;
}

/* --- TPACKET_V3 --- */

static struct tpacket_hdr_v1 *block_header(uint8_t *block)
{
	return &((struct tpacket_block_desc *)(void *)block)->hdr.bh1;
}

static void open_block(const struct ring *g, uint8_t *block, int64_t now)
{
	struct tpacket_block_desc d = { .version = TPACKET_V3,
		.offset_to_priv = BLOCK_HEADER };
	struct stamp t = stamp_of(now);

	d.hdr.bh1.offset_to_first_pkt = block_begin(g->priv);
	d.hdr.bh1.blk_len = block_begin(g->priv);
	d.hdr.bh1.seq_num = g->r->sequence++;
	d.hdr.bh1.ts_first_pkt.ts_sec = t.s;
	d.hdr.bh1.ts_first_pkt.ts_nsec = t.ns;
	memcpy(block, &d, sizeof(d));
	g->r->next = block_begin(g->priv);
	g->r->last = g->r->packets = g->r->frozen = 0;
}

static bool is_ours(const struct ring *g, uint8_t *block)
{
	/* Pairs with the program's giving it back. */
	return atomic_get_acquire(status_at(g, block)) == TP_STATUS_KERNEL;
}

/* The block to the program, the next one's turn; frozen if it is not ours. */
static void close_block(const struct ring *g, struct shm_packet *p, uint32_t status,
	int64_t now)
{
	uint32_t head = head_of(g), last = sock_once(&g->r->last);
	uint8_t *block = place(g, head);
	struct tpacket_hdr_v1 *h = block_header(block);
	struct tpacket3_hdr pkt = { 0 };

	if (last && last <= g->block_size - sizeof(pkt)) {
		memcpy(&pkt, block + last, sizeof(pkt));
		pkt.tp_next_offset = 0;
		memcpy(block + last, &pkt, sizeof(pkt));
		h->ts_last_pkt.ts_sec = pkt.tp_sec;
		h->ts_last_pkt.ts_nsec = pkt.tp_nsec;
	}
	if (atomic_get_relaxed(&p->drops))
		status |= TP_STATUS_LOSING;
	/* Pairs with the program's look: the packets come before it. */
	atomic_put_release(status_at(g, block), TP_STATUS_USER | status);
	g->r->head = (head + 1) % g->block_nr;
	block = place(g, head_of(g));
	if (is_ours(g, block)) {
		open_block(g, block, now);
	} else {
		g->r->frozen = 1;
		atomic_add(&p->freezes, 1); /* a statistic */
	}
}

/* Where `need` bytes are free in the block under way; 0: nowhere. */
static uint32_t find_room(const struct ring *g, struct shm_packet *p, uint32_t need,
	int64_t now, bool *closed)
{
	for (int tries = 0; tries < 2; tries++) {
		uint8_t *block = place(g, head_of(g));
		uint32_t next = sock_once(&g->r->next);

		if (sock_once(&g->r->frozen)) {
			if (!is_ours(g, block))
				return 0;
			open_block(g, block, now);
			next = block_begin(g->priv);
		}
		if (next >= block_begin(g->priv) && next % 8 == 0 &&
			next < g->block_size && g->block_size - next > need)
			return next;
		if (tries == 0) {
			close_block(g, p, 0, now);
			*closed = true;
		}
	}
	return 0;
}

static bool put_in_block(const struct ring *g, struct shm_packet *p,
	const struct packet_in *in)
{
	uint32_t most = g->block_size - block_begin(g->priv) - 8;
	struct layout l = lay_out(g, in, most);
	uint32_t need = ALIGN8(l.mac + l.keep), at;
	struct stamp t = stamp_of(in->frame->time_ns);
	struct tpacket3_hdr h = { .tp_next_offset = need, .tp_len = in->len,
		.tp_snaplen = l.keep, .tp_mac = (uint16_t)l.mac,
		.tp_net = (uint16_t)l.net, .tp_sec = t.s, .tp_nsec = t.ns,
		.tp_status = TP_STATUS_USER };
	struct tpacket_hdr_v1 *b;
	bool closed = false;
	uint8_t *block;

	at = need < TPACKET3_HDRLEN ? 0 :
		find_room(g, p, need, in->frame->time_ns, &closed);
	if (at == 0) {
		atomic_add(&p->drops, 1);
		return closed;
	}
	block = place(g, head_of(g));
	put_bytes(block + at + l.mac, in, l.keep);
	memcpy(block + at, &h, sizeof(h));
	put_address(block + at, sizeof(h), in);
	g->r->last = at;
	g->r->next = at + need;
	b = block_header(block);
	b->num_pkts = ++g->r->packets;
	b->blk_len = at + need;
	return closed;
}

bool packet_ring_put(const struct sock_env *e, struct shm_packet *p,
	const struct packet_in *in)
{
	struct ring g;

	if (!ring_of(e, p, &g) || in->net > MAC_ROOM)
		return false;
	atomic_add(&p->packets, 1); /* a statistic */
	return g.version == TPACKET_V3 ? put_in_block(&g, p, in) :
					 put_frame(&g, p, in);
}

bool sock_packet_retire(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_packet *p = s ? packet_page(e, s) : NULL;
	struct ring g;

	if (!p || !ring_of(e, p, &g) || g.version != TPACKET_V3 ||
		sock_once(&g.r->frozen) || sock_once(&g.r->packets) == 0)
		return false;
	close_block(&g, p, TP_STATUS_BLK_TMO, e->wall_ns ? e->wall_ns(e->user) : 0);
	return sock_notify(e, i, POLLIN | POLLRDNORM);
}

/* --- the option --- */

static int check_request(const struct shm_packet *p, const struct tpacket_req3 *q)
{
	uint32_t least = header_lens[p->version] + p->reserve;
	uint64_t plus = (uint64_t)BLOCK_HEADER + ALIGN8((uint64_t)q->tp_sizeof_priv);
	uint32_t per;

	if ((int)q->tp_block_size <= 0 || q->tp_block_size % PAGE)
		return -EINVAL;
	if (p->version == TPACKET_V3 && q->tp_block_size < plus + least)
		return -EINVAL;
	if (q->tp_frame_size < least || q->tp_frame_size % TPACKET_ALIGNMENT)
		return -EINVAL;
	per = q->tp_block_size / q->tp_frame_size;
	if (per == 0 || per > UINT32_MAX / q->tp_block_nr ||
		per * q->tp_block_nr != q->tp_frame_nr)
		return -EINVAL;
	return 0;
}

static int make_ring(struct sock_env *e, struct shm_packet *p,
	const struct tpacket_req3 *q)
{
	uint64_t bytes = (uint64_t)q->tp_block_size * q->tp_block_nr;
	struct fifo_end end;
	uint32_t at;

	/* A page more, as rings begin in the midst of one. */
	at = bytes + PAGE > UINT32_MAX ? 0 :
		shm_fifo_take(e->arena, (uint32_t)bytes + PAGE);
	if (at == 0 || shm_fifo_reader(e->arena, at, &end) < 0 ||
		end.size < bytes + PAGE) {
		shm_fifo_free(e->arena, at);
		return -ENOMEM;
	}
	memset(page_of(&end), 0, bytes);
	p->rx = (struct shm_packet_ring){ .block_size = q->tp_block_size,
		.block_nr = q->tp_block_nr, .frame_size = q->tp_frame_size,
		.frame_nr = q->tp_frame_nr, .sequence = 1 };
	if (p->version == TPACKET_V3) {
		p->rx.timeout_ms = q->tp_retire_blk_tov ? q->tp_retire_blk_tov :
							  RETIRE_DEFAULT_MS;
		p->rx.priv_size = q->tp_sizeof_priv;
		p->rx.frozen = 1; /* opened by the first packet */
	}
	atomic_full_fence(); /* before the service sees that there is one */
	atomic_word_put(&p->rx.fifo, at);
	return 0;
}

void packet_ring_free(struct sock_env *e, struct shm_packet *p)
{
	uint32_t at = sock_once(&p->rx.fifo);

	atomic_word_put(&p->rx.fifo, 0);
	shm_fifo_free(e->arena, at);
}

static bool is_mapped(const struct sock_env *e, const struct shm_packet *p)
{
	struct shm_packet *q = (struct shm_packet *)(uintptr_t)p;
	uint32_t word = atomic_get_acquire(&q->mapper);

	return atomic_get_acquire(&q->maps) != 0 && word &&
		!shm_owner_dead(e->arena, word);
}

int packet_ring_set(struct sock_env *e, struct shm_packet *p, const void *val,
	socklen_t len)
{
	struct tpacket_req3 q = { 0 };
	size_t want = p->version == TPACKET_V3 ? sizeof(q) : sizeof(struct tpacket_req);
	int r;

	if (len < want)
		return -EINVAL;
	memcpy(&q, val, want);
	if (is_mapped(e, p))
		return -EBUSY;
	if (q.tp_block_nr == 0) {
		if (q.tp_frame_nr)
			return -EINVAL;
		packet_ring_free(e, p);
		return 0;
	}
	if (packet_has_ring(p))
		return -EBUSY;
	r = check_request(p, &q);
	return r < 0 ? r : make_ring(e, p, &q);
}

/* --- mmap() --- */

int sock_packet_map(struct sock_env *e, uint32_t i, uint64_t offset, size_t len,
	void **at)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_packet *p = s ? packet_page(e, s) : NULL;
	struct ring g;

	if (!p)
		return -ENODEV;
	if (offset || !ring_of(e, p, &g) || len != (size_t)g.block_size * g.block_nr)
		return -EINVAL;
	*at = g.base;
	atomic_put_release(&p->mapper, /* pairs with is_mapped() */
		shm_owner_word(e->arena->self_slot, e->arena->self_gen));
	atomic_add(&p->maps, 1);
	return 0;
}

void sock_packet_unmap(struct sock_env *e, uint32_t i)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_packet *p = s ? packet_page(e, s) : NULL;
	uint32_t n = p ? atomic_get_acquire(&p->maps) : 0;

	while (n != 0 && !atomic_cas(&p->maps, &n, n - 1))
		;
}

bool sock_packet_mapped(const struct sock_env *e, uint32_t i)
{
	const struct shm_sock *s = sock_live(e, i);
	const struct shm_packet *p = s ? packet_page(e, s) : NULL;

	return p && is_mapped(e, p);
}
