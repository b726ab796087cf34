/* What a caller may do: Linux's capabilities, asked for at each call that needs one.
 * struct sock_env's caps() gives a bit for each; without it, `privileged` is all or none.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_CAPS_H
#define SOCK_CAPS_H

#include <linux/capability.h>

#include "sock/sock.h"

#define SOCK_CAP(name) ((uint64_t)1 << CAP_NET_##name)

/* Has the caller one of these, SOCK_CAP(ADMIN) | SOCK_CAP(RAW) say? */
bool sock_may(const struct sock_env *e, uint64_t caps);

#endif
