/* Is this program one of enchufe's? SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

int main(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	bool found = false;
	char line[4096];

	if (!maps)
		broken("no /proc/self/maps");
	while (fgets(line, sizeof(line), maps))
		found |= strstr(line, "libenchufe-shim") != NULL;
	fclose(maps);
	say("%s", found ? "on enchufe" : "on the kernel");
	return 0;
}
