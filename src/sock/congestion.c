/* The names of congestion controls. SPDX-License-Identifier: BSD-2-Clause */
#include "sock/congestion.h"

#include <stddef.h>
#include <string.h>

enum { NAME_MAX_ = 16 }; /* Linux: TCP_CA_NAME_MAX */

static const char *const names[] = { "cubic", "reno", "bbr" };

const char *sock_congestion_name(unsigned k)
{
	return k < sizeof(names) / sizeof(names[0]) ? names[k] : NULL;
}

unsigned sock_congestion(const char *name)
{
	for (unsigned k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (strncmp(name, names[k], NAME_MAX_) == 0)
			return k;
	return 0;
}
