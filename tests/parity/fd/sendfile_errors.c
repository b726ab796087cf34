/* sendfile() with ends that it does not go with. SPDX-License-Identifier: BSD-2-Clause */
#include <sys/sendfile.h>

#include "say.h"

int main(void)
{
	int fd[2], p[2], unix_fd[2], file = open("/etc/passwd", O_RDONLY);
	int to = open("/dev/null", O_WRONLY), folder = open("/tmp", O_RDONLY);
	int zero = open("/dev/zero", O_RDONLY);
	char bytes[16];
	off_t at = 0;

	stream_pair(AF_INET, fd);
	MUST(pipe(p));
	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, unix_fd));
	SHOW(sendfile(fd[0], 99, NULL, 10));
	SHOW(sendfile(99, file, NULL, 10));
	SHOW(sendfile(fd[0], fd[1], NULL, 10));
	SHOW(sendfile(file, fd[0], NULL, 10));
	SHOW(sendfile(to, fd[0], NULL, 10));
	SHOW(sendfile(fd[0], p[0], NULL, 10));
	SHOW(sendfile(fd[0], p[0], &at, 10));
	SHOW(sendfile(p[1], fd[0], &at, 10));
	SHOW(sendfile(p[0], fd[0], NULL, 10));
	SHOW(sendfile(fd[0], to, NULL, 10));
	SHOW(sendfile(fd[0], folder, NULL, 10));
	SHOW(sendfile(fd[0], zero, NULL, 10));
	SHOW(sendfile(fd[0], unix_fd[0], NULL, 10));
	SHOW(sendfile(unix_fd[0], fd[0], NULL, 10));
	recv_all(fd[1], bytes, 10);
	send_all(fd[1], "to a pipe", 9);
	await(fd[0], POLLIN);
	SHOW_AS("into a pipe", sendfile(p[1], fd[0], NULL, 4));
	SHOW(read(p[0], bytes, 10));
	say("%s", bytes_text(bytes, 4));
	return 0;
}
