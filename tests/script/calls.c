/* The calls of a script, made through sock/ as the client makes them: whatever
 * would block says so and is tried again. Here: which there are, and those that make,
 * name and end sockets. SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <errno.h>
#include <string.h>
#include <sys/time.h>

#include "base/atomic.h"
#include "epolls.h"

struct play_result call_done(int64_t value)
{
	return (struct play_result){ false, value };
}

struct play_result call_blocks(void)
{
	return (struct play_result){ true, 0 };
}

struct play_result call_wait(struct call *c, struct duration most, int64_t late)
{
	struct play *p = c->p;

	if (p->blocked != c->e)
		p->wake = most.ns < 0 ? INSTANT_NEVER : instant_add(p->host.now, most);
	else if (!instant_before(p->host.now, p->wake))
		return call_done(late);
	return most.ns == 0 ? call_done(late) : call_blocks();
}

/* SO_RCVTIMEO, SO_SNDTIMEO; none is "as long as it takes". */
static struct duration time_limit(struct call *c, const struct play_fd *f, bool out)
{
	struct timeval tv = { 0 };
	socklen_t len = sizeof(tv);

	if (sock_getopt(&c->p->host.env, f->sock, SOL_SOCKET,
			out ? SO_SNDTIMEO : SO_RCVTIMEO, &tv, &len) < 0 ||
		(!tv.tv_sec && !tv.tv_usec))
		return (struct duration){ -1 };
	return DURATION_US(tv.tv_sec * 1000000ll + tv.tv_usec);
}

struct play_result call_tried(struct call *c, const struct play_fd *f, int flags,
	int64_t r)
{
	bool out = r == -EINPROGRESS || (flags & CALL_SENDS);

	if ((r != -EAGAIN && r != -EINPROGRESS) || f->nonblock ||
		(flags & (MSG_DONTWAIT | MSG_ERRQUEUE)))
		return call_done(r);
	return call_wait(c, time_limit(c, f, out), r);
}

/* --- making, naming ----------------------------------------------------------------- */

/* The number under which the script will know it: the result that it expects. */
struct play_fd *call_new_fd(struct call *c, uint32_t sock, bool nonblock)
{
	const struct script_value *r = &c->e->call.result;
	int64_t fd = r->kind == SCRIPT_NUMBER ? r->number : -1;

	if (fd < 0) /* a failure was expected: compared by the caller */
		for (fd = 3; fd < PLAY_FDS - 1 && c->p->fds[fd].used; fd++)
			continue;
	/* As in packetdrill a number may be given anew; what had it stays open. */
	if (fd >= PLAY_FDS) {
		play_unknown(c->p, c->e->line, "descriptor %lld cannot be used",
			(long long)fd);
		fd = 0;
	}
	c->p->fds[fd] = (struct play_fd){ .used = true, .nonblock = nonblock,
		.sock = sock };
	return &c->p->fds[fd];
}

int call_fd_number(const struct call *c, const struct play_fd *f)
{
	return (int)(f - c->p->fds);
}

static struct play_result made(struct call *c, uint32_t sock, bool nonblock)
{
	c->p->under_test = call_fd_number(c, call_new_fd(c, sock, nonblock));
	return call_done(c->p->under_test);
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
		return call_done(r);
	p->flows.phase = FLOW_NONE;
	p->flows.current = NULL;
	return made(c, sock, type & SOCK_NONBLOCK);
}

static struct play_result call_bind(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct sockaddr_storage sa;
	socklen_t len = call_address(c, 1, true, &sa);

	if (!f || !len)
		return call_done(-EBADF);
	return call_done(sock_bind(&c->p->host.env, f->sock, (void *)&sa, len));
}

static struct play_result call_listen(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	int r = f ? sock_listen(&c->p->host.env, f->sock, (int)call_number(c, 1)) :
		-EBADF;

	if (r == 0) {
		c->p->flows.phase = FLOW_LISTENING;
		c->p->under_test = call_fd_number(c, f);
	}
	return call_done(r);
}

