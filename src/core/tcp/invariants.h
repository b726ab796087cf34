/* What must hold of a host's TCP between any two verbs. For tests and fuzzers:
 * not part of the library that programs use.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef TCP_INVARIANTS_H
#define TCP_INVARIANTS_H

#include "tcp/tcp.h"

/* NULL, or the first rule that does not hold, as C text. Not from within a callback.
 * The buffers' owners are taken to be honest. */
const char *tcp_broken_invariant(const struct tcp *t);

#endif
