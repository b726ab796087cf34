/* The error queue (sock/report.h): a queue of messages like those of datagrams,
 * filled by whoever meets the error (the service, or the sender itself), read by
 * recvmsg(MSG_ERRQUEUE). Linux: sock_queue_err_skb(), ip_recv_error(),
 * ipv6_recv_error().
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sock/report.h"

#include <poll.h>
#include <string.h>
#include <time.h>

#include <linux/errqueue.h>

#include "control.h"

#define QUEUE_BYTES (1u << 16)
#define ERROR_EVENTS (POLLERR | POLLPRI)

/* --- putting --- */

/* The queue's fifo, made with the first report; 0 none left. */
static uint32_t queue_of(struct sock_env *e, struct shm_sock *s)
{
	uint32_t i = atomic_get_acquire(&s->eq), none = 0, mine;

	if (i)
		return i;
	mine = shm_fifo_take(e->arena, QUEUE_BYTES);
	/* Release: the fifo is ready; pairs with the acquire above. */
	if (mine && !atomic_cas(&s->eq, &none, mine)) {
		shm_fifo_free(e->arena, mine);
		mine = none; /* another was faster */
	}
	if (mine)
		atomic_set_bits(&s->flags, SHM_F_REPORTS);
	return mine;
}

/* err: the pending error that comes with it, 0 none. The newest counts. It is set
 * first, so that who takes the report has done with it, too; who sees it before the
 * report is there waits for w_lock (take_any()). */
static bool put(struct sock_env *e, uint32_t i, const struct shm_msg *m,
	const struct span *payload, unsigned n, uint32_t err)
{
	struct shm_sock *s = sock_live(e, i);
	uint32_t eq = s ? queue_of(e, s) : 0;
	struct shm_fifo *f = shm_fifo_at(e->arena, eq);
	bool locked = f && shm_lock_acquire(e->arena, &f->w_lock);
	struct fifo_end w;
	int r;

	/* Pairs with the swap in sock_take_error(). */
	if (s && err)
		atomic_put_release(&s->so_error, err);
	if (!locked)
		return false;
	r = shm_fifo_writer(e->arena, eq, &w);
	if (r == 0)
		r = shm_msgq_put(&w, QUEUE_BYTES, m, payload, n);
	shm_lock_release(e->arena, &f->w_lock);
	return r == 0 && sock_notify(e, i, ERROR_EVENTS);
}

bool sock_report_put(struct sock_env *e, uint32_t i, const struct shm_msg *m,
	const struct span *payload, unsigned n)
{
	return put(e, i, m, payload, n, 0);
}

bool sock_report_waits(const struct sock_env *e, const struct shm_sock *s)
{
	/* Pairs with the CAS in queue_of() and with the writer's release. */
	uint32_t eq = atomic_get_acquire(&((struct shm_sock *)s)->eq), head;
	struct shm_fifo *f = eq ? shm_fifo_at(e->arena, eq) : NULL;

	if (sock_zerocopy_waits(s))
		return true;
	if (!f)
		return false;
	head = atomic_get_acquire(&f->sh.head);
	return atomic_get_acquire(&f->sh.tail) != head;
}

static bool is_icmp(const struct shm_msg *m)
{
	return m->origin == SO_EE_ORIGIN_ICMP || m->origin == SO_EE_ORIGIN_ICMP6;
}

bool sock_dgram_error(struct sock_env *e, uint32_t i, const struct shm_msg *m,
	bool hard, const struct span *payload, unsigned n)
{
	struct shm_sock *s = sock_live(e, i);
	bool asked, ring = false;

	if (!s)
		return false;
	asked = m->dst.family == IP_V4 ?
		sock_once(&s->opts.ip_bits) & SHM_IP_RECVERR :
		sock_once(&s->opts.ip6_bits) & SHM_IP6_RECVERR;
	/* RFC 1122 4.1.3.3, as __udp4_lib_err() has it. */
	if (!asked && (!hard || !sock_is_paired(s)))
		return false;
	if (asked)
		ring = put(e, i, m, payload, n, m->err);
	else
		atomic_put_release(&s->so_error, m->err);
	return sock_notify(e, i, POLLERR) || ring;
}

