/* Whom a socket's SIGIO and SIGURG go to (fcntl F_SETOWN and its relatives). The
 * kernel keeps the owner with the stand-in's open description; a copy lies in the
 * record, so that the far end's process can signal him too.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include "bells.h"

void owner_changed(const struct fd_ref *r)
{
	struct f_owner_ex o = { 0 };

	if (sys_call3(SYS_fcntl, r->fd, F_GETOWN_EX, &o) < 0)
		return;
	/* Two words, no order: who changes the owner while a signal is due may
	 * see it go to either. */
	atomic_put_relaxed(&r->s->owner_kind, (uint32_t)o.type);
	atomic_put_relaxed(&r->s->owner_id, (uint32_t)o.pid);
}

void owner_async(const struct fd_ref *r, bool on)
{
	if (on) {
		atomic_set_bits(&r->s->rx_wait, SHM_WAIT_ASYNC);
		atomic_set_bits(&r->s->tx_wait, SHM_WAIT_ASYNC);
		atomic_set_bits(&r->s->flags, (uint32_t)SHM_F_ASYNC);
	} else {
		atomic_clear_bits(&r->s->flags, (uint32_t)SHM_F_ASYNC);
		atomic_clear_bits(&r->s->rx_wait, SHM_WAIT_ASYNC);
		atomic_clear_bits(&r->s->tx_wait, SHM_WAIT_ASYNC);
	}
}

void owner_heard(const struct fd_ref *r)
{
	/* A full stand-in takes no more bells, so no more signals would come. */
	if (atomic_get_acquire(&r->s->rung))
		bells_take(r);
}

void owner_correct(siginfo_t *info)
{
	struct fd_ref r;
	unsigned ready;

	if (info->si_code != POLL_IN || fd_peek(info->si_fd, &r) != FD_SOCKET ||
		!(atomic_get_relaxed(&r.s->flags) & SHM_F_ASYNC) ||
		atomic_get_relaxed(&r.s->state) == SHM_SOCK_LISTEN)
		return;
	ready = sock_ready(&cl.env, r.i, POLLIN | POLLOUT);
	if ((ready & POLLIN) || !(ready & POLLOUT))
		return;
	info->si_code = POLL_OUT;
	info->si_band = POLLOUT | POLLWRNORM | POLLWRBAND; /* Linux's table */
}

void owner_signal(const struct shm_sock *s, int sig)
{
	int32_t id = (int32_t)atomic_get_relaxed(&s->owner_id);

	if (id <= 0)
		return;
	switch (atomic_get_relaxed(&s->owner_kind)) {
	case F_OWNER_TID:
		sys_call2(SYS_tkill, id, sig);
		break;
	case F_OWNER_PID:
		sys_call2(SYS_kill, id, sig);
		break;
	case F_OWNER_PGRP:
		sys_call2(SYS_kill, -id, sig);
		break;
	}
}
