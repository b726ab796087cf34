/* sethostname() by who may not.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

static void try(void *unused)
{
	char before[65] = "", after[65] = "";

	if (geteuid() == 0)
		MUST(setuid(65534));
	gethostname(before, sizeof(before));
	SHOW(sethostname("another", 7));
	SHOW(sethostname("another", 0));
	gethostname(after, sizeof(after));
	say("the name is %s", strcmp(before, after) ? "another" : "the same");
}

int main(void)
{
	child_say_end("an ordinary user", child_start(try, NULL));
}
