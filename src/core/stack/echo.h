/* Echo as a user sees it (Linux's ping sockets): requests out, replies in, the
 * identifier in the place of a port.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef STACK_ECHO_H
#define STACK_ECHO_H

#include <stdbool.h>

#include "ip/packet.h"
#include "stack/stack.h"

/* A request whose payload is the ICMP message; its identifier and checksum are
 * replaced. 0, -EINVAL (no echo request, code not 0, wrong family), and what
 * ip_sender answers. */
int echo_send(const struct ip_sender *ip, struct instant now,
	const struct stack_datagram *d);
/* From a checked reply, of at least ICMP_HEADER_LEN bytes. */
void echo_from_packet(const struct ip_packet_in *pkt, struct stack_datagram *out);
/* From an error about a request of ours; false: it was about something else. */
bool echo_from_error(const struct ip_error_in *e, struct ip_name *local,
	struct ip_name *remote);

#endif
