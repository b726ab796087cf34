/* setvbuf, non-blocking streams, errors of streams, freopen, fcloseall.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static int fd[2];
static char block[200000];

static void buffers(void)
{
	FILE *none, *lines;

	stream_pair(AF_INET, fd);
	none = fdopen(dup(fd[1]), "w");
	lines = fdopen(dup(fd[1]), "w");
	setvbuf(none, NULL, _IONBF, 0);
	setvbuf(lines, NULL, _IOLBF, 0);
	fputs("at once", none);
	await(fd[0], POLLIN);
	say_recv("unbuffered", fd[0], 0);
	fputs("li", lines);
	say_recv("no line yet", fd[0], 0);
	fputs("ne\nrest", lines);
	await(fd[0], POLLIN);
	settle();
	say_recv("a line", fd[0], 0);
}

static void errors(void)
{
	FILE *r, *w;

	stream_pair(AF_INET, fd);
	set_nonblocking(fd[0], true);
	r = fdopen(fd[0], "r");
	w = fdopen(fd[1], "w");
	SHOW(fgetc(r));
	say("error %d", ferror(r) != 0);
	clearerr(r);
	SHOW(fwrite(block, 1, 100000, w));
	SHOW(fflush(w));
	for (size_t got = 0; got < 100000; got += drain(fd[0]))
		await(fd[0], POLLIN);
	reset_on_close(fd[0]);
	fclose(r);
	await(fd[1], POLLERR);
	fputs("x", w);
	SHOW(fflush(w));
	fputs("x", w);
	SHOW(fflush(w));
	SHOW(fclose(w));
}

int main(void)
{
	FILE *f;

	signal(SIGPIPE, SIG_IGN);
	buffers();
	errors();
	stream_pair(AF_INET, fd);
	f = fdopen(fd[0], "r");
	say("reopened: %d", freopen("/dev/null", "r", f) == f);
	await(fd[1], POLLRDHUP);
	say_recv("the other end", fd[1], 0);
	stream_pair(AF_INET, fd);
	f = fdopen(fd[0], "w");
	fputs("not flushed", f);
	fflush(stdout);
	fclose(f);
	await(fd[1], POLLIN);
	say_recv("closed", fd[1], 0);
	return 0;
}
