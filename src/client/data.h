/* Inside the client: sending and receiving on a socket that was looked up.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_DATA_H
#define CLIENT_DATA_H

#include "internal.h"
#include "sock/held.h"

/* What the call gives besides bytes; zeros: nothing wanted. */
struct data_extra {
	struct sockaddr *name; /* from, or to */
	socklen_t namelen;     /* in; for receiving also out */
	struct msghdr *control; /* its msg_control, to read or to fill */
	int msg_flags; /* out */
};

void standin_ring_other(void *user, uint32_t i); /* sock_env.ring */
ssize_t data_send(const struct fd_ref *r, const struct iovec *iov, int n,
	int flags, const struct data_extra *x);
/* Leave word of where we are for who waits for what s sends. */
void data_tell_place(const struct shm_sock *s);
/* No more comes behind MSG_MORE. */
void data_push(const struct fd_ref *r);
ssize_t data_recv(const struct fd_ref *r, const struct iovec *iov, int n,
	int flags, struct data_extra *x);

/* wait.c: data has come, fewer than `wanted`. Who writes on and on is followed with less
 * ado from some distance, as both ends want the same lines of memory: waits a
 * microsecond or two while more comes, if that has gained lately. */
void wait_gather(const struct fd_ref *r, size_t wanted);

/* splice.c: bytes that lie in the socket, into a pipe. */
ssize_t splice_to_pipe(const struct fd_ref *r, int pipe, size_t n, bool nonblock);

#endif
