/* Who is killed has closed first: TIME-WAIT is his, even if the other closes before
 * having looked.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void connects(void *argument)
{
	connected_to(argument);
	for (;;)
		pause();
}

static void say_bind(const char *what, const struct place *name)
{
	int fd = stream_socket(AF_INET);

	SHOW_AS(what, bind(fd, &name->any, name->length));
	close(fd);
}

int main(void)
{
	struct place at, far = { .length = sizeof(far.room) };
	int l = listener(AF_INET, 5, &at), fd;
	pid_t child = child_start(connects, &at);

	fd = accept_one(l);
	MUST(getpeername(fd, &far.any, &far.length));
	close(l);
	await_asleep(child);
	MUST(kill(child, SIGKILL));
	child_say_end("child", child);
	close(fd);
	settle();
	say_bind("the server's port", &at);
	say_bind("the child's port", &far);
	return 0;
}
