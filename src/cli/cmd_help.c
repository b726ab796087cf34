/* enchufe help: the commands in short, or one of them by its part of the manual
 * (docs/enchufe.1.md, which is built in).
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "manual.h"

#define HEAD "\n## enchufe "

int cmd_help(int argc, char **argv)
{
	const char *at = manual;

	if (argc < 2) {
		cli_summary(stdout);
		return 0;
	}
	if (argc > 2)
		return cli_usage("help");
	while ((at = strstr(at, HEAD))) {
		const char *name = at + sizeof(HEAD) - 1;
		size_t n = strcspn(name, "\n");

		if (n == strlen(argv[1]) && !strncmp(name, argv[1], n)) {
			const char *text = name + n + 2, *end = strstr(text, "\n## ");

			printf("%.*s", (int)(end ? end - text : (long)strlen(text)),
				text);
			return 0;
		}
		at = name;
	}
	cli_error("no command %s (see enchufe help)", argv[1]);
	return CLI_USAGE;
}
