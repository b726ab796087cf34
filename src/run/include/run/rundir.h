/* The run directory: where networks of this user are found.
 *
 *   $ENCHUFE_RUNTIME_DIR, else $XDG_RUNTIME_DIR/enchufe, else /tmp/enchufe-UID
 *     NET.sock        control socket
 *     NET.lock        held while a service is started, joined or leaves
 *     NET.log         what the service has to tell
 *     NET.HOST.hosts  the /etc/hosts of that host
 *
 * Shared by service and command. SPDX-License-Identifier: BSD-2-Clause */
#ifndef RUN_RUNDIR_H
#define RUN_RUNDIR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

#define RUNDIR_PATH_MAX 80 /* bytes, so that a socket's path fits sun_path */

struct rundir {
	char path[RUNDIR_PATH_MAX];
};

/* Finds, makes (0700) and checks it: ours, nobody else's to write. 0, -EPERM
 * (somebody else's, or too open), -ENAMETOOLONG, -errno. path is set even on
 * failure, for the message. */
int rundir_open(struct rundir *d);
/* PATH/NET.suffix; false when it does not fit. */
bool rundir_file(const struct rundir *d, const char *net, const char *suffix,
	char *out, size_t size);
/* A name that a network or a host may have: letters, digits, dashes, dots and
 * underscores, not beginning with a dash or a dot, shorter than SHM_NAME_MAX. */
bool rundir_name_ok(const char *name);
/* Lock NET.lock, waiting or not: descriptor (close unlocks), -EWOULDBLOCK,
 * -errno. */
int rundir_lock(const struct rundir *d, const char *net, bool wait);
/* Connected to the control socket of NET: descriptor, -ENOENT nothing there,
 * -ECONNREFUSED a stale file, -errno. */
int rundir_connect(const struct rundir *d, const char *net);
/* Calls fn for every network whose control socket exists, in order of name. */
int rundir_foreach(const struct rundir *d,
	void (*fn)(void *user, const char *net), void *user);

#endif
