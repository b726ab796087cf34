/* Arguments and results of calls. SPDX-License-Identifier: BSD-2-Clause */
#include "parse.h"

#include <stdlib.h>
#include <string.h>

#define ITEMS_MAX 64
#define DEPTH_MAX 16

static void read_alternatives(struct reader *r, struct script_value *out,
	unsigned depth);

/* Items up to the closing mark, which is taken. */
static void read_items(struct reader *r, const char *close,
	struct script_value **items, unsigned *n, unsigned depth)
{
	struct script_value *v = read_alloc(r, ITEMS_MAX * sizeof(*v));

	*items = v;
	*n = 0;
	if (!v || read_is(r, close))
		return;
	do {
		if (*n == ITEMS_MAX)
			return read_fail(r, "more than %d values", ITEMS_MAX);
		read_alternatives(r, &v[(*n)++], depth + 1);
	} while (!r->failed && read_is(r, ","));
	read_want(r, close);
}

static void read_strings(struct reader *r, struct script_value *out)
{
	out->kind = SCRIPT_STRING;
	out->text = read_string(r, &out->len);
	while (!r->failed && read_peek(r, "\"")) { /* one after another: joined */
		size_t len = 0;
		const char *more = read_string(r, &len);
		char *both = read_alloc(r, out->len + len + 1);

		if (!both || !more)
			return;
		memcpy(both, out->text, out->len);
		memcpy(both + out->len, more, len);
		out->text = both;
		out->len += len;
	}
	out->more = read_is(r, "...");
}

/* word, word(items), word=value, word(items)=value */
static void read_named(struct reader *r, struct script_value *out, unsigned depth)
{
	struct script_value inner = { 0 }, *both;
	bool call;

	out->kind = SCRIPT_WORD;
	out->text = read_word(r);
	call = read_is(r, "(");
	if (call) {
		out->kind = SCRIPT_FUNCTION;
		read_items(r, ")", &out->items, &out->n, depth);
	}
	if (!read_is(r, "="))
		return;
	both = read_alloc(r, 2 * sizeof(*both));
	if (!both)
		return;
	read_alternatives(r, &inner, depth + 1);
	both[0] = inner;
	if (call && out->n)
		both[1] = out->items[0];
	out->kind = SCRIPT_FIELD;
	out->items = both;
	out->n = call ? 2 : 1;
}

static void read_one(struct reader *r, struct script_value *out, unsigned depth)
{
	if (depth > DEPTH_MAX)
		return read_fail(r, "values nested too deeply");
	if (read_is(r, "...")) {
		out->kind = SCRIPT_ELLIPSIS;
	} else if (read_peek(r, "\"")) {
		read_strings(r, out);
	} else if (read_is(r, "[")) {
		out->kind = SCRIPT_LIST;
		read_items(r, "]", &out->items, &out->n, depth);
	} else if (read_is(r, "{")) {
		out->kind = SCRIPT_STRUCT;
		read_items(r, "}", &out->items, &out->n, depth);
	} else if (read_peek_number(r)) {
		out->kind = SCRIPT_NUMBER;
		out->number = read_number(r, INT64_MIN, INT64_MAX);
	} else {
		read_named(r, out, depth);
	}
}

static void read_alternatives(struct reader *r, struct script_value *out,
	unsigned depth)
{
	struct script_value *items;

	read_one(r, out, depth);
	if (r->failed || !read_peek(r, "|"))
		return;
	items = read_alloc(r, ITEMS_MAX * sizeof(*items));
	if (!items)
		return;
	items[0] = *out;
	*out = (struct script_value){ .kind = SCRIPT_OR, .items = items, .n = 1 };
	while (!r->failed && read_is(r, "|")) {
		if (out->n == ITEMS_MAX)
			return read_fail(r, "more than %d values", ITEMS_MAX);
		read_one(r, &items[out->n++], depth + 1);
	}
}

void read_value(struct reader *r, struct script_value *out)
{
	memset(out, 0, sizeof(*out));
	read_alternatives(r, out, 0);
}

/* In brackets after a result, for people: "(Operation now in progress)". */
static void read_note(struct reader *r)
{
	if (read_is(r, "(")) {
		while (*r->p && *r->p != ')' && *r->p != '\n')
			r->p++;
		read_want(r, ")");
	}
}

void read_call(struct reader *r, struct script_call *out)
{
	memset(out, 0, sizeof(*out));
	out->blocking = read_is(r, "...");
	if (out->blocking)
		out->until = read_time(r);
	out->name = read_word(r);
	if (!read_want(r, "("))
		return;
	read_items(r, ")", &out->args, &out->nargs, 0);
	if (!read_want(r, "="))
		return;
	read_value(r, &out->result);
	if (r->failed)
		return;
	if (read_peek_word(r))
		out->err = read_word(r);
	read_note(r);
}
