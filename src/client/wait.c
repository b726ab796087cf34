/* How a call waits: it spins for a moment, then sleeps in the kernel on the
 * socket's stand-in.
 *
 *	sleeper					the other side
 *	rx_wait (tx_wait) + 1			publishes bytes (or room)
 *	full fence				full fence
 *	looks once more				rx_wait > 0? a byte on the stand-in
 *	sleeps until a byte lies there
 *
 * The byte stays there for whoever else sleeps on the same socket (bells.c). Only a
 * sleeper who woke in vain, or is about to sleep while bytes lie there (`rung`), has
 * them taken out, and then looks again.
 *
 * Signals end a sleep, whenever they came in the call (call.h); with SO_RCVTIMEO
 * or SO_SNDTIMEO it is EINTR always, else SA_RESTART decides.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>

#include "bells.h"
#include "data.h"
#include "spin.h"

#define STEP_NS (2 * NS_PER_MS)

bool sock_is_nonblocking(const struct shm_sock *s)
{
	return atomic_get_relaxed(&s->flags) & SHM_F_NONBLOCK;
}

int64_t wait_deadline(int64_t us)
{
	int64_t now;

	if (us < 0)
		return WAIT_PAST;
	if (us == 0)
		return WAIT_FOREVER;
	now = sys_now_ns();
	return us > (INT64_MAX - now) / NS_PER_US - 1 ? WAIT_FOREVER :
		now + us * NS_PER_US;
}

int64_t wait_look(const struct fd_ref *r, int64_t until)
{
	int64_t at = sock_held_until(&cl.env, r->i);

	return at && at < until ? at : until;
}

struct wish {
	const struct fd_ref *r;
	unsigned want;
	int seen; /* bytes that are not enough; 0: any will do */
	/* While spinning: looks at an end that may be closed, and at the one word. */
	unsigned asked, quick;
	_Atomic uint32_t *tail; /* what will move when it comes; NULL: look at all */
	uint32_t read; /* tail while nothing has come */
};

#define FULL_LOOK 4 /* one look so often is at all that may end a wait */

/* Is what we wait for there? Errors and the end of a connection always count. */
static bool is_granted(const struct wish *w)
{
	unsigned ready = sock_ready(&cl.env, w->r->i, w->want);
	unsigned ends = POLLERR | POLLHUP | POLLNVAL;
	int bytes = 0;

	if (w->seen == 0)
		return ready & (w->want | ends);
	return (ready & (POLLRDHUP | ends)) || (sock_ioctl(&cl.env, w->r->i, FIONREAD,
		&bytes) == 0 && bytes > w->seen);
}

uint32_t wait_other(const struct shm_sock *s, unsigned want)
{
	struct shm_fifo *rx = shm_fifo_at(&cl.arena, atomic_word_get(&s->rx));
	struct shm_fifo *tx = shm_fifo_at(&cl.arena, atomic_word_get(&s->tx));

	/* The other side's words are hints, without partner. */
	if (s->type != SOCK_STREAM)
		return rx && (want & POLLIN) ? atomic_get_relaxed(&rx->w_cpu) : 0;
	if (atomic_get_relaxed(&s->via) != SHM_VIA_LOCAL || !rx || !tx)
		return 0;
	if (want & POLLIN) {
		spin_tell(&rx->r_cpu);
		return atomic_get_relaxed(&rx->w_cpu);
	}
	spin_tell(&tx->w_cpu);
	return atomic_get_relaxed(&tx->r_cpu);
}

/* A close leaves a mark before the kernel makes a hangup of it: then it is asked, at
 * once, as the next look may be a turn of the other side's away; but then only now and
 * then, as each time costs a system call. */
static bool has_hung_up(struct wish *w)
{
	if (w->r->s->type != SOCK_STREAM || !sock_peer_suspect(&cl.env, w->r->i) ||
		w->asked++ % 4 != 0 || !standin_hup(w->r->fd))
		return false;
	standin_gone(w->r);
	return is_granted(w);
}

/* Most looks of a spin are at the one word that moves when what is waited for comes:
 * nothing else ends so many waits. Pairs with the release in fifo_publish(). */
static bool granted(void *what)
{
	struct wish *w = what;

	if (w->tail && atomic_get_acquire(w->tail) != w->read)
		return true;
	if (w->tail && ++w->quick % FULL_LOOK != 0)
		return false;
	return is_granted(what) || has_hung_up(what);
}

