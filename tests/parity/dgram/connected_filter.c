/* A connected socket hears its peer alone, and what came before.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

int main(void)
{
	struct place a_at, b_at, c_at;
	int a = dgram_bound(AF_INET, &a_at), b = dgram_bound(AF_INET, &b_at);
	int c = dgram_bound(AF_INET, &c_at);

	MUST(sendto(c, "before", 6, 0, &a_at.any, a_at.length));
	settle();
	MUST(connect(a, &b_at.any, b_at.length));
	SHOW(sendto(c, "stranger", 8, 0, &a_at.any, a_at.length));
	SHOW(sendto(b, "peer", 4, 0, &a_at.any, a_at.length));
	say_recv("first", a, MSG_DONTWAIT);
	say_recv("second", a, MSG_DONTWAIT);
	say_recv("third", a, MSG_DONTWAIT);
	SHOW(sendto(a, "elsewhere", 9, 0, &c_at.any, c_at.length));
	say_recv("a third party", c, MSG_DONTWAIT);
	return 0;
}
