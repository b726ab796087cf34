/* A link over an interface of the machine: one end of a veth whose other end is the
 * kernel's. SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cursor.h"
#include "check.h"
#include "device.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#define KERNEL_SIDE "theirs"
#define OUR_SIDE "ours"

static const struct instant zero;

static void ip_link(const char *command)
{
	if (system(command) != 0)
		SKIP("no veth: %s", command);
}

static void pair(void)
{
	device_namespace();
	ip_link("ip link add " KERNEL_SIDE " type veth peer name " OUR_SIDE);
}

static void setup(int mtu)
{
	struct ifreq r = { .ifr_mtu = mtu };
	struct link *l;
	int err = 0;

	pair();
	device_ioctl(OUR_SIDE, SIOCSIFMTU, &r);
	device_flag_up(OUR_SIDE, true);
	l = link_new_packet("out", OUR_SIDE, (uint32_t)mtu, 1, &err);
	if (!l)
		check_failed(__FILE__, __LINE__, "packet: %s", strerror(-err));
	device_up(l, KERNEL_SIDE, mtu);
}

TEST(packet_exchanges_frames_with_the_kernel)
{
	struct link_port_stats s;

	setup(1500);
	CHECK_STR(link_ifname(device), OUR_SIDE);
	device_exchange(500);
	device_exchange(1472);
	link_get_stats(device, 0, &s);
	CHECK_INT(s.frames_in, >=, 3);
	CHECK_INT(s.frames_out, >=, 3);
	CHECK_INT(s.lost + s.queue_full + s.invalid, ==, 0);
	link_free(device);
}

TEST(packet_carries_jumbo_frames)
{
	setup(9000);
	device_exchange(8500);
	device_exchange(100);
	link_free(device);
}

/* The ring is gone round more than once. */
TEST(packet_goes_round)
{
	setup(1500);
	for (int i = 0; i < 2200; i++)
		device_exchange(10);
	link_free(device);
}

/* The wrappers go round it as round any link. */
TEST(packet_is_impaired_like_any_link)
{
	struct link_impair c = { .delay = DURATION_MS(10) };
	uint8_t f[60] = { 0 };
	struct span whole = { f, sizeof(f) };

	setup(1500);
	CHECK_INT(link_set_impair(device, &c), ==, 0);
	link_send(device, 0, zero, &whole, 1);
	CHECK_INT(link_deadline(device).ns, ==, 10000000);
	link_tick(device, (struct instant){ 10000000 });
	CHECK(instant_is_never(link_deadline(device)));
	link_free(device);
}

/* A socket that sees and sends frames at the kernel's end. */
static int far_end(void)
{
	struct timeval limit = { .tv_sec = 20 };
	struct ifreq r = { 0 };
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), bytes = 4 << 20;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes));
	device_ioctl(KERNEL_SIDE, SIOCGIFINDEX, &r);
	at.sll_ifindex = r.ifr_ifindex;
	CHECK(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0);
	return fd;
}

static void send_marked(uint8_t round, uint8_t mark, size_t len)
{
	static uint8_t f[6000];
	struct span whole = { f, len };

	memset(f, 0xff, 6);
	memcpy(f + 6, "\2\0\0\0\0\11\x88\xb5", 8); /* IEEE 802: for experiments */
	f[14] = round;
	f[15] = mark;
	link_send(device, 0, zero, &whole, 1);
}

/* How many of a round's came, in order; a busy kernel may drop some. */
static int read_round(int fd, uint8_t round)
{
	static uint8_t got[9100];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n = 0, last = -1;

	while (last < 3 && poll(&p, 1, 1000) == 1) {
		ssize_t len = recv(fd, got, sizeof(got), MSG_DONTWAIT);

		if (len < 16 || get_be16(got + 12) != 0x88b5 || got[14] != round)
			continue;
		CHECK_INT(got[15], >, last);
		last = got[15];
		CHECK_INT(len, ==, last == 2 ? 6000 : 100);
		n++;
	}
	return n;
}

/* Short ones are gathered; neither they nor long ones overtake. */
TEST(packet_keeps_the_order)
{
	int fd, whole = 0;

	setup(9000);
	fd = far_end();
	for (uint8_t round = 0; round < 5; round++) {
		for (uint8_t mark = 0; mark < 4; mark++)
			send_marked(round, mark, mark == 2 ? 6000 : 100);
		CHECK_INT(link_deadline(device).ns, <=, 0);
		link_tick(device, zero);
		CHECK(instant_is_never(link_deadline(device)));
		whole += read_round(fd, round) == 4;
	}
	CHECK_INT(whole, >, 0);
	close(fd);
	link_free(device);
}

/* More than are gathered. */
TEST(packet_sends_many_at_once)
{
	struct link_port_stats s;

	setup(1500);
	for (uint8_t mark = 0; mark < 200; mark++)
		send_marked(0, mark, 100);
	link_tick(device, zero);
	CHECK(instant_is_never(link_deadline(device)));
	link_get_stats(device, 0, &s);
	CHECK_INT(s.frames_in, ==, 200);
	CHECK_INT(s.lost + s.queue_full, ==, 0);
	link_free(device);
}

