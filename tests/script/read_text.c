/* The reader's letters: white space, comments, words, numbers, times, strings.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "parse.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct script_chunk {
	struct script_chunk *next;
	_Alignas(16) char bytes[];
};

void read_fail(struct reader *r, const char *fmt, ...)
{
	va_list ap;

	if (r->failed)
		return;
	r->failed = -EINVAL;
	r->err->line = r->line;
	va_start(ap, fmt);
	vsnprintf(r->err->text, sizeof(r->err->text), fmt, ap);
	va_end(ap);
	/* One line, and nothing that a terminal obeys: it quotes the script. */
	for (char *p = r->err->text; *p; p++)
		if (iscntrl((unsigned char)*p))
			*p = ' ';
}

void *read_alloc(struct reader *r, size_t size)
{
	struct script_chunk *c = r->failed ? NULL : calloc(1, sizeof(*c) + size);

	if (!c) {
		if (!r->failed)
			read_fail(r, "out of memory");
		return NULL;
	}
	c->next = r->s->memory;
	r->s->memory = c;
	return c->bytes;
}

void script_free(struct script *s)
{
	while (s->memory) {
		struct script_chunk *c = s->memory;

		s->memory = c->next;
		free(c);
	}
	memset(s, 0, sizeof(*s));
}

const char *read_copy(struct reader *r, const char *from, size_t len)
{
	char *copy = read_alloc(r, len + 1);

	return copy ? memcpy(copy, from, len) : NULL;
}

static void skip_to(struct reader *r, const char *end)
{
	for (; *r->p && strncmp(r->p, end, strlen(end)) != 0; r->p++)
		r->line += *r->p == '\n';
}

void read_space(struct reader *r)
{
	for (;;) {
		if (*r->p == '#' || !strncmp(r->p, "//", 2)) {
			skip_to(r, "\n");
		} else if (!strncmp(r->p, "/*", 2)) {
			skip_to(r, "*/");
			if (!*r->p)
				return read_fail(r, "a comment without end");
			r->p += 2;
		} else if (isspace((unsigned char)*r->p)) {
			r->line += *r->p == '\n';
			r->p++;
		} else {
			return;
		}
	}
}

bool read_at_end(struct reader *r)
{
	read_space(r);
	return r->failed || !*r->p;
}

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

bool read_peek(struct reader *r, const char *token)
{
	size_t n = strlen(token);

	if (read_at_end(r) || strncmp(r->p, token, n) != 0)
		return false;
	return !(is_word_char(token[n - 1]) && is_word_char(r->p[n]));
}

bool read_is(struct reader *r, const char *token)
{
	if (!read_peek(r, token))
		return false;
	r->p += strlen(token);
	return true;
}

/* The value of a word that stands here and is defined; NULL: none is. */
static const char *defined(struct reader *r, const char *list_entry)
{
	size_t n = strcspn(list_entry, "=");

	if (!list_entry[n] || strncmp(r->p, list_entry, n) != 0 ||
		is_word_char(r->p[n]))
		return NULL;
	r->p += n;
	return list_entry + n + 1;
}

static const char *read_defined(struct reader *r)
{
	const char *value = NULL;

	if (!read_peek_word(r))
		return NULL;
	for (struct script_option *o = r->s->options; o && !value; o = o->next)
		value = strcmp(o->name, "define") == 0 ? defined(r, o->value) : NULL;
	for (unsigned i = 0; i < r->defines.n && !value; i++)
		value = defined(r, r->defines.list[i]);
	return value;
}

/* What stands here, for a message. */
static const char *seen(const struct reader *r)
{
	static char text[24];
	size_t n = strcspn(r->p, "\r\n");

	if (!*r->p)
		return "the end";
	snprintf(text, sizeof(text), "'%.*s'", n > 20 ? 20 : (int)n, r->p);
	return text;
}

bool read_want(struct reader *r, const char *token)
{
	if (read_is(r, token))
		return true;
	read_fail(r, "expected '%s', not %s", token, seen(r));
	return false;
}

bool read_peek_word(struct reader *r)
{
	return !read_at_end(r) && (isalpha((unsigned char)*r->p) || *r->p == '_');
}

const char *read_word(struct reader *r)
{
	const char *from;

	if (!read_peek_word(r)) {
		read_fail(r, "expected a word, not %s", seen(r));
		return NULL;
	}
	for (from = r->p; is_word_char(*r->p); r->p++)
		continue;
	return read_copy(r, from, (size_t)(r->p - from));
}

