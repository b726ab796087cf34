/* A TAP device of the kernel as the other end of the wire.
 *
 * Before each frame lies the device's own header, struct virtio_net_hdr
 * (IFF_VNET_HDR). By it we leave to the kernel what we do not want to do: cutting
 * TCP's super-segments, checksums; and the kernel to us, while the link needs no
 * single frames. Such a frame's bytes are copied but once by each side's system
 * call, and cost a tenth of what its pieces would.
 *
 * Non-blocking. A device that is down refuses frames (EIO), which are then
 * lost as on a cable that is not plugged in.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "private.h"
#include "vnet.h"

#define TAP_PATH "/dev/net/tun"

struct tap {
	int fd;
	char ifname[IFNAMSIZ];
	uint8_t frame[LINK_FRAME_MAX]; /* the one being read */
};

static int tap_transmit(struct link *l, const struct span *spans, unsigned n,
	const struct offload *o)
{
	return vnet_write(((struct tap *)l->priv)->fd, spans, n, o);
}

/* One frame: 1, 0 when there is none now, or -errno. */
static int tap_read_one(struct link *l, struct instant now)
{
	struct tap *t = l->priv;
	struct virtio_net_hdr hdr;
	struct iovec iov[] = {
		{ &hdr, sizeof(hdr) },
		{ t->frame, sizeof(t->frame) },
	};
	struct offload o;
	ssize_t n;

	n = readv(t->fd, iov, 2);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if ((size_t)n < sizeof(hdr))
		return 1;
	if (vnet_understand(&hdr, &o))
		link_enter_device(l, now, t->frame, (size_t)n - sizeof(hdr), &o);
	else if (l->nports)
		l->ports[0]->stats.invalid++;
	return 1;
}

static int tap_read(struct link *l, struct instant now, unsigned budget)
{
	unsigned got = 0;
	int r = 1;

	while (got < budget && r == 1) {
		r = tap_read_one(l, now);
		got += r == 1;
	}
	return r < 0 && !got ? r : (int)got;
}

/* A kernel that does not know one of these sends frames, as before. */
static void tap_offload(struct link *l, bool on)
{
	struct tap *t = l->priv;

	ioctl(t->fd, TUNSETOFFLOAD, on ? TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 |
		TUN_F_TSO_ECN : 0);
}

static int tap_fd(const struct link *l)
{
	return ((const struct tap *)l->priv)->fd;
}

static const char *tap_ifname(const struct link *l)
{
	return ((const struct tap *)l->priv)->ifname;
}

static void tap_free(struct tap *t)
{
	if (t->fd >= 0)
		close(t->fd);
	free(t);
}

static void tap_fini(struct link *l)
{
	tap_free(l->priv);
}

static const struct link_driver tap_driver = {
	.ports_max = 1,
	.route = link_route_device,
	.transmit = tap_transmit,
	.offload = tap_offload,
	.read = tap_read,
	.fd = tap_fd,
	.ifname = tap_ifname,
	.fini = tap_fini,
};

static int tap_open(struct tap *t, const char *ifname)
{
	int header = sizeof(struct virtio_net_hdr);
	struct ifreq req = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };

	if (strlen(ifname) >= sizeof(req.ifr_name))
		return -ENAMETOOLONG;
	strcpy(req.ifr_name, ifname);
	t->fd = open(TAP_PATH, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (t->fd < 0)
		return -errno;
	if (ioctl(t->fd, TUNSETIFF, &req) < 0)
		return -errno;
	/* What somebody else had set on a device that stays. */
	if (ioctl(t->fd, TUNSETVNETHDRSZ, &header) < 0 ||
		ioctl(t->fd, TUNSETOFFLOAD, 0) < 0)
		return -errno;
	memcpy(t->ifname, req.ifr_name, sizeof(t->ifname));
	t->ifname[sizeof(t->ifname) - 1] = 0;
	return 0;
}

struct link *link_new_tap(const char *name, const char *ifname, uint64_t seed,
	int *err)
{
	struct tap *t = calloc(1, sizeof(*t));
	struct link *l = NULL;

	*err = -ENOMEM;
	if (!t)
		return NULL;
	t->fd = -1;
	*err = tap_open(t, ifname);
	if (*err < 0)
		goto fail;
	l = link_new(name, seed, &tap_driver, t);
	if (l)
		return l;
	*err = -ENOMEM;
fail:
	tap_free(t);
	return NULL;
}
