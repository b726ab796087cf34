/* Small programs on sockets, each a function that returns when all was as Linux
 * does it and exits with a message when not. The same binary passes on the kernel.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CALLS_H
#define CALLS_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WANT(cond) \
	do { \
		if (!(cond)) { \
			fprintf(stderr, "%s:%d: %s (errno %d)\n", __FILE__, \
				__LINE__, #cond, errno); \
			_exit(1); \
		} \
	} while (0)
#define WANT_ERRNO(call, err) \
	do { \
		errno = 0; \
		long want_r = (long)(call); \
		int want_e = errno; \
		if (want_r != -1 || want_e != (err)) { \
			fprintf(stderr, "%s:%d: %s: %ld, errno %d not %d\n", \
				__FILE__, __LINE__, #call, want_r, want_e, err); \
			_exit(1); \
		} \
	} while (0)

struct call_test {
	const char *name;
	void (*fn)(void);
};

extern const struct call_test stream_tests[], many_tests[], process_tests[],
	thread_tests[];

/* A listener on 127.0.0.1 with a port of the system's choice, in *port. */
int listener(int backlog, int *port);
int connect_to(int port);
/* A connected pair: [0] the connector's end, [1] the accepted one. */
void tcp_pair(int fd[2]);
void loopback(struct sockaddr_storage *ss, socklen_t *len, int family, int port);
void set_nonblock(int fd);
/* Wait for a child and want its status. */
void reap(int pid, int status);

#endif
