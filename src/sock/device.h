/* Sockets on one interface (SO_BINDTODEVICE).
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_DEVICE_H
#define SOCK_DEVICE_H

#include "inside.h"

/* To an own address by the interface oif (0: any): 1 it stays on the host and is seen to
 * arrive by *arrival, 0 it leaves by oif, -ENETUNREACH. */
int device_way_home(const struct sock_env *e, const struct shm_addr *to,
	enum sock_addr_kind kind, uint32_t oif, uint32_t *arrival);
/* A link-local address binds the socket to its interface, or has that of the socket;
 * connect: -EINVAL if it has another. The lock is held. */
int device_from_scope(struct shm_sock *s, struct shm_addr *a, bool connect);
/* Likewise connect() of datagrams: -EINVAL, too, if there is none. */
int device_from_peer(struct shm_sock *s, struct shm_addr *to);
/* Does who is bound to `device` and called from `local` hear the answer? ls: who listens;
 * NULL nobody. */
bool device_hears_answer(const struct sock_env *e, const struct shm_addr *local,
	const struct shm_sock *ls, uint32_t device);

#endif
