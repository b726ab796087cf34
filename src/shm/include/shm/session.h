/* What a program and the service say to each other on the network's control
 * socket (a pathname AF_UNIX SOCK_STREAM socket in the run directory, mode 0700;
 * the service checks SO_PEERCRED: its own user or root).
 *
 * A client that begins with SHM_MAGIC is a program that joins: it sends one
 * struct shm_join and gets one struct shm_welcome with, on success, the arena's
 * memfd as SCM_RIGHTS; then both close. The process is then registered: the
 * service took its pid from SO_PEERCRED and watches a pidfd. `enchufe run` joins
 * with SHM_JOIN_HOLD before it executes the program (same pid), so that the
 * service knows of it from the start.
 *
 * A client that begins with anything else is a command: one line of text
 * (src/service/control.h), answered by text until the service closes.
 *
 * A forked child registers by the abstract rendezvous instead (shm/layout.h,
 * SHM_HELLO_REGISTER): it may have lost the right to open the path.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_SESSION_H
#define SHM_SESSION_H

#include <stdint.h>

#include "shm/layout.h"

/* Environment of a joined program. */
#define SHM_ENV_SOCKET "ENCHUFE_SOCKET" /* path of the control socket */
#define SHM_ENV_HOST "ENCHUFE_HOST"	/* name of the host */

enum shm_join_flag {
	SHM_JOIN_HOLD = 1, /* register only: no descriptor wanted */
};

struct shm_join {
	uint32_t magic;	  /* SHM_MAGIC */
	uint32_t version; /* SHM_VERSION */
	uint32_t flags;
	char host[SHM_NAME_MAX]; /* "": the only host, else -EINVAL */
};
static_assert(sizeof(struct shm_join) == 44, "shm_join");

/* status in shm_welcome: 0, -ENOENT no such host, -EINVAL several hosts and none
 * named, -EPROTO version, -EPERM wrong user, -EUSERS no slot free. A process that
 * is registered already gets its slot again. */

#endif
