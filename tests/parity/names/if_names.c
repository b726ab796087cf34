/* Interfaces by number and name: if_nametoindex, if_indextoname, if_nameindex.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

#include <net/if.h>

int main(void)
{
	char name[IF_NAMESIZE] = "";
	struct if_nameindex *all;

	say("lo is %u", if_nametoindex("lo"));
	SHOW(if_nametoindex("nosuch0"));
	say("errno %s", error_name(errno));
	SHOW(if_nametoindex(""));
	say("errno %s", error_name(errno));
	SHOW(if_nametoindex("a-name-that-is-too-long-for-any"));
	say("errno %s", error_name(errno));
	say("1 is %s", if_indextoname(1, name) ? name : error_name(errno));
	say("4711 is %s", if_indextoname(4711, name) ? name : error_name(errno));
	say("0 is %s", if_indextoname(0, name) ? name : error_name(errno));
	all = if_nameindex();
	if (!all)
		broken("if_nameindex");
	say("first %u %s", all[0].if_index, all[0].if_name);
	if_freenameindex(all);
	return 0;
}
