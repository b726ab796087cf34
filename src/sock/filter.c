/* Socket filters (SO_ATTACH_FILTER): classic BPF programs over what comes in.
 *
 * A program lies in a ring of its own (s->filter), in one of two halves, so that a
 * new one takes the place of the old at one store; the fifo's tail says which half,
 * and how many instructions: 0 is none. What runs may be torn by who attaches another
 * at that moment, or scribbled over: base/bpf.h does not mind.
 *
 * What it sees: of UDP the packet from UDP's header on, of raw sockets what they
 * receive; the network header at SKF_NET_OFF. For a datagram within the host, of
 * which there never was a packet, these headers are made here.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "filter.h"

#include <linux/filter.h>
#include <net/if_arp.h>
#include <string.h>

#include "base/bpf.h"
#include "base/cursor.h"
#include "options.h"
#include "packet.h"

#define BYTES (1u << 16)
#define HALF (BPF_PROGRAM_MAX * sizeof(struct bpf_insn))
#define COUNT 0x1fffu	  /* of instructions, in the tail's low bits */
#define VERSION_ONE 0x2000u /* above them */
#define IP4_HEADER 20
#define IP6_HEADER 40
#define UDP_HEADER_LEN 8
#define HEADERS (IP6_HEADER + UDP_HEADER_LEN)
#define SPANS_MAX 1024

static_assert(sizeof(struct bpf_insn) == sizeof(struct sock_filter), "one shape");
static_assert(2 * HALF == BYTES, "two halves");

/* --- where the program is --- */

static uint8_t *page_of(const struct sock_env *e, uint32_t at,
	struct shm_fifo **f)
{
	struct fifo_end end;

	*f = at ? shm_fifo_at(e->arena, at) : NULL;
	if (!*f || shm_fifo_reader(e->arena, at, &end) < 0 || end.size < BYTES)
		return NULL;
	return end.data;
}

static uint8_t *half_of(uint8_t *page, uint32_t tail)
{
	return page + (tail & VERSION_ONE ? HALF : 0);
}

unsigned filter_program(const struct sock_env *e, const uint32_t *where,
	const struct bpf_insn **p)
{
	struct shm_fifo *f;
	uint8_t *page = page_of(e, sock_once(where), &f);
	uint32_t tail, n;

	if (!page)
		return 0;
	/* Pairs with the release in filter_publish(). */
	tail = atomic_get_acquire(&f->sh.tail);
	n = tail & COUNT;
	*p = (const struct bpf_insn *)(const void *)half_of(page, tail);
	return n <= BPF_PROGRAM_MAX ? n : 0;
}

int filter_publish(struct sock_env *e, uint32_t *where, const struct bpf_insn *p,
	unsigned n)
{
	struct shm_fifo *f;
	uint8_t *page = page_of(e, sock_once(where), &f);
	uint32_t at = 0, tail;

	if (!page) {
		at = shm_fifo_take(e->arena, BYTES);
		page = page_of(e, at, &f);
		if (!page)
			return -ENOMEM;
	}
	tail = (atomic_get_relaxed(&f->sh.tail) & ~COUNT) + VERSION_ONE;
	memcpy(half_of(page, tail), p, n * sizeof(*p));
	/* The program before its number: pairs with filter_program(). */
	atomic_put_release(&f->sh.tail, tail | n);
	if (at) {
		atomic_full_fence(); /* the page before its name */
		atomic_word_put(where, at);
	}
	return 0;
}

/* --- the options --- */

static bool is_locked(const struct option_call *c)
{
	return c->s->kept.bits & SHM_K_LOCK_FILTER;
}

int filter_read(const struct option_call *c, const void *val, socklen_t len,
	struct bpf_insn copy[BPF_PROGRAM_MAX])
{
	struct sock_fprog f;
	size_t bytes;

	if (len < sizeof(int) || len != sizeof(f))
		return -EINVAL;
	memcpy(&f, val, sizeof(f));
	if (is_locked(c))
		return -EPERM;
	if (!f.filter || f.len == 0 || f.len > BPF_PROGRAM_MAX)
		return -EINVAL;
	bytes = f.len * sizeof(*copy);
	if (!touch_read(f.filter, bytes))
		return -EFAULT;
	memcpy(copy, f.filter, bytes);
	return bpf_check(copy, f.len) ? f.len : -EINVAL;
}

int option_set_filter(const struct option_call *c, const void *val, socklen_t len)
{
	struct bpf_insn copy[BPF_PROGRAM_MAX];
	int n = filter_read(c, val, len, copy);

	return n < 0 ? n : filter_publish(c->e, &c->s->filter, copy, (unsigned)n);
}

