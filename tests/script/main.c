/* enchufe-script: plays packetdrill scripts against our stack, in virtual time.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "play.h"

#define DEFINES_MAX 32

static const char usage[] =
	"usage: enchufe-script [-46m] [-D NAME=VALUE] [--tap] FILE.pkt...\n"
	"  -4, -6, -m   over IPv4 (the default), IPv6, or IPv4 from IPv6 sockets\n"
	"  -D           a number or cookie that the scripts have by that name\n"
	"  --tap        report as TAP\n"
	"Ends with 0 when all pass, 1 when one does not, 2 when one cannot be read or\n"
	"played, or for wrong usage.\n";

struct options {
	struct script_defines defines;
	const char *list[DEFINES_MAX];
	int family;
	bool mapped, tap;
};

static bool wants_v6(const struct script *s)
{
	for (const struct script_option *o = s->options; o; o = o->next)
		if (!strcmp(o->name, "ip_version"))
			return !strcmp(o->value, "ipv6");
	return false;
}

static void report(const struct options *o, const struct script *s,
	const struct play *p, const char *path)
{
	const char *prefix = o->tap ? "# " : "";
	char line[200], reason[PLAY_REASON_MAX], *save = NULL;

	script_line(s, p->line, line, sizeof(line));
	printf("%s%s:%u: %s\n", prefix, path, p->line, line);
	snprintf(reason, sizeof(reason), "%s", p->reason);
	for (char *w = strtok_r(reason, "\n", &save); w; w = strtok_r(NULL, "\n", &save))
		printf("%s  %s\n", prefix, w);
}

/* 0 passed, 1 failed, 2 could not be played. */
static int play_file(const struct options *o, const char *path)
{
	struct script_error err;
	struct script s;
	struct play *p;
	int result;

	if (script_read(path, &o->defines, &s, &err) < 0) {
		printf("%s%s:%u: %s\n", o->tap ? "# " : "", path, err.line, err.text);
		return 2;
	}
	p = calloc(1, sizeof(*p));
	if (!p)
		abort();
	p->family = wants_v6(&s) ? IP_V6 : o->family;
	p->mapped = o->mapped && p->family == IP_V4;
	result = (int)play_script(&s, p);
	if (result != PLAY_PASS)
		report(o, &s, p, path);
	free(p);
	script_free(&s);
	return result;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = { { "tap", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	struct options o = { .family = IP_V4 };
	int c, worst = 0, n = 0;

	o.defines.list = o.list;
	while ((c = getopt_long(argc, argv, "46mD:h", longs, NULL)) != -1) {
		if (c == '4' || c == '6')
			o.family = c == '6' ? IP_V6 : IP_V4;
		else if (c == 'm')
			o.mapped = true;
		else if (c == 't')
			o.tap = true;
		else if (c == 'D' && o.defines.n < DEFINES_MAX)
			o.list[o.defines.n++] = optarg;
		else
			return fputs(usage, c == 'h' ? stdout : stderr), c == 'h' ? 0 : 2;
	}
	if (optind == argc)
		return fputs(usage, stderr), 2;
	if (o.tap)
		printf("TAP version 13\n1..%d\n", argc - optind);
	for (; optind < argc; optind++) {
		int r = play_file(&o, argv[optind]);

		if (o.tap)
			printf("%sok %d - %s\n", r ? "not " : "", ++n, argv[optind]);
		worst = r > worst ? r : worst;
	}
	return worst;
}
