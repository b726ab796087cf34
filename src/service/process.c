/* Processes. What a dead one leaves behind: locks (its slot's generation moves
 * on, so that others may steal them), epoll sets (orphans.c), sockets (the sweep
 * asks the kernel: a descriptor may have gone to another process).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/atomic.h"
#include "host.h"
#include "log.h"
#include "orphans.h"

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77 /* Linux 6.5 */
#endif

struct process {
	struct loop_source src; /* pidfd: readable when it is dead */
	struct loop_deferred deferred;
	struct host *host;
	uint32_t slot;
	pid_t pid; /* 0: not visible from here */
};

static void slot_publish(struct host *h, uint32_t slot, pid_t pid, bool live)
{
	struct shm_proc *p = &h->arena.procs[slot];

	/* Partner: whoever wants to steal a lock looks at gen. */
	p->pid = pid;
	atomic_put_release(&p->gen, h->gens[slot]);
	atomic_put_release(&p->state, live);
}

/* What it had marked for us and not pushed would never be pushed again. */
static void rescue(struct host *h, uint32_t slot, uint32_t gen)
{
	/* All that it did push comes off first. */
	net_poll(h->net, loop_now(h->svc->loop));
	if (shm_stack_rescue_socks(&h->arena, slot, gen))
		net_poll(h->net, loop_now(h->svc->loop));
}

/* --- death ------------------------------------------------------------------------ */

static void process_free(struct loop_deferred *d)
{
	free(LIST_ENTRY(d, struct process, deferred));
}

static void process_forget(struct process *p)
{
	struct host *h = p->host;

	loop_close(h->svc->loop, &p->src);
	h->procs[p->slot] = NULL;
	h->n_procs--;
	loop_defer(h->svc->loop, &p->deferred, process_free);
}

static void process_died(struct process *p)
{
	struct host *h = p->host;
	uint32_t slot = p->slot, gen;

	process_forget(p);
	gen = h->gens[slot]++;
	slot_publish(h, slot, 0, false);
	rescue(h, slot, gen);
	orphans_release(&h->orphans, slot);
	sweep_soon(&h->sweep);
	service_population_changed(h->svc);
}

static void process_ready(struct loop_source *src, uint32_t events)
{
	(void)events;
	process_died(LIST_ENTRY(src, struct process, src));
}

/* --- registration ------------------------------------------------------------------- */

/* The other end's process, named beyond doubt: a pid may be used again between
 * two calls, the descriptor from the socket may not. Its user does not matter
 * here: the control socket has asked for the credentials, the rendezvous for the
 * host's key (a server's worker that has given up root knows it by the arena). */
static int peer_process(int fd, struct ucred *cred)
{
	socklen_t len = sizeof(*cred);
	int pidfd;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, cred, &len) < 0)
		return -errno;
	len = sizeof(pidfd);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &len) == 0)
		return pidfd;
	pidfd = (int)syscall(SYS_pidfd_open, cred->pid, 0);
	return pidfd < 0 ? -errno : pidfd;
}

static bool process_is_dead(const struct process *p)
{
	struct pollfd pfd = { .fd = p->src.fd, .events = POLLIN };

	return poll(&pfd, 1, 0) > 0;
}

static struct process *process_find(struct host *h, pid_t pid)
{
	for (uint32_t i = 1; pid && i < SHM_PROCS; i++) {
		struct process *p = h->procs[i];

		if (!p || p->pid != pid)
			continue;
		if (!process_is_dead(p))
			return p;
		process_died(p); /* the number is another's now */
	}
	return NULL;
}

static uint32_t slot_take(const struct host *h)
{
	for (uint32_t i = 1; i < SHM_PROCS; i++) {
		if (!h->procs[i])
			return i;
	}
	return 0;
}

static struct process *process_new(struct host *h, int pidfd, pid_t pid, int *err)
{
	uint32_t slot = slot_take(h);
	struct process *p;

	*err = slot ? -ENOMEM : -EUSERS;
	p = slot ? calloc(1, sizeof(*p)) : NULL;
	if (!p)
		return NULL;
	p->host = h;
	p->slot = slot;
	p->pid = pid;
	p->src = (struct loop_source){ pidfd, process_ready };
	*err = loop_add(h->svc->loop, &p->src, EPOLLIN);
	if (*err) {
		free(p);
		return NULL;
	}
	h->procs[slot] = p;
	h->n_procs++;
	return p;
}

void process_register(struct host *h, int peer_fd, struct shm_welcome *w)
{
	struct ucred cred;
	int pidfd = peer_process(peer_fd, &cred);
	struct process *p;
	bool again = false;
	uint32_t gen;

	memset(w, 0, sizeof(*w));
	w->status = pidfd < 0 ? pidfd : 0;
	if (pidfd < 0)
		return;
	p = process_find(h, cred.pid);
	if (p) {
		close(pidfd);
		again = true;
	} else {
		p = process_new(h, pidfd, cred.pid, &w->status);
		if (!p) {
			close(pidfd);
			return;
		}
	}
	gen = h->gens[p->slot];
	if (!++h->gens[p->slot])
		h->gens[p->slot] = 1;
	slot_publish(h, p->slot, p->pid, true);
	if (again) /* exec: the program before is as good as dead */
		rescue(h, p->slot, gen);
	w->slot = p->slot;
	w->gen = h->gens[p->slot];
	service_population_changed(h->svc);
}

/* Sends it if the owner is this process, a thread of it or its group. */
static bool signal_if(pid_t pid, uint32_t kind, int32_t id, int sig)
{
	switch (kind) {
	case F_OWNER_TID: /* fails for a thread of others */
		return syscall(SYS_tgkill, pid, id, sig) == 0;
	case F_OWNER_PID:
		return pid == id && kill(pid, sig) == 0;
	case F_OWNER_PGRP:
		return getpgid(pid) == id && kill(-id, sig) == 0;
	}
	return true;
}

void process_signal(const struct host *h, uint32_t kind, int32_t id, int sig)
{
	for (uint32_t i = 1; id > 1 && i < SHM_PROCS; i++) {
		if (h->procs[i] && h->procs[i]->pid > 1 &&
			signal_if(h->procs[i]->pid, kind, id, sig))
			return;
	}
}

void process_forget_all(struct host *h)
{
	for (uint32_t i = 1; i < SHM_PROCS; i++) {
		if (h->procs[i])
			process_forget(h->procs[i]);
	}
}

int32_t process_pid(const struct host *h, uint32_t slot)
{
	return slot < SHM_PROCS && h->procs[slot] ? h->procs[slot]->pid : 0;
}
