/* Writing JSON, two blanks an indent. The caller keeps the order; commas, quotes
 * and ends are done here.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <stdbool.h>
#include <stdio.h>

#define JSON_DEPTH 8

struct json {
	FILE *f;
	int depth;
	bool flat; /* all in one line */
	bool filled[JSON_DEPTH + 1]; /* has this level an entry already? */
	char kind[JSON_DEPTH + 1];   /* '{' or '[' */
};

/* The outermost object. */
void json_begin(struct json *j, FILE *f);
void json_end(struct json *j);
/* An outermost object in one line, for a file that has one in each. */
void json_begin_line(struct json *j, FILE *f);
/* A value as it is to stand there, such as a number with decimals. */
void json_raw(struct json *j, const char *name, const char *value);
/* name NULL: an entry of a list. */
void json_open(struct json *j, const char *name, char kind);
void json_close(struct json *j);
/* text NULL: null. It is taken to be UTF-8. */
void json_text(struct json *j, const char *name, const char *text);
void json_texts(struct json *j, const char *name, const char *const *texts,
	unsigned n);
void json_number(struct json *j, const char *name, long long value);
void json_bool(struct json *j, const char *name, bool value);

#endif
