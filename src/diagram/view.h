/* What is drawn: the lanes and, down the page, the rows. Every form of the picture is
 * made of this, so that all show the same.
 *
 *   lanes   one for each host that takes part, in order of appearance
 *   rows    an arrow's departure, a call, a call's return when something happened
 *           meanwhile, a change of state, or a fold: a run of plain data, ACKs and
 *           calls that would show the same again and again
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DIAGRAM_VIEW_H
#define DIAGRAM_VIEW_H

#include "calls.h"
#include "talk.h"

#define LANES_MAX 32
#define FOLD_LINES_MAX 8
#define FOLD_TEXT_MAX 112

enum row_kind { ROW_RETURN, ROW_CALL, ROW_ARROW, ROW_FOLD, ROW_CHANGE };

struct row {
	int64_t at;
	enum row_kind kind;
	bool returns; /* of a call: its return has a row of its own */
	size_t order; /* among what begins: calls, arrows, folds */
	size_t i; /* into the talk's changes or arrows, the calls, the folds */
};

struct fold {
	int64_t from, to;
	size_t last; /* item */
	unsigned n_lines;
	char line[FOLD_LINES_MAX][FOLD_TEXT_MAX];
};

struct view_wish {
	int flow;	 /* only this, -1: all */
	bool all;	 /* also what resolvers only try */
	unsigned fold;	 /* a run longer than this is folded, 0: never */
};

struct view {
	const struct talk *t;
	const struct calls *c;
	struct view_wish wish;
	int64_t start, end; /* of what is shown */
	unsigned lanes[LANES_MAX]; /* hosts */
	bool shared[LANES_MAX]; /* by lane: several processes call there */
	unsigned n_lanes;
	unsigned n_flows;   /* shown */
	struct row *rows;   /* by time */
	size_t n_rows, rows_room;
	struct fold *folds;
	size_t n_folds, folds_room;
};

/* 0; -ENOMEM; -E2BIG when there are more than LANES_MAX hosts. */
int view_build(struct view *v, const struct talk *t, const struct calls *c,
	const struct view_wish *w);
void view_fini(struct view *v);
/* The lane of a host; -1 none. */
int view_lane(const struct view *v, unsigned host);
/* Do several processes call on this host? Then each call says whose it is. */
bool view_is_shared(const struct view *v, unsigned host);
bool view_has_flow(const struct view *v, unsigned flow);
/* The host whose state changed, and what to say: "SYN-SENT", or with the port where
 * several flows are shown. */
unsigned view_change_text(const struct view *v, const struct talk_change *c, char *buf,
	size_t size);

/* fold.c: items in order of time; *keep is set for those that are drawn, the others
 * are in folds that are added to the view. 0 or -ENOMEM. */
struct item {
	int64_t at;
	bool call;
	size_t i;
	bool keep;
};
int fold_items(struct view *v, struct item *items, size_t n);

#endif
