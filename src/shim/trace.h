/* Inside the shim: the calls on sockets with their times, for `run --trace`.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_TRACE_H
#define SHIM_TRACE_H

#include <stdbool.h>

#include "shm/trace.h"

/* Is a trace wanted? The one word that a call without it looks at. */
extern bool trace_wanted;

/* At the start: take note of the environment. */
void trace_init(char *const *envp);
/* The variable as "NAME=value", NULL none. */
const char *trace_env(void);

/* A call begins; NULL when it is not about a socket of ours, or there is no room.
 * fd -1: it makes one. */
struct trace_event *trace_begin(const char *call, int fd, const char *args, ...)
	__attribute__((format(printf, 3, 4)));
/* It returned r (or -errno). */
void trace_end(struct trace_event *e, long r);
struct sockaddr;
/* The arguments are this address, which the call has found readable, unless r says
 * that it did not. */
void trace_address(struct trace_event *e, const struct sockaddr *sa, unsigned len, long r);
/* "AF_INET, SOCK_STREAM, 0"; "MSG_MORE, MSG_DONTWAIT" behind `before`, "" none. */
const char *trace_kind(int domain, int type, int protocol, char buf[TRACE_ARGS_MAX]);
const char *trace_flags(const char *before, int flags, char buf[TRACE_ARGS_MAX]);

#define TRACE_BYTES(n, flags) \
	"%zu bytes%s", (size_t)(n), trace_flags(", ", flags, (char[TRACE_ARGS_MAX]){ "" })
#define TRACE_FLAGS(flags) "%s", trace_flags("", flags, (char[TRACE_ARGS_MAX]){ "" })

/* The value of `expr`, a call of the client, with what it was told to the trace. */
#define TRACED(call, fd, expr, ...) \
	({ \
		struct trace_event *trace_e_ = __builtin_expect(trace_wanted, 0) ? \
			trace_begin(call, fd, __VA_ARGS__) : (struct trace_event *)0; \
		long trace_r_ = (expr); \
		if (__builtin_expect(trace_e_ != 0, 0)) \
			trace_end(trace_e_, trace_r_); \
		trace_r_; \
	})
#define TRACED_TO(call, fd, expr, sa, len) \
	({ \
		struct trace_event *trace_e_ = __builtin_expect(trace_wanted, 0) ? \
			trace_begin(call, fd, "%s", "") : (struct trace_event *)0; \
		long trace_r_ = (expr); \
		if (__builtin_expect(trace_e_ != 0, 0)) { \
			trace_address(trace_e_, sa, len, trace_r_); \
			trace_end(trace_e_, trace_r_); \
		} \
		trace_r_; \
	})

#endif
