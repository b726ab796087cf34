/* A listener's line in /proc/net/tcp. SPDX-License-Identifier: BSD-2-Clause */
#include "say.h"

static bool has_line(int port)
{
	FILE *file = fopen("/proc/net/tcp", "r");
	char line[512];
	bool found = false;
	unsigned its;

	if (!file)
		broken("no /proc/net/tcp");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " %*d: 0100007F:%x 00000000:0000 0A", &its) == 1)
			found |= its == (unsigned)port;
	fclose(file);
	return found;
}

int main(void)
{
	struct place at;

	listener(AF_INET, 1, &at);
	say("the listener is %s", has_line(place_port(&at)) ? "there" : "not there");
	return 0;
}
