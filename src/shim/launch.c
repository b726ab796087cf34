/* Ways to start programs, by libc's names: each asks whether the file may run and gives
 * it the environment that it needs to stay with us.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <unistd.h>

#include "shim.h"

EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	long err = shim_may_execute(AT_FDCWD, path, 0);

	return (int)shim_return(err ? err : sys_call3(SYS_execve, path, argv,
		shim_environment(envp)));
}

EXPORT int execveat(int dir, const char *path, char *const argv[],
	char *const envp[], int flags)
{
	long err = shim_may_execute(dir, path, flags);

	return (int)shim_return(err ? err : sys_call5(SYS_execveat, dir, path, argv,
		shim_environment(envp), flags));
}

EXPORT int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	static void *slot;
	int (*next)(const char *, char *const[], char *const[]) =
		shim_next(&slot, "execvpe");

	return next(file, argv, shim_environment(envp));
}

EXPORT int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}
