/* The ladder as one HTML page: a picture of all, one of each conversation, and the
 * text. Nothing is fetched: style, script and pictures are in it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "label.h"
#include "page_css.h"
#include "page_js.h"
#include "picture_css.h"
#include "svg.h"

#define PICTURES_MAX 60 /* conversations that get a picture of their own */

static const char *kind_name(enum seen_kind kind)
{
	return kind == SEEN_TCP ? "TCP" : kind == SEEN_UDP ? "UDP" : kind == SEEN_ICMP ?
		"ICMP" : kind == SEEN_NEIGHBOUR ? "ARP, ND" : "IP";
}

static void option(FILE *f, const struct talk *t, unsigned flow)
{
	const struct talk_flow *w = &t->flows[flow];
	char name[80];

	fprintf(f, "<option value=\"%u\">%u: %s ", flow + 1, flow + 1,
		kind_name(w->kind));
	label_name(&w->name[0], name, sizeof(name));
	svg_text(f, name);
	fputs(" – ", f);
	label_name(&w->name[1], name, sizeof(name));
	svg_text(f, name);
	fprintf(f, words(t->lang, " (%u packet%s)</option>\n",
		" (%u paquete%s)</option>\n"), w->arrows, w->arrows == 1 ? "" : "s");
}

static unsigned own_pictures(const struct view *v)
{
	if (v->wish.flow >= 0 || v->t->n_flows < 2)
		return 0;
	return v->t->n_flows < PICTURES_MAX ? (unsigned)v->t->n_flows : PICTURES_MAX;
}

static void head(FILE *f, const struct view *v, const char *title)
{
	enum diagram_lang lang = v->t->lang;

	fprintf(f, "<!DOCTYPE html>\n<html lang=\"%s\" data-theme=\"auto\">\n<head>\n"
		"<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
		"content=\"width=device-width, initial-scale=1\">\n<title>",
		words(lang, "en", "es"));
	svg_text(f, title);
	fprintf(f, "</title>\n<style>\n%s%s</style>\n</head>\n<body>\n<header>\n<h1>",
		picture_css, page_css);
	svg_text(f, title);
	fprintf(f, "</h1>\n<label>%s <select id=\"flow\">\n"
		"<option value=\"0\">%s</option>\n",
		words(lang, "Conversation", "Conversación"), words(lang, "all", "todas"));
	for (unsigned i = 0; i < own_pictures(v); i++)
		option(f, v->t, i);
	fprintf(f, "</select></label>\n<span role=\"group\" aria-label=\"Zoom\">"
		"<button id=\"out\" aria-label=\"%s\">−</button> "
		"<output id=\"scale\">100 %%</output> "
		"<button id=\"in\" aria-label=\"%s\">+</button> "
		"<button id=\"fit\">%s</button></span>\n",
		words(lang, "smaller", "más pequeño"), words(lang, "larger", "más grande"),
		words(lang, "Fit", "Ajustar"));
	fputs(words(lang, "<button id=\"theme\" data-words=\"auto light dark\">"
		"Theme: auto</button>\n</header>\n<main id=\"view\">\n",
		"<button id=\"theme\" data-words=\"automático claro oscuro\">"
		"Tema: automático</button>\n</header>\n<main id=\"view\">\n"), f);
}

static int picture(FILE *f, const struct view *v, unsigned number)
{
	struct svg_wish w = { 0 };
	int err;

	fprintf(f, "<section data-flow=\"%u\"%s>\n", number, number ? " hidden" : "");
	err = form_svg(f, v, &w);
	fputs("</section>\n", f);
	return err;
}

static int pictures(FILE *f, const struct view *v)
{
	int err = picture(f, v, 0);

	for (unsigned i = 0; i < own_pictures(v) && !err; i++) {
		struct view_wish w = { .flow = (int)i, .all = v->wish.all,
			.fold = v->wish.fold };
		struct view one;

		err = view_build(&one, v->t, v->c, &w);
		if (!err)
			err = picture(f, &one, i + 1);
		view_fini(&one);
	}
	return err;
}

/* The text form, escaped. */
static int text(FILE *f, const struct view *v)
{
	char *bytes = NULL;
	size_t len;
	FILE *m = open_memstream(&bytes, &len);
	int err = m ? form_text(m, v) : -ENOMEM;

	if (m && fclose(m) != 0)
		err = -ENOMEM;
	if (!err) {
		fprintf(f, "<details>\n<summary>%s</summary>\n<pre>",
			words(v->t->lang, "The same as text", "Lo mismo como texto"));
		svg_text(f, bytes);
		fputs("</pre>\n</details>\n", f);
	}
	free(bytes);
	return err;
}

int form_html(FILE *f, const struct view *v, const char *title)
{
	int err;

	head(f, v, title ? title : words(v->t->lang, "Ladder of a conversation",
		"Diagrama de una conversación"));
	err = pictures(f, v);
	if (!err) {
		fputs("</main>\n<div id=\"tip\" role=\"tooltip\" hidden></div>\n", f);
		err = text(f, v);
	}
	fprintf(f, "<script>\n%s</script>\n</body>\n</html>\n", page_js);
	return err ? err : ferror(f) ? -1 : 0;
}
