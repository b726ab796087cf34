/* enchufe-script: plays packetdrill scripts against our stack, in virtual time.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gather.h"
#include "play.h"

#define DEFINES_MAX 32
#define ASKED_MAX 8
#define CAUSE_MAX 80 /* bytes */

static const char usage[] =
	"usage: enchufe-script [-46mv] [-D NAME=VALUE] [--summary] [--tap] FILE|FOLDER...\n"
	"  -4, -6, -m   over IPv4 (the default), IPv6, or IPv4 from IPv6 sockets\n"
	"  -D           a number, word or cookie that the scripts have by that name\n"
	"  -v           of several scripts, too, the whole of each difference\n"
	"  --mtu=N --tolerance_usecs=N --local_ip=A --remote_ip=A   as in a script\n"
	"  --quiet_usecs=N   nothing may be sent for so long after a script's last event\n"
	"  --summary    at the end how many passed, and a table of the causes\n"
	"  --tap        report as TAP\n"
	"A folder stands for each *.pkt in it and below. Ends with 0 when all pass, 1 when\n"
	"one does not, 2 when one cannot be read or played, or for wrong usage.\n";

enum how { HOW_WHOLE, HOW_LINES, HOW_TAP };
enum outcome { PASSED, DIFFERS, UNREADABLE, OTHER_FAMILY, OUTCOMES };

/* Why scripts did not pass, and how many each. */
struct cause {
	struct cause *next;
	char text[CAUSE_MAX];
	unsigned n;
};

struct options {
	struct script_defines defines;
	const char *list[DEFINES_MAX];
	struct script_option asked[ASKED_MAX]; /* a list */
	unsigned nasked;
	int family;
	bool mapped, verbose, summary;
	enum how how;
	struct cause *causes;
	unsigned outcomes[OUTCOMES];
};

/* --- telling ------------------------------------------------------------------ */

/* The first line of a reason, its numbers left out. */
static void count_cause(struct options *o, const char *reason)
{
	struct cause **at = &o->causes;
	char text[CAUSE_MAX];
	size_t n = 0;

	for (const char *p = reason; *p && *p != '\n' && n < CAUSE_MAX - 1; p++) {
		bool digit = isdigit((unsigned char)*p);

		if (!digit || n == 0 || text[n - 1] != 'N')
			text[n++] = digit ? 'N' : *p;
	}
	text[n] = 0;
	while (*at && strcmp((*at)->text, text) != 0)
		at = &(*at)->next;
	if (!*at) {
		*at = calloc(1, sizeof(**at));
		if (!*at)
			abort();
		strcpy((*at)->text, text);
	}
	(*at)->n++;
}

static void show_reason(const char *prefix, const char *reason)
{
	char copy[PLAY_REASON_MAX], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", reason);
	for (char *w = strtok_r(copy, "\n", &save); w; w = strtok_r(NULL, "\n", &save))
		printf("%s  %s\n", prefix, w);
}

static void tell(struct options *o, const struct script *s, const char *path,
	unsigned line, const char *reason, enum outcome outcome)
{
	const char *prefix = o->how == HOW_TAP ? "# " : "";
	char text[200] = "";

	count_cause(o, reason);
	if (o->how == HOW_LINES) {
		printf("%-7s %s:%u: %.*s\n", outcome == DIFFERS ? "differs" : "unknown",
			path, line, (int)strcspn(reason, "\n"), reason);
		if (!o->verbose)
			return;
	}
	if (s)
		script_line(s, line, text, sizeof(text));
	printf("%s%s:%u: %s\n", prefix, path, line, text);
	show_reason(prefix, reason);
}

/* --- playing ------------------------------------------------------------------- */

/* The family that the script itself asks for; IP_NONE: any. */
static int own_family(const struct script *s)
{
	for (const struct script_option *o = s->options; o; o = o->next)
		if (!strcmp(o->name, "ip_version"))
			return strcmp(o->value, "ipv6") ? IP_V4 : IP_V6;
	return IP_NONE;
}

static enum outcome play_read(struct options *o, const struct script *s,
	const char *path)
{
	int own = own_family(s);
	struct play *p;
	enum outcome result;

	/* A run of all in one family leaves out what is for another. */
	if (o->how == HOW_TAP && own != IP_NONE && (own != o->family || o->mapped))
		return OTHER_FAMILY;
	p = calloc(1, sizeof(*p));
	if (!p)
		abort();
	p->family = own == IP_NONE ? o->family : own;
	p->asked = o->nasked ? o->asked : NULL;
	p->mapped = o->mapped && p->family == IP_V4 && own == IP_NONE;
	result = (enum outcome)play_script(s, p);
	if (result != PASSED)
		tell(o, s, path, p->line, p->reason, result);
	free(p);
	return result;
}

