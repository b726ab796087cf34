/* What a program that ours executes must find in its environment to stay on the
 * network: programs that sanitise it (sshd, cron, su) would lose their children
 * to the kernel's network otherwise.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "report.h"
#include "shim.h"
#include "trace.h"

#define PRELOAD "LD_PRELOAD="
#define PATH_BYTES 4096

static char own_path[PATH_BYTES];

void shim_set_own_path(const char *path)
{
	if (strlen(path) < sizeof(own_path))
		memcpy(own_path, path, strlen(path) + 1);
}

/* The entry of that name ("NAME=" or "NAME=value" up to the sign). */
static const char *find(char *const *envp, const char *like)
{
	size_t n = (size_t)(strchr(like, '=') - like) + 1;

	for (; envp && *envp; envp++) {
		if (strncmp(*envp, like, n) == 0)
			return *envp;
	}
	return NULL;
}

static size_t count(char *const *envp)
{
	size_t n = 0;

	while (envp && envp[n])
		n++;
	return n;
}

/* Copy all but the old LD_PRELOAD, then ours. The memory is never freed: an
 * execve follows. */
static char *const *extend(char *const *envp, const char *preload)
{
	const char *mine[] = { client_env_socket(), client_env_host(),
		report_env(), trace_env() };
	size_t n = count(envp), k = 0;
	size_t text = sizeof(PRELOAD) + strlen(own_path) + 2 +
		(preload ? strlen(preload) : 0);
	char **out = sys_alloc((n + 6) * sizeof(*out) + text);
	char *line;

	if (!out)
		return envp;
	for (size_t j = 0; j < n; j++) {
		if (envp[j] != preload)
			out[k++] = envp[j];
	}
	line = (char *)(out + n + 6);
	strcpy(line, PRELOAD);
	strcat(line, own_path);
	if (preload && preload[sizeof(PRELOAD) - 1]) {
		strcat(line, ":");
		strcat(line, preload + sizeof(PRELOAD) - 1);
	}
	out[k++] = line;
	for (size_t j = 0; j < sizeof(mine) / sizeof(mine[0]); j++) {
		if (mine[j] && !find(envp, mine[j]))
			out[k++] = (char *)(uintptr_t)mine[j];
	}
	out[k] = NULL;
	return out;
}

char *const *shim_environment(char *const *envp)
{
	const char *preload = find(envp, PRELOAD);

	client_sharing(true);
	if (!client_configured() || !own_path[0])
		return envp;
	if (preload && strstr(preload, own_path) && find(envp, client_env_socket()))
		return envp;
	/* With another LD_PRELOAD of ours the list gets its own entry anyway. */
	return extend(envp, preload && strstr(preload, own_path) ? NULL : preload);
}
