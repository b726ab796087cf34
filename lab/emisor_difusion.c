/* Sends a datagram to all machines of a network: its broadcast address (the last
 * one, 192.168.0.255 of 192.168.0.0/24) or 255.255.255.255. Many hear what one
 * says, so the system wants to be told that it is meant: without SO_BROADCAST,
 * sendto() is EACCES. IPv6 has no broadcast, but groups (emisor_multicast).
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/mensajes.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

static const struct programa programa = {
	.forma = "direccion puerto mensaje [con|sin]",
	.es = "Envía un mensaje por difusión, con o sin SO_BROADCAST.",
	.en = "Sends a message by broadcast, with SO_BROADCAST or (sin) without.",
	.min = 3, .max = 4 };

int main(int argc, char **argv)
{
	static const char *const permiso[] = { "con", "sin", NULL };
	struct sockaddr_in dir = { .sin_family = AF_INET };
	int s, si = 1;

	argc = comienza(argc, argv, &programa);
	if (inet_pton(AF_INET, argv[1], &dir.sin_addr) != 1)
		muere(dice("%s: no es una dirección IPv4",
			"%s: not an IPv4 address"), argv[1]);
	dir.sin_port = htons((uint16_t)numero(argv[2], 1, 65535, "puerto"));
	s = socket(AF_INET, SOCK_DGRAM, 0);
	if (s < 0)
		muere_errno("socket");
	if ((argc < 5 || elige(argv[4], permiso, "permiso") == 0) &&
		setsockopt(s, SOL_SOCKET, SO_BROADCAST, &si, sizeof(si)) < 0)
		muere_errno("SO_BROADCAST");
	envia_mensaje(s, argv[3], (struct sockaddr *)&dir, sizeof(dir));
	close(s);
	return 0;
}
