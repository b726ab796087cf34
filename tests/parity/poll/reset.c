/* poll() after a reset: before and after each way of taking the error.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int one(int family, bool data)
{
	int fd[2];

	stream_pair(family, fd);
	if (data) {
		send_all(fd[1], "data", 4);
		await(fd[0], POLLIN);
	}
	reset_on_close(fd[1]);
	close(fd[1]);
	say_poll_until("reset", fd[0], POLLHUP);
	return fd[0];
}

static void look(int family)
{
	for (int data = 0; data < 2; data++) {
		int s = one(family, data);

		say("data before it: %d", data);
		say_so_error("option", s);
		say_poll("told by the option", s);
		SHOW(recv(s, &(char){ 0 }, 1, 0));
		say_poll("after recv", s);
		s = one(family, data);
		SHOW(recv(s, &(char){ 0 }, 1, 0));
		say_poll("told by recv", s);
		SHOW(recv(s, &(char){ 0 }, 1, 0));
		say_poll("after a second", s);
		s = one(family, data);
		SHOW(send(s, "x", 1, MSG_NOSIGNAL));
		say_poll("told by send", s);
		SHOW(send(s, "x", 1, MSG_NOSIGNAL));
		SHOW(recv(s, &(char){ 0 }, 1, 0));
	}
}

int main(void)
{
	both_families(look);
	return 0;
}
