/* As inetd: the accepted socket is stdin and stdout of another program.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(int argc, char **argv)
{
	struct place at;
	int l, c, a;
	pid_t child;

	if (argc > 1) {
		char line[64];

		while (fgets(line, sizeof(line), stdin)) {
			printf("echo %s", line);
			fflush(stdout);
		}
		fprintf(stdout, "bye\n");
		return 0;
	}
	l = listener(AF_INET, 4, &at);
	c = connected_to(&at);
	a = accept_one(l);
	child = MUST(fork());
	if (child == 0) {
		dup2(a, 0);
		dup2(a, 1);
		close(a);
		close(l);
		close(c);
		execl("/proc/self/exe", argv[0], "serve", (char *)NULL);
		_exit(1);
	}
	close(a);
	send_all(c, "one\ntwo\n", 8);
	shutdown(c, SHUT_WR);
	child_say_end("served", child);
	await(c, POLLRDHUP);
	say_recv("answer", c, 0);
	say_recv("then", c, 0);
	return 0;
}
