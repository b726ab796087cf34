/* What a frame leaves to the device, or a device has left to us: a super-segment of
 * TCP, longer than any frame of the link (Linux: GSO, TSO, GRO), and a checksum that
 * is still to be made. All zero: an ordinary frame.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_OFFLOAD_H
#define WIRE_OFFLOAD_H

#include <stdbool.h>
#include <stdint.h>

struct offload {
	uint16_t segment; /* bytes of TCP's text in each frame it stands for; 0: one frame */
	uint16_t l4;	  /* where the transport header begins, bytes into the frame */
	uint16_t sum_at;  /* where its checksum is, bytes into that header */
	bool unsummed;	  /* there is the sum of the pseudo header alone, uncomplemented:
			   * it has not been on a wire, and is right by definition */
};

#endif
