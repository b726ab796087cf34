/* poll(): our sockets by their records, everything else (listeners included) by
 * the kernel, in one call. While it sleeps, our sockets' stand-ins are in the
 * kernel's set too: a doorbell or a HUP there means "look again". Taking bells out
 * follows the rules of bells.c.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "bells.h"
#include "user.h"
#include "spin.h"

#include <sys/resource.h>

#define SMALL 32	     /* descriptors whose notes fit on the stack */
#define STEP_NS (2 * NS_PER_MS)
#define NOTICE_NS (20 * NS_PER_MS)

enum one_kind { ONE_NATIVE, ONE_SOCKET, ONE_LISTENER, ONE_EPOLL };

struct one {
	struct fd_ref r;
	enum one_kind kind;
	bool inside; /* bells_enter() */
};

struct job {
	struct pollfd *fds; /* the program's */
	struct pollfd *native;
	struct one *ones;
	nfds_t n;
	bool any_native;
	bool stepping; /* some socket cannot wake us: sleep in short steps */
	bool allocated; /* ones and native */
};

static size_t job_bytes(nfds_t n)
{
	return n * (sizeof(struct one) + sizeof(struct pollfd));
}

static void job_fini(struct job *j)
{
	if (j->allocated)
		sys_free(j->ones, job_bytes(j->n));
}

unsigned socket_ready(const struct fd_ref *r, unsigned wanted)
{
	struct timespec zero = { 0, 0 };
	struct pollfd p = { .fd = r->fd, .events = (short)wanted };

	if (atomic_get_relaxed(&r->s->state) == SHM_SOCK_LISTEN)
		return r->fd >= 0 && sys_call5(SYS_ppoll, &p, 1, &zero, 0, 0) == 1 ?
			(unsigned)p.revents : 0;
	if (connect_pending(r))
		return 0;
	if (sock_peer_suspect(&cl.env, r->i))
		standin_ask(r);
	return sock_ready(&cl.env, r->i, wanted);
}

/* How the job sees fds[k]; false: nothing of ours. */
static bool classify(struct job *j, nfds_t k)
{
	struct one *o = &j->ones[k];
	enum fd_kind kind;
	int err;

	o->kind = ONE_NATIVE;
	o->inside = false;
	j->native[k] = j->fds[k];
	j->native[k].revents = 0;
	if (j->fds[k].fd < 0) {
		j->fds[k].revents = 0; /* the kernel may not be asked at all */
		return false;
	}
	kind = fd_lookup_set(j->fds[k].fd, &o->r, &err);
	if (err < 0)
		kind = FD_KERNEL;
	if (kind == FD_EPOLL)
		o->kind = ONE_EPOLL;
	else if (kind == FD_SOCKET)
		o->kind = atomic_get_relaxed(&o->r.s->state) == SHM_SOCK_LISTEN ?
			ONE_LISTENER : ONE_SOCKET;
	if (o->kind != ONE_SOCKET)
		j->any_native = true;
	return o->kind != ONE_NATIVE;
}

static unsigned wanted_of(const struct job *j, nfds_t k)
{
	return (unsigned)(unsigned short)j->fds[k].events;
}

static unsigned bits_of(const struct one *o, unsigned wanted)
{
	return socket_ready(&o->r, wanted) &
		(wanted | POLLERR | POLLHUP | POLLNVAL);
}

/* What the kernel cannot know of a set. */
static bool epoll_look(const struct fd_ref *r)
{
	return epoll_peek_ready(r) ||
		(atomic_get_relaxed(&r->ep->nested) != 0 && epoll_ready(r));
}

/* With what the kernel said when it was asked last. */
static unsigned bits_of_set(const struct job *j, nfds_t k, unsigned wanted)
{
	unsigned got = (unsigned)(unsigned short)j->native[k].revents;

	if ((wanted & POLLIN) && epoll_look(&j->ones[k].r))
		got |= POLLIN | (wanted & POLLRDNORM);
	return got;
}

