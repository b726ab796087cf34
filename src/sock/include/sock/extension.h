/* ICMP extensions behind what an error quotes (RFC 4884), as IP_RECVERR_RFC4884 tells of
 * them. SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_EXTENSION_H
#define SOCK_EXTENSION_H

#include "base/span.h"
#include "sock/sock.h"

/* ee_data for a report to s about a packet of that family: payload is what is quoted
 * behind its headers, `at` of it are in front of extensions. 0: not asked, or none. */
uint32_t sock_report_extension(const struct shm_sock *s, uint8_t family,
	const struct span *payload, size_t at);

#endif
