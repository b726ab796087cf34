/* SO_REUSEADDR set after bind() counts for those who come later, and taken
 * back excludes them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	struct place p = loopback(family, 0);
	int a = stream_socket(family), b = stream_socket(family);

	MUST(bind(a, &p.any, p.length));
	p = own_place(a);
	set_option(b, SOL_SOCKET, SO_REUSEADDR, 1);
	SHOW(bind(b, &p.any, p.length));
	set_option(a, SOL_SOCKET, SO_REUSEADDR, 1);
	SHOW(bind(b, &p.any, p.length));
	set_option(a, SOL_SOCKET, SO_REUSEADDR, 0);
	SHOW(listen(b, 1));
	SHOW(listen(a, 1));
}

int main(void)
{
	both_families(look);
	return 0;
}