static void far_send(int fd, const uint8_t *dst, int vlan, uint8_t mark)
{
	uint8_t f[64] = { 0 };
	size_t at = 12;

	memcpy(f, dst, 6);
	f[11] = 7;
	if (vlan >= 0) {
		put_be16(f + at, 0x8100); /* IEEE 802.1Q */
		put_be16(f + at + 2, (uint16_t)vlan);
		at += 4;
	}
	put_be16(f + at, 0x88b5);
	f[at + 2] = mark;
	CHECK_INT(send(fd, f, sizeof(f), 0), ==, sizeof(f));
}

/* What is the machine's own is not ours: its address, its VLANs. */
TEST(packet_leaves_the_machine_its_own)
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };
	static const uint8_t ours[6] = { 2, 0, 0, 0, 0, 9 };
	struct ifreq r = { 0 };
	int fd;

	setup(1500);
	fd = far_end();
	device_ioctl(OUR_SIDE, SIOCGIFHWADDR, &r);
	far_send(fd, (const uint8_t *)r.ifr_hwaddr.sa_data, -1, 1);
	far_send(fd, all, 5, 2);
	far_send(fd, ours, -1, 3);
	CHECK_INT(device_got[device_await(0x88b5)].data[14], ==, 3);
	far_send(fd, all, -1, 4);
	CHECK_INT(device_got[device_await(0x88b5)].data[14], ==, 4);
	close(fd);
	link_free(device);
}

static uint16_t udp_sum(const uint8_t *f, size_t len)
{
	uint32_t sum = 17 + (uint32_t)(len - 34);

	for (size_t i = 26; i < len; i += 2)
		sum += (uint32_t)(f[i] << 8 | (i + 1 < len ? f[i + 1] : 0));
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* UDP_SEGMENT crosses a veth in one piece; what is delivered are datagrams. */
TEST(packet_cuts_datagrams)
{
	static uint8_t text[4500];
	int fd, size = 1000, n = 0;

	setup(1500);
	fd = device_udp_socket();
	CHECK_INT(send(fd, "x", 1, 0), ==, 1);
	device_await(0x0800);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 3);
	if (setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)) < 0)
		SKIP("no UDP_SEGMENT");
	CHECK_INT(send(fd, text, sizeof(text), 0), ==, sizeof(text));
	while (n < 5) {
		int i = device_await(0x0800);

		for (; i < device_ngot; i++) {
			const uint8_t *f = device_got[i].data;
			size_t len = device_got[i].len;

			if (get_be16(f + 12) != 0x0800)
				continue;
			CHECK_INT(len, ==, 42 + (n < 4 ? 1000 : 500));
			CHECK_MEM(f + 42, text + n * 1000, len - 42);
			CHECK_INT(get_be16(f + 38), ==, len - 34);
			CHECK_INT(udp_sum(f, len), ==, 0);
			n++;
		}
	}
	close(fd);
	link_free(device);
}

TEST(packet_budget_is_kept)
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };
	struct pollfd p;
	int fd, got = 0;

	setup(1500);
	fd = far_end();
	for (uint8_t i = 0; i < 60; i++)
		far_send(fd, all, -1, i);
	p = (struct pollfd){ .fd = link_fd(device), .events = POLLIN };
	while (got < 60) {
		int n;

		CHECK_INT(poll(&p, 1, 20000), ==, 1);
		device_ngot = 0;
		n = link_readable(device, zero, 3);
		CHECK_INT(n, <=, 3);
		CHECK_INT(n, >, 0);
		got += n;
	}
	close(fd);
	link_free(device);
}

/* Down, up again, and gone. */
TEST(packet_without_its_interface)
{
	struct link_port_stats s;
	uint8_t f[60] = { 0 };
	struct pollfd p;

	setup(1500);
	device_exchange(100);
	device_flag_up(OUR_SIDE, false);
	device_send(f, 14, f + 14, 46);
	link_get_stats(device, 0, &s);
	CHECK_INT(s.lost, ==, 1);
	while (link_readable(device, zero, 100) > 0)
		;
	p = (struct pollfd){ .fd = link_fd(device), .events = POLLIN };
	CHECK_INT(poll(&p, 1, 0), ==, 0); /* it is told once */
	device_flag_up(OUR_SIDE, true);
	device_exchange(100);
	ip_link("ip link del " OUR_SIDE);
	while (link_readable(device, zero, 100) > 0)
		;
	device_send(f, 14, f + 14, 46);
	link_get_stats(device, 0, &s);
	CHECK_INT(s.lost, ==, 2);
	link_free(device);
}

static int refused(const char *ifname, uint32_t mtu)
{
	int err = 0;

	CHECK(link_new_packet("out", ifname, mtu, 1, &err) == NULL);
	return err;
}

TEST(packet_names)
{
	pair();
	CHECK_INT(refused("none", 1500), ==, -ENODEV);
	CHECK_INT(refused("", 1500), ==, -ENODEV);
	CHECK_INT(refused("a-name-that-is-too-long", 1500), ==, -ENAMETOOLONG);
	CHECK_INT(refused("lo", 1500), ==, -EOPNOTSUPP);
	CHECK_INT(refused(OUR_SIDE, 1501), ==, -EMSGSIZE);
}

TEST(packet_needs_the_right_to)
{
	device_namespace();
	if (setresuid(65534, 65534, 65534) < 0)
		SKIP("cannot give up root: %s", strerror(errno));
	CHECK_INT(refused("lo", 1500), ==, -EPERM);
}
