/* Echo server in the Unix domain, datagrams: they keep their borders as UDP's do,
 * but none is lost and none comes out of order; who sends to a full one waits. A
 * client without a name cannot be answered.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/comun.h"
#include "comun/unix.h"

#include <errno.h>
#include <sys/un.h>

enum { TAM_MENSAJE = 80 };

static const struct programa programa = { .forma = "ruta",
	.es = "Eco en el dominio UNIX, de tipo datagrama.",
	.en = "Echo in the Unix domain, of datagrams.",
	.min = 1, .max = 1 };

static void responde(int s, const char *buf, size_t n,
	const struct sockaddr_un *dir, socklen_t tam_dir)
{
	if (tam_dir <= sizeof(sa_family_t)) {
		avisa("%s", dice("un cliente sin nombre no puede recibir",
			"a client without a name cannot receive"));
		return;
	}
	/* Not to wait for a client that does not read: all others would. */
	if (sendto(s, buf, n, MSG_DONTWAIT, (const struct sockaddr *)dir,
			tam_dir) < 0)
		avisa_errno("sendto");
}

int main(int argc, char **argv)
{
	int s;

	comienza(argc, argv, &programa);
	s = asocia_unix(argv[1], SOCK_DGRAM);
	for (;;) {
		struct sockaddr_un dir;
		socklen_t tam_dir = sizeof(dir);
		char buf[TAM_MENSAJE + 1];
		ssize_t c = recvfrom(s, buf, TAM_MENSAJE, 0,
			(struct sockaddr *)&dir, &tam_dir);

		if (c < 0 && errno == EINTR)
			continue;
		if (c < 0)
			muere_errno("recvfrom");
		buf[c] = '\0';
		informa(dice("Mensaje: %s", "Message: %s"), buf);
		responde(s, buf, (size_t)c, &dir, tam_dir);
	}
}
