/* ICMP extensions behind a quote (RFC 4884): which are told, and which are called wrong.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sock/extension.h"

#include <linux/errqueue.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "world.h"

static uint8_t b[200];

/* What is told of n bytes, the last of them from `from` on extensions. */
static uint32_t told(uint32_t i, uint8_t family, size_t n, size_t from)
{
	struct span payload = { b, n };

	return sock_report_extension(at(i), family, &payload, from);
}

static struct sock_ee_data_rfc4884 as_data(uint32_t v)
{
	struct sock_ee_data_rfc4884 d;

	memcpy(&d, &v, sizeof(d));
	return d;
}

static void structure(size_t at, unsigned version, unsigned object, size_t n)
{
	struct checksum sum = CHECKSUM_INIT;

	memset(b, 0, sizeof(b));
	b[at] = (uint8_t)(version << 4);
	put_be16(b + at + 4, (uint16_t)object);
	checksum_add(&sum, b + at, n);
	put_be16(b + at + 2, checksum_finish(&sum));
}

TEST(who_asks_is_told)
{
	uint32_t i;

	world_init();
	i = udp();
	structure(100, 2, 8, 12);
	CHECK_INT(told(i, IP_V4, 112, 100), ==, 0);
	at(i)->opts.ip_bits |= SHM_IP_RFC4884;
	CHECK_INT(as_data(told(i, IP_V4, 112, 100)).len, ==, 100);
	CHECK_INT(as_data(told(i, IP_V4, 112, 100)).flags, ==, 0);
	CHECK_INT(told(i, IP_V6, 112, 100), ==, 0);
	at(i)->opts.ip6_bits |= SHM_IP6_RFC4884;
	CHECK_INT(as_data(told(i, IP_V6, 112, 100)).len, ==, 100);
}

TEST(what_is_wrong_is_called_so)
{
	uint32_t i;

	world_init();
	i = udp();
	at(i)->opts.ip_bits |= SHM_IP_RFC4884;
	structure(100, 2, 8, 12);
	b[111] ^= 1;
	CHECK_INT(as_data(told(i, IP_V4, 112, 100)).flags, ==,
		SO_EE_RFC4884_FLAG_INVALID);
	structure(100, 2, 12, 12);
	CHECK_INT(as_data(told(i, IP_V4, 112, 100)).flags, ==,
		SO_EE_RFC4884_FLAG_INVALID);
	structure(100, 2, 0, 12);
	CHECK_INT(as_data(told(i, IP_V4, 112, 100)).flags, ==,
		SO_EE_RFC4884_FLAG_INVALID);
	structure(100, 3, 0, 12); /* a version to come */
	CHECK_INT(as_data(told(i, IP_V4, 112, 100)).flags, ==, 0);
}

TEST(what_is_not_there_is_not_told)
{
	uint32_t i;

	world_init();
	i = udp();
	at(i)->opts.ip_bits |= SHM_IP_RFC4884;
	memset(b, 0, sizeof(b));
	CHECK_INT(told(i, IP_V4, 103, 100), ==, 0);
	CHECK_INT(told(i, IP_V4, 3, 0), ==, 0);
	CHECK_INT(told(i, IP_V4, 100, 190), ==, 0);
	CHECK_INT(told(i, IP_V4, 0, SIZE_MAX), ==, 0);
}
