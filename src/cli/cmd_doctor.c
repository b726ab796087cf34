/* enchufe doctor. SPDX-License-Identifier: BSD-2-Clause */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "json.h"
#include "program.h"

/* Exit status: 0 it can be joined; 1 so, but with a warning; else what `run` would
 * end with. */
static int status_of(const struct program_report *r)
{
	if (r->kind != PROGRAM_OK)
		return program_status(r);
	for (unsigned k = 0; k < r->n_findings; k++) {
		if (r->findings[k].level == FINDING_WARNING)
			return CLI_FAILED;
	}
	return 0;
}

static void print_words(const char *head, const char *const *words, unsigned n)
{
	unsigned column = 0;

	for (unsigned k = 0; k < n; k++) {
		if (k == 0 || column + strlen(words[k]) > 76) {
			printf("%s  %-12s", k ? "\n" : "", k ? "" : head);
			column = 14;
		}
		column += (unsigned)printf(" %s", words[k]);
	}
	if (n)
		putchar('\n');
}

static void print_text(const struct program_report *r, const char *name)
{
	char why[PATH_MAX + 200];

	program_explain(r, name, why, sizeof(why));
	printf("%s\n", why);
	if (r->n_steps > 1) {
		for (unsigned k = 0; k < r->n_steps; k++)
			printf("  %-12s %s\n", k ? r->steps[k].role : "program",
				r->steps[k].path);
	}
	if (r->machine)
		printf("  %-12s %s, %s%s\n", "made for", r->machine,
			r->loader ? "loaded by " : "static", r->loader ? r->loader : "");
	print_words("needs", r->libraries, r->n_libraries);
	print_words("calls", r->calls, r->n_calls);
	print_words("calls itself", r->own_calls, r->n_own_calls);
	for (unsigned k = 0; k < r->n_findings; k++)
		printf("%s: %s\n", r->findings[k].level == FINDING_WARNING ?
			"warning" : "note", r->findings[k].text);
}

static const char *kind_name(enum program_kind kind)
{
	static const char *const names[] = {
		[PROGRAM_OK] = "ok",
		[PROGRAM_MISSING] = "missing",
		[PROGRAM_FORBIDDEN] = "forbidden",
		[PROGRAM_STATIC] = "static",
		[PROGRAM_GO] = "go",
		[PROGRAM_FOREIGN] = "foreign",
		[PROGRAM_OTHER_LIBC] = "other-libc",
		[PROGRAM_PRIVILEGED] = "privileged",
	};

	return names[kind];
}

static void print_json(const struct program_report *r, const char *name)
{
	char why[PATH_MAX + 200];
	struct json j;

	program_explain(r, name, why, sizeof(why));
	json_begin(&j, stdout);
	json_text(&j, "program", name);
	json_text(&j, "verdict", kind_name(r->kind));
	json_bool(&j, "joins", r->kind == PROGRAM_OK);
	json_number(&j, "status", status_of(r));
	json_text(&j, "text", why);
	json_open(&j, "steps", '[');
	for (unsigned k = 0; k < r->n_steps; k++) {
		json_open(&j, NULL, '{');
		json_text(&j, "path", r->steps[k].path);
		json_text(&j, "role", r->steps[k].role);
		json_close(&j);
	}
	json_close(&j);
	json_text(&j, "machine", r->machine);
	json_text(&j, "loader", r->loader);
	json_texts(&j, "libraries", r->libraries, r->n_libraries);
	json_texts(&j, "calls", r->calls, r->n_calls);
	json_texts(&j, "own_calls", r->own_calls, r->n_own_calls);
	json_open(&j, "findings", '[');
	for (unsigned k = 0; k < r->n_findings; k++) {
		json_open(&j, NULL, '{');
		json_text(&j, "level", r->findings[k].level == FINDING_WARNING ?
			"warning" : "note");
		json_text(&j, "what", r->findings[k].what);
		json_text(&j, "text", r->findings[k].text);
		json_close(&j);
	}
	json_close(&j);
	json_end(&j);
}

int cmd_doctor(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct program_report *r;
	bool json = false;
	int c, status;

	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (c != 'j')
			return cli_usage("doctor");
		json = true;
	}
	if (optind == argc)
		return cli_usage("doctor");
	r = malloc(sizeof(*r));
	if (!r) {
		cli_error("no memory");
		return CLI_FAILED;
	}
	program_judge(r, argv + optind, true);
	system_check(r);
	if (json)
		print_json(r, argv[optind]);
	else
		print_text(r, argv[optind]);
	status = status_of(r);
	free(r);
	return status;
}
