/* syscall(): programs that call the kernel by number through libc (libuv closes
 * descriptors so, for one). What concerns descriptors goes the same way as by name;
 * io_uring would pass us by and is said not to exist, unless ENCHUFE_IO_URING is
 * set. Everything else is libc's own syscall(), reached by a jump: some calls
 * (vfork, clone) must not have a frame of ours between.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>

#include "base/touch.h"
#include "client/signals.h"
#include "shim.h"

typedef long syscall_fn(long nr, long a, long b, long c, long d, long e, long f);

#define PTR(x) ((void *)(uintptr_t)(x))
#define NS_PER_S INT64_C(1000000000)

static bool io_uring_allowed(void)
{
	extern char **environ;

	for (char **e = environ; e && *e; e++) {
		static const char name[] = "ENCHUFE_IO_URING=";
		unsigned k = 0;

		while (name[k] && (*e)[k] == name[k])
			k++;
		if (!name[k])
			return (*e)[k] == '1';
	}
	return false;
}

/* Calls that make, change or close descriptors. */
static bool fd_call(long nr, long a, long b, long c, long *r)
{
	switch (nr) {
	case SYS_close:
		*r = client_close((int)a);
		return true;
	case SYS_close_range:
		*r = client_close_range((unsigned)a, (unsigned)b, (unsigned)c);
		return true;
	case SYS_dup:
		*r = client_dup((int)a);
		return true;
	case SYS_dup3:
		*r = a == b ? -EINVAL : client_dup3((int)a, (int)b, (int)c);
		return true;
	case SYS_fcntl:
		*r = client_fcntl((int)a, (int)b, (unsigned long)c);
		return true;
	case SYS_ioctl:
		*r = client_ioctl((int)a, (unsigned long)b, (unsigned long)c);
		return true;
	case SYS_io_uring_setup:
		*r = -ENOSYS;
		return !io_uring_allowed();
	default:
		return false;
	}
}

static bool socket_call(long nr, const long v[6], long *r)
{
	switch (nr) {
	case SYS_socket:
		*r = client_socket((int)v[0], (int)v[1], (int)v[2]);
		return true;
	case SYS_bind:
		*r = client_bind((int)v[0], PTR(v[1]), (socklen_t)v[2]);
		return true;
	case SYS_listen:
		*r = client_listen((int)v[0], (int)v[1]);
		return true;
	case SYS_accept4:
		*r = client_accept4((int)v[0], PTR(v[1]), PTR(v[2]), (int)v[3]);
		return true;
	case SYS_connect:
		*r = client_connect((int)v[0], PTR(v[1]), (socklen_t)v[2]);
		return true;
	case SYS_shutdown:
		*r = client_shutdown((int)v[0], (int)v[1]);
		return true;
	case SYS_getsockname:
		*r = client_getsockname((int)v[0], PTR(v[1]), PTR(v[2]));
		return true;
	case SYS_getpeername:
		*r = client_getpeername((int)v[0], PTR(v[1]), PTR(v[2]));
		return true;
	case SYS_getsockopt:
		*r = client_getsockopt((int)v[0], (int)v[1], (int)v[2],
			PTR(v[3]), PTR(v[4]));
		return true;
	case SYS_setsockopt:
		*r = client_setsockopt((int)v[0], (int)v[1], (int)v[2],
			PTR(v[3]), (socklen_t)v[4]);
		return true;
	default:
		return false;
	}
}

