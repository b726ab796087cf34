/* Processes that change: copies of them, and those that give up what joining needs.
 *
 * A fork's child has our descriptors: before it is made, others must know that
 * (fork() itself tells by pthread_atfork). A program that changes its root or
 * its user, as daemons do before their first network call, could not reach the
 * control socket afterwards, or would be refused there: so it joins before.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sched.h>
#include <stdarg.h>
#include <unistd.h>

#include "shim.h"

#ifndef SYS_fork /* newer machines have clone alone */
#define SYS_fork (-100)
#endif

pid_t _Fork(void);

EXPORT pid_t _Fork(void)
{
	static void *slot;
	pid_t (*next)(void) = shim_next(&slot, "_Fork");

	shim_forking();
	return next();
}

EXPORT int clone(int (*fn)(void *), void *stack, int flags, void *arg, ...)
{
	static void *slot;
	int (*next)(int (*)(void *), void *, int, void *, ...) =
		shim_next(&slot, "clone");
	void *more[3];
	va_list ap;

	va_start(ap, arg);
	for (int k = 0; k < 3; k++) /* who does not read them gets nonsense */
		more[k] = va_arg(ap, void *);
	va_end(ap);
	if (!(flags & CLONE_FILES))
		shim_forking();
	return next(fn, stack, flags, arg, more[0], more[1], more[2]);
}

bool shim_makes_process(long nr, const long v[6])
{
	switch (nr) {
	case SYS_fork:
		return true;
	case SYS_clone:
		return !(v[0] & CLONE_FILES);
	case SYS_clone3: /* struct clone_args begins with its flags */
		return !(*(const uint64_t *)(uintptr_t)v[0] & CLONE_FILES);
	default:
		return false;
	}
}

EXPORT int chroot(const char *path)
{
	client_join_early();
	return (int)shim_return(sys_call1(SYS_chroot, path));
}

/* libc changes the user of all threads: its own function must do it. */
#define USER_CALL(name, params, ...) \
	EXPORT int name params \
	{ \
		static void *slot; \
		int (*next) params = shim_next(&slot, #name); \
\
		if (geteuid() == 0) \
			client_join_early(); \
		return next(__VA_ARGS__); \
	}

USER_CALL(setuid, (uid_t u), u)
USER_CALL(seteuid, (uid_t u), u)
USER_CALL(setreuid, (uid_t r_, uid_t e), r_, e)
USER_CALL(setresuid, (uid_t r_, uid_t e, uid_t s), r_, e, s)
