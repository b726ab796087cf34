/* The control socket RUNDIR/NET.sock: programs that join (shm/session.h) and
 * commands. A command is one line of words; the answer is "ok" or "error: TEXT"
 * on the first line, then what was asked for, then the end.
 *
 *   status text|json
 *   host NAME                      is there such a host?
 *   link NAME KEY=VALUE...         delay, jitter, loss, ... of a link
 *   capture NAME|* PATH            NAME of a host or a link
 *   down
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_CONTROL_H
#define SERVICE_CONTROL_H

#include <stdbool.h>

struct service;
struct control;

/* Replaces a stale socket file. -EADDRINUSE: that network runs already. */
struct control *control_new(struct service *svc, int *err);
/* Removes the socket file, drops the clients. */
void control_free(struct control *c);
/* Does somebody wait to be accepted? */
bool control_is_wanted(const struct control *c);

#endif
