/* Limits of the service, with unit and reason.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_LIMITS_H
#define SERVICE_LIMITS_H

#include "base/time.h"

#define SERVICE_HOSTS_MAX 256	/* of a network: one arena mapping each */
#define SERVICE_LINKS_MAX 1024	/* of a network */
#define SERVICE_PORTS_MAX 64	/* interfaces of a host */
#define LOOP_BATCH 128		/* kernel events taken at once */
#define LOOP_ROUNDS 16		/* rounds of timers and links before the kernel
				   is asked again */
#define LOOP_SPIN DURATION_US(60) /* for looks at the arenas, a sched_yield each,
				   after a round that had work */
#define LOOP_KERNEL 4		/* yields between two looks at the kernel's descriptors */
#define LOOP_BUSY DURATION_US(200) /* a yield of this length: others need it */
#define LOOP_MISSES 8		/* spins in vain before it rests */
#define LOOP_REST 64		/* rounds of rest */
#define ACCEPT_BATCH 64		/* connections accepted in one go */
#define ACCEPT_PAUSE DURATION_MS(100) /* without descriptors: try again then */
#define HELLO_TIME DURATION_S(5) /* for a hello or a command to be complete */
#define CONTROL_LINE_MAX 8192	/* bytes of a command, with its end */
#define CONTROL_CLIENTS_MAX 256	/* at once */
#define DEVICE_BUDGET 64	/* frames read from a device in a round */
#define DEVICE_BATCH 8		/* ... between two looks at the clock */
#define LOCK_TRIES 4096		/* looks at a lock of the arena before the
				   service goes on without it */
#define SWEEP_GAP DURATION_MS(20) /* between two sweeps of a host */
#define SWEEP_LAZY DURATION_MS(500) /* after closes, to gather many */
#define SWEEP_MANY 512 /* closes: do not wait for more */
#define EMBRYO_GRACE DURATION_S(5) /* for an accept() that looks for its connection */
#define ORPHAN_GRACE DURATION_S(5) /* for a child that inherited an epoll set */
#define RMEM_MAX (32u << 20)	/* bytes: tcp_rmem[2] of Linux 6.18; the rules' own
				 * default is that of the kernels before */
#define PACE_PATH_US 5000 /* a path longer than a scheduler lets wait: segments that
			   * late acknowledgements allow are spread, not sent at once */
#define LINGER_TIME DURATION_MS(1000) /* a default network without programs */
#define CAPTURE_FLUSH DURATION_MS(100) /* frames may lie in memory so long */

#endif
