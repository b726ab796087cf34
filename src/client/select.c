/* select() when some descriptor is ours: the same question as poll(), in bits.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <string.h>

#include "internal.h"
#include "user.h"

#define WORD_BITS (8 * (int)sizeof(unsigned long))
#define SMALL 64 /* descriptors whose notes fit on the stack */
#define FDS_MAX (1 << 14) /* bits that is_beyond() looks at */

/* As Linux's own tables. */
#define IN_SET (POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR)
#define OUT_SET (POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR)
#define EX_SET POLLPRI

static bool has(const fd_set *s, int fd)
{
	return s && (((const unsigned long *)s)[fd / WORD_BITS] >>
		(fd % WORD_BITS) & 1);
}

static void add(fd_set *s, int fd)
{
	((unsigned long *)s)[fd / WORD_BITS] |= 1ul << (fd % WORD_BITS);
}

static void clear(fd_set *s, int n)
{
	if (s)
		memset(s, 0, (size_t)(n + WORD_BITS - 1) / WORD_BITS *
			sizeof(unsigned long));
}

static bool any_ours(int n, const fd_set *r, const fd_set *w, const fd_set *x,
	int *count)
{
	bool ours = false;
	struct fd_ref ref;
	enum fd_kind kind;
	int err;

	*count = 0;
	for (int fd = 0; fd < n; fd++) {
		if (!has(r, fd) && !has(w, fd) && !has(x, fd))
			continue;
		kind = fd_lookup_set(fd, &ref, &err);
		ours |= kind == FD_SOCKET || kind == FD_EPOLL;
		++*count;
	}
	return ours;
}

static int fill(struct pollfd *p, int n, const fd_set *r, const fd_set *w,
	const fd_set *x)
{
	int k = 0;

	for (int fd = 0; fd < n; fd++) {
		short events = 0;

		if (has(r, fd))
			events |= POLLIN | POLLRDNORM | POLLRDBAND;
		if (has(w, fd))
			events |= POLLOUT | POLLWRNORM | POLLWRBAND;
		if (has(x, fd))
			events |= POLLPRI;
		if (events)
			p[k++] = (struct pollfd){ .fd = fd, .events = events };
	}
	return k;
}

/* The kernel silently passes over numbers beyond its table of descriptors, which
 * grows as it is needed. Others that are not open are an error. */
static bool is_beyond(int fd)
{
	unsigned long words[FDS_MAX / WORD_BITS] = { 0 };
	struct timespec zero = { 0, 0 };

	if (fd >= FDS_MAX)
		return true;
	words[fd / WORD_BITS] = 1ul << (fd % WORD_BITS);
	return sys_call6(SYS_pselect6, fd + 1, words, 0, 0, &zero, 0) == 0;
}

/* -EBADF; 1 when there were such to be passed over: ask again; 0 neither. */
static int check_open(struct pollfd *p, int k)
{
	int again = 0;

	for (int m = 0; m < k; m++) {
		if (!(p[m].revents & POLLNVAL))
			continue;
		if (!is_beyond(p[m].fd))
			return -EBADF;
		p[m].fd = -1;
		again = 1;
	}
	return again;
}

/* Answers into the sets; their number. */
static int answer(const struct pollfd *p, int k, int n, fd_set *r, fd_set *w,
	fd_set *x)
{
	int bits = 0;

	clear(r, n);
	clear(w, n);
	clear(x, n);
	for (int m = 0; m < k; m++) {
		short e = p[m].events, got = p[m].revents;

		if ((e & POLLIN) && (got & IN_SET)) {
			add(r, p[m].fd);
			bits++;
		}
		if ((e & POLLOUT) && (got & OUT_SET)) {
			add(w, p[m].fd);
			bits++;
		}
		if ((e & POLLPRI) && (got & EX_SET)) {
			add(x, p[m].fd);
			bits++;
		}
	}
	return bits;
}

struct space {
	struct pollfd small[SMALL], *p;
	size_t bytes; /* 0: small is enough */
};

static void space_fini(struct space *s)
{
	if (s->bytes)
		sys_free(s->p, s->bytes);
}

