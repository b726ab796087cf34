/* Calls in progress: their ends, and their sleeps (call.h).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "call.h"

#include <time.h>

#include "client/signals.h"
#include "internal.h"

_Thread_local struct call_thread call_self;

static struct client_cancel cancel;

void client_set_cancel(const struct client_cancel *c)
{
	cancel = *c;
}

void client_cancel_async(bool on)
{
	call_self.async = on;
}

void call_async(bool on)
{
	if (cancel.set_async && call_self.inside == 1)
		cancel.set_async(on);
}

bool call_deliver(long *r)
{
	uint64_t due = atomic_get_relaxed(&call_self.due), added = call_self.added;
	uint64_t mask = call_self.mask;
	bool wake = atomic_get_relaxed(&call_self.wake) != 0;
	bool restart = call_self.restart;
	struct timespec zero = { 0, 0 };

	/* First: what runs below may make calls of its own. */
	call_self.added = 0;
	atomic_put_relaxed(&call_self.wake, 0);
	atomic_put_relaxed(&call_self.due, 0);
	call_barrier();
	/* With the call's mask, as the kernel would: then a signal that the
	 * thread blocks otherwise is served too. */
	if ((due & CALL_MASKED) && wake && *r == -EINTR)
		sys_call5(SYS_ppoll, 0, 0, &zero, &mask, SYS_SIGSET_BYTES);
	if (added)
		sys_call4(SYS_rt_sigprocmask, SIG_UNBLOCK, &added, 0,
			SYS_SIGSET_BYTES);
	if (*r != -CALL_INTERRUPTED)
		return false;
	*r = -EINTR;
	return restart;
}

/* The thread is being cancelled: its clean-up handlers may call us. */
void call_unwound(void)
{
	long r = 0;

	if (--call_self.inside == 0 && atomic_get_relaxed(&call_self.due))
		call_deliver(&r);
}

void call_set_mask(const sigset_t *mask)
{
	if (!mask)
		return;
	call_self.mask = *(const uint64_t *)(const void *)mask;
	call_barrier();
	atomic_set_bits(&call_self.due, CALL_MASKED);
	/* What was put off before that may be blocked now. */
	if (!(atomic_get_relaxed(&call_self.due) & ~CALL_MASKED & ~call_self.mask))
		atomic_put_relaxed(&call_self.wake, 0);
}

/* --- sleeping --------------------------------------------------------------------- */

extern const char call_sleep_first[], call_sleep_last[], call_sleep_cut[];
long call_sleep_stub(const void *wake, long nr, long a, long b, long c, long d,
	long e, long f);

/* From `first` (included) to `last` (excluded) the thread does not sleep yet, or is
 * to sleep again as the kernel has put the program counter back for a restart. */
#if defined(__x86_64__)
__asm__(".text\n"
	".type call_sleep_stub, @function\n"
	".globl call_sleep_stub, call_sleep_first, call_sleep_last, call_sleep_cut\n"
	".hidden call_sleep_stub, call_sleep_first, call_sleep_last, call_sleep_cut\n"
	"call_sleep_stub:\n"
	".cfi_startproc\n"
	"	movq %rdi, %r11\n"
	"	movq %rsi, %rax\n"
	"	movq %rdx, %rdi\n"
	"	movq %rcx, %rsi\n"
	"	movq %r8, %rdx\n"
	"	movq %r9, %r10\n"
	"	movq 8(%rsp), %r8\n"
	"	movq 16(%rsp), %r9\n"
	"call_sleep_first:\n"
	"	cmpl $0, (%r11)\n"
	"	jne call_sleep_cut\n"
	"	syscall\n"
	"call_sleep_last:\n"
	"	ret\n"
	"call_sleep_cut:\n"
	"	movq $-4, %rax\n"
	"	ret\n"
	".cfi_endproc\n"
	".size call_sleep_stub, .-call_sleep_stub\n");
#else
__asm__(".text\n"
	".type call_sleep_stub, %function\n"
	".globl call_sleep_stub, call_sleep_first, call_sleep_last, call_sleep_cut\n"
	".hidden call_sleep_stub, call_sleep_first, call_sleep_last, call_sleep_cut\n"
	"call_sleep_stub:\n"
	".cfi_startproc\n"
	"	mov x9, x0\n"
	"	mov x8, x1\n"
	"	mov x0, x2\n"
	"	mov x1, x3\n"
	"	mov x2, x4\n"
	"	mov x3, x5\n"
	"	mov x4, x6\n"
	"	mov x5, x7\n"
	"call_sleep_first:\n"
	"	ldr w10, [x9]\n"
	"	cbnz w10, call_sleep_cut\n"
	"	svc 0\n"
	"call_sleep_last:\n"
	"	ret\n"
	"call_sleep_cut:\n"
	"	mov x0, #-4\n"
	"	ret\n"
	".cfi_endproc\n"
	".size call_sleep_stub, .-call_sleep_stub\n");
#endif

static_assert(EINTR == 4, "in the stubs");

uintptr_t call_keep_awake(uintptr_t pc)
{
	bool within = pc >= (uintptr_t)call_sleep_first &&
		pc < (uintptr_t)call_sleep_last;

	return within ? (uintptr_t)call_sleep_cut : pc;
}

long call_sleep(long nr, long a, long b, long c, long d, long e, long f)
{
	int old = cancel.begin ? cancel.begin() : 0;
	long r = call_sleep_stub(&call_self.wake, nr, a, b, c, d, e, f);

	if (cancel.end)
		cancel.end(old);
	return r;
}
