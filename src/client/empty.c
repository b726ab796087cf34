/* Generic netlink (NETLINK_GENERIC) is the kernel's own: task statistics, quotas,
 * thermal events come by it, but also what is about networks. So its sockets are
 * opened in an empty network: they say what the kernel says, and nothing of the
 * machine's interfaces.
 *
 * A network belongs to a thread, so a child does it that shares our descriptors and
 * lives for a few system calls: not vfork(), as only a process alone in its memory
 * may leave its user namespace. It has no exit signal: nobody's wait() finds it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/netlink.h>
#include <sched.h>
#include <sys/wait.h>

#include "internal.h"

#define ALL_SIGNALS (~(uint64_t)0)

/* In the child: puts the socket behind fd. Only system calls. */
static int open_apart(int fd, int type)
{
	long own;

	if (sys_call1(SYS_unshare, CLONE_NEWNET) < 0 &&
		sys_call1(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return 1;
	own = sys_call3(SYS_socket, AF_NETLINK, type, NETLINK_GENERIC);
	if (own < 0)
		return 1;
	own = sys_call3(SYS_dup3, own, fd, type & SOCK_CLOEXEC);
	return own < 0;
}

int empty_network_socket(int type)
{
	uint64_t all = ALL_SIGNALS, old = 0;
	int fd, status = -1;
	long child, r;

	/* The number, and the errors of a wrong type. */
	fd = (int)sys_call3(SYS_socket, AF_NETLINK, type, NETLINK_GENERIC);
	if (fd < 0)
		return fd;
	sys_call4(SYS_rt_sigprocmask, SIG_BLOCK, &all, &old, sizeof(all));
	child = sys_call5(SYS_clone, CLONE_FILES | CLONE_VFORK, 0, 0, 0, 0);
	if (child == 0)
		sys_call1(SYS_exit_group, open_apart(fd, type));
	do
		r = child > 0 ? sys_call4(SYS_wait4, child, &status, __WCLONE, 0) :
				child;
	while (r == -EINTR);
	sys_call4(SYS_rt_sigprocmask, SIG_SETMASK, &old, 0, sizeof(old));
	if (r == child && child > 0 && status == 0) {
		client_fd_forget(fd);
		return fd;
	}
	sys_close(fd);
	return -EPROTONOSUPPORT;
}
