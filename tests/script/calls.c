/* The calls of a script, made through sock/ as the client makes them: whatever
 * would block says so and is tried again. SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic.h"

static struct play_result done(int64_t value)
{
	return (struct play_result){ false, value };
}

static struct play_result blocks(void)
{
	return (struct play_result){ true, 0 };
}

/* -EAGAIN of a socket that may block: later, if this call may wait at all. */
static struct play_result tried(const struct play_fd *f, int flags, int64_t r)
{
	if (r == -EAGAIN && !f->nonblock && !(flags & MSG_DONTWAIT))
		return blocks();
	return done(r);
}

/* --- making, naming ----------------------------------------------------------------- */

/* The number under which the script will know it: the result that it expects. */
static struct play_fd *new_fd(struct call *c, uint32_t sock, bool nonblock)
{
	const struct script_value *r = &c->e->call.result;
	int64_t fd = r->kind == SCRIPT_NUMBER ? r->number : -1;

	if (fd < 0) /* a failure was expected: compared by the caller */
		for (fd = 3; fd < PLAY_FDS - 1 && c->p->fds[fd].used; fd++)
			continue;
	if (fd >= PLAY_FDS || c->p->fds[fd].used) {
		play_unknown(c->p, c->e->line, "descriptor %lld cannot be used",
			(long long)fd);
		fd = 0;
	}
	c->p->fds[fd] = (struct play_fd){ true, nonblock, sock };
	c->p->under_test = (int)fd;
	return &c->p->fds[fd];
}

static int number_of(struct call *c, const struct play_fd *f)
{
	return (int)(f - c->p->fds);
}

static struct play_result call_socket(struct call *c)
{
	struct play *p = c->p;
	int family = p->mapped || p->family == IP_V6 ? AF_INET6 : AF_INET;
	const struct script_value *given = call_arg(c, 0);
	int type = (int)call_number(c, 1);
	uint32_t sock;
	int r;

	/* "..." is the family under test. */
	if (given->kind != SCRIPT_ELLIPSIS)
		family = (int)call_number(c, 0);
	r = sock_create(&p->host.env, family, type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC),
		(int)call_number(c, 2), &sock);
	if (r < 0)
		return done(r);
	p->flows.phase = FLOW_NONE;
	p->flows.current = NULL;
	return done(number_of(c, new_fd(c, sock, type & SOCK_NONBLOCK)));
}

static struct play_result call_bind(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct sockaddr_storage sa;
	socklen_t len = call_address(c, 1, true, &sa);

	if (!f || !len)
		return done(-EBADF);
	return done(sock_bind(&c->p->host.env, f->sock, (void *)&sa, len));
}

static struct play_result call_listen(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	int r = f ? sock_listen(&c->p->host.env, f->sock, (int)call_number(c, 1)) :
		-EBADF;

	if (r == 0) {
		c->p->flows.phase = FLOW_LISTENING;
		c->p->under_test = number_of(c, f);
	}
	return done(r);
}

static struct play_result call_accept(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct subject *h = &c->p->host;
	struct shm_hello hello;
	uint32_t sock;
	int r, flags = c->nargs > 3 ? (int)call_number(c, 3) : 0;

	if (!f)
		return done(-EBADF);
	if (atomic_get_relaxed(&shm_sock_at(&h->arena, f->sock)->state) !=
		SHM_SOCK_LISTEN)
		return done(-EINVAL);
	if (!subject_take_embryo(h, f->sock, &hello))
		return f->nonblock ? done(-EAGAIN) : blocks();
	r = sock_accept_adopt(&h->env, f->sock, &hello, &sock);
	if (r < 0)
		return done(r);
	return done(number_of(c, new_fd(c, sock, flags & SOCK_NONBLOCK)));
}

static int begin_connect(struct call *c, struct play_fd *f)
{
	struct subject *h = &c->p->host;
	struct sockaddr_storage sa;
	socklen_t len = call_address(c, 1, false, &sa);
	enum sock_route route = SOCK_ROUTE_NET;
	uint32_t listener, embryo;
	int r;

	if (!len)
		return -EINVAL;
	r = sock_connect_begin(&h->env, f->sock, (void *)&sa, len, &route,
		&listener, &embryo);
	if (r != 0)
		return r;
	if (route == SOCK_ROUTE_LOCAL) {
		play_unknown(c->p, c->e->line, "connections of the host to itself "
			"are not for scripts");
		return -EINVAL;
	}
	c->p->flows.phase = FLOW_CONNECTING;
	c->p->under_test = number_of(c, f);
	/* Once it is there, further attempts are only a bell (client). */
	if (net_owns(h->net, f->sock))
		sock_want_service(&h->env, f->sock);
	else
		net_connect(h->net, h->now, f->sock, subject_gen(h, f->sock), h);
	subject_settle(h);
	return -EINPROGRESS;
}

