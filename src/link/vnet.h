/* struct virtio_net_hdr, which the kernel's devices have before each frame: by it one side
 * leaves checksums and the cutting of super-segments to the other.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef LINK_VNET_H
#define LINK_VNET_H

#include <stdbool.h>

#include <linux/virtio_net.h>

#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5 /* Linux 6.2 */
#endif

#include "base/span.h"
#include "wire/offload.h"

/* What the kernel is to do with it (at most LINK_SPANS_MAX spans). */
void vnet_describe(const struct span *spans, unsigned n, const struct offload *o,
	struct virtio_net_hdr *h);
/* What the kernel has left to us; false: of a kind that nobody here takes. */
bool vnet_understand(const struct virtio_net_hdr *h, struct offload *o);
/* One frame to a device. 0; -EAGAIN when its queue is full; another error is a frame
 * lost for good. */
int vnet_write(int fd, const struct span *spans, unsigned n, const struct offload *o);

#endif
