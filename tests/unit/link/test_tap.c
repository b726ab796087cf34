/* A TAP link and the kernel: each test makes a network namespace of its own,
 * a device in it, and speaks ARP, IPv4 and UDP with the kernel by hand.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "link/link.h"

#define FRAMES_MAX 64
#define KERNEL_IP "10.9.0.1"
#define OUR_IP "10.9.0.2"

static const uint8_t our_mac[6] = { 2, 0, 0, 0, 0, 9 };
static uint8_t kernel_mac[6];
static struct link *tap;

static struct {
	size_t len;
	uint8_t data[9100];
} got[FRAMES_MAX];
static int ngot;

static void deliver(void *user, struct instant now, const void *frame,
	size_t len)
{
	CHECK_INT(ngot, <, FRAMES_MAX);
	CHECK_INT(len, <=, sizeof(got[0].data));
	memcpy(got[ngot].data, frame, len);
	got[ngot++].len = len;
}

static void own_namespace(void)
{
	if (unshare(CLONE_NEWNET) < 0 &&
		unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		SKIP("no network namespace of one's own: %s", strerror(errno));
	if (access("/dev/net/tun", R_OK | W_OK) < 0)
		SKIP("no /dev/net/tun: %s", strerror(errno));
}

static void interface_ioctl(unsigned long request, struct ifreq *r)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	strcpy(r->ifr_name, link_ifname(tap));
	if (ioctl(fd, request, r) < 0)
		check_failed(__FILE__, __LINE__, "ioctl %lx: %s", request,
			strerror(errno));
	close(fd);
}

static void set_address(unsigned long request, const char *address)
{
	struct ifreq r = { .ifr_addr.sa_family = AF_INET };
	struct sockaddr_in *sin = (struct sockaddr_in *)(void *)&r.ifr_addr;

	inet_pton(AF_INET, address, &sin->sin_addr);
	interface_ioctl(request, &r);
}

static void setup(int mtu)
{
	struct link_port_ops ops = { deliver, NULL, NULL };
	struct ifreq r = { .ifr_mtu = mtu };
	int err = 0;

	own_namespace();
	tap = link_new_tap("out", "", 1, &err);
	if (!tap)
		check_failed(__FILE__, __LINE__, "tap: %s", strerror(-err));
	CHECK_INT(link_add_port(tap, &ops), ==, 0);
	CHECK_INT(link_add_port(tap, &ops), ==, -ENOSPC);
	interface_ioctl(SIOCSIFMTU, &r);
	interface_ioctl(SIOCGIFHWADDR, &r);
	memcpy(kernel_mac, r.ifr_hwaddr.sa_data, 6);
	set_address(SIOCSIFADDR, KERNEL_IP);
	set_address(SIOCSIFNETMASK, "255.255.255.0");
	r.ifr_flags = IFF_UP;
	interface_ioctl(SIOCSIFFLAGS, &r);
}

/* Wait for a frame of this EtherType from the kernel (which also speaks IPv6
 * unasked); its index in got. */
static int await(uint16_t type)
{
	struct pollfd p = { .fd = link_fd(tap), .events = POLLIN };

	for (;;) {
		ngot = 0;
		CHECK_INT(poll(&p, 1, 20000), ==, 1);
		CHECK_INT(link_readable(tap, (struct instant){ 0 }, 16), >, 0);
		link_tick(tap, (struct instant){ 0 });
		for (int i = 0; i < ngot; i++)
			if (got[i].data[12] == type >> 8 &&
				got[i].data[13] == (type & 255))
				return i;
	}
}

static void send_frame(const void *a, size_t alen, const void *b, size_t blen)
{
	struct span s[] = { { a, alen }, { b, blen } };

	link_send(tap, 0, (struct instant){ 0 }, s, 2);
}

static void answer_arp(const uint8_t *request)
{
	uint8_t f[42];

	CHECK_INT(request[21], ==, 1); /* a request, for us */
	memcpy(f, request, sizeof(f));
	memcpy(f, request + 6, 6);
	memcpy(f + 6, our_mac, 6);
	f[21] = 2;
	memcpy(f + 22, our_mac, 6);
	memcpy(f + 28, request + 38, 4);
	memcpy(f + 32, request + 22, 10);
	send_frame(f, 14, f + 14, 28);
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
	send_frame(f, 42, f + 42, len - 42);
}

