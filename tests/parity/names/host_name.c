/* gethostname() and uname(): the same name, and short buffers.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "gai.h"
#include <sys/utsname.h>

int main(void)
{
	char name[300], small[4];
	struct utsname u;

	SHOW(gethostname(name, sizeof(name)));
	SHOW(uname(&u));
	say("%s", strcmp(name, u.nodename) ? "different" : "the same");
	SHOW(gethostname(name, strlen(u.nodename) + 1));
	SHOW(gethostname(name, strlen(u.nodename)));
	SHOW(gethostname(small, 0));
	say("%s", u.sysname);
}
