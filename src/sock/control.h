/* Inside sock: ancillary data of a received datagram.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_CONTROL_H
#define SOCK_CONTROL_H

#include "inside.h"

/* Append what s's options ask for. *control holds the user's buffer and its
 * length; its msg_controllen becomes the length used. MSG_CTRUNC in *msg_flags when
 * it was too short. */
void sock_control_put(const struct shm_sock *s, const struct shm_msg *m,
	struct msghdr *control, int *msg_flags);

#endif
