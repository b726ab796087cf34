/* sendfile() and splice() with datagrams. SPDX-License-Identifier: BSD-2-Clause */
#include <sys/sendfile.h>

#include "say.h"

int main(void)
{
	int fd[2], p[2], file = open("/etc/passwd", O_RDONLY);
	int big = fileno(tmpfile());
	char bytes[64];

	dgram_pair(AF_INET, fd);
	MUST(pipe(p));
	SHOW(sendfile(fd[0], file, NULL, 10));
	say_recv("one datagram", fd[1], MSG_TRUNC);
	MUST(write(p[1], "hey", 3));
	SHOW(splice(p[0], NULL, fd[0], NULL, 3, 0));
	await(fd[1], POLLIN);
	SHOW(splice(fd[1], NULL, p[1], NULL, 10, SPLICE_F_NONBLOCK));
	SHOW(read(p[0], bytes, sizeof(bytes)));
	MUST(ftruncate(big, 100000));
	SHOW_AS("too big", sendfile(fd[0], big, NULL, 100000));
	SHOW(lseek(big, 0, SEEK_CUR));
	MUST(write(p[1], "hey", 3));
	SHOW_AS("to nobody", splice(p[0], NULL, dgram_socket(AF_INET), NULL, 3, 0));
	SHOW(read(p[0], bytes, sizeof(bytes)));
	return 0;
}
