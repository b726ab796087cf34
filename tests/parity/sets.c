/* epoll sets for parity programs. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#define MOST 64

static void control(int epfd, int op, int fd, uint32_t events, int id)
{
	struct epoll_event ev = { .events = events, .data.u32 = (uint32_t)id };

	MUST(epoll_ctl(epfd, op, fd, &ev));
}

void set_add(int epfd, int fd, uint32_t events, int id)
{
	control(epfd, EPOLL_CTL_ADD, fd, events, id);
}

void set_change(int epfd, int fd, uint32_t events, int id)
{
	control(epfd, EPOLL_CTL_MOD, fd, events, id);
}

static int by_data(const void *a, const void *b)
{
	const struct epoll_event *x = a, *y = b;

	return (int)x->data.u32 - (int)y->data.u32;
}

void say_wait(const char *what, int epfd, int max, int ms)
{
	struct epoll_event ev[MOST];
	char text[1024] = "";
	size_t at = 0;
	int n;

	if (max > MOST)
		broken("too many events");
	settle();
	n = epoll_wait(epfd, ev, max, ms);
	if (n > 0)
		qsort(ev, (size_t)n, sizeof(*ev), by_data);
	for (int k = 0; k < n && at < sizeof(text) - 64; k++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, " %u:%s",
			ev[k].data.u32, epoll_text(ev[k].events));
	say("%s: %s%s", what, n < 0 ? error_name(errno) : n == 0 ? "nothing" :
		"events", text);
}
