/* Inside the calls: a call's arguments, as numbers, addresses and buffers.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRIPT_CALLS_H
#define SCRIPT_CALLS_H

#include <sys/socket.h>
#include <sys/uio.h>

#include "play.h"

#define CALL_IOV_MAX 64
#define CALL_SENDS 0x40000000 /* with flags: it waits for room, not for bytes */

struct call {
	struct play *p;
	const struct script_event *e;
	const struct script_value *args;
	unsigned nargs;
};

const struct script_value *call_arg(struct call *c, unsigned k);
/* 0 when it cannot be told: the play is over then. */
int64_t call_number(struct call *c, unsigned k);
/* The socket that argument k names; NULL: -EBADF is the result. Any descriptor. */
struct play_fd *call_fd(struct call *c, unsigned k);
struct play_fd *call_any_fd(struct call *c, unsigned k);
/* The descriptor under the number that the script expects as the result. */
struct play_fd *call_new_fd(struct call *c, uint32_t sock, bool nonblock);
int call_fd_number(const struct call *c, const struct play_fd *f);
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


/* --- results ------------------------------------------------------------------ */

struct play_result call_done(int64_t value);
struct play_result call_blocks(void);
/* Wait, but no longer than that (negative: for ever): then `late` is the result. */
struct play_result call_wait(struct call *c, struct duration most, int64_t late);
/* r is the result, unless it says that the call has to wait and it may: by the
 * descriptor, by flags (MSG_*), no longer than the socket's own limit. */
struct play_result call_tried(struct call *c, const struct play_fd *f, int flags,
	int64_t r);

/* --- ancillary data: control.c -------------------------------------------------- */

size_t control_build(struct call *c, const struct script_value *list, void *space,
	size_t size);
void control_compare(struct call *c, const struct script_value *list,
	struct msghdr *m);

/* --- connecting ----------------------------------------------------------------- */

/* connect(2), or sendto(2) that connects. -EINPROGRESS: it is under way; 0 it is put
 * off, or there; -errno. */
int call_connect_to(struct call *c, struct play_fd *f, const struct sockaddr *sa,
	socklen_t len, struct subject_early *early);

/* --- the calls -------------------------------------------------------------------- */

struct play_result call_read(struct call *c);
struct play_result call_readv(struct call *c);
struct play_result call_recv(struct call *c);
struct play_result call_recvmsg(struct call *c);
struct play_result call_write(struct call *c);
struct play_result call_writev(struct call *c);
struct play_result call_send(struct call *c);
struct play_result call_sendto(struct call *c);
struct play_result call_sendmsg(struct call *c);
struct play_result call_fcntl(struct call *c);
struct play_result call_ioctl(struct call *c);
struct play_result call_poll(struct call *c);
struct play_result call_epoll_create(struct call *c);
struct play_result call_epoll_ctl(struct call *c);
struct play_result call_epoll_wait(struct call *c);
struct play_result call_setsockopt(struct call *c);
struct play_result call_getsockopt(struct call *c);
struct play_result call_pipe(struct call *c);
struct play_result call_open(struct call *c);
struct play_result call_ftruncate(struct call *c);
struct play_result call_sendfile(struct call *c);
struct play_result call_splice(struct call *c);

#endif
