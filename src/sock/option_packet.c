/* The options of packet sockets (packet(7); Linux's packet_setsockopt()). They come at
 * level SOL_PACKET; of level SOL_SOCKET such a socket has what others have, with
 * another answer to what it is.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/if_packet.h>
#include <string.h>

#include "options.h"
#include "packet.h"

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif
#ifndef PACKET_VNET_HDR_SZ
#define PACKET_VNET_HDR_SZ 24
#endif

static struct shm_packet *page(const struct option_call *c)
{
	return packet_page(c->e, c->s);
}

/* Linux: most want an int and nothing else. */
static int read_exact(const void *val, socklen_t len, int *v)
{
	if (len != sizeof(*v))
		return -EINVAL;
	memcpy(v, val, sizeof(*v));
	return 0;
}

static int give(const void *what, size_t size, void *val, socklen_t *len)
{
	if (*len > size)
		*len = (socklen_t)size;
	memcpy(val, what, *len);
	return 0;
}

static int give_int(int v, void *val, socklen_t *len)
{
	return give(&v, sizeof(v), val, len);
}

/* --- bits --- */

static int get_bit(const struct option_call *c, void *val, socklen_t *len)
{
	const struct shm_packet *p = page(c);

	return p ? give_int((atomic_get_relaxed(&p->bits) & c->o->arg) != 0, val, len) :
		   -EINVAL;
}

static int put_bit(const struct option_call *c, int v)
{
	struct shm_packet *p = page(c);

	if (!p)
		return -EINVAL;
	if (v)
		atomic_set_bits(&p->bits, c->o->arg);
	else
		atomic_clear_bits(&p->bits, c->o->arg);
	return 0;
}

/* AUXDATA and ORIGDEV: at least an int. */
static int set_bit(const struct option_call *c, const void *val, socklen_t len)
{
	int v;

	if (len < sizeof(v))
		return -EINVAL;
	memcpy(&v, val, sizeof(v));
	return put_bit(c, v);
}

static int set_bit_exact(const struct option_call *c, const void *val, socklen_t len)
{
	int v, r = read_exact(val, len, &v);

	if (r == 0 && c->o->name == PACKET_IGNORE_OUTGOING && (v < 0 || v > 1))
		r = -EINVAL;
	return r < 0 ? r : put_bit(c, v);
}

/* Not while there is a ring. */
static int set_bit_early(const struct option_call *c, const void *val, socklen_t len)
{
	const struct shm_packet *p = page(c);
	int v, r = read_exact(val, len, &v);

	if (r == 0 && p && packet_has_ring(p))
		r = c->o->name == PACKET_TX_HAS_OFF ? 0 : -EBUSY;
	return r < 0 ? r : put_bit(c, v);
}

/* --- words --- */

static int get_version(const struct option_call *c, void *val, socklen_t *len)
{
	const struct shm_packet *p = page(c);

	return p ? give_int((int)p->version, val, len) : -EINVAL;
}

static int set_version(const struct option_call *c, const void *val, socklen_t len)
{
	struct shm_packet *p = page(c);
	int v, r = read_exact(val, len, &v);

	if (r < 0 || !p || v < TPACKET_V1 || v > TPACKET_V3)
		return -EINVAL;
	if (packet_has_ring(p))
		return -EBUSY;
	p->version = (uint32_t)v;
	return 0;
}

/* What we have not is off, and stays so. */
static int get_off(const struct option_call *c, void *val, socklen_t *len)
{
	(void)c;
	return give_int(0, val, len);
}

static int set_off(const struct option_call *c, const void *val, socklen_t len)
{
	int v = 0;

	(void)c;
	if (len < sizeof(v))
		return -EINVAL;
	memcpy(&v, val, sizeof(v));
	return v ? -EINVAL : 0;
}

static int get_fanout(const struct option_call *c, void *val, socklen_t *len)
{
	const struct shm_packet *p = page(c);

	return p ? give_int((int)packet_fanout_told(p), val, len) : -EINVAL;
}

static int set_fanout(const struct option_call *c, const void *val, socklen_t len)
{
	struct shm_packet *p = page(c);

	return p ? packet_fanout_set(c->e, c->i, p, val, len) : -EINVAL;
}

static int set_never(const struct option_call *c, const void *val, socklen_t len)
{
	(void)c;
	(void)val;
	(void)len;
	return -EINVAL;
}

/* It answers for the version that it is asked about. */
static int get_header(const struct option_call *c, void *val, socklen_t *len)
{
	static const int lens[] = { [TPACKET_V1] = sizeof(struct tpacket_hdr),
		[TPACKET_V2] = sizeof(struct tpacket2_hdr),
		[TPACKET_V3] = sizeof(struct tpacket3_hdr) };
	int v;

	(void)c;
	if (*len < sizeof(v))
		return -EINVAL;
	memcpy(&v, val, sizeof(v));
	return v < TPACKET_V1 || v > TPACKET_V3 ? -EINVAL : give_int(lens[v], val, len);
}