static struct play_result call_connect(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	bool again = c->p->blocked == c->e;
	struct shm_sock *s;
	int r;

	if (!f)
		return done(-EBADF);
	s = shm_sock_at(&c->p->host.arena, f->sock);
	if (s->type == SOCK_DGRAM) {
		struct sockaddr_storage sa;
		socklen_t len = call_address(c, 1, false, &sa);

		c->p->flows.phase = FLOW_CONNECTING;
		return done(sock_dgram_connect(&c->p->host.env, f->sock,
			(void *)&sa, len));
	}
	r = again ? -EINPROGRESS : begin_connect(c, f);
	if (r == 1)
		r = 0;
	if (r != -EINPROGRESS || (f->nonblock && !again))
		return done(r);
	r = sock_connect_result(&c->p->host.env, f->sock);
	if (r == -EINPROGRESS || r == -EALREADY)
		return blocks();
	return done(r);
}

/* --- data ------------------------------------------------------------------------------ */

static struct play_result send_vector(struct call *c, struct play_fd *f,
	struct iovec *iov, int n, int flags, const struct sockaddr *to, socklen_t len)
{
	struct subject *h = &c->p->host;
	struct shm_sock *s = shm_sock_at(&h->arena, f->sock);
	struct sock_effect fx = { 0 };
	ssize_t r;

	if (s->type == SOCK_STREAM)
		r = sock_send(&h->env, f->sock, iov, n, flags, &fx);
	else
		r = sock_sendto(&h->env, f->sock, iov, n, flags, to, len, NULL, &fx);
	call_free_vector(iov, n);
	subject_settle(h);
	return tried(f, flags, r);
}

static struct play_result call_write(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct iovec iov;

	if (!f)
		return done(-EBADF);
	call_buffer(c, 1, 2, &iov);
	return send_vector(c, f, &iov, 1, 0, NULL, 0);
}

static struct play_result call_writev(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct iovec iov[CALL_IOV_MAX];

	if (!f)
		return done(-EBADF);
	return send_vector(c, f, iov, call_vector(c, call_arg(c, 1), iov), 0, NULL, 0);
}

static struct play_result call_send(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct iovec iov;

	if (!f)
		return done(-EBADF);
	call_buffer(c, 1, 2, &iov);
	return send_vector(c, f, &iov, 1, (int)call_number(c, 3), NULL, 0);
}

static struct play_result call_sendto(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	const struct script_value *to = call_arg(c, 4);
	struct sockaddr_storage sa;
	struct iovec iov;
	socklen_t len = 0;

	if (!f)
		return done(-EBADF);
	call_buffer(c, 1, 2, &iov);
	if (to->kind != SCRIPT_NUMBER && to->kind != SCRIPT_WORD)
		len = call_address(c, 4, false, &sa);
	return send_vector(c, f, &iov, 1, (int)call_number(c, 3),
		len ? (void *)&sa : NULL, len);
}

static struct play_result call_sendmsg(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct iovec iov[CALL_IOV_MAX];
	int n;

	if (!f)
		return done(-EBADF);
	if (call_field(call_arg(c, 1), "msg_control")) {
		play_unknown(c->p, c->e->line, "ancillary data are not understood");
		return done(0);
	}
	n = call_vector(c, call_field(call_arg(c, 1), "msg_iov"), iov);
	return send_vector(c, f, iov, n, (int)call_number(c, 2), NULL, 0);
}

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

static struct play_result receive(struct call *c, struct play_fd *f,
	struct iovec *iov, int n, int flags, const struct script_value *text)
{
	struct subject *h = &c->p->host;
	struct shm_sock *s = shm_sock_at(&h->arena, f->sock);
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	struct sock_effect fx = { 0 };
	int out_flags = 0;
	ssize_t r;

