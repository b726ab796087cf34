/* The ladder as SVG: what stands beside the lanes.
 *
 *   send(3, 100 bytes) ] ##|::|   lane      text, bracket of the call's time,
 *         ESTABLISHED    ####|    ||        received and not read, sent and not
 *                                           acknowledged, state
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "label.h"
#include "svg.h"

/* From the lane outwards. */
#define SENT_AT 7.0
#define STRIP_WIDTH 22.0
#define RECEIVED_AT 31.0
#define BRACKET_AT 58.0

static const char *state_class(const char *state)
{
	if (!strcmp(state, "ESTABLISHED"))
		return "s-est";
	if (!strcmp(state, "CLOSED") || !strcmp(state, "LISTEN"))
		return NULL;
	return state[0] == 'S' ? "s-open" : "s-close";
}

/* The lane's colour for one state, from `at` to the next or to the end. */
static void state_bar(const struct svg *s, const struct talk_change *c, double to)
{
	const struct talk_flow *w = &s->v->t->flows[c->flow];
	int lane = view_lane(s->v, w->host[c->side]);
	const char *class = state_class(c->state);
	double from = place_y(&s->p, c->at);

	if (class && lane >= 0 && to > from)
		fprintf(s->f, "<line class=\"state %s\" x1=\"%.1f\" y1=\"%.1f\" "
			"x2=\"%.1f\" y2=\"%.1f\"/>\n", class, svg_lane(s, lane), from,
			svg_lane(s, lane), to);
}

/* Of one connection only: with several a lane would need as many colours. */
static void states(const struct svg *s)
{
	const struct talk *t = s->v->t;
	const struct talk_change *last[2] = { NULL, NULL };

	if (s->v->n_flows != 1)
		return;
	for (size_t i = 0; i < t->n_changes; i++) {
		const struct talk_change *c = &t->changes[i];

		if (!view_has_flow(s->v, c->flow))
			continue;
		if (last[c->side])
			state_bar(s, last[c->side], place_y(&s->p, c->at));
		last[c->side] = c;
	}
	for (int i = 0; i < 2; i++) {
		if (last[i])
			state_bar(s, last[i], s->p.height);
	}
}

static void text_at(const struct svg *s, int lane, double y, const char *class)
{
	int side = svg_side(s, lane);

	fprintf(s->f, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">",
		class, svg_lane(s, lane) + SVG_TEXT_AT * side, y + 4,
		side < 0 ? "end" : "start");
}

static void change(const struct svg *s, size_t row)
{
	char text[64];
	unsigned host = view_change_text(s->v, &s->v->t->changes[s->v->rows[row].i], text,
		sizeof(text));
	int lane = view_lane(s->v, host);

	if (lane < 0)
		return;
	text_at(s, lane, s->p.begin[row], "statename");
	svg_text(s->f, text);
	fputs("</text>\n", s->f);
}

size_t svg_beside_length(const struct svg *s, size_t row, int lane)
{
	const struct row *r = &s->v->rows[row];
	char text[256] = "", result[64] = "";

	if (r->kind == ROW_CHANGE) {
		unsigned host = view_change_text(s->v, &s->v->t->changes[r->i], text,
			sizeof(text));

		return view_lane(s->v, host) == lane ? strlen(text) : 0;
	}
	if (r->kind == ROW_ARROW) {
		const struct talk_arrow *a = &s->v->t->arrows[r->i];

		if (a->from != a->to || view_lane(s->v, a->from) != lane)
			return 0;
		label_arrow(a, s->v->t->lang, text, sizeof(text));
		return strlen(text) + 2;
	}
	if (r->kind == ROW_FOLD || view_lane(s->v, s->v->c->list[r->i].host) != lane)
		return 0;
	call_text(&s->v->c->list[r->i], view_is_shared(s->v, s->v->c->list[r->i].host),
		text, sizeof(text));
	call_result_text(&s->v->c->list[r->i], s->v->t->lang, result, sizeof(result));
	return strlen(text) + strlen(result) +
		strlen(call_state_text(&s->v->c->list[r->i])) + 1;
}

/* --- calls ------------------------------------------------------------------------------ */

static void bracket(const struct svg *s, int lane, double from, double to)
{
	double x = svg_lane(s, lane) + BRACKET_AT * svg_side(s, lane);

	fprintf(s->f, "<rect class=\"bracket\" x=\"%.1f\" y=\"%.1f\" width=\"4\" "
		"height=\"%.1f\" rx=\"2\"/>", x - 2, from - 5, fmax(to - from, 0) + 10);
}

static void gauge(const struct svg *s, double x, double y, const char *class, long used,
	long size)
{
	double part = size > 0 ? fmin((double)used / (double)size, 1) : 0;

	fprintf(s->f, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		"height=\"7\"/><rect class=\"gauge\" x=\"%.1f\" y=\"%.1f\" width=\"40\" "
		"height=\"7\"/>", class, x, y - 3, 40 * part, x, y - 3);
}

