/* The network's log file: one line for each thing worth knowing afterwards.
 * Process-wide, because a service is one process with one network.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_LOG_H
#define SERVICE_LOG_H

/* Lines go to fd from now on (-1: nowhere). The caller keeps owning it. */
void log_open(int fd);
void log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
