/* The error queue of a socket: what MSG_ERRQUEUE reads (ip(7), IP_RECVERR). ICMP
 * errors, local ones, transmit times (SO_TIMESTAMPING) and the notices of
 * MSG_ZEROCOPY wait in it, for datagram and stream sockets alike.
 *
 * A report is a struct shm_msg:
 *	dst	where the packet was sent to: shown as msg_name, if it has a port
 *	src	who complains: the offender of ICMP errors, else family IP_NONE
 *	err, origin, type, code, info, data	struct sock_extended_err
 *	ttl, tos, ifindex, time_ns		of the ICMP packet, if there was one
 * and its payload what the queue gives back as data.
 *
 * While anything waits poll() shows POLLERR. The queue is made with its first
 * report; when it is full reports are lost, as on Linux.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_REPORT_H
#define SOCK_REPORT_H

#include "sock/sock.h"

/* Queue m for socket i, whatever its options. True: ring (somebody sleeps). */
bool sock_report_put(struct sock_env *e, uint32_t i, const struct shm_msg *m,
	const struct span *payload, unsigned n);
/* A send with MSG_ZEROCOPY has succeeded (of a stream: and moved bytes): the notice
 * that its memory is free, if the socket has SO_ZEROCOPY. True: ring. */
bool sock_zerocopied(struct sock_env *e, uint32_t i);
/* A send on a stream with SHM_F_TX_STAMPS, or with ancillary data (control; may be NULL),
 * has moved `sent` bytes: when they leave is to be told. True: ring; *service: ring the
 * service. */
bool sock_stream_sent(struct sock_env *e, uint32_t i, const struct iovec *iov, int n,
	size_t sent, int flags, const struct msghdr *control, bool *service);
/* Service: TCP has sent i's tx up to a count, and had it acknowledged up to another.
 * told: the caller's, 0 before the first call. True: ring. _wait: was it ever asked for
 * such times? A look that costs nothing. */
bool sock_marks_wait(const struct sock_env *e, uint32_t i);
bool sock_marks_pass(struct sock_env *e, uint32_t i, uint32_t sent, uint32_t acked,
	uint32_t *told);
/* recvmsg() on stream i has received n bytes: what it tells besides (TCP_INQ, times).
 * control's length becomes the one used. */
void sock_stream_told(struct sock_env *e, uint32_t i, ssize_t n,
	struct msghdr *control, int *msg_flags);
/* Does anything wait? */
bool sock_report_waits(const struct sock_env *e, const struct shm_sock *s);
/* recvmsg(MSG_ERRQUEUE): the arguments are sock_recvfrom's. Never blocks; -EAGAIN
 * when nothing waits. */
ssize_t sock_report_take(struct sock_env *e, uint32_t i, const struct iovec *iov,
	int n, struct sockaddr *from, socklen_t *fromlen, struct msghdr *control,
	int *msg_flags);

/* Datagram m (as it was sent) has left: its transmit times, if m's flags ask for
 * them (SO_TIMESTAMPING). True: ring. */
bool sock_report_sent(struct sock_env *e, uint32_t i, const struct shm_msg *m,
	const struct span *payload, unsigned n);

/* An ICMP error met a datagram of socket i. m as above; hard: Linux's `fatal`. It
 * is queued if the socket asks for reports (IP_RECVERR, IPV6_RECVERR by the family
 * of m->dst); else only a connected socket hears of a hard one. True: ring. */
bool sock_dgram_error(struct sock_env *e, uint32_t i, const struct shm_msg *m,
	bool hard, const struct span *payload, unsigned n);

#endif
