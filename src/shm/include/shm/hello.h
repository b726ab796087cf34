/* What is said on a stand-in's connection before anything else.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_HELLO_H
#define SHM_HELLO_H

#include <assert.h>
#include <stdint.h>

/* First bytes on a stand-in's connection: to a listener (from a connecting
 * program or from the service) or to the service's stream rendezvous. */
struct shm_hello {
	uint32_t magic; /* SHM_MAGIC */
	uint32_t kind;	/* enum shm_hello_kind */
	uint64_t key;	/* the host's */
	uint32_t sock;	/* ACCEPT: the embryo; CONNECT: the connecting socket */
	uint32_t gen;
};
static_assert(sizeof(struct shm_hello) == 24, "shm_hello");

enum shm_hello_kind {
	SHM_HELLO_ACCEPT = 1,	/* to a listener: adopt this embryo */
	SHM_HELLO_CONNECT = 2,	/* to the service: be my far end; connect */
	SHM_HELLO_SELF = 4,	/* to the service: echo my bells */
	SHM_HELLO_SILENT = 5,	/* to the service: give me to my listener when I
				   have bytes for it, or its time is over */
	SHM_HELLO_HANDED = 6,	/* to a listener: as ACCEPT, but the stand-in is
				   the descriptor that follows with one byte */
	SHM_HELLO_REGISTER = 3, /* to the service: a (forked) process wants a
				   slot; answered by struct shm_welcome, close */
};

struct shm_welcome {
	int32_t status; /* 0 or -errno */
	uint32_t slot, gen;
	uint32_t pad;
};

#endif
