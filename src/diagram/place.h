/* Where things stand on a drawn page: the y of each moment that is shown. Time runs
 * down, but not to scale: what happens at once is spread so that it can be read, what
 * takes long is shortened, and very long pauses are cut. Order is always kept.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_PLACE_H
#define DIAGRAM_PLACE_H

#include "view.h"

#define PLACE_LINE 16   /* pixels between lines of text */
#define PLACE_ARROWS 20 /* between the ends of arrows on a lane */

enum point_kind { POINT_RETURN, POINT_ARRIVE, POINT_CALL, POINT_SEND, POINT_FOLD,
	POINT_CHANGE };

struct point {
	int64_t at;
	enum point_kind kind;
	int lane;
	int other;  /* a level arrow takes room at its other lane too; -1 none */
	size_t row; /* of the view */
	double room; /* pixels that it needs below */
	double y;
};

struct pause { /* time that was cut out */
	double y;
	int64_t length; /* ns */
};

struct place {
	struct point *points; /* by time */
	size_t n, room;
	struct pause *pauses;
	size_t n_pauses, pauses_room;
	double *begin; /* y of each row: departure, call ... */
	double *end;   /* of an arrow: arrival, or where a lost one was expected */
	double height;
	int64_t typical; /* ns that most arrows take */
};

/* y of the first moment. 0 or -ENOMEM. */
int place_build(struct place *p, const struct view *v, double top);
void place_fini(struct place *p);
/* Any moment's y, between the points around it. */
double place_y(const struct place *p, int64_t at);
/* Lines of text that a call takes beside its lane. */
unsigned place_call_lines(const struct call *c);

#endif
