/* Files that belong to us. In a build folder they lie side by side; installed,
 * enchufe is in PREFIX/bin and the others in PREFIX/lib/enchufe. ENCHUFE_SERVICE
 * names another enchufed: the tests give programs a service with sanitizers.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

bool where_self(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 1);

	path[n > 0 ? n : 0] = 0;
	return n > 0;
}

static bool where_file(const char *name, char *path, size_t size)
{
	static const char *const folders[] = { "", "../lib/enchufe/" };
	char self[4096];
	char *slash;

	path[0] = 0;
	if (!where_self(self, sizeof(self)))
		return false;
	slash = strrchr(self, '/');
	if (!slash)
		return false;
	slash[1] = 0;
	for (int i = 0; i < 2; i++) {
		int n = snprintf(path, size, "%s%s%s", self, folders[i], name);

		if (n > 0 && (size_t)n < size && access(path, R_OK) == 0)
			return true;
	}
	return false;
}

bool where_service(char *path, size_t size)
{
	const char *other = getenv("ENCHUFE_SERVICE");

	if (other && *other) {
		int n = snprintf(path, size, "%s", other);

		return n > 0 && (size_t)n < size && access(path, X_OK) == 0;
	}
	return where_file("enchufed", path, size);
}

bool where_shim(char *path, size_t size)
{
	return where_file("libenchufe-shim.so", path, size);
}

bool where_experiments(char *path, size_t size)
{
	return where_file("lab/experiments", path, size);
}
