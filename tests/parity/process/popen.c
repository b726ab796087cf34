/* popen() and system(): shells with a socket among their descriptors.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	char text[64] = "";
	int fd[2];
	FILE *p;

	stream_pair(AF_INET, fd);
	MUST(dup2(fd[0], 9));
	close(fd[0]);
	p = popen("echo from a child >&9; cat > /dev/null", "w");
	fputs("something\n", p);
	SHOW(pclose(p));
	await(fd[1], POLLIN);
	say_recv("written by a shell", fd[1], 0);
	SHOW(system("echo more >&9"));
	await(fd[1], POLLIN);
	say_recv("and another", fd[1], 0);
	send_all(fd[1], "five!rest", 9);
	p = popen("head -c 5 <&9", "r");
	if (fgets(text, sizeof(text), p))
		say("%s", text);
	SHOW(pclose(p));
	say_recv("what it left", 9, 0);
	fcntl(9, F_SETFD, FD_CLOEXEC);
	SHOW(system("true 2>/dev/null >&9") != 0);
	close(9);
	await(fd[1], POLLRDHUP);
	say_recv("closed", fd[1], 0);
	return 0;
}
