/* SO_LINGER with a time: close() waits until the other host has acknowledged all,
 * FIN included, or the time is over (Linux's sk_stream_wait_close()). Within the
 * host what is sent is received, and nobody waits.
 *
 * The service is TCP's owner from the close on; that it has let go shows in the
 * record, which is reaped then.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "internal.h"

#define LINGER_STEP_NS NS_PER_MS

struct linger_plan linger_plan(int fd)
{
	struct linger_plan p = { 0 };
	struct fd_ref r;

	if (fd_peek(fd, &r) != FD_SOCKET || r.s->type != SOCK_STREAM ||
		r.s->opts.linger_s <= 0 ||
		atomic_get_relaxed(&r.s->via) != SHM_VIA_NET ||
		atomic_get_relaxed(&r.s->state) != SHM_SOCK_CONNECTED)
		return p;
	return (struct linger_plan){ r.i, r.gen, r.s->opts.linger_s };
}

static bool still_there(const struct linger_plan *p)
{
	struct shm_sock *s = shm_sock_at(&cl.arena, p->i);

	return s && atomic_get_relaxed(&s->gen) == p->gen &&
		atomic_get_acquire(&s->state) != SHM_SOCK_FREE;
}

void linger_wait(const struct linger_plan *p)
{
	struct timespec step = { 0, LINGER_STEP_NS };
	int64_t until;

	if (p->i == 0 || !still_there(p))
		return;
	/* Not the last descriptor: nothing has ended. */
	if (standin_is_dead(NULL, p->i) != 1)
		return;
	until = wait_deadline(p->seconds * INT64_C(1000000));
	while (still_there(p) && sys_now_ns() < until) {
		if (sys_call2(SYS_nanosleep, &step, 0) == -EINTR)
			return; /* Linux: a signal ends the wait, and close() is 0 */
	}
}
