/* siglongjmp out of a handler that interrupted a blocked call: the sockets are as
 * before.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>

#include "sent.h"

static sigjmp_buf env;

static void jump(int sig)
{
	handled = sig;
	siglongjmp(env, 1);
}

int main(void)
{
	struct signaller s;
	struct pollfd p;
	char b[8];
	int fd[2], l = listener(AF_INET, 5, NULL);

	stream_pair(AF_INET, fd);
	p = (struct pollfd){ .fd = fd[0], .events = POLLIN };
	handle(SIGUSR1, jump, 0);
	for (int k = 0; k < 4; k++) {
		signal_me(&s, SIGUSR1, NULL, 0);
		if (sigsetjmp(env, 1) == 0) {
			if (k == 0)
				recv(fd[0], b, 8, 0);
			else if (k == 1)
				poll(&p, 1, -1);
			else if (k == 2)
				accept(l, NULL, NULL);
			else
				recv(fd[1], b, 8, 0);
			say("came back");
		} else {
			say("jumped out of %d", k);
		}
		thread_join(&s.t);
	}
	send_all(fd[1], "abc", 3);
	SHOW(recv(fd[0], b, 8, 0));
	send_all(fd[0], "abcd", 4);
	SHOW(recv(fd[1], b, 8, 0));
	MUST(close(fd[1]));
	SHOW(recv(fd[0], b, 8, 0));
	return 0;
}
