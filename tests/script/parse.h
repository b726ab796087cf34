/* Inside the reader: a place in the text and what is needed to say what is wrong
 * there. The first mistake sticks: every function then returns false, NULL or 0.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRIPT_PARSE_H
#define SCRIPT_PARSE_H

#include "script.h"

struct reader {
	struct script *s;
	const char *p; /* the next character; the text ends with a zero */
	unsigned line;
	struct script_error *err;
	struct script_defines defines;
	int failed; /* 0, or -errno */
};

/* read_text.c */
void read_fail(struct reader *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void *read_alloc(struct reader *r, size_t size); /* zeroed; NULL: failed */
const char *read_copy(struct reader *r, const char *from, size_t len);
void read_space(struct reader *r); /* white space and comments */
bool read_at_end(struct reader *r);
/* Is this the next thing? Words must end there. Takes it. */
bool read_is(struct reader *r, const char *token);
bool read_peek(struct reader *r, const char *token);
bool read_want(struct reader *r, const char *token);
bool read_peek_word(struct reader *r);
const char *read_word(struct reader *r);
const char *read_defined_word(struct reader *r); /* or what it is defined to be */
bool read_peek_number(struct reader *r);
int64_t read_number(struct reader *r, int64_t least, int64_t most);
struct duration read_time(struct reader *r);
/* What stands between two marks, as "`", "`" or "%{", "}%". */
const char *read_quoted(struct reader *r, const char *open, const char *close);
/* A string in double quotes with C's escapes. */
const char *read_string(struct reader *r, size_t *len);
/* Hexadecimal digits in pairs; returns how many bytes. */
unsigned read_hex(struct reader *r, uint8_t *out, unsigned most);

void read_value(struct reader *r, struct script_value *out); /* read_value.c */
void read_call(struct reader *r, struct script_call *out);
void read_packet(struct reader *r, struct script_packet *out); /* read_packet.c */

#endif