static int get_reserve(const struct option_call *c, void *val, socklen_t *len)
{
	const struct shm_packet *p = page(c);

	return p ? give_int((int)p->reserve, val, len) : -EINVAL;
}

static int set_reserve(const struct option_call *c, const void *val, socklen_t len)
{
	struct shm_packet *p = page(c);
	int v, r = read_exact(val, len, &v);

	if (r < 0 || !p || v < 0)
		return -EINVAL;
	if (packet_has_ring(p))
		return -EBUSY;
	p->reserve = (uint32_t)v;
	return 0;
}

static int get_timestamp(const struct option_call *c, void *val, socklen_t *len)
{
	const struct shm_packet *p = page(c);

	return p ? give_int((int)p->timestamp, val, len) : -EINVAL;
}

/* All times here are software's, as Linux's are without such hardware. */
static int set_timestamp(const struct option_call *c, const void *val, socklen_t len)
{
	struct shm_packet *p = page(c);
	int v, r = read_exact(val, len, &v);

	if (r == 0 && p)
		p->timestamp = (uint32_t)v;
	return r;
}

/* --- membership: the links give an interface all they carry --- */

static int set_member(const struct option_call *c, const void *val, socklen_t len)
{
	struct packet_mreq q = { 0 };
	struct shm_iface iface;

	if (len < sizeof(q))
		return -EINVAL;
	memcpy(&q, val, sizeof(q));
	if (len < q.mr_alen + offsetof(struct packet_mreq, mr_address))
		return -EINVAL;
	if (c->o->name == PACKET_DROP_MEMBERSHIP)
		return 0; /* Linux: also when it never was one */
	if (!sock_iface(c->e, (uint32_t)q.mr_ifindex, &iface))
		return -ENODEV;
	if (q.mr_alen > sizeof(iface.mac))
		return -EINVAL;
	if ((q.mr_type == PACKET_MR_MULTICAST || q.mr_type == PACKET_MR_UNICAST) &&
		q.mr_alen != sizeof(iface.mac))
		return -EINVAL;
	return 0;
}

/* --- rings, numbers --- */

static int set_ring(const struct option_call *c, const void *val, socklen_t len)
{
	struct shm_packet *p = page(c);

	return p ? packet_ring_set(c->e, p, val, len) : -EINVAL;
}

/* Reading takes them away. Linux counts what was lost among what came. */
static int get_statistics(const struct option_call *c, void *val, socklen_t *len)
{
	struct shm_packet *p = page(c);
	struct tpacket_stats_v3 st = { 0 };

	if (!p)
		return -EINVAL;
	/* In the order in which they are counted: a loss may be told late, not early,
	 * but that of no packet before the last. */
	st.tp_packets = atomic_swap(&p->packets, 0);
	st.tp_drops = atomic_swap(&p->drops, 0);
	st.tp_freeze_q_cnt = atomic_swap(&p->freezes, 0);
	return give(&st, p->version == TPACKET_V3 ? sizeof(st) :
		sizeof(struct tpacket_stats), val, len);
}

static int get_type(const struct option_call *c, void *val, socklen_t *len)
{
	const struct shm_packet *p = page(c);

	return p ? give_int(atomic_get_relaxed(&p->bits) & SHM_P_COOKED ? SOCK_DGRAM :
		SOCK_RAW, val, len) : -EINVAL;
}

static int get_peek_off(const struct option_call *c, void *val, socklen_t *len)
{
	(void)c;
	(void)val;
	(void)len;
	return -EOPNOTSUPP;
}

static int get_no_reuse(const struct option_call *c, int *v)
{
	(void)c;
	*v = 0;
	return 0;
}

static int set_no_reuse(const struct option_call *c, int v)
{
	(void)c;
	return v ? -EOPNOTSUPP : 0;
}

static int set_peek_off(const struct option_call *c, const void *val, socklen_t len)
{
	(void)c;
	(void)val;
	return len < sizeof(int) ? -EINVAL : -EOPNOTSUPP;
}

static int get_thresh(const struct option_call *c, void *val, socklen_t *len)
{
	const struct shm_packet *p = page(c);

	return p ? give_int((int)p->copy_thresh, val, len) : -EINVAL;
}

static int set_thresh(const struct option_call *c, const void *val, socklen_t len)
{
	struct shm_packet *p = page(c);
	int v, r = read_exact(val, len, &v);

	if (r == 0 && p)
		p->copy_thresh = (uint32_t)v;
	return r;
}

static int get_domain(const struct option_call *c, void *val, socklen_t *len)
{
	(void)c;
	return give_int(AF_PACKET, val, len);
}

