/* The ladder as text: a line for each row, ASCII only.
 *
 *       ms   client (10.0.0.1)                        server (10.0.0.2)
 *    0.000   SYN-SENT |--SYN seq=0 win=64240-----------------+20.000->| LISTEN
 *
 * An arrow's line stands at its departure; how long it took is written at its head.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
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
	char line[LINE_MAX_];
};

static int column(const struct page *p, int lane)
{
	return p->first + lane * GAP;
}

static void put(struct page *p, int at, const char *text)
{
	for (; *text && at < LINE_MAX_ - 1; text++, at++) {
		if (at >= 0)
			p->line[at] = *text >= ' ' && *text < 127 ? *text : '?';
	}
}

/* A blank line with the lanes, and the time unless it is negative. */
static void begin(struct page *p, int64_t at)
{
	char time[32];

	memset(p->line, ' ', sizeof(p->line) - 1);
	p->line[sizeof(p->line) - 1] = 0;
	if (at >= 0) {
		snprintf(time, sizeof(time), "%11.3f", (double)at / 1e6);
		put(p, 0, time);
	}
	for (unsigned i = 0; i < p->v->n_lanes; i++)
		p->line[column(p, (int)i)] = '|';
}

static void end(struct page *p)
{
	size_t n = strlen(p->line);

	while (n && p->line[n - 1] == ' ')
		n--;
	fprintf(p->f, "%.*s\n", (int)n, p->line);
}

/* Beside the lane: left of the first, right of the others. Too long a text is cut. */
static void beside(struct page *p, int lane, const char *text)
{
	int at = column(p, lane) + 2, room = MARGIN_RIGHT - 2;
	char cut[MARGIN_RIGHT];

	if (lane == 0)
		room = p->first - TIME_WIDTH - 3;
	else if (lane + 1 < (int)p->v->n_lanes)
		room = GAP - 4;
	snprintf(cut, sizeof(cut), "%s", text);
	if ((int)strlen(cut) > room)
		strcpy(cut + room - 3, "...");
	if (lane == 0)
		at = column(p, lane) - 1 - (int)strlen(cut);
	put(p, at, cut);
}

static void heading(struct page *p)
{
	char text[HOST_NAME_MAX_ + 2 * IPADDR_TEXT_MAX + 8];

	begin(p, -1);
	put(p, 9, "ms");
	for (unsigned i = 0; i < p->v->n_lanes; i++) {
		int at = column(p, (int)i);

		talk_host_text(&p->v->t->hosts[p->v->lanes[i]], text, sizeof(text));
		at -= (int)strlen(text) / 2;
		put(p, at > 12 ? at : 12, text);
	}
	end(p);
}

static void cut(char *words, size_t size, int room)
{
	if (room < 0)
		room = 0;
	if ((size_t)room < size)
		words[room] = 0;
}

/* The arrow's line from column a to b, words from the sender's end on. */
static void draw_arrow(struct page *p, const struct talk_arrow *a, int from, int to)
{
	int low = column(p, from < to ? from : to) + 1;
	int high = column(p, from < to ? to : from) - 1;
	char words[LABEL_MAX + 64], marks[LABEL_MAX], took[NOTE_MAX + 4] = "";
	bool lost = a->arrival == ARRIVAL_NEVER;
	int stop = lost ? (high - low) / 6 : 0; /* short of the receiver */

	label_arrow(a, words, sizeof(words));
	label_marks(a, marks, sizeof(marks));
	if (marks[0])
		snprintf(words + strlen(words), sizeof(words) - strlen(words), " [%s]",
			marks);
	if (a->arrival == ARRIVAL_KNOWN && a->arrived > a->sent)
		snprintf(took, sizeof(took), "+%.3f", (double)(a->arrived - a->sent) /
			1e6);
	if (lost)
		snprintf(took, sizeof(took), " %s ", a->note[0] ? a->note : "lost");
	if (from < to) {
		memset(p->line + low, '-', (size_t)(high - low + 1 - stop));
		p->line[high - stop] = lost ? 'X' : '>';
		put(p, high - stop - 1 - (int)strlen(took), took);
		cut(words, sizeof(words), high - low - stop - 4 - (int)strlen(took));
		put(p, low + 2, words);
	} else {
		memset(p->line + low + stop, '-', (size_t)(high - low + 1 - stop));
		p->line[low + stop] = lost ? 'X' : '<';
		put(p, low + stop + 2, took);
		cut(words, sizeof(words), high - low - stop - 5 - (int)strlen(took));
		put(p, high - 1 - (int)strlen(words), words);
	}
}

/* To itself, or beyond the picture. */
static void draw_own(struct page *p, const struct talk_arrow *a, int lane)
{
	char words[LABEL_MAX + 32];

	snprintf(words, sizeof(words), "(to itself) ");
	label_arrow(a, words + strlen(words), sizeof(words) - strlen(words));
	beside(p, lane, words);
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
	char text[160];

	if (c->sendq <= 0 && c->recvq <= 0)
		return;
	begin(p, -1);
	text[0] = 0;
	if (c->sendq > 0)
		snprintf(text, sizeof(text), "to send: %ld of %ld%s", c->sendq,
			c->sendbuf, c->recvq > 0 ? ", " : "");
	if (c->recvq > 0)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			"to read: %ld of %ld", c->recvq, c->recvbuf);
	beside(p, lane, text);
	end(p);
}

static void row_call(struct page *p, const struct row *r)
{
	const struct call *c = &p->v->c->list[r->i];
	int lane = view_lane(p->v, c->host);
	char text[256], result[64];
	begin(p, r->at - p->v->start);
	call_result_text(c, result, sizeof(result));
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
