/* readv() and writev(): the pieces are one run of bytes, whatever their sizes.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	char a[3], b[1], c[10], d[5];
	struct iovec out[4] = { { (char[]){ "01" }, 2 }, { NULL, 0 },
		{ (char[]){ "2345" }, 4 }, { (char[]){ "678" }, 3 } };
	struct iovec in[4] = { { a, 3 }, { b, 1 }, { d, 0 }, { c, 10 } };
	int fd[2];

	stream_pair(family, fd);
	SHOW(writev(fd[0], out, 4));
	await(fd[1], POLLIN);
	SHOW(readv(fd[1], in, 4));
	say("%s %s %s", bytes_text(a, 3), bytes_text(b, 1), bytes_text(c, 5));
	close(fd[0]);
	close(fd[1]);
	dgram_pair(family, fd);
	SHOW(writev(fd[0], out, 4));
	SHOW(writev(fd[0], out, 1));
	await(fd[1], POLLIN);
	SHOW(readv(fd[1], in, 2));
	say("%s %s", bytes_text(a, 3), bytes_text(b, 1));
	SHOW(readv(fd[1], in, 4));
}

int main(void)
{
	both_families(look);
	return 0;
}