	if (s->type == SOCK_STREAM)
		r = sock_recv(&h->env, f->sock, iov, n, flags, &fx);
	else
		r = sock_recvfrom(&h->env, f->sock, iov, n, flags, (void *)&from,
			&len, NULL, &out_flags, &fx);
	if (r > 0 && text)
		compare_data(c, text, iov, (size_t)r);
	call_free_vector(iov, n);
	subject_settle(h);
	return tried(f, flags, r);
}

static struct play_result call_read(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct iovec iov;

	if (!f)
		return done(-EBADF);
	call_buffer(c, 1, 2, &iov);
	return receive(c, f, &iov, 1, 0, call_arg(c, 1));
}

static struct play_result call_readv(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct iovec iov[CALL_IOV_MAX];

	if (!f)
		return done(-EBADF);
	return receive(c, f, iov, call_vector(c, call_arg(c, 1), iov), 0, NULL);
}

static struct play_result call_recv(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct iovec iov;

	if (!f)
		return done(-EBADF);
	call_buffer(c, 1, 2, &iov);
	return receive(c, f, &iov, 1, (int)call_number(c, 3), call_arg(c, 1));
}

static struct play_result call_recvmsg(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct iovec iov[CALL_IOV_MAX];
	int n;

	if (!f)
		return done(-EBADF);
	if (call_field(call_arg(c, 1), "msg_control")) {
		play_unknown(c->p, c->e->line, "ancillary data are not understood");
		return done(0);
	}
	n = call_vector(c, call_field(call_arg(c, 1), "msg_iov"), iov);
	return receive(c, f, iov, n, (int)call_number(c, 2), NULL);
}

/* --- the rest --------------------------------------------------------------------------- */

static struct play_result call_close(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);

	if (!f)
		return done(-EBADF);
	subject_close(&c->p->host, f->sock);
	f->used = false;
	return done(0);
}

static struct play_result call_shutdown(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct sock_effect fx = { 0 };
	int r;

	if (!f)
		return done(-EBADF);
	r = sock_shutdown(&c->p->host.env, f->sock, (int)call_number(c, 1), &fx);
	subject_settle(&c->p->host);
	return done(r);
}

static struct play_result call_fcntl(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	int command = (int)call_number(c, 1);

	if (!f)
		return done(-EBADF);
	if (command == F_GETFL)
		return done(O_RDWR | (f->nonblock ? O_NONBLOCK : 0));
	if (command == F_SETFL)
		f->nonblock = call_number(c, 2) & O_NONBLOCK;
	else if (command != F_SETFD && command != F_GETFD)
		play_unknown(c->p, c->e->line, "this fcntl is not understood");
	return done(0);
}

static struct play_result call_ioctl(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	const struct script_value *want = call_arg(c, 2);
	int64_t expected;
	int value = 0, r;

	if (!f)
		return done(-EBADF);
	r = sock_ioctl(&c->p->host.env, f->sock, (unsigned long)call_number(c, 1),
		&value);
	if (want->kind == SCRIPT_LIST && want->n == 1)
		want = &want->items[0];
	if (r == 0 && want->kind != SCRIPT_ELLIPSIS &&
		play_number(c->p, c->e->line, want, &expected) && expected != value)
		play_fail(c->p, c->e->line, "ioctl gave %d, not %lld", value,
			(long long)expected);
	return done(r);
}

static struct play_result call_poll(struct call *c)
{
	const struct script_value *list = call_arg(c, 0);
	int64_t timeout = call_number(c, 2);
	int ready = 0;

	if (list->kind != SCRIPT_LIST) {
		play_unknown(c->p, c->e->line, "expected a list for poll");
		return done(0);
	}
	for (unsigned k = 0; k < list->n && !play_over(c->p); k++) {
		const struct script_value *v = &list->items[k];
		struct call fd = { c->p, c->e, call_field(v, "fd"), 1 };
		int64_t events = 0, revents = 0, got;
		struct play_fd *f = fd.args ? call_fd(&fd, 0) : NULL;

		if (!f || !call_field(v, "events"))
			return done(-EINVAL);
		play_number(c->p, c->e->line, call_field(v, "events"), &events);
		if (call_field(v, "revents"))
			play_number(c->p, c->e->line, call_field(v, "revents"),
				&revents);
		got = subject_has_embryo(&c->p->host, f->sock) ?
			(events & (POLLIN | POLLRDNORM)) :
			(int64_t)sock_ready(&c->p->host.env, f->sock,
				(unsigned)events | POLLERR | POLLHUP);
		ready += got != 0;
		if (got != revents && (ready || timeout == 0))
			play_fail(c->p, c->e->line, "poll gave 0x%llx, not 0x%llx",
				(unsigned long long)got, (unsigned long long)revents);
	}
	return ready || timeout == 0 ? done(ready) : blocks();
}

