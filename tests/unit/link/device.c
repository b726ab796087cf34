/* A device's end of a link, and the kernel. SPDX-License-Identifier: BSD-2-Clause */
#include "device.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

#define KERNEL_IP "10.9.0.1"
#define OUR_IP "10.9.0.2"

struct link *device;
struct device_frame device_got[DEVICE_FRAMES_MAX];
int device_ngot;
static const uint8_t our_mac[6] = { 2, 0, 0, 0, 0, 9 };

static void deliver(void *user, struct instant now, const void *frame,
	size_t len)
{
	CHECK_INT(device_ngot, <, DEVICE_FRAMES_MAX);
	CHECK_INT(len, <=, sizeof(device_got[0].data));
	memcpy(device_got[device_ngot].data, frame, len);
	device_got[device_ngot++].len = len;
}

void device_namespace(void)
{
	if (unshare(CLONE_NEWNET) < 0 &&
		unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		SKIP("no network namespace of one's own: %s", strerror(errno));
}

void device_ioctl(const char *name, unsigned long request, struct ifreq *r)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	strcpy(r->ifr_name, name);
	if (ioctl(fd, request, r) < 0)
		check_failed(__FILE__, __LINE__, "ioctl %lx: %s", request,
			strerror(errno));
	close(fd);
}

static void set_address(const char *name, unsigned long request, const char *address)
{
	struct ifreq r = { .ifr_addr.sa_family = AF_INET };
	struct sockaddr_in *sin = (struct sockaddr_in *)(void *)&r.ifr_addr;

	inet_pton(AF_INET, address, &sin->sin_addr);
	device_ioctl(name, request, &r);
}

void device_up(struct link *l, const char *kernel_side, int mtu)
{
	struct link_port_ops ops = { deliver, NULL, NULL, NULL };
	struct ifreq r = { .ifr_mtu = mtu };

	device = l;
	CHECK_INT(link_add_port(l, &ops), ==, 0);
	CHECK_INT(link_add_port(l, &ops), ==, -ENOSPC);
	device_ioctl(kernel_side, SIOCSIFMTU, &r);
	set_address(kernel_side, SIOCSIFADDR, KERNEL_IP);
	set_address(kernel_side, SIOCSIFNETMASK, "255.255.255.0");
	device_flag_up(kernel_side, true);
}

void device_flag_up(const char *name, bool up)
{
	struct ifreq r = { .ifr_flags = up ? IFF_UP : 0 };

	device_ioctl(name, SIOCSIFFLAGS, &r);
}

void device_send(const void *a, size_t alen, const void *b, size_t blen)
{
	struct span s[] = { { a, alen }, { b, blen } };

	link_send(device, 0, (struct instant){ 0 }, s, 2);
	link_tick(device, (struct instant){ 0 });
}

static void answer_arp(const uint8_t *request)
{
	uint8_t f[42];

	memcpy(f, request, sizeof(f));
	memcpy(f, request + 6, 6);
	memcpy(f + 6, our_mac, 6);
	f[21] = 2;
	memcpy(f + 22, our_mac, 6);
	memcpy(f + 28, request + 38, 4);
	memcpy(f + 32, request + 22, 10);
	device_send(f, 14, f + 14, 28);
}

static bool is_arp_request(const struct device_frame *f)
{
	return f->data[12] == 8 && f->data[13] == 6 && f->data[21] == 1;
}

int device_await(uint16_t type)
{
	struct pollfd p = { .fd = link_fd(device), .events = POLLIN };

	for (;;) {
		int found = -1;

		device_ngot = 0;
		CHECK_INT(poll(&p, 1, 20000), ==, 1);
		CHECK_INT(link_readable(device, (struct instant){ 0 }, 16), >, 0);
		link_tick(device, (struct instant){ 0 });
		for (int i = 0; i < device_ngot; i++) {
			if (found < 0 && device_got[i].data[12] == type >> 8 &&
				device_got[i].data[13] == (type & 255))
				found = i;
			if (is_arp_request(&device_got[i]))
				answer_arp(device_got[i].data);
		}
		if (found >= 0)
			return found;
	}
}

static uint16_t ip_checksum(const uint8_t *h)
{
	uint32_t sum = 0;

	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)(h[i] << 8 | h[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Turn a UDP frame of the kernel's round and send it back. */
static void send_back(const uint8_t *frame, size_t len)
{
	uint8_t f[9100];
	uint16_t sum;

	memcpy(f, frame, len);
	memcpy(f, frame + 6, 6);
	memcpy(f + 6, our_mac, 6);
	memcpy(f + 26, frame + 30, 4);
	memcpy(f + 30, frame + 26, 4);
	memcpy(f + 34, frame + 36, 2);
	memcpy(f + 36, frame + 34, 2);
	memset(f + 40, 0, 2); /* no UDP checksum: RFC 768 allows it */
	memset(f + 24, 0, 2);
	sum = ip_checksum(f + 14);
	f[24] = (uint8_t)(sum >> 8);
	f[25] = (uint8_t)sum;
	device_send(f, 42, f + 42, len - 42);
}

int device_udp_socket(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(7) };
	struct timeval limit = { .tv_sec = 20 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	inet_pton(AF_INET, OUR_IP, &to.sin_addr);
	CHECK(connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	return fd;
}

void device_exchange(size_t size)
{
	static uint8_t sent[9000], back[9000];
	int fd = device_udp_socket(), i;

	memset(sent, 0x5a, size);
	sent[size - 1] = 1;
	CHECK_INT(send(fd, sent, size, 0), ==, size);
	i = device_await(0x0800);
	CHECK_INT(device_got[i].len, ==, 42 + size);
	CHECK_MEM(device_got[i].data + 42, sent, size);
	send_back(device_got[i].data, device_got[i].len);
	CHECK_INT(recv(fd, back, sizeof(back), 0), ==, size);
	CHECK_MEM(back, sent, size);
	close(fd);
}

