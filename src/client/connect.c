/* connect(): to a listener of the same host, or through the service.
 *
 * On the same host the kernel's own backlog of the listener's stand-in limits us.
 * When it is full a blocking connect() sleeps natively until there is room, or for as
 * long as Linux sends SYNs. A
 * non-blocking one is put on a short list (as is a blocking one that a signal
 * interrupts) and reports EINPROGRESS; every later call of this process that
 * looks at the socket tries again, and calls that wait for anything while the list
 * is not empty wake up every CONNECT_STEP_NS. So it stands for the SYN that Linux
 * would send again, and after as long it gives up with ETIMEDOUT.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "data.h"
#include "user.h"
#include "netlink.h"
#include "sock/fastopen.h"
#include "syntime.h"

#define REFUSED_TRIES 64	       /* dead listeners in the way */
#define PENDING_MAX 256		       /* of one process */

struct pending {
	uint32_t i, gen; /* i 0: free entry */
	int fd;
	socklen_t len;
	int64_t since; /* on Linux its first SYN */
	struct sockaddr_storage sa;
};

static struct pending pendings[PENDING_MAX];
static _Atomic uint32_t n_pending;
static _Atomic uint32_t pending_busy; /* a lock that nobody waits for long */

static bool pending_lock(void)
{
	uint32_t none = 0;

	/* Pairs with pending_unlock(). A holder died only with the process, or is not
	 * in this one (connect_forked()). */
	for (int tries = 0; !atomic_cas(&pending_busy, &none, 1); tries++) {
		if (tries > 10000)
			return false;
		none = 0;
		sys_call0(SYS_sched_yield);
	}
	return true;
}

static void pending_unlock(void)
{
	atomic_put_release(&pending_busy, 0);
}

void connect_forked(void)
{
	atomic_put_relaxed(&pending_busy, 0);
}

static struct pending *pending_find(uint32_t i, uint32_t gen)
{
	for (int k = 0; k < PENDING_MAX; k++) {
		if (pendings[k].i == i && pendings[k].gen == gen)
			return &pendings[k];
	}
	return NULL;
}

static void pending_drop(struct pending *p)
{
	p->i = p->gen = 0;
	atomic_sub(&n_pending, 1);
}

void connect_forget(const struct fd_ref *r)
{
	struct pending *p;

	if (atomic_get_relaxed(&n_pending) == 0 || !pending_lock())
		return;
	p = pending_find(r->i, r->gen);
	if (p)
		pending_drop(p);
	pending_unlock();
}

static int pending_add(const struct fd_ref *r, const struct sockaddr *sa,
	socklen_t len, int64_t since)
{
	struct pending *p;

	if (len > sizeof(p->sa) || !pending_lock())
		return -EAGAIN;
	p = pending_find(0, 0);
	if (p) {
		memset(p, 0, sizeof(*p));
		memcpy(&p->sa, sa, len);
		p->len = len;
		p->fd = r->fd;
		p->since = since;
		p->i = r->i;
		p->gen = r->gen;
		atomic_add(&n_pending, 1);
	}
	pending_unlock();
	return p ? -EINPROGRESS : -EAGAIN;
}

struct attempt {
	const struct fd_ref *r;
	uint32_t listener, embryo;
	bool open;
};

/* A thread that is cancelled while it sleeps for room in a backlog. */
static void attempt_given_up(struct attempt *a)
{
	if (a->open)
		sock_connect_undo(&cl.env, a->r->i, a->listener, a->embryo, false);
}

/* How long the stand-in may wait for room in a backlog: it keeps that, as nothing else
 * that is done with it waits. True: as long as Linux sends SYNs. */