/* --- options --------------------------------------------------------------------------------- */

static socklen_t option_value(struct call *c, const struct script_value *v,
	uint8_t *out, size_t size)
{
	int64_t number = 0, second = 0;
	int pair[2];

	if (v->kind == SCRIPT_LIST && v->n == 1)
		v = &v->items[0];
	if (v->kind == SCRIPT_STRING) {
		size_t n = v->len < size ? v->len : size;

		memcpy(out, v->text, n);
		return (socklen_t)n;
	}
	if (call_field(v, "onoff")) {
		play_number(c->p, c->e->line, call_field(v, "onoff"), &number);
		if (call_field(v, "linger"))
			play_number(c->p, c->e->line, call_field(v, "linger"),
				&second);
		pair[0] = (int)number;
		pair[1] = (int)second;
		memcpy(out, pair, sizeof(pair));
		return sizeof(pair);
	}
	if (!play_number(c->p, c->e->line, v, &number))
		return 0;
	pair[0] = (int)number;
	memcpy(out, pair, sizeof(int));
	return sizeof(int);
}

static struct play_result call_setsockopt(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct sock_effect fx = { 0 };
	uint8_t value[256] = { 0 };
	socklen_t len;
	int64_t given;
	int r;

	if (!f)
		return done(-EBADF);
	len = option_value(c, call_arg(c, 3), value, sizeof(value));
	given = call_number(c, 4);
	if (given < len || len == sizeof(int))
		len = (socklen_t)given;
	r = sock_setopt(&c->p->host.env, f->sock, (int)call_number(c, 1),
		(int)call_number(c, 2), value, len, &fx);
	subject_settle(&c->p->host);
	return done(r);
}

static struct play_result call_getsockopt(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	uint8_t value[256] = { 0 }, want[256] = { 0 };
	const struct script_value *expected = call_arg(c, 3);
	socklen_t len = sizeof(int), want_len;
	int r;

	if (!f)
		return done(-EBADF);
	if (expected->kind != SCRIPT_ELLIPSIS) {
		want_len = option_value(c, expected, want, sizeof(want));
		len = want_len > len ? want_len : len;
	}
	r = sock_getopt(&c->p->host.env, f->sock, (int)call_number(c, 1),
		(int)call_number(c, 2), value, &len);
	if (r == 0 && expected->kind != SCRIPT_ELLIPSIS &&
		memcmp(value, want, len) != 0) {
		int a, b;

		memcpy(&a, value, sizeof(a));
		memcpy(&b, want, sizeof(b));
		play_fail(c->p, c->e->line, "getsockopt gave %d, not %d", a, b);
	}
	return done(r);
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	struct play_result (*make)(struct call *c);
} table[] = {
	{ "socket", call_socket }, { "bind", call_bind }, { "listen", call_listen },
	{ "accept", call_accept }, { "accept4", call_accept },
	{ "connect", call_connect }, { "read", call_read }, { "readv", call_readv },
	{ "recv", call_recv }, { "recvfrom", call_recv },
	{ "recvmsg", call_recvmsg }, { "write", call_write },
	{ "writev", call_writev }, { "send", call_send }, { "sendto", call_sendto },
	{ "sendmsg", call_sendmsg }, { "close", call_close },
	{ "shutdown", call_shutdown }, { "fcntl", call_fcntl },
	{ "ioctl", call_ioctl }, { "poll", call_poll },
	{ "setsockopt", call_setsockopt }, { "getsockopt", call_getsockopt },
};

struct play_result play_call(struct play *p, const struct script_event *e)
{
	struct call c = { p, e, e->call.args, e->call.nargs };

	for (size_t k = 0; k < sizeof(table) / sizeof(table[0]); k++)
		if (strcmp(table[k].name, e->call.name) == 0)
			return table[k].make(&c);
	play_unknown(p, e->line, "the call %s is not understood", e->call.name);
	return done(0);
}
