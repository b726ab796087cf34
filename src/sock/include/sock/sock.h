/* The Berkeley rules: pure functions over the records of an arena, linked into
 * the programs (through the client) and into the service alike, so that bind,
 * connect, options, errors and shutdown are written once.
 *
 * Everything here is non-blocking, makes no system call and returns >= 0 or a
 * negative errno: Linux's, at the call where Linux gives it. Waiting, doorbells
 * and the stand-in descriptors are the caller's business; what the caller has
 * to do is told in a struct sock_effect:
 *
 *   ring      write one byte on your own stand-in: the other end (local peer or
 *             service) sleeps and wants to look again
 *   ring_to   (datagrams) send one byte to the stand-in of that socket's name
 *   service   (datagrams to the net) send one byte to the service's doorbell
 *
 * Two transports lie below. LOCAL: both ends on this host; each side's transmit
 * fifo is the other's receive fifo and nobody else is involved. NET: the service
 * reads tx and writes rx; a socket that wants its eye is pushed on the header's
 * svc_ready stack.
 *
 * Lost wake-ups are excluded by one order, everywhere: publish, full fence, look
 * at the sleeper's word; the sleeper sets its word, full fence, looks again.
 * (rx_wait, tx_wait, epoll's armed, header's svc_armed.)
 *
 * What only the service needs: sock/service.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_SOCK_H
#define SOCK_SOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "shm/arena.h"
#include "shm/msgq.h"

/* This process's view of one host. */
struct sock_env {
	struct shm_arena *arena;
	/* Is the last descriptor of socket i closed everywhere? Asked only when
	 * something depends on it (a port in the way, MAYBE_CLOSED). 1 dead,
	 * 0 alive, -errno unknown (taken as alive). May make system calls. */
	int (*is_dead)(void *user, uint32_t i);
	uint32_t (*random)(void *user), (*cpu)(void *user); /* may be NULL */
	int64_t (*now)(void *user); /* monotonic, ns; NULL: no TIME-WAIT */
	int64_t (*wall_ns)(void *user); /* since 1970, of arrivals; NULL: none */
	/* A byte to the stand-in of socket i: a broadcast's further ones; or NULL. */
	void (*ring)(void *user, uint32_t i);
	uint32_t (*here)(void); /* our processor + 1; may be NULL: unknown */
	uint64_t (*caps)(void *user); /* caps.h; NULL: by `privileged` */
	bool privileged;
	void *user;
};

struct sock_effect {
	bool ring;
	bool service;
	uint32_t ring_to; /* socket index, 0 none */
	bool urgent, own; /* stream: SIGURG to the other's owner; wake your own side */
};

/* --- making and naming ------------------------------------------------- */

/* socket(2): domain, type (without SOCK_NONBLOCK, SOCK_CLOEXEC), protocol as the
 * user gave them. 0 and *out, or -EAFNOSUPPORT (not AF_INET, AF_INET6: the
 * caller passes those to the kernel before), -EPROTONOSUPPORT, -ESOCKTNOSUPPORT,
 * -EINVAL, -EPERM (SOCK_RAW, not supported yet), -ENFILE. */
int sock_create(struct sock_env *e, int domain, int type, int protocol,
	uint32_t *out);
/* For a creation that failed half-way, before anybody else saw it. */
void sock_discard(struct sock_env *e, uint32_t i);

int sock_bind(struct sock_env *e, uint32_t i, const struct sockaddr *sa,
	socklen_t len);
int sock_listen(struct sock_env *e, uint32_t i, int backlog);
int sock_name(struct sock_env *e, uint32_t i, struct sockaddr *sa,
	socklen_t *len); /* getsockname: truncates as Linux */
int sock_peer(struct sock_env *e, uint32_t i, struct sockaddr *sa,
	socklen_t *len);
/* The same for any shm_addr as socket i presents it (mapped if AF_INET6). */
void sock_present(const struct shm_sock *s, const struct shm_addr *a,
	struct sockaddr *sa, socklen_t *len);

/* --- connecting (stream) ------------------------------------------------ */

enum sock_route { SOCK_ROUTE_LOCAL, SOCK_ROUTE_NET, SOCK_ROUTE_SELF };

