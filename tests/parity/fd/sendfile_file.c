/* sendfile() from a file: position, offset, the file's end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <sys/sendfile.h>

#include "say.h"

int main(void)
{
	FILE *f = tmpfile();
	int file = fileno(f), fd[2];
	char bytes[64];
	off_t at;

	signal(SIGPIPE, SIG_IGN);
	for (int k = 0; k < 1000; k++)
		fprintf(f, "%09d\n", k);
	fflush(f);
	stream_pair(AF_INET, fd);
	SHOW_AS("at the end", sendfile(fd[0], file, NULL, 10));
	lseek(file, 0, SEEK_SET);
	SHOW(sendfile(fd[0], file, NULL, 10));
	SHOW(lseek(file, 0, SEEK_CUR));
	at = 9990;
	SHOW(sendfile(fd[0], file, &at, 100));
	say("offset %d", (int)at);
	SHOW(sendfile(fd[0], file, &at, 100));
	SHOW(lseek(file, 0, SEEK_CUR));
	recv_all(fd[1], bytes, 20);
	say("%s", bytes_text(bytes, 20));
	at = -1;
	SHOW(sendfile(fd[0], file, &at, 10));
	at = 20000;
	SHOW(sendfile(fd[0], file, &at, 10));
	SHOW(sendfile(fd[0], file, NULL, 0));
	SHOW(sendfile(fd[0], file, NULL, SIZE_MAX));
	SHOW(lseek(file, 0, SEEK_CUR));
	SHOW_AS("never connected", sendfile(stream_socket(AF_INET), file, NULL, 10));
	shutdown(fd[0], SHUT_WR);
	SHOW_AS("shut", sendfile(fd[0], file, NULL, 10));
	SHOW(lseek(file, 0, SEEK_CUR));
	return 0;
}
