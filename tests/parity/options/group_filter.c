/* Whole source filters of groups: IP_MSFILTER and MCAST_MSFILTER.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../groups.h"

#define G4 "239.4.4.4"
#define G6 "ff05::44"

static int set4(int fd, const char *group, uint32_t mode, uint32_t n, socklen_t len)
{
	union {
		struct ip_msfilter f;
		char room[IP_MSFILTER_SIZE(64)];
	} u = { .f = { .imsf_multiaddr = four(group),
		.imsf_interface = four("127.0.0.1"), .imsf_fmode = mode,
		.imsf_numsrc = n } };

	for (uint32_t k = 0; k < 12; k++)
		u.f.imsf_slist[k].s_addr = htonl(0x0a000001 + k);
	return setsockopt(fd, IPPROTO_IP, IP_MSFILTER, &u, len);
}

static void get4(int fd, const char *group, uint32_t n, socklen_t len)
{
	union {
		struct ip_msfilter f;
		char room[IP_MSFILTER_SIZE(64)];
	} u = { .f = { .imsf_multiaddr = four(group),
		.imsf_interface = four("127.0.0.1"), .imsf_numsrc = n } };
	int r = SHOW(getsockopt(fd, IPPROTO_IP, IP_MSFILTER, &u, &len));

	if (r < 0)
		return;
	say("  %u bytes, mode %u, %u sources", len, u.f.imsf_fmode,
		u.f.imsf_numsrc);
	for (uint32_t k = 0; k < 12 && IP_MSFILTER_SIZE(k + 1) <= len; k++)
		say("  %s", inet_ntoa(u.f.imsf_slist[k]));
}

static int set_any(int fd, const char *group, unsigned ifindex, uint32_t mode,
	uint32_t n, socklen_t len)
{
	bool v4 = level_of(group) == IPPROTO_IP;
	union {
		struct group_filter f;
		char room[GROUP_FILTER_SIZE(70)];
	} u = { .f = { .gf_interface = ifindex, .gf_group = stored(group),
		.gf_fmode = mode, .gf_numsrc = n } };
	char text[32];

	for (uint32_t k = 0; k < 66; k++) {
		snprintf(text, sizeof(text), v4 ? "10.0.0.%d" : "fd00::%d", k + 1);
		u.f.gf_slist[k] = stored(text);
	}
	return setsockopt(fd, level_of(group), MCAST_MSFILTER, &u, len);
}

static void get_any(int fd, const char *group, unsigned ifindex, uint32_t n,
	socklen_t len)
{
	union {
		struct group_filter f;
		char room[GROUP_FILTER_SIZE(70)];
	} u = { .f = { .gf_interface = ifindex, .gf_group = stored(group),
		.gf_numsrc = n } };
	int r = SHOW(getsockopt(fd, level_of(group), MCAST_MSFILTER, &u, &len));

	if (r < 0)
		return;
	say("  %u bytes, mode %u, %u sources", len, u.f.gf_fmode, u.f.gf_numsrc);
	for (uint32_t k = 0; k < 12 && GROUP_FILTER_SIZE(k + 1) <= len; k++)
		say("  %s", address_text(&u.f.gf_slist[k],
			sizeof(u.f.gf_slist[k])));
}

static void one_group(int fd, const char *group, int most)
{
	socklen_t full = GROUP_FILTER_SIZE(most + 1);

	SHOW(set_any(fd, group, 1, MCAST_EXCLUDE, 1, full));
	get_any(fd, group, 1, 4, full);
	SHOW(group_req(fd, MCAST_JOIN_GROUP, group, 1));
	get_any(fd, group, 1, 4, full);
	SHOW(set_any(fd, group, 1, MCAST_EXCLUDE, 2, full));
	get_any(fd, group, 1, 4, full);
	get_any(fd, group, 1, 1, full);
	get_any(fd, group, 1, 4, GROUP_FILTER_SIZE(0));
	get_any(fd, group, 1, 0, GROUP_FILTER_SIZE(0));
	get_any(fd, group, 1, 0, GROUP_FILTER_SIZE(0) - 1);
	get_any(fd, group, 9, 4, full);
	SHOW(set_any(fd, group, 1, MCAST_INCLUDE, 3, full));
	get_any(fd, group, 1, 9, full);
	SHOW(set_any(fd, group, 1, MCAST_EXCLUDE, most, full));
	SHOW(set_any(fd, group, 1, MCAST_EXCLUDE, most + 1, full));
	SHOW(set_any(fd, group, 1, MCAST_EXCLUDE, 2, GROUP_FILTER_SIZE(1)));
	SHOW(set_any(fd, group, 1, 7, 2, full));
	SHOW(set_any(fd, group, 9, MCAST_EXCLUDE, 2, full));
	SHOW(set_any(fd, group, 1, MCAST_EXCLUDE, 0, GROUP_FILTER_SIZE(0) - 1));
	SHOW(set_any(fd, group, 1, MCAST_EXCLUDE, 0, GROUP_FILTER_SIZE(0)));
	get_any(fd, group, 1, 4, full);
	SHOW(set_any(fd, group, 1, MCAST_INCLUDE, 0, full));
	get_any(fd, group, 1, 4, full);
}

int main(void)
{
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	int fd6 = MUST(socket(AF_INET6, SOCK_DGRAM, 0));
	socklen_t full = IP_MSFILTER_SIZE(11);

	SHOW(set4(fd, G4, MCAST_INCLUDE, 2, full));
	get4(fd, G4, 4, full);
	MUST(mreqn(fd, IP_ADD_MEMBERSHIP, G4, "127.0.0.1", 0));
	SHOW(set4(fd, G4, MCAST_INCLUDE, 2, full));
	get4(fd, G4, 4, full);
	get4(fd, G4, 1, full);
	get4(fd, G4, 0, IP_MSFILTER_SIZE(0));
	get4(fd, G4, 0, IP_MSFILTER_SIZE(0) - 1);
	get4(fd, "10.4.4.4", 4, full);
	get4(fd, "239.4.4.5", 4, full);
	SHOW(set4(fd, G4, MCAST_EXCLUDE, 10, full));
	SHOW(set4(fd, G4, MCAST_EXCLUDE, 11, full));
	SHOW(set4(fd, G4, MCAST_EXCLUDE, 2, IP_MSFILTER_SIZE(1)));
	SHOW(set4(fd, G4, 5, 2, full));
	SHOW(set4(fd, "10.4.4.4", MCAST_EXCLUDE, 2, full));
	SHOW(set4(fd, G4, MCAST_EXCLUDE, 2, IP_MSFILTER_SIZE(0) - 1));
	SHOW(set4(fd, G4, MCAST_INCLUDE, 0, full));
	get4(fd, G4, 4, full);
	one_group(fd, G4, 10);
	one_group(fd6, G6, 64);
	return 0;
}