/* Is anything in the queue what the wish is for? Who yields between looks looks at all. */
static void look_at_tail(struct wish *w, uint32_t other)
{
	const struct shm_sock *s = w->r->s;
	struct shm_fifo *rx = shm_fifo_at(&cl.arena, atomic_word_get(&s->rx));

	/* An urgent byte may lie there that does not count. */
	if (!spin_elsewhere(other) || !rx || w->want != POLLIN || w->seen != 0 ||
		s->opts.rcvlowat > 1 || atomic_get_relaxed(&rx->urg) != 0)
		return;
	w->read = atomic_get_relaxed(&rx->sh.head); /* ours; no partner */
	w->tail = &rx->sh.tail;
}

/* True: no need to sleep. */
static bool spin_for(struct wish *w, int64_t deadline)
{
	uint32_t other = wait_other(w->r->s, w->want);

	look_at_tail(w, other);
	if (spin_until(granted, w, deadline, other))
		return true;
	/* Another has the descriptor, too: no more of these questions. */
	if (w->asked > 0 && sock_peer_suspect(&cl.env, w->r->i))
		standin_ask(w->r);
	return false;
}

/* --- following a writer ------------------------------------------------------- */

#define GATHER_PAUSES 10	/* between two looks: some hundred ns, a write's time */
#define GATHER_LOOKS 12
#define GATHER_BYTES (16u << 10) /* so much is worth a call */
#define GATHER_REST 16		/* waits, after one that gained nothing */

/* Waits left until the next try. */
static _Thread_local uint32_t gather_rest;

static uint32_t tail_later(struct shm_fifo *rx)
{
	for (int k = 0; k < GATHER_PAUSES; k++)
		atomic_pause();
	return atomic_get_relaxed(&rx->sh.tail); /* a hint; no partner */
}

void wait_gather(const struct fd_ref *r, size_t wanted)
{
	struct shm_fifo *rx = shm_fifo_at(&cl.arena, atomic_word_get(&r->s->rx));
	uint32_t head, tail, first;

	if (!rx)
		return;
	head = atomic_get_relaxed(&rx->sh.head);
	tail = first = atomic_get_relaxed(&rx->sh.tail);
	if (tail - head <= FIFO_NEAR || tail - head >= wanted)
		return;
	if (gather_rest > 0) {
		gather_rest--;
		return;
	}
	for (int k = 0; k < GATHER_LOOKS; k++) {
		uint32_t later = tail_later(rx);

		if (later == tail)
			break;
		tail = later;
		if (tail - head >= wanted || tail - head >= GATHER_BYTES)
			break;
	}
	if (tail == first)
		gather_rest = GATHER_REST;
}

/* --- sleeping ----------------------------------------------------------------- */

bool signals_all_restart(void)
{
	struct {
		uintptr_t handler;
		unsigned long flags;
		uintptr_t restorer;
		uint64_t mask;
	} sa;

	if (client_is_confined())
		return confined_all_restart();
	for (int sig = 1; sig < 65; sig++) {
		if (sys_call4(SYS_rt_sigaction, sig, 0, &sa, SYS_SIGSET_BYTES) == 0 &&
			sa.handler > 1 && !(sa.flags & SA_RESTART))
			return false;
	}
	return true;
}

/* ppoll on the stand-in: 0, or -errno. */
static int sleep_until(int fd, short events, int64_t until)
{
	struct pollfd p = { .fd = fd, .events = events };
	struct timespec t;
	int64_t left = until - sys_now_ns();
	long n;

	if (left < 0)
		left = 0;
	t = (struct timespec){ left / NS_PER_S, left % NS_PER_S };
	n = call_sleep(SYS_ppoll, SYS_ARG(&p), 1, SYS_ARG(&t), 0, SYS_SIGSET_BYTES, 0);
	return n < 0 ? (int)n : 0;
}

