/* Where things stand on a drawn page.
 *
 * Points go down the page in order of time. Between two of them lies as much as the
 * time between them is worth, which grows ever more slowly, and at least what the
 * texts and arrow ends that are already there need.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "place.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "room.h"

#define GAP_MOST 64.0	/* pixels for a long time */
#define PAUSE_TIMES 25	/* a pause this many typical times long is cut */
#define PAUSE_ROOM 39.0 /* pixels for the cut */
#define LOOK_BACK 200	/* rows, for what is alike */
#define LEVEL_NS 1000	/* arrows faster than this are drawn level */

unsigned place_call_lines(const struct call *c)
{
	return c->sendq > 0 || c->recvq > 0 ? 2 : 1;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* The time that most arrows take; where none is known, that between two rows. */
static int64_t find_typical(const struct view *v)
{
	int64_t *times = malloc((2 * v->n_rows + 1) * sizeof(*times)), found;
	size_t n = 0;
	bool known;

	if (!times)
		return -ENOMEM;
	for (size_t i = 0; i < v->n_rows; i++) {
		const struct talk_arrow *a = &v->t->arrows[v->rows[i].i];

		if (v->rows[i].kind == ROW_ARROW && a->arrival == ARRIVAL_KNOWN &&
			a->arrived - a->sent >= LEVEL_NS)
			times[n++] = a->arrived - a->sent;
	}
	known = n > 0;
	for (size_t i = 1; i < v->n_rows; i++) {
		if (!known && v->rows[i].at > v->rows[i - 1].at)
			times[n++] = v->rows[i].at - v->rows[i - 1].at;
	}
	if (n)
		qsort(times, n, sizeof(*times), by_value);
	found = n ? times[n / 2] : 1000000;
	free(times);
	return found;
}

static int add(struct place *p, int64_t at, enum point_kind kind, int lane, int other,
	size_t row, double room)
{
	if (lane < 0)
		return 0;
	if (!room_for_one(&p->points, &p->room, p->n, sizeof(*p->points)))
		return -ENOMEM;
	p->points[p->n++] = (struct point){ at, kind, lane, other, row, room, 0 };
	return 0;
}

/* How long a lost packet would have taken: as the last on the same way. */
static int64_t expected(const struct place *p, const struct view *v, size_t row)
{
	const struct talk_arrow *a = &v->t->arrows[v->rows[row].i];

	for (size_t tries = 0; tries < LOOK_BACK && tries < row; tries++) {
		const struct row *r = &v->rows[row - 1 - tries];
		const struct talk_arrow *b = &v->t->arrows[r->i];

		if (r->kind == ROW_ARROW && b->from == a->from && b->to == a->to &&
			b->arrival == ARRIVAL_KNOWN && b->arrived - b->sent >= LEVEL_NS)
			return b->arrived - b->sent;
	}
	return p->typical;
}

static int add_arrow(struct place *p, const struct view *v, size_t row)
{
	const struct talk_arrow *a = &v->t->arrows[v->rows[row].i];
	int from = view_lane(v, a->from), to = view_lane(v, a->to);
	bool lost = a->arrival == ARRIVAL_NEVER;
	bool level = !lost && a->arrived - a->sent < LEVEL_NS;
	int64_t arrived = lost ? a->sent + expected(p, v, row) : a->arrived;
	int err;

	if (from == to) /* a text beside the lane */
		return add(p, a->sent, POINT_CALL, from, -1, row, PLACE_LINE);
	err = add(p, a->sent, POINT_SEND, from, level ? to : -1, row, PLACE_ARROWS);

	if (!err && !level)
		err = add(p, arrived, POINT_ARRIVE, to, -1, row, PLACE_ARROWS);
	return err;
}

static int add_row(struct place *p, const struct view *v, size_t row)
{
	const struct row *r = &v->rows[row];
	const struct call *c = r->kind == ROW_CALL || r->kind == ROW_RETURN ?
		&v->c->list[r->i] : NULL;
	unsigned host = r->kind == ROW_CHANGE ?
		v->t->flows[v->t->changes[r->i].flow].host[v->t->changes[r->i].side] : 0;

	switch (r->kind) {
	case ROW_ARROW:
		return add_arrow(p, v, row);
	case ROW_CHANGE:
		return add(p, r->at, POINT_CHANGE, view_lane(v, host), -1, row,
			PLACE_LINE);
	case ROW_CALL:
		return add(p, r->at, POINT_CALL, view_lane(v, c->host), -1, row,
			PLACE_LINE * (r->returns ? 1.0 : place_call_lines(c)));
	case ROW_RETURN:
		return add(p, r->at, POINT_RETURN, view_lane(v, c->host), -1, row,
			PLACE_LINE * (double)place_call_lines(c));
	case ROW_FOLD:
		return add(p, v->folds[r->i].to, POINT_FOLD, 0, -1, row,
			PLACE_LINE * v->folds[r->i].n_lines + 22.0);
	}
	return 0;
}

static int rank(const struct point *p)
{
	static const int ranks[] = { [POINT_RETURN] = 0, [POINT_ARRIVE] = 1,
		[POINT_CALL] = 2, [POINT_SEND] = 2, [POINT_FOLD] = 2,
		[POINT_CHANGE] = 3 };

	return ranks[p->kind];
}

static int by_time(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (rank(x) != rank(y))
		return rank(x) - rank(y);
	return x->row < y->row ? -1 : x->row > y->row; /* they are in order */
}

/* How far down the lanes are used: by the ends of arrows, and by texts beside. */
struct used {
	double arrows[LANES_MAX], texts[LANES_MAX];
};

static double least(const struct used *u, const struct point *p, unsigned lanes)
{
	double y = 0;

	if (p->kind == POINT_SEND || p->kind == POINT_ARRIVE)
		y = u->arrows[p->lane];
	else if (p->kind != POINT_FOLD)
		y = u->texts[p->lane];
	if (p->other >= 0)
		y = fmax(y, u->arrows[p->other]);
	for (unsigned i = 0; p->kind == POINT_FOLD && i < lanes; i++)
		y = fmax(y, fmax(u->arrows[i], u->texts[i]));
	return y;
}

/* Does a state of the same lane change with the point? Then both stand level. */
static bool brings_change(const struct place *p, size_t i)
{
	const struct point *x = &p->points[i];

	if (x->kind != POINT_SEND && x->kind != POINT_ARRIVE)
		return false;
	for (size_t k = i + 1; k < p->n && k < i + LOOK_BACK; k++) {
		if (p->points[k].at != x->at)
			return false;
		if (p->points[k].kind == POINT_CHANGE && p->points[k].lane == x->lane)
			return true;
	}
	return false;
}

static void use(struct used *u, const struct point *p, unsigned lanes)
{
	double y = p->y + p->room;

	if (p->kind == POINT_SEND || p->kind == POINT_ARRIVE)
		u->arrows[p->lane] = y;
	else if (p->kind != POINT_FOLD)
		u->texts[p->lane] = y;
	if (p->other >= 0)
		u->arrows[p->other] = y;
	for (unsigned i = 0; p->kind == POINT_FOLD && i < lanes; i++)
		u->arrows[i] = u->texts[i] = y;
}

static int add_pause(struct place *p, double y, int64_t length)
{
	if (!room_for_one(&p->pauses, &p->pauses_room, p->n_pauses,
			sizeof(*p->pauses)))
		return -ENOMEM;
	p->pauses[p->n_pauses++] = (struct pause){ y, length };
	return 0;
}

static int go_down(struct place *p, const struct view *v, double top)
{
	double scale = (double)p->typical, y = top;
	struct used u = { .arrows = { 0 } };

	for (size_t i = 0; i < p->n; i++) {
		struct point *x = &p->points[i];
		double dt = i ? (double)(x->at - p->points[i - 1].at) : 0, next = y;

		next += GAP_MOST * (1 - exp(-dt / scale));
		if (dt > PAUSE_TIMES * scale) {
			next = fmax(next, fmax(least(&u, x, v->n_lanes), y + PAUSE_ROOM));
			if (add_pause(p, next + PAUSE_ROOM / 3, x->at - x[-1].at) < 0)
				return -ENOMEM;
			next += PAUSE_ROOM;
		}
		y = x->y = fmax(next, least(&u, x, v->n_lanes));
		if (brings_change(p, i))
			y = x->y = fmax(y, u.texts[x->lane]);
		use(&u, x, v->n_lanes);
	}
	p->height = y;
	for (unsigned i = 0; i < v->n_lanes; i++)
		p->height = fmax(p->height, fmax(u.arrows[i], u.texts[i]));
	return 0;
}

int place_build(struct place *p, const struct view *v, double top)
{
	int err = 0;

	memset(p, 0, sizeof(*p));
	p->typical = find_typical(v);
	p->begin = calloc(v->n_rows + 1, sizeof(*p->begin));
	p->end = calloc(v->n_rows + 1, sizeof(*p->end));
	if (!p->begin || !p->end || p->typical < 0)
		return -ENOMEM;
	for (size_t i = 0; i < v->n_rows && !err; i++)
		err = add_row(p, v, i);
	if (err)
		return err;
	if (p->n)
		qsort(p->points, p->n, sizeof(*p->points), by_time);
	err = go_down(p, v, top);
	for (size_t i = 0; i < p->n; i++) {
		const struct point *x = &p->points[i];

		if (x->kind == POINT_ARRIVE) {
			p->end[x->row] = x->y;
		} else {
			p->begin[x->row] = x->y;
			p->end[x->row] = x->y;
		}
	}
	return err;
}

void place_fini(struct place *p)
{
	free(p->points);
	free(p->pauses);
	free(p->begin);
	free(p->end);
	memset(p, 0, sizeof(*p));
}

double place_y(const struct place *p, int64_t at)
{
	size_t low = 0, high = p->n;
	const struct point *a, *b;

	while (low < high) { /* the first later than `at` */
		size_t mid = low + (high - low) / 2;

		if (p->points[mid].at > at)
			high = mid;
		else
			low = mid + 1;
	}
	if (!low)
		return p->n ? p->points[0].y : 0;
	a = &p->points[low - 1];
	if (low == p->n)
		return a->y;
	b = &p->points[low];
	return a->y + (b->y - a->y) * (double)(at - a->at) / (double)(b->at - a->at);
}
