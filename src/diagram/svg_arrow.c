/* The ladder as SVG: arrows. SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <string.h>

#include "label.h"
#include "svg.h"

#define LOST_PART 0.58 /* of the way that a lost packet is drawn */
#define GAP_BEFORE 160.0 /* from where it is lost to a band that it would have passed */

/* An arrow's way from border to border. */
struct way {
	double x1, y1, x2, y2;
};

static const char *class_of(const struct talk_arrow *a)
{
	if (a->kind != SEEN_TCP)
		return a->kind == SEEN_UDP ? "data" : "other";
	if (a->flags & TCP_RST)
		return "rst";
	if (a->flags & TCP_SYN)
		return "ctl";
	if (a->flags & TCP_FIN)
		return "fin";
	return a->len ? "data" : "ack";
}

void svg_arrow_title(const struct svg *s, const struct talk_arrow *a)
{
	const struct talk_flow *w = &s->v->t->flows[a->flow];
	enum diagram_lang lang = s->v->t->lang;
	char from[80], to[80], text[LABEL_MAX], count[32];
	FILE *f = s->f;

	label_name(&w->name[a->side], from, sizeof(from));
	label_name(&w->name[!a->side], to, sizeof(to));
	label_arrow(a, lang, text, sizeof(text));
	svg_text(f, text);
	label_marks(a, lang, text, sizeof(text));
	if (text[0])
		fprintf(f, "\n%s", text);
	fprintf(f, words(lang, "\npacket %u, conversation %u\n",
		"\npaquete %u, conversación %u\n"), a->frame, a->flow + 1);
	svg_text(f, from);
	fputs(words(lang, " to ", " a "), f);
	svg_text(f, to);
	svg_duration(a->sent - s->v->start, text, sizeof(text));
	fprintf(f, words(lang, "\nsent at %s", "\nenviado en %s"), text);
	svg_duration(a->arrived - a->sent, text, sizeof(text));
	if (a->arrival == ARRIVAL_KNOWN)
		fprintf(f, words(lang, "\narrives %s later", "\nllega %s después"), text);
	else if (a->arrival == ARRIVAL_UNKNOWN)
		fputs(words(lang, "\nit is not known how long it took",
			"\nno se sabe cuánto tardó"), f);
	if (a->note[0]) {
		fputs("\n", f);
		svg_text(f, a->note);
	}
	fprintf(f, "\nTTL %u", a->ttl);
	if (a->kind != SEEN_TCP)
		return;
	fprintf(f, words(lang, "\nsequence number %u (%u), acknowledgement %u (%u)",
		"\nnúmero de secuencia %u (%u), confirmación %u (%u)"), a->seq,
		a->tcp.seq.v, a->ack, a->tcp.ack.v);
	fprintf(f, words(lang, "\nwindow %s bytes (field %u)",
		"\nventana %s bytes (campo %u)"), label_count(a->window, lang, count),
		a->tcp.wnd);
	if (a->tcp.mss && (a->flags & TCP_SYN))
		fprintf(f, words(lang, "\nmaximum segment size %u",
			"\ntamaño máximo de segmento %u"), a->tcp.mss);
	if ((a->flags & TCP_SYN) && a->tcp.wscale != TCP_WSCALE_NONE)
		fprintf(f, words(lang, "\nwindow scale %d", "\nescala de ventana %d"),
			a->tcp.wscale);
	if ((a->flags & TCP_SYN) && a->tcp.sack_ok)
		fputs(words(lang, "\nSACK permitted", "\nSACK permitido"), f);
	if (a->tcp.has_ts)
		fprintf(f, words(lang, "\ntimestamp %u, echo %u",
			"\nmarca de tiempo %u, eco %u"), a->tcp.tsval, a->tcp.tsecr);
}

/* The words along the line, beginning at the sender's end. */
static void along(const struct svg *s, const struct talk_arrow *a, double x1, double y1,
	double x2, double y2)
{
	char text[LABEL_MAX], marks[LABEL_MAX], *rest = text;
	double angle = atan2(y2 - y1, fabs(x2 - x1));
	int right = x2 > x1;
	double x = x1 + (right ? 14 : -14);
	double y = y1 + tan(angle) * 14 - 4;

	label_arrow(a, s->v->t->lang, text, sizeof(text));
	label_marks(a, s->v->t->lang, marks, sizeof(marks));
	fprintf(s->f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" "
		"transform=\"rotate(%.2f %.1f %.1f)\">", x, y, right ? "start" : "end",
		(right ? angle : -angle) * 180 / M_PI, x, y);
	if (a->kind == SEEN_TCP) {
		rest = strchr(text, ' ');
		if (rest)
			*rest++ = 0;
		fprintf(s->f, "<tspan class=\"flags\">%s</tspan> ", text);
	}
	if (rest)
		svg_text(s->f, rest);
	if (marks[0])
		fprintf(s->f, " <tspan class=\"mark\">%s</tspan>", marks);
	fputs("</text>", s->f);
}

