/* Passes an open descriptor to another process over a Unix socket: sendmsg() with
 * ancillary data, SCM_RIGHTS. What arrives is not the number but what it means,
 * under a number of the receiver's own, as if by dup(): a file, or a connection
 * that the receiver goes on with although it never called connect().
 *
 * Ancillary data need at least one byte of real data to travel with.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"
#include "comun/unix.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const struct programa programa = {
	.forma = "ruta fichero|maquina [puerto]",
	.es = "Pasa a otro proceso un fichero abierto, o una conexión.",
	.en = "Passes an open file, or a connection, to another process.",
	.min = 2, .max = 3 };

static void pasa(int s, int fd)
{
	/* The union aligns the bytes as a struct cmsghdr has to be. */
	union {
		struct cmsghdr cabecera;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = "" };
	char byte = 'd';
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	ssize_t r;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	do
		r = sendmsg(s, &m, 0);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		muere_errno("sendmsg");
}

int main(int argc, char **argv)
{
	int fd, s;

	argc = comienza(argc, argv, &programa);
	fd = argc > 3 ? conecta(argv[2], argv[3]) : open(argv[2], O_RDONLY);
	if (fd < 0)
		muere_errno(argv[2]);
	s = conecta_unix(argv[1], SOCK_STREAM, NULL);
	pasa(s, fd);
	/* Ours may go: what it means stays open, in the message or there. */
	close(fd);
	close(s);
	return 0;
}