/* Our own part of the answer; how many have something. */
static int look(struct job *j)
{
	int ready = 0;

	for (nfds_t k = 0; k < j->n; k++) {
		struct one *o = &j->ones[k];
		unsigned wanted = wanted_of(j, k), got = 0;

		if (o->kind == ONE_SOCKET)
			got = bits_of(o, wanted);
		else if (o->kind == ONE_EPOLL)
			got = bits_of_set(j, k, wanted);
		if (o->kind == ONE_SOCKET || o->kind == ONE_EPOLL)
			j->fds[k].revents = (short)got;
		ready += got != 0;
	}
	return ready;
}

/* What the kernel is to watch of one of ours. */
static void prepare_one(struct job *j, nfds_t k)
{
	struct one *o = &j->ones[k];
	uint32_t flags = atomic_get_relaxed(&o->r.s->flags);

	j->native[k].fd = o->r.fd;
	j->native[k].events = POLLIN;
	if (flags & SHM_F_STANDIN_RDSHUT) {
		j->native[k].fd = -1; /* always readable: says nothing */
		j->stepping = true;
	} else if (client_is_confined()) {
		j->stepping |= atomic_get_acquire(&o->r.s->rung);
		j->native[k].events = atomic_get_acquire(&o->r.s->rung) ? 0 : POLLIN;
	} else {
		o->inside = bells_enter(&o->r);
		j->stepping |= !o->inside;
	}
}

static void leave_all(struct job *j)
{
	for (nfds_t k = 0; k < j->n; k++) {
		if (j->ones[k].inside)
			bells_leave(&j->ones[k].r);
		j->ones[k].inside = false;
	}
}

/* Are there bells from before? Without `clear` no more waiting for others to leave:
 * the kernel tells of such a socket only that it hangs up. */
static bool old_bells(struct job *j, bool clear, int64_t deadline)
{
	bool any = false;

	for (nfds_t k = 0; k < j->n; k++) {
		struct one *o = &j->ones[k];

		if (o->kind != ONE_SOCKET || j->native[k].fd < 0 ||
			!atomic_get_acquire(&o->r.s->rung))
			continue;
		if (clear && !any)
			leave_all(j);
		any = true;
		if (clear) {
			bells_clear(&o->r, deadline);
		} else {
			j->native[k].events = 0;
			j->stepping = true;
		}
	}
	return any;
}

/* Inside all, and no old bells there. What waits for others is inside none. */
static void prepare(struct job *j, int64_t deadline)
{
	bool retry = connect_retry_all();

	for (int tries = 0;; tries++) {
		j->stepping = retry;
		for (nfds_t k = 0; k < j->n; k++) {
			if (j->ones[k].kind == ONE_SOCKET)
				prepare_one(j, k);
		}
		if (!old_bells(j, tries < 2 && !client_is_confined(), deadline) ||
			tries == 2)
			break;
	}
}

/* The kernel's answer: of its own descriptors it goes to the program, what it says
 * of stand-ins is news for us. Returns how many of the first. */
static int sort_answer(struct job *j, bool any)
{
	int ready = 0;

	for (nfds_t k = 0; k < j->n; k++) {
		short got = any ? j->native[k].revents : 0;

		if (j->ones[k].kind == ONE_SOCKET) {
			if (got & (POLLHUP | POLLERR))
				standin_gone(&j->ones[k].r);
			continue;
		}
		if (j->ones[k].kind == ONE_EPOLL) {
			if (got && !(j->fds[k].revents & POLLIN) &&
				!epoll_ready(&j->ones[k].r))
				got = 0; /* an old bell */
			j->native[k].revents = got; /* for look() */
			got |= j->fds[k].revents;
		}
		else if (got && j->ones[k].kind == ONE_LISTENER)
			/* It may have been shut down meanwhile. */
			got = (short)bits_of(&j->ones[k], wanted_of(j, k));
		j->fds[k].revents = got;
		ready += got != 0;
	}
	return ready;
}

