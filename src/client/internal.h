/* Inside the client: one process's view, and what its files give each other.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_INTERNAL_H
#define CLIENT_INTERNAL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/atomic.h"
#include "call.h"
#include "client/client.h"
#include "client/sys.h"
#include "owner.h"
#include "sock/service.h"

#include "stages.h"

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_US INT64_C(1000)
#define NS_PER_S INT64_C(1000000000)
#define WAIT_PAST INT64_C(1) /* a deadline before now; 0 is none yet */
#define WAIT_FOREVER INT64_MAX /* a deadline, CLOCK_MONOTONIC ns */

/* --- attach.c --------------------------------------------------------------- */

/* The process's membership: valid pointers only after client_env(). */
struct client {
	struct shm_arena arena;
	struct sock_env env;
	uint64_t user_ns; /* joined in; 0 unknown */
};
extern struct client cl;

/* Joined and registered (after a fork: again). 0, -ENETDOWN when the service
 * cannot be reached, -EMFILE and the like when it cannot be now. */
int client_enter(void);
/* On the page that a fork wipes: 1, and client_enter() would do nothing. */
extern _Atomic(_Atomic uint32_t *) client_registered;
/* Joined before? Costs nothing, joins nothing. */
bool client_attached(void);
/* Is this address space ours alone, and not lent by vfork or CLONE_VM? Costs a
 * getpid. */
bool client_own_memory(void);

/* caps.c: a bit for each of Linux's capabilities; our user namespace, 0 unknown. */
uint64_t client_caps(void *user);
uint64_t client_user_ns(void);

/* empty.c: socket(AF_NETLINK, type, NETLINK_GENERIC), the kernel's, in a network
 * without anything. -EPROTONOSUPPORT: it can make none. */
int empty_network_socket(int type);

/* --- etc.c ------------------------------------------------------------------- */

/* Keep what the header says about the host's own files. */
void etc_take(const struct shm_header *h);

/* --- foreign.c --------------------------------------------------------------- */

/* A descriptor has come over a Unix socket: not for us if it is another host's. */
void foreign_received(int fd);

/* --- spare.c ----------------------------------------------------------------- */

/* Calls work(arg) where a few descriptor numbers are free although this process
 * has none left; they are gone afterwards. Its result, or -errno. */
int spare_run(int (*work)(void *arg), void *arg);

/* --- fdtable.c --------------------------------------------------------------- */

enum fd_kind { FD_UNKNOWN, FD_KERNEL, FD_SOCKET, FD_EPOLL };

/* What a number stands for; the record's generation was right when looked up. */
struct fd_ref {
	int fd;
	uint32_t i; /* index of the record */
	uint32_t gen;
	struct shm_sock *s; /* FD_SOCKET */
	struct shm_epoll *ep; /* FD_EPOLL */
};

/* Looks up, probing an unknown number. For FD_SOCKET and FD_EPOLL the process
 * is registered on return; *err is not 0 when that failed (then the call must
 * fail with it). */
enum fd_kind fd_lookup(int fd, struct fd_ref *r, int *err);
/* As fd_lookup, but never asks the kernel: FD_UNKNOWN when not known. */
enum fd_kind fd_peek(int fd, struct fd_ref *r);
void fd_set_socket(int fd, uint32_t i, uint32_t gen);
void fd_set_epoll(int fd, uint32_t i, uint32_t gen);
/* Surely neither ours nor an epoll; and may it be an epoll, as far as we know? */
void fd_set_plain(int fd);
bool fd_is_unseen(int fd);
/* Numbers `to` and `from` now mean the same. */
void fd_copy(int from, int to);
/* First number >= from whose entry is a socket or an epoll; -1 none. */
int fd_next_ours(int from);

/* --- standin.c ---------------------------------------------------------------- */

enum standin_look { STANDIN_EMPTY, STANDIN_BYTE, STANDIN_GONE };

