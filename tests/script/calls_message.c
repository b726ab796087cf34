/* Sending and receiving of a script. SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>

#include "sock/fastopen.h"
#include "sock/report.h"

#define CONTROL_BYTES 1024

/* One of these calls, with all that the shapes of it may give. */
struct transfer {
	struct play_fd *f;
	struct iovec iov[CALL_IOV_MAX];
	int n, flags;
	struct sockaddr_storage name;
	socklen_t namelen;
	struct msghdr *control; /* or NULL */
	int msg_flags;		/* recvmsg() shows them */
	const struct script_value *text; /* what is to be read, or NULL */
};

static bool is_stream(struct call *c, const struct play_fd *f)
{
	return shm_sock_at(&c->p->host.arena, f->sock)->type == SOCK_STREAM;
}

/* What is left of iov when n bytes of it are done. */
static int rest_of(const struct iovec *iov, int n, size_t skip, struct iovec *out)
{
	int left = 0;

	for (int k = 0; k < n; k++) {
		size_t gone = skip < iov[k].iov_len ? skip : iov[k].iov_len;

		skip -= gone;
		if (iov[k].iov_len == gone && gone)
			continue;
		out[left++] = (struct iovec){ (char *)iov[k].iov_base + gone,
			iov[k].iov_len - gone };
	}
	return left;
}

static size_t length_of(const struct transfer *t)
{
	size_t n = 0;

	for (int k = 0; k < t->n; k++)
		n += t->iov[k].iov_len;
	return n;
}

/* The bytes may be touched: what the client finds out for a program (EFAULT). */
static bool touchable(const struct transfer *t)
{
	for (int k = 0; k < t->n; k++)
		if (!t->iov[k].iov_base && t->iov[k].iov_len)
			return false;
	return true;
}

/* r bytes went this time. A call that may wait goes on from there. */
static struct play_result advance(struct call *c, const struct transfer *t,
	ssize_t r, bool all, int flags)
{
	struct play *p = c->p;
	struct play_result result;

	if (r > 0)
		p->progress += (size_t)r;
	result = call_done(p->progress ? (int64_t)p->progress : r);
	if (r == -EAGAIN && p->connecting)
		return call_tried(c, t->f, t->flags | flags, r);
	if (r == 0 || (r < 0 && r != -EAGAIN) || p->progress >= length_of(t) ||
		(p->progress && !all))
		return result;
	result = call_tried(c, t->f, t->flags | flags, -EAGAIN);
	if (!result.blocks && p->progress)
		result.value = (int64_t)p->progress;
	return result;
}

/* --- out ------------------------------------------------------------------------ */

/* Connecting and sending in one: what the client does for MSG_FASTOPEN, and for the
 * first send after a connect() that was put off. */
static ssize_t send_fast(struct call *c, struct transfer *t)
{
	struct subject *h = &c->p->host;
	struct subject_early early = { t->iov, t->n, !t->f->nonblock &&
		!(t->flags & MSG_DONTWAIT), 0 };
	struct shm_sock *s = shm_sock_at(&h->arena, t->f->sock);
	int r = sock_fastopen_check(&h->env, (void *)&t->name, t->namelen);

	if (r < 0)
		return r;
	if (sock_fastopen_waits(s)) {
		sock_fastopen_go(s);
		r = subject_start(h, t->f->sock, &early);
	} else {
		r = call_connect_to(c, t->f, (void *)&t->name, t->namelen, &early);
	}
	if (r == 1) /* it has just come through: send */
		return sock_send(&h->env, t->f->sock, t->iov, t->n,
			t->flags & ~MSG_FASTOPEN, &(struct sock_effect){ 0 });
	if (r != -EINPROGRESS)
		return r;
	if (!early.wait)
		return early.done ? (ssize_t)early.done : -EINPROGRESS;
	c->p->progress = early.done;
	c->p->connecting = true;
	return -EAGAIN;
}

/* What became of it: -EAGAIN nothing yet. */
static ssize_t fast_result(struct call *c, struct transfer *t)
{
	int r = sock_connect_result(&c->p->host.env, t->f->sock);

	if (r == -EALREADY || r == -EINPROGRESS)
		return -EAGAIN;
	c->p->connecting = false;
	if (r < 0)
		c->p->progress = 0; /* nothing of it went */
	return r;
}

