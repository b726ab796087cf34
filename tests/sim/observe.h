/* One bulk transfer over a simulated path, and what an observer of the wire who also
 * knows every packet's fate has to say of it.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_OBSERVE_H
#define SIM_OBSERVE_H

#include "wire.h"

struct observed {
	bool complete;	   /* every byte came and both ends are closed */
	double seconds;	   /* from the SYN to the last byte's arrival */
	uint64_t segments; /* that carried data */
	uint64_t retrans;  /* of them with nothing that was not sent before */
	uint64_t spurious; /* of these: all of it had arrived or was about to */
	uint64_t timeouts;
	uint64_t digest;   /* of all packets, both ways, with their times */
};

/* Host 0 sends `bytes` to host 1 and both close; cfg's watch is taken. At most
 * `limit` of virtual time. */
void observe(const struct sim_config *cfg, uint64_t bytes, struct duration limit,
	struct observed *out);

#endif