void sock_report_local(struct sock_env *e, uint32_t i, const struct shm_addr *to,
	int err, uint32_t info)
{
	const struct shm_msg m = { .dst = *to, .err = (uint32_t)err,
		.origin = SO_EE_ORIGIN_LOCAL, .info = info };
	struct shm_sock *s = sock_at(e, i);
	bool asked = to->family == IP_V4 ?
		sock_once(&s->opts.ip_bits) & SHM_IP_RECVERR :
		sock_once(&s->opts.ip6_bits) & SHM_IP6_RECVERR;

	if (asked)
		sock_report_put(e, i, &m, NULL, 0);
}

/* --- taking --- */

/* What remains decides the pending error (Linux: sock_dequeue_err_skb()). */
static void settle_error(struct shm_sock *s, const struct shm_msg *taken,
	const struct shm_msg *next)
{
	if (next && is_icmp(next))
		atomic_put_release(&s->so_error, next->err);
	else if (is_icmp(taken))
		atomic_put_release(&s->so_error, 0);
}

/* Under r_lock: the first report; -EAGAIN there is none. *more: another waits. */
static ssize_t take_first(const struct sock_env *e, struct shm_sock *s,
	uint32_t eq, struct shm_fifo *f, const struct iovec *iov, int n,
	struct shm_msg *m, bool *more)
{
	size_t room = sock_iov_total(iov, n);
	struct shm_msg next;
	struct fifo_end r;
	uint32_t len;
	int found;

	*more = false;
	if (shm_fifo_reader(e->arena, eq, &r) < 0)
		return -EAGAIN;
	found = shm_msgq_peek(&r, m);
	if (found < 0)
		/* Scribbled over: forget what is there. */
		atomic_put_release(&f->sh.head, atomic_get_acquire(&f->sh.tail));
	if (found != 1)
		return -EAGAIN;
	len = m->len < room ? m->len : (uint32_t)room;
	sock_msg_scatter(&r, 0, len, iov, n);
	shm_msgq_drop(&r, m);
	*more = shm_msgq_peek(&r, &next) == 1;
	settle_error(s, m, *more ? &next : NULL);
	return len;
}

static ssize_t take_now(const struct sock_env *e, struct shm_sock *s,
	const struct iovec *iov, int n, struct shm_msg *m, bool *more)
{
	/* Pairs with the CAS in queue_of(). */
	uint32_t eq = atomic_get_acquire(&s->eq);
	struct shm_fifo *f = shm_fifo_at(e->arena, eq);
	ssize_t len;

	*more = false;
	if (!f || !shm_lock_acquire(e->arena, &f->r_lock))
		return -EAGAIN;
	len = take_first(e, s, eq, f, iov, n, m, more);
	shm_lock_release(e->arena, &f->r_lock);
	return len;
}

/* The error may be there an instant before its report. */
static ssize_t take_any(const struct sock_env *e, struct shm_sock *s,
	const struct iovec *iov, int n, struct shm_msg *m, bool *more)
{
	ssize_t len = take_now(e, s, iov, n, m, more);
	struct shm_fifo *f;

	/* Pairs with the release in put(): the queue is there by then. */
	if (len >= 0 || atomic_get_acquire(&s->so_error) == 0)
		return len;
	f = shm_fifo_at(e->arena, atomic_get_acquire(&s->eq));
	if (!f || !shm_lock_acquire(e->arena, &f->w_lock))
		return len;
	shm_lock_release(e->arena, &f->w_lock);
	return take_now(e, s, iov, n, m, more);
}

union offender {
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* Who complains, if an ICMP message did. */
static void fill_offender(const struct shm_sock *s, const struct shm_msg *m,
	union offender *out)
{
	socklen_t len = s->family == IP_V4 ? sizeof(out->in) : sizeof(out->in6);
	struct shm_addr who = m->src;

