/* The virtual host's own files in place of the machine's, by their paths.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "base/ipaddr.h"
#include "internal.h"

#define ETC "/etc/"

static const char *const names[] = { "hosts", "resolv.conf", "nsswitch.conf",
	"hostname" };
#define N_NAMES (sizeof(names) / sizeof(names[0]))
#define HOSTNAME 3
#define NAME_ROOM 16

/* Written once, before client_attached() says true. */
static char paths[N_NAMES][SHM_PATH_MAX + NAME_ROOM];

void etc_take(const struct shm_header *h)
{
	char prefix[SHM_PATH_MAX];
	bool unnamed = strncmp(h->net, "default", SHM_NAME_MAX) == 0;

	memcpy(prefix, h->etc_path, sizeof(prefix));
	prefix[sizeof(prefix) - 1] = 0;
	for (unsigned k = 0; prefix[0] && k < N_NAMES; k++) {
		/* The default network's host goes by the machine's name. */
		if (k == HOSTNAME && unnamed)
			continue;
		strcpy(paths[k], prefix);
		strcat(paths[k], names[k]);
	}
}

const char *client_etc_file(const char *path)
{
	if (strncmp(path, ETC, sizeof(ETC) - 1) != 0)
		return NULL;
	path += sizeof(ETC) - 1;
	for (unsigned k = 0; k < N_NAMES; k++) {
		if (strcmp(path, names[k]) == 0)
			return client_configured() && client_enter() == 0 &&
				paths[k][0] ? paths[k] : NULL;
	}
	return NULL;
}

void client_families(bool *v4, bool *v6)
{
	const struct shm_header *h;
	uint32_t n;

	*v4 = *v6 = false;
	if (!client_configured() || client_enter() < 0)
		return;
	h = cl.arena.hdr;
	n = h->n_addrs;
	for (uint32_t k = 0; k < n && k < SHM_ADDRS_MAX; k++) {
		const struct shm_addr *a = &h->addrs[k];

		/* Link-local ones count, as in glibc. */
		*v4 |= a->family == IP_V4;
		*v6 |= a->family == IP_V6;
	}
}
