/* Names of scripts. SPDX-License-Identifier: BSD-2-Clause */
#include "gather.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 16

static int add(struct gathered *g, const char *name)
{
	char **more = realloc(g->path, (g->n + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	g->path = more;
	g->path[g->n] = strdup(name);
	if (!g->path[g->n])
		return -ENOMEM;
	g->n++;
	return 0;
}

static int wanted(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int walk(struct gathered *g, const char *name, unsigned depth);

static int walk_folder(struct gathered *g, const char *folder, unsigned depth)
{
	struct dirent **list;
	int n = scandir(folder, &list, wanted, alphasort), r = n < 0 ? -errno : 0;

	for (int k = 0; k < n; k++) {
		char *path;

		if (r == 0 && asprintf(&path, "%s/%s", folder, list[k]->d_name) < 0)
			r = -ENOMEM;
		else if (r == 0) {
			r = walk(g, path, depth + 1);
			free(path);
		}
		free(list[k]);
	}
	if (n >= 0)
		free(list);
	return r;
}

static int walk(struct gathered *g, const char *name, unsigned depth)
{
	size_t n = strlen(name);
	struct stat st;

	if (stat(name, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return depth < DEPTH_MAX ? walk_folder(g, name, depth) : -ELOOP;
	/* What was named is a script, whatever its name is. */
	if (depth == 0 || (n > 4 && strcmp(name + n - 4, ".pkt") == 0))
		return add(g, name);
	return 0;
}

int gather(struct gathered *g, const char *name)
{
	return walk(g, name, 0);
}

void gather_free(struct gathered *g)
{
	for (unsigned k = 0; k < g->n; k++)
		free(g->path[k]);
	free(g->path);
	*g = (struct gathered){ 0 };
}
