/* Ways to start programs, by libc's names: each asks whether the file may run and gives
 * it the environment that it needs to stay with us.
 *
 * Where libc is patched its own execve() is ours. So posix_spawn(), system() and popen()
 * are libc's; what is done for them here is for where it is not. Of exec's names none
 * is left to libc, which makes that system call in more than one place.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <alloca.h>
#include <fcntl.h>
#include <limits.h>
#include <paths.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shim.h"

/* --- exec ------------------------------------------------------------------------- */

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

EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	/* glibc's header says that they cannot be NULL, its function looks. */
	char *const *volatile args = argv, *const *volatile env = envp;

	if (fd < 0 || !args || !env)
		return (int)shim_return(-EINVAL);
	return execveat(fd, "", argv, envp, AT_EMPTY_PATH);
}

EXPORT int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

/* A file that is executable but no program is one of the shell's (POSIX, execvp). */
static int execute_or_sh(const char *path, char *const argv[], char *const envp[])
{
	int r = execve(path, argv, envp);
	size_t n = 0;
	char **args;

	if (errno != ENOEXEC)
		return r;
	while (argv[n])
		n++;
	args = alloca((n + 3) * sizeof(*args));
	args[0] = (char *)(uintptr_t)_PATH_BSHELL;
	args[1] = (char *)(uintptr_t)path;
	memcpy(args + 2, argv + (n > 0), (n > 0 ? n : 1) * sizeof(*args));
	return execve(args[0], args, envp);
}

static const char no_more[] = "";

/* The next place where PATH has the file, into `at`; false: there is no more. *rest
 * begins as NULL. What would be too long is passed over, as by glibc. */
static bool next_place(const char **rest, const char *file, char at[PATH_MAX])
{
	const char *path = *rest ? *rest : getenv("PATH");
	size_t n, len = strlen(file);

	if (!path)
		path = "/bin:/usr/bin"; /* glibc's, as confstr(_CS_PATH) */
	while (path != no_more) {
		n = strcspn(path, ":");
		*rest = path[n] ? path + n + 1 : no_more;
		if (n + len + 2 <= PATH_MAX) {
			memcpy(at, path, n);
			at[n] = '/';
			memcpy(at + n + (n > 0), file, len + 1);
			return true;
		}
		path = *rest;
	}
	return false;
}

/* Is it worth to look elsewhere? */
static bool not_here(int err)
{
	return err == EACCES || err == ENOENT || err == ESTALE || err == ENOTDIR ||
		err == ENODEV || err == ETIMEDOUT;
}

EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	const char *rest = NULL;
	char at[PATH_MAX];
	int worst = ENOENT;

	if (strchr(file, '/'))
		return execute_or_sh(file, argv, envp);
	if (strlen(file) > NAME_MAX)
		return (int)shim_return(-ENAMETOOLONG);
	envp = shim_environment(envp); /* once: execve() leaves it as it is */
	while (*file && next_place(&rest, file, at)) {
		execute_or_sh(at, argv, envp);
		if (!not_here(errno))
			return -1;
		if (worst != EACCES)
			worst = errno;
	}
	return (int)shim_return(-worst);
}

EXPORT int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

static size_t count_list(const char *first, va_list *ap)
{
	size_t n = 0;

	for (const char *p = first; p; p = va_arg(*ap, const char *))
		n++;
	return n;
}

/* What count_list() has counted, and the NULL behind it; ap is left behind that. */
static void take_list(const char *first, va_list *ap, char **argv)
{
	const char *p = first;

	for (; p; p = va_arg(*ap, const char *))
		*argv++ = (char *)(uintptr_t)p;
	*argv = NULL;
}

/* argv and ap are the caller's, who ends ap. */
#define GATHER(first, ap, argv) \
	do { \
		va_start(ap, first); \
		(argv) = alloca((count_list(first, &(ap)) + 1) * sizeof(*(argv))); \
		va_end(ap); \
		va_start(ap, first); \
		take_list(first, &(ap), argv); \
	} while (0)

EXPORT int execl(const char *path, const char *arg, ...)
{
	char **argv;
	va_list ap;

	GATHER(arg, ap, argv);
	va_end(ap);
	return execve(path, argv, environ);
}

EXPORT int execlp(const char *file, const char *arg, ...)
{
	char **argv;
	va_list ap;

	GATHER(arg, ap, argv);
	va_end(ap);
	return execvpe(file, argv, environ);
}

