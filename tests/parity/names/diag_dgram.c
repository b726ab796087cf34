/* sock_diag about UDP and UDP-Lite: bound, connected, shut down sockets; those without
 * a port are not to be found, and one socket's own name is asked for in the other's
 * place. What waits to be read is told in a unit of the kernel's: here nothing does.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "diag_talk.h"

#define EVERYTHING 0xff

static void both_ways(int nl, const char *what, int protocol, const struct place *own)
{
	struct diag_ask q = diag_exact(protocol, own, NULL);
	struct diag_ask t = q;

	diag_say(nl, what, &q, diag_line);
	t.r.id.idiag_sport = 0;
	t.r.id.idiag_dport = q.r.id.idiag_sport;
	memset(t.r.id.idiag_src, 0, sizeof(t.r.id.idiag_src));
	memcpy(t.r.id.idiag_dst, q.r.id.idiag_src, sizeof(t.r.id.idiag_dst));
	diag_say(nl, what, &t, diag_line);
	t.r.idiag_ext = EVERYTHING;
	diag_say(nl, what, &t, diag_full);
}

static void list(int nl, const char *what, int family, int protocol, unsigned states)
{
	struct diag_ask q = diag_new(family, protocol);

	q.r.idiag_states = states;
	diag_dump(nl, what, &q, diag_line);
}

static void one_family(int nl, int family, int protocol)
{
	struct place at = loopback(family, 0);
	int fd = MUST(socket(family, SOCK_DGRAM, protocol)), other;

	list(nl, "without a port", family, protocol, DIAG_ALL_STATES);
	MUST(bind(fd, &at.any, at.length));
	at = own_place(fd);
	both_ways(nl, "bound", protocol, &at);
	list(nl, "list", family, protocol, DIAG_ALL_STATES);
	other = MUST(socket(family, SOCK_DGRAM, protocol));
	MUST(connect(other, &at.any, at.length));
	list(nl, "established", family, protocol, 1 << TCP_ESTABLISHED);
	list(nl, "closed", family, protocol, 1 << TCP_CLOSE);
	MUST(shutdown(other, SHUT_RD));
	list(nl, "shut down", family, protocol, 1 << TCP_ESTABLISHED);
	close(fd);
	close(other);
	list(nl, "none", family, protocol, DIAG_ALL_STATES);
}

int main(void)
{
	int nl = MUST(socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG));

	one_family(nl, AF_INET, IPPROTO_UDP);
	one_family(nl, AF_INET6, IPPROTO_UDP);
	one_family(nl, AF_INET, IPPROTO_UDPLITE);
	return 0;
}
