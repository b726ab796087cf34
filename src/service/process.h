/* The processes that have joined a host: a slot each, watched by a pidfd.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_PROCESS_H
#define SERVICE_PROCESS_H

#include <stdint.h>

#include "shm/layout.h"

struct host;

/* Gives the process at the other end of socket peer_fd (by the kernel's word, not
 * its own) a slot; fills w. Registered already: the same slot, but a new
 * generation, because it has executed another program and what locks the old one
 * held are nobody's now. */
void process_register(struct host *h, int peer_fd, struct shm_welcome *w);
/* Stop watching all (the service ends). */
void process_forget_all(struct host *h);
/* A signal to whom a program has named as a socket's owner (F_GETOWN_EX's type and
 * id), if that is one of this host's processes: programs name whom they like. */
void process_signal(const struct host *h, uint32_t kind, int32_t id, int sig);
/* The process of a slot, 0 none. */
int32_t process_pid(const struct host *h, uint32_t slot);

#endif
