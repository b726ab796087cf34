/* Folding: of a long run of plain items its beginning and its end are drawn, and what
 * lies between is told in a line for each sender. A window that shuts is no plain item,
 * but one that does so all the time is.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "label.h"
#include "room.h"
#include "view.h"

#define KEPT_BEFORE 4 /* items of a run that are drawn */
#define KEPT_AFTER 3
#define SHUT_KEPT 3 /* zero windows of a flow that end a run */

/* What a fold says in one line: of a flow's side, or of a host's calls. */
struct sum {
	bool call;
	unsigned flow, side, host;
	const char *name; /* of the call */
	uint64_t n, bytes, acks, dups, shuts;
	uint32_t len; /* of each segment, while they are equal */
	bool mixed;
};

/* shut: zero windows so far, of each flow. */
static bool is_plain(const struct view *v, const struct item *i, unsigned *shut)
{
	const struct talk_arrow *a = &v->t->arrows[i->i];
	unsigned marks = MARK_WINDOW_UPDATE | MARK_DUP_ACK;
	long bytes;

	if (i->call)
		return call_is_plain(&v->c->list[i->i], &bytes);
	if (a->arrival == ARRIVAL_NEVER)
		return false;
	if ((a->marks & MARK_ZERO_WINDOW) && shut[a->flow]++ >= SHUT_KEPT)
		marks |= MARK_ZERO_WINDOW;
	if (a->marks & ~marks)
		return false;
	if (a->kind == SEEN_TCP)
		return !(a->flags & ~(unsigned)(TCP_ACK | TCP_PSH));
	return a->kind == SEEN_UDP;
}

static struct sum *sum_of(const struct view *v, const struct item *i, struct sum *sums,
	unsigned *n)
{
	const struct talk_arrow *a = i->call ? NULL : &v->t->arrows[i->i];
	const struct call *c = i->call ? &v->c->list[i->i] : NULL;

	for (unsigned k = 0; k < *n; k++) {
		if (sums[k].call != i->call)
			continue;
		if (c ? sums[k].host == c->host && !strcmp(sums[k].name, c->name) :
			sums[k].flow == a->flow && sums[k].side == a->side)
			return &sums[k];
	}
	if (*n == FOLD_LINES_MAX)
		return NULL;
	sums[*n] = (struct sum){ .call = i->call, .flow = a ? a->flow : 0,
		.side = a ? a->side : 0, .host = c ? c->host : a->from,
		.name = c ? c->name : NULL };
	return &sums[(*n)++];
}

static void add_to(const struct view *v, const struct item *i, struct sum *s)
{
	const struct talk_arrow *a = &v->t->arrows[i->i];
	long bytes;

	if (i->call) {
		call_is_plain(&v->c->list[i->i], &bytes);
		s->n++;
		s->bytes += (uint64_t)bytes;
	} else if (a->kind == SEEN_TCP && !a->len) {
		if (a->marks & MARK_ZERO_WINDOW)
			s->shuts++;
		else if (a->marks & MARK_DUP_ACK)
			s->dups++;
		else
			s->acks++;
	} else {
		s->mixed |= s->n && s->len != a->len;
		s->len = a->len;
		s->n++;
		s->bytes += a->len;
	}
}

static void who(const struct view *v, const struct sum *s, char *buf, size_t size)
{
	const struct talk_host *h = &v->t->hosts[s->host];
	const struct talk_flow *f = &v->t->flows[s->flow];
	char name[IPADDR_TEXT_MAX + 10];

	if (h->name[0])
		snprintf(buf, size, "%s", h->name);
	else
		talk_host_text(h, buf, size);
	if (s->call || v->n_flows < 2)
		return;
	snprintf(name, sizeof(name), ":%u", f->name[s->side].port);
	strncat(buf, name, size - strlen(buf) - 1);
}

static void tell_acks(enum diagram_lang lang, uint64_t n, const char *what, char *buf,
	size_t size)
{
	char count[32];
	size_t used = strlen(buf);

	if (n)
		snprintf(buf + used, size - used, "%s %s %s",
			used && buf[used - 1] != ':' ? "," : "", label_count(n, lang, count),
			what);
}

static void tell(const struct view *v, const struct sum *s, char *buf, size_t size)
{
	bool tcp = !s->call && v->t->flows[s->flow].kind == SEEN_TCP;
	char by[HOST_NAME_MAX_ + IPADDR_TEXT_MAX], n[32], bytes[32];
	enum diagram_lang lang = v->t->lang;
	const char *what = s->call ? s->name : tcp ? words(lang, "segments", "segmentos") :
		words(lang, "datagrams", "datagramas");

	who(v, s, by, sizeof(by));
	label_count(s->n, lang, n);
	label_count(s->bytes, lang, bytes);
	if (s->call)
		snprintf(buf, size, words(lang, "%s: %s %s times, %s bytes",
			"%s: %s %s veces, %s bytes"), by, what, n, bytes);
	else if (!s->n)
		snprintf(buf, size, "%s:", by);
	else if (s->mixed)
		snprintf(buf, size, "%s: %s %s, %s bytes", by, n, what, bytes);
	else
		snprintf(buf, size, words(lang, "%s: %s %s of %u, %s bytes",
			"%s: %s %s de %u, %s bytes"), by, n, what, s->len, bytes);
	tell_acks(lang, s->acks, words(lang, "ACKs", "ACK"), buf, size);
	tell_acks(lang, s->dups, words(lang, "duplicate ACKs", "ACK duplicados"), buf, size);
	tell_acks(lang, s->shuts, words(lang, "zero windows", "ventanas cero"), buf, size);
}

/* Items first..last become a fold. */
static int fold(struct view *v, struct item *items, size_t first, size_t last)
{
	struct sum sums[FOLD_LINES_MAX];
	unsigned n = 0, left_out = 0;
	struct fold *f;

	if (!room_for_one(&v->folds, &v->folds_room, v->n_folds, sizeof(*f)))
		return -ENOMEM;
	f = &v->folds[v->n_folds++];
	f->from = items[first].at;
	f->to = items[last].at;
	f->last = last;
	for (size_t k = first; k <= last; k++) {
		struct sum *s = sum_of(v, &items[k], sums, &n);

		items[k].keep = false;
		if (s)
			add_to(v, &items[k], s);
		else
			left_out++;
	}
	for (unsigned k = 0; k < n; k++)
		tell(v, &sums[k], f->line[k], sizeof(f->line[k]));
	f->n_lines = n;
	if (left_out)
		snprintf(f->line[n - 1], sizeof(f->line[n - 1]),
			words(v->t->lang, "and %u others", "y otros %u"), left_out +
			(unsigned)(sums[n - 1].n + sums[n - 1].acks + sums[n - 1].dups +
				sums[n - 1].shuts));
	return 0;
}

int fold_items(struct view *v, struct item *items, size_t n)
{
	unsigned *shut = calloc(v->t->n_flows + 1, sizeof(*shut));
	size_t run = 0; /* where the run of plain ones began */
	int err = shut ? 0 : -ENOMEM;

	for (size_t k = 0; k <= n && !err; k++) {
		if (k < n && is_plain(v, &items[k], shut))
			continue;
		if (v->wish.fold && k - run > v->wish.fold &&
			k - run > KEPT_BEFORE + KEPT_AFTER + 2)
			err = fold(v, items, run + KEPT_BEFORE, k - 1 - KEPT_AFTER);
		run = k + 1;
	}
	free(shut);
	return err;
}
