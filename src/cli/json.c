/* Writing JSON; see json.h. SPDX-License-Identifier: BSD-2-Clause */
#include "json.h"

static void put_string(FILE *f, const char *text)
{
	fputc('"', f);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else if (c < ' ')
			fprintf(f, "\\u%04x", c);
		else
			fputc(c, f);
	}
	fputc('"', f);
}

static void entry(struct json *j, const char *name)
{
	if (j->flat)
		fputs(j->filled[j->depth] ? ", " : "", j->f);
	else
		fprintf(j->f, "%s\n%*s", j->filled[j->depth] ? "," : "", 2 * j->depth,
			"");
	j->filled[j->depth] = true;
	if (name) {
		put_string(j->f, name);
		fputs(": ", j->f);
	}
}

static void down(struct json *j, char kind)
{
	fputc(kind, j->f);
	j->kind[++j->depth] = kind;
	j->filled[j->depth] = false;
}

void json_begin(struct json *j, FILE *f)
{
	*j = (struct json){ .f = f };
	down(j, '{');
}

void json_begin_line(struct json *j, FILE *f)
{
	*j = (struct json){ .f = f, .flat = true };
	down(j, '{');
}

void json_raw(struct json *j, const char *name, const char *value)
{
	entry(j, name);
	fputs(value, j->f);
}

void json_open(struct json *j, const char *name, char kind)
{
	entry(j, name);
	down(j, kind);
}

void json_close(struct json *j)
{
	int depth = j->depth--;

	if (j->filled[depth] && !j->flat)
		fprintf(j->f, "\n%*s", 2 * j->depth, "");
	fputc(j->kind[depth] == '{' ? '}' : ']', j->f);
}

void json_end(struct json *j)
{
	json_close(j);
	fputc('\n', j->f);
}

void json_text(struct json *j, const char *name, const char *text)
{
	entry(j, name);
	if (text)
		put_string(j->f, text);
	else
		fputs("null", j->f);
}

void json_texts(struct json *j, const char *name, const char *const *texts,
	unsigned n)
{
	json_open(j, name, '[');
	for (unsigned k = 0; k < n; k++)
		json_text(j, NULL, texts[k]);
	json_close(j);
}

void json_number(struct json *j, const char *name, long long value)
{
	entry(j, name);
	fprintf(j->f, "%lld", value);
}

void json_bool(struct json *j, const char *name, bool value)
{
	entry(j, name);
	fputs(value ? "true" : "false", j->f);
}
