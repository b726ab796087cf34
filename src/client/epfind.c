/* Which record belongs to an epoll descriptor whose number we have not seen made:
 * inherited over exec, received over a Unix socket, or made behind our back.
 *
 *	1. the tag: a number that the kernel keeps with each set since 6.9 and gives
 *	   back to whoever holds it (EPIOCGPARAMS). Its meaning, microseconds of
 *	   busy polling, counts only for sockets of network cards, which are not
 *	   in our sets
 *	2. our mark in the data of a registration, as /proc/self/fdinfo shows it
 *	3. neither: nobody has put a socket of ours in. It gets a record now.
 *
 * Asked once for each number, and only by calls that are about sets.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "epoll.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

/* Of <linux/eventpoll.h>, which older systems do not have. */
struct tag {
	uint32_t usecs;	  /* 31 bits: half of the generation, and the index */
	uint16_t budget;  /* 1..64 without privilege: of the host's key */
	uint8_t prefer, pad;
};
#define TAG_SET _IOW(0x8a, 1, struct tag)
#define TAG_GET _IOR(0x8a, 2, struct tag)
#define TAG_INDEX_BITS 16
#define TAG_GEN_MASK 0x7fffu
#define TAG_BUDGET_MAX 63u

#define LINE_MAX 256 /* bytes of fdinfo's lines; ours are below 100 */

static uint16_t budget_of_host(void)
{
	return (uint16_t)(1 + cl.arena.hdr->key % TAG_BUDGET_MAX);
}

void epoll_tag(int fd, uint32_t i, uint32_t gen)
{
	struct tag t = { .usecs = (gen & TAG_GEN_MASK) << TAG_INDEX_BITS | i,
		.budget = budget_of_host() };

	if (i >> TAG_INDEX_BITS == 0)
		sys_call3(SYS_ioctl, fd, TAG_SET, &t);
}

static struct shm_epoll *living(uint32_t i)
{
	struct shm_epoll *ep = shm_epoll_at(&cl.arena, i);

	/* Pairs with the release where it was made. */
	return ep && atomic_get_acquire(&ep->live) ? ep : NULL;
}

static uint32_t by_tag(int fd)
{
	struct tag t = { 0 };
	const struct shm_epoll *ep;
	uint32_t i;

	if (sys_call3(SYS_ioctl, fd, TAG_GET, &t) < 0 ||
		t.budget != budget_of_host())
		return 0;
	i = t.usecs & ((1u << TAG_INDEX_BITS) - 1);
	ep = living(i);
	return ep && (atomic_get_relaxed(&ep->gen) & TAG_GEN_MASK) ==
		t.usecs >> TAG_INDEX_BITS ? i : 0;
}

/* "/proc/self/" what fd */
static void proc_path(char path[32], const char *what, int fd)
{
	char digits[12], *p = digits;

	do {
		*p++ = (char)('0' + fd % 10);
		fd /= 10;
	} while (fd > 0);
	strcpy(path, "/proc/self/");
	strcat(path, what);
	path += strlen(path);
	while (p > digits)
		*path++ = *--p;
	*path = 0;
}

/* -1: not open. */
static int is_epoll(int fd)
{
	static const char name[] = "anon_inode:[eventpoll]";
	char path[32], link[sizeof(name)];
	struct tag t;
	struct stat st;
	long n;

	/* An anonymous inode has no type; nearly all else ends here. */
	if (sys_call2(SYS_fstat, fd, &st) < 0)
		return -1;
	if ((st.st_mode & S_IFMT) != 0)
		return 0;
	if (sys_call3(SYS_ioctl, fd, TAG_GET, &t) == 0)
		return 1;
	proc_path(path, "fd/", fd);
	n = sys_call4(SYS_readlinkat, AT_FDCWD, path, link, sizeof(link));
	return n == sizeof(name) - 1 && memcmp(link, name, sizeof(name) - 1) == 0;
}