/* Ask the kernel without waiting. As sort_answer(), or -errno. */
static int ask_now(struct job *j)
{
	struct timespec zero = { 0, 0 };
	long r;

	do {
		r = sys_call5(SYS_ppoll, j->native, j->n, &zero, 0, 0);
	} while (r == -EINTR);
	return r < 0 ? (int)r : sort_answer(j, r > 0);
}

/* Sleep there. */
static int ask_kernel(struct job *j, int64_t until, const sigset_t *mask)
{
	int64_t left = until == WAIT_FOREVER ? 0 : until - sys_now_ns();
	struct timespec t = { 0, 0 };
	long r;

	if (left > 0)
		t = (struct timespec){ left / NS_PER_S, left % NS_PER_S };
	r = call_sleep(SYS_ppoll, SYS_ARG(j->native), (long)j->n, SYS_ARG(
		until == WAIT_FOREVER ? NULL : &t), SYS_ARG(mask),
		SYS_SIGSET_BYTES, 0);
	return r < 0 ? (int)r : sort_answer(j, r > 0);
}

/* Both parts, without waiting. */
static int both(struct job *j, int ours, const sigset_t *mask)
{
	int native;

	if (ours > 0 && !j->any_native)
		return ours;
	/* Linux: what is ready comes before a signal. */
	native = ours == 0 && mask ? ask_kernel(j, 0, mask) : ask_now(j);
	if (native < 0)
		return native;
	ours = 0;
	look(j);
	for (nfds_t k = 0; k < j->n; k++)
		ours += j->fds[k].revents != 0;
	return ours;
}

static bool some_ready(void *job)
{
	return look(job) > 0;
}

static void announce(struct job *j, void (*fn)(struct sock_env *, uint32_t, unsigned))
{
	for (nfds_t k = 0; k < j->n; k++) {
		if (j->ones[k].kind == ONE_SOCKET)
			fn(&cl.env, j->ones[k].r.i, wanted_of(j, k));
	}
}

/* Linux looks a number up anew each time that it looks: another thread may have closed
 * it while we slept. */
static void lost_numbers(struct job *j)
{
	struct fd_ref now;

	for (nfds_t k = 0; k < j->n; k++) {
		struct one *o = &j->ones[k];

		if (o->kind != ONE_SOCKET || (fd_peek(o->r.fd, &now) == FD_SOCKET &&
			now.i == o->r.i && now.gen == o->r.gen))
			continue;
		sock_sleep_end(&cl.env, o->r.i, wanted_of(j, k));
		o->kind = ONE_NATIVE;
		j->any_native = true;
		j->native[k] = j->fds[k];
	}
}

/* Notices of MSG_ZEROCOPY and times of sending come from one's own side: of a stream
 * no bell can. */
static int64_t wait_notices(const struct fd_ref *r, int64_t until)
{
	int64_t at = sys_now_ns() + NOTICE_NS;

	return r->s->type == SOCK_STREAM && at < until &&
		((atomic_word_get(&r->s->kept.bits) & SHM_K_ZEROCOPY) ||
			(atomic_get_relaxed(&r->s->flags) & SHM_F_TX_STAMPS)) ?
		at : until;
}

/* Until when nobody rings, if something may be there all the same. */
static int64_t look_again(const struct job *j, int64_t until)
{
	for (nfds_t k = 0; k < j->n; k++) {
		const struct one *o = &j->ones[k];

		if (o->kind == ONE_SOCKET)
			until = wait_notices(&o->r, wait_look(&o->r, until));
		else if (o->kind == ONE_EPOLL)
			until = epoll_look_again(&o->r, until);
	}
	return until;
}

