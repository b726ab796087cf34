/* Connects, says a byte each way and closes, so many times; the closes in turn by
 * either end. Its own server is a child; with a HOST only the client's part, the
 * server being `cycles serve PORT`. An ordinary program.
 * usage: cycles serve PORT | cycles COUNT PORT [HOST]
 * SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void must(long r, const char *what)
{
	if (r >= 0)
		return;
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static int open_listener(uint16_t port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	must(fd, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	must(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), "bind");
	must(listen(fd, 128), "listen");
	return fd;
}

/* 'k': the server keeps it open until the client closes. */
static void serve(int listener)
{
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		char c;

		must(fd, "accept");
		if (recv(fd, &c, 1, 0) == 1) {
			send(fd, &c, 1, MSG_NOSIGNAL);
			if (c == 'k')
				recv(fd, &c, 1, 0);
		}
		close(fd);
	}
}

static void cycle(const struct sockaddr_in *to, char c)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char got = 0;

	must(fd, "socket");
	must(connect(fd, (const struct sockaddr *)to, sizeof(*to)), "connect");
	must(send(fd, &c, 1, MSG_NOSIGNAL), "send");
	must(recv(fd, &got, 1, 0), "recv");
	if (got != c)
		errno = EPROTO, must(-1, "echo");
	if (c == 'c') /* its end first */
		must(recv(fd, &got, 1, 0), "recv of the end");
	close(fd);
}

int main(int argc, char **argv)
{
	uint16_t port = argc > 2 ? (uint16_t)atoi(argv[2]) : 0;
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	pid_t server = -1;
	int listener;

	if (argc < 3)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(argv[1], "serve")) {
		listener = open_listener(port);
		puts("listening");
		serve(listener);
	}
	inet_pton(AF_INET, argc > 3 ? argv[3] : "127.0.0.1", &to.sin_addr);
	if (argc <= 3) {
		listener = open_listener(port);
		server = fork();
		if (server == 0)
			serve(listener);
		close(listener);
	}
	for (int k = atoi(argv[1]); k > 0; k--)
		cycle(&to, k % 2 ? 'k' : 'c');
	if (server > 0)
		kill(server, SIGKILL);
	puts("done");
	return 0;
}
