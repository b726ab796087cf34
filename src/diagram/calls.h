/* The events beside a capture: what programs called, as docs/trace.md describes the
 * file: a JSON object a line.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_CALLS_H
#define DIAGRAM_CALLS_H

#include "talk.h"

#define CALL_NEVER INT64_MIN /* it has not returned */

struct call {
	int64_t begin, end; /* ns since 1970 */
	size_t nth; /* in the files */
	unsigned host;
	long pid;
	int fd;
	char program[32];
	char name[24];
	char args[96];
	long result;
	char error[24]; /* "" when it succeeded */
	char state[16]; /* of the socket afterwards; "" not known */
	char type[8];	/* tcp, udp ... */
	struct ip_name local, remote;
	/* Bytes, -1 not known. */
	long sendq, sendbuf, recvq, recvbuf;
	bool tells_state; /* another than was known before: worth saying */
	bool probe; /* of a datagram socket that only looked for a route */
	int flow; /* of the talk, -1 none */
	uint8_t side;
};

struct calls {
	struct call *list; /* by time of beginning */
	size_t n, room;
	char why[160]; /* the error, with its line */
};

/* Adds a file's lines to c, hosts to t. 0, -EINVAL with c->why, -ENOMEM. */
int calls_add(struct calls *c, struct talk *t, const char *text, size_t len);
/* After the last file: order, and which flow each call is about. */
void calls_finish(struct calls *c, const struct talk *t);
void calls_fini(struct calls *c);
/* "send(3, 1000 bytes)", with `program` "emisor: send..."; and " = 1000", " = EAGAIN",
 * " does not return"; and "LISTEN" when the call tells so, else "". */
void call_text(const struct call *c, bool program, char *buf, size_t size);
void call_result_text(const struct call *c, enum diagram_lang lang, char *buf,
	size_t size);
const char *call_state_text(const struct call *c);
/* Does it move bytes and nothing else? Then *bytes, and runs of such may be folded. */
bool call_is_plain(const struct call *c, long *bytes);

#endif
