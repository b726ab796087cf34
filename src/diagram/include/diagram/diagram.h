/* Ladders from captures: time down the page, a lane for each host, an arrow for each
 * packet. Text, SVG, or one HTML page.
 *
 *   bytes -> capture -> dissect -> talk -> watch (marks, states) -> view -> form
 *                       calls (events of programs) ---------------^
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_DIAGRAM_H
#define DIAGRAM_DIAGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum diagram_lang { DIAGRAM_EN, DIAGRAM_ES }; /* of the picture's own words */
enum diagram_form { DIAGRAM_TEXT, DIAGRAM_SVG, DIAGRAM_HTML };

#define DIAGRAM_FOLD 14 /* a longer run is folded, unless asked otherwise */

struct diagram_wish {
	enum diagram_form form;
	const char *title; /* NULL: none */
	int flow;	   /* only this conversation, from 1; 0: all */
	unsigned fold;	   /* 0: nothing is folded */
	bool all;	   /* also the network's housekeeping */
	enum diagram_lang lang;
};

struct diagram;

/* NULL without memory. */
struct diagram *diagram_new(void);
void diagram_free(struct diagram *d);
/* A capture, or events (docs/trace.md); several may be added, in any order. The bytes
 * are copied by none and must outlive the diagram. 0; -EINVAL, and diagram_why() says
 * what is wrong; -ENOMEM. diagram_cut(): the capture ended within a packet; what comes
 * before is drawn. */
int diagram_add_capture(struct diagram *d, const void *bytes, size_t len);
void diagram_add_events(struct diagram *d, const void *bytes, size_t len);
bool diagram_cut(const struct diagram *d);
/* 0; -EINVAL: why; -ENOMEM; -EIO. */
int diagram_draw(struct diagram *d, const struct diagram_wish *w, FILE *f);
const char *diagram_why(const struct diagram *d);
/* Packets that were not drawn, in words; "" when all were. After drawing. */
const char *diagram_left_out(const struct diagram *d);

#endif
