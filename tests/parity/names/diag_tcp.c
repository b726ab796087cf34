/* sock_diag about TCP: listeners and connections, each asked for by its names, with
 * everything that may be asked of it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "diag_talk.h"

#define EVERYTHING 0xff

static void one(int nl, const char *what, struct diag_ask a)
{
	diag_say(nl, what, &a, diag_line);
	a.r.idiag_ext = EVERYTHING;
	diag_say(nl, what, &a, diag_full);
}

static void listeners(int nl)
{
	int family[] = { AF_INET, AF_INET6, AF_INET6 };
	struct place at;
	int on = 1;

	for (int k = 0; k < 3; k++) {
		int fd = stream_socket(family[k]);

		if (k == 2)
			MUST(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)));
		at = anywhere(family[k], 0);
		MUST(bind(fd, &at.any, at.length));
		MUST(listen(fd, 3 + k));
		at = own_place(fd);
		one(nl, "listener", diag_exact(IPPROTO_TCP, &at, NULL));
		close(fd);
	}
}

static void waiting(int nl)
{
	struct place at;
	int l = listener(AF_INET, 8, &at), a, b;
	struct diag_ask q;

	a = connected_to(&at);
	b = connected_to(&at);
	settle();
	q = diag_exact(IPPROTO_TCP, &at, NULL);
	diag_say(nl, "two wait", &q, diag_line);
	close(accept_one(l));
	settle();
	diag_say(nl, "one waits", &q, diag_line);
	close(a);
	close(b);
	close(l);
}

/* Until its FIN is acknowledged, which may take a delayed ACK's time. */
static void await_fin_wait2(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	for (int k = 0; k < 1000 && info.tcpi_state != TCP_FIN_WAIT2; k++) {
		MUST(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len));
		usleep(5000);
	}
}

static void connection(int nl, int family)
{
	int fd[2], on = 1, tos = 0x10;

	stream_pair(family, fd);
	one(nl, "connector", diag_exact_of(IPPROTO_TCP, fd[0]));
	one(nl, "accepted", diag_exact_of(IPPROTO_TCP, fd[1]));
	MUST(setsockopt(fd[0], IPPROTO_IP, IP_TOS, &tos, sizeof(tos)));
	if (family == AF_INET6)
		MUST(setsockopt(fd[0], IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos)));
	MUST(setsockopt(fd[0], SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)));
	MUST(write(fd[1], "seven b", 7));
	settle();
	one(nl, "with options, unread bytes", diag_exact_of(IPPROTO_TCP, fd[0]));
	MUST(shutdown(fd[0], SHUT_WR));
	await_fin_wait2(fd[0]);
	settle();
	one(nl, "shut down", diag_exact_of(IPPROTO_TCP, fd[0]));
	one(nl, "its peer", diag_exact_of(IPPROTO_TCP, fd[1]));
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	int nl = MUST(socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG));

	listeners(nl);
	waiting(nl);
	connection(nl, AF_INET);
	connection(nl, AF_INET6);
	return 0;
}
