/* An interface of the machine as the other end of the wire, by a packet socket: what we
 * send goes out there, what comes in there comes to us. The machine's own stack goes on
 * beside us, as beside a macvlan: it does not see what we send, nor we what it sends.
 *
 *   kernel -> [slot][slot] ... a ring both map     -> link_enter_device(), in place
 *          -> the socket's queue, for longer ones  -> readv() into p->frame
 *   link_send() -> [tx] gathers short frames       -> sendmmsg(), from link_tick()
 *               -> longer ones at once             -> writev()
 *
 * The ring is TPACKET_V2's: TPACKET_V3 gives a block of frames only when it is full or
 * its timer has run off, which would cost every round trip a millisecond or more. A slot
 * has room for a frame of the interface's MTU; of a longer one (a super-segment that the
 * peer, or the kernel's GRO, has made) its status says that the whole waits in the queue
 * (PACKET_COPY_THRESH). Before each lies struct virtio_net_hdr (PACKET_VNET_HDR).
 *
 * Frames for the interface's own address are the machine's and filtered out, as are
 * those of its VLANs, which the kernel tells apart before us. The interface is made
 * promiscuous while the link lasts: our host has an address of its own.
 *
 * Non-blocking. While the interface is down, frames are lost as on a cable that is not
 * plugged in.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/atomic.h"
#include "base/cursor.h"
#include "private.h"
#include "vnet.h"

enum {
	RING_BYTES = 4 << 20,
	BLOCK_BYTES = 64 << 10,
	SLOT_MIN = 2048, /* bytes, powers of two */
	SLOT_MAX = 16384,
	SLOT_HEAD = 128, /* bytes: what the kernel puts before a frame, and more */
	QUEUE_BYTES = 8 << 20, /* of long frames in, and of what waits to go out */
	TX_FRAMES = 64, /* gathered for one call */
	TX_BYTES = 2048, /* of a frame that is gathered */
	VLAN_ID = 0x0fff, /* IEEE 802.1Q: the rest of a tag's word is priority */
};

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23 /* Linux 4.20 */
#endif

/* Frames that wait to be sent together. */
struct packet_tx {
	unsigned n;
	struct mmsghdr msgs[TX_FRAMES];
	struct iovec iov[TX_FRAMES];
	struct {
		struct virtio_net_hdr hdr;
		uint8_t data[TX_BYTES];
	} frames[TX_FRAMES];
};

struct packet {
	int fd, ifindex;
	char ifname[IFNAMSIZ];
	uint8_t *ring;
	uint32_t slot_bytes, slots, next; /* next: the slot to be looked at */
	struct packet_tx tx;
	uint8_t frame[LINK_FRAME_MAX]; /* a long one being read */
};

/* --- out -------------------------------------------------------------------------- */

static void packet_flush(struct link *l)
{
	struct packet *p = l->priv;
	struct packet_tx *tx = &p->tx;
	unsigned sent = 0;

	while (sent < tx->n) {
		int r = sendmmsg(p->fd, tx->msgs + sent, tx->n - sent, MSG_DONTWAIT);

		if (r > 0) {
			sent += (unsigned)r;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno == EAGAIN || errno == ENOBUFS)
			l->ports[0]->stats.queue_full++;
		else
			l->ports[0]->stats.lost++;
		sent++;
	}
	tx->n = 0;
	l->held = false;
}

static void packet_gather(struct packet *p, const struct span *spans, unsigned n,
	size_t len, const struct offload *o)
{
	struct packet_tx *tx = &p->tx;
	unsigned k = tx->n++;
	uint8_t *to = tx->frames[k].data;

	vnet_describe(spans, n, o, &tx->frames[k].hdr);
	for (unsigned i = 0; i < n; to += spans[i].len, i++)
		if (spans[i].len)
			memcpy(to, spans[i].base, spans[i].len);
	tx->iov[k] = (struct iovec){ &tx->frames[k], sizeof(tx->frames[k].hdr) + len };
}

/* 0; or what became of a frame that is sent at once. A capture tells of each what did, so
 * then all are. */
static int packet_transmit(struct link *l, const struct span *spans, unsigned n,
	const struct offload *o)
{
	struct packet *p = l->priv;
	size_t len = 0;

	for (unsigned i = 0; i < n; i++)
		len += spans[i].len;
	if (p->tx.n && (p->tx.n == TX_FRAMES || len > TX_BYTES || l->capture))
		packet_flush(l);
	if (len > TX_BYTES || l->capture)
		return vnet_write(p->fd, spans, n, o);
	packet_gather(p, spans, n, len, o);
	l->held = true;
	return 0;
}

