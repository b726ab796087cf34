/* Of the programs about groups: joining them in every shape.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef PARITY_GROUPS_H
#define PARITY_GROUPS_H

#include "say.h"

static inline struct in_addr four(const char *text)
{
	struct in_addr a = { 0 };

	inet_pton(AF_INET, text, &a);
	return a;
}

static inline struct in6_addr six(const char *text)
{
	struct in6_addr a = { 0 };

	inet_pton(AF_INET6, text, &a);
	return a;
}

/* An address of either family, as a sockaddr_storage. */
static inline struct sockaddr_storage stored(const char *text)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_storage ss = { 0 };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		memcpy(&ss, &in, sizeof(in));
	else if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1)
		memcpy(&ss, &in6, sizeof(in6));
	return ss;
}

static inline int level_of(const char *text)
{
	return strchr(text, ':') ? IPPROTO_IPV6 : IPPROTO_IP;
}

/* IP_ADD_MEMBERSHIP or IP_DROP_MEMBERSHIP by address and index. */
static inline int mreqn(int fd, int name, const char *group, const char *via,
	int ifindex)
{
	struct ip_mreqn m = { four(group), four(via), ifindex };

	return setsockopt(fd, IPPROTO_IP, name, &m, sizeof(m));
}

static inline int mreq6(int fd, int name, const char *group, unsigned ifindex)
{
	struct ipv6_mreq m = { six(group), ifindex };

	return setsockopt(fd, IPPROTO_IPV6, name, &m, sizeof(m));
}

/* IP_ADD_SOURCE_MEMBERSHIP and its kin. */
static inline int mreqs(int fd, int name, const char *group, const char *via,
	const char *source)
{
	struct ip_mreq_source m = { .imr_multiaddr = four(group),
		.imr_interface = four(via), .imr_sourceaddr = four(source) };

	return setsockopt(fd, IPPROTO_IP, name, &m, sizeof(m));
}

/* MCAST_JOIN_GROUP, MCAST_LEAVE_GROUP. */
static inline int group_req(int fd, int name, const char *group, unsigned ifindex)
{
	struct group_req g = { .gr_interface = ifindex, .gr_group = stored(group) };

	return setsockopt(fd, level_of(group), name, &g, sizeof(g));
}

static inline int source_req(int fd, int name, const char *group, unsigned ifindex,
	const char *source)
{
	struct group_source_req g = { .gsr_interface = ifindex,
		.gsr_group = stored(group), .gsr_source = stored(source) };

	return setsockopt(fd, level_of(group), name, &g, sizeof(g));
}

/* Sends text to a group's port. */
static inline long to_group(int fd, const char *group, int port, const char *text)
{
	struct place p = place_of(group, port);

	return sendto(fd, text, strlen(text), 0, &p.any, p.length);
}

static inline void by_loopback(int fd)
{
	struct ip_mreqn m = { .imr_ifindex = 1 };
	int lo = 1;

	setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &m, sizeof(m));
	setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &lo, sizeof(lo));
}

/* Takes all that lies there. */
static inline void say_all(const char *what, int fd)
{
	char b[64];
	ssize_t n;

	poll(NULL, 0, 30);
	while ((n = recv(settled(fd), b, sizeof(b), MSG_DONTWAIT)) >= 0)
		say("%s: %s", what, bytes_text(b, (size_t)n));
	say("%s: %s", what, error_name(errno));
}

#endif
