/* Signal handlers and cancellation types by libc's names. signal() and its kin are
 * libc's own: where libc is patched they come to us through sigaction().
 * SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/single_threaded.h>

#include "client/signals.h"
#include "shim.h"

/* libc keeps two for itself, and says that they do not exist. */
static bool is_libcs(int sig)
{
	return sig == 32 || sig == 33;
}

static void to_kernel(const struct sigaction *from, struct sys_sigaction *to)
{
	memset(to, 0, sizeof(*to));
	to->handler = (uintptr_t)from->sa_handler;
	to->flags = (unsigned)from->sa_flags;
	memcpy(&to->mask, &from->sa_mask, sizeof(to->mask));
	to->restorer = client_sigrestorer();
	if (to->restorer)
		to->flags |= 0x04000000ul; /* SA_RESTORER */
}

static void from_kernel(const struct sys_sigaction *from, struct sigaction *to)
{
	to->sa_handler = (void (*)(int))from->handler;
	to->sa_flags = (int)from->flags;
	memcpy(&to->sa_mask, &from->mask, sizeof(from->mask));
	to->sa_restorer = (void (*)(void))from->restorer;
}

EXPORT int sigaction(int sig, const struct sigaction *act, struct sigaction *old)
{
	struct sys_sigaction a, o;
	int r;

	if (is_libcs(sig))
		return (int)shim_return(-EINVAL);
	if (act)
		to_kernel(act, &a);
	r = client_sigaction(sig, act ? &a : NULL, old ? &o : NULL);
	if (r == 0 && old)
		from_kernel(&o, old);
	return (int)shim_return(r);
}

int __sigaction(int sig, const struct sigaction *act, struct sigaction *old);

EXPORT int __sigaction(int sig, const struct sigaction *act, struct sigaction *old)
{
	return sigaction(sig, act, old);
}

/* --- cancellation ------------------------------------------------------------------ */

static int real_type(int type, int *old)
{
	static void *slot;
	int (*next)(int, int *) = shim_next(&slot, "pthread_setcanceltype");

	return next(type, old);
}

/* A thread that may be cancelled at any instruction may not be so within our
 * calls, but in their sleeps (client/call.h). */
EXPORT int pthread_setcanceltype(int type, int *old)
{
	int r = real_type(type, old);

	if (r == 0)
		client_cancel_async(type == PTHREAD_CANCEL_ASYNCHRONOUS);
	return r;
}

static int sleep_begin(void)
{
	int old = -1;

	if (!__libc_single_threaded)
		real_type(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
	return old;
}

static void sleep_end(int old)
{
	if (old >= 0)
		real_type(old, NULL);
}

static void set_async(bool on)
{
	real_type(on ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED, NULL);
}

bool shim_cancel_begin(int fd, int *old)
{
	if (__libc_single_threaded)
		return false;
	if (fd >= 0 && client_fd_is_socket(fd)) {
		pthread_testcancel();
		return false;
	}
	real_type(PTHREAD_CANCEL_ASYNCHRONOUS, old);
	return true;
}

void shim_cancel_end(int old)
{
	real_type(old, NULL);
}

void shim_signal_start(void)
{
	static const struct client_cancel cancel = { sleep_begin, sleep_end,
		set_async };

	client_set_cancel(&cancel);
	client_signals_start();
}
