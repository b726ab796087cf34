/* Calls by which a program takes rights from itself: the client prepares before
 * they come into force. All else in them is the kernel's.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/touch.h"
#include "shim.h"

#define PTR(x) ((void *)(uintptr_t)(x))

#define FEW 64 /* descriptors: from here on we might lack one to register */

static long confining(const struct sock_fprog *filter, long nr, const long v[6])
{
	bool now = client_confine(filter);
	long r = sys_call6(nr, v[0], v[1], v[2], v[3], v[4], v[5]);

	if (now && r != 0)
		client_unconfine();
	return r;
}

/* What a sanitizer's runtime calls before it is ready for code that is instrumented. */
#if defined(__has_attribute) && __has_attribute(disable_sanitizer_instrumentation)
#define SANITIZER_CALLS __attribute__((disable_sanitizer_instrumentation))
#else
#define SANITIZER_CALLS
#endif

SANITIZER_CALLS static bool is_limited(const struct rlimit *l)
{
	return l->rlim_cur != RLIM_INFINITY || l->rlim_max != RLIM_INFINITY;
}

/* RLIMIT_AS counts what is mapped, touched or not, and the arena is larger than any
 * limit that a program gives itself: so that is added to what is set, and taken from
 * what is told. */
static uint64_t arena_bytes(const struct rlimit *l)
{
	if (!is_limited(l))
		return 0;
	client_join_early();
	return client_arena_bytes();
}

static void widen(rlim_t *v, uint64_t by)
{
	if (*v < RLIM_INFINITY - by)
		*v += by;
}

static void narrow(rlim_t *v, uint64_t by)
{
	if (*v != RLIM_INFINITY && *v >= by)
		*v -= by;
}

static bool is_own(pid_t pid)
{
	return (pid == 0 || pid == (pid_t)sys_call0(SYS_getpid)) && client_configured();
}

void shim_confine_start(void)
{
	struct rlimit space;

	if (sys_call4(SYS_prlimit64, 0, RLIMIT_AS, NULL, &space) == 0)
		arena_bytes(&space);
}

/* Apart from limit_call(), as sanitizers would prepare its stack for `copy`, and their
 * runtime asks for limits before it can. */
__attribute__((noinline)) static long set_space(pid_t pid, const struct rlimit *limit,
	struct rlimit *old)
{
	struct rlimit copy = *limit;
	uint64_t by = arena_bytes(&copy);

	widen(&copy.rlim_cur, by);
	widen(&copy.rlim_max, by);
	return sys_call4(SYS_prlimit64, pid, RLIMIT_AS, &copy, old);
}

/* Nothing that is instrumented, for what a sanitizer's runtime asks. */
SANITIZER_CALLS static long limit_call(pid_t pid, int resource, const struct rlimit *limit,
	struct rlimit *old)
{
	uint64_t by;
	long r;

	if (resource == RLIMIT_NOFILE && limit && touch_read(limit, sizeof(*limit)) &&
		limit->rlim_cur < FEW)
		client_settle();
	if (resource == RLIMIT_AS && limit && is_own(pid) &&
		touch_read(limit, sizeof(*limit)))
		r = set_space(pid, limit, old);
	else
		r = sys_call4(SYS_prlimit64, pid, resource, limit, old);
	if (r == 0 && resource == RLIMIT_AS && old && is_limited(old) && is_own(pid)) {
		by = arena_bytes(old);
		narrow(&old->rlim_cur, by);
		narrow(&old->rlim_max, by);
	}
	return r;
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
		*r = limit_call((pid_t)v[0], (int)v[1], filter, PTR(v[3]));
		return true;
	case SYS_getrlimit:
		*r = limit_call(0, (int)v[0], NULL, PTR(v[1]));
		return true;
	case SYS_setrlimit:
		*r = limit_call(0, (int)v[0], PTR(v[1]), NULL);
		return true;
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

SANITIZER_CALLS EXPORT int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	return (int)shim_return(limit_call(0, (int)resource, limit, NULL));
}

SANITIZER_CALLS EXPORT int setrlimit64(__rlimit_resource_t resource, const struct rlimit64 *limit)
{
	return setrlimit(resource, (const struct rlimit *)(const void *)limit);
}

SANITIZER_CALLS EXPORT int getrlimit(__rlimit_resource_t resource, struct rlimit *limit)
{
	return (int)shim_return(limit_call(0, (int)resource, NULL, limit));
}

SANITIZER_CALLS EXPORT int getrlimit64(__rlimit_resource_t resource, struct rlimit64 *limit)
{
	return getrlimit(resource, (struct rlimit *)(void *)limit);
}

EXPORT int prlimit(pid_t pid, enum __rlimit_resource resource,
	const struct rlimit *limit, struct rlimit *old)
{
	return (int)shim_return(limit_call(pid, (int)resource, limit, old));
}

EXPORT int prlimit64(pid_t pid, enum __rlimit_resource resource,
	const struct rlimit64 *limit, struct rlimit64 *old)
{
	return prlimit(pid, resource, (const struct rlimit *)(const void *)limit,
		(struct rlimit *)(void *)old);
}
