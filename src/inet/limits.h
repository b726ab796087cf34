/* Limits of the transport NET, with unit and reason.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef INET_LIMITS_H
#define INET_LIMITS_H

#include "base/time.h"

#define RECEIVERS_MAX 512	/* of one broadcast or multicast datagram */
#define SEGMENTS_MAX 128	/* of one UDP_SEGMENT: Linux's UDP_MAX_SEGMENTS */
#define DATAGRAM_BUDGET 64	/* taken from one socket before the next one */
#define DATAGRAM_MAX 65536	/* bytes, the largest IP payload */
#define GROUP_WANTS_MAX 65536	/* memberships of a host's sockets */
#define PATH_LIFE DURATION_S(600) /* RFC 1191 6.3, Linux's mtu_expires */
#define PACKET_COPIES 64 /* packet sockets that get one frame */
#define RETIRES_MAX 64	/* packet sockets whose block has a time */
#define RETIRE_MS_MAX 60000u
#define RAW_COPIES 64	/* raw sockets that get one packet */
#define RING_DEFAULT (1u << 20)	/* bytes: what sock gives a stream by itself */
#define PORT_TRIES 256	/* ephemeral ports that TCP still knows (TIME-WAIT)
				   before connect() fails */

#endif
