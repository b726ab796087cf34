/* What root may, and what without a capability, or in another user namespace, it may
 * no more: asked at each call, however it was given up.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>

#include "../say.h"

static void drop(unsigned capability)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2];

	MUST(syscall(SYS_capget, &h, d));
	d[0].effective &= ~(1u << capability);
	MUST(syscall(SYS_capset, &h, d));
}

static void tries(int fd)
{
	int v = 100000, mark = 1, priority = 7, raw;

	SHOW(setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &v, sizeof(v)));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &v, sizeof(v)));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &priority, sizeof(priority)));
	SHOW(setsockopt(fd, IPPROTO_IP, IP_TRANSPARENT, &mark, sizeof(mark)));
	raw = socket(AF_INET, SOCK_RAW, IPPROTO_UDP);
	say("raw: %s", raw < 0 ? error_name(errno) : "yes");
	if (raw >= 0)
		close(raw);
}

static void in_child(const char *what, void (*change)(void))
{
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0)), status = 0;
	pid_t child;

	say("-- %s", what);
	child = MUST(fork());
	if (child == 0) {
		change();
		tries(fd);
		_exit(0);
	}
	MUST(waitpid(child, &status, 0));
	close(fd);
}

static void nothing(void)
{
}

static void without_admin(void)
{
	drop(CAP_NET_ADMIN);
}

static void without_raw(void)
{
	drop(CAP_NET_RAW);
}

static void without_both(void)
{
	drop(CAP_NET_ADMIN);
	drop(CAP_NET_RAW);
}

static void elsewhere(void)
{
	SHOW(unshare(CLONE_NEWUSER));
}

int main(void)
{
	in_child("as we are", nothing);
	in_child("without NET_ADMIN", without_admin);
	in_child("without NET_RAW", without_raw);
	in_child("without both", without_both);
	in_child("in another user namespace", elsewhere);
	return 0;
}
