/* Looking at a socket without touching it.
 *
 * Of a NET socket TCP knows more than its record shows. What calls need at once the
 * service keeps in shm_sock.info[], one word each (relaxed: each by itself). All of
 * it, for getsockopt(TCP_INFO) and TCP_CC_INFO, it writes when it is asked to:
 *
 *   program  sock_info_ask(): info_asked + 1, the service's eye -- waits for info_told
 *   service  sock_info_begin(): info_told = 0, fence -- writes -- sock_info_end():
 *            info_told = what was asked
 *   program  copies; was info_told the same before and after?
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_INFO_H
#define SOCK_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include "shm/tcpinfo.h"

struct sock_env;

enum sock_info {
	SOCK_INFO_STATE,   /* Linux's number of the TCP state; 0 not filled */
	SOCK_INFO_SND_MSS, /* bytes */
	SOCK_INFO_UNACKED, /* segments */
	SOCK_INFO_PMTU,	   /* bytes */
	SOCK_INFO_CWND,	   /* segments */
	SOCK_INFO_WORDS,
};

/* Program: an option is about to be read. 0: that needs nobody. Else what to wait for,
 * and *ring: the service sleeps. */
uint32_t sock_info_ask(struct sock_env *e, uint32_t i, int level, int name, bool *ring);
/* The word to wait on, a futex; and is it there? */
_Atomic uint32_t *sock_info_word(const struct sock_env *e, uint32_t i);
bool sock_info_told(uint32_t word, uint32_t asked);
/* Service: what was asked, if it is not `told`; 0: nothing. */
uint32_t sock_info_wanted(const struct sock_env *e, uint32_t i, uint32_t told);
struct shm_tcp_told *sock_info_begin(struct sock_env *e, uint32_t i);
void sock_info_end(struct sock_env *e, uint32_t i, uint32_t asked);

/* The timer that inet_diag shows of a stream, of a NET one as of the last answer. */
struct sock_timer {
	uint8_t kind; /* Linux's: 1 sending again, 2 keepalive, 4 closed window; 0 none */
	uint8_t tries;
	uint32_t expires_ms;
};
void sock_timer(struct sock_env *e, uint32_t i, struct sock_timer *out);

/* Bytes that sock_send() would take now; UINT32_MAX when it would take or refuse
 * any number. Another writer may be faster. */
uint32_t sock_send_room(struct sock_env *e, uint32_t i);

#endif
