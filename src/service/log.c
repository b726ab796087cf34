/* Log lines: wall clock, text, one write each.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static int log_fd = -1;

void log_open(int fd)
{
	log_fd = fd;
}

void log_line(const char *fmt, ...)
{
	char line[512];
	struct timespec ts;
	struct tm tm;
	va_list ap;
	size_t n;
	int len;

	if (log_fd < 0)
		return;
	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	n = strftime(line, sizeof(line), "%Y-%m-%d %H:%M:%S", &tm);
	n += (size_t)snprintf(line + n, sizeof(line) - n, ".%03ld ",
		ts.tv_nsec / 1000000);
	va_start(ap, fmt);
	len = vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	n = n + (size_t)len < sizeof(line) - 1 ? n + (size_t)len : sizeof(line) - 2;
	line[n++] = '\n';
	/* A full disk must not stop the network. */
	if (write(log_fd, line, n) < 0)
		return;
}
