/* Two with SO_REUSEADDR and no name in common may not both listen without a
 * name of their own.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static void look(int family)
{
	int a = stream_socket(family), b = stream_socket(family);
	struct place p = anywhere(family, 0);

	set_option(a, SOL_SOCKET, SO_REUSEADDR, 1);
	set_option(b, SOL_SOCKET, SO_REUSEADDR, 1);
	MUST(bind(a, &p.any, p.length));
	p = own_place(a);
	SHOW(bind(b, &p.any, p.length));
	SHOW(listen(a, 1));
	SHOW(listen(b, 1));
	say_names("b", b);
	close(a);
	SHOW(listen(b, 1));
}

int main(void)
{
	both_families(look);
	return 0;
}
