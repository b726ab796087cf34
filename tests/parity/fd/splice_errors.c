/* splice(), tee(), vmsplice() and copy_file_range() on what they do not go with.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	int fd[2], p[2], file = open("/etc/passwd", O_RDONLY);
	struct iovec piece = { (char *)"bytes", 5 };
	loff_t at = 0;

	stream_pair(AF_INET, fd);
	MUST(pipe(p));
	SHOW(splice(fd[0], NULL, p[1], NULL, 0, 0));
	SHOW(splice(fd[0], NULL, p[1], NULL, 10, 0x100));
	SHOW(splice(fd[0], &at, p[1], NULL, 10, 0));
	SHOW(splice(fd[0], NULL, p[1], &at, 10, 0));
	SHOW(splice(p[0], NULL, fd[0], &at, 10, 0));
	SHOW(splice(p[0], &at, fd[0], NULL, 10, 0));
	SHOW(splice(fd[0], NULL, fd[1], NULL, 10, 0));
	SHOW(splice(fd[0], NULL, p[0], NULL, 10, 0));
	SHOW(splice(p[1], NULL, fd[0], NULL, 10, 0));
	SHOW(splice(file, NULL, fd[0], NULL, 10, 0));
	SHOW(splice(fd[0], NULL, file, NULL, 10, 0));
	SHOW(splice(99, NULL, p[1], NULL, 10, 0));
	SHOW(splice(fd[0], NULL, 99, NULL, 10, 0));
	SHOW(splice(99, NULL, p[1], NULL, 0, 0));
	SHOW(tee(fd[0], p[1], 10, 0));
	SHOW(tee(p[0], fd[1], 10, 0));
	SHOW(tee(fd[0], fd[1], 10, 0));
	SHOW(vmsplice(fd[0], &piece, 1, 0));
	SHOW(copy_file_range(fd[0], NULL, fd[1], NULL, 5, 0));
	SHOW(copy_file_range(file, NULL, fd[1], NULL, 5, 0));
	SHOW(copy_file_range(fd[0], NULL, file, NULL, 5, 0));
	return 0;
}