/* The number behind a name in a line of fdinfo; false: it is not there. */
static bool number_in(const char *line, const char *name, unsigned base, uint64_t *v)
{
	const char *p = strstr(line, name);

	*v = 0;
	if (!p)
		return false;
	for (p += strlen(name); *p == ' '; p++)
		;
	for (; (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'f'); p++)
		*v = *v * base + (uint64_t)(*p <= '9' ? *p - '0' : *p - 'a' + 10);
	return true;
}

/* Calls fn with each line of a set's fdinfo until it says true. */
static bool any_line(int fd, bool (*fn)(void *user, const char *line), void *user)
{
	char path[32], line[LINE_MAX], buf[1024];
	bool found = false;
	size_t len = 0;
	long info, n;

	proc_path(path, "fdinfo/", fd);
	info = sys_call4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (info < 0)
		return false;
	while (!found && (n = sys_call3(SYS_read, info, buf, sizeof(buf))) > 0) {
		for (long k = 0; k < n && !found; k++) {
			if (buf[k] != '\n' && len < sizeof(line) - 1) {
				line[len++] = buf[k];
				continue;
			}
			line[len] = 0;
			len = 0;
			found = strncmp(line, "tfd:", 4) == 0 && fn(user, line);
		}
	}
	sys_close((int)info);
	return found;
}

/* "tfd: 5 events: 80002019 data: e7xxxxxx00000007 ..." -> the set of that item. */
static bool has_mark(void *user, const char *line)
{
	const struct shm_item *it;
	const struct shm_epoll *ep;
	uint32_t *set = user;
	uint64_t data;

	if (!number_in(line, " data:", 16, &data))
		return false;
	it = shm_item_at(&cl.arena, (uint32_t)data);
	ep = it && atomic_get_acquire(&it->live) == ITEM_LIVE ?
		living(it->epoll) : NULL;
	if (!ep || ep->mark != (data & EPOLL_MARK_MASK))
		return false;
	*set = it->epoll;
	return true;
}

static uint32_t by_mark(int fd)
{
	uint32_t set = 0;

	any_line(fd, has_mark, &set);
	return set;
}

struct sought {
	uint64_t fd;
	struct epoll_event *ev;
};

static bool is_sought(void *user, const char *line)
{
	const struct sought *s = user;
	uint64_t fd, events, data;

	if (!number_in(line, "tfd:", 10, &fd) || fd != s->fd ||
		!number_in(line, " events:", 16, &events) ||
		!number_in(line, " data:", 16, &data))
		return false;
	s->ev->events = (uint32_t)events;
	s->ev->data.u64 = data;
	return true;
}

bool epoll_native_of(int epfd, int fd, struct epoll_event *ev)
{
	struct sought s = { (uint64_t)fd, ev };

	return any_line(epfd, is_sought, &s);
}

enum fd_kind fd_lookup_set(int fd, struct fd_ref *r, int *err)
{
	enum fd_kind kind = fd_lookup(fd, r, err);
	uint32_t i;
	int is;

	if (kind != FD_KERNEL || fd < 0 || !client_configured() || !fd_is_unseen(fd))
		return kind;
	is = is_epoll(fd);
	if (is == 0)
		fd_set_plain(fd);
	if (is <= 0)
		return kind;
	/* Without a network it stays the kernel's. */
	if (client_enter() < 0)
		return kind;
	i = by_tag(fd);
	if (i == 0)
		i = by_mark(fd);
	if (i == 0)
		i = epoll_make(fd);
	if (i == 0)
		return kind;
	*r = (struct fd_ref){ .fd = fd, .i = i, .ep = living(i) };
	if (!r->ep || !epoll_note(i))
		return kind;
	r->gen = atomic_get_relaxed(&r->ep->gen);
	/* Who else has it, and what they do with it, we cannot know. */
	epoll_sharing(r);
	epoll_known(r);
	atomic_put_relaxed(&epoll_note(r->i)->nested, 1);
	atomic_put_relaxed(&epoll_note(r->i)->native, 1);
	atomic_put_relaxed(&epoll_note(r->i)->edges, 1);
	return FD_EPOLL;
}
