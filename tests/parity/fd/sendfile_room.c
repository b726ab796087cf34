/* sendfile() of more than there is room for: what went, and where the file stands.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/sendfile.h>

#include "say.h"

int main(void)
{
	int file = fileno(tmpfile()), fd[2];
	long sent = 0, got;

	MUST(ftruncate(file, 64 << 20));
	stream_pair(AF_INET, fd);
	set_nonblocking(fd[0], true);
	set_nonblocking(fd[1], true);
	while ((got = sendfile(fd[0], file, NULL, 1 << 20)) > 0)
		sent += got;
	say_result("then", got);
	say("the position is what went: %d",
		lseek(file, 0, SEEK_CUR) == (off_t)sent);
	say("some went: %d", sent > 0);
	while (sent > 0) {
		await(fd[1], POLLIN);
		sent -= (long)drain(fd[1]);
	}
	say("all came: %d", sent == 0);
	SHOW_AS("room again", sendfile(fd[0], file, NULL, 100));
	return 0;
}
