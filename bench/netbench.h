/* Between the files of netbench: see netbench.c for the commands.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef NETBENCH_H
#define NETBENCH_H

#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

__attribute__((noreturn)) void die(const char *what);
int64_t now_ns(void);
/* A socket of that type, connected; streams with TCP_NODELAY. Never fails. */
int dial(const char *host, const char *port, int type);
int listen_on(const char *port);
/* The median and the 99th percentile, as JSON. Sorts. */
void print_times(int64_t *t, int n);
/* So many messages of that size to s, each answered by one as long before the next;
 * prints their times and closes s. Returns 0. */
int print_round_trips(int s, char *buf, size_t size, int n);

/* The commands: their arguments; the exit status. */
int bench_await(char **args);
int bench_request(char **args);
int bench_udp_serve(char **args);
int bench_udp_echo(char **args);
int bench_udp_pour(char **args);
int bench_hold(char **args);
int bench_idle(char **args);
int bench_line(char **args);

#endif
