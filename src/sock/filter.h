/* Inside sock: a program's filter on what a socket receives.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_FILTER_H
#define SOCK_FILTER_H

#include "inside.h"

/* Does m with this payload get through s's filter, and how much of the payload? Only
 * asked if s->filter is set. -1: it does not. */
int64_t filter_pass(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_msg *m, const struct span *payload, unsigned n);

#endif
