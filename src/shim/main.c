/* The shim's start. Its functions may be called before (by other constructors):
 * they work then too, with the symbols alone.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "shim.h"
#include "trace.h"

void *shim_next(void **slot, const char *name)
{
	void *p = __atomic_load_n(slot, __ATOMIC_RELAXED);

	if (!p) {
		p = dlsym(RTLD_NEXT, name);
		__atomic_store_n(slot, p, __ATOMIC_RELAXED);
	}
	return p;
}

static void say(const char *why)
{
	char line[256];
	int n = snprintf(line, sizeof(line),
		"enchufe: %s; calls that libc makes itself are not caught\n", why);

	sys_call3(SYS_write, 2, line, n);
}

void shim_forking(void)
{
	client_sharing(false);
}

__attribute__((constructor(101))) static void shim_start(void)
{
	const char *no = getenv("ENCHUFE_NO_PATCH");
	const char *why;
	Dl_info info;

	client_init(environ);
	report_init(environ);
	trace_init(environ);
	pthread_atfork(shim_forking, NULL, client_forked);
	if (!client_configured())
		return;
	shim_signal_start();
	shim_confine_start();
	if (dladdr((void *)&shim_next, &info))
		shim_set_own_path(info.dli_fname);
	if (no && strcmp(no, "1") == 0)
		return;
	why = shim_patch_libc();
	if (why)
		say(why);
}
