/* What is drawn. SPDX-License-Identifier: BSD-2-Clause */
#include "view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "room.h"

int view_lane(const struct view *v, unsigned host)
{
	for (unsigned i = 0; i < v->n_lanes; i++) {
		if (v->lanes[i] == host)
			return (int)i;
	}
	return -1;
}

bool view_is_shared(const struct view *v, unsigned host)
{
	int lane = view_lane(v, host);

	return lane >= 0 && v->shared[lane];
}

bool view_has_flow(const struct view *v, unsigned flow)
{
	return v->wish.flow < 0 || v->wish.flow == (int)flow;
}

unsigned view_change_text(const struct view *v, const struct talk_change *c, char *buf,
	size_t size)
{
	const struct talk_flow *f = &v->t->flows[c->flow];

	if (v->n_flows > 1)
		snprintf(buf, size, "%s :%u", c->state, f->name[c->side].port);
	else
		snprintf(buf, size, "%s", c->state);
	return f->host[c->side];
}

static int add_lane(struct view *v, unsigned host)
{
	if (view_lane(v, host) >= 0)
		return 0;
	if (v->n_lanes == LANES_MAX)
		return -E2BIG;
	v->lanes[v->n_lanes++] = host;
	return 0;
}

static int add_row(struct view *v, int64_t at, enum row_kind kind, size_t i, size_t order)
{
	struct row *r;

	if (!room_for_one(&v->rows, &v->rows_room, v->n_rows, sizeof(*r)))
		return -ENOMEM;
	r = &v->rows[v->n_rows++];
	*r = (struct row){ .at = at, .kind = kind, .order = order, .i = i };
	return 0;
}

/* A call of another flow is not shown; one of no flow (socket, listen on the port of
 * none) is, where no flow was asked for. */
static bool has_call(const struct view *v, const struct call *c)
{
	if (c->probe && !v->wish.all)
		return false;
	return v->wish.flow < 0 || c->flow == v->wish.flow;
}

static int item_by_time(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->call != y->call)
		return x->call ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

static size_t gather(const struct view *v, struct item *items)
{
	size_t n = 0;

	for (size_t i = 0; i < v->t->n_arrows; i++) {
		if (view_has_flow(v, v->t->arrows[i].flow))
			items[n++] = (struct item){ v->t->arrows[i].sent, false, i, true };
	}
	for (size_t i = 0; i < v->c->n; i++) {
		if (has_call(v, &v->c->list[i]))
			items[n++] = (struct item){ v->c->list[i].begin, true, i, true };
	}
	if (n)
		qsort(items, n, sizeof(*items), item_by_time);
	return n;
}

/* At the same moment: what ends, what begins in its order, the states that it leads to. */
static int rank(const struct row *r)
{
	return r->kind == ROW_RETURN ? 0 : r->kind == ROW_CHANGE ? 2 : 1;
}

static int row_by_time(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (rank(x) != rank(y))
		return rank(x) - rank(y);
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Does anything of items begin between the call and its return? */
static bool is_interrupted(const struct item *items, size_t n, size_t k, int64_t end)
{
	return k + 1 < n && items[k + 1].at < end;
}

/* Who speaks first is the first, also when another called something before. */
static int add_lanes(struct view *v, const struct item *items, size_t n)
{
	long pid[LANES_MAX] = { 0 };
	int err = 0;

	for (size_t k = 0; k < n && !err; k++) {
		const struct talk_arrow *a = &v->t->arrows[items[k].i];

		if (!items[k].call)
			err = add_lane(v, a->from);
		if (!items[k].call && !err)
			err = add_lane(v, a->to);
	}
	for (size_t k = 0; k < n && !err; k++) {
		if (items[k].call)
			err = add_lane(v, v->c->list[items[k].i].host);
	}
	for (size_t k = 0; k < n && !err; k++) {
		const struct call *c = &v->c->list[items[k].i];
		int lane = items[k].call ? view_lane(v, c->host) : -1;

		if (lane < 0)
			continue;
		v->shared[lane] |= pid[lane] && pid[lane] != c->pid;
		pid[lane] = c->pid;
	}
	return err;
}

static int add_items(struct view *v, const struct item *items, size_t n)
{
	int err = 0;

	for (size_t k = 0; k < n && !err; k++) {
		const struct item *i = &items[k];
		const struct call *c = i->call ? &v->c->list[i->i] : NULL;

		if (!i->keep)
			continue;
		err = add_row(v, i->at, c ? ROW_CALL : ROW_ARROW, i->i, k);
		if (!err && c && c->end != CALL_NEVER &&
			is_interrupted(items, n, k, c->end)) {
			v->rows[v->n_rows - 1].returns = true;
			err = add_row(v, c->end, ROW_RETURN, i->i, k);
		}
	}
	for (size_t k = 0; k < v->n_folds && !err; k++)
		err = add_row(v, v->folds[k].from, ROW_FOLD, k, v->folds[k].last);
	return err;
}

static void count_flows(struct view *v)
{
	for (size_t i = 0; i < v->t->n_flows; i++)
		v->n_flows += view_has_flow(v, (unsigned)i) &&
			v->t->flows[i].kind == SEEN_TCP;
}

static void set_span(struct view *v, const struct item *items, size_t n)
{
	v->start = n ? items[0].at : 0;
	v->end = v->start;
	for (size_t k = 0; k < n; k++) {
		int64_t end = items[k].call ? v->c->list[items[k].i].end :
			v->t->arrows[items[k].i].arrived;

		if (items[k].at > v->end)
			v->end = items[k].at;
		if (end > v->end)
			v->end = end;
	}
}

int view_build(struct view *v, const struct talk *t, const struct calls *c,
	const struct view_wish *w)
{
	struct item *items = calloc(t->n_arrows + c->n + 1, sizeof(*items));
	size_t n;
	int err;

	*v = (struct view){ .t = t, .c = c, .wish = *w };
	if (!items)
		return -ENOMEM;
	count_flows(v);
	n = gather(v, items);
	set_span(v, items, n);
	err = add_lanes(v, items, n);
	if (!err)
		err = fold_items(v, items, n);
	if (!err)
		err = add_items(v, items, n);
	free(items);
	for (size_t i = 0; i < t->n_changes && !err; i++) {
		if (view_has_flow(v, t->changes[i].flow))
			err = add_row(v, t->changes[i].at, ROW_CHANGE, i, i);
	}
	if (!err && v->n_rows)
		qsort(v->rows, v->n_rows, sizeof(*v->rows), row_by_time);
	return err;
}

void view_fini(struct view *v)
{
	free(v->rows);
	free(v->folds);
	memset(v, 0, sizeof(*v));
}