/* --- in --------------------------------------------------------------------------- */

static void enter(struct link *l, struct instant now, const struct virtio_net_hdr *h,
	const uint8_t *data, size_t len)
{
	struct offload o;

	if (!l->nports)
		return;
	if (!vnet_understand(h, &o))
		l->ports[0]->stats.invalid++;
	else
		link_enter_device(l, now, data, len, &o);
}

static void read_long(struct link *l, struct instant now)
{
	struct packet *p = l->priv;
	struct virtio_net_hdr hdr;
	struct iovec iov[] = {
		{ &hdr, sizeof(hdr) },
		{ p->frame, sizeof(p->frame) },
	};
	ssize_t n = readv(p->fd, iov, 2);

	if (n >= (ssize_t)sizeof(hdr))
		enter(l, now, &hdr, p->frame, (size_t)n - sizeof(hdr));
}

static void read_slot(struct link *l, struct instant now, const struct tpacket2_hdr *h,
	uint32_t status)
{
	const uint8_t *data = (const uint8_t *)h + h->tp_mac;
	struct virtio_net_hdr hdr;

	if (status & TP_STATUS_COPY) {
		read_long(l, now);
		return;
	}
	if (h->tp_snaplen < h->tp_len) { /* no room in the queue */
		if (l->nports)
			l->ports[0]->stats.queue_full++;
		return;
	}
	memcpy(&hdr, data - sizeof(hdr), sizeof(hdr));
	enter(l, now, &hdr, data, h->tp_snaplen);
}

/* An interface that went down comes up again, one that is no more does not. */
static int packet_error(struct packet *p)
{
	struct ifreq req = { .ifr_ifindex = p->ifindex };
	int err = 0;
	socklen_t len = sizeof(err);

	if (getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		return -errno;
	if (err && err != ENETDOWN)
		return -err;
	return err && ioctl(p->fd, SIOCGIFNAME, &req) < 0 ? -errno : 0;
}

static int packet_read(struct link *l, struct instant now, unsigned budget)
{
	struct packet *p = l->priv;
	unsigned got;

	for (got = 0; got < budget; got++) {
		struct tpacket2_hdr *h = (struct tpacket2_hdr *)(void *)
			(p->ring + (size_t)p->next * p->slot_bytes);
		_Atomic(__u32) *word = (_Atomic(__u32) *)&h->tp_status;
		/* Partner: __packet_set_status() in the kernel, after the frame. */
		uint32_t status = atomic_get_acquire(word);

		if (!(status & TP_STATUS_USER))
			break;
		read_slot(l, now, h, status);
		/* Partner: the kernel's look for a free slot. */
		atomic_put_release(word, TP_STATUS_KERNEL);
		p->next = (p->next + 1) % p->slots;
	}
	return got ? (int)got : packet_error(p);
}

/* --- the rest ----------------------------------------------------------------------- */

/* Nothing to be told: the kernel leaves work with each frame as it finds it. */
static void packet_offload(struct link *l, bool on)
{
	(void)l;
	(void)on;
}

static int packet_fd(const struct link *l)
{
	return ((const struct packet *)l->priv)->fd;
}

static const char *packet_ifname(const struct link *l)
{
	return ((const struct packet *)l->priv)->ifname;
}

static void packet_free(struct packet *p)
{
	if (p->ring)
		munmap(p->ring, RING_BYTES);
	if (p->fd >= 0)
		close(p->fd);
	free(p);
}

static void packet_fini(struct link *l)
{
	if (l->held)
		packet_flush(l);
	packet_free(l->priv);
}

static const struct link_driver packet_driver = {
	.ports_max = 1,
	.route = link_route_device,
	.transmit = packet_transmit,
	.flush = packet_flush,
	.offload = packet_offload,
	.read = packet_read,
	.fd = packet_fd,
	.ifname = packet_ifname,
	.fini = packet_fini,
};

static int set_number(int fd, int option, int value)
{
	return setsockopt(fd, SOL_PACKET, option, &value, sizeof(value)) < 0 ? -errno : 0;
}

/* Neither what is for the interface's own address nor what has a VLAN's number. */
static int open_filter(const struct packet *p, const uint8_t *mac)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_VLAN_TAG)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, VLAN_ID, 4, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, get_be32(mac), 0, 3),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, get_be16(mac + 4), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	struct sock_fprog prog = { sizeof(code) / sizeof(code[0]), code };

	return setsockopt(p->fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) < 0 ?
		-errno : 0;
}

