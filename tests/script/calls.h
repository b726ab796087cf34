/* Inside the calls: a call's arguments, as numbers, addresses and buffers.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRIPT_CALLS_H
#define SCRIPT_CALLS_H

#include <sys/socket.h>
#include <sys/uio.h>

#include "play.h"

#define CALL_IOV_MAX 64

struct call {
	struct play *p;
	const struct script_event *e;
	const struct script_value *args;
	unsigned nargs;
};

const struct script_value *call_arg(struct call *c, unsigned k);
/* 0 when it cannot be told: the play is over then. */
int64_t call_number(struct call *c, unsigned k);
/* The descriptor that argument k names; NULL: -EBADF is the result. */
struct play_fd *call_fd(struct call *c, unsigned k);
/* An address: written out in the script, or "..." for the default one, which has
 * this port. */
socklen_t call_address(struct call *c, unsigned k, bool local,
	struct sockaddr_storage *out);
/* "..." or a string, of so many bytes; a list of {..., LENGTH}. What is to be sent
 * is a string's bytes or a pattern. */
size_t call_buffer(struct call *c, unsigned k, unsigned length_at,
	struct iovec *out);
int call_vector(struct call *c, const struct script_value *list, struct iovec *iov);
void call_free_vector(struct iovec *iov, int n);
/* A field of a struct by its name; NULL: not there. */
const struct script_value *call_field(const struct script_value *s, const char *name);

#endif
