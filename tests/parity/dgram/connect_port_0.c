/* Connected to port 0.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	struct place to = loopback(AF_INET, 0);
	int a = dgram_socket(AF_INET);

	SHOW(connect(a, &to.any, to.length));
	say_names("then", a);
	SHOW(sendto(a, "x", 1, 0, &to.any, to.length));
	return 0;
}
