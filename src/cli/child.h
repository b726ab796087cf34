/* A program that runs as a child of ours because it is being watched (run --report,
 * run --trace). SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include <stddef.h>

struct report;
struct report_wish;
struct trace;

/* Maps a fresh file of zeroes in the run directory, whose path is in the environment
 * as `variable` then, and in `path`. NULL: it was said why. */
void *child_share(const char *variable, const char *what, char *path, size_t path_size,
	size_t size);

/* report.c, trace.c: open the file; tell what it holds (0 or -1, after saying why). */
struct report *report_open(char *path, size_t size);
int report_tell(const struct report_wish *w, const struct report *r);
struct trace *trace_open(char *path, size_t size);
int trace_tell(const char *path, const struct trace *t, const char *host);

#endif
