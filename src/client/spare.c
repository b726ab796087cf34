/* Work that needs a descriptor for a moment, in a process that has no number left.
 * A thread of its own gets a copy of the process's table, closes a few numbers in
 * the copy, and works there; what it maps is mapped for all, and the kernel sees
 * the same process (SO_PEERCRED). The program's own table is never touched.
 *
 * It shares our thread's TLS, which is asleep meanwhile, and has all signals blocked.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>

#include "internal.h"

#define STACK_BYTES (64 * 1024)
#define SPARE_NUMBERS 8 /* closed in the copy */

struct spare {
	int (*work)(void *arg);
	void *arg;
	int result;
};

static int run(void *arg)
{
	struct spare *s = arg;

	sys_call3(SYS_close_range, 0, SPARE_NUMBERS - 1, 0);
	s->result = s->work(s->arg);
	/* The thread alone; what follows in libc is not for one it did not make. */
	sys_call1(SYS_exit, 0);
	return 0;
}

int spare_run(int (*work)(void *arg), void *arg)
{
	const int flags = CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD |
		CLONE_SYSVSEM | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID;
	struct spare s = { work, arg, -EMFILE };
	uint64_t all = ~UINT64_C(0), before;
	char *stack = sys_alloc(STACK_BYTES);
	_Atomic uint32_t tid = 1; /* the kernel clears it at the thread's end */
	uint32_t now;

	if (!stack)
		return -ENOMEM;
	sys_call4(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, SYS_SIGSET_BYTES);
	if (clone(run, stack + STACK_BYTES, flags, &s, &tid, NULL, &tid) >= 0) {
		/* Pairs with the kernel's store, which comes with a wake. */
		while ((now = atomic_get_acquire(&tid)) != 0)
			sys_call4(SYS_futex, &tid, FUTEX_WAIT, now, 0);
	}
	sys_call4(SYS_rt_sigprocmask, SIG_SETMASK, &before, 0, SYS_SIGSET_BYTES);
	sys_free(stack, STACK_BYTES);
	return s.result;
}
