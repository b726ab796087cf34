/* Calls that take a position. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2];
	char byte[8] = "";
	struct iovec v = { byte, 4 };

	stream_pair(AF_INET, fd);
	send_all(fd[1], "abcdefgh", 8);
	await(fd[0], POLLIN);
	SHOW(lseek(fd[0], 0, SEEK_CUR));
	SHOW(lseek(fd[0], 1, SEEK_SET));
	SHOW(lseek(fd[0], 0, 99));
	SHOW(pread(fd[0], byte, 4, 0));
	SHOW(pread(fd[0], byte, 4, -1));
	SHOW(pwrite(fd[0], byte, 4, 0));
	SHOW(preadv(fd[0], &v, 1, 0));
	SHOW(preadv(fd[0], &v, 1, -1));
	SHOW(pwritev(fd[0], &v, 1, 0));
	SHOW(preadv2(fd[0], &v, 1, 0, 0));
	SHOW(preadv2(fd[0], &v, 1, -2, 0));
	SHOW(pwritev2(fd[0], &v, 1, 0, 0));
	SHOW(fsync(fd[0]));
	SHOW(fdatasync(fd[0]));
	SHOW(ftruncate(fd[0], 0));
	SHOW(posix_fadvise(fd[0], 0, 0, 0));
	SHOW(fallocate(fd[0], 0, 0, 1));
	SHOW(readahead(fd[0], 0, 1));
	SHOW(sync_file_range(fd[0], 0, 1, 0));
	say_recv("nothing was taken", fd[0], 0);
	return 0;
}
