/* Sockets for parity programs: made, named, joined, filled. All that can fail
 * and must not ends the program as broken. Each wait is bounded.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef PARITY_ENDS_H
#define PARITY_ENDS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* An address with its length: connect(fd, &p.any, p.length). */
struct place {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_storage room;
	};
	socklen_t length;
};

/* 127.0.0.1 or ::1; 0.0.0.0 or ::; an address by its text ("10.0.0.1",
 * "::ffff:127.0.0.1"). Ports in the host's order. */
struct place loopback(int family, int port);
struct place anywhere(int family, int port);
struct place place_of(const char *text, int port);

/* Its port, in the host's order; with another port. */
int place_port(const struct place *p);
struct place with_port(struct place p, int port);

/* Of getsockname. */
struct place own_place(int fd);

/* A port where nobody is (it was bound a moment ago, and is closed again). */
int quiet_port(int family, int type);

/* socket(), with SOCK_STREAM or SOCK_DGRAM. */
int stream_socket(int family);
int dgram_socket(int family);

/* A listening socket on loopback; where it is goes to *at, unless NULL. */
int listener(int family, int backlog, struct place *at);

/* A datagram socket bound to loopback. */
int dgram_bound(int family, struct place *at);

/* Two connected ends, fd[0] the connector's, fd[1] the accepted. */
void stream_pair(int family, int fd[2]);

/* Two datagram sockets connected to each other. */
void dgram_pair(int family, int fd[2]);

/* The next connection of a listener, which must come. */
int accept_one(int fd);

/* A new socket connected to p. */
int connected_to(const struct place *p);

void set_nonblocking(int fd, bool on);
void set_option(int fd, int level, int name, int value);
int get_option(int fd, int level, int name);

/* Makes close() reset the connection. */
void reset_on_close(int fd);

/* Waits until poll says all of these bits, false if it never does; or is broken
 * unless it does, and settled then: not only the first of several things is there.
 * What poll is asked for is the bits. */
bool await_bits(int fd, int bits);
void await(int fd, int bits);

/* Waits until TCP_INFO says CLOSE: both ends are shut, and its FIN acknowledged, too. */
void await_closed(int fd);

/* Waits until all that was done so far has come to its effect, and that to its own:
 * an answer, an error. What goes from a host to itself keeps its order, on the kernel
 * and on enchufe, so it is enough that some datagrams have gone there and back. What
 * looks (say_poll, say_recv, say_wait) begins with it. Not enough where
 * a timer has a part (a delayed acknowledgement): await the state. */
void settle(void);

/* The same; its value is fd. */
int settled(int fd);

/* Sends all, receives so many bytes: exactly, in as many calls as it takes. */
void send_all(int fd, const void *bytes, size_t size);
void recv_all(int fd, void *bytes, size_t size);

/* Sends until there is no room at both ends, and reads until there is nothing;
 * the number of bytes. */
size_t fill(int fd);
size_t drain(int fd);

void sleep_ms(int ms);

/* Calls a function for IPv4, then for IPv6, with a line before each. */
void both_families(void (*look)(int family));

#endif
