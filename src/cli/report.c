/* enchufe run --report: when the program has ended, what it and its children asked for
 * is told.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "shm/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "cli.h"
#include "json.h"

struct report *report_open(char *path, size_t size)
{
	struct report *r = child_share(SHM_ENV_REPORT, "report", path, size, sizeof(*r));

	if (r)
		r->magic = REPORT_MAGIC;
	return r;
}

static const char *kind_name(unsigned kind)
{
	static const char *const names[] = {
		[REPORT_SOCKET] = "socket",
		[REPORT_SET] = "setsockopt",
		[REPORT_GET] = "getsockopt",
		[REPORT_FLAG] = "flag",
		[REPORT_IOCTL] = "ioctl",
		[REPORT_FCNTL] = "fcntl",
	};

	return kind >= 1 && kind < sizeof(names) / sizeof(names[0]) ? names[kind] :
		"something";
}

static const char *outcome_name(unsigned outcome)
{
	return outcome == REPORT_REFUSED ? "refused" :
		outcome == REPORT_NONE ? "no effect" : "honoured";
}

/* The entries in use: a copy each, as programs may still be writing. */
static unsigned gather(const struct report *r, struct report_entry *out)
{
	unsigned n = 0;

	for (unsigned k = 0; k < REPORT_ENTRIES; k++) {
		if (!r->entries[k].key)
			continue;
		out[n] = r->entries[k];
		out[n].label[REPORT_LABEL_MAX - 1] = 0;
		if (out[n].program < REPORT_PROGRAMS)
			n++;
	}
	return n;
}

static int compare(const void *a, const void *b)
{
	const struct report_entry *x = a, *y = b;
	int d = x->program - y->program;

	if (!d)
		d = x->kind - y->kind;
	if (!d)
		d = strcmp(x->label, y->label);
	return d ? d : x->error - y->error;
}

static const char *error_text(const struct report_entry *e, char *buf, size_t size)
{
	const char *name = strerrorname_np(e->error);

	if (name)
		return name;
	snprintf(buf, size, "errno %u", e->error);
	return buf;
}

static const char *program_name(const struct report *r, unsigned k,
	char buf[REPORT_NAME_MAX])
{
	memcpy(buf, r->programs[k].name, REPORT_NAME_MAX);
	buf[REPORT_NAME_MAX - 1] = 0;
	return buf;
}

static void tell_text(FILE *f, const struct report *r, const struct report_entry *e,
	unsigned n)
{
	char name[REPORT_NAME_MAX], buf[24], became[40];
	int program = -1;

	for (unsigned k = 0; k < n; k++) {
		if (e[k].program != program) {
			program = e[k].program;
			fprintf(f, "%s%s\n", k ? "\n" : "",
				program_name(r, (unsigned)program, name));
		}
		snprintf(became, sizeof(became), "%s%s%s", outcome_name(e[k].outcome),
			e[k].error ? " " : "",
			e[k].error ? error_text(&e[k], buf, sizeof(buf)) : "");
		fprintf(f, "  %-10s  %-36s  %-22s %8llu\n", kind_name(e[k].kind),
			e[k].label, became, (unsigned long long)e[k].count);
	}
	if (!n)
		fprintf(f, "no sockets of the virtual network were used\n");
	if (r->lost)
		fprintf(f, "%llu more had no room here\n", (unsigned long long)r->lost);
}

static void tell_entry(struct json *j, const struct report_entry *e)
{
	char buf[24];

	json_open(j, NULL, '{');
	json_text(j, "kind", kind_name(e->kind));
	json_text(j, "what", e->label);
	json_text(j, "outcome", outcome_name(e->outcome));
	json_text(j, "error", e->error ? error_text(e, buf, sizeof(buf)) : NULL);
	json_number(j, "count", (long long)e->count);
	json_close(j);
}

static void tell_json(FILE *f, const struct report *r, const struct report_entry *e,
	unsigned n)
{
	char name[REPORT_NAME_MAX];
	struct json j;
	unsigned k = 0;

	json_begin(&j, f);
	json_open(&j, "programs", '[');
	while (k < n) {
		unsigned program = e[k].program;

		json_open(&j, NULL, '{');
		json_text(&j, "program", program_name(r, program, name));
		json_open(&j, "asked", '[');
		for (; k < n && e[k].program == program; k++)
			tell_entry(&j, &e[k]);
		json_close(&j);
		json_close(&j);
	}
	json_close(&j);
	json_number(&j, "lost", (long long)r->lost);
	json_end(&j);
}

int report_tell(const struct report_wish *w, const struct report *r)
{
	struct report_entry *e = malloc(REPORT_ENTRIES * sizeof(*e));
	FILE *f = w->path ? fopen(w->path, "we") : stderr;
	unsigned n;

	if (!e || !f) {
		cli_error("the report cannot be written to %s: %s",
			w->path ? w->path : "standard error", strerror(errno));
		free(e);
		return -1;
	}
	n = gather(r, e);
	qsort(e, n, sizeof(*e), compare);
	if (w->json)
		tell_json(f, r, e, n);
	else
		tell_text(f, r, e, n);
	free(e);
	return f == stderr ? fflush(f) : fclose(f);
}