int option_detach_filter(const struct option_call *c, int v)
{
	const struct bpf_insn *p;

	(void)v;
	if (is_locked(c))
		return -EPERM;
	if (filter_program(c->e, &c->s->filter, &p) == 0)
		return -ENOENT;
	return filter_publish(c->e, &c->s->filter, p, 0);
}

/* SO_GET_FILTER. Linux: the length counts instructions, going in and out. */
int option_get_filter(const struct option_call *c, void *val, socklen_t *len)
{
	const struct bpf_insn *p;
	unsigned n = filter_program(c->e, &c->s->filter, &p);

	if (*len && *len < n)
		return -EINVAL;
	if (*len && n)
		memcpy(val, p, n * sizeof(*p));
	*len = n;
	return 0;
}

/* --- what passes --- */

static size_t make_v4(uint8_t *h, const struct shm_sock *s, const struct shm_msg *m)
{
	memset(h, 0, IP4_HEADER);
	h[0] = 0x45;
	h[1] = m->tos;
	put_be16(h + 2, (uint16_t)(IP4_HEADER + UDP_HEADER_LEN + m->len));
	h[8] = m->ttl;
	h[9] = (uint8_t)s->protocol;
	memcpy(h + 12, m->src.b, 4);
	memcpy(h + 16, m->dst.b, 4);
	return IP4_HEADER;
}

static size_t make_v6(uint8_t *h, const struct shm_sock *s, const struct shm_msg *m)
{
	memset(h, 0, IP6_HEADER);
	h[0] = (uint8_t)(0x60 | m->tos >> 4);
	h[1] = (uint8_t)(m->tos << 4);
	put_be16(h + 4, (uint16_t)(UDP_HEADER_LEN + m->len));
	h[6] = (uint8_t)s->protocol;
	h[7] = m->ttl;
	memcpy(h + 8, m->src.b, 16);
	memcpy(h + 24, m->dst.b, 16);
	return IP6_HEADER;
}

static uint16_t hatype_of(uint32_t ifindex)
{
	return ifindex == SOCK_LO_INDEX ? ARPHRD_LOOPBACK : ARPHRD_ETHER;
}

static void make_udp(uint8_t *h, const struct shm_msg *m)
{
	put_be16(h, m->src.port);
	put_be16(h + 2, m->dst.port);
	put_be16(h + 4, (uint16_t)(UDP_HEADER_LEN + m->len));
	put_be16(h + 6, 0);
}

int64_t filter_frame(const struct sock_env *e, const struct shm_sock *s,
	const struct sock_frame *f, bool cooked)
{
	struct bpf_packet k = { .spans = f->spans, .nspans = f->n, .len = f->len,
		.data = cooked ? PACKET_ETH_HEADER : 0, .net = PACKET_ETH_HEADER,
		.meta = { .protocol = f->protocol, .pkttype = f->type,
			.ifindex = f->ifindex, .payload_at = PACKET_ETH_HEADER,
			.hatype = hatype_of(f->ifindex),
			.random = e->random ? e->random(e->user) : 0 } };
	const struct bpf_insn *p;
	unsigned count = filter_program(e, &s->filter, &p);
	uint32_t keep;

	if (count == 0)
		return f->len;
	keep = bpf_run(p, count, &k);
	return keep == 0 ? -1 : (int64_t)keep;
}

int64_t filter_pass(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_msg *m, const struct span *payload, unsigned n)
{
	bool v4 = m->dst.family == IP_V4;
	bool udp = !sock_is_raw(s) && !sock_is_echo(s);
	/* raw(7): IPv4's comes with its header. */
	bool whole = sock_is_raw(s) && v4;
	uint8_t headers[HEADERS];
	struct span spans[SPANS_MAX + 1] = { { headers, 0 } };
	struct bpf_packet k = { .spans = spans, .nspans = n + 1,
		.meta = { .protocol = v4 ? 0x0800 : 0x86dd,
			.ifindex = m->ifindex, .mark = m->data,
			.hatype = hatype_of(m->ifindex),
			.random = e->random ? e->random(e->user) : 0 } };
	const struct bpf_insn *p;
	unsigned count = filter_program(e, &s->filter, &p);
	uint32_t keep, head = udp ? UDP_HEADER_LEN : 0;

	if (count == 0 || n > SPANS_MAX)
		return m->len;
	memcpy(spans + 1, payload, n * sizeof(*payload));
	if (!whole) {
		k.data = v4 ? make_v4(headers, s, m) : make_v6(headers, s, m);
		if (udp)
			make_udp(headers + k.data, m);
		spans[0].len = k.data + head;
	}
	k.meta.payload_at = (uint32_t)k.data + head;
	k.len = spans[0].len + m->len;
	keep = bpf_run(p, count, &k);
	if (keep == 0)
		return -1;
	/* Linux: sk_filter_trim_cap(): the header of UDP stays. */
	if (keep < head)
		keep = head;
	return keep - head < m->len ? keep - head : m->len;
}