static int udp_socket(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(7) };
	struct timeval limit = { .tv_sec = 20 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	inet_pton(AF_INET, OUR_IP, &to.sin_addr);
	CHECK(connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	return fd;
}

static void exchange(size_t size)
{
	static uint8_t sent[9000], back[9000];
	int fd = udp_socket(), i;

	memset(sent, 0x5a, size);
	sent[size - 1] = 1;
	CHECK_INT(send(fd, sent, size, 0), ==, size);
	answer_arp(got[await(0x0806)].data);
	i = await(0x0800);
	CHECK_INT(got[i].len, ==, 42 + size);
	CHECK_MEM(got[i].data + 42, sent, size);
	send_back(got[i].data, got[i].len);
	CHECK_INT(recv(fd, back, sizeof(back), 0), ==, size);
	CHECK_MEM(back, sent, size);
	close(fd);
}

TEST(tap_exchanges_frames_with_the_kernel)
{
	struct link_port_stats s;

	setup(1500);
	exchange(500);
	link_get_stats(tap, 0, &s);
	CHECK_INT(s.frames_in, ==, 2);
	CHECK_INT(s.bytes_in, ==, 42 + 542);
	CHECK_INT(s.frames_out, >=, 2);
	CHECK_INT(s.lost + s.queue_full + s.invalid, ==, 0);
	link_free(tap);
}

TEST(tap_carries_jumbo_frames)
{
	setup(9000);
	exchange(8500);
	link_free(tap);
}

/* The wrappers go round a device as well: with delay, nothing passes before its
 * time in either direction. */
TEST(tap_is_impaired_like_any_link)
{
	struct link_impair c = { .delay = DURATION_MS(10), .duplicate = 1 };
	struct pollfd p;
	uint8_t f[60] = { 0 };
	struct span whole = { f, sizeof(f) };
	int fd;

	setup(1500);
	CHECK_INT(link_set_impair(tap, &c), ==, 0);
	fd = udp_socket();
	CHECK_INT(send(fd, "x", 1, 0), ==, 1);
	p = (struct pollfd){ .fd = link_fd(tap), .events = POLLIN };
	CHECK_INT(poll(&p, 1, 20000), ==, 1);
	CHECK_INT(link_readable(tap, (struct instant){ 500 }, 1), ==, 1);
	CHECK_INT(ngot, ==, 0);
	CHECK_INT(link_deadline(tap).ns, ==, 10000500);
	link_tick(tap, (struct instant){ 10000499 });
	CHECK_INT(ngot, ==, 0);
	link_tick(tap, (struct instant){ 10000500 });
	CHECK_INT(ngot, ==, 2);
	link_send(tap, 0, (struct instant){ 20000000 }, &whole, 1);
	CHECK_INT(link_deadline(tap).ns, ==, 30000000);
	link_tick(tap, (struct instant){ 30000000 });
	CHECK(instant_is_never(link_deadline(tap)));
	close(fd);
	link_free(tap);
}

TEST(tap_budget_is_kept)
{
	int fd;

	setup(1500);
	fd = udp_socket();
	send(fd, "x", 1, 0);
	answer_arp(got[await(0x0806)].data);
	await(0x0800);
	for (int i = 0; i < 8; i++)
		CHECK_INT(send(fd, "x", 1, 0), ==, 1);
	CHECK_INT(link_readable(tap, (struct instant){ 0 }, 3), ==, 3);
	CHECK_INT(link_readable(tap, (struct instant){ 0 }, 100), >=, 5);
	CHECK_INT(link_readable(tap, (struct instant){ 0 }, 100), ==, 0);
	close(fd);
	link_free(tap);
}

TEST(tap_that_is_down_loses_frames)
{
	struct ifreq r = { .ifr_flags = 0 };
	struct link_port_stats s;
	uint8_t f[60] = { 0 };

	setup(1500);
	interface_ioctl(SIOCSIFFLAGS, &r);
	send_frame(f, 14, f + 14, 46);
	link_get_stats(tap, 0, &s);
	CHECK_INT(s.frames_in, ==, 1);
	CHECK_INT(s.lost, ==, 1);
	CHECK_INT(link_readable(tap, (struct instant){ 0 }, 100), >=, 0);
	link_free(tap);
}

TEST(tap_names)
{
	struct link *other;
	int err = 0;

	own_namespace();
	tap = link_new_tap("out", "ench%d", 1, &err);
	CHECK(tap != NULL);
	CHECK_STR(link_ifname(tap), "ench0");
	CHECK_STR(link_name(tap), "out");
	other = link_new_tap("out", "ench0", 1, &err);
	CHECK(other == NULL);
	CHECK_INT(err, ==, -EBUSY);
	CHECK(link_new_tap("out", "a-name-that-is-too-long", 1, &err) == NULL);
	CHECK_INT(err, ==, -ENAMETOOLONG);
	CHECK(link_new_tap("out", "a/b", 1, &err) == NULL);
	CHECK_INT(err, ==, -EINVAL);
	link_free(tap);
}

TEST(tap_needs_the_right_to)
{
	int err = 0;

	own_namespace();
	if (setresuid(65534, 65534, 65534) < 0)
		SKIP("cannot give up root: %s", strerror(errno));
	CHECK(link_new_tap("out", "", 1, &err) == NULL);
	CHECK(err == -EPERM || err == -EACCES);
}
