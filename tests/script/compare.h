/* A packet that a script expects beside one that was seen.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRIPT_COMPARE_H
#define SCRIPT_COMPARE_H

#include "script.h"

/* NULL: seen is what is expected; else which part of it is not. `before` bytes of
 * the expected payload were seen already, in packets of their own; `more`: the
 * seen one may be shorter, and others follow. */
const char *packet_differs(const struct script_packet *expected,
	const struct script_packet *seen, uint32_t before, bool more);

#endif
