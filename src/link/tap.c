/* A TAP device of the kernel as the other end of the wire.
 *
 * Frames are read and written through a table of pieces whose first is the
 * device's own header, of hdr_len bytes: none today, struct virtio_net_hdr once
 * the device is opened with IFF_VNET_HDR. What is read goes straight into a
 * frame for ordinary MTUs; only the part that overflows it (jumbo frames,
 * super-segments) is copied once more.
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

#define TAP_PATH "/dev/net/tun"
#define TAP_HDR_MAX 16 /* bytes of a device header, virtio's is 12 */

struct tap {
	int fd;
	char ifname[IFNAMSIZ];
	size_t hdr_len; /* bytes before each frame */
	uint8_t hdr[TAP_HDR_MAX];
	uint8_t rest[LINK_FRAME_MAX - POOL_SHORT];
};

/* 0; anything else than EAGAIN is a frame lost for good. */
static int tap_transmit(struct link *l, const struct span *spans, unsigned n)
{
	static const uint8_t hdr[TAP_HDR_MAX]; /* no offload asked for */
	struct tap *t = l->priv;
	struct iovec iov[LINK_SPANS_MAX + 1] = {
		{ (void *)(uintptr_t)hdr, t->hdr_len },
	};

	for (unsigned i = 0; i < n; i++)
		iov[i + 1] = (struct iovec){ (void *)(uintptr_t)spans[i].base,
			spans[i].len };
	for (;;) {
		if (writev(t->fd, iov, (int)n + 1) >= 0)
			return 0;
		if (errno != EINTR)
			return errno == ENOBUFS ? -EAGAIN : -errno;
	}
}

/* Bring the frame of len bytes into one piece. NULL: no memory, dropped. */
static struct frame *tap_join(struct link *l, struct frame *f, size_t len)
{
	struct tap *t = l->priv;
	struct frame *big;

	if (len <= POOL_SHORT) {
		f->len = (uint32_t)len;
		return frame_ref(f);
	}
	big = frame_pool_get(&l->pool, len);
	if (!big)
		return NULL;
	memcpy(big->data, f->data, POOL_SHORT);
	memcpy(big->data + POOL_SHORT, t->rest, len - POOL_SHORT);
	return big;
}

/* One frame: 1, 0 when there is none now, or -errno. */
static int tap_read_one(struct link *l, struct instant now, struct frame *f)
{
	struct tap *t = l->priv;
	struct iovec iov[] = {
		{ t->hdr, t->hdr_len },
		{ f->data, POOL_SHORT },
		{ t->rest, sizeof(t->rest) },
	};
	struct frame *whole;
	ssize_t n;

	n = readv(t->fd, iov, 3);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if ((size_t)n < t->hdr_len)
		return 1;
	whole = tap_join(l, f, (size_t)n - t->hdr_len);
	if (!whole) {
		if (l->nports)
			l->ports[0]->stats.queue_full++;
		return 1;
	}
	link_enter_device(l, now, whole);
	frame_pool_put(&l->pool, whole);
	return 1;
}

static int tap_read(struct link *l, struct instant now, unsigned budget)
{
	unsigned got = 0;
	int r = 1;

	while (got < budget && r == 1) {
		struct frame *f = frame_pool_get(&l->pool, POOL_SHORT);

		if (!f) /* they wait in the kernel until some have left */
			return (int)got;
		r = tap_read_one(l, now, f);
		frame_pool_put(&l->pool, f);
		got += r == 1;
	}
	return r < 0 && !got ? r : (int)got;
}

static void tap_route(struct link *l, int from, struct instant now,
	struct frame *f)
{
	link_cross(l, from, from == LINK_DEVICE ? 0 : LINK_DEVICE, now, f);
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
	.route = tap_route,
	.transmit = tap_transmit,
	.read = tap_read,
	.fd = tap_fd,
	.ifname = tap_ifname,
	.fini = tap_fini,
};

static int tap_open(struct tap *t, const char *ifname)
{
	struct ifreq req = { .ifr_flags = IFF_TAP | IFF_NO_PI };

	if (strlen(ifname) >= sizeof(req.ifr_name))
		return -ENAMETOOLONG;
	strcpy(req.ifr_name, ifname);
	t->fd = open(TAP_PATH, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (t->fd < 0)
		return -errno;
	if (ioctl(t->fd, TUNSETIFF, &req) < 0)
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
