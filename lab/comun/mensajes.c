/* Datagrams that are only looked at; see mensajes.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "mensajes.h"

#include <errno.h>
#include <string.h>

void recibe_mensajes(int s)
{
	struct sockaddr_storage dir;
	struct nombre de;
	char buf[1500 + 1];

	for (;;) {
		socklen_t tam = sizeof(dir);
		ssize_t c = recvfrom(s, buf, sizeof(buf) - 1, 0,
			(struct sockaddr *)&dir, &tam);

		if (c < 0 && errno == EINTR)
			continue;
		if (c < 0)
			muere_errno("recvfrom");
		buf[c] = '\0';
		nombra(&dir, tam, &de);
		informa(dice("Mensaje de %s:%s: %s", "Message of %s:%s: %s"),
			de.maquina, de.puerto, buf);
	}
}

void envia_mensaje(int s, const char *mensaje, const struct sockaddr *dir,
	socklen_t tam)
{
	ssize_t r;

	do
		r = sendto(s, mensaje, strlen(mensaje), 0, dir, tam);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		muere_errno("sendto");
	informa(dice("enviado %zd", "sent %zd"), r);
}
