/* Dies at every instruction, one after another: for each k a child is stopped at
 * the door of one call, goes k instructions further (ptrace) and is killed there.
 * Then its neighbours, who share sockets, epoll set and locks with it, must still
 * work: the far end hears of its death, the shared ones serve the next one.
 * An ordinary program: run it on enchufe.
 *
 * usage: step OPERATION STRIDE [HOST]   (HOST: an echo server's; "" this host)
 * Prints "OPERATION: N steps" when the operation had come to its end; else says
 * what hung, with the step, and exits with 1.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_MS 5000 /* for whatever must happen, against hanging */
#define STEPS_MAX 200000
#define PORT 7100

/* What parent and child share, made anew for each step. */
struct scene {
	int listener;
	int near, far; /* a connection; the child uses near, which we share */
	int epoll;     /* near is in it, level-triggered */
	int watch;     /* far is in it, edge-triggered */
	int udp;       /* bound to PORT, shared */
	struct sockaddr_in to, to_udp;
};

static const char *doing = "";
static long at_step;

static void fail(const char *what)
{
	printf("%s: step %ld: %s: %s\n", doing, at_step, what, strerror(errno));
	exit(1);
}

#define MUST(x) must((x), #x)

static int must(long r, const char *what)
{
	if (r < 0)
		fail(what);
	return (int)r;
}

static void wait_for(int fd, short events, const char *what)
{
	struct pollfd p = { .fd = fd, .events = events };

	errno = ETIME;
	if (poll(&p, 1, LIMIT_MS) <= 0)
		fail(what);
}

static int dial(const struct sockaddr_in *to)
{
	int fd = MUST(socket(AF_INET, SOCK_STREAM, 0));

	MUST(connect(fd, (const struct sockaddr *)to, sizeof(*to)));
	return fd;
}

static void scene_begin(struct scene *s)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct epoll_event edge = { .events = EPOLLIN | EPOLLRDHUP | EPOLLET };

	s->near = dial(&s->to);
	s->far = -1;
	if (s->listener >= 0) {
		wait_for(s->listener, POLLIN, "accept queue");
		s->far = MUST(accept(s->listener, NULL, NULL));
	}
	s->watch = MUST(epoll_create1(0));
	if (s->far >= 0)
		MUST(epoll_ctl(s->watch, EPOLL_CTL_ADD, s->far, &edge));
	s->epoll = MUST(epoll_create1(0));
	ev.data.fd = s->near;
	MUST(epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->near, &ev));
}

static void scene_end(struct scene *s)
{
	close(s->near);
	if (s->far >= 0)
		close(s->far);
	close(s->epoll);
	close(s->watch);
}

/* --- the operations, in the child --------------------------------------------- */

static char bytes[5000];

static void op_send(struct scene *s)
{
	send(s->near, "hello", 5, 0);
}

static void op_hold(struct scene *s)
{
	send(s->near, "hold", 4, MSG_MORE);
	send(s->near, "more", 4, MSG_MORE);
	send(s->near, "show", 4, 0);
}

static void op_recv(struct scene *s)
{
	recv(s->near, bytes, sizeof(bytes), MSG_DONTWAIT);
}

static void op_epoll(struct scene *s)
{
	struct epoll_event ev;

	epoll_wait(s->epoll, &ev, 1, 0);
}

static void op_epoll_ctl(struct scene *s)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT | EPOLLET };

	epoll_ctl(s->epoll, EPOLL_CTL_MOD, s->near, &ev);
	epoll_ctl(s->epoll, EPOLL_CTL_DEL, s->near, NULL);
	epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->near, &ev);
}

static void op_socket(struct scene *s)
{
	close(socket(AF_INET, SOCK_STREAM, 0));
}

static void op_connect(struct scene *s)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	connect(fd, (struct sockaddr *)&s->to, sizeof(s->to));
	send(fd, "x", 1, MSG_NOSIGNAL);
}

static void op_accept(struct scene *s)
{
	close(accept(s->listener, NULL, NULL));
}

static void op_listen(struct scene *s)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_port = htons(PORT + 5) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	bind(fd, (struct sockaddr *)&sa, sizeof(sa));
	listen(fd, 5);
}

static void op_shutdown(struct scene *s)
{
	shutdown(s->near, SHUT_WR);
}

static void op_udp(struct scene *s)
{
	sendto(s->udp, "hello", 5, 0, (struct sockaddr *)&s->to_udp,
		sizeof(s->to_udp));
	recv(s->udp, bytes, sizeof(bytes), MSG_DONTWAIT);
}

static void op_poll(struct scene *s)
{
	struct pollfd p[2] = { { .fd = s->near, .events = POLLIN },
		{ .fd = s->udp, .events = POLLIN } };

	poll(p, 2, 1);
}

static int member(int fd, int name, uint32_t group)
{
	struct ip_mreqn m = { { htonl(group) }, { 0 }, 1 };

	return setsockopt(fd, IPPROTO_IP, name, &m, sizeof(m));
}