/* How full its buffers are, below the call. */
static void queues(const struct svg *s, const struct call *c, int lane, double y)
{
	double side = svg_side(s, lane), x = svg_lane(s, lane) + SVG_TEXT_AT * side;
	char used[32], size[32];
	enum diagram_lang lang = s->v->t->lang;
	const char *what = c->sendq > 0 ? words(lang, "to send", "por enviar") :
		words(lang, "to read", "por leer");
	long n = c->sendq > 0 ? c->sendq : c->recvq;
	long of = c->sendq > 0 ? c->sendbuf : c->recvbuf;

	if (n <= 0)
		return;
	gauge(s, side < 0 ? x - 40 : x, y, c->sendq > 0 ? "sendq" : "recvq", n, of);
	fprintf(s->f, "<text class=\"note\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s %s",
		x + 46 * side, y + 4, side < 0 ? "end" : "start", what,
		label_count((uint64_t)n, lang, used));
	if (of > 0)
		fprintf(s->f, words(lang, " of %s", " de %s"),
			label_count((uint64_t)of, lang, size));
	fputs("</text>", s->f);
}

static void call(const struct svg *s, size_t row, const double *returns)
{
	const struct row *r = &s->v->rows[row];
	const struct call *c = &s->v->c->list[r->i];
	int lane = view_lane(s->v, c->host);
	double y = s->p.begin[row];
	char text[256], result[64];

	call_text(c, view_is_shared(s->v, c->host), text, sizeof(text));
	call_result_text(c, s->v->t->lang, result, sizeof(result));
	if (r->kind == ROW_CALL)
		bracket(s, lane, y, returns[r->i] ? returns[r->i] :
			c->end == CALL_NEVER ? s->p.height : y);
	text_at(s, lane, y, "call");
	if (r->kind == ROW_CALL)
		svg_text(s->f, text);
	else
		fprintf(s->f, "… %s", c->name);
	if (!r->returns) {
		fprintf(s->f, "<tspan class=\"%s\">", c->error[0] ? "fails" : "ok");
		svg_text(s->f, result);
		fputs("</tspan>", s->f);
		if (*call_state_text(c)) {
			fputs(" <tspan class=\"statename\">", s->f);
			svg_text(s->f, call_state_text(c));
			fputs("</tspan>", s->f);
		}
	}
	fputs("</text>", s->f);
	if (!r->returns)
		queues(s, c, lane, y + PLACE_LINE);
	fputs("\n", s->f);
}

static void calls(const struct svg *s)
{
	double *returns = calloc(s->v->c->n + 1, sizeof(*returns));

	for (size_t i = 0; returns && i < s->v->n_rows; i++) {
		if (s->v->rows[i].kind == ROW_RETURN)
			returns[s->v->rows[i].i] = s->p.begin[i];
	}
	for (size_t i = 0; returns && i < s->v->n_rows; i++) {
		if (s->v->rows[i].kind == ROW_CALL || s->v->rows[i].kind == ROW_RETURN)
			call(s, i, returns);
	}
	free(returns);
}

/* --- levels ----------------------------------------------------------------------------- */

static uint32_t level_of(const struct talk_level *l, bool sent)
{
	return sent ? l->sent : l->received;
}

/* A strip of steps: as wide as there are bytes. */
static void strip(const struct svg *s, unsigned side, bool sent, double scale)
{
	const struct talk *t = s->v->t;
	int lane = -1, toward = 1;
	double x = 0, width = 0;
	bool begun = false;

	for (size_t i = 0; i < t->n_levels; i++) {
		const struct talk_level *l = &t->levels[i];
		double y, next;

		if (!view_has_flow(s->v, l->flow) || l->side != side)
			continue;
		next = STRIP_WIDTH * level_of(l, sent) / scale;
		if (begun && fabs(next - width) < 0.05)
			continue;
		y = place_y(&s->p, l->at);
		if (!begun) {
			lane = view_lane(s->v, t->flows[l->flow].host[side]);
			if (lane < 0)
				return;
			toward = svg_side(s, lane);
			x = svg_lane(s, lane) + (sent ? SENT_AT : RECEIVED_AT) * toward;
			fprintf(s->f, "<path class=\"%s\" d=\"M%.1f %.1f",
				sent ? "sendq" : "recvq", x, y);
			begun = true;
		}
		fprintf(s->f, "V%.1fH%.1f", y, x + next * toward);
		width = next;
	}
	if (begun)
		fprintf(s->f, "V%.1fH%.1fZ\"><title>%s</title></path>\n", s->p.height, x,
			sent ? words(t->lang, "sent and not acknowledged",
				"enviado y sin confirmar") :
			words(t->lang, "received and not read",
				"recibido y sin leer"));
}

static void levels(const struct svg *s)
{
	double most[2] = { 1, 1 };

	if (s->v->n_flows != 1)
		return;
	for (size_t i = 0; i < s->v->t->n_levels; i++) {
		const struct talk_level *l = &s->v->t->levels[i];

		if (!view_has_flow(s->v, l->flow))
			continue;
		most[0] = fmax(most[0], l->received);
		most[1] = fmax(most[1], l->sent);
	}
	for (unsigned side = 0; side < 2; side++) {
		strip(s, side, true, most[1]);
		/* A window that moves a little says nothing of a reader. */
		if (most[0] > 2000)
			strip(s, side, false, most[0]);
	}
}

void svg_bars(const struct svg *s)
{
	states(s);
	levels(s);
}

void svg_texts(const struct svg *s)
{
	for (size_t i = 0; i < s->v->n_rows; i++) {
		if (s->v->rows[i].kind == ROW_CHANGE)
			change(s, i);
	}
	calls(s);
}
