/* preadv2() and pwritev2() without a position: readv() and writev() with flags.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2];

static void read_with(const char *what, int flags)
{
	char byte[3] = "";
	struct iovec v = { byte, 2 };

	SHOW_AS(what, preadv2(fd[0], &v, 1, -1, flags));
	say("%s", bytes_text(byte, 2));
}

int main(void)
{
	struct iovec v = { (char *)"xy", 2 };
	volatile int many = 2000;
	char bytes[32];

	stream_pair(AF_INET, fd);
	send_all(fd[1], "abcdefghijkl", 12);
	await(fd[0], POLLIN);
	read_with("plain", 0);
	read_with("RWF_NOWAIT", RWF_NOWAIT);
	read_with("RWF_HIPRI", RWF_HIPRI);
	read_with("RWF_DSYNC", RWF_DSYNC);
	read_with("RWF_SYNC", RWF_SYNC);
	read_with("unknown", 1 << 20);
	read_with("RWF_NOWAIT", RWF_NOWAIT);
	read_with("RWF_NOWAIT, nothing there", RWF_NOWAIT);
	SHOW(preadv2(fd[0], NULL, 0, -1, 1 << 20));
	SHOW(preadv2(fd[0], &v, many, -1, 0));
	SHOW(preadv2(99, &v, 1, -1, 0));
	SHOW(pwritev2(fd[0], &v, 1, -1, 0));
	SHOW(pwritev2(fd[0], &v, 1, -1, RWF_NOWAIT));
	SHOW(pwritev2(fd[0], &v, 1, -1, RWF_APPEND));
	SHOW(pwritev2(fd[0], &v, 1, -1, 1 << 20));
	recv_all(fd[1], bytes, 6);
	say("%s", bytes_text(bytes, 6));
	v = (struct iovec){ bytes, sizeof(bytes) };
	while (pwritev2(fd[0], &v, 1, -1, RWF_NOWAIT) > 0)
		;
	say("then %s", error_name(errno));
	return 0;
}
