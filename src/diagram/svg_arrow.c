/* The ladder as SVG: arrows. SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <string.h>

#include "label.h"
#include "svg.h"

#define LOST_PART 0.58 /* of the way that a lost packet is drawn */

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
	char from[80], to[80], text[LABEL_MAX], count[32];
	FILE *f = s->f;

	label_name(&w->name[a->side], from, sizeof(from));
	label_name(&w->name[!a->side], to, sizeof(to));
	label_arrow(a, text, sizeof(text));
	svg_text(f, text);
	label_marks(a, text, sizeof(text));
	if (text[0])
		fprintf(f, "\n%s", text);
	fprintf(f, "\npacket %u, conversation %u\n", a->frame, a->flow + 1);
	svg_text(f, from);
	fputs(" to ", f);
	svg_text(f, to);
	svg_duration(a->sent - s->v->start, text, sizeof(text));
	fprintf(f, "\nsent at %s", text);
	svg_duration(a->arrived - a->sent, text, sizeof(text));
	if (a->arrival == ARRIVAL_KNOWN)
		fprintf(f, "\narrives %s later", text);
	else if (a->arrival == ARRIVAL_UNKNOWN)
		fputs("\nit is not known how long it took", f);
	if (a->note[0]) {
		fputs("\n", f);
		svg_text(f, a->note);
	}
	fprintf(f, "\nTTL %u", a->ttl);
	if (a->kind != SEEN_TCP)
		return;
	fprintf(f, "\nsequence number %u (%u), acknowledgement %u (%u)", a->seq,
		a->tcp.seq.v, a->ack, a->tcp.ack.v);
	fprintf(f, "\nwindow %s bytes (field %u)", label_count(a->window, count),
		a->tcp.wnd);
	if (a->tcp.mss && (a->flags & TCP_SYN))
		fprintf(f, "\nmaximum segment size %u", a->tcp.mss);
	if ((a->flags & TCP_SYN) && a->tcp.wscale != TCP_WSCALE_NONE)
		fprintf(f, "\nwindow scale %d", a->tcp.wscale);
	if ((a->flags & TCP_SYN) && a->tcp.sack_ok)
		fputs("\nSACK permitted", f);
	if (a->tcp.has_ts)
		fprintf(f, "\ntimestamp %u, echo %u", a->tcp.tsval, a->tcp.tsecr);
}

/* The words along the line, beginning at the sender's end. */
static void words(const struct svg *s, const struct talk_arrow *a, double x1, double y1,
	double x2, double y2)
{
	char text[LABEL_MAX], marks[LABEL_MAX], *rest = text;
	double angle = atan2(y2 - y1, fabs(x2 - x1));
	int right = x2 > x1;
	double x = x1 + (right ? 14 : -14);
	double y = y1 + tan(angle) * 14 - 4;

	label_arrow(a, text, sizeof(text));
	label_marks(a, marks, sizeof(marks));
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

static void cross(const struct svg *s, const struct talk_arrow *a, double x, double y,
	int right)
{
	fprintf(s->f, "<line class=\"cross\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
		"y2=\"%.1f\"/><line class=\"cross\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
		"y2=\"%.1f\"/>", x - 7, y - 7, x + 7, y + 7, x - 7, y + 7, x + 7, y - 7);
	fprintf(s->f, "<text class=\"lostnote\" x=\"%.1f\" y=\"%.1f\" "
		"text-anchor=\"%s\">", x + (right ? 14 : -14), y + 4,
		right ? "start" : "end");
	svg_text(s->f, a->note[0] ? a->note : "lost");
	fputs("</text>", s->f);
}

/* To itself: a word beside the lane. */
static void own(const struct svg *s, const struct talk_arrow *a, double x, double y)
{
	char text[LABEL_MAX];

	label_arrow(a, text, sizeof(text));
	fprintf(s->f, "<text x=\"%.1f\" y=\"%.1f\">↺ ", x + 12, y + 4);
	svg_text(s->f, text);
	fputs("</text>", s->f);
}

void svg_arrow(const struct svg *s, size_t row)
{
	const struct talk_arrow *a = &s->v->t->arrows[s->v->rows[row].i];
	int from = view_lane(s->v, a->from), to = view_lane(s->v, a->to);
	double x1 = svg_lane(s, from), x2 = svg_lane(s, to);
	double y1 = s->p.begin[row], y2 = s->p.end[row];
	bool lost = a->arrival == ARRIVAL_NEVER, right = x2 > x1;
	double edge = right ? 4 : -4; /* the lane's own width */

	fprintf(s->f, "<g class=\"a %s%s%s\" tabindex=\"0\" role=\"img\" "
		"data-flow=\"%u\"><title>", class_of(a), lost ? " lost" : "",
		a->marks & (MARK_RETRANSMIT | MARK_OUT_OF_ORDER) ? " again" : "",
		a->flow + 1);
	svg_arrow_title(s, a);
	fputs("</title>", s->f);
	if (from == to) {
		own(s, a, x1, y1);
	} else if (lost) {
		x2 = x1 + (x2 - x1) * LOST_PART;
		y2 = y1 + (y2 - y1) * LOST_PART;
	}
	if (from != to) {
		fprintf(s->f, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
			x1 + edge, y1, lost ? x2 : x2 - edge, y2);
		if (!lost)
			tip(s, x1, y1, x2 - edge, y2);
		words(s, a, x1, y1, x2, y2);
		if (lost)
			cross(s, a, x2, y2, right);
	}
	fputs("</g>\n", s->f);
}
