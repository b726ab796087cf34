/* Receives an open descriptor over a Unix socket: recvmsg() with room for ancillary
 * data. Writes what can be read from it, up to its end, to standard output; of a
 * connection it first sends the text given, if any, and shuts its sending half.
 *
 * Who sends chooses what comes: other ancillary data, more descriptors than there
 * is room for (MSG_CTRUNC, and the system closes those), or none. What has come and
 * is not wanted has to be closed, or somebody fills our table.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"
#include "comun/unix.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { DESCRIPTORES = 4 };

static const struct programa programa = { .forma = "ruta [mensaje]",
	.es = "Recibe un descriptor y lee de él hasta el fin.",
	.en = "Receives a descriptor and reads from it to its end.",
	.min = 1, .max = 2 };

/* The first descriptor of a message; the others are closed. -1: none. */
static int primero(struct msghdr *m)
{
	int primero = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		size_t n;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
			if (primero < 0)
				primero = fd;
			else
				close(fd);
		}
	}
	return primero;
}

static int recibe(int s)
{
	union {
		struct cmsghdr cabecera;
		char bytes[CMSG_SPACE(DESCRIPTORES * sizeof(int))];
	} control;
	char byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control) };
	ssize_t r;

	do
		r = recvmsg(s, &m, 0);
	while (r < 0 && errno == EINTR);
	if (r < 0) {
		avisa_errno("recvmsg");
		return -1;
	}
	if (m.msg_flags & MSG_CTRUNC)
		avisa("%s", dice("llegan más descriptores de los que caben",
			"more descriptors come than there is room for"));
	return r > 0 ? primero(&m) : -1;
}

static void copia(int fd)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			avisa_errno("read");
			return;
		}
		if (escribe_todo(STDOUT_FILENO, buf, (size_t)n) < 0)
			muere_errno("write");
	}
}

int main(int argc, char **argv)
{
	int s, fd, s_conec;
	struct sockaddr_storage dir;
	socklen_t tam_dir;

	argc = comienza(argc, argv, &programa);
	s = asocia_unix(argv[1], SOCK_STREAM);
	for (;;) {
		s_conec = acepta(s, &dir, &tam_dir);
		fd = recibe(s_conec);
		close(s_conec);
		if (fd < 0) {
			avisa("%s", dice("no ha llegado ningún descriptor",
				"no descriptor has come"));
			continue;
		}
		if (argc > 2 && (envia_todo(fd, argv[2], strlen(argv[2])) < 0 ||
					shutdown(fd, SHUT_WR) < 0) &&
			errno != ENOTSOCK)
			avisa_errno("send");
		copia(fd);
		close(fd);
	}
}
