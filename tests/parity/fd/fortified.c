/* The names that programs built with _FORTIFY_SOURCE and with large files call: the
 * same as the others, and the end of a program whose buffer is too short.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#include <sys/sendfile.h>

extern ssize_t __read_chk(int, void *, size_t, size_t);
extern ssize_t __recv_chk(int, void *, size_t, size_t, int);
extern ssize_t __recvfrom_chk(int, void *, size_t, size_t, int, struct sockaddr *,
	socklen_t *);
extern int __poll_chk(struct pollfd *, nfds_t, int, size_t);
extern int __ppoll_chk(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *,
	size_t);
extern ssize_t preadv64v2(int, const struct iovec *, int, off64_t, int);
extern ssize_t pwritev64v2(int, const struct iovec *, int, off64_t, int);
extern int fcntl64(int, int, ...);
extern int open64(const char *, int, ...);
extern int openat64(int, const char *, int, ...);

static int fd[2];
static char b[8];

static void too_short(void *which)
{
	int null = open("/dev/null", O_WRONLY);
	struct pollfd p = { fd[1], POLLIN, 0 };

	dup2(null, 2); /* libc says why it ends */
	if (which == (void *)0)
		__read_chk(fd[1], b, 16, sizeof(b));
	else if (which == (void *)1)
		__recv_chk(fd[1], b, 16, sizeof(b), 0);
	else if (which == (void *)2)
		__recvfrom_chk(fd[1], b, 16, sizeof(b), 0, NULL, NULL);
	else
		__poll_chk(&p, 2, 0, sizeof(p));
}

static void larger_files(void)
{
	struct iovec v = { b, 4 };
	int file = open64("/proc/self/exe", O_RDONLY);
	off64_t at = 1;

	SHOW(fcntl64(fd[1], F_GETFL) & O_ACCMODE);
	SHOW(fcntl64(fd[1], F_DUPFD, 100));
	SHOW(sendfile64(fd[0], file, &at, 3));
	say("at %ld", (long)at);
	recv_all(fd[1], b, 3);
	say("%s", bytes_text(b, 3));
	memcpy(b, "wxyz", 4);
	SHOW(pwritev64v2(fd[0], &v, 1, -1, 0));
	memset(b, 0, sizeof(b));
	await(fd[1], POLLIN);
	SHOW(preadv64v2(fd[1], &v, 1, -1, 0));
	say("%s", bytes_text(b, 4));
	SHOW(preadv64v2(fd[1], &v, 1, 0, 0));
	close(file);
	SHOW(openat64(-1, "relative", O_RDONLY));
}

int main(void)
{
	static const char *const names[] = { "read", "recv", "recvfrom", "poll" };
	struct timespec now = { 0 };
	struct sockaddr_storage from;
	socklen_t n = sizeof(from);
	struct pollfd p;

	stream_pair(AF_INET, fd);
	send_all(fd[0], "abcdefgh", 8);
	await(fd[1], POLLIN);
	SHOW(__read_chk(fd[1], b, 2, sizeof(b)));
	SHOW(__recv_chk(fd[1], b + 2, 2, sizeof(b), MSG_PEEK));
	SHOW(__recvfrom_chk(fd[1], b + 2, 2, sizeof(b), 0, (struct sockaddr *)&from, &n));
	say("%s, %u bytes of a name", bytes_text(b, 4), n);
	p = (struct pollfd){ fd[1], POLLIN | POLLOUT, 0 };
	SHOW(__poll_chk(&p, 1, 0, sizeof(p)));
	say("%s", poll_text(p.revents));
	SHOW(__ppoll_chk(&p, 1, &now, NULL, sizeof(p)));
	SHOW(__read_chk(-1, b, 2, sizeof(b)));
	SHOW(__recv_chk(-1, b, 2, sizeof(b), 0));
	recv_all(fd[1], b, 4);
	larger_files();
	for (long k = 0; k < 4; k++)
		child_say_end(names[k], child_start(too_short, (void *)k));
}
