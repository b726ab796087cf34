/* Writing down the program's calls on sockets. Not on any path that is to be fast:
 * without a trace all that happens is a look at trace_wanted.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "trace.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

#include "base/atomic.h"
#include "shim.h"

#define PATH_ROOM 512

bool trace_wanted;

static char variable[sizeof(SHM_ENV_TRACE) + PATH_ROOM];
static char program[TRACE_PROGRAM_MAX];
static _Atomic(struct trace *) mapped;

void trace_init(char *const *envp)
{
	size_t n = sizeof(SHM_ENV_TRACE) - 1;

	for (; envp && *envp; envp++) {
		if (strncmp(*envp, SHM_ENV_TRACE, n) == 0 && (*envp)[n] == '=' &&
			strlen(*envp) < sizeof(variable)) {
			strcpy(variable, *envp);
			trace_wanted = true;
		}
	}
}

const char *trace_env(void)
{
	return trace_wanted ? variable : NULL;
}

/* --- the file -------------------------------------------------------------------- */

static void find_program(void)
{
	char path[PATH_ROOM] = "";
	long n = sys_call4(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", path,
		sizeof(path) - 1);
	const char *base;

	path[n > 0 ? n : 0] = 0;
	base = strrchr(path, '/');
	snprintf(program, sizeof(program), "%s", base ? base + 1 : path);
}

static struct trace *file(void)
{
	struct trace *f = atomic_get_acquire(&mapped), *none = NULL;
	long fd, r;

