/* Inside sock: the groups that one socket has joined, as they lie in its record.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_MEMBER_H
#define SOCK_MEMBER_H

#include "inside.h"

#define MEMBER_SOURCES4 10 /* Linux's igmp_max_msf */
#define MEMBER_SOURCES6 64 /* mld_max_msf */

/* A copy of one membership. */
struct member {
	struct shm_addr group; /* port 0 */
	uint32_t ifindex;
	uint32_t via; /* IPv4: the address that named the interface, 0 none */
	bool include; /* MCAST_INCLUDE: only the sources; else all but them */
	bool listed;  /* a list was set, be it empty (Linux: sflist) */
	uint32_t n;   /* sources */
	uint8_t sources[MEMBER_SOURCES6][16];
};

/* A walk over the memberships of s, while others may be changing them: what it
 * gives is whole. begin: false, there are none. */
struct member_walk {
	const uint32_t *half;
	uint32_t used, at; /* words */
	struct shm_fifo *f;
	uint32_t version;
};
bool member_walk_begin(const struct sock_env *e, const struct shm_sock *s,
	struct member_walk *w);
bool member_walk_next(struct member_walk *w, struct member *out);
/* Was it changed meanwhile? Then what was seen may be of no time at all. */
bool member_walk_torn(const struct member_walk *w);

/* The newest membership of this group on this interface (0: any). */
bool member_find(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_addr *group, uint32_t ifindex, struct member *out);
unsigned member_count(const struct sock_env *e, const struct shm_sock *s,
	uint8_t family);

/* The caller holds s->lock. Add, or put in the place of the one of the same group
 * and interface: 0, -ENOBUFS. */
int member_put(struct sock_env *e, struct shm_sock *s, const struct member *m);
void member_drop(struct sock_env *e, struct shm_sock *s,
	const struct shm_addr *group, uint32_t ifindex);

bool member_has_source(const struct member *m, const uint8_t source[16]);

#endif