/* First half of connect(2) on a stream socket: all checks (-EISCONN, -EALREADY,
 * -EINVAL, -EAFNOSUPPORT, -EADDRNOTAVAIL, -ENETUNREACH; a listener: -EISCONN as
 * Linux), choice of the local name. 1: there is nothing to do and connect()
 * returns 0 (a connect under way that has come through). A LOCAL route with nobody
 * listening is -ECONNREFUSED, and the caller calls sock_connect_undo, or sock_fail
 * while nobody can be told; else *listener and *embryo: two fifos and the far end's
 * record are made, the caller connects the stand-in to the listener's, sends the
 * hello and calls sock_connect_done, or undo when the kernel says that the listener
 * is gone (then it may try again).
 * A SELF route: the socket's own name. The caller connects its stand-in to the
 * service, whose end echoes its bells, and calls sock_connect_done.
 * A NET route: state CONNECTING, fifos are made, the caller connects its stand-in
 * to the service and sends the hello; the service does the rest and changes
 * state. */
int sock_connect_begin(struct sock_env *e, uint32_t i, const struct sockaddr *sa,
	socklen_t len, enum sock_route *route, uint32_t *listener,
	uint32_t *embryo);
void sock_connect_done(struct sock_env *e, uint32_t i, uint32_t embryo);
void sock_connect_undo(struct sock_env *e, uint32_t i, uint32_t listener,
	uint32_t embryo, bool listener_dead);
/* What a further connect() or the end of a wait reports: 0 connected,
 * -EALREADY/-EINPROGRESS still under way, -ECONNREFUSED etc. (taken). */
int sock_connect_result(struct sock_env *e, uint32_t i);
/* connect(AF_UNSPEC) and its like: the socket leaves its connection, or its
 * listening, and starts afresh as another record with the same options and, if it
 * was bound, the same name: *out. The old one goes the way of a socket closed with
 * a reset, with its stand-in; fx is about it. err: pending at the new one, or 0.
 * -ENFILE. */
int sock_renew(struct sock_env *e, uint32_t i, int err, uint32_t *out, struct sock_effect *fx);
/* accept(2), after the native accept and the hello: the embryo becomes the user's;
 * _orphan(): any whose connector died before its hello. -ECONNABORTED: stale, none. */
int sock_accept_orphan(struct sock_env *e, uint32_t listener, uint32_t *out);
int sock_accept_adopt(struct sock_env *e, uint32_t listener,
	const struct shm_hello *h, uint32_t *out);

/* --- datagrams' connect --------------------------------------------------- */

/* connect(2) on a datagram socket, AF_UNSPEC included. */
int sock_dgram_connect(struct sock_env *e, uint32_t i, const struct sockaddr *sa,
	socklen_t len);

/* --- data ----------------------------------------------------------------- */

/* Stream. flags: MSG_*. send: bytes taken (maybe fewer than asked), -EAGAIN when
 * none fit, -EPIPE (the caller raises SIGPIPE), -ENOTCONN, so_error. recv: bytes,
 * 0 at end, -EAGAIN, so_error, -ENOTCONN. MSG_PEEK, MSG_TRUNC, MSG_OOB honoured;
 * MSG_WAITALL, MSG_DONTWAIT are the caller's loop. */
ssize_t sock_send(struct sock_env *e, uint32_t i, const struct iovec *iov, int n,
	int flags, struct sock_effect *fx);
ssize_t sock_recv(struct sock_env *e, uint32_t i, const struct iovec *iov, int n,
	int flags, struct sock_effect *fx);

/* The reader of stream i stands at the urgent mark: recv() stops here. */
bool sock_at_mark(const struct sock_env *e, uint32_t i);

/* Datagrams. to NULL: the connected peer (-EDESTADDRREQ). Returns the whole
 * length or an error: -EMSGSIZE, -EAGAIN (queue to the net is full),
 * -ECONNREFUSED (pending error) ... A full receiver on the same host drops
 * silently, as Linux does. recv: *from as the socket presents it; *msg_flags
 * gets MSG_TRUNC; returns the copied length, or the real one with MSG_TRUNC in
 * flags. control: ancillary data for the options asked for; may be NULL. */
ssize_t sock_sendto(struct sock_env *e, uint32_t i, const struct iovec *iov,
	int n, int flags, const struct sockaddr *to, socklen_t tolen,
	const struct msghdr *control, struct sock_effect *fx);
ssize_t sock_recvfrom(struct sock_env *e, uint32_t i, const struct iovec *iov,
	int n, int flags, struct sockaddr *from, socklen_t *fromlen,
	struct msghdr *control, int *msg_flags, struct sock_effect *fx);

