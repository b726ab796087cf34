/* A program that may make none of its memory executable (PR_SET_MDWE, as services with
 * MemoryDenyWriteExecute run): what libc itself does with sockets goes on, in it and in
 * the programs that it starts. SPDX-License-Identifier: BSD-2-Clause */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "say.h"

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#endif

static void stdio(void)
{
	int fd[2];
	char line[64];
	FILE *both;

	stream_pair(AF_INET, fd);
	both = fdopen(fd[0], "r+");
	SHOW(fputs("by stdio\n", both) >= 0);
	SHOW(fflush(both));
	say_recv("it came", fd[1], 0);
	send_all(fd[1], "an answer\n", 10);
	say("%s", bytes_text(line, strlen(fgets(line, sizeof(line), both))));
	SHOW(fclose(both));
	await(fd[1], POLLRDHUP);
	say_recv("closed", fd[1], 0);
	close(fd[1]);
}

static void shells(void)
{
	int fd[2];
	FILE *p;

	stream_pair(AF_INET, fd);
	MUST(dup2(fd[0], 9));
	close(fd[0]);
	SHOW(system("echo by system >&9"));
	await(fd[1], POLLIN);
	say_recv("it says", fd[1], 0);
	p = popen("echo by popen >&9; cat > /dev/null", "w");
	SHOW(pclose(p));
	await(fd[1], POLLIN);
	say_recv("it says", fd[1], 0);
	close(9);
	close(fd[1]);
}

/* Kernels before 6.3 do not know PR_SET_MDWE: there a filter does as much, as systemd's
 * on them: memory that is written to may not be code at the same time. */
static void refuse_by_filter(void)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, args[2])),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, PROT_WRITE | PROT_EXEC),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROT_WRITE | PROT_EXEC, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(f) / sizeof(f[0]), f };

	MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	MUST(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

/* A page that is written to: may it be code too? */
static bool may_be_code(void)
{
	size_t n = (size_t)sysconf(_SC_PAGESIZE);
	void *page = mmap(NULL, n, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(page, n, PROT_READ | PROT_WRITE | PROT_EXEC) == 0;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		if (prctl(PR_SET_MDWE, 1, 0, 0, 0) < 0)
			refuse_by_filter();
		execl("/proc/self/exe", argv[0], "again", (char *)NULL);
		return 1;
	}
	SHOW(may_be_code());
	stdio();
	shells();
	return 0;
}
