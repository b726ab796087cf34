/* The ladder as text: a line for each row, a column for each letter.
 *
 *       ms   client (10.0.0.1)                        server (10.0.0.2)
 *    0.000   SYN-SENT |--SYN seq=0 win=64240-----------------+20.000->| LISTEN
 *
 * An arrow's line stands at its departure; how long it took is written at its head.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "forms.h"
#include "label.h"

enum {
	TIME_WIDTH = 12,
	GAP = 76,	   /* between two lanes */
	MARGIN_STATES = 24, /* left of the first lane: for states alone */
	MARGIN_CALLS = 46,
	MARGIN_RIGHT = 72,
	LINE_MAX_ = TIME_WIDTH + MARGIN_CALLS + LANES_MAX * GAP + MARGIN_RIGHT + 1,
};

struct page {
	FILE *f;
	const struct view *v;
	int first; /* column of the first lane */
	uint16_t line[LINE_MAX_]; /* letters */
};

static int column(const struct page *p, int lane)
{
	return p->first + lane * GAP;
}

/* The letter at *text, which moves behind it: of ASCII, or one of two bytes in UTF-8 that
 * is as wide (those from U+0300 on are not, some of them). */
static uint16_t letter(const char **text)
{
	const unsigned char *u = (const unsigned char *)*text;

	(*text)++;
	if (u[0] >= ' ' && u[0] < 127)
		return u[0];
	if (u[0] < 0xc2 || u[0] >= 0xcc || (u[1] & 0xc0) != 0x80 ||
		(u[0] == 0xc2 && u[1] < 0xa0))
		return '?';
	(*text)++;
	return (uint16_t)((u[0] & 0x1f) << 6 | (u[1] & 0x3f));
}

static int letters(const char *text)
{
	int n = 0;

	for (; *text; n++)
		letter(&text);
	return n;
}

static void cut(char *text, int room)
{
	const char *at = text;

	while (*at && room-- > 0)
		letter(&at);
	text[at - text] = 0;
}

static void put(struct page *p, int at, const char *text)
{
	for (; *text && at < LINE_MAX_ - 1; at++) {
		uint16_t c = letter(&text);

		if (at >= 0)
			p->line[at] = c;
	}
}

static void fill(struct page *p, int at, int n, char c)
{
	for (int i = 0; i < n; i++)
		p->line[at + i] = (uint8_t)c;
}

/* A blank line with the lanes, and the time unless it is negative. */
static void begin(struct page *p, int64_t at)
{
	char time[32];

	fill(p, 0, LINE_MAX_, ' ');
	if (at >= 0) {
		snprintf(time, sizeof(time), "%11.3f", (double)at / 1e6);
		put(p, 0, time);
	}
	for (unsigned i = 0; i < p->v->n_lanes; i++)
		p->line[column(p, (int)i)] = '|';
}

static void end(struct page *p)
{
	int n = LINE_MAX_;

	while (n && p->line[n - 1] == ' ')
		n--;
	for (int i = 0; i < n; i++) {
		if (p->line[i] >= 0x80)
			fputc(0xc0 | p->line[i] >> 6, p->f);
		fputc(p->line[i] >= 0x80 ? 0x80 | (p->line[i] & 0x3f) : p->line[i], p->f);
	}
	fputc('\n', p->f);
}

/* Beside the lane: left of the first, right of the others. Too long a text is cut. */
static void beside(struct page *p, int lane, const char *text)
{
	int at = column(p, lane) + 2, room = MARGIN_RIGHT - 2;
	char shown[2 * MARGIN_RIGHT + 4];

	if (lane == 0)
		room = p->first - TIME_WIDTH - 3;
	else if (lane + 1 < (int)p->v->n_lanes)
		room = GAP - 4;
	snprintf(shown, sizeof(shown), "%s", text);
	if (letters(shown) > room) {
		cut(shown, room - 3);
		strcat(shown, "...");
	}
	if (lane == 0)
		at = column(p, lane) - 1 - letters(shown);
	put(p, at, shown);
}

static void heading(struct page *p)
{
	char text[HOST_NAME_MAX_ + 2 * IPADDR_TEXT_MAX + 8];

	begin(p, -1);
	put(p, 9, "ms");
	for (unsigned i = 0; i < p->v->n_lanes; i++) {
		int at = column(p, (int)i);

		talk_host_text(&p->v->t->hosts[p->v->lanes[i]], text, sizeof(text));
		at -= letters(text) / 2;
		put(p, at > 12 ? at : 12, text);
	}
	end(p);
}

/* The arrow's line from column a to b, words from the sender's end on. */
static void draw_arrow(struct page *p, const struct talk_arrow *a, int from, int to)
{
	int low = column(p, from < to ? from : to) + 1;
	int high = column(p, from < to ? to : from) - 1;
	enum diagram_lang lang = p->v->t->lang;
	char text[LABEL_MAX + 64], marks[LABEL_MAX], took[NOTE_MAX + 4] = "";
	bool lost = a->arrival == ARRIVAL_NEVER;
	int stop = lost ? (high - low) / 6 : 0; /* short of the receiver */

	label_arrow(a, lang, text, sizeof(text));
	label_marks(a, lang, marks, sizeof(marks));
	if (marks[0])
		snprintf(text + strlen(text), sizeof(text) - strlen(text), " [%s]", marks);
	if (a->arrival == ARRIVAL_KNOWN && a->arrived > a->sent)
		snprintf(took, sizeof(took), "+%.3f", (double)(a->arrived - a->sent) /
			1e6);
	if (lost)
		snprintf(took, sizeof(took), " %s ", a->note[0] ? a->note :
			words(lang, "lost", "perdido"));
	if (from < to) {
		fill(p, low, high - low + 1 - stop, '-');
		p->line[high - stop] = lost ? 'X' : '>';
		put(p, high - stop - 1 - letters(took), took);
		cut(text, high - low - stop - 4 - letters(took));
		put(p, low + 2, text);
	} else {
		fill(p, low + stop, high - low + 1 - stop, '-');
		p->line[low + stop] = lost ? 'X' : '<';
		put(p, low + stop + 2, took);
		cut(text, high - low - stop - 5 - letters(took));
		put(p, high - 1 - letters(text), text);
	}
}

