/* Inside the shim: libc's names over the client. Only here is errno set.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_SHIM_H
#define SHIM_SHIM_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "client/client.h"
#include "client/sys.h"

#define EXPORT __attribute__((visibility("default")))

/* -errno -> errno and -1. */
__attribute__((always_inline)) static inline long shim_return(long r)
{
	if (r < 0 && r > -4096) {
		errno = (int)-r;
		return -1;
	}
	return r;
}

/* glibc's cancellation points: while a thread may block in the kernel on
 * something that is not ours, it can be cancelled at once, as in glibc 2.36. On
 * our sockets at entry and in the sleeps: elsewhere locks may be held. */
bool shim_cancel_begin(int fd, int *old);
void shim_cancel_end(int old);

#define CANCEL_POINT(fd, call) \
	({ \
		int cancel_old_; \
		bool cancel_on_ = shim_cancel_begin((fd), &cancel_old_); \
		long cancel_r_ = (call); \
		if (cancel_on_) \
			shim_cancel_end(cancel_old_); \
		shim_return(cancel_r_); \
	})

/* signal.c: from now on the program's handlers and its threads' cancellation do not
 * interfere with our calls. */
void shim_signal_start(void);

/* A function of the libc behind us, found once (not in a hot path). */
void *shim_next(void **slot, const char *name);

/* Before a process is made that gets copies of our descriptors. */
void shim_forking(void);
/* Is that what the system call does? */
bool shim_makes_process(long nr, const long v[6]);
/* One in a network namespace of its own: true, and *r is what the call gave. */
bool shim_makes_apart(long nr, const long v[6], long *r);
/* Before a call that may move this process to another namespace. */
void shim_leaving(long nr, const long v[6]);

/* syscall_more.c. True: the call was one of these, *r is its result. */
bool shim_more_calls(long nr, const long v[6], long *r);

/* map.c */
long shim_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset);

/* patch.c: 0, or why not. */
const char *shim_patch_libc(void);
bool shim_is_patched(void);

/* environ.c: envp with what our children need to stay with us; envp itself if it
 * has it already. */
char *const *shim_environment(char *const *envp);
/* exec.c: 0, or -EACCES (and said) for what cannot be joined. */
long shim_may_execute(int dir, const char *path, int flags);
/* Path of this very library, for LD_PRELOAD. */
void shim_set_own_path(const char *path);

/* confine.c: seccomp, prctl and prlimit by number. True: done, *r is the answer. */
bool shim_confine_call(long nr, const long v[6], long *r);
/* A limit of address space that came by exec holds from the start, as a program of ours
 * has added the arena to it. */
void shim_confine_start(void);

/* names.c: the machine's name service cache; it must not be asked. */
bool shim_is_nscd(const struct sockaddr *sa, socklen_t len);

#endif