static ssize_t send_stream(struct call *c, struct transfer *t)
{
	struct subject *h = &c->p->host;
	struct iovec rest[CALL_IOV_MAX];
	struct sock_effect fx = { 0 };
	ssize_t r = t->control ?
		sock_stream_control(&h->env, t->f->sock, t->control) : 0;
	int n = rest_of(t->iov, t->n, c->p->progress, rest);

	if (r == 0 && c->p->connecting)
		r = fast_result(c, t);
	if (r < 0)
		return r;
	/* Who waits for room is woken when there is enough of it (client). */
	if (c->p->blocked == c->e && !sock_ready(&h->env, t->f->sock, POLLOUT))
		return -EAGAIN;
	r = (t->flags & MSG_FASTOPEN) && c->p->blocked != c->e ? -EINPROGRESS :
		sock_send(&h->env, t->f->sock, rest, n, t->flags, &fx);
	if (r == -EINPROGRESS)
		r = send_fast(c, t);
	subject_settle(h);
	return r;
}

static ssize_t send_datagram(struct call *c, struct transfer *t)
{
	struct subject *h = &c->p->host;
	struct sock_effect fx = { 0 };
	ssize_t r = sock_sendto(&h->env, t->f->sock, t->iov, t->n, t->flags,
		t->namelen ? (void *)&t->name : NULL, t->namelen, t->control, &fx);

	subject_settle(h);
	return r;
}

/* A blocked writer is not woken before poll() would say so, as on Linux. */
static bool still_full(struct call *c, const struct transfer *t)
{
	return c->p->blocked == c->e && !(sock_ready(&c->p->host.env, t->f->sock,
		POLLOUT | POLLERR | POLLHUP) & (POLLOUT | POLLERR | POLLHUP));
}

static struct play_result send_it(struct call *c, struct transfer *t)
{
	struct play_result result;

	if (c->p->blocked != c->e) {
		c->p->progress = 0;
		c->p->connecting = false;
	}
	if (!touchable(t))
		result = call_done(-EFAULT);
	else if (is_stream(c, t->f))
		result = advance(c, t, still_full(c, t) ? -EAGAIN :
			send_stream(c, t), true, CALL_SENDS);
	else
		result = call_tried(c, t->f, t->flags | CALL_SENDS,
			send_datagram(c, t));
	if (!result.blocks && (t->flags & MSG_ZEROCOPY) &&
		result.value >= is_stream(c, t->f))
		sock_zerocopied(&c->p->host.env, t->f->sock);
	call_free_vector(t->iov, t->n);
	return result;
}

struct play_result call_write(struct call *c)
{
	struct transfer t = { .f = call_fd(c, 0), .n = 1 };

	if (!t.f)
		return call_done(-EBADF);
	call_buffer(c, 1, 2, t.iov);
	return send_it(c, &t);
}

struct play_result call_writev(struct call *c)
{
	struct transfer t = { .f = call_fd(c, 0) };

	if (!t.f)
		return call_done(-EBADF);
	t.n = call_vector(c, call_arg(c, 1), t.iov);
	return send_it(c, &t);
}

struct play_result call_send(struct call *c)
{
	struct transfer t = { .f = call_fd(c, 0), .n = 1 };

	if (!t.f)
		return call_done(-EBADF);
	call_buffer(c, 1, 2, t.iov);
	t.flags = (int)call_number(c, 3);
	return send_it(c, &t);
}

struct play_result call_sendto(struct call *c)
{
	const struct script_value *to = call_arg(c, 4);
	struct transfer t = { .f = call_fd(c, 0), .n = 1 };

	if (!t.f)
		return call_done(-EBADF);
	call_buffer(c, 1, 2, t.iov);
	t.flags = (int)call_number(c, 3);
	if (to->kind == SCRIPT_WORD && call_number(c, 4) == AF_UNSPEC)
		t.namelen = sizeof(struct sockaddr_in); /* of zeroes */
	else if (to->kind != SCRIPT_NUMBER && to->kind != SCRIPT_WORD)
		t.namelen = call_address(c, 4, false, &t.name);
	return send_it(c, &t);
}

struct play_result call_sendmsg(struct call *c)
{
	const struct script_value *m = call_arg(c, 1);
	const struct script_value *control = call_field(m, "msg_control");
	const struct script_value *name = call_field(m, "msg_name");
	_Alignas(struct cmsghdr) uint8_t space[CONTROL_BYTES] = { 0 };
	struct msghdr header = { .msg_control = space };
	struct transfer t = { .f = call_fd(c, 0) };
	struct call named = { c->p, c->e, name, 1 };

	if (!t.f)
		return call_done(-EBADF);
	t.n = call_vector(c, call_field(m, "msg_iov"), t.iov);
	t.flags = (int)call_number(c, 2);
	if (name && (name->kind == SCRIPT_STRUCT || (t.flags & MSG_FASTOPEN)))
		t.namelen = call_address(&named, 0, false, &t.name);
	if (control) {
		header.msg_controllen = control_build(c, control, space,
			sizeof(space));
		t.control = &header;
	}
	return send_it(c, &t);
}

