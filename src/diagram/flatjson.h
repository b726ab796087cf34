/* Reading one flat JSON object: names with strings, numbers, true, false or null, no
 * object or list within. Whatever the bytes are, it ends in values or in false.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_FLATJSON_H
#define DIAGRAM_FLATJSON_H

#include <stdbool.h>
#include <stddef.h>

#define FLAT_TEXT_MAX 256 /* bytes, with zero; longer strings are cut */

enum flat_kind { FLAT_TEXT, FLAT_NUMBER, FLAT_TRUE, FLAT_FALSE, FLAT_NULL };

struct flat_value {
	char name[32];
	enum flat_kind kind;
	char text[FLAT_TEXT_MAX]; /* of a number: its digits */
};

struct flat_reader {
	const char *at, *end;
	bool begun, bad;
	const char *why; /* when bad */
};

struct flat_reader flat_of(const char *text, size_t len);
/* The next member; false at the object's end, or when it is bad. */
bool flat_next(struct flat_reader *r, struct flat_value *v);

#endif
