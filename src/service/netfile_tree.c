/* What is left of a network file, or of a mistake in it, when it has been read.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "netfile.h"

#include <stdio.h>
#include <stdlib.h>

void netfile_free(struct netfile *n)
{
	for (uint32_t i = 0; i < n->nlinks; i++) {
		free(n->links[i].ends);
		free(n->links[i].capture);
	}
	free(n->links);
	free(n->hosts);
	*n = (struct netfile){ 0 };
}

const char *netfile_error_format(const struct netfile_error *err,
	const char *path, char *buf, size_t size)
{
	if (err->line)
		snprintf(buf, size, "%s:%u:%u: %s", path, err->line, err->column,
			err->text);
	else
		snprintf(buf, size, "%s: %s", path, err->text);
	return buf;
}