static bool data_call(long nr, const long v[6], long *r)
{
	switch (nr) {
	case SYS_read:
		*r = client_read((int)v[0], PTR(v[1]), (size_t)v[2]);
		return true;
	case SYS_write:
		*r = client_write((int)v[0], PTR(v[1]), (size_t)v[2]);
		return true;
	case SYS_readv:
		*r = client_readv((int)v[0], PTR(v[1]), (int)v[2]);
		return true;
	case SYS_writev:
		*r = client_writev((int)v[0], PTR(v[1]), (int)v[2]);
		return true;
	case SYS_recvfrom:
		*r = client_recvfrom((int)v[0], PTR(v[1]), (size_t)v[2],
			(int)v[3], PTR(v[4]), PTR(v[5]));
		return true;
	case SYS_sendto:
		*r = client_sendto((int)v[0], PTR(v[1]), (size_t)v[2],
			(int)v[3], PTR(v[4]), (socklen_t)v[5]);
		return true;
	case SYS_recvmsg:
		*r = client_recvmsg((int)v[0], PTR(v[1]), (int)v[2]);
		return true;
	case SYS_sendmsg:
		*r = client_sendmsg((int)v[0], PTR(v[1]), (int)v[2]);
		return true;
	case SYS_recvmmsg:
		*r = client_recvmmsg((int)v[0], PTR(v[1]), (unsigned)v[2],
			(int)v[3], PTR(v[4]));
		return true;
	case SYS_sendmmsg:
		*r = client_sendmmsg((int)v[0], PTR(v[1]), (unsigned)v[2],
			(int)v[3]);
		return true;
	case SYS_sendfile:
		*r = client_sendfile((int)v[0], (int)v[1], PTR(v[2]),
			(size_t)v[3]);
		return true;
	case SYS_splice:
		*r = client_splice((int)v[0], PTR(v[1]), (int)v[2], PTR(v[3]),
			(size_t)v[4], (unsigned)v[5]);
		return true;
	case SYS_preadv2: /* the position in two halves, of which one is enough */
		*r = client_preadv2((int)v[0], PTR(v[1]), (int)v[2], v[3],
			(int)v[5]);
		return true;
	case SYS_pwritev2:
		*r = client_pwritev2((int)v[0], PTR(v[1]), (int)v[2], v[3],
			(int)v[5]);
		return true;
	default:
		return false;
	}
}

/* The system call, unlike libc's function, says how much time was left. */
static long raw_ppoll(const long v[6])
{
	struct timespec *left = PTR(v[2]);
	int64_t end = 0, ns;
	long r;

	if (v[3] && v[4] != SYS_SIGSET_BYTES)
		return -EINVAL;
	if (left && !touch_read(left, sizeof(*left)))
		return -EFAULT;
	if (left)
		end = sys_now_ns() + left->tv_sec * NS_PER_S + left->tv_nsec;
	r = client_ppoll(PTR(v[0]), (nfds_t)v[1], left, PTR(v[3]));
	/* Linux's poll_select_finish(): it does not matter if it cannot be told. */
	if (left && r != -EINVAL && r != -EFAULT && touch_write(left, sizeof(*left))) {
		ns = end - sys_now_ns();
		ns = ns < 0 ? 0 : ns;
		*left = (struct timespec){ ns / NS_PER_S, ns % NS_PER_S };
	}
	return r;
}

static bool wait_call(long nr, const long v[6], long *r)
{
	struct timespec t, *tp = NULL;

	switch (nr) {
	case SYS_ppoll:
		*r = raw_ppoll(v);
		return true;
	case SYS_epoll_create1:
		*r = client_epoll_create1((int)v[0]);
		return true;
	case SYS_epoll_ctl:
		*r = client_epoll_ctl((int)v[0], (int)v[1], (int)v[2], PTR(v[3]));
		return true;
	case SYS_epoll_pwait:
		if ((int)v[3] >= 0) {
			t = (struct timespec){ v[3] / 1000, v[3] % 1000 * 1000000 };
			tp = &t;
		}
		*r = v[4] && v[5] != SYS_SIGSET_BYTES ? -EINVAL :
			client_epoll_wait((int)v[0], PTR(v[1]), (int)v[2], tp,
				PTR(v[4]));
		return true;
	case SYS_epoll_pwait2:
		*r = v[4] && v[5] != SYS_SIGSET_BYTES ? -EINVAL :
			client_epoll_wait((int)v[0], PTR(v[1]), (int)v[2],
				PTR(v[3]), PTR(v[4]));
		return true;
	default:
		return false;
	}
}

/* libc declares it with "..."; for the machine that is the same call. */
long shim_syscall(long nr, long a, long b, long c, long d, long e,
	long f) __asm__("syscall");

EXPORT long shim_syscall(long nr, long a, long b, long c, long d, long e, long f)
{
	static void *slot;
	const long v[6] = { a, b, c, d, e, f };
	syscall_fn *next;
	long r;

	if (nr == SYS_rt_sigaction && d == SYS_SIGSET_BYTES)
		return shim_return(client_sigaction((int)a, PTR(b), PTR(c)));
	if (fd_call(nr, a, b, c, &r) || socket_call(nr, v, &r) ||
		data_call(nr, v, &r) || wait_call(nr, v, &r) ||
		shim_more_calls(nr, v, &r) || shim_confine_call(nr, v, &r))
		return shim_return(r);
	if (shim_makes_apart(nr, v, &r))
		return shim_return(r);
	shim_leaving(nr, v);
	if (shim_makes_process(nr, v))
		shim_forking();
	next = (syscall_fn *)(uintptr_t)shim_next(&slot, "syscall");
	return next(nr, a, b, c, d, e, f);
}
