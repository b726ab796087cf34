/* The drawing, shared by the files that draw it. SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_SVG_H
#define DIAGRAM_SVG_H

#include "forms.h"
#include "place.h"

struct svg {
	FILE *f;
	const struct view *v;
	struct place p;
	double width, height, top; /* top: where lanes begin */
	double left[LANES_MAX], right[LANES_MAX]; /* x of each lane's borders */
	const char *title;
};

/* x where texts of that lane begin to stand, and on which side: -1 left, 1 right. A lane
 * between two others is a band with its texts inside, which arrows of others pass behind,
 * so that no arrow crosses a text; an outer one is a line, its borders are the same. */
double svg_lane(const struct svg *s, int lane);
int svg_side(const struct svg *s, int lane);
/* Text with what XML needs escaped; what is no UTF-8 as question marks. */
void svg_text(FILE *f, const char *text);
/* svg_arrow.c: the arrow of a row. */
void svg_arrow(const struct svg *s, size_t row);
/* svg_beside.c: what stands beside the lanes. Bars of states and levels lie below the
 * arrows, the words of states and calls above them. */
void svg_bars(const struct svg *s);
void svg_texts(const struct svg *s);
/* How many letters the row has beside that lane. */
size_t svg_beside_length(const struct svg *s, size_t row, int lane);
#define SVG_TEXT_AT 66.0 /* from the lane to its texts */
/* All that is known of it, a line each. */
void svg_arrow_title(const struct svg *s, const struct talk_arrow *a);
/* "12.3 ms". */
void svg_duration(int64_t ns, char *buf, size_t size);

#endif