static struct play_result call_accept(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct subject *h = &c->p->host;
	uint32_t sock;
	int r, flags = c->nargs > 3 ? (int)call_number(c, 3) : 0;

	if (!f)
		return call_done(-EBADF);
	r = subject_accept(h, f->sock, &sock);
	if (r < 0)
		return call_tried(c, f, 0, r);
	return made(c, sock, flags & SOCK_NONBLOCK);
}

int call_connect_to(struct call *c, struct play_fd *f, const struct sockaddr *sa,
	socklen_t len, struct subject_early *early)
{
	int r = len ? subject_connect(&c->p->host, f->sock, sa, len, early) : -EINVAL;

	if (r == -EPROTO)
		play_unknown(c->p, c->e->line, "connections of the host to itself "
			"are not for scripts");
	if (r == -EINPROGRESS || r == 0) {
		c->p->flows.phase = FLOW_CONNECTING;
		c->p->under_test = call_fd_number(c, f);
	}
	return r;
}

static struct play_result call_connect(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	bool again = c->p->blocked == c->e;
	struct sockaddr_storage sa;
	struct shm_sock *s;
	socklen_t len;
	int r;

	if (!f)
		return call_done(-EBADF);
	s = shm_sock_at(&c->p->host.arena, f->sock);
	if (s->type == SOCK_DGRAM) {
		len = call_address(c, 1, false, &sa);
		c->p->flows.phase = FLOW_CONNECTING;
		return call_done(sock_dgram_connect(&c->p->host.env, f->sock,
			(void *)&sa, len));
	}
	len = call_address(c, 1, false, &sa);
	r = again ? -EINPROGRESS : call_connect_to(c, f, (void *)&sa, len, NULL);
	if (r == 1)
		r = 0;
	if (r != -EINPROGRESS || (f->nonblock && !again))
		return call_done(r);
	r = sock_connect_result(&c->p->host.env, f->sock);
	if (r == -EINPROGRESS || r == -EALREADY)
		return call_tried(c, f, 0, -EINPROGRESS);
	return call_done(r);
}

/* --- ending --------------------------------------------------------------------------- */

static void close_socket(struct call *c, struct play_fd *f)
{
	epolls_forget(c->p, call_fd_number(c, f));
	subject_close(&c->p->host, f->sock);
}

static struct play_result call_close(struct call *c)
{
	struct play_fd *f = call_any_fd(c, 0);

	if (!f)
		return call_done(-EBADF);
	if (f->kind == PLAY_FD_EPOLL)
		epolls_close(c->p, f);
	else if (f->kind == PLAY_FD_PIPE)
		c->p->pipes[f->sock].ends--;
	else if (f->kind == PLAY_FD_SOCKET)
		close_socket(c, f);
	f->used = false;
	return call_done(0);
}

static struct play_result call_shutdown(struct call *c)
{
	struct play_fd *f = call_fd(c, 0);
	struct sock_effect fx = { 0 };
	int r;

	if (!f)
		return call_done(-EBADF);
	r = sock_shutdown(&c->p->host.env, f->sock, (int)call_number(c, 1), &fx);
	subject_settle(&c->p->host);
	return call_done(r);
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
	{ "epoll_create", call_epoll_create }, { "epoll_create1", call_epoll_create },
	{ "epoll_ctl", call_epoll_ctl }, { "epoll_wait", call_epoll_wait },
	{ "setsockopt", call_setsockopt }, { "getsockopt", call_getsockopt },
	{ "pipe", call_pipe }, { "open", call_open },
	{ "ftruncate", call_ftruncate }, { "sendfile", call_sendfile },
	{ "splice", call_splice },
};

struct play_result play_call(struct play *p, const struct script_event *e)
{
	struct call c = { p, e, e->call.args, e->call.nargs };

	for (size_t k = 0; k < sizeof(table) / sizeof(table[0]); k++)
		if (strcmp(table[k].name, e->call.name) == 0)
			return table[k].make(&c);
	play_unknown(p, e->line, "the call %s is not understood", e->call.name);
	return call_done(0);
}
