/* The program's signal handlers. In the kernel stands ours in front of each:
 *
 *	in a call of ours (call.h)	put off: queued to this thread again,
 *					blocked until the call's end; a sleep ends
 *	a bad pointer in a call		the copy fails (base/touch.h)
 *	else				the program's handler, as the kernel would
 *
 * Flags and masks are the kernel's business: it runs our handler with those of the
 * program's. Dispositions without a handler are left as they are, but for SIGSEGV
 * and SIGBUS, whose default is played by us: it may be a bad pointer. A handler
 * that did not come by us (a bare system call, a library loaded before) runs
 * wherever the thread is; then it must not use a socket whose call it interrupts.
 *
 * The kernel knows the truth (SA_RESETHAND, exec, fork); what we keep counts only
 * while ours is installed.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "client/signals.h"

#include <ucontext.h>

#include "base/touch.h"
#include "call.h"
#include "internal.h"

#define SIGNALS 65
#define SIGRTMIN_KERNEL 32
#define BIT(sig) (UINT64_C(1) << ((sig) - 1))

struct entry {
	_Atomic uintptr_t run; /* last real handler: to be called, 0 default */
	_Atomic unsigned long flags; /* the program's */
	struct sys_sigaction told; /* what the program set; under busy */
};
static struct entry entries[SIGNALS];
static _Atomic uint32_t busy; /* a lock; signals are put off while it is held */

#if defined(__x86_64__)
/* Byte for byte as unwinders and debuggers know it. */
__asm__(".text\n"
	"	nop\n"
	".hidden client_sigreturn\n"
	".globl client_sigreturn\n"
	".type client_sigreturn, @function\n"
	"client_sigreturn:\n"
	"	movq $15, %rax\n"
	"	syscall\n"
	".size client_sigreturn, .-client_sigreturn\n");
extern const char client_sigreturn[];
#define RESTORER ((uintptr_t)client_sigreturn)
#define RESTORER_FLAG 0x04000000ul
#define PC(uc) ((uc)->uc_mcontext.gregs[REG_RIP])
typedef greg_t pc_t;
#else
#define RESTORER ((uintptr_t)0)
#define RESTORER_FLAG 0ul
#define PC(uc) ((uc)->uc_mcontext.pc)
typedef unsigned long long pc_t;
#endif

uintptr_t client_sigrestorer(void)
{
	return RESTORER;
}

static long kernel_action(int sig, const struct sys_sigaction *act,
	struct sys_sigaction *old)
{
	return sys_call4(SYS_rt_sigaction, sig, act, old, SYS_SIGSET_BYTES);
}

static bool is_memory(int sig)
{
	return sig == SIGSEGV || sig == SIGBUS;
}

/* Did the instruction at hand cause it? Then it cannot wait. */
static bool is_synchronous(int sig, const siginfo_t *info)
{
	return info->si_code > 0 && (is_memory(sig) || sig == SIGFPE ||
		sig == SIGILL || sig == SIGTRAP || sig == SIGSYS);
}

static void send_again(int sig, siginfo_t *info)
{
	long pid = sys_call0(SYS_getpid), tid = sys_call0(SYS_gettid);

	/* No room for the details: without. */
	if (sys_call4(SYS_rt_tgsigqueueinfo, pid, tid, sig, info) == -EAGAIN)
		sys_call3(SYS_tgkill, pid, tid, sig);
}

/* Under a call of ours. */
static void put_off(int sig, siginfo_t *info, ucontext_t *uc)
{
	uint64_t *mask = (uint64_t *)(void *)&uc->uc_sigmask, bit = BIT(sig);
	unsigned long flags = atomic_get_relaxed(&entries[sig].flags);
	bool ends_sleep = !(atomic_get_relaxed(&call_self.due) & CALL_MASKED) ||
		!(call_self.mask & bit);
	struct sys_sigaction a;

	if (flags & SA_NODEFER)
		sys_call4(SYS_rt_sigprocmask, SIG_BLOCK, &bit, 0, SYS_SIGSET_BYTES);
	/* The kernel has put the default in our place. */
	if ((flags & SA_RESETHAND) && kernel_action(sig, NULL, &a) == 0 &&
		a.handler == 0) {
		a = entries[sig].told;
		a.handler = (uintptr_t)client_signal_handler;
		a.flags |= SA_SIGINFO;
		kernel_action(sig, &a, NULL);
	}
	if (!(*mask & bit)) {
		*mask |= bit;
		call_self.added |= bit;
	}
	if (ends_sleep && !atomic_get_relaxed(&call_self.wake)) {
		call_self.restart = flags & SA_RESTART;
		atomic_put_relaxed(&call_self.wake, 1);
	}
	atomic_set_bits(&call_self.due, bit);
	send_again(sig, info);
	if (ends_sleep)
		PC(uc) = (pc_t)call_keep_awake((uintptr_t)PC(uc));
}

