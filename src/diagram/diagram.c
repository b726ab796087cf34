/* Ladders from captures: the whole way. SPDX-License-Identifier: BSD-2-Clause */
#include "diagram/diagram.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "forms.h"

#define EVENTS_MAX 16 /* files */

struct diagram {
	struct capture capture;
	struct { const char *text; size_t len; } events[EVENTS_MAX];
	unsigned n_events;
	struct talk talk;
	struct calls calls;
	char why[200], left_out[200];
};

struct diagram *diagram_new(void)
{
	return calloc(1, sizeof(struct diagram));
}

void diagram_free(struct diagram *d)
{
	if (!d)
		return;
	capture_fini(&d->capture);
	talk_fini(&d->talk);
	calls_fini(&d->calls);
	free(d);
}

int diagram_add_capture(struct diagram *d, const void *bytes, size_t len)
{
	int err = capture_add(&d->capture, bytes, len);

	snprintf(d->why, sizeof(d->why), "%s", d->capture.why);
	return err;
}

void diagram_add_events(struct diagram *d, const void *bytes, size_t len)
{
	if (d->n_events == EVENTS_MAX)
		return;
	d->events[d->n_events].text = bytes;
	d->events[d->n_events++].len = len;
}

bool diagram_cut(const struct diagram *d)
{
	return d->capture.cut;
}

const char *diagram_why(const struct diagram *d)
{
	return d->why;
}

const char *diagram_left_out(const struct diagram *d)
{
	return d->left_out;
}

static int say(struct diagram *d, int err, const char *why)
{
	snprintf(d->why, sizeof(d->why), "%s", why);
	return err;
}

static int build(struct diagram *d, const struct diagram_wish *w)
{
	struct talk_wish wish = { .all = w->all, .lang = w->lang };
	int err;

	talk_fini(&d->talk);
	calls_fini(&d->calls);
	err = talk_build(&d->talk, &d->capture, &wish);
	for (unsigned i = 0; i < d->n_events && !err; i++)
		err = calls_add(&d->calls, &d->talk, d->events[i].text,
			d->events[i].len);
	if (err == -E2BIG)
		return say(d, -EINVAL, "too many hosts or conversations for a picture");
	if (err == -EINVAL) {
		snprintf(d->why, sizeof(d->why), "events: %s", d->calls.why);
		return err;
	}
	if (err)
		return err;
	calls_finish(&d->calls, &d->talk);
	return 0;
}

/* What is there to draw? */
static int judge(struct diagram *d, const struct diagram_wish *w)
{
	const struct talk *t = &d->talk;

	if (w->flow < 0 || (size_t)w->flow > t->n_flows) {
		snprintf(d->why, sizeof(d->why), "there is no conversation %d (of %zu)",
			w->flow, t->n_flows);
		return -EINVAL;
	}
	if (t->n_arrows || d->calls.n)
		return 0;
	if (t->bad_links) {
		snprintf(d->why, sizeof(d->why),
			"link type %u cannot be read (Ethernet, raw IP, Linux cooked, "
			"loopback can)", t->bad_link);
		return -EINVAL;
	}
	return say(d, -EINVAL, d->capture.n_packets ?
		"no packet that could be drawn" : "no packets");
}

static void count_left_out(struct diagram *d)
{
	const struct talk *t = &d->talk;
	char *to = d->left_out;

	*to = 0;
	if (t->left_out)
		to += sprintf(to, "%zu of the network's housekeeping (see --all)",
			t->left_out);
	if (t->not_known + t->bad_links)
		sprintf(to, "%s%zu not understood", t->left_out ? ", " : "",
			t->not_known + t->bad_links);
}

static int draw(const struct view *v, const struct diagram_wish *w, FILE *f)
{
	struct svg_wish alone = { .title = w->title, .style = true };
	int err;

	switch (w->form) {
	case DIAGRAM_SVG:
		err = form_svg(f, v, &alone);
		break;
	case DIAGRAM_HTML:
		err = form_html(f, v, w->title);
		break;
	default:
		err = form_text(f, v);
	}
	return err == -1 ? -EIO : err;
}

int diagram_draw(struct diagram *d, const struct diagram_wish *w, FILE *f)
{
	struct view_wish wish = { .flow = w->flow - 1, .all = w->all,
		.fold = w->fold };
	struct view v;
	int err = build(d, w);

	if (!err)
		err = judge(d, w);
	if (err)
		return err;
	count_left_out(d);
	err = view_build(&v, &d->talk, &d->calls, &wish);
	if (err == -E2BIG)
		err = say(d, -EINVAL, "more hosts than a picture has room for: choose "
			"one conversation");
	if (!err)
		err = draw(&v, w, f);
	view_fini(&v);
	return err;
}
