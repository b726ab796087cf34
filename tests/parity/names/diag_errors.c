/* NETLINK_SOCK_DIAG's requests that are refused; cookies; the socket itself.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "diag_talk.h"

static int nl;

static void cookies(void)
{
	struct place at;
	int l = listener(AF_INET, 1, &at);
	struct diag_ask q = diag_exact(IPPROTO_TCP, &at, NULL);
	uint64_t cookie;
	socklen_t len = sizeof(cookie);

	MUST(getsockopt(l, SOL_SOCKET, SO_COOKIE, &cookie, &len));
	q.r.id.idiag_cookie[0] = (uint32_t)cookie;
	q.r.id.idiag_cookie[1] = (uint32_t)(cookie >> 32);
	diag_say(nl, "its cookie", &q, diag_line);
	q.r.id.idiag_cookie[0] ^= 1u << 20;
	diag_say(nl, "another cookie", &q, diag_line);
	q.r.id.idiag_cookie[0] = q.r.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	q.r.sdiag_protocol = 99;
	diag_say(nl, "unknown protocol", &q, diag_line);
	q.r.sdiag_protocol = IPPROTO_TCP;
	q.r.id.idiag_sport ^= htons(1);
	diag_say(nl, "nobody", &q, diag_line);
	close(l);
}

static void families(void)
{
	struct diag_ask q = diag_new(AF_UNSPEC, IPPROTO_TCP);

	diag_dump(nl, "no family", &q, diag_line);
	q = diag_new(3, IPPROTO_TCP);
	diag_dump(nl, "AX.25", &q, diag_line);
	q = diag_new(200, IPPROTO_TCP);
	diag_dump(nl, "no such family", &q, diag_line);
	q = diag_new(AF_INET, IPPROTO_TCP);
	q.n.nlmsg_len -= 4;
	diag_dump(nl, "short", &q, diag_line);
	q.n.nlmsg_len = NLMSG_LENGTH(1);
	diag_dump(nl, "shorter", &q, diag_line);
	q = diag_new(AF_INET, IPPROTO_TCP);
	q.n.nlmsg_type = 25;
	diag_say(nl, "no such request", &q, diag_line);
	q = diag_new(AF_PACKET, 0);
	diag_say(nl, "one packet socket", &q, diag_line);
	q = diag_new(AF_PACKET, 3);
	diag_dump(nl, "packets of a protocol", &q, diag_line);
}

static void itself(void)
{
	struct sockaddr_nl sa = { 0 };
	socklen_t len = sizeof(sa);

	say_option("SO_DOMAIN", nl, SOL_SOCKET, SO_DOMAIN);
	say_option("SO_TYPE", nl, SOL_SOCKET, SO_TYPE);
	say_option("SO_PROTOCOL", nl, SOL_SOCKET, SO_PROTOCOL);
	MUST(getsockname(nl, (struct sockaddr *)&sa, &len));
	say("name: family %u groups %u", sa.nl_family, sa.nl_groups);
	SHOW(socket(AF_NETLINK, SOCK_STREAM, NETLINK_SOCK_DIAG));
}

int main(void)
{
	nl = MUST(socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG));
	itself();
	cookies();
	families();
	return 0;
}
