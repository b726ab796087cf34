/* Front of the small programs: calls NAME, calls -l.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/wait.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
const char *__tsan_default_options(void);

/* Its runtime would call our sigaction() for these before it is ready itself. */
__attribute__((disable_sanitizer_instrumentation))
const char *__tsan_default_options(void)
{
	return "handle_segv=0:handle_sigbus=0:handle_sigfpe=0";
}
#endif
#endif

void loopback(struct sockaddr_storage *ss, socklen_t *len, int family, int port)
{
	memset(ss, 0, sizeof(*ss));
	if (family == AF_INET) {
		struct sockaddr_in *in = (struct sockaddr_in *)ss;

		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)port);
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		*len = sizeof(*in);
	} else {
		struct sockaddr_in6 *in = (struct sockaddr_in6 *)ss;

		in->sin6_family = AF_INET6;
		in->sin6_port = htons((uint16_t)port);
		in->sin6_addr = in6addr_loopback;
		*len = sizeof(*in);
	}
}

int listener(int backlog, int *port)
{
	struct sockaddr_storage ss;
	socklen_t len;
	int s = socket(AF_INET, SOCK_STREAM, 0);

	WANT(s >= 0);
	loopback(&ss, &len, AF_INET, 0);
	WANT(bind(s, (struct sockaddr *)&ss, len) == 0);
	WANT(listen(s, backlog) == 0);
	WANT(getsockname(s, (struct sockaddr *)&ss, &len) == 0);
	*port = ntohs(((struct sockaddr_in *)&ss)->sin_port);
	return s;
}

int connect_to(int port)
{
	struct sockaddr_storage ss;
	socklen_t len;
	int c = socket(AF_INET, SOCK_STREAM, 0);

	WANT(c >= 0);
	loopback(&ss, &len, AF_INET, port);
	WANT(connect(c, (struct sockaddr *)&ss, len) == 0);
	return c;
}

void tcp_pair(int fd[2])
{
	int port, s = listener(1, &port);

	fd[0] = connect_to(port);
	fd[1] = accept(s, NULL, NULL);
	WANT(fd[1] >= 0);
	close(s);
}

void set_nonblock(int fd)
{
	WANT(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == 0);
}

void reap(int pid, int status)
{
	int st;

	WANT(waitpid(pid, &st, 0) == pid);
	if (st != status)
		fprintf(stderr, "child's status %x not %x\n", st, status);
	WANT(st == status);
}

int main(int argc, char **argv)
{
	const struct call_test *lists[] = { stream_tests, many_tests,
		process_tests, thread_tests };

	/* What an executed test program finds on standard input. */
	if (argc == 3 && strcmp(argv[1], "echo-on") == 0) {
		char buf[100];
		int fd = atoi(argv[2]);
		ssize_t n = read(fd, buf, sizeof(buf));

		return n > 0 && write(fd, buf, (size_t)n) == n ? 0 : 1;
	}
	for (int k = 0; k < 4; k++) {
		for (const struct call_test *t = lists[k]; t->name; t++) {
			if (argc > 1 && strcmp(argv[1], "-l") == 0)
				puts(t->name);
			else if (argc > 1 && strcmp(argv[1], t->name) == 0) {
				t->fn();
				return 0;
			}
		}
	}
	return argc > 1 && strcmp(argv[1], "-l") == 0 ? 0 : 2;
}