/* Into a group, out of it, and a filter that lets all pass. */
static void op_group(struct scene *s)
{
	struct sock_filter all = { BPF_RET | BPF_K, 0, 0, 0xffff };
	struct sock_fprog f = { 1, &all };

	member(s->udp, IP_ADD_MEMBERSHIP, 0xef010101);
	setsockopt(s->udp, SOL_SOCKET, SO_ATTACH_FILTER, &f, sizeof(f));
	member(s->udp, IP_ADD_MEMBERSHIP, 0xef010102);
	member(s->udp, IP_DROP_MEMBERSHIP, 0xef010101);
}

static const struct {
	const char *name;
	void (*run)(struct scene *s);
} ops[] = {
	{ "send", op_send }, { "recv", op_recv }, { "hold", op_hold },
	{ "epoll", op_epoll }, { "epoll_ctl", op_epoll_ctl },
	{ "socket", op_socket }, { "connect", op_connect },
	{ "accept", op_accept }, { "listen", op_listen },
	{ "shutdown", op_shutdown }, { "udp", op_udp }, { "poll", op_poll },
	{ "group", op_group },
};

/* --- one death ------------------------------------------------------------------ */

static pid_t child_at_door(struct scene *s, void (*run)(struct scene *s))
{
	pid_t pid = MUST(fork());
	int status;

	if (pid == 0) {
		struct sockaddr_storage sa;
		socklen_t len = sizeof(sa);

		/* Joined, all touched: what follows is the operation alone. */
		getsockname(s->near, (struct sockaddr *)&sa, &len);
		close(s->far);
		close(s->watch);
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		run(s);
		_exit(0);
	}
	MUST(waitpid(pid, &status, 0));
	if (!WIFSTOPPED(status))
		fail("child did not stop");
	return pid;
}

/* False: it had come to its end before. */
static bool walk(pid_t pid, long steps)
{
	int status;

	for (long k = 0; k < steps; k++) {
		MUST(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL));
		MUST(waitpid(pid, &status, 0));
		if (!WIFSTOPPED(status))
			return false;
		if (WSTOPSIG(status) != SIGTRAP)
			fail("child was stopped by something else");
	}
	kill(pid, SIGKILL);
	MUST(waitpid(pid, &status, 0));
	return true;
}

/* What the dead one sent came whole or not at all, and ours after it. */
static void check_far_bytes(ssize_t n)
{
	static const char all[] = "helloto far";
	size_t skip = n == 6 ? 5 : 0;

	if (n != (ssize_t)(sizeof(all) - 1 - skip) ||
		memcmp(bytes, all + skip, (size_t)n) != 0)
		fail("the far end does not get what was sent");
}

/* Bytes both ways through what we share with the dead one. */
static void check_shared(struct scene *s)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = s->near };
	int n;

	/* The stream still carries, unless the dead one had shut it down. */
	if (s->far >= 0)
		send(s->far, "to near", 7, MSG_NOSIGNAL);
	else if (send(s->near, "echo", 4, MSG_NOSIGNAL) < 0) {
		if (errno != EPIPE)
			fail("send to the echo server");
		return; /* shut down, perhaps by half: nobody answers */
	}
	wait_for(s->near, POLLIN, "the shared end hears nothing");
	if (recv(s->near, bytes, sizeof(bytes), MSG_DONTWAIT) <= 0 && s->far >= 0)
		fail("recv on the shared end");
	if (s->far >= 0 && send(s->near, "to far", 6, MSG_NOSIGNAL) == 6) {
		wait_for(s->far, POLLIN, "the far end hears nothing");
		check_far_bytes(recv(s->far, bytes, sizeof(bytes), MSG_DONTWAIT));
	}
	epoll_ctl(s->epoll, EPOLL_CTL_DEL, s->near, NULL);
	if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->near, &ev) < 0 && errno != EEXIST)
		fail("epoll_ctl");
	if (s->far >= 0) {
		send(s->far, "edge", 4, MSG_NOSIGNAL);
		errno = ETIME;
		n = epoll_wait(s->epoll, &ev, 1, LIMIT_MS);
		if (n != 1)
			fail("the shared epoll set tells nothing");
	}
	while (recv(s->udp, bytes, sizeof(bytes), MSG_DONTWAIT) >= 0)
		;
	MUST(sendto(s->udp, "x", 1, 0, (struct sockaddr *)&s->to_udp,
		sizeof(s->to_udp)));
	wait_for(s->udp, POLLIN, "the shared UDP socket");
}

/* The shared UDP socket joins, hears itself, and leaves. */
static void check_groups(struct scene *s)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	struct ip_mreqn lo = { .imr_ifindex = 1 };
	socklen_t len = sizeof(to);

	while (recv(s->udp, bytes, sizeof(bytes), MSG_DONTWAIT) >= 0)
		;
	MUST(getsockname(s->udp, (struct sockaddr *)&to, &len));
	to.sin_addr.s_addr = htonl(0xef070707);
	MUST(setsockopt(s->udp, IPPROTO_IP, IP_MULTICAST_IF, &lo, sizeof(lo)));
	MUST(member(s->udp, IP_ADD_MEMBERSHIP, 0xef070707));
	MUST(sendto(s->udp, "g", 1, 0, (struct sockaddr *)&to, sizeof(to)));
	wait_for(s->udp, POLLIN, "a member hears nothing");
	MUST(recv(s->udp, bytes, sizeof(bytes), MSG_DONTWAIT));
	MUST(member(s->udp, IP_DROP_MEMBERSHIP, 0xef070707));
}

