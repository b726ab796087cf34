/* Lines of output for parity programs. SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>

#include "say.h"

#define TEXT_SIZE 256
#define PORTS_MAX 64

struct bit {
	uint32_t bit;
	const char *name;
};

static const struct bit poll_bits[] = {
	{ POLLIN, "POLLIN" },
	{ POLLPRI, "POLLPRI" },
	{ POLLOUT, "POLLOUT" },
	{ POLLRDNORM, "POLLRDNORM" },
	{ POLLRDBAND, "POLLRDBAND" },
	{ POLLWRNORM, "POLLWRNORM" },
	{ POLLWRBAND, "POLLWRBAND" },
	{ POLLMSG, "POLLMSG" },
	{ POLLRDHUP, "POLLRDHUP" },
	{ POLLERR, "POLLERR" },
	{ POLLHUP, "POLLHUP" },
	{ POLLNVAL, "POLLNVAL" },
	{ 0, NULL },
};

static const struct bit epoll_bits[] = {
	{ EPOLLIN, "EPOLLIN" },
	{ EPOLLPRI, "EPOLLPRI" },
	{ EPOLLOUT, "EPOLLOUT" },
	{ EPOLLRDNORM, "EPOLLRDNORM" },
	{ EPOLLRDBAND, "EPOLLRDBAND" },
	{ EPOLLWRNORM, "EPOLLWRNORM" },
	{ EPOLLWRBAND, "EPOLLWRBAND" },
	{ EPOLLMSG, "EPOLLMSG" },
	{ EPOLLRDHUP, "EPOLLRDHUP" },
	{ EPOLLERR, "EPOLLERR" },
	{ EPOLLHUP, "EPOLLHUP" },
	{ 0, NULL },
};

/* One of a few buffers in turn, so that a line can use several. */
static char *text_room(void)
{
	static _Thread_local char room[4][TEXT_SIZE];
	static _Thread_local unsigned next;

	return room[next++ % 4];
}

void say(const char *format, ...)
{
	va_list arguments;
	int error = errno;

	flockfile(stdout);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
	funlockfile(stdout);
	errno = error;
}

void broken(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("broken: ");
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
	_exit(99);
}

long say_result(const char *what, long result)
{
	int error = errno;

	if (result == -1)
		say("%s = -1 %s", what, error_name(error));
	else
		say("%s = %ld", what, result);
	errno = error;
	return result;
}

const char *error_name(int error)
{
	const char *name = strerrorname_np(error);
	char *text;

	if (name)
		return name;
	text = text_room();
	snprintf(text, TEXT_SIZE, "errno %d", error);
	return text;
}

static const char *bits_text(const struct bit *names, uint32_t bits)
{
	char *text = text_room();
	size_t at = 0;

	text[0] = 0;
	for (; names->name; names++) {
		if (!(bits & names->bit))
			continue;
		bits &= ~names->bit;
		at += snprintf(text + at, TEXT_SIZE - at, "%s%s", at ? "|" : "",
			names->name);
	}
	if (bits || !at)
		snprintf(text + at, TEXT_SIZE - at, "%s%x", at ? "|" : "", bits);
	return text;
}

const char *poll_text(int bits)
{
	return bits_text(poll_bits, (unsigned short)bits);
}

const char *epoll_text(uint32_t bits)
{
	return bits_text(epoll_bits, bits);
}

static int ports[PORTS_MAX];
static pthread_mutex_t ports_lock = PTHREAD_MUTEX_INITIALIZER;

/* Its place among the ports spoken of so far, from 1. */
static int port_number(int port)
{
	int i = 0;

	pthread_mutex_lock(&ports_lock);
	while (i < PORTS_MAX && ports[i] && ports[i] != port)
		i++;
	if (i == PORTS_MAX)
		broken("more than %d ports", PORTS_MAX);
	ports[i] = port;
	pthread_mutex_unlock(&ports_lock);
	return i + 1;
}

void forget_ports(void)
{
	pthread_mutex_lock(&ports_lock);
	memset(ports, 0, sizeof(ports));
	pthread_mutex_unlock(&ports_lock);
}