EXPORT int execle(const char *path, const char *arg, ...)
{
	char **argv, *const *envp;
	va_list ap;

	GATHER(arg, ap, argv);
	envp = va_arg(ap, char *const *);
	va_end(ap);
	return execve(path, argv, envp);
}

/* --- posix_spawn ------------------------------------------------------------------ */

/* Has this program ever asked for another folder in a child? Then nobody knows here
 * what a relative path is about. */
static bool moves;

EXPORT int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *a,
	const char *path)
{
	static void *slot;
	int (*next)(posix_spawn_file_actions_t *, const char *) =
		shim_next(&slot, "posix_spawn_file_actions_addchdir_np");

	__atomic_store_n(&moves, true, __ATOMIC_RELAXED);
	return next(a, path);
}

EXPORT int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *a, int fd)
{
	static void *slot;
	int (*next)(posix_spawn_file_actions_t *, int) =
		shim_next(&slot, "posix_spawn_file_actions_addfchdir_np");

	__atomic_store_n(&moves, true, __ATOMIC_RELAXED);
	return next(a, fd);
}

static long may_spawn(const char *path)
{
	if (path[0] != '/' && __atomic_load_n(&moves, __ATOMIC_RELAXED))
		return 0;
	return shim_may_execute(AT_FDCWD, path, 0);
}

typedef int spawn_fn(pid_t *, const char *, const posix_spawn_file_actions_t *,
	const posix_spawnattr_t *, char *const[], char *const[]);

EXPORT int posix_spawn(pid_t *pid, const char *path,
	const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attr,
	char *const argv[], char *const envp[])
{
	static void *slot;
	spawn_fn *next = shim_next(&slot, "posix_spawn");
	long err;

	if (shim_is_patched())
		return next(pid, path, actions, attr, argv, envp);
	err = may_spawn(path);
	return err ? (int)-err :
		next(pid, path, actions, attr, argv, shim_environment(envp));
}

/* The first program of that name that may run; false: libc says why there is none. A
 * refusal is EACCES, after which it looks further: *err is then that. */
static bool find_program(const char *file, char at[PATH_MAX], int *err)
{
	const char *rest = NULL;

	*err = 0;
	if (strlen(file) > NAME_MAX)
		return false;
	while (*file && next_place(&rest, file, at)) {
		if (sys_call3(SYS_faccessat, AT_FDCWD, at, X_OK) < 0)
			continue;
		if (may_spawn(at) == 0)
			return true;
		*err = EACCES;
	}
	return false;
}

EXPORT int posix_spawnp(pid_t *pid, const char *file,
	const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attr,
	char *const argv[], char *const envp[])
{
	static void *slot;
	spawn_fn *next = shim_next(&slot, "posix_spawnp");
	char at[PATH_MAX];
	int err;

	if (shim_is_patched())
		return next(pid, file, actions, attr, argv, envp);
	if (strchr(file, '/'))
		return posix_spawn(pid, file, actions, attr, argv, envp);
	if (find_program(file, at, &err) && err)
		return posix_spawn(pid, at, actions, attr, argv, envp);
	return err ? err :
		next(pid, file, actions, attr, argv, shim_environment(envp));
}

/* --- shells ----------------------------------------------------------------------- */

/* libc gives its shell the program's environment: the one that the shell needs stands
 * in its place for as long, unless somebody has changed it meanwhile. */
struct lent {
	char **was, **is;
};

static struct lent lend_environment(void)
{
	struct lent l = { environ, environ };

	if (!shim_is_patched())
		l.is = (char **)(uintptr_t)shim_environment(environ);
	if (l.is != l.was)
		environ = l.is;
	return l;
}

static void take_back(struct lent *l)
{
	if (l->is != l->was && environ == l->is)
		environ = l->was;
}

#define LENT __attribute__((cleanup(take_back), unused)) struct lent

EXPORT int system(const char *command)
{
	static void *slot;
	int (*next)(const char *) = shim_next(&slot, "system");
	LENT l = lend_environment();

	return next(command);
}

EXPORT FILE *popen(const char *command, const char *mode)
{
	static void *slot;
	FILE *(*next)(const char *, const char *) = shim_next(&slot, "popen");
	LENT l = lend_environment();

	return next(command, mode);
}
