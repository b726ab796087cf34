/* Lists of sock_diag: which states, which family, what closed connections leave; and a
 * list that is too long for one answer.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "diag_talk.h"

#define MANY 300

static int nl;

static void list(const char *what, int family, unsigned states)
{
	struct diag_ask q = diag_new(family, IPPROTO_TCP);

	q.r.idiag_states = states;
	diag_dump(nl, what, &q, diag_line);
}

static void states(void)
{
	struct place at;
	int l, c, a;

	list("nothing", AF_INET, DIAG_ALL_STATES);
	l = listener(AF_INET, 3, &at);
	list("listeners", AF_INET, 1 << 10);
	list("of the other family", AF_INET6, 1 << 10);
	list("of no state", AF_INET, 0);
	c = connected_to(&at);
	settle();
	say("established, one not accepted: %d", diag_dump(nl, "both ends",
		&(struct diag_ask){ diag_new(AF_INET, IPPROTO_TCP).n,
			diag_new(AF_INET, IPPROTO_TCP).r, { 0 } }, NULL));
	a = accept_one(l);
	close(l);
	list("no listeners", AF_INET, 1 << 10);
	close(a);
	close(c);
}

static void ports(void)
{
	struct diag_ask q = diag_new(AF_INET, IPPROTO_TCP);
	struct place a, b;
	int l = listener(AF_INET, 3, &a), m = listener(AF_INET, 3, &b), fd = connected_to(&a);

	q.r.idiag_states = 1 << 10;
	q.r.id.idiag_sport = a.v4.sin_port;
	diag_dump(nl, "by a port", &q, diag_line);
	q.r.id.idiag_sport = htons(1);
	diag_dump(nl, "by another", &q, diag_line);
	q = diag_new(AF_INET, IPPROTO_TCP);
	q.r.id.idiag_dport = a.v4.sin_port;
	diag_dump(nl, "by the other's port", &q, diag_line);
	close(fd);
	close(l);
	close(m);
}

static void left_line(const struct inet_diag_msg *m, const struct nlmsghdr *n)
{
	(void)n;
	say("  state %u timer %u%s%s", m->idiag_state, m->idiag_timer,
		m->idiag_expires > 30000 ? " long" : "", m->idiag_inode ? " inode" : "");
}

static void until_there(struct diag_ask *q)
{
	for (int k = 0; k < 200 && diag_count(nl, q) != 1; k++)
		usleep(20000);
}

/* The first to close has a name left for a minute. */
static void left(void)
{
	struct diag_ask q = diag_new(AF_INET, IPPROTO_TCP);
	struct place own;
	int fd[2];

	stream_pair(AF_INET, fd);
	own = own_place(fd[0]);
	close(fd[0]);
	await(fd[1], POLLIN);
	q.r.id.idiag_sport = own.v4.sin_port;
	q.r.idiag_states = 1 << 5 | 1 << 4;
	until_there(&q);
	say("not closed by the other: %d", diag_dump(nl, "first", &q, NULL));
	close(fd[1]);
	q.r.idiag_states = 1 << 6;
	until_there(&q);
	diag_dump(nl, "closed by both", &q, left_line);
}

static void long_list(void)
{
	struct diag_ask q = diag_new(AF_INET, IPPROTO_TCP);
	int fd[MANY];
	uint8_t byte;

	for (int k = 0; k < MANY; k++)
		fd[k] = listener(AF_INET, 1, NULL);
	q.r.idiag_states = 1 << 10;
	q.r.idiag_ext = 0xff;
	say("many: %d", diag_dump(nl, "all of them", &q, NULL));
	say("again: %d", diag_dump(nl, "all of them", &q, NULL));
	SHOW_AS("then", recv(nl, &byte, 1, MSG_DONTWAIT));
	for (int k = 0; k < MANY; k++)
		close(fd[k]);
	say("none: %d", diag_dump(nl, "none of them", &q, NULL));
}

int main(void)
{
	nl = MUST(socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG));
	states();
	ports();
	left();
	long_list();
	return 0;
}