/* Bells cannot reach this socket, or too many sleep on it. */
static int sleep_step(const struct fd_ref *r, int64_t deadline)
{
	bool deaf = (atomic_get_relaxed(&r->s->flags) & SHM_F_STANDIN_RDSHUT) ||
		atomic_get_relaxed(&r->s->rung);
	int64_t until = sys_now_ns() + STEP_NS;
	int err;

	if (until > deadline)
		until = deadline;
	if (deaf && standin_hup(r->fd)) {
		struct timespec t = { 0, STEP_NS };

		standin_gone(r);
		err = (int)call_sleep(SYS_nanosleep, SYS_ARG(&t), 0, 0, 0, 0, 0);
	} else {
		err = sleep_until(r->fd, deaf ? 0 : POLLIN, until);
	}
	/* A handler that we did not put off: one that we do not know. */
	if (err == -EINTR && !atomic_get_relaxed(&call_self.wake) &&
		deadline == WAIT_FOREVER && signals_all_restart())
		err = 0;
	return err;
}

/* Until a byte lies there, the far end hangs up (1, if it is known), or a signal. */
static int sleep_inside(const struct fd_ref *r, int64_t deadline)
{
	char c;
	long n;

	if (deadline != WAIT_FOREVER || sock_is_nonblocking(r->s))
		return sleep_until(r->fd, POLLIN, deadline != WAIT_FOREVER ?
			deadline : sys_now_ns() + NS_PER_S);
	n = call_sleep(SYS_recvfrom, r->fd, SYS_ARG(&c), 1, MSG_PEEK, 0, 0);
	/* ECONNRESET: with bells of ours unread. */
	if (r->s->type == SOCK_STREAM && (n == 0 || n == -ECONNRESET))
		return 1;
	/* EAGAIN: made non-blocking meanwhile. The rest shows when bells are taken. */
	return n == -EINTR || n == -EAGAIN ? (int)n : 0;
}

static void leave(const struct fd_ref *const *r)
{
	bells_leave(*r);
}

/* One round of sleep, and the cleaning after it. 0: look again. */
static int sleep_once(const struct wish *w, int64_t deadline)
{
	const struct fd_ref *r = w->r;
	int err = 0;

	if ((atomic_get_relaxed(&r->s->flags) & SHM_F_STANDIN_RDSHUT) ||
		client_is_confined() || !bells_enter(r))
		return sleep_step(r, deadline);
	{
		/* A thread that is cancelled leaves from here. */
		const struct fd_ref *in __attribute__((cleanup(leave))) = r;

		if (is_granted(w))
			return 0;
		/* Bells from before: our own look came after them. */
		if (!atomic_get_acquire(&in->s->rung))
			err = sleep_inside(in, wait_look(in, deadline));
	}
	if (err > 0) {
		standin_gone(r);
		err = 0;
	}
	if (err < 0 || is_granted(w))
		return err;
	err = bells_clear(r, deadline);
	if (err == -ETIMEDOUT && standin_hup(r->fd))
		standin_gone(r);
	return err == -EINTR ? err : 0;
}

static void sleep_ends(struct wish *w)
{
	sock_sleep_end(&cl.env, w->r->i, w->want);
}

static int sleep_for(const struct wish *w, int64_t deadline)
{
	int err = 0;

	while (!is_granted(w) &&
		atomic_get_relaxed(&w->r->s->gen) == w->r->gen) {
		if (deadline != WAIT_FOREVER && sys_now_ns() >= deadline)
			return -EAGAIN;
		err = sleep_once(w, deadline);
		if (err < 0)
			break;
	}
	return err;
}

static int wait_wish(struct wish wish, int64_t deadline)
{
	int err;

	if (spin_for(&wish, deadline))
		return 0;
	sock_sleep_begin(&cl.env, wish.r->i, wish.want);
	{
		/* A thread that is cancelled leaves from here. */
		struct wish asleep __attribute__((cleanup(sleep_ends))) = wish;

		err = sleep_for(&asleep, deadline);
		spin_slept(err == 0);
	}
	/* With a timeout Linux never begins again. */
	return deadline == WAIT_FOREVER ? (int)call_interrupted(err) : err;
}

int wait_for(const struct fd_ref *r, unsigned want, int64_t deadline)
{
	return wait_wish((struct wish){ .r = r, .want = want }, deadline);
}

int wait_for_more(const struct fd_ref *r, int seen, int64_t deadline)
{
	struct wish wish = { .r = r, .want = POLLIN, .seen = seen };
	unsigned ready = sock_ready(&cl.env, r->i, POLLIN);

	/* No more will come. */
	if (ready & (POLLRDHUP | POLLERR | POLLHUP | POLLNVAL))
		return -EAGAIN;
	return wait_wish(wish, deadline);
}
