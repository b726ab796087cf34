/* enchufe: the command. A table of subcommands, a file for each.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const struct subcommand subcommands[] = {
	{ "run", "run [--net NET] [--on HOST] [--pcap FILE] [--trace FILE]\n"
		"      [--report[=FILE] [--json]] [--] PROGRAM [ARG...]",
		"run a program on a virtual host", cmd_run },
	{ "up", "up FILE", "bring up the network that FILE describes", cmd_up },
	{ "down", "down [NET]", "end a network", cmd_down },
	{ "status", "status [--json] [--net NET]",
		"hosts, links, sockets and counters", cmd_status },
	{ "ping", "ping [--net NET] [--on HOST] [-c COUNT] [-i SECONDS] HOST",
		"echo requests from a virtual host", cmd_ping },
	{ "doctor", "doctor [--json] [--] PROGRAM [ARG...]",
		"tell what would happen to a program, without running it",
		cmd_doctor },
	{ "link", "link set [--net NET] LINK PROPERTY VALUE...",
		"change a link: delay, jitter, loss, burst, duplicate, corrupt,\n"
		"      reorder, rate, queue", cmd_link },
	{ "capture", "capture [--net NET] LINK|HOST|all FILE",
		"write the packets of links to a pcapng file", cmd_capture },
	{ "lab", "lab list\n"
		"  lab NAME... [--on kernel|enchufe|both] [--picture FILE.svg|.html|.txt]\n"
		"  lab all [--on kernel|enchufe|both] [--book DIR]",
		"play the documents' experiments and tell what is seen", cmd_lab },
	{ "diagram", "diagram [-o FILE.svg|.html|.txt] [-e EVENTS] [--conversation N]\n"
		"      [--fold N] [--title TEXT] [--all] [--lang es|en] CAPTURE...",
		"draw the conversation that a capture shows", cmd_diagram },
	{ "help", "help [COMMAND]", "this, or more about one command", cmd_help },
	{ "ping-here", NULL, NULL, cmd_ping_here }, /* ping, once it has joined */
};

#define N_SUBCOMMANDS (sizeof(subcommands) / sizeof(subcommands[0]))

static const struct subcommand *find(const char *name)
{
	for (size_t i = 0; i < N_SUBCOMMANDS; i++) {
		if (!strcmp(subcommands[i].name, name))
			return &subcommands[i];
	}
	return NULL;
}

void cli_summary(FILE *f)
{
	fprintf(f, "usage: enchufe COMMAND\n");
	for (size_t i = 0; i < N_SUBCOMMANDS; i++) {
		if (subcommands[i].synopsis)
			fprintf(f, "  %s\n      %s\n", subcommands[i].synopsis,
				subcommands[i].summary);
	}
}

void cli_error(const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	fprintf(stderr, "enchufe: %s\n", line);
}

int cli_usage(const char *name)
{
	const struct subcommand *s = find(name);

	fprintf(stderr, "usage: enchufe %s\n", s && s->synopsis ? s->synopsis : name);
	return CLI_USAGE;
}

int main(int argc, char **argv)
{
	const struct subcommand *s;

	if (argc < 2) {
		cli_summary(stderr);
		return CLI_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		cli_summary(stdout);
		return 0;
	}
	s = find(argv[1]);
	if (!s) {
		cli_error("no command %s (see enchufe help)", argv[1]);
		return CLI_USAGE;
	}
	return s->run(argc - 1, argv + 1);
}
