/* poll(2) and epoll(7) of a script. SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>

#include "epolls.h"

/* A field of a struct as a number; 0 when it is not there. */
static int64_t number_in(struct call *c, const struct script_value *v,
	const char *name)
{
	const struct script_value *field = call_field(v, name);
	int64_t n = 0;

	if (field && field->kind != SCRIPT_ELLIPSIS)
		play_number(c->p, c->e->line, field, &n);
	return n;
}

/* --- poll ------------------------------------------------------------------------ */

/* How many are ready; with `compare` what the script expects is compared. */
static int poll_once(struct call *c, const struct script_value *list, bool compare)
{
	int n = 0;

	for (unsigned k = 0; k < list->n && !play_over(c->p); k++) {
		const struct script_value *v = &list->items[k];
		unsigned events = (unsigned)number_in(c, v, "events");
		int64_t fd = number_in(c, v, "fd"), want = number_in(c, v, "revents");
		int64_t got = POLLNVAL;

		if (fd < 0)
			got = 0;
		else if (fd < PLAY_FDS && c->p->fds[fd].used &&
			c->p->fds[fd].kind == PLAY_FD_SOCKET)
			got = epolls_ready(c->p, &c->p->fds[fd], events);
		n += got != 0;
		if (compare && got != want && call_field(v, "revents"))
			play_fail(c->p, c->e->line, "poll gave 0x%llx for %lld, not "
				"0x%llx", (unsigned long long)got, (long long)fd,
				(unsigned long long)want);
	}
	return n;
}

struct play_result call_poll(struct call *c)
{
	const struct script_value *list = call_arg(c, 0);
	int64_t timeout = call_number(c, 2);
	struct play_result r;
	int n;

	if (list->kind != SCRIPT_LIST) {
		play_unknown(c->p, c->e->line, "expected a list for poll");
		return call_done(0);
	}
	n = poll_once(c, list, false);
	r = n ? call_done(n) : call_wait(c, DURATION_MS(timeout), 0);
	if (!r.blocks)
		poll_once(c, list, true);
	return r;
}

/* --- epoll ------------------------------------------------------------------------- */

struct play_result call_epoll_create(struct call *c)
{
	int64_t size = call_number(c, 0);
	struct play_fd *f;
	int i;

	if (strcmp(c->e->call.name, "epoll_create") == 0 && size <= 0)
		return call_done(-EINVAL);
	i = epolls_make(c->p);
	if (i < 0)
		return call_done(i);
	f = call_new_fd(c, (uint32_t)i, false);
	f->kind = PLAY_FD_EPOLL;
	return call_done(call_fd_number(c, f));
}

/* {events=..., fd=N} and the like; *data: whichever of the union it gives. */
static uint32_t read_event(struct call *c, unsigned k, int64_t *data)
{
	static const char *const names[] = { "fd", "u32", "u64", "ptr" };
	const struct script_value *v = call_arg(c, k);

	*data = 0;
	for (int i = 0; i < 4; i++)
		if (call_field(v, names[i]))
			*data = number_in(c, v, names[i]);
	return (uint32_t)number_in(c, v, "events");
}

struct play_result call_epoll_ctl(struct call *c)
{
	struct play_fd *ep = call_any_fd(c, 0);
	int op = (int)call_number(c, 1), fd = (int)call_number(c, 2);
	uint32_t events = 0;
	int64_t data = 0;

	if (!ep)
		return call_done(-EBADF);
	if (op != EPOLL_CTL_DEL)
		events = read_event(c, 3, &data);
	return call_done(epolls_ctl(c->p, ep, op, fd, events, data));
}

static void compare_event(struct call *c, const struct epolls_event *got)
{
	int64_t data;
	uint32_t events = read_event(c, 1, &data);

	if (got->events != events || got->data != data)
		play_fail(c->p, c->e->line, "epoll_wait gave events 0x%x, data %lld\n"
			"  expected  events 0x%x, data %lld", got->events,
			(long long)got->data, events, (long long)data);
}

struct play_result call_epoll_wait(struct call *c)
{
	struct play_fd *f = call_any_fd(c, 0);
	int64_t max = call_number(c, 2), timeout = call_number(c, 3);
	struct epolls_event got[PLAY_WATCHES];
	int n;

	if (!f)
		return call_done(-EBADF);
	if (f->kind != PLAY_FD_EPOLL || max <= 0)
		return call_done(-EINVAL);
	if (max > PLAY_WATCHES)
		max = PLAY_WATCHES;
	n = epolls_wait(c->p, f, got, (int)max);
	if (n == 0)
		return call_wait(c, DURATION_MS(timeout), 0);
	if (n == c->e->call.result.number && call_arg(c, 1)->kind == SCRIPT_STRUCT)
		compare_event(c, &got[0]);
	return call_done(n);
}
