/* A stream of stdio over a socket: lines, buffers, both directions, the end.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	char text[64], *line = NULL;
	size_t size = 0, n = 0;
	int fd[2];
	FILE *r, *w, *both;

	stream_pair(AF_INET, fd);
	r = fdopen(fd[0], "r");
	w = fdopen(dup(fd[1]), "w");
	fprintf(w, "one %d\ntwo\nthree dpr 42\n", 1);
	say_recv("in the buffer only", fd[0], MSG_PEEK);
	SHOW(fflush(w));
	say("%s", bytes_text(text, strlen(fgets(text, sizeof(text), r))));
	SHOW(getline(&line, &size, r));
	SHOW(fgetc(r));
	SHOW(ungetc('X', r));
	SHOW(fread(text, 1, 6, r));
	say("%s", bytes_text(text, 6));
	SHOW(fscanf(r, "dpr %zu", &n));
	say("%zu", n);
	SHOW(dprintf(fd[1], "\ndprintf %d\n", 7));
	SHOW(getline(&line, &size, r));
	SHOW(getline(&line, &size, r));
	SHOW(getline(&line, &size, r));
	say("%s", bytes_text(line, strlen(line)));
	both = fdopen(dup(fd[1]), "r+");
	fputs("from both\n", both);
	SHOW(fflush(both));
	SHOW(getline(&line, &size, r));
	send_all(fd[0], "to both\n", 8);
	SHOW(getline(&line, &size, both));
	SHOW(fseek(both, 0, SEEK_SET));
	SHOW(ftell(both));
	SHOW(fclose(both));
	SHOW(fclose(w));
	send_all(fd[1], "last\n", 5);
	shutdown(fd[1], SHUT_WR);
	SHOW(getline(&line, &size, r));
	SHOW(getline(&line, &size, r));
	say("end %d error %d", feof(r) != 0, ferror(r) != 0);
	SHOW(fclose(r));
	SHOW(fcntl(fd[0], F_GETFD));
	return 0;
}