static int by_poll(int n, fd_set *r, fd_set *w, fd_set *x, int count,
	struct timespec *timeout, const sigset_t *mask)
{
	struct space space __attribute__((cleanup(space_fini)));
	struct pollfd *p = space.small;
	struct timespec step = { 0, 5 * NS_PER_MS };
	int64_t end = 0, left = 0;
	int k, ready;

	space.bytes = 0;
	if (count > SMALL) {
		p = space.p = sys_alloc((size_t)count * sizeof(*p));
		if (!p)
			return -ENOMEM;
		space.bytes = (size_t)count * sizeof(*p);
	}
	if (timeout)
		end = sys_now_ns() + timeout->tv_sec * NS_PER_S +
			timeout->tv_nsec;
	k = fill(p, n, r, w, x);
	for (;;) {
		ready = client_ppoll(p, (nfds_t)k, timeout, mask);
		if (timeout) {
			left = end - sys_now_ns();
			left = left < 0 ? 0 : left;
			*timeout = (struct timespec){ left / NS_PER_S,
				left % NS_PER_S };
		}
		if (ready <= 0)
			break;
		ready = check_open(p, k);
		if (ready > 0)
			continue;
		if (ready < 0)
			break;
		ready = answer(p, k, n, r, w, x);
		if (ready != 0 || (timeout && left == 0))
			break;
		/* A hangup that nobody asked for ends poll(), but not select(). */
		if (call_sleep(SYS_nanosleep, SYS_ARG(&step), 0, 0, 0, 0, 0) ==
			-EINTR) {
			ready = -EINTR;
			break;
		}
	}
	if (ready == 0)
		answer(p, 0, n, r, w, x);
	return ready;
}

static int native(int n, fd_set *r, fd_set *w, fd_set *x, struct timespec *timeout,
	const sigset_t *mask)
{
	struct {
		const sigset_t *mask;
		size_t bytes;
	} m = { mask, SYS_SIGSET_BYTES };

	return (int)sys_call6(SYS_pselect6, n, r, w, x, timeout, &m);
}

/* More than the sets of <sys/select.h>: the program has made its own. How much of
 * them the kernel reads and writes is the size of its table ("FDSize:"). */
static int table_size(int n)
{
	static const char name[] = "FDSize:";
	char text[1024];
	long fd = sys_call4(SYS_openat, AT_FDCWD, "/proc/self/status", O_RDONLY |
		O_CLOEXEC, 0);
	long got = fd < 0 ? fd : sys_call3(SYS_read, fd, text, sizeof(text) - 1);
	const char *p;
	int size = 0;

	if (fd >= 0)
		sys_close((int)fd);
	text[got > 0 ? got : 0] = 0;
	p = strstr(text, name);
	for (p = p ? p + sizeof(name) : ""; *p >= '0' && *p <= '9'; p++)
		size = size * 10 + (*p - '0');
	return size > 0 && size < n ? size : n;
}

/* The kernel says EFAULT of what is not there. */
static bool takes(fd_set *s, int n)
{
	return !s || n <= 0 || user_writes(s, (size_t)(n + WORD_BITS - 1) /
		WORD_BITS * sizeof(unsigned long), SIZE_MAX);
}

int client_pselect(int n, fd_set *r, fd_set *w, fd_set *x,
	struct timespec *timeout, const sigset_t *mask)
{
	int count;

	/* No more than the kernel reads: the sets may be shorter than n. */
	if (n > FD_SETSIZE && client_configured())
		n = table_size(n);
	if (!client_configured() || !takes(r, n) || !takes(w, n) || !takes(x, n) ||
		(mask && !touch_read(mask, SYS_SIGSET_BYTES)) || n <= 0 ||
		(timeout && !touch_read(timeout, sizeof(*timeout))) ||
		(timeout && (timeout->tv_sec < 0 || timeout->tv_nsec < 0 ||
		timeout->tv_nsec >= NS_PER_S)))
		return native(n, r, w, x, timeout, mask);
	if (!any_ours(n, r, w, x, &count))
		return native(n, r, w, x, timeout, mask);
	(void)CALL(count, by_poll(n, r, w, x, count, timeout, mask));
	return count;
}