	if (f)
		return f;
	fd = sys_call4(SYS_openat, AT_FDCWD, variable + sizeof(SHM_ENV_TRACE),
		O_RDWR | O_CLOEXEC, 0);
	if (fd < 0) {
		trace_wanted = false;
		return NULL;
	}
	r = sys_call6(SYS_mmap, 0, sizeof(struct trace), PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	sys_close((int)fd);
	if (r < 0 && r > -4096)
		return NULL;
	f = (struct trace *)(uintptr_t)r;
	find_program();
	if (!atomic_cas(&mapped, &none, f)) {
		sys_call2(SYS_munmap, r, sizeof(struct trace));
		f = none;
	}
	return f;
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* --- the socket --------------------------------------------------------------------- */

static void take_name(const struct sockaddr_storage *sa, struct trace_name *out)
{
	const struct sockaddr_in *four = (const void *)sa;
	const struct sockaddr_in6 *six = (const void *)sa;

	memset(out, 0, sizeof(*out));
	if (sa->ss_family == AF_INET) {
		out->family = 4;
		out->port = ntohs(four->sin_port);
		memcpy(out->addr, &four->sin_addr, 4);
	} else if (sa->ss_family == AF_INET6) {
		out->family = 6;
		out->port = ntohs(six->sin6_port);
		memcpy(out->addr, &six->sin6_addr, 16);
	}
}

static void look_at_names(struct trace_event *e)
{
	struct sockaddr_storage sa = { 0 };
	socklen_t len = sizeof(sa);
	int type;

	if (client_getsockname(e->fd, (struct sockaddr *)&sa, &len) == 0)
		take_name(&sa, &e->local);
	len = sizeof(sa);
	if (client_getpeername(e->fd, (struct sockaddr *)&sa, &len) == 0)
		take_name(&sa, &e->remote);
	len = sizeof(type);
	if (client_getsockopt(e->fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0)
		e->type = (uint16_t)type;
}

static int64_t ask_queue(int fd, unsigned long request)
{
	int n = -1;

	return client_ioctl(fd, request, (unsigned long)(uintptr_t)&n) < 0 ? -1 : n;
}

static int64_t ask_size(int fd, int option)
{
	int n = -1;
	socklen_t len = sizeof(n);

	return client_getsockopt(fd, SOL_SOCKET, option, &n, &len) < 0 ? -1 : n;
}

static void look_at_queues(struct trace_event *e)
{
	e->sendq = ask_queue(e->fd, SIOCOUTQ);
	e->recvq = ask_queue(e->fd, FIONREAD);
	e->sendbuf = ask_size(e->fd, SO_SNDBUF);
	e->recvbuf = ask_size(e->fd, SO_RCVBUF);
}

/* After the calls that change it: it is asked of the service, which takes a while. */
static void look_at_state(struct trace_event *e)
{
	static const char *const changing[] = { "connect", "listen", "shutdown",
		"accept", "accept4" };
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	for (size_t i = 0; i < sizeof(changing) / sizeof(changing[0]); i++) {
		if (strcmp(e->call, changing[i]) == 0 && e->type == SOCK_STREAM &&
			client_getsockopt(e->fd, IPPROTO_TCP, TCP_INFO, &info,
				&len) == 0)
			e->tcp_state = info.tcpi_state;
	}
}

/* --- calls ------------------------------------------------------------------------------ */

void trace_address(struct trace_event *e, const struct sockaddr *sa, unsigned len, long r)
{
	struct sockaddr_storage copy = { 0 };
	struct trace_name name;
	char text[INET6_ADDRSTRLEN];
	int saved = errno;

	if (r == -EFAULT || !sa || len < sizeof(struct sockaddr_in) || len > sizeof(copy))
		return;
	memcpy(&copy, sa, len);
	take_name(&copy, &name);
	if (name.family && inet_ntop(name.family == 4 ? AF_INET : AF_INET6, name.addr,
			text, sizeof(text)))
		snprintf(e->args, sizeof(e->args), name.family == 4 ? "%s:%u" : "[%s]:%u",
			text, name.port);
	errno = saved;
}

const char *trace_kind(int domain, int type, int protocol, char buf[TRACE_ARGS_MAX])
{
	static const char *const types[] = { [SOCK_STREAM] = "SOCK_STREAM",
		[SOCK_DGRAM] = "SOCK_DGRAM", [SOCK_RAW] = "SOCK_RAW" };
	unsigned kind = (unsigned)type & 0xf;
	const char *flags = type & SOCK_NONBLOCK ? " | SOCK_NONBLOCK" : "";

	snprintf(buf, TRACE_ARGS_MAX, "%s, %s%s, %d", domain == AF_INET ? "AF_INET" :
		domain == AF_INET6 ? "AF_INET6" : "another family",
		kind && kind <= SOCK_RAW ? types[kind] : "another type", flags, protocol);
	return buf;
}

const char *trace_flags(const char *before, int flags, char buf[TRACE_ARGS_MAX])
{
	static const struct { int flag; const char *name; } table[] = {
		{ MSG_OOB, "MSG_OOB" }, { MSG_PEEK, "MSG_PEEK" },
		{ MSG_TRUNC, "MSG_TRUNC" }, { MSG_DONTWAIT, "MSG_DONTWAIT" },
		{ MSG_WAITALL, "MSG_WAITALL" }, { MSG_NOSIGNAL, "MSG_NOSIGNAL" },
		{ MSG_MORE, "MSG_MORE" },
	};
	size_t used = 0;

	buf[0] = 0;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (!(flags & table[i].flag) || used + 20 > TRACE_ARGS_MAX)
			continue;
		used += (size_t)snprintf(buf + used, TRACE_ARGS_MAX - used, "%s%s",
			used ? " | " : before, table[i].name);
		flags &= ~table[i].flag;
	}
	if (flags)
		snprintf(buf + used, TRACE_ARGS_MAX - used, "%s0x%x",
			used ? " | " : before, (unsigned)flags);
	return buf;
}

struct trace_event *trace_begin(const char *call, int fd, const char *args, ...)
{
	struct trace *f;
	struct trace_event *e;
	const char *host;
	uint64_t at;
	int saved = errno;
	va_list ap;

	if (fd >= 0 && !client_fd_is_socket(fd))
		return NULL;
	f = file();
	at = f ? atomic_add(&f->next, 1) : TRACE_EVENTS;
	if (at >= TRACE_EVENTS)
		return NULL;
	e = &f->events[at];
	e->pid = (int32_t)sys_call0(SYS_getpid);
	e->begin = now();
	e->fd = fd;
	e->sendq = e->sendbuf = e->recvq = e->recvbuf = -1;
	snprintf(e->call, sizeof(e->call), "%s", call);
	memcpy(e->program, program, sizeof(e->program));
	host = client_host_name();
	snprintf(e->host, sizeof(e->host), "%s", host ? host : "");
	va_start(ap, args);
	vsnprintf(e->args, sizeof(e->args), args, ap);
	va_end(ap);
	if (fd >= 0)
		look_at_names(e);
	/* Partner: the command's look, also when we are killed now. */
	atomic_put_release(&e->stage, TRACE_BEGUN);
	errno = saved;
	return e;
}

void trace_end(struct trace_event *e, long r)
{
	int saved = errno;

	e->end = now();
	e->result = r;
	if (e->fd < 0 && r >= 0)
		e->fd = (int32_t)r; /* socket() */
	if (strcmp(e->call, "socket") == 0 && (r < 0 || !client_fd_is_socket(e->fd))) {
		/* One of the kernel's. A pair with the command's look. */
		atomic_put_release(&e->stage, TRACE_FREE);
		errno = saved;
		return;
	}
	if (e->fd >= 0 && client_fd_is_socket(e->fd)) {
		look_at_names(e);
		look_at_queues(e);
		look_at_state(e);
	}
	/* Partner: the command's look. */
	atomic_put_release(&e->stage, TRACE_ENDED);
	errno = saved;
}
