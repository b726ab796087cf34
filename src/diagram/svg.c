/* The ladder as SVG: the page, its lanes, times, folds and pauses.
 *
 *   | time |  calls, states  | lane          arrows          lane |  calls, states  |
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include "svg.h"

#include <math.h>
#include <string.h>

#include "label.h"
#include "picture_css.h"

#define TIME_WIDTH 84.0
#define MARGIN_STATES 150.0
#define PORT_WIDTH 60.0
#define MARGIN_CALLS 330.0
#define GAP_TWO 600.0
#define GAP_MORE 440.0 /* of more than two lanes, at most */
#define GAP_LEAST 260.0
#define GAP_EDGE 50.0  /* beside an arrow's words */
#define BAND_LEAST 150.0
#define BAND_EDGE 14.0
#define TEXT_LETTER 7.4 /* a letter's width at most, for one of most fonts */
#define BOTTOM 46.0

double svg_lane(const struct svg *s, int lane)
{
	return s->left[lane];
}

int svg_side(const struct svg *s, int lane)
{
	return lane == 0 && s->v->n_lanes > 1 ? -1 : 1;
}

/* Length of the UTF-8 sequence at p, 0 when it is none that XML may hold. */
static int sequence(const unsigned char *p)
{
	int n = p[0] < 0x80 ? 1 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2 :
		p[0] >= 0xe0 && p[0] < 0xf0 ? 3 : p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : 0;
	unsigned code;

	for (int i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	if (n == 1)
		return p[0] >= ' ' || p[0] == '\n' || p[0] == '\t' ? p[0] != 0x7f : 0;
	if (n == 3) {
		code = (p[0] & 0xfu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
		if (code < 0x800 || (code >= 0xd800 && code < 0xe000) || code >= 0xfffe)
			return 0;
	}
	if (n == 4) {
		code = (p[0] & 7u) << 6 | (p[1] & 0x3fu);
		if (code < 0x10 || code >= 0x110)
			return 0;
	}
	return n;
}

void svg_text(FILE *f, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	while (*p) {
		int n = sequence(p);

		if (*p == '<')
			fputs("&lt;", f);
		else if (*p == '>')
			fputs("&gt;", f);
		else if (*p == '&')
			fputs("&amp;", f);
		else if (*p == '"')
			fputs("&quot;", f);
		else if (n)
			fwrite(p, 1, (size_t)n, f);
		else
			fputc('?', f);
		p += n ? n : 1;
	}
}

void svg_duration(int64_t ns, char *buf, size_t size)
{
	if (ns < 1000000)
		snprintf(buf, size, "%.3g µs", (double)ns / 1e3);
	else if (ns < 1000000000)
		snprintf(buf, size, "%.3f ms", (double)ns / 1e6);
	else
		snprintf(buf, size, "%.3f s", (double)ns / 1e9);
}

/* --- the frame ----------------------------------------------------------------------- */

/* What a lane's texts need beside it; 0 when it has none. */
static double beside_width(const struct svg *s, int lane)
{
	size_t longest = 0;

	for (size_t i = 0; i < s->v->n_rows; i++) {
		size_t n = svg_beside_length(s, i, lane);

		longest = n > longest ? n : longest;
	}
	return longest ? SVG_TEXT_AT + TEXT_LETTER * (double)longest + BAND_EDGE : 0;
}

/* Between more than two lanes: what the longest words on an arrow need. */
static double gap_of_many(const struct svg *s)
{
	size_t longest = 0;

	for (size_t i = 0; i < s->v->n_rows; i++) {
		const struct talk_arrow *a = &s->v->t->arrows[s->v->rows[i].i];
		char text[LABEL_MAX], marks[LABEL_MAX];
		size_t n;

		if (s->v->rows[i].kind != ROW_ARROW || a->from == a->to)
			continue;
		if (a->arrival == ARRIVAL_NEVER) /* its fate needs room as well */
			return GAP_MORE;
		label_arrow(a, s->v->t->lang, text, sizeof(text));
		label_marks(a, s->v->t->lang, marks, sizeof(marks));
		n = strlen(text) + 1 + strlen(marks);
		longest = n > longest ? n : longest;
	}
	return fmin(GAP_MORE, fmax(GAP_LEAST, TEXT_LETTER * (double)longest + GAP_EDGE));
}

static void measure(struct svg *s)
{
	int lanes = s->v->n_lanes ? (int)s->v->n_lanes : 1;
	double margin = s->v->c->n ? MARGIN_CALLS : MARGIN_STATES +
		(s->v->n_flows > 1 ? PORT_WIDTH : 0);
	double x = TIME_WIDTH + margin;
	double gap = lanes > 2 ? gap_of_many(s) : GAP_TWO;

	if (lanes > 1)
		x = TIME_WIDTH + fmax(margin, beside_width(s, 0));
	for (int i = 0; i < lanes; i++) {
		s->left[i] = x;
		if (i > 0 && i < lanes - 1)
			x += fmax(BAND_LEAST, beside_width(s, i));
		s->right[i] = x;
		x += gap;
	}
	s->width = s->right[lanes - 1] + fmax(margin, beside_width(s, lanes - 1)) + 20;
	s->top = s->title ? 110 : 76;
}

static void head(const struct svg *s)
{
	char host[HOST_NAME_MAX_ + 2 * IPADDR_TEXT_MAX + 8];
	FILE *f = s->f;

	fprintf(f, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ladder\" "
		"viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
		"role=\"group\">\n<title>", s->width, s->height, s->width, s->height);
	svg_text(f, s->title ? s->title : words(s->v->t->lang, "Ladder of a conversation",
		"Diagrama de una conversación"));
	fputs(words(s->v->t->lang, "</title>\n<desc>Time runs down. Hosts: ",
		"</title>\n<desc>El tiempo corre hacia abajo. Máquinas: "), f);
	for (unsigned i = 0; i < s->v->n_lanes; i++) {
		talk_host_text(&s->v->t->hosts[s->v->lanes[i]], host, sizeof(host));
		fputs(i ? ", " : "", f);
		svg_text(f, host);
	}
	fputs(words(s->v->t->lang,
		". Each arrow is a packet; lost ones end in a cross.</desc>\n",
		". Cada flecha es un paquete; la de uno perdido acaba en una cruz.</desc>\n"),
		f);
}

static void lane_line(const struct svg *s, double x)
{
	fprintf(s->f, "<line class=\"lane\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
		"y2=\"%.1f\"/>", x, s->top - 14, x, s->height - BOTTOM + 14);
}

static void lanes(const struct svg *s)
{
	char text[HOST_NAME_MAX_ + 2 * IPADDR_TEXT_MAX + 8], *paren;
	FILE *f = s->f;

	for (unsigned i = 0; i < s->v->n_lanes; i++) {
		double x = (s->left[i] + s->right[i]) / 2;

		talk_host_text(&s->v->t->hosts[s->v->lanes[i]], text, sizeof(text));
		paren = strstr(text, " (");
		if (paren) {
			*paren = 0;
			paren[strlen(paren + 2) + 1] = 0; /* the closing one */
			fprintf(f, "<text class=\"addr\" x=\"%.1f\" y=\"%.1f\">", x,
				s->top - 24);
			svg_text(f, paren + 2);
			fputs("</text>", f);
		}
		fprintf(f, "<text class=\"host\" x=\"%.1f\" y=\"%.1f\">", x,
			s->top - (paren ? 40 : 28));
		svg_text(f, text);
		fputs("</text>", f);
		if (s->right[i] > s->left[i])
			fprintf(f, "<rect class=\"band\" x=\"%.1f\" y=\"%.1f\" "
				"width=\"%.1f\" height=\"%.1f\"/>", s->left[i],
				s->top - 14, s->right[i] - s->left[i],
				s->height - BOTTOM + 28 - s->top);
		lane_line(s, s->left[i]);
		if (s->right[i] > s->left[i])
			lane_line(s, s->right[i]);
		fputs("\n", f);
	}
}

static bool is_lost(const struct svg *s, size_t row)
{
	return s->v->t->arrows[s->v->rows[row].i].arrival == ARRIVAL_NEVER;
}

/* In one unit for the whole page. */
static void times(const struct svg *s)
{
	int64_t span = s->v->end - s->v->start;
	double unit = span < 1000000 ? 1e3 : span < 10000000000 ? 1e6 : 1e9, last = -99;
	int64_t shown = 0;
	FILE *f = s->f;

	fprintf(f, "<text class=\"time\" x=\"%.0f\" y=\"%.1f\">%s, %s</text>\n",
		TIME_WIDTH - 10, s->top - 24, words(s->v->t->lang, "time", "tiempo"),
		unit < 1e5 ? "µs" : unit < 1e8 ? "ms" : "s");
	for (size_t i = 0; i < s->p.n; i++) {
		const struct point *x = &s->p.points[i];

		/* Where a lost one was expected nothing happened. */
		if (x->kind == POINT_ARRIVE && is_lost(s, x->row))
			continue;
		if (x->y < last + 15 || (last > 0 && x->at == shown))
			continue;
		shown = x->at;
		last = x->y;
		fprintf(f, "<text class=\"time\" x=\"%.0f\" y=\"%.1f\">%.3f</text>"
			"<line class=\"tick\" x1=\"%.0f\" y1=\"%.1f\" x2=\"%.1f\" "
			"y2=\"%.1f\"/>\n", TIME_WIDTH - 10, x->y + 4,
			(double)(x->at - s->v->start) / unit, TIME_WIDTH - 4, x->y,
			svg_lane(s, (int)s->v->n_lanes - 1), x->y);
	}
}

/* --- folds and pauses ----------------------------------------------------------------- */

static void fold(const struct svg *s, size_t row)
{
	const struct fold *o = &s->v->folds[s->v->rows[row].i];
	double y = s->p.begin[row] - 6, left = svg_lane(s, 0) - 12;
	double right = s->right[s->v->n_lanes - 1] + 12;
	FILE *f = s->f;

	fprintf(f, "<g class=\"foldgroup\"><rect class=\"fold\" x=\"%.1f\" y=\"%.1f\" "
		"width=\"%.1f\" height=\"%.1f\" rx=\"6\"/>", left, y, right - left,
		PLACE_LINE * o->n_lines + 10.0);
	for (unsigned i = 0; i < o->n_lines; i++) {
		fprintf(f, "<text class=\"foldtext\" x=\"%.1f\" y=\"%.1f\">%s",
			(left + right) / 2, y + 16 + PLACE_LINE * i, i ? "" : "… ");
		svg_text(f, o->line[i]);
		fputs("</text>", f);
	}
	fputs("</g>\n", f);
}

static void cut(const struct svg *s, double x, double y)
{
	fprintf(s->f, "<line class=\"cut\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
		"y2=\"%.1f\"/>", x, y - 3, x, y + 3);
	for (int k = -1; k <= 1; k += 2)
		fprintf(s->f, "<line class=\"cutmark\" x1=\"%.1f\" y1=\"%.1f\" "
			"x2=\"%.1f\" y2=\"%.1f\"/>", x - 8, y + 4 * k + 3,
			x + 8, y + 4 * k - 3);
}

/* The lanes are cut, and how long it took is written there. */
static void pause_mark(const struct svg *s, const struct pause *p)
{
	double x = s->v->n_lanes > 1 ? (s->right[0] + s->left[1]) / 2 : s->left[0] + 60;
	char text[40];

	for (unsigned i = 0; i < s->v->n_lanes; i++) {
		cut(s, s->left[i], p->y);
		if (s->right[i] > s->left[i])
			cut(s, s->right[i], p->y);
	}
	svg_duration(p->length, text, sizeof(text));
	fprintf(s->f, "<text class=\"pause\" x=\"%.1f\" y=\"%.1f\">%s %s</text>\n",
		x, p->y + 4, text, words(s->v->t->lang, "later", "después"));
}

static void legend(const struct svg *s)
{
	static const struct { const char *class, *en, *es; } kinds[] = {
		{ "data", "data", "datos" }, { "ack", "ACK", "ACK" },
		{ "ctl", "SYN", "SYN" }, { "fin", "FIN", "FIN" },
		{ "rst", "RST", "RST" }, { "again", "sent again", "reenviado" },
	};
	enum diagram_lang lang = s->v->t->lang;
	double x = TIME_WIDTH + 10, y = s->height - 16;

	fputs("<g class=\"legend\" aria-hidden=\"true\">", s->f);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *name = words(lang, kinds[i].en, kinds[i].es);

		fprintf(s->f, "<g class=\"a %s\"><line x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" "
			"y2=\"%.0f\"/></g><text class=\"note\" x=\"%.0f\" y=\"%.0f\">%s"
			"</text>", kinds[i].class, x, y - 4, x + 26, y - 4, x + 32, y,
			name);
		x += 46 + 7.0 * (double)strlen(name);
	}
	fprintf(s->f, "<rect class=\"sendq\" x=\"%.0f\" y=\"%.0f\" width=\"12\" "
		"height=\"10\"/><text class=\"note\" x=\"%.0f\" y=\"%.0f\">%s"
		"</text>", x, y - 9, x + 18, y,
		words(lang, "sent, not acknowledged", "enviado, sin confirmar"));
	fprintf(s->f, "<rect class=\"recvq\" x=\"%.0f\" y=\"%.0f\" width=\"12\" "
		"height=\"10\"/><text class=\"note\" x=\"%.0f\" y=\"%.0f\">%s"
		"</text></g>\n", x + 165, y - 9, x + 183, y,
		words(lang, "received, not read", "recibido, sin leer"));
}

static void body(const struct svg *s)
{
	for (size_t i = 0; i < s->v->n_rows; i++) {
		if (s->v->rows[i].kind == ROW_ARROW)
			svg_arrow(s, i);
	}
	for (size_t i = 0; i < s->v->n_rows; i++) {
		if (s->v->rows[i].kind == ROW_FOLD)
			fold(s, i);
	}
	for (size_t i = 0; i < s->p.n_pauses; i++)
		pause_mark(s, &s->p.pauses[i]);
}

int form_svg(FILE *f, const struct view *v, const struct svg_wish *w)
{
	struct svg s = { .f = f, .v = v, .title = w->title };
	int err;

	measure(&s);
	err = place_build(&s.p, v, s.top);
	if (err) {
		place_fini(&s.p);
		return err;
	}
	s.height = fmax(s.p.height, s.top) + BOTTOM + 14;
	head(&s);
	if (w->style)
		fprintf(f, "<style>\n%s</style>\n", picture_css);
	fprintf(f, "<rect class=\"paper\" width=\"%.0f\" height=\"%.0f\"/>\n", s.width,
		s.height);
	if (s.title) {
		fputs("<text class=\"title\" x=\"24\" y=\"34\">", f);
		svg_text(f, s.title);
		fputs("</text>\n", f);
	}
	times(&s);
	lanes(&s);
	svg_bars(&s);
	body(&s);
	svg_texts(&s);
	legend(&s);
	fputs("</svg>\n", f);
	place_fini(&s.p);
	return ferror(f) ? -1 : 0;
}