static const char *port_text(int port)
{
	char *text = text_room();

	if (port)
		snprintf(text, TEXT_SIZE, "p%d", port_number(port));
	else
		strcpy(text, "0");
	return text;
}

const char *address_text(const void *address, socklen_t length)
{
	struct sockaddr_storage room = { .ss_family = AF_UNSPEC };
	const struct sockaddr_in *v4 = (void *)&room;
	const struct sockaddr_in6 *v6 = (void *)&room;
	char name[INET6_ADDRSTRLEN];
	char *text;

	memcpy(&room, address, length < sizeof(room) ? length : sizeof(room));
	if (length < sizeof(room.ss_family)) {
		text = text_room();
		snprintf(text, TEXT_SIZE, "%u bytes of address", length);
	} else if (room.ss_family == AF_INET) {
		const char *port = port_text(ntohs(v4->sin_port));

		text = text_room();
		inet_ntop(AF_INET, &v4->sin_addr, name, sizeof(name));
		snprintf(text, TEXT_SIZE, "%s:%s", name, port);
	} else if (room.ss_family == AF_INET6) {
		const char *port = port_text(ntohs(v6->sin6_port));

		text = text_room();
		inet_ntop(AF_INET6, &v6->sin6_addr, name, sizeof(name));
		snprintf(text, TEXT_SIZE, "[%s]:%s", name, port);
	} else {
		text = text_room();
		snprintf(text, TEXT_SIZE, "address of family %d", room.ss_family);
	}
	return text;
}

const char *bytes_text(const void *bytes, size_t size)
{
	const unsigned char *in = bytes;
	char *text = text_room();
	size_t at = 0;

	if (size > 40) {
		snprintf(text, TEXT_SIZE, "%zu bytes", size);
		return text;
	}
	text[at++] = '"';
	for (size_t i = 0; i < size; i++)
		at += snprintf(text + at, TEXT_SIZE - at,
			in[i] < ' ' || in[i] > '~' ? "\\%03o" : "%c", in[i]);
	strcpy(text + at, "\"");
	return text;
}

#define POLL_ALL                                                                 \
	(POLLIN | POLLPRI | POLLOUT | POLLRDNORM | POLLRDBAND | POLLWRNORM |     \
		POLLWRBAND | POLLMSG | POLLRDHUP)

void say_poll(const char *what, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLL_ALL };
	int n;

	settle();
	n = poll(&p, 1, 0);
	if (n < 0)
		say_result(what, n);
	else
		say("%s: %s", what, poll_text(p.revents));
}

void say_poll_until(const char *what, int fd, int bits)
{
	if (!await_bits(fd, bits))
		say("%s: never %s", what, poll_text(bits));
	say_poll(what, fd);
}

void say_names(const char *what, int fd)
{
	struct sockaddr_storage own, peer;
	socklen_t own_length = sizeof(own), peer_length = sizeof(peer);
	const char *own_text, *peer_text;

	if (getsockname(fd, (void *)&own, &own_length) < 0)
		own_text = error_name(errno);
	else
		own_text = address_text(&own, own_length);
	if (getpeername(fd, (void *)&peer, &peer_length) < 0)
		peer_text = error_name(errno);
	else
		peer_text = address_text(&peer, peer_length);
	say("%s: own %s, peer %s", what, own_text, peer_text);
}

void say_so_error(const char *what, int fd)
{
	int error = -1;
	socklen_t size = sizeof(error);

	settle();
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		say("%s: SO_ERROR fails with %s", what, error_name(errno));
	else
		say("%s: SO_ERROR %s", what, error_name(error));
}

void say_recv(const char *what, int fd, int flags)
{
	static _Thread_local char room[1 << 16];
	ssize_t n;

	settle();
	n = recv(fd, room, sizeof(room), flags | MSG_DONTWAIT);
	if (n < 0)
		say("%s: %s", what, error_name(errno));
	else if (n == 0)
		say("%s: end", what);
	else
		say("%s: %s", what, bytes_text(room, n));
}

void say_option(const char *what, int fd, int level, int name)
{
	int value = -1;
	socklen_t size = sizeof(value);

	if (getsockopt(fd, level, name, &value, &size) < 0)
		say("%s: %s", what, error_name(errno));
	else
		say("%s: %d, %u bytes", what, value, size);
}
