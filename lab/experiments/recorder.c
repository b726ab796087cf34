/* What a program calls on its sockets, written down for a picture: preloaded into the
 * laboratory's programs where they run on the kernel (LD_PRELOAD). On enchufe its own
 * trace tells the same.
 *
 * Each call writes two lines of JSON to the file that LAB_RECORD names, when it begins
 * and when it has returned, so that one that never does is known too; both have its
 * number, picture.py joins them (members: docs/diagram.md). Calls that libc makes for
 * itself do not come by here: what makes it do so (fread, aio_write) is told instead.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <aio.h>
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define OPEN __attribute__((visibility("default")))
enum { LINE = 512, FAR = 900, NAME = 64 };

static int out = -1; /* a number that the program's own do not come to */
static atomic_uint numbers;

__attribute__((constructor)) static void begin_recording(void)
{
	const char *path = getenv("LAB_RECORD");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return;
	out = fcntl(fd, F_DUPFD_CLOEXEC, FAR);
	close(fd);
}

/* --- lines -------------------------------------------------------------------------- */

struct line {
	size_t n;
	char text[LINE];
};

__attribute__((format(printf, 2, 3)))
static void add(struct line *l, const char *format, ...)
{
	va_list ap;
	int n;

	if (l->n >= sizeof(l->text))
		return; /* too long: put() leaves it out */
	va_start(ap, format);
	n = vsnprintf(l->text + l->n, sizeof(l->text) - l->n, format, ap);
	va_end(ap);
	if (n > 0)
		l->n += (size_t)n;
}

/* By one write() to its end: lines of several processes do not mix. */
static void put(struct line *l)
{
	add(l, "}\n");
	if (l->n < sizeof(l->text))
		(void)!syscall(SYS_write, out, l->text, l->n);
}

/* "127.0.0.1:80", "[::1]:80"; 0 when it is no such address. */
static int name_of(const struct sockaddr_storage *sa, char text[NAME])
{
	const struct sockaddr_in *four = (const struct sockaddr_in *)sa;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)sa;
	char address[INET6_ADDRSTRLEN];

	if (sa->ss_family == AF_INET)
		snprintf(text, NAME, "%s:%u", inet_ntop(AF_INET, &four->sin_addr, address,
			sizeof(address)), ntohs(four->sin_port));
	else if (sa->ss_family == AF_INET6)
		snprintf(text, NAME, "[%s]:%u", inet_ntop(AF_INET6, &six->sin6_addr,
			address, sizeof(address)), ntohs(six->sin6_port));
	else
		return 0;
	return 1;
}

static int option(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	return getsockopt(fd, level, name, &value, &len) < 0 ? -1 : value;
}

/* Only what pictures show: the sockets of the Internet. */
static int wanted(int fd)
{
	int saved = errno, domain = out < 0 ? -1 : option(fd, SOL_SOCKET, SO_DOMAIN);

	errno = saved;
	return domain == AF_INET || domain == AF_INET6;
}

static void add_state(struct line *l, int fd)
{
	static const char *const states[] = { NULL, "ESTABLISHED", "SYN-SENT",
		"SYN-RECEIVED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSED",
		"CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING" };
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 &&
		info.tcpi_state > 0 && info.tcpi_state < sizeof(states) / sizeof(*states))
		add(l, ", \"state\": \"%s\"", states[info.tcpi_state]);
}

static void add_queue(struct line *l, const char *what, int fd, unsigned long request,
	int size)
{
	int n;

	if (ioctl(fd, request, &n) == 0)
		add(l, ", \"%sq\": %d, \"%sbuf\": %d", what, n, what,
			option(fd, SOL_SOCKET, size));
}

/* What the socket is now; its state, if the call may have changed it. */
static void add_socket(struct line *l, int fd, int changes)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof(sa);
	char name[NAME];
	int stream = option(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM;

	add(l, ", \"type\": \"%s\"", stream ? "tcp" : "udp");
	if (getsockname(fd, (struct sockaddr *)&sa, &len) == 0 && name_of(&sa, name))
		add(l, ", \"local\": \"%s\"", name);
	len = sizeof(sa);
	if (getpeername(fd, (struct sockaddr *)&sa, &len) == 0 && name_of(&sa, name))
		add(l, ", \"remote\": \"%s\"", name);
	if (stream && changes)
		add_state(l, fd);
	add_queue(l, "send", fd, SIOCOUTQ, SO_SNDBUF);
	add_queue(l, "recv", fd, FIONREAD, SO_RCVBUF);
}

/* --- calls -------------------------------------------------------------------------- */

struct call {
	unsigned number; /* 0: not recorded */
	int fd;
	int changes; /* the state, perhaps */
	struct timespec began;
};

