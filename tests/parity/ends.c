/* Sockets for parity programs. SPDX-License-Identifier: BSD-2-Clause */
#include <netinet/tcp.h>

#include "say.h"

#define SETTLE_ROUNDS 6
/* Together longer than an acknowledgement may be delayed: room may come with it. */
#define QUIET_STEPS 16
#define QUIET_STEP_MS 5
#define SETTLE_MS 100 /* where no more sockets can be had */

struct place place_of(const char *text, int port)
{
	struct place p = { .length = 0 };

	if (inet_pton(AF_INET, text, &p.v4.sin_addr) == 1) {
		p.v4.sin_family = AF_INET;
		p.length = sizeof(p.v4);
	} else if (inet_pton(AF_INET6, text, &p.v6.sin6_addr) == 1) {
		p.v6.sin6_family = AF_INET6;
		p.length = sizeof(p.v6);
	} else {
		broken("no address: %s", text);
	}
	return with_port(p, port);
}

struct place loopback(int family, int port)
{
	return place_of(family == AF_INET ? "127.0.0.1" : "::1", port);
}

struct place anywhere(int family, int port)
{
	return place_of(family == AF_INET ? "0.0.0.0" : "::", port);
}

int place_port(const struct place *p)
{
	return ntohs(p->any.sa_family == AF_INET ? p->v4.sin_port : p->v6.sin6_port);
}

struct place with_port(struct place p, int port)
{
	if (p.any.sa_family == AF_INET)
		p.v4.sin_port = htons(port);
	else
		p.v6.sin6_port = htons(port);
	return p;
}

struct place own_place(int fd)
{
	struct place p = { .length = sizeof(p.room) };

	MUST(getsockname(fd, &p.any, &p.length));
	return p;
}

int quiet_port(int family, int type)
{
	struct place p = loopback(family, 0);
	int fd = MUST(socket(family, type, 0));

	MUST(bind(fd, &p.any, p.length));
	p = own_place(fd);
	close(fd);
	return place_port(&p);
}

int stream_socket(int family)
{
	return MUST(socket(family, SOCK_STREAM, 0));
}

int dgram_socket(int family)
{
	return MUST(socket(family, SOCK_DGRAM, 0));
}

int listener(int family, int backlog, struct place *at)
{
	struct place p = loopback(family, 0);
	int fd = stream_socket(family);

	MUST(bind(fd, &p.any, p.length));
	MUST(listen(fd, backlog));
	if (at)
		*at = own_place(fd);
	return fd;
}

int dgram_bound(int family, struct place *at)
{
	struct place p = loopback(family, 0);
	int fd = dgram_socket(family);

	MUST(bind(fd, &p.any, p.length));
	if (at)
		*at = own_place(fd);
	return fd;
}

void stream_pair(int family, int fd[2])
{
	struct place at;
	int l = listener(family, 1, &at);

	fd[0] = connected_to(&at);
	fd[1] = accept_one(l);
	close(l);
}

void dgram_pair(int family, int fd[2])
{
	struct place at[2];

	for (int i = 0; i < 2; i++)
		fd[i] = dgram_bound(family, &at[i]);
	for (int i = 0; i < 2; i++)
		MUST(connect(fd[i], &at[!i].any, at[!i].length));
}

int accept_one(int fd)
{
	await(fd, POLLIN);
	return MUST(accept(fd, NULL, NULL));
}

int connected_to(const struct place *p)
{
	int fd = stream_socket(p->any.sa_family);

	MUST(connect(fd, &p->any, p->length));
	return fd;
}

void set_nonblocking(int fd, bool on)
{
	int flags = MUST(fcntl(fd, F_GETFL));

	flags = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
	MUST(fcntl(fd, F_SETFL, flags));
}

void set_option(int fd, int level, int name, int value)
{
	MUST(setsockopt(fd, level, name, &value, sizeof(value)));
}

int get_option(int fd, int level, int name)
{
	int value = 0;
	socklen_t size = sizeof(value);

	MUST(getsockopt(fd, level, name, &value, &size));
	return value;
}

