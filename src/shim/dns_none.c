/* DNS without libc's resolver, built without c-ares: nobody can be asked.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "names.h"

int dns_forward(const char *name, int family, struct search *s)
{
	(void)name;
	(void)family;
	(void)s;
	return EAI_AGAIN;
}

char *dns_backward(const void *address, int family, size_t size)
{
	(void)address;
	(void)family;
	(void)size;
	return NULL;
}