static int open_ring(struct packet *p, uint32_t mtu)
{
	struct tpacket_req req = { .tp_block_size = BLOCK_BYTES,
		.tp_block_nr = RING_BYTES / BLOCK_BYTES };
	void *ring;

	p->slot_bytes = SLOT_MIN;
	while (p->slot_bytes < SLOT_MAX && p->slot_bytes < mtu + SLOT_HEAD)
		p->slot_bytes *= 2;
	p->slots = RING_BYTES / p->slot_bytes;
	req.tp_frame_size = p->slot_bytes;
	req.tp_frame_nr = p->slots;
	if (setsockopt(p->fd, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)) < 0)
		return -errno;
	ring = mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, p->fd, 0);
	if (ring == MAP_FAILED)
		return -errno;
	p->ring = ring;
	return 0;
}

/* All that must stand before the first frame comes. */
static int open_options(struct packet *p, uint32_t mtu)
{
	int bytes = QUEUE_BYTES, err;

	/* Only with CAP_NET_ADMIN; else as much as there is. */
	if (setsockopt(p->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) < 0)
		setsockopt(p->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (setsockopt(p->fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes)) < 0)
		setsockopt(p->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	err = set_number(p->fd, PACKET_VERSION, TPACKET_V2);
	if (!err)
		err = set_number(p->fd, PACKET_VNET_HDR, 1);
	if (!err)
		err = set_number(p->fd, PACKET_COPY_THRESH, 1);
	if (!err)
		err = set_number(p->fd, PACKET_IGNORE_OUTGOING, 1);
	return err ? err : open_ring(p, mtu);
}

static int open_bound(struct packet *p)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = p->ifindex,
		.sll_protocol = htons(ETH_P_ALL) };
	struct packet_mreq all = { .mr_ifindex = p->ifindex, .mr_type = PACKET_MR_PROMISC };

	if (setsockopt(p->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)) < 0 ||
		bind(p->fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		return -errno;
	return 0;
}

static int packet_open(struct packet *p, const char *ifname, uint32_t mtu)
{
	struct ifreq req = { 0 }, address = { 0 };
	int err;

	if (strlen(ifname) >= sizeof(req.ifr_name))
		return -ENAMETOOLONG;
	strcpy(req.ifr_name, ifname);
	strcpy(address.ifr_name, ifname);
	strcpy(p->ifname, ifname);
	/* No protocol: nothing comes before bind(). */
	p->fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (p->fd < 0)
		return -errno;
	if (ioctl(p->fd, SIOCGIFHWADDR, &address) < 0 || ioctl(p->fd, SIOCGIFMTU, &req) < 0)
		return -errno;
	if (address.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return -EOPNOTSUPP;
	if ((uint32_t)req.ifr_mtu < mtu)
		return -EMSGSIZE;
	err = open_options(p, (uint32_t)req.ifr_mtu);
	if (!err)
		err = open_filter(p, (const uint8_t *)address.ifr_hwaddr.sa_data);
	if (err)
		return err;
	if (ioctl(p->fd, SIOCGIFINDEX, &req) < 0)
		return -errno;
	p->ifindex = req.ifr_ifindex;
	return open_bound(p);
}

struct link *link_new_packet(const char *name, const char *ifname, uint32_t mtu,
	uint64_t seed, int *err)
{
	struct packet *p = calloc(1, sizeof(*p));
	struct link *l = NULL;

	*err = -ENOMEM;
	if (!p)
		return NULL;
	for (unsigned i = 0; i < TX_FRAMES; i++) {
		p->tx.msgs[i].msg_hdr.msg_iov = &p->tx.iov[i];
		p->tx.msgs[i].msg_hdr.msg_iovlen = 1;
	}
	*err = packet_open(p, ifname, mtu);
	if (*err < 0)
		goto fail;
	l = link_new(name, seed, &packet_driver, p);
	if (l)
		return l;
	*err = -ENOMEM;
fail:
	packet_free(p);
	return NULL;
}
