/* For the tests of links with a device: the kernel on the other side, which is spoken to
 * by hand in ARP, IPv4 and UDP, in a network namespace of the test's own.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TEST_LINK_DEVICE_H
#define TEST_LINK_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/if.h>

#include "link/link.h"

#define DEVICE_FRAMES_MAX 64

struct device_frame {
	size_t len;
	uint8_t data[9100];
};

extern struct link *device; /* device_up()'s */
/* What was delivered. */
extern struct device_frame device_got[DEVICE_FRAMES_MAX];
extern int device_ngot;

/* Or skips the test. */
void device_namespace(void);
void device_ioctl(const char *name, unsigned long request, struct ifreq *r);
void device_flag_up(const char *name, bool up);
/* The link has a port from now on, the kernel's side of it an address. */
void device_up(struct link *l, const char *kernel_side, int mtu);
/* Wait for a frame of this EtherType from the kernel (which also speaks IPv6
 * unasked); its index in device_got. Who asks for our address meanwhile is told. */
int device_await(uint16_t type);
void device_send(const void *a, size_t alen, const void *b, size_t blen);
/* Of the kernel, connected to our address. */
int device_udp_socket(void);
/* A datagram of so many bytes from the kernel, and back. */
void device_exchange(size_t size);

#endif
