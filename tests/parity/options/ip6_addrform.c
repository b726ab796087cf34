/* IPV6_ADDRFORM makes an IPv6 socket with a mapped connection an IPv4 one: when it
 * may, and what names and options it has afterwards.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#define UDP_CORK 1

static int v4 = AF_INET, v6 = AF_INET6;

static int form(int fd, const int *v, socklen_t len)
{
	return setsockopt(fd, IPPROTO_IPV6, IPV6_ADDRFORM, v, len);
}

static void says(int fd)
{
	struct sockaddr_storage sa = { 0 };
	socklen_t len = sizeof(sa);
	int domain = 0, ttl = 0;

	SHOW(getsockname(fd, (struct sockaddr *)&sa, &len));
	say("name: family %d, %u bytes", sa.ss_family, len);
	len = sizeof(sa);
	SHOW(getpeername(fd, (struct sockaddr *)&sa, &len));
	say("peer: family %d, %u bytes", sa.ss_family, len);
	len = sizeof(domain);
	SHOW(getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len));
	say("domain %d", domain);
	len = sizeof(ttl);
	SHOW(getsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, &len));
	SHOW(getsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl, &len));
}

static void stream(void)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6 };
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	int l = MUST(socket(AF_INET6, SOCK_STREAM, 0));
	int c = MUST(socket(AF_INET, SOCK_STREAM, 0)), s;
	socklen_t len = sizeof(any);
	char b[8];

	MUST(bind(l, (struct sockaddr *)&any, len));
	SHOW(form(l, &v4, sizeof(v4)));
	MUST(listen(l, 5));
	SHOW(form(l, &v4, sizeof(v4)));
	SHOW(form(l, &v6, sizeof(v6)));
	SHOW(form(l, &v4, 2));
	MUST(getsockname(l, (struct sockaddr *)&any, &len));
	to.sin_port = any.sin6_port;
	MUST(connect(c, (struct sockaddr *)&to, sizeof(to)));
	s = MUST(accept(l, NULL, NULL));
	says(s);
	SHOW(form(s, &v4, sizeof(v4)));
	says(s);
	SHOW(form(s, &v4, sizeof(v4)));
	SHOW(write(c, "abc", 3));
	SHOW(read(s, b, sizeof(b)));
	SHOW(write(s, "defg", 4));
	SHOW(read(c, b, sizeof(b)));
	SHOW(connect(s, &none, sizeof(none)));
	to.sin_addr.s_addr = htonl(INADDR_ANY);
	to.sin_port = 0;
	SHOW(bind(s, (struct sockaddr *)&to, sizeof(to)));
	SHOW(listen(s, 1));
	to.sin_family = AF_INET6;
	close(c);
	close(s);
	close(l);
}

static void datagram(void)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_port = htons(9),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = MUST(socket(AF_INET6, SOCK_DGRAM, 0)), on = 1;

	SHOW(form(fd, &v4, sizeof(v4)));
	MUST(connect(fd, (struct sockaddr *)&to, sizeof(to)));
	SHOW(form(fd, &v4, sizeof(v4)));
	MUST(inet_pton(AF_INET6, "::ffff:127.0.0.1", &to.sin6_addr));
	MUST(connect(fd, (struct sockaddr *)&to, sizeof(to)));
	says(fd);
	MUST(setsockopt(fd, IPPROTO_UDP, UDP_CORK, &on, sizeof(on)));
	MUST(send(fd, "x", 1, 0));
	SHOW(form(fd, &v4, sizeof(v4)));
	close(fd);
	fd = MUST(socket(AF_INET6, SOCK_DGRAM, 0));
	MUST(connect(fd, (struct sockaddr *)&to, sizeof(to)));
	SHOW(form(fd, &v4, sizeof(v4)));
	says(fd);
	close(fd);
}

int main(void)
{
	stream();
	datagram();
	return 0;
}