static void tip(const struct svg *s, double x1, double y1, double x2, double y2)
{
	double angle = atan2(y2 - y1, x2 - x1);

	fprintf(s->f, "<path d=\"M0 0L-11 -4.5L-8.5 0L-11 4.5Z\" "
		"transform=\"translate(%.1f %.1f) rotate(%.2f)\"/>", x2, y2,
		angle * 180 / M_PI);
}

/* What became of it stands where it would have gone on, as slanted as its neighbours. */
static void cross(const struct svg *s, const struct talk_arrow *a, const struct way *w,
	int right)
{
	double x = w->x2, y = w->y2;
	double angle = atan2(w->y2 - w->y1, fabs(w->x2 - w->x1)) * 180 / M_PI;

	fprintf(s->f, "<line class=\"cross\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
		"y2=\"%.1f\"/><line class=\"cross\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
		"y2=\"%.1f\"/>", x - 7, y - 7, x + 7, y + 7, x - 7, y + 7, x + 7, y - 7);
	fprintf(s->f, "<text class=\"lostnote\" x=\"%.1f\" y=\"%.1f\" "
		"text-anchor=\"%s\" transform=\"rotate(%.2f %.1f %.1f)\">",
		x + (right ? 14 : -14), y + 4, right ? "start" : "end",
		right ? angle : -angle, x, y);
	svg_text(s->f, a->note[0] ? a->note : words(s->v->t->lang, "lost", "perdido"));
	fputs("</text>", s->f);
}

/* To itself: a word beside the lane. */
static void own(const struct svg *s, const struct talk_arrow *a, int lane, double y)
{
	int side = svg_side(s, lane);
	char text[LABEL_MAX];

	label_arrow(a, s->v->t->lang, text, sizeof(text));
	fprintf(s->f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">↺ ",
		svg_lane(s, lane) + SVG_TEXT_AT * side, y + 4, side < 0 ? "end" : "start");
	svg_text(s->f, text);
	fputs("</text>", s->f);
}

static double way_y(const struct way *w, double x)
{
	return w->y1 + (w->y2 - w->y1) * (x - w->x1) / (w->x2 - w->x1);
}

static void piece(const struct svg *s, const struct way *w, double from, double to)
{
	fprintf(s->f, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", from,
		way_y(w, from), to, way_y(w, to));
}

/* Behind the bands of the lanes that it passes it is not seen. */
static void shaft(const struct svg *s, const struct way *w, int from, int to)
{
	int step = to > from ? 1 : -1;
	double x = w->x1;

	for (int lane = from + step; lane != to; lane += step) {
		double enters = step > 0 ? s->left[lane] : s->right[lane];
		double leaves = step > 0 ? s->right[lane] : s->left[lane];

		if ((w->x2 - enters) * step <= 0) /* it is lost before */
			break;
		piece(s, w, x, enters);
		x = leaves;
	}
	if ((w->x2 - x) * step > 0)
		piece(s, w, x, w->x2);
}

/* Where a lost one ends: not behind a band. */
static double lost_x(const struct svg *s, const struct way *w, int from, int to)
{
	double x = w->x1 + (w->x2 - w->x1) * LOST_PART;
	int step = to > from ? 1 : -1;

	for (int lane = from + step; lane != to; lane += step) {
		if (x > s->left[lane] - 10 && x < s->right[lane] + 10)
			x = step > 0 ? s->left[lane] - GAP_BEFORE : s->right[lane] + GAP_BEFORE;
	}
	return x;
}

void svg_arrow(const struct svg *s, size_t row)
{
	const struct talk_arrow *a = &s->v->t->arrows[s->v->rows[row].i];
	int from = view_lane(s->v, a->from), to = view_lane(s->v, a->to);
	bool lost = a->arrival == ARRIVAL_NEVER, right = to > from;
	double edge = right ? 4 : -4; /* the lane's own width */
	struct way w = { right ? s->right[from] : s->left[from], s->p.begin[row],
		right ? s->left[to] : s->right[to], s->p.end[row] };

	fprintf(s->f, "<g class=\"a %s%s%s\" tabindex=\"0\" role=\"img\" "
		"data-flow=\"%u\"><title>", class_of(a), lost ? " lost" : "",
		a->marks & (MARK_RETRANSMIT | MARK_OUT_OF_ORDER) ? " again" : "",
		a->flow + 1);
	svg_arrow_title(s, a);
	fputs("</title>", s->f);
	if (from == to) {
		own(s, a, from, w.y1);
	} else {
		double end = lost ? lost_x(s, &w, from, to) : w.x2 - edge;

		w.y2 = lost ? way_y(&w, end) : w.y2;
		w.x2 = end;
		w.x1 += edge;
		shaft(s, &w, from, to);
		if (!lost)
			tip(s, w.x1 - edge, w.y1, w.x2, w.y2);
		along(s, a, w.x1 - edge, w.y1, w.x2, w.y2);
		if (lost)
			cross(s, a, &w, right);
	}
	fputs("</g>\n", s->f);
}
