/* splice() from a socket into a pipe: how much, when it waits, the end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2], pipes[2];
static char block[4096];

static void write_later(void *unused)
{
	(void)unused;
	await_asleep(getpid());
	send_all(fd[1], "late", 4);
}

int main(void)
{
	char bytes[64];
	struct thread t;
	int n = 0;

	stream_pair(AF_INET, fd);
	MUST(pipe(pipes));
	send_all(fd[1], "hello world", 11);
	await(fd[0], POLLIN);
	SHOW(splice(fd[0], NULL, pipes[1], NULL, 5, 0));
	SHOW(read(pipes[0], bytes, sizeof(bytes)));
	say("%s", bytes_text(bytes, 5));
	SHOW(splice(fd[0], NULL, pipes[1], NULL, 100, SPLICE_F_NONBLOCK));
	SHOW(read(pipes[0], bytes, sizeof(bytes)));
	say("%s", bytes_text(bytes, 6));
	thread_start(&t, write_later, NULL);
	SHOW_AS("waits", splice(fd[0], NULL, pipes[1], NULL, 100, 0));
	thread_join(&t);
	SHOW(read(pipes[0], bytes, sizeof(bytes)));
	set_nonblocking(fd[0], true);
	SHOW_AS("nothing there", splice(fd[0], NULL, pipes[1], NULL, 10, 0));
	set_nonblocking(pipes[1], true);
	while (write(pipes[1], block, sizeof(block)) > 0)
		;
	send_all(fd[1], "zz", 2);
	await(fd[0], POLLIN);
	SHOW_AS("no room", splice(fd[0], NULL, pipes[1], NULL, 10, 0));
	set_nonblocking(pipes[1], false);
	SHOW_AS("no room", splice(fd[0], NULL, pipes[1], NULL, 10,
		SPLICE_F_NONBLOCK));
	SHOW(ioctl(fd[0], FIONREAD, &n));
	say("still there: %d", n);
	set_nonblocking(pipes[0], true);
	while (read(pipes[0], block, sizeof(block)) > 0)
		;
	close(fd[1]);
	SHOW(recv(fd[0], bytes, 2, MSG_WAITALL));
	await(fd[0], POLLRDHUP);
	SHOW_AS("the end", splice(fd[0], NULL, pipes[1], NULL, 10, 0));
	close(pipes[0]);
	signal(SIGPIPE, SIG_IGN);
	SHOW_AS("no reader", splice(fd[0], NULL, pipes[1], NULL, 10, 0));
	return 0;
}