#define ROW(level_, name_, effect_, get_, set_, arg_, doc_) \
	{ level_, name_, #name_, ON_PACKET, effect_, NULL, NULL, get_, set_, arg_, \
		0, 0, doc_ }

static const struct option rows[] = {
	/* clang-format off */
	ROW(SOL_SOCKET, SO_TYPE, EFFECT_YES, get_type, NULL, 0,
		"packet sockets: SOCK_RAW or SOCK_DGRAM"),
	ROW(SOL_SOCKET, SO_DOMAIN, EFFECT_YES, get_domain, NULL, 0,
		"packet sockets: AF_PACKET"),
	ROW(SOL_SOCKET, SO_PEEK_OFF, EFFECT_REFUSED, get_peek_off, set_peek_off, 0,
		"packet sockets: EOPNOTSUPP, as on Linux"),
	{ SOL_SOCKET, SO_REUSEPORT, "SO_REUSEPORT", ON_PACKET, EFFECT_REFUSED,
		get_no_reuse, set_no_reuse, NULL, NULL, 0, 0, 0,
		"packet sockets: EOPNOTSUPP but for 0" },
	ROW(SOL_PACKET, PACKET_ADD_MEMBERSHIP, EFFECT_YES, NULL, set_member, 0,
		"also promiscuous: a link gives an interface all that it carries "
		"anyway"),
	ROW(SOL_PACKET, PACKET_DROP_MEMBERSHIP, EFFECT_YES, NULL, set_member, 0, ""),
	ROW(SOL_PACKET, PACKET_STATISTICS, EFFECT_YES, get_statistics, NULL, 0,
		"frames that came and frames lost, since they were asked for last"),
	ROW(SOL_PACKET, PACKET_AUXDATA, EFFECT_YES, get_bit, set_bit, SHM_P_AUXDATA,
		"ancillary data: the frame's length and where it was cut"),
	ROW(SOL_PACKET, PACKET_ORIGDEV, EFFECT_NONE, get_bit, set_bit, SHM_P_ORIGDEV,
		"kept; interfaces here have none below them"),
	ROW(SOL_PACKET, PACKET_VERSION, EFFECT_YES, get_version, set_version, 0,
		"of the ring: TPACKET_V1, V2, V3"),
	ROW(SOL_PACKET, PACKET_HDRLEN, EFFECT_YES, get_header, NULL, 0,
		"bytes of the header of that version"),
	ROW(SOL_PACKET, PACKET_RESERVE, EFFECT_YES, get_reserve, set_reserve, 0,
		"bytes in front of each frame of the ring"),
	ROW(SOL_PACKET, PACKET_RX_RING, EFFECT_YES, NULL, set_ring, 0,
		"a ring to mmap(), of at most 8 MiB"),
	ROW(SOL_PACKET, PACKET_COPY_THRESH, EFFECT_NONE, get_thresh, set_thresh, 0,
		"kept; what a ring cuts off is not put aside whole"),
	ROW(SOL_PACKET, PACKET_LOSS, EFFECT_NONE, get_bit, set_bit_early, SHM_P_LOSS,
		"kept; of rings that send"),
	ROW(SOL_PACKET, PACKET_TX_HAS_OFF, EFFECT_NONE, get_bit, set_bit_early,
		SHM_P_TX_HAS_OFF, "kept; of rings that send"),
	ROW(SOL_PACKET, PACKET_VNET_HDR, EFFECT_REFUSED, get_off, set_off, 0,
		"EINVAL but for 0"),
	ROW(SOL_PACKET, PACKET_FANOUT, EFFECT_YES, get_fanout, set_fanout, 0,
		"a group shares the frames: HASH, LB, CPU, ROLLOVER, RND, QM; without "
		"a program (CBPF, EBPF), DEFRAG and IGNORE_OUTGOING: EINVAL"),
	ROW(SOL_PACKET, PACKET_TX_RING, EFFECT_REFUSED, NULL, set_never, 0, "EINVAL"),
	ROW(SOL_PACKET, PACKET_TIMESTAMP, EFFECT_YES, get_timestamp, set_timestamp, 0,
		"times of a ring's frames are software's"),
	ROW(SOL_PACKET, PACKET_QDISC_BYPASS, EFFECT_YES, get_bit, set_bit_exact,
		SHM_P_QDISC_BYPASS, "other packet sockets do not see what is sent"),
	ROW(SOL_PACKET, PACKET_IGNORE_OUTGOING, EFFECT_YES, get_bit, set_bit_exact,
		SHM_P_IGNORE_OUTGOING, "only what comes in"),
	/* clang-format on */
};

const struct option_table sock_options_packet = { rows,
	sizeof(rows) / sizeof(rows[0]) };
