/* The program's signal handlers, and what its threads' cancellation needs of us.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_SIGNALS_H
#define CLIENT_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

/* As the system call rt_sigaction takes it. */
struct sys_sigaction {
	uintptr_t handler;
	unsigned long flags;
	uintptr_t restorer;
	uint64_t mask;
};

/* At the program's start, while it has one thread: from now on its handlers run
 * between our calls only, and a bad pointer in a call is EFAULT. */
void client_signals_start(void);

/* rt_sigaction with a set of 8 bytes. The program sees its own handlers. */
int client_sigaction(int sig, const struct sys_sigaction *act,
	struct sys_sigaction *old);
/* What a handler returns to, if it brings nothing of its own; 0: the kernel's. */
uintptr_t client_sigrestorer(void);

/* Around each sleep: the thread can be cancelled there. set_async: its type, for
 * the time of a call. */
struct client_cancel {
	int (*begin)(void);
	void (*end)(int old);
	void (*set_async)(bool on);
};
void client_set_cancel(const struct client_cancel *c);
/* The program has set this thread's type. */
void client_cancel_async(bool on);

#endif
