/* A filter says which datagrams come in, and how much of them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#include <linux/filter.h>

#define N(a) ((unsigned short)(sizeof(a) / sizeof((a)[0])))

static void attach(const char *what, int fd, struct sock_filter *p, unsigned short n)
{
	struct sock_fprog f = { n, p };

	SHOW_AS(what, setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &f, sizeof(f)));
}

static void round_(int s, int fd, const struct place *to)
{
	static const char *const words[] = { "apple", "bear", "a", "", "another" };

	for (int k = 0; k < 5; k++)
		MUST(sendto(s, words[k], strlen(words[k]), 0, &to->any, to->length));
	poll(NULL, 0, 30);
	for (int k = 0; k < 6; k++)
		say_recv("  got", fd, MSG_DONTWAIT | MSG_TRUNC);
}

static void family(int domain)
{
	struct place to = loopback(domain, 0);
	int fd = dgram_socket(domain), s = dgram_socket(domain);
	/* The first byte behind UDP's header is 'a'. */
	struct sock_filter first[] = { BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 8),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 'a', 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
		BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_filter cut[] = { BPF_STMT(BPF_RET | BPF_K, 11) };
	struct sock_filter tiny[] = { BPF_STMT(BPF_RET | BPF_K, 1) };
	/* The length that UDP's header tells is above 12. */
	struct sock_filter longer[] = { BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 4),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 12, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0), BPF_STMT(BPF_RET | BPF_K, 100) };
	/* LEN is all from UDP's header on. */
	struct sock_filter len[] = { BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, 1),
		BPF_STMT(BPF_RET | BPF_A, 0) };
	/* The protocol, out of the network header. */
	struct sock_filter net[] = { BPF_STMT(BPF_LD | BPF_B | BPF_ABS,
		(uint32_t)SKF_NET_OFF + (domain == AF_INET ? 9 : 6)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 17, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0), BPF_STMT(BPF_RET | BPF_K, 100) };
	struct sock_filter meta[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		(uint32_t)SKF_AD_OFF + SKF_AD_IFINDEX),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			(uint32_t)SKF_AD_OFF + SKF_AD_PROTOCOL),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			domain == AF_INET ? 0x800 : 0x86dd, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0), BPF_STMT(BPF_RET | BPF_K, 100) };
	struct sock_filter beyond[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 11),
		BPF_STMT(BPF_RET | BPF_K, 100) };
	int one = 1;

	MUST(bind(fd, &to.any, to.length));
	to = own_place(fd);
	attach("first byte", fd, first, N(first));
	round_(s, fd, &to);
	attach("three bytes", fd, cut, N(cut));
	round_(s, fd, &to);
	attach("less than the header", fd, tiny, N(tiny));
	round_(s, fd, &to);
	attach("longer ones", fd, longer, N(longer));
	round_(s, fd, &to);
	attach("one byte less", fd, len, N(len));
	round_(s, fd, &to);
	attach("network header", fd, net, N(net));
	round_(s, fd, &to);
	attach("what the kernel knows", fd, meta, N(meta));
	round_(s, fd, &to);
	attach("beyond the end", fd, beyond, N(beyond));
	round_(s, fd, &to);
	SHOW(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &one, sizeof(one)));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &one, sizeof(one)));
	round_(s, fd, &to);
	close(fd);
	close(s);
}

int main(void)
{
	family(AF_INET);
	family(AF_INET6);
	return 0;
}