static enum outcome play_path(struct options *o, const char *path)
{
	enum outcome result = UNREADABLE;
	struct script_error err;
	struct script s;

	if (script_read(path, &o->defines, &s, &err) < 0) {
		tell(o, NULL, path, err.line, err.text, result);
	} else {
		result = play_read(o, &s, path);
		script_free(&s);
	}
	if (result == PASSED && o->how == HOW_LINES)
		printf("passes  %s\n", path);
	o->outcomes[result]++;
	return result;
}

static int by_number(const void *a, const void *b)
{
	const struct cause *x = *(struct cause *const *)a, *y =
		*(struct cause *const *)b;

	return x->n != y->n ? (x->n < y->n ? 1 : -1) : strcmp(x->text, y->text);
}

static void summary(const struct options *o, unsigned all)
{
	struct cause **sorted = calloc(all + 1, sizeof(struct cause *));
	unsigned n = 0;

	if (!sorted)
		abort();
	for (struct cause *c = o->causes; c; c = c->next)
		sorted[n++] = c;
	qsort(sorted, n, sizeof(struct cause *), by_number);
	printf("\n%u of %u pass, %u differ, %u are not understood\n",
		o->outcomes[PASSED], all, o->outcomes[DIFFERS],
		o->outcomes[UNREADABLE]);
	for (unsigned k = 0; k < n; k++)
		printf("%6u  %s\n", sorted[k]->n, sorted[k]->text);
	free(sorted);
}

static int play_all(struct options *o, const struct gathered *g)
{
	enum outcome worst = PASSED;

	if (o->how == HOW_TAP)
		printf("TAP version 13\n1..%u\n", g->n);
	for (unsigned k = 0; k < g->n; k++) {
		enum outcome r = play_path(o, g->path[k]);

		if (o->how == HOW_TAP)
			printf("%sok %u - %s%s\n", r == DIFFERS || r == UNREADABLE ?
				"not " : "", k + 1, g->path[k],
				r == OTHER_FAMILY ? " # SKIP for another family" : "");
		if (r != OTHER_FAMILY && r > worst)
			worst = r;
		fflush(stdout);
	}
	if (o->how == HOW_TAP)
		printf("# count: %u scripts\n", o->outcomes[PASSED]);
	if (o->summary)
		summary(o, g->n);
	return (int)worst;
}

/* An option that scripts have, too. */
static bool add_asked(struct options *o, const char *name, const char *value)
{
	struct script_option *to = &o->asked[o->nasked];

	if (o->nasked == ASKED_MAX)
		return false;
	*to = (struct script_option){ .name = name, .value = value };
	if (o->nasked++)
		to[-1].next = to;
	return true;
}

static bool read_options(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = { { "tap", no_argument, NULL, 't' },
		{ "summary", no_argument, NULL, 's' },
		{ "mtu", required_argument, NULL, 'o' },
		{ "tolerance_usecs", required_argument, NULL, 'o' },
		{ "quiet_usecs", required_argument, NULL, 'o' },
		{ "local_ip", required_argument, NULL, 'o' },
		{ "remote_ip", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	int c, at = 0;

	while ((c = getopt_long(argc, argv, "46mvD:h", longs, &at)) != -1) {
		if (c == '4' || c == '6')
			o->family = c == '6' ? IP_V6 : IP_V4;
		else if (c == 'm')
			o->mapped = true;
		else if (c == 'v')
			o->verbose = true;
		else if (c == 's')
			o->summary = true;
		else if (c == 't')
			o->how = HOW_TAP;
		else if (c == 'D' && o->defines.n < DEFINES_MAX)
			o->list[o->defines.n++] = optarg;
		else if (c == 'o' && add_asked(o, longs[at].name, optarg))
			;
		else if (c == 'h')
			exit(fputs(usage, stdout) < 0);
		else
			return false;
	}
	return optind < argc;
}

int main(int argc, char **argv)
{
	struct options o = { .family = IP_V4 };
	struct gathered g = { 0 };
	int worst;

	o.defines.list = o.list;
	if (!read_options(&o, argc, argv))
		return fputs(usage, stderr), 2;
	for (; optind < argc; optind++) {
		int r = gather(&g, argv[optind]);

		if (r < 0) {
			fprintf(stderr, "enchufe-script: %s: %s\n", argv[optind],
				strerror(-r));
			return 2;
		}
	}
	if (o.how != HOW_TAP && (g.n != 1 || o.summary))
		o.how = HOW_LINES;
	worst = play_all(&o, &g);
	gather_free(&g);
	while (o.causes) {
		struct cause *c = o.causes;

		o.causes = c->next;
		free(c);
	}
	return worst;
}