/* A fresh AF_UNIX socket of the type; flags SOCK_NONBLOCK, SOCK_CLOEXEC. */
int standin_open(int type, int flags);
/* Write its identity into the record. */
int standin_record(int fd, struct shm_sock *s);
/* Bind it to PREFIX/N.G, once. */
int standin_name(int fd, struct shm_sock *s, uint32_t i);
int standin_connect(int fd, uint32_t listener, uint32_t gen, bool may_sleep);
int standin_connect_service(int fd);
int standin_hello(int fd, uint32_t kind, uint32_t i, uint32_t gen);
/* Waits for the hello of a fresh connection: 0, or -ECONNABORTED. */
int standin_read_hello(int fd, struct shm_hello *h);
/* A doorbell to the other end. */
void standin_ring(const struct fd_ref *r);
/* A bell to a datagram socket itself, for the others who sleep on it (bells.c). */
void standin_put_back(const struct fd_ref *r);
/* A bell for the service from somebody without a datagram socket. */
void standin_wake_service(void);
void standin_effects(const struct fd_ref *r, const struct sock_effect *fx);
enum standin_look standin_look(int fd);
/* Take all doorbells out. STANDIN_EMPTY or STANDIN_GONE. */
enum standin_look standin_drain(const struct fd_ref *r);
/* Has the kernel hung it up? */
bool standin_hup(int fd);
/* Tell sock/ that the far end is gone, if it really is. */
void standin_gone(const struct fd_ref *r);
/* Ask the kernel only when something speaks for it: see sock_peer_suspect. */
void standin_suspect(const struct fd_ref *r);
/* Before a descriptor is closed: was the other end first, without a word (kill -9)? */
void standin_closing(const struct fd_ref *r);
void standin_ask(const struct fd_ref *r);
/* Does a socket of that inode and cookie exist? 0 yes, 1 no, -errno. */
int standin_ask_kernel(uint64_t ino, uint64_t cookie);
/* sock_env.is_dead, by the kernel's list of AF_UNIX sockets. */
int standin_is_dead(void *user, uint32_t i);

/* --- confine.c ------------------------------------------------------------------ */

/* Doorbells by the fewest calls; answers as of sendto and recvfrom. */
long confined_ring(int fd);
long confined_drain(int fd, void *buf, size_t n);
long confined_look(int fd); /* as with MSG_PEEK of one byte */
void confined_sigpipe(int fd);
bool confined_all_restart(void);

/* --- wait.c -------------------------------------------------------------------- */

bool sock_is_nonblocking(const struct shm_sock *s);
/* Until one of `want` may be true: 0; -EINTR or -CALL_INTERRUPTED; -EAGAIN at the
 * deadline (or at once when the description has become non-blocking). */
int wait_for(const struct fd_ref *r, unsigned want, int64_t deadline);
/* Until more than `seen` bytes lie there (MSG_PEEK): as wait_for(); -EAGAIN also when
 * no more will come. */
int wait_for_more(const struct fd_ref *r, int seen, int64_t deadline);
/* A deadline from now; us <= 0: for ever. */
int64_t wait_deadline(int64_t us);
/* Do all handlers of this process restart calls? (When we cannot tell which
 * signal came.) */
bool signals_all_restart(void);

/* --- connect.c ------------------------------------------------------------------ */

/* Connections that wait for room in a full backlog are tried again, from every
 * call that would look at them. True: still waiting. */
bool connect_pending(const struct fd_ref *r);
/* Try all; true when any still waits (then nobody sleeps longer than
 * CONNECT_STEP_NS). */
bool connect_retry_all(void);
void connect_forget(const struct fd_ref *r);
void connect_forked(void); /* in a fork's child */
/* shutdown() of a connect under way: Linux's inet_shutdown() takes it back as
 * connect(AF_UNSPEC) does, with ECONNRESET pending. False: none is. */
bool connect_break_off(struct fd_ref *r, int *err);
#define CONNECT_STEP_NS (10 * NS_PER_MS)

/* What shall go with the SYN (RFC 7413). */
struct connect_early {
	const struct iovec *iov;
	int n;
	bool nonblock; /* the call */
	size_t done;   /* out: bytes taken */
};
/* MSG_FASTOPEN, or a send on what waits for it: 0 go on sending after early->done;
 * else as connect(). */
int connect_fast(const struct fd_ref *r, const struct sockaddr *sa, socklen_t len,
	struct connect_early *early);

/* --- poll.c ---------------------------------------------------------------------- */

/* sock_ready, listeners and waiting connections included. */
unsigned socket_ready(const struct fd_ref *r, unsigned wanted);

#include "sets.h"

#endif