static struct call begins(const char *call, int fd, const char *args)
{
	static const char *const changing[] = { "connect", "listen", "accept", "shutdown" };
	struct call c = { .fd = fd };
	struct line l = { 0 };
	int saved = errno;

	if (fd >= 0 ? !wanted(fd) : out < 0)
		return c;
	c.number = atomic_fetch_add(&numbers, 1) + 1;
	for (size_t i = 0; i < sizeof(changing) / sizeof(*changing); i++)
		c.changes |= strcmp(call, changing[i]) == 0;
	clock_gettime(CLOCK_REALTIME, &c.began);
	add(&l, "{\"number\": %u, \"pid\": %d, \"time\": %lld.%09ld, \"call\": \"%s\"",
		c.number, (int)getpid(), (long long)c.began.tv_sec, c.began.tv_nsec, call);
	if (fd >= 0)
		add(&l, ", \"fd\": %d", fd);
	add(&l, ", \"args\": \"%s\"", args);
	put(&l);
	errno = saved;
	return c;
}

static void ends(const struct call *c, long result)
{
	struct line l = { 0 };
	struct timespec now;
	int saved = errno;

	if (!c->number)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	add(&l, "{\"number\": %u, \"pid\": %d, \"took\": %.9f, \"result\": %ld", c->number,
		(int)getpid(), (double)(now.tv_sec - c->began.tv_sec) +
		(double)(now.tv_nsec - c->began.tv_nsec) / 1e9, result);
	if (result < 0)
		add(&l, ", \"error\": \"%s\"", strerrorname_np(saved));
	if (c->fd >= 0) /* of socket() it is known only now */
		add(&l, ", \"fd\": %d", c->fd);
	if (c->fd >= 0 && wanted(c->fd))
		add_socket(&l, c->fd, c->changes);
	put(&l);
	errno = saved;
}

static const char *of_flags(int flags, char text[NAME])
{
	static const struct { int flag; const char *name; } known[] = {
		{ MSG_MORE, "MSG_MORE" }, { MSG_WAITALL, "MSG_WAITALL" },
		{ MSG_DONTWAIT, "MSG_DONTWAIT" }, { MSG_NOSIGNAL, "MSG_NOSIGNAL" },
		{ MSG_OOB, "MSG_OOB" }, { MSG_PEEK, "MSG_PEEK" },
		{ MSG_TRUNC, "MSG_TRUNC" },
	};
	size_t n = 0;

	text[0] = 0;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (flags & known[i].flag && n < NAME)
			n += (size_t)snprintf(text + n, NAME - n, "%s%s", n ? " | " : ", ",
				known[i].name);
	}
	return text;
}

/* With nothing before them, and so no comma. */
static const char *of_flags_alone(int flags, char text[NAME])
{
	of_flags(flags, text);
	return text[0] ? text + strlen(", ") : text;
}

static const char *of_bytes(size_t n, int flags, char text[2 * NAME])
{
	char words[NAME];

	snprintf(text, 2 * NAME, "%zu bytes%s", n, of_flags(flags, words));
	return text;
}

/* The next definition of a function: libc's, of the type of the one here. */
#define NEXT(name) \
	static __typeof__(name) *next_; \
	if (!next_) \
		next_ = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
