/* What the parity programs share: lines of output that are the same wherever
 * the same happened. A program includes this alone; it brings the usual headers
 * and the others (ends.h: sockets; apart.h: threads and children; sets.h: epoll).
 *
 * Say nothing that changes from run to run: no times, pids, pointers. Ports are
 * said as p1, p2 ... in the order in which a program comes to speak of them.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef PARITY_SAY_H
#define PARITY_SAY_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* No call of a program may last longer than this without failing. */
#define LIMIT_MS 10000

/* Prints a line, at once. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends the program as broken (status 99), saying why: for what must succeed
 * before there is anything to compare. */
void broken(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* Prints "WHAT = RESULT", and the errno's name if that is -1. */
long say_result(const char *what, long result);

/* Makes a call and prints it: SHOW(listen(fd, 5)) says "listen(fd, 5) = 0".
 * SHOW_AS gives it a name of your own. Its value is the call's. */
#define SHOW(call) SHOW_AS(#call, call)
#define SHOW_AS(name, call)                                                      \
	({                                                                       \
		errno = 0;                                                       \
		long shown_result = (long)(call);                                \
		say_result(name, shown_result);                                  \
	})

/* Makes a call that must succeed; its value is the call's. */
#define MUST(call)                                                               \
	({                                                                       \
		long must_result = (long)(call);                                 \
		if (must_result < 0)                                             \
			broken("%s:%d: %s: %s", __FILE__, __LINE__, #call,       \
				error_name(errno));                              \
		(int)must_result;                                                \
	})

/* "ECONNREFUSED"; "0" for none. */
const char *error_name(int error);

/* "POLLIN|POLLOUT", "0" for none. The same of epoll's. Valid until the fourth
 * next call of a function here that gives text. */
const char *poll_text(int bits);
const char *epoll_text(uint32_t bits);

/* "127.0.0.1:p1", "[::1]:0", "AF_UNSPEC"; from what a call has filled in. */
const char *address_text(const void *address, socklen_t length);

/* Bytes as text in quotes; long ones shortened, with their number. */
const char *bytes_text(const void *bytes, size_t size);

/* Asks poll, not waiting, for everything that it has, and prints the bits. */
void say_poll(const char *what, int fd);

/* Waits for the bits (each of them), then prints like say_poll. Hang-ups and
 * errors, which poll always tells, count as any other. */
void say_poll_until(const char *what, int fd, int bits);

/* Prints getsockname and getpeername. */
void say_names(const char *what, int fd);
/* Ports are told by their place among those told so far. Who takes many one after the
 * other gets one again by chance: then each round begins anew. */
void forget_ports(void);

/* Takes SO_ERROR and prints it. */
void say_so_error(const char *what, int fd);

/* One recv(), not waiting: prints the bytes, "end", or the error. */
void say_recv(const char *what, int fd, int flags);

/* Gets an option of one int and prints it. */
void say_option(const char *what, int fd, int level, int name);

#include "apart.h"
#include "ends.h"
#include "sets.h"

#endif
