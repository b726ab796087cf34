/* The commands of the control socket. SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_COMMAND_H
#define SERVICE_COMMAND_H

#include "service.h"
#include "text.h"

/* Runs one line (without its end; it is taken to pieces) and writes the answer:
 * "ok" or "error: TEXT", then what was asked for. */
void command_run(struct service *svc, char *line, struct text *out);

#endif