/* The body of a function here: what it was called with and what came of it. */
#define RECORD(name, fd, args, ...) \
	do { \
		NEXT(name); \
		struct call call_ = begins(#name, fd, args); \
		__typeof__(next_(__VA_ARGS__)) result_ = next_(__VA_ARGS__); \
		ends(&call_, (long)result_); \
		return result_; \
	} while (0)
#define BYTES(n, flags) of_bytes(n, flags, (char[2 * NAME]){ "" })

static const char *of_address(const struct sockaddr *sa, socklen_t len, char text[NAME])
{
	struct sockaddr_storage copy = { 0 };

	if (!sa || len > sizeof(copy))
		return "";
	memcpy(&copy, sa, len);
	return name_of(&copy, text) ? text : "";
}

OPEN int socket(int domain, int type, int protocol)
{
	char args[NAME];

	NEXT(socket);
	if (domain != AF_INET && domain != AF_INET6)
		return next_(domain, type, protocol);
	snprintf(args, sizeof(args), "%s, %s, %d", domain == AF_INET ? "AF_INET" :
		"AF_INET6", (type & 15) == SOCK_STREAM ? "SOCK_STREAM" :
		(type & 15) == SOCK_DGRAM ? "SOCK_DGRAM" : "SOCK_RAW", protocol);
	struct call call = begins("socket", -1, args);
	int fd = next_(domain, type, protocol);

	call.fd = fd;
	ends(&call, fd);
	return fd;
}

OPEN int bind(int fd, __CONST_SOCKADDR_ARG sa, socklen_t len)
{
	char args[NAME];

	RECORD(bind, fd, of_address(sa.__sockaddr__, len, args), fd, sa, len);
}

OPEN int connect(int fd, __CONST_SOCKADDR_ARG sa, socklen_t len)
{
	char args[NAME];

	RECORD(connect, fd, of_address(sa.__sockaddr__, len, args), fd, sa, len);
}

OPEN int listen(int fd, int backlog)
{
	char args[NAME];

	snprintf(args, sizeof(args), "%d", backlog);
	RECORD(listen, fd, args, fd, backlog);
}

OPEN int accept(int fd, __SOCKADDR_ARG sa, socklen_t *len)
{
	RECORD(accept, fd, "", fd, sa, len);
}

OPEN int shutdown(int fd, int how)
{
	RECORD(shutdown, fd, how == SHUT_RD ? "SHUT_RD" : how == SHUT_WR ? "SHUT_WR" :
		"SHUT_RDWR", fd, how);
}

OPEN int close(int fd)
{
	RECORD(close, fd, "", fd);
}

OPEN ssize_t send(int fd, const void *buf, size_t n, int flags)
{
	RECORD(send, fd, BYTES(n, flags), fd, buf, n, flags);
}

OPEN ssize_t sendto(int fd, const void *buf, size_t n, int flags, __CONST_SOCKADDR_ARG sa,
	socklen_t len)
{
	RECORD(sendto, fd, BYTES(n, flags), fd, buf, n, flags, sa, len);
}

OPEN ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	char words[NAME];

	RECORD(sendmsg, fd, of_flags_alone(flags, words), fd, m, flags);
}

OPEN ssize_t recv(int fd, void *buf, size_t n, int flags)
{
	RECORD(recv, fd, BYTES(n, flags), fd, buf, n, flags);
}

OPEN ssize_t recvfrom(int fd, void *buf, size_t n, int flags, __SOCKADDR_ARG sa,
	socklen_t *len)
{
	RECORD(recvfrom, fd, BYTES(n, flags), fd, buf, n, flags, sa, len);
}

OPEN ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
	char words[NAME];

	RECORD(recvmsg, fd, of_flags_alone(flags, words), fd, m, flags);
}

OPEN ssize_t read(int fd, void *buf, size_t n)
{
	RECORD(read, fd, BYTES(n, 0), fd, buf, n);
}

OPEN ssize_t write(int fd, const void *buf, size_t n)
{
	RECORD(write, fd, BYTES(n, 0), fd, buf, n);
}

OPEN ssize_t writev(int fd, const struct iovec *iov, int n)
{
	char args[NAME];

	snprintf(args, sizeof(args), "iov, %d", n);
	RECORD(writev, fd, args, fd, iov, n);
}

OPEN ssize_t sendfile64(int to, int from, off64_t *at, size_t n)
{
	NEXT(sendfile64);
	struct call call = begins("sendfile", to, BYTES(n, 0));
	ssize_t done = next_(to, from, at, n);

	ends(&call, done);
	return done;
}

/* --- calls that libc turns into others of its own ------------------------------------- */

/* A stream that has no descriptor has one that is no socket's. */
static int descriptor_of(FILE *f)
{
	int fd = fileno(f);

	return fd < 0 ? INT_MAX : fd;
}

OPEN size_t fread(void *__restrict buf, size_t size, size_t n, FILE *__restrict f)
{
	NEXT(fread);
	struct call call = begins("fread", descriptor_of(f), BYTES(size * n, 0));
	size_t done = next_(buf, size, n, f);

	ends(&call, (long)done);
	return done;
}

OPEN int fclose(FILE *f)
{
	RECORD(fclose, descriptor_of(f), "", f);
}

/* As libc has it where offsets are of 64 bits. */
OPEN int aio_write64(struct aiocb64 *op)
{
	NEXT(aio_write64);
	struct call call = begins("aio_write", op->aio_fildes, BYTES(op->aio_nbytes, 0));
	int err = next_(op);

	ends(&call, err);
	return err;
}

OPEN int aio_suspend64(const struct aiocb64 *const list[], int n,
	const struct timespec *__restrict limit)
{
	NEXT(aio_suspend64);
	struct call call = begins("aio_suspend", n > 0 && list[0] ? list[0]->aio_fildes :
		INT_MAX, "");
	int err = next_(list, n, limit);

	ends(&call, err);
	return err;
}

OPEN __ssize_t aio_return64(struct aiocb64 *op)
{
	NEXT(aio_return64);
	struct call call = begins("aio_return", op->aio_fildes, "");
	__ssize_t done = next_(op);

	ends(&call, done);
	return done;
}
