/* Inside sock: ancillary data that recvmsg() gives.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_CONTROL_H
#define SOCK_CONTROL_H

#include "inside.h"

/* The user's buffer while it is filled. */
struct control_out {
	uint8_t *base;
	size_t size, used;
	bool cut; /* something did not fit: MSG_CTRUNC */
};

struct control_out control_begin(const struct msghdr *control);
/* Linux's put_cmsg(): what does not fit is cut. */
void control_put(struct control_out *o, int level, int type, const void *data,
	size_t len);
/* control->msg_controllen becomes the length used. */
void control_end(const struct control_out *o, struct msghdr *control,
	int *msg_flags);

/* What s's options ask for about m, in Linux's order: times and losses; then what
 * the network header said. */
void control_put_socket(struct sock_env *e, struct shm_sock *s,
	const struct shm_msg *m, struct control_out *o);
/* The times alone. */
void control_put_times(const struct shm_sock *s, int64_t ns, struct control_out *o);
void control_put_ip(struct sock_env *e, const struct shm_sock *s,
	const struct shm_msg *m, struct control_out *o);
void control_put_ip6(struct sock_env *e, const struct shm_sock *s,
	const struct shm_msg *m, struct control_out *o);

/* All of it, for a received datagram; control may be NULL (then only SIOCGSTAMP's
 * time is kept). */
void control_give(struct sock_env *e, struct shm_sock *s, const struct shm_msg *m,
	struct msghdr *control, int *msg_flags);

#endif
