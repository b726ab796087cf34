/* What enchufe needs of the system that it runs on, asked one by one.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli.h"
#include "program.h"

#define ANSWER_BYTES 8192

static bool has_call(long nr)
{
	/* Arguments that no call accepts: only ENOSYS matters. */
	return syscall(nr, -1, 0, -1, -1, 0, 0) >= 0 || errno != ENOSYS;
}

/* Can the kernel list AF_UNIX sockets? By asking for those in no state at all. */
static bool has_unix_diag(void)
{
	struct {
		struct nlmsghdr head;
		struct unix_diag_req ask;
	} q = {
		.head = { .nlmsg_len = sizeof(q), .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.ask = { .sdiag_family = AF_UNIX },
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	union {
		struct nlmsghdr head;
		char bytes[ANSWER_BYTES];
	} answer;
	bool fine = false;

	if (fd < 0)
		return false;
	if (send(fd, &q, sizeof(q), 0) == (ssize_t)sizeof(q) &&
		recv(fd, &answer, sizeof(answer), 0) >= (ssize_t)sizeof(answer.head))
		fine = answer.head.nlmsg_type != NLMSG_ERROR;
	close(fd);
	return fine;
}

/* May a program change its own code? Tried on a page of ours. */
static bool can_patch(void)
{
	long page = sysconf(_SC_PAGESIZE);
	void *at = (void *)((uintptr_t)system_check & ~((uintptr_t)page - 1));
	bool fine = mprotect(at, (size_t)page, PROT_READ | PROT_WRITE | PROT_EXEC) == 0;

	if (fine)
		mprotect(at, (size_t)page, PROT_READ | PROT_EXEC);
	return fine;
}

static bool can_memfd(void)
{
	int fd = memfd_create("enchufe-doctor", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	bool fine = fd >= 0 && ftruncate(fd, 4096) == 0 &&
		fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0;

	if (fd >= 0)
		close(fd);
	return fine;
}

static void check_files(struct program_report *r)
{
	char path[PATH_MAX];
	struct rundir d;

	if (!where_shim(path, sizeof(path)))
		findings_add(r, FINDING_WARNING, "no-shim",
			"libenchufe-shim.so is not beside enchufe: nothing can be "
			"joined");
	else if (strpbrk(path, " :"))
		findings_add(r, FINDING_WARNING, "shim-path",
			"the shim's path has a space or a colon: the loader cannot "
			"preload it");
	if (!where_service(path, sizeof(path)))
		findings_add(r, FINDING_WARNING, "no-service",
			"enchufed is not beside enchufe: no network can be started");
	if (rundir_open(&d) < 0)
		findings_add(r, FINDING_WARNING, "run-directory",
			"the run directory cannot be used (enchufe status says why)");
}

void system_check(struct program_report *r)
{
	struct utsname u;

	check_files(r);
	if (!can_memfd())
		findings_add(r, FINDING_WARNING, "no-memfd",
			"the system gives no sealed memory (memfd_create): there can be "
			"no network");
	if (!has_unix_diag())
		findings_add(r, FINDING_WARNING, "no-unix-diag",
			"the kernel does not list AF_UNIX sockets (unix_diag): programs "
			"that are killed leave their sockets behind");
	if (!has_call(SYS_pidfd_open))
		findings_add(r, FINDING_WARNING, "no-pidfd",
			"the kernel has no pidfds (Linux 5.3): there can be no network");
	if (!has_call(SYS_epoll_pwait2))
		findings_add(r, FINDING_NOTE, "no-epoll-pwait2",
			"the kernel has no epoll_pwait2 (Linux 5.11)");
	if (!can_patch())
		findings_add(r, FINDING_WARNING, "no-patching",
			"programs may not change their own code here: calls that libc "
			"makes itself (stdio on sockets, gethostbyname) are the "
			"kernel's");
	if (uname(&u) == 0 && strcmp(u.machine, "x86_64") != 0)
		findings_add(r, FINDING_NOTE, "untested-machine",
			"enchufe is tested on x86-64 only");
}
