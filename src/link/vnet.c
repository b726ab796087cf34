/* The kernel's header before a frame: what is left to whom.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "vnet.h"

#include <errno.h>
#include <sys/uio.h>

#include "private.h"

enum { ETH_TYPE_AT = 12, TCP_FLAGS_AT = 13, TCP_CWR = 0x80 };

static uint8_t byte_at(const struct span *spans, unsigned n, size_t at)
{
	struct span one[LINK_SPANS_MAX];

	return span_slice(spans, n, at, 1, one) ? *one[0].base : 0;
}

void vnet_describe(const struct span *spans, unsigned n, const struct offload *o,
	struct virtio_net_hdr *h)
{
	*h = (struct virtio_net_hdr){ .gso_type = VIRTIO_NET_HDR_GSO_NONE };
	if (o->unsummed) {
		h->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		h->csum_start = o->l4;
		h->csum_offset = o->sum_at;
	}
	if (!o->segment)
		return;
	h->gso_type = byte_at(spans, n, ETH_TYPE_AT) == 0x08 ? VIRTIO_NET_HDR_GSO_TCPV4 :
							    VIRTIO_NET_HDR_GSO_TCPV6;
	if (byte_at(spans, n, (size_t)o->l4 + TCP_FLAGS_AT) & TCP_CWR)
		h->gso_type |= VIRTIO_NET_HDR_GSO_ECN;
	h->gso_size = o->segment;
	h->hdr_len = (uint16_t)(o->l4 +
		(byte_at(spans, n, (size_t)o->l4 + TCP_FLAGS_AT - 1) >> 4) * 4);
}

int vnet_write(int fd, const struct span *spans, unsigned n, const struct offload *o)
{
	struct virtio_net_hdr hdr;
	struct iovec iov[LINK_SPANS_MAX + 1] = { { &hdr, sizeof(hdr) } };

	vnet_describe(spans, n, o, &hdr);
	for (unsigned i = 0; i < n; i++)
		iov[i + 1] = (struct iovec){ (void *)(uintptr_t)spans[i].base,
			spans[i].len };
	for (;;) {
		if (writev(fd, iov, (int)n + 1) >= 0)
			return 0;
		if (errno != EINTR)
			return errno == ENOBUFS ? -EAGAIN : -errno;
	}
}

bool vnet_understand(const struct virtio_net_hdr *h, struct offload *o)
{
	uint8_t kind = h->gso_type & (uint8_t)~VIRTIO_NET_HDR_GSO_ECN;

	*o = (struct offload){ 0 };
	if (h->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		o->unsummed = true;
		o->l4 = h->csum_start;
		o->sum_at = h->csum_offset;
	}
	if (kind == VIRTIO_NET_HDR_GSO_NONE)
		return true;
	o->segment = h->gso_size;
	return o->segment && o->unsummed &&
		(kind == VIRTIO_NET_HDR_GSO_TCPV4 || kind == VIRTIO_NET_HDR_GSO_TCPV6 ||
			kind == VIRTIO_NET_HDR_GSO_UDP_L4);
}