/* Of what the dead one had held back all writes that were over have counted. */
static void check_held(struct scene *s)
{
	static const char all[] = "holdmoreshow";
	size_t n = 0;

	if (s->far < 0)
		return;
	MUST(send(s->near, "!", 1, MSG_NOSIGNAL));
	do {
		wait_for(s->far, POLLIN, "the far end misses a byte");
		MUST(recv(s->far, bytes + n++, 1, MSG_DONTWAIT));
	} while (bytes[n - 1] != '!' && n < sizeof(all) + 1);
	n--;
	errno = EPROTO;
	if (bytes[n] != '!' || n % 4 != 0 || memcmp(bytes, all, n) != 0)
		fail("held bytes are others now");
}

/* Whom the dead one had dialled: they come to their end. */
static void check_queue(struct scene *s)
{
	struct pollfd p = { .fd = s->listener, .events = POLLIN };

	while (s->listener >= 0 && poll(&p, 1, 0) > 0) {
		int fd = MUST(accept4(s->listener, NULL, NULL, SOCK_NONBLOCK));

		for (;;) {
			ssize_t n;

			wait_for(fd, POLLIN, "an accepted one does not end");
			n = recv(fd, bytes, sizeof(bytes), 0);
			if (n == 0 || (n < 0 && errno != EAGAIN))
				break;
		}
		close(fd);
	}
}

/* The last descriptor goes: the far end hears of it. */
static void check_end(struct scene *s)
{
	struct epoll_event ev = { 0 };

	close(s->near);
	s->near = -1;
	errno = ETIME;
	while (s->far >= 0 && !(ev.events & (EPOLLRDHUP | EPOLLHUP))) {
		if (epoll_wait(s->watch, &ev, 1, LIMIT_MS) != 1)
			fail("who watches the far end hears nothing");
	}
	for (int n = 1; n > 0 && s->far >= 0;) {
		wait_for(s->far, POLLIN, "the far end does not end");
		n = recv(s->far, bytes, sizeof(bytes), MSG_DONTWAIT);
		if (n < 0 && errno != ECONNRESET)
			fail("recv at the end");
	}
}

static void check_next(struct scene *s)
{
	struct scene n = *s;

	scene_begin(&n);
	scene_end(&n);
}

static bool one(struct scene *s, int op, long steps)
{
	int dialled = -1;
	bool died;
	pid_t pid;

	at_step = steps;
	scene_begin(s);
	if (ops[op].run == op_accept)
		dialled = dial(&s->to); /* somebody to accept */
	if (ops[op].run == op_recv && s->far >= 0)
		MUST(send(s->far, "for the dead", 12, 0));
	pid = child_at_door(s, ops[op].run);
	died = walk(pid, steps);
	if (dialled >= 0)
		close(dialled);
	check_queue(s);
	if (ops[op].run == op_hold)
		check_held(s);
	check_shared(s);
	if (ops[op].run == op_group)
		check_groups(s);
	check_next(s);
	check_end(s);
	scene_end(s);
	return died;
}

static void open_scene(struct scene *s, const char *host)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(PORT) };

	memset(s, 0, sizeof(*s));
	s->listener = -1;
	s->to = any;
	inet_pton(AF_INET, *host ? host : "127.0.0.1", &s->to.sin_addr);
	s->udp = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	MUST(bind(s->udp, (struct sockaddr *)&any, sizeof(any)));
	s->to_udp = any;
	inet_pton(AF_INET, "127.0.0.1", &s->to_udp.sin_addr);
	if (*host)
		return;
	s->listener = MUST(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	/* What the killed of the last run left is TIME-WAIT; a listener of theirs
	 * would count all the same. */
	MUST(setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 },
		sizeof(int)));
	MUST(bind(s->listener, (struct sockaddr *)&any, sizeof(any)));
	MUST(listen(s->listener, 20));
}

int main(int argc, char **argv)
{
	long stride = argc > 2 ? atol(argv[2]) : 1;
	struct scene s;
	size_t op = 0;
	long k = 0;

	if (argc < 3 || stride < 1)
		return 2;
	while (op < sizeof(ops) / sizeof(ops[0]) && strcmp(ops[op].name, argv[1]))
		op++;
	if (op == sizeof(ops) / sizeof(ops[0]))
		return 2;
	doing = argv[1];
	signal(SIGPIPE, SIG_IGN);
	open_scene(&s, argc > 3 ? argv[3] : "");
	while (k < STEPS_MAX && one(&s, (int)op, k))
		k += stride;
	printf("%s: %ld steps\n", doing, k);
	return 0;
}
