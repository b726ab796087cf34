/* How long Linux's connect() goes on asking a host that says nothing: as core/tcp has it
 * for peers on other hosts (timers.c), for those within whose queue is full.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "syntime.h"

#include <stdbool.h>

#define MS 1000000ll
#define FIRST_MS 1000
#define MOST_MS 120000
#define LINEAR 4 /* net.ipv4.tcp_syn_linear_timeouts */
#define SYNCNT_MOST 127 /* of TCP_SYNCNT */
#define DOUBLINGS 6 /* of a second, until it is more than MOST_MS */

/* Linux's tcp_model_timeout(): so long n + 1 timeouts take that double. */
static int64_t model_ms(uint32_t n)
{
	if (n <= DOUBLINGS)
		return ((2ll << n) - 1) * FIRST_MS;
	return ((2ll << DOUBLINGS) - 1) * FIRST_MS + (int64_t)(n - DOUBLINGS) * MOST_MS;
}

/* Linux's tcp_write_timeout() at each timeout of a SYN; the first of them are as far
 * apart as each other (tcp_retransmit_timer()), none is later than the user's own limit
 * (tcp_clamp_rto_to_user_timeout()). */
int64_t syn_time_ns(const struct shm_opts *o)
{
	/* Shared memory: no more than the option takes. */
	uint32_t n = o->syncnt < SYNCNT_MOST ? o->syncnt : SYNCNT_MOST;
	uint32_t user = o->user_timeout_ms;
	int64_t limit = user ? (int64_t)user : model_ms(n);
	int64_t at = FIRST_MS, step = FIRST_MS;

	for (uint32_t sent = 0; sent < n + LINEAR && at < limit; sent++) {
		if (sent >= LINEAR)
			step = step * 2 > MOST_MS ? MOST_MS : step * 2;
		at = user && at + step > user ? (int64_t)user : at + step;
	}
	return at * MS;
}
