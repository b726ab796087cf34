/* Reading one flat JSON object (RFC 8259); see flatjson.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "flatjson.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct flat_reader flat_of(const char *text, size_t len)
{
	return (struct flat_reader){ .at = text, .end = text + len };
}

static bool fail(struct flat_reader *r, const char *why)
{
	r->bad = true;
	r->why = why;
	return false;
}

static void skip_blanks(struct flat_reader *r)
{
	while (r->at < r->end && strchr(" \t\r\n", *r->at) && *r->at)
		r->at++;
}

static bool take(struct flat_reader *r, char c)
{
	skip_blanks(r);
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

/* Four hexadecimal digits as UTF-8, those of surrogates as a question mark. */
static bool read_code(struct flat_reader *r, char out[4], size_t *n)
{
	unsigned code = 0;

	if (r->end - r->at < 4)
		return false;
	for (int i = 0; i < 4; i++, r->at++) {
		unsigned char c = (unsigned char)*r->at;

		if (!isxdigit(c))
			return false;
		code = code << 4 | (unsigned)(isdigit(c) ? c - '0' :
			tolower(c) - 'a' + 10);
	}
	if (code < 0x20 || (code >= 0xd800 && code < 0xe000))
		code = '?';
	if (code < 0x80) {
		out[(*n)++] = (char)code;
	} else if (code < 0x800) {
		out[(*n)++] = (char)(0xc0 | code >> 6);
		out[(*n)++] = (char)(0x80 | (code & 0x3f));
	} else {
		out[(*n)++] = (char)(0xe0 | code >> 12);
		out[(*n)++] = (char)(0x80 | (code >> 6 & 0x3f));
		out[(*n)++] = (char)(0x80 | (code & 0x3f));
	}
	return true;
}

static bool read_escape(struct flat_reader *r, char out[4], size_t *n)
{
	char c;

	if (r->at == r->end)
		return false;
	c = *r->at++;
	if (c == 'u')
		return read_code(r, out, n);
	if (!c || !strchr("\"\\/bfnrt", c))
		return false;
	out[(*n)++] = strchr("\"\\/", c) ? c : ' ';
	return true;
}

/* A string, cut to the room there is. */
static bool read_text(struct flat_reader *r, char *buf, size_t size)
{
	size_t used = 0;

	if (!take(r, '"'))
		return fail(r, "a string was expected");
	while (r->at < r->end && *r->at != '"') {
		char out[4];
		size_t n = 0;

		if (*r->at == '\\') {
			r->at++;
			if (!read_escape(r, out, &n))
				return fail(r, "a wrong escape in a string");
		} else {
			out[n++] = (unsigned char)*r->at < ' ' ? ' ' : *r->at;
			r->at++;
		}
		if (used + n < size) {
			memcpy(buf + used, out, n);
			used += n;
		}
	}
	buf[used] = 0;
	return take(r, '"') ? true : fail(r, "a string without end");
}

static bool read_word(struct flat_reader *r, struct flat_value *v)
{
	static const struct { const char *word; enum flat_kind kind; } words[] = {
		{ "true", FLAT_TRUE }, { "false", FLAT_FALSE }, { "null", FLAT_NULL },
	};
	size_t used = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i].word);

		if ((size_t)(r->end - r->at) < n || memcmp(r->at, words[i].word, n))
			continue;
		r->at += n;
		v->kind = words[i].kind;
		v->text[0] = 0;
		return true;
	}
	v->kind = FLAT_NUMBER;
	while (r->at < r->end && *r->at && strchr("+-.0123456789eE", *r->at)) {
		if (used + 1 == sizeof(v->text))
			return fail(r, "a number too long");
		v->text[used++] = *r->at++;
	}
	v->text[used] = 0;
	return used ? true : fail(r, "a string or a number was expected");
}

bool flat_next(struct flat_reader *r, struct flat_value *v)
{
	if (r->bad)
		return false;
	if (!r->begun) {
		r->begun = true;
		if (!take(r, '{'))
			return fail(r, "an object was expected");
		if (take(r, '}'))
			goto end;
	} else if (take(r, '}')) {
		goto end;
	} else if (!take(r, ',')) {
		return fail(r, "a comma or the object's end was expected");
	}
	if (!read_text(r, v->name, sizeof(v->name)))
		return false;
	if (!take(r, ':'))
		return fail(r, "a colon was expected");
	skip_blanks(r);
	if (r->at < r->end && *r->at == '"') {
		v->kind = FLAT_TEXT;
		return read_text(r, v->text, sizeof(v->text));
	}
	return read_word(r, v);
end:
	skip_blanks(r);
	return r->at == r->end ? false : fail(r, "something behind the object");
}
