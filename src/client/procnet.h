/* Inside the client: files of /proc/net that are written when they are opened.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_PROCNET_H
#define CLIENT_PROCNET_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct procnet_text {
	int fd;
	size_t used;
	char buf[4096];
};

/* A line, filled with blanks to `width` (0: as it is). */
void procnet_line(struct procnet_text *t, size_t width, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* procgroup.c */
void procnet_igmp(struct procnet_text *t);
void procnet_igmp6(struct procnet_text *t);
void procnet_mcfilter(struct procnet_text *t);
void procnet_mcfilter6(struct procnet_text *t);
void procnet_dev_mcast(struct procnet_text *t);
/* Each group of each interface: 4 or 16 bytes. */
typedef void procgroup_fn(void *user, uint32_t ifindex, const uint8_t *group);
void procgroup_each(uint8_t family, procgroup_fn *f, void *user);

#endif
