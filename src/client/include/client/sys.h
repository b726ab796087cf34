/* System calls without libc: the shim has put jumps to itself at the entries of
 * libc's functions, and before its constructor has run libc may not be ready.
 * Each returns what the kernel does: >= 0 or -errno.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_SYS_H
#define CLIENT_SYS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
__attribute__((always_inline)) static inline long sys6(long nr, long a, long b, long c,
	long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8),
			 "r"(r9)
			 : "rcx", "r11", "memory");
	return r;
}
#elif defined(__aarch64__)
__attribute__((always_inline)) static inline long sys6(long nr, long a, long b, long c,
	long d, long e, long f)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}
#else
#error "enchufe's client knows x86_64 and aarch64"
#endif

/* Arguments of any integer or pointer type. */
#define SYS_ARG(x) ((long)(uintptr_t)(x))
#define sys_call0(nr) sys6((nr), 0, 0, 0, 0, 0, 0)
#define sys_call1(nr, a) sys6((nr), SYS_ARG(a), 0, 0, 0, 0, 0)
#define sys_call2(nr, a, b) sys6((nr), SYS_ARG(a), SYS_ARG(b), 0, 0, 0, 0)
#define sys_call3(nr, a, b, c) \
	sys6((nr), SYS_ARG(a), SYS_ARG(b), SYS_ARG(c), 0, 0, 0)
#define sys_call4(nr, a, b, c, d) \
	sys6((nr), SYS_ARG(a), SYS_ARG(b), SYS_ARG(c), SYS_ARG(d), 0, 0)
#define sys_call5(nr, a, b, c, d, e) \
	sys6((nr), SYS_ARG(a), SYS_ARG(b), SYS_ARG(c), SYS_ARG(d), SYS_ARG(e), 0)
#define sys_call6(nr, a, b, c, d, e, f) \
	sys6((nr), SYS_ARG(a), SYS_ARG(b), SYS_ARG(c), SYS_ARG(d), SYS_ARG(e), \
		SYS_ARG(f))

/* Bytes of the kernel's signal set, wherever a system call asks. */
#define SYS_SIGSET_BYTES 8

/* mmap of fresh private memory: NULL when there is none. */
void *sys_alloc(size_t bytes);
void sys_free(void *p, size_t bytes);
int sys_close(int fd);
int64_t sys_now_ns(void); /* CLOCK_MONOTONIC */
int64_t sys_wall_ns(void *unused); /* CLOCK_REALTIME */

#endif
