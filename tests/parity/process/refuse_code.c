/* A program that may make none of its memory executable (PR_SET_MDWE, as services with
 * MemoryDenyWriteExecute run): what libc itself does with sockets goes on, in it and in
 * the programs that it starts. SPDX-License-Identifier: BSD-2-Clause */
#include <sys/prctl.h>

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

int main(int argc, char **argv)
{
	if (argc < 2) {
		/* Kernels before 6.3 do not know it: then nothing is refused. */
		prctl(PR_SET_MDWE, 1, 0, 0, 0);
		execl("/proc/self/exe", argv[0], "again", (char *)NULL);
		return 1;
	}
	stdio();
	shells();
	return 0;
}
