/* TCP echo server for IPv4 and IPv6 by one socket ("dual stack"): an IPv6 one that
 * is not IPV6_V6ONLY. IPv4 clients come with mapped addresses, ::ffff:127.0.0.1.
 * The option is set, not left to the system: net.ipv6.bindv6only chooses what a new
 * socket has, and some systems have no dual stack at all.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "comun/concurrencia.h"
#include "comun/eco.h"

static const struct programa programa = { .forma = "puerto",
	.es = "Eco para clientes IPv4 e IPv6 con un solo socket.",
	.en = "Echo for IPv4 and IPv6 clients by one socket.",
	.min = 1, .max = 1 };

int main(int argc, char **argv)
{
	comienza(argc, argv, &programa);
	acepta_y_sirve(escucha_ipv6(argv[1], 5, 0), eco_cliente);
}
