/* socket(): what it says to families, types and protocols that do not go
 * together.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void try(const char *what, int domain, int type, int protocol)
{
	int fd = socket(domain, type, protocol);

	say("%s: %s", what, fd < 0 ? error_name(errno) : "a socket");
	if (fd >= 0)
		close(fd);
}

static void look(int family)
{
	try("stream, UDP", family, SOCK_STREAM, IPPROTO_UDP);
	try("stream, ICMP", family, SOCK_STREAM, IPPROTO_ICMP);
	try("datagrams, TCP", family, SOCK_DGRAM, IPPROTO_TCP);
	try("seqpacket", family, SOCK_SEQPACKET, 0);
	try("rdm", family, SOCK_RDM, 0);
	try("dccp", family, SOCK_DCCP, 0);
	try("type 0", family, 0, 0);
	try("type 11", family, 11, 0);
	try("type 15", family, 15, 0);
	try("type -1", family, -1, 0);
	try("unknown flag", family, SOCK_STREAM | 0x10000, 0);
	try("stream, TCP", family, SOCK_STREAM, IPPROTO_TCP);
	try("datagrams, UDP", family, SOCK_DGRAM, IPPROTO_UDP);
	try("stream, protocol -1", family, SOCK_STREAM, -1);
	try("stream, protocol 300", family, SOCK_STREAM, 300);
	try("stream, protocol 255", family, SOCK_STREAM, 255);
	try("datagrams, protocol 300", family, SOCK_DGRAM, 300);
	try("datagrams, protocol 99", family, SOCK_DGRAM, 99);
}

int main(void)
{
	both_families(look);
	try("family -1", -1, SOCK_STREAM, 0);
	try("family 0", AF_UNSPEC, SOCK_STREAM, 0);
	try("family 46", 46, SOCK_STREAM, 0);
	try("family 1000", 1000, SOCK_STREAM, 0);
	return 0;
}
