/* Inside the shim: counting what the program asks for, for `run --report`.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_REPORT_H
#define SHIM_REPORT_H

#include <stdbool.h>

#include "shm/report.h"

/* Is a report wanted? The one word that a call without it looks at. */
extern bool report_wanted;

/* At the start: take note of the environment. */
void report_init(char *const *envp);
/* The variable as "NAME=value", NULL none. */
const char *report_env(void);

/* Each keeps errno as it is. r: the call's result or -errno. Cold: they are not to cost
 * their callers a register. */
#define REPORT_COLD __attribute__((cold))
REPORT_COLD void report_socket(int domain, int type, int protocol, long r);
REPORT_COLD void report_option(enum report_kind kind, int fd, int level, int name, long r);
REPORT_COLD void report_flags(const char *call, int fd, int flags, long r);
REPORT_COLD void report_ioctl(int fd, unsigned long request, long r);
REPORT_COLD void report_fcntl(int fd, int cmd, long r);

#endif