/* sendmsg()'s ancillary data on a stream: only SOL_SOCKET's counts. 0, -EINVAL. */
int sock_stream_control(const struct sock_env *e, uint32_t i,
	const struct msghdr *control);

int sock_shutdown(struct sock_env *e, uint32_t i, int how,
	struct sock_effect *fx);
/* A process closes a descriptor of it; perhaps not the last. Call before the
 * native close. */
void sock_closing(struct sock_env *e, uint32_t i);
/* The caller learnt from the kernel (HUP on the stand-in) that the local peer's
 * last descriptor is closed: decides EOF or ECONNRESET by the fifos. */
void sock_peer_gone(struct sock_env *e, uint32_t i);
/* Might it be gone? A descriptor of it was closed; nobody accepted it. Ask the kernel. */
enum sock_doubt { SOCK_SURE, SOCK_SUSPECT, SOCK_QUEUED };
enum sock_doubt sock_peer_doubt(const struct sock_env *e, uint32_t i);
bool sock_peer_suspect(const struct sock_env *e, uint32_t i);
/* The kernel said that it is not gone: suspect no more, until the next close. */
void sock_peer_alive(struct sock_env *e, uint32_t i);

/* --- readiness ------------------------------------------------------------ */

/* POLL* bits true now (POLLIN POLLOUT POLLRDHUP POLLHUP POLLERR POLLPRI and the
 * RDNORM, WRNORM variants). Not for listeners: their stand-in tells natively.
 * POLLOUT's only if wanted; sets nospace when it is not there. */
unsigned sock_ready(struct sock_env *e, uint32_t i, unsigned wanted);
/* A sleeper announces itself before it looks a last time, and takes it back. */
void sock_sleep_begin(struct sock_env *e, uint32_t i, unsigned wanted);
void sock_sleep_end(struct sock_env *e, uint32_t i, unsigned wanted);
/* Something changed for socket i's user: queue its epoll items. True when
 * somebody sleeps on it (a doorbell is due: byte on the stand-in). events: POLL*
 * bits that may have become true. Used by all functions above; public for the
 * service. */
bool sock_notify(struct sock_env *e, uint32_t i, unsigned events);
/* NET: the service should look at it. True: ring. */
bool sock_want_service(struct sock_env *e, uint32_t i);
/* Hang a (filled in, live) epoll item on socket i's watch list, take it off.
 * watch: 0, -EBADF when i is free. Does not notify: epoll_ctl looks at the state
 * itself after it. unwatch: harmless when the item is not there. */
int sock_watch(struct sock_env *e, uint32_t i, uint32_t item);
void sock_unwatch(struct sock_env *e, uint32_t i, uint32_t item);

/* --- options and state ------------------------------------------------------ */

/* fx: for the service. val of the MSFILTERs is read, too, and has 32 KiB. */
int sock_setopt(struct sock_env *e, uint32_t i, int level, int name,
	const void *val, socklen_t len, struct sock_effect *fx);
int sock_getopt(struct sock_env *e, uint32_t i, int level, int name, void *val,
	socklen_t *len);
/* The table of options, for the manual and its test: entry k, false past the end.
 * effect: "yes" honoured here, "stack" handed to the service's TCP/IP, "none"
 * accepted without effect (the published list), "refused". */
struct sock_option_info {
	int level, name;
	const char *label, *effect, *doc;
	bool get, set;
};
bool sock_option_describe(unsigned k, struct sock_option_info *out);
/* FIONREAD/SIOCINQ, SIOCOUTQ, SIOCATMARK: value in *out; -ENOTTY others. */
int sock_ioctl(struct sock_env *e, uint32_t i, unsigned long request, int *out);
/* SIOCGSTAMP's time, ns since 1970; -ENOENT: no message came. */
int sock_stamp(struct sock_env *e, uint32_t i, int64_t *ns);
const char *sock_state_name(uint32_t state);
/* Where a packet to `to` would go, by the interface oif (0: any). 0, -ENETUNREACH,
 * -ENODEV. */
struct sock_hop {
	uint32_t ifindex;
	uint32_t mtu; /* bytes of IP packet */
	struct shm_addr source, gateway; /* gateway: family IP_NONE on link */
	bool local; /* one of ours */
};
int sock_hop(const struct sock_env *e, const struct shm_addr *to, uint32_t oif,
	struct sock_hop *out);

#endif
