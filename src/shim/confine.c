/* Calls by which a program takes rights from itself: the client prepares before
 * they come into force. All else in them is the kernel's.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "shim.h"

#define FEW 64 /* descriptors: from here on we might lack one to register */

static long confining(const struct sock_fprog *filter, long nr, const long v[6])
{
	bool now = client_confine(filter);
	long r = sys_call6(nr, v[0], v[1], v[2], v[3], v[4], v[5]);

	if (now && r != 0)
		client_unconfine();
	return r;
}

static void limiting(int resource, const struct rlimit *limit)
{
	if (resource == RLIMIT_NOFILE && limit && limit->rlim_cur < FEW)
		client_settle();
}

bool shim_confine_call(long nr, const long v[6], long *r)
{
	const void *filter = (const void *)(uintptr_t)v[2];

	switch (nr) {
	case SYS_prctl:
		if (v[0] != PR_SET_SECCOMP)
			return false;
		*r = confining(v[1] == SECCOMP_MODE_FILTER ? filter : NULL, nr, v);
		return true;
	case SYS_seccomp:
		if (v[0] == SECCOMP_SET_MODE_STRICT)
			filter = NULL;
		else if (v[0] != SECCOMP_SET_MODE_FILTER || !filter)
			return false;
		*r = confining(filter, nr, v);
		return true;
	case SYS_prlimit64:
		limiting((int)v[1], filter);
		return false;
	default:
		return false;
	}
}

EXPORT int prctl(int option, ...)
{
	long v[6] = { option }, r;
	va_list ap;

	va_start(ap, option);
	for (int k = 1; k < 5; k++)
		v[k] = va_arg(ap, long);
	va_end(ap);
	if (!shim_confine_call(SYS_prctl, v, &r))
		r = sys_call5(SYS_prctl, v[0], v[1], v[2], v[3], v[4]);
	return (int)shim_return(r);
}

EXPORT int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	limiting((int)resource, limit);
	return (int)shim_return(sys_call4(SYS_prlimit64, 0, resource, limit, 0));
}

EXPORT int setrlimit64(__rlimit_resource_t resource, const struct rlimit64 *limit)
{
	return setrlimit(resource, (const struct rlimit *)(const void *)limit);
}

EXPORT int prlimit(pid_t pid, enum __rlimit_resource resource,
	const struct rlimit *limit, struct rlimit *old)
{
	limiting((int)resource, limit);
	return (int)shim_return(sys_call4(SYS_prlimit64, pid, resource, limit, old));
}

EXPORT int prlimit64(pid_t pid, enum __rlimit_resource resource,
	const struct rlimit64 *limit, struct rlimit64 *old)
{
	return prlimit(pid, resource, (const struct rlimit *)(const void *)limit,
		(struct rlimit *)(void *)old);
}
