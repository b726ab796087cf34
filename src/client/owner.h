/* Inside the client: whom SIGIO and SIGURG go to (owner.c).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLIENT_OWNER_H
#define CLIENT_OWNER_H

#include <signal.h>
#include <stdbool.h>

struct fd_ref;
struct shm_sock;

/* The program has set the owner (F_SETOWN, F_SETOWN_EX, FIOSETOWN, SIOCSPGRP). */
void owner_changed(const struct fd_ref *r);
/* O_ASYNC: each doorbell is rung then, and the kernel makes SIGIO of it. */
void owner_async(const struct fd_ref *r, bool on);
/* With O_ASYNC, at each receiving: take the bells out. */
void owner_heard(const struct fd_ref *r);
/* SIGIO of a doorbell says "input"; if it was room, make it say so. */
void owner_correct(siginfo_t *info);
/* Signal the owner of a socket, if it has one; also of the far end's. */
void owner_signal(const struct shm_sock *s, int sig);

#endif
