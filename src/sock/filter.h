/* Inside sock: programs (classic BPF) that a socket has: a filter on what it receives,
 * a choice among those that share its name.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_FILTER_H
#define SOCK_FILTER_H

#include "base/bpf.h"
#include "inside.h"

struct option_call;

/* A program in its ring, which a word of a record names. How many instructions: 0 none. */
unsigned filter_program(const struct sock_env *e, const uint32_t *where,
	const struct bpf_insn **p);
/* Another one in its place; n 0: none. 0, -ENOMEM. The record's lock is held. */
int filter_publish(struct sock_env *e, uint32_t *where, const struct bpf_insn *p,
	unsigned n);
/* An option's struct sock_fprog. How many instructions, -EINVAL, -EPERM, -EFAULT. */
int filter_read(const struct option_call *c, const void *val, socklen_t len,
	struct bpf_insn copy[BPF_PROGRAM_MAX]);

/* Does m with this payload get through s's filter, and how much of the payload? Only
 * asked if s->filter is set. -1: it does not. */
int64_t filter_pass(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_msg *m, const struct span *payload, unsigned n);

#endif