static bool limit_sleep(const struct fd_ref *r)
{
	int64_t us = r->s->opts.sndtimeo_us, all = syn_time_ns(&r->s->opts) / 1000;
	bool whole = us == 0 || us >= all;
	struct timeval t = { .tv_usec = 1 }; /* below 0: not at all */

	if (whole)
		us = all;
	if (us > 0)
		t = (struct timeval){ us / 1000000, us % 1000000 };
	sys_call5(SYS_setsockopt, r->fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
	return whole;
}

static int connect_native(const struct fd_ref *r, uint32_t listener, uint32_t embryo,
	bool may_sleep)
{
	struct attempt a __attribute__((cleanup(attempt_given_up))) = { r,
		listener, embryo, true };
	const struct shm_sock *l = shm_sock_at(&cl.arena, listener);
	bool whole = may_sleep && limit_sleep(r);
	int err = standin_connect(r->fd, listener, l ? atomic_get_relaxed(&l->gen) : 0,
		may_sleep);

	a.open = false;
	return err == -EAGAIN && whole ? -ETIMEDOUT : err;
}

/* The stand-in meets its other end, and says for whom it is. */
static int join(const struct fd_ref *r, uint32_t listener, uint32_t embryo,
	bool may_sleep)
{
	const struct shm_sock *em = shm_sock_at(&cl.arena, embryo);
	struct shm_sock *l = shm_sock_at(&cl.arena, listener);
	int err;

	if (connect_is_deferred(embryo))
		return connect_silent(r);
	data_tell_place(r->s);
	err = connect_native(r, listener, embryo, may_sleep);
	if (err < 0)
		return err;
	/* A hint for who spins; pairs with has_arrived(). Before the hello, which takes
	 * less time than the kernel's accept(). */
	if (l)
		atomic_add(&l->arrived, 1);
	/* If the listener closes in between: the HUP will tell. */
	standin_hello(r->fd, SHM_HELLO_ACCEPT, embryo, atomic_get_relaxed(&em->gen));
	return 0;
}

/* One try at listeners of this host; -EAGAIN: backlog full. */
static int connect_local(struct fd_ref *r, const struct sockaddr *sa,
	socklen_t len, uint32_t listener, uint32_t embryo, bool may_sleep)
{
	enum sock_route route;
	int err = -ECONNREFUSED;

	for (int tries = 0; tries < REFUSED_TRIES; tries++) {
		err = join(r, listener, embryo, may_sleep);
		if (err == 0) {
			sock_connect_done(&cl.env, r->i, embryo);
			return 0;
		}
		sock_connect_undo(&cl.env, r->i, listener, embryo,
			err == -ECONNREFUSED);
		/* The stand-in has served before: as a listener's, or to the
		 * service. */
		if (err == -EISCONN || err == -EINVAL) {
			err = standin_renew(r, 0);
			if (err < 0)
				return err;
		} else if (err != -ECONNREFUSED) {
			return err;
		}
		err = sock_connect_begin(&cl.env, r->i, sa, len, &route,
			&listener, &embryo);
		if (err != 0 || route != SOCK_ROUTE_LOCAL)
			return err < 0 ? err : -ECONNREFUSED;
	}
	return err;
}

static int connect_net(const struct fd_ref *r)
{
	int err = standin_connect_service(r->fd);

	if (err == -EISCONN) {
		/* After one that failed: the service still has its end. */
		if (sock_want_service(&cl.env, r->i))
			standin_ring(r);
		return 0;
	}
	if (err == 0)
		err = standin_hello(r->fd, SHM_HELLO_CONNECT, r->i, r->gen);
	if (err < 0)
		sock_fail(&cl.env, r->i, ENETDOWN, true);
	return err < 0 ? -ENETDOWN : 0;
}

/* To itself: the service's end gives the stand-in its own bells back. */
static int connect_self(const struct fd_ref *r)
{
	int err = standin_connect_service(r->fd);

	if (err == 0)
		err = standin_hello(r->fd, SHM_HELLO_SELF, r->i, r->gen);
	if (err < 0) {
		sock_fail(&cl.env, r->i, ENETDOWN, true);
		return -ENETDOWN;
	}
	sock_connect_done(&cl.env, r->i, 0);
	return 0;
}

/* A connection through the service is under way: wait for its end; `late`: what to say
 * when SO_SNDTIMEO's time is over first (Linux: inet_stream_connect()). */
static int await_result(const struct fd_ref *r, int late)
{
	int64_t deadline = wait_deadline(r->s->opts.sndtimeo_us);
	int err;

	for (;;) {
		err = sock_connect_result(&cl.env, r->i);
		if (err != -EALREADY && err != -EINPROGRESS)
			return err;
		err = wait_for(r, POLLOUT, deadline);
		if (err == -EAGAIN)
			return late;
		if (err < 0)
			return err;
	}
}

/* Linux: with SO_SNDTIMEO it does not begin again. */
static int interrupted(const struct fd_ref *r)
{
	return r->s->opts.sndtimeo_us > 0 ? -EINTR : (int)call_interrupted(-EINTR);
}

/* A further call while the first is still on the list. */
static int again(const struct fd_ref *r)
{
	int64_t deadline = wait_deadline(r->s->opts.sndtimeo_us);
	struct timespec step = { 0, CONNECT_STEP_NS };

	if (sock_is_nonblocking(r->s))
		return connect_pending(r) ? -EALREADY : sock_connect_result(
			&cl.env, r->i);
	while (connect_pending(r)) {
		if (sys_now_ns() >= deadline)
			return -EALREADY;
		if (call_sleep(SYS_nanosleep, SYS_ARG(&step), 0, 0, 0, 0, 0) ==
			-EINTR)
			return interrupted(r);
	}
	return sock_connect_result(&cl.env, r->i);
}

static bool is_pending(const struct fd_ref *r)
{
	bool found;

	if (atomic_get_relaxed(&n_pending) == 0 || !pending_lock())
		return false;
	found = pending_find(r->i, r->gen) != NULL;
	pending_unlock();
	return found;
}

/* Linux tells a non-blocking caller nothing at once, on loopback either. */
static int nonblocking_result(const struct fd_ref *r, int err)
{
	if (err == 0)
		return -EINPROGRESS;
	if (err == -ECONNREFUSED) {
		sock_fail(&cl.env, r->i, ECONNREFUSED, true);
		return -EINPROGRESS;
	}
	return err;
}

/* The error is told: the socket is as before, or as connect() undid it. */
static int refused(const struct fd_ref *r, int err)
{
	if (err == -ECONNREFUSED)
		sock_connect_undo(&cl.env, r->i, 0, 0, false);
	return err;
}

/* connect(AF_UNSPEC): Linux's tcp_disconnect(). */
static int disconnect(struct fd_ref *r)
{
	uint32_t state = atomic_get_relaxed(&r->s->state);
	bool waiting = is_pending(r);

	connect_forget(r);
	if (state == SHM_SOCK_OPEN) {
		if (waiting) /* Linux's SYN_SENT */
			sock_fail(&cl.env, r->i, ECONNRESET, false);
		atomic_clear_bits(&r->s->flags,
			(uint32_t)(SHM_F_RDSHUT | SHM_F_WRSHUT));
		return 0;
	}
	return standin_renew(r, state == SHM_SOCK_CONNECTED ||
		state == SHM_SOCK_CONNECTING ? ECONNRESET : 0);
}

bool connect_break_off(struct fd_ref *r, int *err)
{
	if (r->s->type != SOCK_STREAM || (!is_pending(r) &&
		atomic_get_relaxed(&r->s->state) != SHM_SOCK_CONNECTING))
		return false;
	*err = disconnect(r);
	return true;
}

/* The service hears of it, perhaps with bytes for the SYN, or later. */
static int start_net(const struct fd_ref *r, struct connect_early *early)
{
	if (early)
		early->done = sock_fastopen_ask(&cl.env, r->i, early->iov, early->n,
			!early->nonblock);
	else if (sock_fastopen_defers(&cl.env, r->i))
		return 1;
	return connect_net(r);
}

/* early: of a send, with fast open; NULL: of connect(). */
static int connect_stream(struct fd_ref *r, const struct sockaddr *sa,
	socklen_t len, struct connect_early *early)
{
	bool nonblock = early ? early->nonblock : sock_is_nonblocking(r->s);
	uint32_t state = atomic_get_relaxed(&r->s->state);
	enum sock_route route;
	uint32_t listener, embryo;
	int64_t begun;
	int err;

	if (len >= sizeof(sa->sa_family) && sa->sa_family == AF_UNSPEC)
		return disconnect(r);
	if (is_pending(r))
		return again(r);
	if (state == SHM_SOCK_DEAD && atomic_get_relaxed(&r->s->via) ==
		SHM_VIA_LOCAL && !(atomic_get_relaxed(&r->s->flags) &
		SHM_F_CONN_DONE)) {
		/* It had come through, was never told, and has been reset. */
		err = sock_connect_result(&cl.env, r->i);
		standin_renew(r, 0);
		return err;
	}
	if (state == SHM_SOCK_OPEN && standin_was_listener(r->s)) {
		err = standin_renew(r, 0);
		if (err < 0)
			return err;
	}
	if (state == SHM_SOCK_CONNECTING && !sock_fastopen_waits(r->s))
		return nonblock ? sock_connect_result(&cl.env, r->i) :
			await_result(r, -EALREADY);
	err = sock_connect_begin(&cl.env, r->i, sa, len, &route, &listener,
		&embryo);
	if (err > 0)
		return 0; /* told now */
	/* Of a connection that failed before this call only the end is told. */
	if (err < 0)
		return nonblock && state != SHM_SOCK_DEAD ?
			nonblocking_result(r, err) : refused(r, err);
	if (route == SOCK_ROUTE_NET) {
		err = start_net(r, early);
		if (err != 0) /* or put off */
			return err < 0 ? err : 0;
		return nonblock ? -EINPROGRESS : await_result(r, -EINPROGRESS);
	}
	begun = sys_now_ns();
	err = route == SOCK_ROUTE_SELF ? connect_self(r) :
		connect_local(r, sa, len, listener, embryo, !nonblock);
	if (err == -EAGAIN || err == -EINTR) { /* also with SO_SNDTIMEO */
		bool signal = err == -EINTR;

		err = pending_add(r, sa, len, begun);
		return signal && err == -EINPROGRESS ? interrupted(r) : err;
	}
	if (nonblock)
		return nonblocking_result(r, err);
	return err < 0 ? refused(r, err) : sock_connect_result(&cl.env, r->i);
}

/* Try a waiting one again; true while it waits. Under the lock. */
static bool retry(struct pending *p)
{
	struct fd_ref r = { .fd = p->fd, .i = p->i, .gen = p->gen };
	enum sock_route route;
	uint32_t listener, embryo, state;
	bool over;
	int err;

	r.s = shm_sock_at(&cl.arena, p->i);
	if (!r.s || atomic_get_relaxed(&r.s->gen) != p->gen) {
		pending_drop(p);
		return false;
	}
	over = sys_now_ns() - p->since >= syn_time_ns(&r.s->opts);
	/* Acquire: pairs with sock_connect_begin()'s. Another process of the same fork
	 * may be at it, or have done it: that result is not ours to touch. */
	state = atomic_get_acquire(&r.s->state);
	if (state == SHM_SOCK_CONNECTING && !over)
		return true;
	if (state != SHM_SOCK_OPEN) {
		pending_drop(p);
		return false;
	}
	err = over ? -ETIMEDOUT : sock_connect_begin(&cl.env, r.i,
		(struct sockaddr *)&p->sa, p->len, &route, &listener, &embryo);
	if (err == 0 && route == SOCK_ROUTE_NET) { /* by packets since */
		pending_drop(p);
		connect_net(&r); /* which tells its failure */
		return false;
	}
	if (err == 0) {
		long mode = sys_call3(SYS_fcntl, r.fd, F_GETFL, 0);

		/* A blocking one that a signal interrupted: its descriptor must
		 * not block here. */
		if (!(mode & SOCK_NONBLOCK))
			sys_call3(SYS_fcntl, r.fd, F_SETFL,
				mode | SOCK_NONBLOCK);
		err = connect_local(&r, (struct sockaddr *)&p->sa, p->len,
			listener, embryo, false);
		if (!(mode & SOCK_NONBLOCK))
			sys_call3(SYS_fcntl, r.fd, F_SETFL, mode);
	}
	if (err == -EAGAIN || err == -EINTR || err == -EALREADY)
		return true;
	pending_drop(p);
	if (err < 0 && err != -EISCONN)
		sock_fail(&cl.env, r.i, -err, true);
	sock_notify(&cl.env, r.i, POLLOUT | POLLIN);
	return false;
}

bool connect_pending(const struct fd_ref *r)
{
	struct pending *p;
	bool waiting;

	if (atomic_get_relaxed(&n_pending) == 0 || !pending_lock())
		return false;
	p = pending_find(r->i, r->gen);
	waiting = p && retry(p);
	pending_unlock();
	return waiting;
}

bool connect_retry_all(void)
{
	bool waiting = false;

	if (atomic_get_relaxed(&n_pending) == 0)
		return false;
	if (!pending_lock())
		return true;
	for (int k = 0; k < PENDING_MAX; k++) {
		if (pendings[k].i != 0)
			waiting |= retry(&pendings[k]);
	}
	pending_unlock();
	return waiting;
}

static int connect_ours(struct fd_ref *r, const struct sockaddr *sa,
	socklen_t len)
{
	int err;

	if (!user_reads(sa, len, sizeof(struct sockaddr_storage)))
		return -EFAULT;
	if (r->s->type == SOCK_STREAM)
		return connect_stream(r, sa, len, NULL);
	err = sock_dgram_connect(&cl.env, r->i, sa, len);
	if (err == 0 && (atomic_get_relaxed(&r->s->flags) & SHM_F_BOUND))
		err = standin_name(r->fd, r->s, r->i);
	return err;
}

/* A connection that waited for its first bytes: its SYN goes now. */
static int connect_waiting(const struct fd_ref *r, struct connect_early *early)
{
	int err;

	sock_fastopen_go(r->s);
	err = start_net(r, early);
	if (err < 0)
		return err;
	return early->nonblock ? -EINPROGRESS : await_result(r, -EINPROGRESS);
}

int connect_fast(const struct fd_ref *r, const struct sockaddr *sa, socklen_t len,
	struct connect_early *early)
{
	struct fd_ref own = *r; /* it may be renewed */
	int err = sock_fastopen_check(&cl.env, sa, len);

	if (err < 0)
		return err;
	if (sock_fastopen_waits(r->s))
		err = connect_waiting(r, early);
	else if (!sa) /* Linux: tcp_v4_connect() of no name */
		err = connect_stream(&own, (const struct sockaddr *)&(sa_family_t){
			AF_INET }, sizeof(sa_family_t), early);
	else
		err = connect_stream(&own, sa, len, early);
	return err == -EINPROGRESS && early->done > 0 ? 0 : err;
}

int client_connect(int fd, const struct sockaddr *sa, socklen_t len)
{
	struct fd_ref r;
	int err, done;

	do {
		if (fd_lookup(fd, &r, &err) != FD_SOCKET)
			return fd_is_netlink(fd) ? netlink_connect(fd, sa, len) :
				(int)sys_call3(SYS_connect, fd, sa, len);
	} while (CALL(done, err < 0 ? err : connect_ours(&r, sa, len)));
	return done;
}
