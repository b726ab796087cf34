/* What `enchufe run --trace` gathers: a file that the program and its children map,
 * so that nothing is lost when one of them is killed. Each call takes an entry when it
 * begins and fills it when it returns; the command reads them when its program has
 * ended. An entry that says BEGUN is of a call that never returned.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_TRACE_H
#define SHM_TRACE_H

#include <assert.h>
#include <stdint.h>

#define SHM_ENV_TRACE "ENCHUFE_TRACE" /* path of the file */

#define TRACE_MAGIC 0x65637254u
#define TRACE_EVENTS 131072
#define TRACE_CALL_MAX 16 /* bytes, with zero */
#define TRACE_ARGS_MAX 76
#define TRACE_PROGRAM_MAX 16

enum { TRACE_FREE, TRACE_BEGUN, TRACE_ENDED };

struct trace_name {
	uint8_t family; /* 4, 6; 0 none */
	uint8_t pad;
	uint16_t port;	 /* host order */
	uint8_t addr[16]; /* network order */
};

struct trace_event {
	_Atomic uint32_t stage;
	int32_t pid;
	int64_t begin, end; /* ns since 1970 */
	int64_t result;	    /* or -errno */
	int64_t sendq, sendbuf, recvq, recvbuf; /* bytes afterwards, -1 not known */
	int32_t fd;
	uint16_t type;	   /* SOCK_ of an AF_INET or AF_INET6 socket */
	uint8_t tcp_state; /* Linux's number, 0 not known */
	uint8_t pad[1];
	struct trace_name local, remote;
	char call[TRACE_CALL_MAX];
	char program[TRACE_PROGRAM_MAX];
	char args[TRACE_ARGS_MAX];
	char host[64];
};
static_assert(sizeof(struct trace_event) == 288, "trace_event");

struct trace {
	uint32_t magic, pad;
	_Atomic uint64_t next; /* entry to take; beyond the last: it was lost */
	struct trace_event events[TRACE_EVENTS];
};

#endif
