/* SO_ATTACH_REUSEPORT_CBPF: a program chooses among sockets of one name.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <linux/filter.h>

#define N 3

static int socket_at(int type, struct sockaddr_in *in)
{
	int fd = MUST(socket(AF_INET, type, 0)), on = 1;
	socklen_t len = sizeof(*in);

	MUST(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)));
	MUST(bind(fd, (void *)in, sizeof(*in)));
	MUST(getsockname(fd, (void *)in, &len));
	return fd;
}

static long attach(int fd, struct sock_filter *code, int n)
{
	struct sock_fprog f = { (unsigned short)n, code };

	return SHOW(setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &f, sizeof(f)));
}

/* Which of them has something; waited for. */
static int who(const int *fd)
{
	struct pollfd p[N];

	for (int k = 0; k < N; k++)
		p[k] = (struct pollfd){ .fd = fd[k], .events = POLLIN };
	if (poll(p, N, LIMIT_MS) < 1)
		broken("nobody has it");
	for (int k = 0; k < N; k++)
		if (p[k].revents)
			return k;
	return -1;
}

static void datagrams(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sock_filter first_byte[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
		BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, '0'),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	static const char *const said[] = { "2", "0", "1", "1", "2", "0x", "00" };
	int fd[N], out = MUST(socket(AF_INET, SOCK_DGRAM, 0)), place;
	char buf[10];

	for (int k = 0; k < N; k++)
		fd[k] = socket_at(SOCK_DGRAM, &in);
	attach(fd[1], first_byte, 3);
	for (size_t k = 0; k < sizeof(said) / sizeof(said[0]); k++) {
		MUST(sendto(out, said[k], strlen(said[k]), 0, (void *)&in, sizeof(in)));
		place = who(fd);
		say("%s: to number %d, %d bytes", said[k], place,
			(int)recv(fd[place], buf, sizeof(buf), 0));
	}
	MUST(sendto(out, "9", 1, 0, (void *)&in, sizeof(in)));
	say("no such place: somebody gets it: %d",
		(int)recv(fd[who(fd)], buf, sizeof(buf), 0));
	MUST(sendto(out, "", 0, 0, (void *)&in, sizeof(in)));
	say("nothing to look at: number %d", who(fd));
	SHOW(setsockopt(fd[2], SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, &place, sizeof(int)));
}

static void listeners(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sock_filter one[] = { BPF_STMT(BPF_RET | BPF_K, 1) };
	int fd[N], place;

	for (int k = 0; k < N; k++)
		fd[k] = socket_at(SOCK_STREAM, &in);
	for (int k = 0; k < N; k++)
		MUST(listen(fd[k], 5));
	attach(fd[0], one, 1);
	for (int k = 0; k < 4; k++) {
		int c = MUST(socket(AF_INET, SOCK_STREAM, 0));

		MUST(connect(c, (void *)&in, sizeof(in)));
		place = who(fd);
		say("to listener %d", place);
		close(MUST(accept(fd[place], NULL, NULL)));
		close(c);
	}
}

static void refusals(void)
{
	struct sock_filter bad[] = { BPF_STMT(BPF_LD | BPF_IMM, 1) };
	struct sock_filter good[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0)), on = 1;

	say("without SO_REUSEPORT:");
	attach(fd, good, 1);
	SHOW(setsockopt(fd, SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, &on, sizeof(on)));
	MUST(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)));
	say("with it:");
	SHOW(setsockopt(fd, SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, &on, sizeof(on)));
	attach(fd, bad, 1);
	attach(fd, good, 0);
	attach(fd, good, 1);
	SHOW(setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, good, 4));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, &on, sizeof(on)));
	SHOW(setsockopt(fd, SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, &on, sizeof(on)));
}

int main(void)
{
	datagrams();
	listeners();
	refusals();
	return 0;
}
