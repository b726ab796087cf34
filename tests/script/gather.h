/* Names of scripts: files as they are, folders as all that lies in them.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRIPT_GATHER_H
#define SCRIPT_GATHER_H

struct gathered {
	char **path; /* own */
	unsigned n;
};

/* Add a file, or each *.pkt in a folder and those below it, sorted. 0, -errno. */
int gather(struct gathered *g, const char *name);
void gather_free(struct gathered *g);

#endif
