/* Programs that are no filters; reading one again; locking it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#include <linux/filter.h>

static int attach(int fd, const struct sock_filter *p, unsigned n)
{
	struct sock_fprog f = { (unsigned short)n, (struct sock_filter *)(uintptr_t)p };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &f, sizeof(f));
}

/* One instruction, then a return. */
static void one(const char *what, int fd, uint16_t code, uint32_t k)
{
	struct sock_filter p[2] = { { code, 0, 0, k },
		{ BPF_RET | BPF_K, 0, 0, 0xffff } };

	SHOW_AS(what, attach(fd, p, 2));
}

static void codes(int fd)
{
	int taken = 0;

	for (unsigned code = 0; code < 0x200; code++) {
		struct sock_filter p[2] = { { (uint16_t)code, 0, 0, 1 },
			{ BPF_RET | BPF_K, 0, 0, 0xffff } };

		if (attach(fd, p, 2) == 0) {
			say("code %#x", code);
			taken++;
		}
	}
	say("%d codes", taken);
	for (int k = -0x1000 - 8; k < 0; k++) {
		struct sock_filter p[2] = { { BPF_LD | BPF_W | BPF_ABS, 0, 0,
			(uint32_t)k }, { BPF_RET | BPF_K, 0, 0, 0xffff } };

		if (k < -0x1000 + 100 && attach(fd, p, 2) == 0)
			say("offset %d", k);
	}
}

static void reading(int fd)
{
	struct sock_filter p[3] = { { BPF_LD | BPF_IMM, 0, 0, 7 },
		{ BPF_MISC | BPF_TAX, 0, 0, 0 }, { BPF_RET | BPF_A, 0, 0, 0 } };
	struct sock_filter b[8];
	socklen_t n;
	int on = 1, off = 0;

	SHOW(attach(fd, p, 3));
	for (socklen_t room = 0; room < 6; room++) {
		n = room;
		memset(b, 0, sizeof(b));
		say("room %u", room);
		SHOW(getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, b, &n));
		say("  %u: %d %d %d %d", n, b[0].code, b[1].code, b[2].code,
			b[3].code);
	}
	SHOW(setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on)));
	SHOW(attach(fd, p, 3));
	SHOW(attach(fd, NULL, 3));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &on, sizeof(on)));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &off, sizeof(off)));
	n = sizeof(on);
	SHOW(getsockopt(fd, SOL_SOCKET, SO_BPF_EXTENSIONS, &on, &n));
	say("extensions %d", on);
}

int main(void)
{
	int fd = dgram_socket(AF_INET), tcp = MUST(socket(AF_INET, SOCK_STREAM, 0));
	static struct sock_filter many[5000];
	struct sock_filter jump[3] = { BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 2),
		BPF_STMT(BPF_RET | BPF_K, 0), BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_filter memory[4] = { BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
		BPF_STMT(BPF_ST, 3), BPF_STMT(BPF_LD | BPF_MEM, 3),
		BPF_STMT(BPF_RET | BPF_A, 0) };

	codes(fd);
	one("divided by 0", fd, BPF_ALU | BPF_DIV | BPF_K, 0);
	one("modulo 0", fd, BPF_ALU | BPF_MOD | BPF_K, 0);
	one("shifted by 31", fd, BPF_ALU | BPF_LSH | BPF_K, 31);
	one("shifted by 32", fd, BPF_ALU | BPF_RSH | BPF_K, 32);
	one("word 15", fd, BPF_ST, 15);
	one("word 16", fd, BPF_ST, 16);
	one("word never set", fd, BPF_LD | BPF_MEM, 0);
	one("jump to the end", fd, BPF_JMP | BPF_JA, 0);
	one("jump beyond", fd, BPF_JMP | BPF_JA, 1);
	SHOW_AS("a branch beyond", attach(fd, jump, 3));
	jump[0].jf = 1;
	SHOW_AS("a branch", attach(fd, jump, 3));
	SHOW_AS("no return", attach(fd, memory, 3));
	SHOW_AS("set on one way", attach(fd, memory, 4));
	memory[0].jf = 0;
	SHOW_AS("set on both", attach(fd, memory, 4));
	for (unsigned k = 0; k < 5000; k++)
		many[k] = (struct sock_filter){ BPF_RET | BPF_K, 0, 0, 0 };
	SHOW_AS("4096", attach(fd, many, 4096));
	SHOW_AS("4097", attach(fd, many, 4097));
	SHOW_AS("none", attach(fd, many, 0));
	SHOW_AS("nowhere", attach(fd, NULL, 1));
	SHOW_AS("a bad address", attach(fd, (struct sock_filter *)16, 1));
	reading(fd);
	reading(tcp);
	return 0;
}