void reset_on_close(int fd)
{
	struct linger l = { .l_onoff = 1, .l_linger = 0 };

	MUST(setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l)));
}

bool await_bits(int fd, int bits)
{
	struct pollfd p = { .fd = fd, .events = bits };

	for (int ms = 0; ms < LIMIT_MS; ms += 2) {
		/* What it tells anyway must not keep it from waiting. */
		if (MUST(poll(&p, 1, 2)) && (p.revents & bits) == bits)
			return true;
		if (p.revents)
			sleep_ms(2);
	}
	return false;
}

void await(int fd, int bits)
{
	if (!await_bits(fd, bits))
		broken("poll never says %s", poll_text(bits));
	settle();
}

void await_closed(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t size = sizeof(info);

	for (int ms = 0; ms < LIMIT_MS && info.tcpi_state != TCP_CLOSE; ms++) {
		MUST(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size));
		sleep_ms(1);
	}
}

/* A datagram from one to the other, awaited. */
static bool handed_over(int from, int to, const struct place *at)
{
	struct pollfd p = { .fd = to, .events = POLLIN };
	char c = 0;

	if (sendto(from, &c, 1, 0, &at->any, at->length) != 1)
		return false;
	for (int ms = 0; ms < LIMIT_MS; ms += 100) {
		if (poll(&p, 1, 100) == 1)
			return recv(to, &c, 1, MSG_DONTWAIT) == 1;
	}
	return false;
}

void settle(void)
{
	struct place at[2] = { loopback(AF_INET, 0), loopback(AF_INET, 0) };
	int fd[2], error = errno;
	bool well = true;

	for (int i = 0; i < 2; i++) {
		fd[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		well = well && fd[i] >= 0 && bind(fd[i], &at[i].any, at[i].length) == 0 &&
			getsockname(fd[i], &at[i].any, &at[i].length) == 0;
	}
	for (int k = 0; well && k < SETTLE_ROUNDS; k++)
		well = handed_over(fd[k % 2], fd[(k + 1) % 2], &at[(k + 1) % 2]);
	for (int i = 0; i < 2; i++) {
		if (fd[i] >= 0)
			close(fd[i]);
	}
	if (!well)
		sleep_ms(SETTLE_MS);
	errno = error;
}

int settled(int fd)
{
	settle();
	return fd;
}

void send_all(int fd, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size) {
		ssize_t n = MUST(send(fd, at, size, MSG_NOSIGNAL));

		at += n;
		size -= n;
	}
}

void recv_all(int fd, void *bytes, size_t size)
{
	char *at = bytes;

	while (size) {
		ssize_t n;

		await(fd, POLLIN);
		n = MUST(recv(fd, at, size, 0));
		if (!n)
			broken("the end, %zu bytes too early", size);
		at += n;
		size -= n;
	}
}

/* Nothing goes any more when nothing went for a while: what the other end has
 * taken makes room here only after a moment. */
size_t fill(int fd)
{
	static _Thread_local char block[1 << 16];
	size_t total = 0;

	for (int quiet = 0; quiet < QUIET_STEPS;) {
		ssize_t n = send(fd, block, sizeof(block), MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			broken("fill: %s", error_name(errno));
		if (n > 0) {
			total += n;
			quiet = 0;
			continue;
		}
		quiet++;
		sleep_ms(QUIET_STEP_MS);
		settle();
	}
	return total;
}

size_t drain(int fd)
{
	static _Thread_local char block[1 << 16];
	size_t total = 0;

	for (int quiet = 0; quiet < QUIET_STEPS;) {
		ssize_t n = recv(fd, block, sizeof(block), MSG_DONTWAIT);

		if (n == 0)
			break;
		if (n < 0 && errno != EAGAIN)
			broken("drain: %s", error_name(errno));
		if (n > 0) {
			total += n;
			quiet = 0;
			continue;
		}
		quiet++;
		sleep_ms(QUIET_STEP_MS);
		settle();
	}
	return total;
}

void sleep_ms(int ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&t, &t) < 0)
		;
}

void both_families(void (*look)(int family))
{
	say("-- IPv4");
	look(AF_INET);
	say("-- IPv6");
	look(AF_INET6);
}
