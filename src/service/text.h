/* A growing piece of text, with what JSON needs. Memory failure is sticky:
 * the text is then empty and text_failed() true.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SERVICE_TEXT_H
#define SERVICE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
	char *data; /* ours; closed by a zero when not NULL */
	size_t len, size;
	bool failed;
};

#define TEXT_INIT ((struct text){ NULL, 0, 0, false })

void text_fini(struct text *t);
void text_add(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Quoted and escaped (RFC 8259 7). */
void text_add_json(struct text *t, const char *s);
/* A comma and a new line unless the text ends with an opening bracket. */
void text_next(struct text *t);
bool text_failed(const struct text *t);

#endif
