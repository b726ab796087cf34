/* How long Linux's connect() goes on asking.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_SYNTIME_H
#define CLIENT_SYNTIME_H

#include <stdint.h>

#include "shm/opts.h"

/* ns from the first SYN to ETIMEDOUT, by TCP_SYNCNT and TCP_USER_TIMEOUT. */
int64_t syn_time_ns(const struct shm_opts *o);

#endif