	*out = (union offender){ 0 };
	if (!is_icmp(m) || who.family == IP_NONE)
		return;
	who.port = 0;
	sock_present(s, &who, (struct sockaddr *)out, &len);
}

static void give_control(struct sock_env *e, struct shm_sock *s,
	const struct shm_msg *m, struct msghdr *control, int *msg_flags)
{
	struct control_out o = control_begin(control);
	struct {
		struct sock_extended_err ee;
		union offender offender;
	} h = { .ee = { .ee_errno = m->err, .ee_origin = m->origin,
			.ee_type = m->type, .ee_code = m->code,
			.ee_info = m->info, .ee_data = m->data } };
	bool v4 = s->family == IP_V4;

	control_put_socket(e, s, m, &o);
	fill_offender(s, m, &h.offender);
	if (is_icmp(m) && v4)
		control_put_ip(e, s, m, &o);
	else if (is_icmp(m))
		control_put_ip6(e, s, m, &o);
	control_put(&o, v4 ? IPPROTO_IP : IPPROTO_IPV6,
		v4 ? IP_RECVERR : IPV6_RECVERR, &h,
		sizeof(h.ee) + (v4 ? sizeof(h.offender.in) :
				     sizeof(h.offender.in6)));
	control_end(&o, control, msg_flags);
}

/* Linux: ipv4_datagram_support_addr(), and its sister. */
static bool names_peer(const struct shm_msg *m)
{
	return m->dst.family != IP_NONE &&
		(m->dst.port || m->origin == SO_EE_ORIGIN_LOCAL ||
			m->origin == SO_EE_ORIGIN_ICMP ||
			m->origin == SO_EE_ORIGIN_ICMP6);
}

ssize_t sock_report_take(struct sock_env *e, uint32_t i, const struct iovec *iov,
	int n, struct sockaddr *from, socklen_t *fromlen, struct msghdr *control,
	int *msg_flags)
{
	struct shm_sock *s = sock_live(e, i);
	struct shm_msg m;
	bool more = false;
	ssize_t len;

	if (!s)
		return -EBADF;
	len = take_any(e, s, iov, n, &m, &more);
	if (len < 0) {
		if (!sock_zerocopy_take(s, &m))
			return len;
		len = 0;
	}
	if (more)
		sock_notify(e, i, ERROR_EVENTS);
	if (from && fromlen && names_peer(&m))
		sock_present(s, &m.dst, from, fromlen);
	else if (fromlen)
		*fromlen = 0;
	*msg_flags |= MSG_ERRQUEUE;
	if ((uint32_t)len < m.len)
		*msg_flags |= MSG_TRUNC;
	give_control(e, s, &m, control, msg_flags);
	return len;
}

void sock_report_pathmtu(struct sock_env *e, uint32_t i, const struct shm_addr *to,
	uint32_t mtu)
{
	struct shm_sock *s = sock_at(e, i);

	if (!(sock_once(&s->opts.ip6_bits) & SHM_IP6_PATHMTU))
		return;
	s->pathmtu_to = *to;
	/* Pairs with the swap in sock_report_take_pathmtu(). */
	atomic_put_release(&s->pathmtu, mtu);
}

bool sock_report_take_pathmtu(struct shm_sock *s, struct sockaddr *from,
	socklen_t *fromlen, struct msghdr *control, int *msg_flags)
{
	struct control_out o = control_begin(control);
	struct ip6_mtuinfo info = { 0 };
	socklen_t len = sizeof(info.ip6m_addr);
	struct shm_addr to;

	if (atomic_get_relaxed(&s->pathmtu) == 0)
		return false;
	info.ip6m_mtu = atomic_swap(&s->pathmtu, 0);
	if (info.ip6m_mtu == 0)
		return false;
	to = s->pathmtu_to;
	to.port = 0;
	sock_present(s, &to, (struct sockaddr *)&info.ip6m_addr, &len);
	if (from && fromlen)
		sock_present(s, &to, from, fromlen);
	control_put(&o, IPPROTO_IPV6, IPV6_PATHMTU, &info, sizeof(info));
	control_end(&o, control, msg_flags);
	return true;
}

void sock_report_purge(struct sock_env *e, struct shm_sock *s)
{
	uint32_t eq = atomic_get_acquire(&s->eq);
	struct shm_fifo *f = shm_fifo_at(e->arena, eq);

	if (!f || !shm_lock_acquire(e->arena, &f->r_lock))
		return;
	/* As a reader who took them all. */
	atomic_put_release(&f->sh.head, atomic_get_acquire(&f->sh.tail));
	shm_lock_release(e->arena, &f->r_lock);
}
