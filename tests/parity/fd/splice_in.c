/* splice() from a pipe into a socket: how much, when it waits, errors that leave
 * the pipe as it was. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void left_in(int fd)
{
	int n = 0;

	MUST(ioctl(fd, FIONREAD, &n));
	say("in the pipe: %d", n);
}

int main(void)
{
	int fd[2], pipes[2], s = stream_socket(AF_INET);
	struct iovec piece = { (char *)"vmsplice", 8 };
	char bytes[64];

	signal(SIGPIPE, SIG_IGN);
	stream_pair(AF_INET, fd);
	MUST(pipe(pipes));
	MUST(write(pipes[1], "pipe data", 9));
	SHOW(splice(pipes[0], NULL, fd[0], NULL, 4, SPLICE_F_MORE));
	SHOW(splice(pipes[0], NULL, fd[0], NULL, 100, 0));
	recv_all(fd[1], bytes, 9);
	say("%s", bytes_text(bytes, 9));
	SHOW(splice(pipes[0], NULL, fd[0], NULL, 4, SPLICE_F_NONBLOCK));
	set_nonblocking(pipes[0], true);
	SHOW(splice(pipes[0], NULL, fd[0], NULL, 4, 0));
	set_nonblocking(pipes[0], false);
	SHOW(vmsplice(pipes[1], &piece, 1, 0));
	SHOW(splice(pipes[0], NULL, fd[0], NULL, 100, 0));
	recv_all(fd[1], bytes, 8);
	say("%s", bytes_text(bytes, 8));
	MUST(write(pipes[1], "abc", 3));
	SHOW_AS("never connected", splice(pipes[0], NULL, s, NULL, 3, 0));
	left_in(pipes[0]);
	set_nonblocking(fd[0], true);
	fill(fd[0]);
	SHOW_AS("no room", splice(pipes[0], NULL, fd[0], NULL, 3, 0));
	left_in(pipes[0]);
	shutdown(fd[0], SHUT_WR);
	SHOW_AS("shut", splice(pipes[0], NULL, fd[0], NULL, 3, 0));
	left_in(pipes[0]);
	close(pipes[1]);
	MUST(read(pipes[0], bytes, sizeof(bytes)));
	stream_pair(AF_INET, fd);
	SHOW_AS("nobody writes", splice(pipes[0], NULL, fd[0], NULL, 3, 0));
	return 0;
}