/* --- in --------------------------------------------------------------------------- */

/* Compares what was read with the strings that the script has there. */
static void compare_data(struct call *c, const struct script_value *v,
	const struct iovec *iov, size_t got)
{
	size_t n = v->kind == SCRIPT_STRING ? v->len : 0;

	if (n > got && !v->more)
		n = got;
	if (n && memcmp(iov->iov_base, v->text, n < got ? n : got) != 0)
		play_fail(c->p, c->e->line, "other bytes were read than \"%.*s\"",
			(int)n, v->text);
}

static ssize_t receive_once(struct call *c, struct transfer *t)
{
	struct subject *h = &c->p->host;
	struct iovec rest[CALL_IOV_MAX];
	struct sock_effect fx = { 0 };
	socklen_t len = sizeof(t->name);
	ssize_t r;
	int n;

	if (t->flags & MSG_ERRQUEUE)
		return sock_report_take(&h->env, t->f->sock, t->iov, t->n,
			(void *)&t->name, &len, t->control, &t->msg_flags);
	if (!is_stream(c, t->f)) {
		r = sock_recvfrom(&h->env, t->f->sock, t->iov, t->n, t->flags,
			(void *)&t->name, &len, t->control, &t->msg_flags, &fx);
	} else {
		n = rest_of(t->iov, t->n, t->flags & MSG_PEEK ? 0 :
			c->p->progress, rest);
		r = sock_recv(&h->env, t->f->sock, rest, n, t->flags, &fx);
		if (t->control && r >= 0)
			sock_stream_told(&h->env, t->f->sock, r, t->control,
				&t->msg_flags);
	}
	subject_settle(h);
	return r;
}

static struct play_result receive(struct call *c, struct transfer *t)
{
	struct play_result result;
	bool all = t->flags & MSG_WAITALL;
	ssize_t r = -EFAULT;

	if (c->p->blocked != c->e) {
		c->p->progress = 0;
		c->p->connecting = false;
	}
	if (touchable(t))
		r = receive_once(c, t);
	if (r > 0 && t->text)
		compare_data(c, t->text, t->iov, (size_t)r);
	if (is_stream(c, t->f) && !(t->flags & (MSG_ERRQUEUE | MSG_OOB | MSG_PEEK)))
		result = advance(c, t, r, all, 0);
	else
		result = call_tried(c, t->f, t->flags |
			(t->flags & MSG_OOB ? MSG_DONTWAIT : 0), r);
	call_free_vector(t->iov, t->n);
	return result;
}

struct play_result call_read(struct call *c)
{
	struct transfer t = { .f = call_fd(c, 0), .n = 1 };

	if (!t.f)
		return call_done(-EBADF);
	call_buffer(c, 1, 2, t.iov);
	t.text = call_arg(c, 1);
	return receive(c, &t);
}

struct play_result call_readv(struct call *c)
{
	struct transfer t = { .f = call_fd(c, 0) };

	if (!t.f)
		return call_done(-EBADF);
	t.n = call_vector(c, call_arg(c, 1), t.iov);
	return receive(c, &t);
}

struct play_result call_recv(struct call *c)
{
	struct transfer t = { .f = call_fd(c, 0), .n = 1 };

	if (!t.f)
		return call_done(-EBADF);
	call_buffer(c, 1, 2, t.iov);
	t.flags = (int)call_number(c, 3);
	t.text = call_arg(c, 1);
	return receive(c, &t);
}

struct play_result call_recvmsg(struct call *c)
{
	const struct script_value *m = call_arg(c, 1);
	const struct script_value *flags = call_field(m, "msg_flags");
	const struct script_value *control = call_field(m, "msg_control");
	_Alignas(struct cmsghdr) uint8_t space[CONTROL_BYTES] = { 0 };
	struct msghdr header = { .msg_control = space,
		.msg_controllen = sizeof(space) };
	struct transfer t = { .f = call_fd(c, 0), .control = &header };
	struct play_result r;
	int64_t wanted;

	if (!t.f)
		return call_done(-EBADF);
	t.n = call_vector(c, call_field(m, "msg_iov"), t.iov);
	t.flags = (int)call_number(c, 2);
	r = receive(c, &t);
	if (r.blocks || r.value < 0 || play_over(c->p))
		return r;
	if (flags && flags->kind != SCRIPT_ELLIPSIS &&
		play_number(c->p, c->e->line, flags, &wanted) &&
		wanted != t.msg_flags)
		play_fail(c->p, c->e->line, "msg_flags are 0x%x, not 0x%x",
			t.msg_flags, (int)wanted);
	if (control && control->kind != SCRIPT_ELLIPSIS)
		control_compare(c, control, &header);
	return r;
}
