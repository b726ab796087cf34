/* The forms of the picture, a file each. SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_FORMS_H
#define DIAGRAM_FORMS_H

#include <stdio.h>

#include "view.h"

/* Each: 0, -ENOMEM, or -1 when writing failed. */
int form_text(FILE *f, const struct view *v);

struct svg_wish {
	const char *title; /* NULL: none */
	bool style;	   /* with its own style: a file, not part of a page */
};

int form_svg(FILE *f, const struct view *v, const struct svg_wish *w);
int form_html(FILE *f, const struct view *v, const char *title);

#endif
