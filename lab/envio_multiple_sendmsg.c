/* Two data by one call and without a copy: sendmsg(), the sockets' own way to
 * gather. It could also name a destination, carry ancillary data and take flags.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const struct programa programa = { .forma = "maquina puerto dato1 dato2",
	.es = "Envía dos datos con un sendmsg.",
	.en = "Sends two data by one sendmsg.",
	.min = 4, .max = 4 };

static void envia(int s, struct msghdr *m)
{
	while (m->msg_iovlen > 0) {
		ssize_t r = sendmsg(s, m, 0);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			muere_errno("sendmsg");
		m->msg_iovlen = avanza_piezas(&m->msg_iov, m->msg_iovlen,
			(size_t)r);
	}
}

int main(int argc, char **argv)
{
	struct msghdr m = { .msg_iovlen = 2 };
	struct iovec iov[2];
	int s;

	comienza(argc, argv, &programa);
	for (int i = 0; i < 2; i++) {
		iov[i].iov_base = argv[3 + i];
		iov[i].iov_len = strlen(argv[3 + i]);
	}
	m.msg_iov = iov;
	s = conecta(argv[1], argv[2]);
	envia(s, &m);
	paso("close");
	close(s);
	return 0;
}
