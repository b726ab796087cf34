/* Processes that change: copies of them, and those that give up what joining needs.
 *
 * A fork's child has our descriptors: before it is made, others must know that
 * (fork() itself tells by pthread_atfork). A program that changes its root or
 * its user, as daemons do before their first network call, could not reach the
 * control socket afterwards, or would be refused there: so it joins before. One that
 * moves to another network namespace cannot reach the service: its sockets go on, and
 * so it registers before. A child that is made there (CLONE_NEWNET) is therefore made
 * here, and moves when it has registered; its maker waits for that.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim.h"

#ifndef SYS_fork /* newer machines have clone alone */
#define SYS_fork (-100)
#endif

/* struct clone_args is of 64-bit fields: flags and these, among others. */
#define CLONE3_PIDFD 1
#define CLONE3_STACK 5

pid_t _Fork(void);

EXPORT pid_t _Fork(void)
{
	static void *slot;
	pid_t (*next)(void) = shim_next(&slot, "_Fork");

	shim_forking();
	return next();
}

/* The kernel lets who asks for it make a network namespace? */
static bool may_move(unsigned long flags)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return (flags & CLONE_NEWUSER) || (sys_call2(SYS_capget, &h, d) == 0 &&
		(d[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective & CAP_TO_MASK(CAP_SYS_ADMIN)));
}

/* Is it a child with memory and descriptors of its own that is to begin elsewhere? */
static bool begins_here(unsigned long flags)
{
	return (flags & CLONE_NEWNET) && !(flags & (CLONE_VM | CLONE_FILES)) &&
		client_configured() && may_move(flags);
}

/* Joins, or registers a fork's child: afterwards nobody hears it. */
static void take_leave(void)
{
	client_join_early();
	client_settle();
}

/* A child that is to begin elsewhere, and the pipe by which it says whether it does:
 * its error, 0 if all is well. Without a pipe (numbers < 0) nobody waits for that. */
struct beginning {
	int (*fn)(void *);
	void *arg;
	const int *pidfd; /* CLONE_PIDFD: where the kernel writes it */
	int told[2];
};

static void prepare(struct beginning *b, unsigned long flags, const void *pidfd)
{
	shim_forking();
	b->pidfd = flags & CLONE_PIDFD ? pidfd : NULL;
	if (sys_call2(SYS_pipe2, b->told, O_CLOEXEC) < 0)
		b->told[0] = b->told[1] = -1;
}

static void drop(int *fd)
{
	if (*fd < 0)
		return;
	client_fd_forget(*fd); /* somebody may have looked what it is */
	sys_close(*fd);
	*fd = -1;
}

static void close_pipe(struct beginning *b)
{
	drop(&b->told[0]);
	drop(&b->told[1]);
}

/* In the child. Where it cannot be alone it must not be at all. */
static void move_away(struct beginning *b)
{
	int err;

	take_leave();
	err = (int)sys_call1(SYS_unshare, CLONE_NEWNET);
	if (b->told[1] >= 0)
		sys_call3(SYS_write, b->told[1], &err, sizeof(err));
	close_pipe(b);
	if (err < 0)
		sys_call1(SYS_exit_group, 127);
}

/* In the parent: the child's number once it is there, or why there is none. One that
 * ended on its way has an end as others. */
static long arrived(struct beginning *b, long pid)
{
	int err = 0;
	long n = -EINTR;

	drop(&b->told[1]);
	while (pid > 0 && b->told[0] >= 0 && n == -EINTR)
		n = sys_call3(SYS_read, b->told[0], &err, sizeof(err));
	close_pipe(b);
	if (n != sizeof(err) || err >= 0)
		return pid;
	while (sys_call4(SYS_wait4, pid, 0, __WALL, 0) == -EINTR)
		;
	if (b->pidfd)
		sys_close(*b->pidfd);
	return err;
}

static int begin(void *user)
{
	struct beginning b = *(struct beginning *)user;

	move_away(&b);
	return b.fn(b.arg);
}

EXPORT int clone(int (*fn)(void *), void *stack, int flags, void *arg, ...)
{
	static void *slot;
	int (*next)(int (*)(void *), void *, int, void *, ...) =
		shim_next(&slot, "clone");
	struct beginning b = { .fn = fn, .arg = arg };
	void *more[3];
	va_list ap;
	long pid;

	va_start(ap, arg);
	for (int k = 0; k < 3; k++) /* who does not read them gets nonsense */
		more[k] = va_arg(ap, void *);
	va_end(ap);
	if (fn && stack && begins_here((unsigned)flags)) {
		prepare(&b, (unsigned)flags, more[0]);
		pid = next(begin, stack, flags & ~CLONE_NEWNET, &b, more[0], more[1],
			more[2]);
		return (int)shim_return(arrived(&b, pid < 0 ? -errno : pid));
	}
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

static long cloned(struct beginning *b, long r)
{
	if (r != 0)
		return arrived(b, r);
	move_away(b);
	return 0;
}

bool shim_makes_apart(long nr, const long v[6], long *r)
{
	struct beginning b;
	union {
		uint64_t flags;
		char bytes[256];
	} args;

	if (nr == SYS_clone && v[1] == 0 && begins_here((unsigned long)v[0])) {
		prepare(&b, (unsigned long)v[0], (const void *)(uintptr_t)v[2]);
		*r = cloned(&b, sys_call5(SYS_clone, v[0] & ~CLONE_NEWNET, 0, v[2],
			v[3], v[4]));
		return true;
	}
	if (nr != SYS_clone3 || v[1] < 64 || v[1] > (long)sizeof(args))
		return false;
	memcpy(&args, (const void *)(uintptr_t)v[0], (size_t)v[1]);
	if (((const uint64_t *)&args)[CLONE3_STACK] || !begins_here(args.flags))
		return false;
	args.flags &= ~(uint64_t)CLONE_NEWNET;
	prepare(&b, args.flags,
		(const void *)(uintptr_t)((const uint64_t *)&args)[CLONE3_PIDFD]);
	*r = cloned(&b, sys_call2(SYS_clone3, &args, v[1]));
	return true;
}

void shim_leaving(long nr, const long v[6])
{
	if ((nr == SYS_unshare && (v[0] & CLONE_NEWNET)) || nr == SYS_setns)
		take_leave();
}

EXPORT int unshare(int flags)
{
	shim_leaving(SYS_unshare, (const long[6]){ flags });
	return (int)shim_return(sys_call1(SYS_unshare, flags));
}

EXPORT int setns(int fd, int type)
{
	shim_leaving(SYS_setns, (const long[6]){ fd });
	return (int)shim_return(sys_call2(SYS_setns, fd, type));
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
