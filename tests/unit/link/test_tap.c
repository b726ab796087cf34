/* A TAP link and the kernel.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "device.h"

static void own_namespace(void)
{
	device_namespace();
	if (access("/dev/net/tun", R_OK | W_OK) < 0)
		SKIP("no /dev/net/tun: %s", strerror(errno));
}

static void setup(int mtu)
{
	int err = 0;

	own_namespace();
	device = link_new_tap("out", "", 1, &err);
	if (!device)
		check_failed(__FILE__, __LINE__, "tap: %s", strerror(-err));
	device_up(device, link_ifname(device), mtu);
}

TEST(tap_exchanges_frames_with_the_kernel)
{
	struct link_port_stats s;

	setup(1500);
	device_exchange(500);
	link_get_stats(device, 0, &s);
	CHECK_INT(s.frames_in, >=, 2); /* an answer to each ARP request, and the datagram */
	CHECK_INT(s.bytes_in, ==, 42 * (s.frames_in - 1) + 542);
	CHECK_INT(s.frames_out, >=, 2);
	CHECK_INT(s.lost + s.queue_full + s.invalid, ==, 0);
	link_free(device);
}

TEST(tap_carries_jumbo_frames)
{
	setup(9000);
	device_exchange(8500);
	link_free(device);
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
	CHECK_INT(link_set_impair(device, &c), ==, 0);
	fd = device_udp_socket();
	CHECK_INT(send(fd, "x", 1, 0), ==, 1);
	p = (struct pollfd){ .fd = link_fd(device), .events = POLLIN };
	CHECK_INT(poll(&p, 1, 20000), ==, 1);
	CHECK_INT(link_readable(device, (struct instant){ 500 }, 1), ==, 1);
	CHECK_INT(device_ngot, ==, 0);
	CHECK_INT(link_deadline(device).ns, ==, 10000500);
	link_tick(device, (struct instant){ 10000499 });
	CHECK_INT(device_ngot, ==, 0);
	link_tick(device, (struct instant){ 10000500 });
	CHECK_INT(device_ngot, ==, 2);
	link_send(device, 0, (struct instant){ 20000000 }, &whole, 1);
	CHECK_INT(link_deadline(device).ns, ==, 30000000);
	link_tick(device, (struct instant){ 30000000 });
	CHECK(instant_is_never(link_deadline(device)));
	close(fd);
	link_free(device);
}

TEST(tap_budget_is_kept)
{
	int fd;

	setup(1500);
	fd = device_udp_socket();
	send(fd, "x", 1, 0);
	device_await(0x0800);
	for (int i = 0; i < 8; i++)
		CHECK_INT(send(fd, "x", 1, 0), ==, 1);
	CHECK_INT(link_readable(device, (struct instant){ 0 }, 3), ==, 3);
	CHECK_INT(link_readable(device, (struct instant){ 0 }, 100), >=, 5);
	CHECK_INT(link_readable(device, (struct instant){ 0 }, 100), ==, 0);
	close(fd);
	link_free(device);
}

TEST(tap_that_is_down_loses_frames)
{
	struct link_port_stats s;
	uint8_t f[60] = { 0 };

	setup(1500);
	device_flag_up(link_ifname(device), false);
	device_send(f, 14, f + 14, 46);
	link_get_stats(device, 0, &s);
	CHECK_INT(s.frames_in, ==, 1);
	CHECK_INT(s.lost, ==, 1);
	CHECK_INT(link_readable(device, (struct instant){ 0 }, 100), >=, 0);
	link_free(device);
}

TEST(tap_names)
{
	struct link *other;
	int err = 0;

	own_namespace();
	device = link_new_tap("out", "ench%d", 1, &err);
	CHECK(device != NULL);
	CHECK_STR(link_ifname(device), "ench0");
	CHECK_STR(link_name(device), "out");
	other = link_new_tap("out", "ench0", 1, &err);
	CHECK(other == NULL);
	CHECK_INT(err, ==, -EBUSY);
	CHECK(link_new_tap("out", "a-name-that-is-too-long", 1, &err) == NULL);
	CHECK_INT(err, ==, -ENAMETOOLONG);
	CHECK(link_new_tap("out", "a/b", 1, &err) == NULL);
	CHECK_INT(err, ==, -EINVAL);
	link_free(device);
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
