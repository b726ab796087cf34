/* Scripts from text to events: the file, its options and the events' times.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "parse.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_MAX (1 << 20) /* of a script; the longest public one has 40 KB */

/* --name=value, to the end of its line. */
static void read_option_line(struct reader *r)
{
	struct script_option *o = read_alloc(r, sizeof(*o)), **last;
	const char *from = r->p;

	if (!o)
		return;
	while (isalnum((unsigned char)*r->p) || *r->p == '_')
		r->p++;
	o->name = read_copy(r, from, (size_t)(r->p - from));
	o->value = "";
	o->line = r->line;
	if (*r->p == '=') {
		from = ++r->p;
		r->p += strcspn(r->p, " \t\r\n");
		o->value = read_copy(r, from, (size_t)(r->p - from));
	}
	for (last = &r->s->options; *last; last = &(*last)->next)
		continue;
	*last = o;
}

static void read_when(struct reader *r, struct script_event *e)
{
	if (read_is(r, "*")) {
		e->when = SCRIPT_ANY_TIME;
		return;
	}
	e->when = read_is(r, "+") ? SCRIPT_AFTER : SCRIPT_AT;
	e->from = read_time(r);
	if (!read_is(r, "~"))
		return;
	if (e->when == SCRIPT_AFTER)
		read_want(r, "+");
	e->when = e->when == SCRIPT_AFTER ? SCRIPT_AFTER_RANGE : SCRIPT_AT_RANGE;
	e->to = read_time(r);
	if (e->to.ns < e->from.ns)
		read_fail(r, "the range of times runs backwards");
}

/* Its line is the event's: the reader is behind it, maybe lines behind. */
static void fail_event(struct reader *r, const struct script_event *e,
	const char *text)
{
	if (r->failed)
		return;
	r->line = e->line;
	read_fail(r, "%s", text);
}

static void check_when(struct reader *r, const struct script_event *e)
{
	bool out = e->kind == SCRIPT_PACKET && e->packet.outbound;

	if (e->when != SCRIPT_AT && e->when != SCRIPT_AFTER && !out)
		fail_event(r, e, "such a time is for packets that go out");
	if (e->kind == SCRIPT_CALL && e->call.blocking &&
		e->call.until.ns < e->from.ns)
		fail_event(r, e, "the call would return before it begins");
}

static void read_event(struct reader *r, struct script_event *e)
{
	e->line = r->line;
	read_when(r, e);
	if (read_peek(r, "`")) {
		e->kind = SCRIPT_COMMAND;
		e->text = read_quoted(r, "`", "`");
	} else if (read_peek(r, "%{")) {
		e->kind = SCRIPT_CODE;
		e->text = read_quoted(r, "%{", "}%");
	} else if (read_peek(r, "<") || read_peek(r, ">")) {
		e->kind = SCRIPT_PACKET;
		read_packet(r, &e->packet);
	} else {
		e->kind = SCRIPT_CALL;
		read_call(r, &e->call);
	}
	check_when(r, e);
}

static void read_script(struct reader *r)
{
	struct script_event **last = &r->s->events;

	while (read_is(r, "--"))
		read_option_line(r);
	if (read_peek(r, "`"))
		r->s->init = read_quoted(r, "`", "`");
	while (!read_at_end(r)) {
		struct script_event *e;

		if (read_peek(r, "`")) {
			r->s->cleanup = read_quoted(r, "`", "`");
			if (!read_at_end(r))
				read_fail(r, "a command without a time stands "
					"before the first event or after the last");
			break;
		}
		e = read_alloc(r, sizeof(*e));
		if (!e)
			break;
		read_event(r, e);
		*last = e;
		last = &e->next;
	}
	if (!r->failed && !r->s->events)
		read_fail(r, "the script has no events");
}

int script_parse(const char *text, size_t len, const char *path,
	const struct script_defines *defines, struct script *out,
	struct script_error *err)
{
	struct reader r = { .s = out, .line = 1, .err = err };

	if (defines)
		r.defines = *defines;

	*out = (struct script){ .path = path };
	*err = (struct script_error){ 0 };
	out->source = r.p = read_copy(&r, text, len);
	if (r.p && strlen(r.p) != len)
		read_fail(&r, "a zero byte in the script");
	if (!r.failed)
		read_script(&r);
	if (r.failed)
		script_free(out);
	return r.failed;
}

int script_read(const char *path, const struct script_defines *defines,
	struct script *out, struct script_error *err)
{
	FILE *f = fopen(path, "re");
	char *text = f ? malloc(BYTES_MAX + 1) : NULL;
	size_t len;
	int result = -errno;

	memset(out, 0, sizeof(*out));
	*err = (struct script_error){ 0 };
	if (!text) {
		snprintf(err->text, sizeof(err->text), "%s", strerror(-result));
		if (f)
			fclose(f);
		return result;
	}
	len = fread(text, 1, BYTES_MAX + 1, f);
	result = ferror(f) ? -EIO : len > BYTES_MAX ? -EFBIG : 0;
	if (result)
		snprintf(err->text, sizeof(err->text), "%s", strerror(-result));
	else
		result = script_parse(text, len, path, defines, out, err);
	fclose(f);
	free(text);
	return result;
}

void script_line(const struct script *s, unsigned line, char *buf, size_t size)
{
	const char *p = s->source;
	size_t n;

	for (unsigned i = 1; i < line && p; i++) {
		p = strchr(p, '\n');
		p = p ? p + 1 : NULL;
	}
	if (!p)
		p = "";
	n = strcspn(p, "\r\n");
	snprintf(buf, size, "%.*s", (int)(n < size ? n : size - 1), p);
}
