/* Inside the client: what the rest needs of epoll sets. Part of internal.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_SETS_H
#define CLIENT_SETS_H

#include "internal.h"

/* As fd_lookup, for calls that are about sets: finds out whether a number that we
 * have not seen made is one (epfind.c). */
enum fd_kind fd_lookup_set(int fd, struct fd_ref *r, int *err);
/* Does the set hold one of our sockets that is ready? If not it is armed, so that
 * the real descriptor becomes readable. */
bool epoll_peek_ready(const struct fd_ref *r);
/* `until`, or earlier if held bytes of one in it are to be looked at by then. */
int64_t epoll_look_again(const struct fd_ref *r, int64_t until);
/* The same of all that is in it: what poll() says of its descriptor. */
bool epoll_ready(const struct fd_ref *r);
/* A socket's last descriptor goes away, anywhere: out of all sets. */
void epoll_socket_gone(uint32_t i, uint32_t gen);
/* Another number of the same socket in this process? */
bool epoll_has_twin(const struct fd_ref *r);
/* Callers come by its stand-in from now on: the kernel is to be asked. */
void epoll_socket_listens(const struct fd_ref *r);
/* It listens no more: where the kernel has watched for its callers it becomes one of
 * ours, so that the set says of it what Linux says of a stream in CLOSE. */
void epoll_listener_shut(const struct fd_ref *r);
/* Its items go to the record that has taken its place. */
void epoll_socket_renewed(const struct fd_ref *old, const struct fd_ref *new);
/* Something was pushed by ourselves, for whom nobody rings: those sets of ours that
 * have it are woken. */
void epoll_wake_own(void);
/* A descriptor of a set goes away, or comes by dup. */
void epoll_closing(const struct fd_ref *r);
void epoll_duplicated(const struct fd_ref *r);
/* After a fork: this (newly registered) process holds them too. */
void epoll_hold_all(void);
/* Before a fork: others will hold this set too. */
void epoll_sharing(const struct fd_ref *r);
bool epoll_any(void);

#endif