const char *read_defined_word(struct reader *r)
{
	const char *value = read_defined(r);

	return value ? read_copy(r, value, strlen(value)) : read_word(r);
}

bool read_peek_number(struct reader *r)
{
	if (read_at_end(r))
		return false;
	return isdigit((unsigned char)*r->p) ||
		(*r->p == '-' && isdigit((unsigned char)r->p[1]));
}

int64_t read_number(struct reader *r, int64_t least, int64_t most)
{
	const char *value = read_defined(r);
	const char *from = value ? value : r->p;
	char *end;
	long long v;

	if (!value && !read_peek_number(r)) {
		read_fail(r, "expected a number, not %s", seen(r));
		return 0;
	}
	errno = 0;
	/* No octal: packetdrill has none. */
	v = strtoll(from, &end, !strncmp(from, "0x", 2) ? 16 : 10);
	if (errno || v < least || v > most || (value && *end)) {
		read_fail(r, "%.*s is not a number from %lld to %lld",
			value ? (int)strlen(value) : (int)(end - from), from,
			(long long)least, (long long)most);
		return 0;
	}
	if (!value)
		r->p = end;
	return v;
}

/* Seconds with up to nine decimals, exactly. */
struct duration read_time(struct reader *r)
{
	int64_t ns = 0, unit = 1000000000;
	const char *from;

	read_space(r);
	from = r->p;
	for (; isdigit((unsigned char)*r->p) && ns < INT64_MAX / 100 / unit; r->p++)
		ns = ns * 10 + (*r->p - '0');
	ns *= unit;
	/* "1...2" is a range that begins with 1. */
	if (*r->p == '.' && strncmp(r->p, "...", 3) != 0) {
		for (r->p++; isdigit((unsigned char)*r->p); r->p++) {
			unit /= 10;
			ns += unit * (*r->p - '0');
		}
	}
	if (r->p == from)
		read_fail(r, "expected a time in seconds, not %s", seen(r));
	return (struct duration){ ns };
}

const char *read_quoted(struct reader *r, const char *open, const char *close)
{
	const char *from;

	if (!read_want(r, open))
		return NULL;
	from = r->p;
	skip_to(r, close);
	if (!*r->p) {
		read_fail(r, "'%s' without its '%s'", open, close);
		return NULL;
	}
	from = read_copy(r, from, (size_t)(r->p - from));
	r->p += strlen(close);
	return from;
}

static int escape(struct reader *r)
{
	static const char from[] = "abfnrtv0\\'\"?", to[] = "\a\b\f\n\r\t\v\0\\'\"?";
	const char *at = *r->p ? strchr(from, *r->p) : NULL;
	unsigned v = 0;

	if (*r->p == 'x' && isxdigit((unsigned char)r->p[1])) {
		int used = 0;

		sscanf(r->p + 1, "%2x%n", &v, &used);
		r->p += 1 + used;
		return (int)v;
	}
	if (!at) {
		read_fail(r, "unknown escape \\%c in a string", *r->p);
		return 0;
	}
	r->p++;
	return to[at - from];
}

const char *read_string(struct reader *r, size_t *len)
{
	char *out;
	size_t n = 0;

	if (!read_want(r, "\""))
		return NULL;
	out = read_alloc(r, strcspn(r->p, "\n") + 1);
	while (out && !r->failed && *r->p != '"') {
		if (!*r->p || *r->p == '\n') {
			read_fail(r, "a string without end");
		} else if (*r->p == '\\') {
			r->p++;
			out[n++] = (char)escape(r);
		} else {
			out[n++] = *r->p++;
		}
	}
	if (r->failed)
		return NULL;
	r->p++;
	*len = n;
	return out;
}

static unsigned nibble(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a' + 10);
}

unsigned read_hex(struct reader *r, uint8_t *out, unsigned most)
{
	const char *value = read_defined(r), *p;
	unsigned n = 0;

	read_space(r);
	p = value ? value : r->p;
	for (; isxdigit((unsigned char)p[0]) && isxdigit((unsigned char)p[1]); p += 2) {
		if (n == most) {
			read_fail(r, "more than %u bytes of hexadecimal", most);
			return 0;
		}
		out[n++] = (uint8_t)(nibble(p[0]) << 4 | nibble(p[1]));
	}
	if (!value)
		r->p = p;
	return n;
}