/* To itself, or beyond the picture. */
static void draw_own(struct page *p, const struct talk_arrow *a, int lane)
{
	enum diagram_lang lang = p->v->t->lang;
	char text[LABEL_MAX + 32];

	snprintf(text, sizeof(text), "%s", words(lang, "(to itself) ", "(a sí misma) "));
	label_arrow(a, lang, text + strlen(text), sizeof(text) - strlen(text));
	beside(p, lane, text);
}

/* The changes of state that belong to this moment, in the margins of the same line:
 * rows from *k on. */
static void states_here(struct page *p, const struct talk_arrow *a, size_t *k)
{
	const struct view *v = p->v;
	bool used[LANES_MAX] = { false };
	char text[64];

	while (*k + 1 < v->n_rows) {
		const struct row *r = &v->rows[*k + 1];
		int lane;

		if (r->kind != ROW_CHANGE || r->at != a->sent)
			return;
		lane = view_lane(v, view_change_text(v, &v->t->changes[r->i], text,
			sizeof(text)));
		if (lane < 0 || used[lane] ||
			(lane != 0 && lane + 1 != (int)v->n_lanes))
			return;
		used[lane] = true;
		beside(p, lane, text);
		(*k)++;
	}
}

static void row_arrow(struct page *p, const struct row *r, size_t *k)
{
	const struct talk_arrow *a = &p->v->t->arrows[r->i];
	int from = view_lane(p->v, a->from), to = view_lane(p->v, a->to);

	begin(p, r->at - p->v->start);
	if (from == to)
		draw_own(p, a, from);
	else
		draw_arrow(p, a, from, to);
	states_here(p, a, k);
	end(p);
}

/* How full its buffers are, in a line of its own. */
static void row_queues(struct page *p, const struct call *c, int lane)
{
	enum diagram_lang lang = p->v->t->lang;
	char text[160];

	if (c->sendq <= 0 && c->recvq <= 0)
		return;
	begin(p, -1);
	text[0] = 0;
	if (c->sendq > 0)
		snprintf(text, sizeof(text), words(lang, "to send: %ld of %ld%s",
			"por enviar: %ld de %ld%s"), c->sendq, c->sendbuf,
			c->recvq > 0 ? ", " : "");
	if (c->recvq > 0)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			words(lang, "to read: %ld of %ld", "por leer: %ld de %ld"),
			c->recvq, c->recvbuf);
	beside(p, lane, text);
	end(p);
}

static void row_call(struct page *p, const struct row *r)
{
	const struct call *c = &p->v->c->list[r->i];
	int lane = view_lane(p->v, c->host);
	char text[256], result[64];
	begin(p, r->at - p->v->start);
	call_result_text(c, p->v->t->lang, result, sizeof(result));
	if (r->kind == ROW_CALL)
		call_text(c, view_is_shared(p->v, c->host), text, sizeof(text));
	else
		snprintf(text, sizeof(text), "... %s", c->name);
	if (!r->returns)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s%s", result,
			*call_state_text(c) ? "  " : "", call_state_text(c));
	beside(p, lane, text);
	end(p);
	if (!r->returns)
		row_queues(p, c, lane);
}

static void row_change(struct page *p, const struct row *r)
{
	char text[64];
	unsigned host = view_change_text(p->v, &p->v->t->changes[r->i], text,
		sizeof(text));
	int lane = view_lane(p->v, host);

	if (lane < 0)
		return;
	begin(p, r->at - p->v->start);
	beside(p, lane, text);
	end(p);
}

static void row_fold(struct page *p, const struct row *r)
{
	const struct fold *f = &p->v->folds[r->i];
	char text[FOLD_TEXT_MAX + 8];

	for (unsigned i = 0; i < f->n_lines; i++) {
		begin(p, i ? -1 : r->at - p->v->start);
		for (unsigned k = 0; k < p->v->n_lanes; k++)
			p->line[column(p, (int)k)] = ':';
		snprintf(text, sizeof(text), "%s%s", i ? "    " : "... ", f->line[i]);
		put(p, column(p, 0) + 4, text);
		end(p);
	}
}

int form_text(FILE *f, const struct view *v)
{
	struct page p = { .f = f, .v = v };

	p.first = TIME_WIDTH + (v->c->n ? MARGIN_CALLS : MARGIN_STATES);
	heading(&p);
	for (size_t k = 0; k < v->n_rows; k++) {
		const struct row *r = &v->rows[k];

		switch (r->kind) {
		case ROW_ARROW:
			row_arrow(&p, r, &k);
			break;
		case ROW_CALL:
		case ROW_RETURN:
			row_call(&p, r);
			break;
		case ROW_CHANGE:
			row_change(&p, r);
			break;
		case ROW_FOLD:
			row_fold(&p, r);
			break;
		}
	}
	return ferror(f) ? -1 : 0;
}