static int sleep_loop(struct job *j, int64_t deadline, const sigset_t *mask)
{
	int64_t until, now;
	int r;

	for (;;) {
		prepare(j, deadline);
		if (look(j) > 0) {
			spin_slept(true);
			return both(j, 1, mask);
		}
		now = sys_now_ns();
		if (now >= deadline)
			return both(j, 0, mask);
		until = look_again(j, deadline);
		if (j->stepping && deadline - now > STEP_NS)
			until = now + STEP_NS;
		r = ask_kernel(j, until, mask);
		leave_all(j);
		if (r < 0)
			return r;
		lost_numbers(j);
		if (r > 0)
			return both(j, r, mask);
	}
}

static void announce_end(struct job **j)
{
	leave_all(*j);
	announce(*j, sock_sleep_end);
}

/* The other side of the first socket. */
static uint32_t other_of(const struct job *j)
{
	for (nfds_t k = 0; k < j->n; k++) {
		if (j->ones[k].kind == ONE_SOCKET)
			return wait_other(j->ones[k].r.s, wanted_of(j, k));
	}
	return 0;
}

static int run(struct job *j, int64_t deadline, const sigset_t *mask)
{
	int r;

	call_set_mask(mask);
	r = look(j);
	if (r > 0 || deadline == 0)
		return both(j, r, mask);
	if (spin_until(some_ready, j, deadline, other_of(j)))
		return both(j, 1, mask);
	announce(j, sock_sleep_begin);
	{
		/* A thread that is cancelled leaves from here. */
		struct job *asleep __attribute__((cleanup(announce_end))) = j;

		return sleep_loop(asleep, deadline, mask);
	}
}

static int64_t deadline_of(const struct timespec *t)
{
	if (!t)
		return WAIT_FOREVER;
	if (t->tv_sec == 0 && t->tv_nsec == 0)
		return 0;
	if (t->tv_sec > INT32_MAX)
		return WAIT_FOREVER;
	return sys_now_ns() + t->tv_sec * NS_PER_S + t->tv_nsec;
}

static int native_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
	const sigset_t *mask)
{
	struct timespec t;

	if (timeout && !touch_read(timeout, sizeof(*timeout)))
		return -EFAULT;
	if (timeout)
		t = *timeout; /* the kernel lessens it, libc does not show that */
	return (int)sys_call5(SYS_ppoll, fds, n, timeout ? &t : NULL, mask,
		SYS_SIGSET_BYTES);
}

/* Linux refuses more than there could be. Few never are: not worth asking. */
static bool too_many(nfds_t n)
{
	struct rlimit r;

	return n > SMALL && sys_call4(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, &r) == 0 &&
		n > r.rlim_cur;
}

int client_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
	const sigset_t *mask)
{
	struct one small_ones[SMALL];
	struct pollfd small_native[SMALL];
	struct job j __attribute__((cleanup(job_fini))) = { .fds = fds,
		.native = small_native, .ones = small_ones, .n = n };
	bool ours = false;
	int r;

	if (!client_configured() || n > (1u << 20) || !fds ||
		(timeout && !touch_read(timeout, sizeof(*timeout))) ||
		(mask && !touch_read(mask, SYS_SIGSET_BYTES)) ||
		!user_writes(fds, n * sizeof(*fds), SIZE_MAX) || (timeout &&
		(timeout->tv_nsec < 0 || timeout->tv_nsec >= NS_PER_S ||
		timeout->tv_sec < 0)))
		return native_ppoll(fds, n, timeout, mask);
	if (too_many(n))
		return -EINVAL;
	if (n > SMALL) {
		j.ones = sys_alloc(job_bytes(n));
		if (!j.ones)
			return -ENOMEM;
		j.allocated = true;
		j.native = (struct pollfd *)(void *)(j.ones + n);
	}
	for (nfds_t k = 0; k < n; k++)
		ours |= classify(&j, k);
	if (!ours)
		return native_ppoll(fds, n, timeout, mask);
	(void)CALL(r, run(&j, deadline_of(timeout), mask));
	return r;
}
