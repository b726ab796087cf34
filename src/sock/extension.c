/* ICMP extensions behind what an error quotes (RFC 4884 7):
 *
 *   quote, 128 bytes at least | version 4 .. checksum 16 | length 16 .. object | ...
 *
 * Linux: ip_icmp_error_rfc4884() and its _validate().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sock/extension.h"

#include <string.h>

#include <linux/errqueue.h>

#include "base/checksum.h"
#include "base/cursor.h"
#include "inside.h"

#define HEADER 4 /* bytes, of the structure and of each object */
#define VERSION 2

static bool is_valid(const uint8_t *p, size_t len)
{
	struct checksum sum = CHECKSUM_INIT;
	size_t at = HEADER;

	if (p[0] >> 4 != VERSION)
		return true; /* nobody knows what a later one looks like */
	checksum_add(&sum, p, len);
	if (get_be16(p + 2) != 0 && checksum_finish(&sum) != 0)
		return false;
	while (at < len) {
		size_t object = len - at < HEADER ? 0 : get_be16(p + at);

		if (object < HEADER || object > len - at)
			return false;
		at += object;
	}
	return true;
}

uint32_t sock_report_extension(const struct shm_sock *s, uint8_t family,
	const struct span *payload, size_t at)
{
	bool asked = family == IP_V4 ?
		sock_once(&s->opts.ip_bits) & SHM_IP_RFC4884 :
		sock_once(&s->opts.ip6_bits) & SHM_IP6_RFC4884;
	struct sock_ee_data_rfc4884 d = { .len = (uint16_t)at };
	const uint8_t *p = payload->base;
	uint32_t data;

	if (!asked || at > UINT16_MAX || payload->len < HEADER ||
		at > payload->len - HEADER)
		return 0;
	if (!is_valid(p + at, payload->len - at))
		d.flags = SO_EE_RFC4884_FLAG_INVALID;
	memcpy(&data, &d, sizeof(data));
	return data;
}