/* SIGSEGV or SIGBUS, and the program wants no handler: let it happen again. */
static void play_default(int sig, siginfo_t *info)
{
	struct sys_sigaction a = { .handler = (uintptr_t)SIG_DFL };

	kernel_action(sig, &a, NULL);
	if (info->si_code <= 0)
		send_again(sig, info);
}

void client_signal_handler(int sig, siginfo_t *info, void *context)
{
	void (*run)(int, siginfo_t *, void *);
	ucontext_t *uc = context;
	uintptr_t to;

	if (is_memory(sig) && info->si_code > 0) {
		to = touch_fixup((uintptr_t)PC(uc));
		if (to) {
			PC(uc) = (pc_t)to;
			return;
		}
	}
	if (call_self.inside > 0 && !is_synchronous(sig, info) &&
		!client_is_confined()) {
		put_off(sig, info, uc);
		return;
	}
	if (sig == SIGIO || sig >= SIGRTMIN_KERNEL)
		owner_correct(info);
	run = (void (*)(int, siginfo_t *, void *))atomic_get_acquire(
		&entries[sig].run); /* pairs with install() */
	if (run)
		run(sig, info, context);
	else
		play_default(sig, info);
}

/* --- sigaction ------------------------------------------------------------------------ */

static bool is_ours(const struct sys_sigaction *a)
{
	return a->handler == (uintptr_t)client_signal_handler;
}

static bool is_real(const struct sys_sigaction *a)
{
	return a->handler != (uintptr_t)SIG_DFL && a->handler != (uintptr_t)SIG_IGN;
}

/* Under busy. */
static long install(int sig, const struct sys_sigaction *act)
{
	struct entry *e = &entries[sig], before = { 0 };
	struct sys_sigaction a = *act;
	uintptr_t run = is_real(act) ? act->handler : 0;
	long r;

	/* What somebody read past us, given back. */
	if (is_ours(act) || (!run && (!is_memory(sig) ||
		act->handler == (uintptr_t)SIG_IGN)))
		return kernel_action(sig, act, NULL);
	before.told = e->told;
	before.run = atomic_get_relaxed(&e->run);
	before.flags = atomic_get_relaxed(&e->flags);
	/* Known before it can run; pairs with client_signal_handler(). */
	e->told = *act;
	atomic_put_relaxed(&e->flags, act->flags);
	atomic_put_release(&e->run, run);
	a.handler = (uintptr_t)client_signal_handler;
	a.flags |= SA_SIGINFO;
	if (!run) { /* in the program's place: on its stack, with its mask */
		a.flags = SA_SIGINFO | SA_ONSTACK | RESTORER_FLAG;
		a.restorer = RESTORER;
		a.mask = 0;
	}
	r = kernel_action(sig, &a, NULL);
	if (r < 0) {
		e->told = before.told;
		atomic_put_relaxed(&e->flags, before.flags);
		atomic_put_release(&e->run, before.run);
	}
	return r;
}

static long change(int sig, const struct sys_sigaction *act,
	struct sys_sigaction *old)
{
	struct sys_sigaction now;
	uint32_t none = 0;
	long r;

	/* Pairs with the release below; a fork's child may have inherited it
	 * from a thread that it does not have. */
	for (int tries = 0; !atomic_cas(&busy, &none, 1) && tries < 1000; tries++) {
		none = 0;
		sys_call0(SYS_sched_yield);
	}
	r = kernel_action(sig, NULL, &now);
	if (r == 0 && is_ours(&now))
		now = entries[sig].told;
	else if (now.flags & SA_RESETHAND) /* it has run: not our flag then */
		now.flags = entries[sig].told.flags;
	if (r == 0 && act)
		r = install(sig, act);
	atomic_put_release(&busy, 0);
	if (r == 0 && old)
		*old = now;
	return r;
}

int client_sigaction(int sig, const struct sys_sigaction *act,
	struct sys_sigaction *old)
{
	struct sys_sigaction a;

	/* In a child that borrows its parent's memory the table is not its own. */
	if (sig < 1 || sig >= SIGNALS || !client_configured() ||
		(act && !client_own_memory()))
		return (int)kernel_action(sig, act, old);
	if ((act && !touch_read(act, sizeof(*act))) ||
		(old && !touch_write(old, sizeof(*old))))
		return -EFAULT;
	if (act)
		a = *act;
	CALL_GUARD();
	return (int)change(sig, act ? &a : NULL, old);
}

void client_signals_start(void)
{
	struct sys_sigaction a;

	for (int sig = 1; sig < SIGNALS; sig++) {
		if (kernel_action(sig, NULL, &a) < 0 || is_ours(&a))
			continue;
		if (is_real(&a) || (is_memory(sig) && a.handler == 0))
			client_sigaction(sig, &a, NULL);
	}
}
