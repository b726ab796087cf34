/* Ancillary data of a script: {cmsg_level=..., cmsg_type=..., cmsg_data=...}. The data
 * are a number or one of the structs in the table of fields.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "words.h"

struct field {
	const char *name;
	size_t offset, size; /* in the data */
};

#define EE(f) { #f, offsetof(struct sock_extended_err, f), \
	sizeof(((struct sock_extended_err *)0)->f) }

static const struct field fields[] = {
	EE(ee_errno), EE(ee_origin), EE(ee_type), EE(ee_code), EE(ee_info),
	EE(ee_data),
};

/* Words that mean what the socket's family calls them. */
static bool number_of(struct call *c, const struct script_value *v, int64_t *out)
{
	bool six = c->p->mapped || c->p->family == IP_V6;

	if (v->kind == SCRIPT_WORD && strcmp(v->text, "CMSG_LEVEL_IP") == 0)
		return *out = six ? IPPROTO_IPV6 : IPPROTO_IP, true;
	if (v->kind == SCRIPT_WORD && strcmp(v->text, "CMSG_TYPE_RECVERR") == 0)
		return *out = six ? IPV6_RECVERR : IP_RECVERR, true;
	return play_number(c->p, c->e->line, v, out);
}

static bool part(struct call *c, const struct script_value *one, const char *name,
	int64_t *out)
{
	const struct script_value *v = call_field(one, name);

	if (v)
		return number_of(c, v, out);
	play_unknown(c->p, c->e->line, "ancillary data without %s", name);
	return false;
}

size_t control_build(struct call *c, const struct script_value *list, void *space,
	size_t size)
{
	struct msghdr m = { .msg_control = space, .msg_controllen = size };
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);
	size_t used = 0;

	if (list->kind != SCRIPT_LIST) {
		play_unknown(c->p, c->e->line, "msg_control is not a list");
		return 0;
	}
	for (unsigned k = 0; k < list->n && h; k++) {
		const struct script_value *one = &list->items[k];
		int64_t level, type, data;
		int number;

		if (!part(c, one, "cmsg_level", &level) ||
			!part(c, one, "cmsg_type", &type) ||
			!part(c, one, "cmsg_data", &data))
			return 0;
		number = (int)data;
		h->cmsg_level = (int)level;
		h->cmsg_type = (int)type;
		h->cmsg_len = CMSG_LEN(sizeof(number));
		memcpy(CMSG_DATA(h), &number, sizeof(number));
		used += CMSG_SPACE(sizeof(number));
		h = CMSG_NXTHDR(&m, h);
	}
	return used;
}

/* {scm_sec=S, scm_nsec=N}: since the script's start, as near as times have to be. */
static void compare_time(struct call *c, const struct script_value *v,
	const struct cmsghdr *h)
{
	struct play *p = c->p;
	struct timespec ts[3];
	int64_t s = 0, ns = 0, got, off;

	if (h->cmsg_len < CMSG_LEN(sizeof(ts)))
		return play_fail(p, c->e->line, "a timestamp of %zu bytes",
			(size_t)h->cmsg_len);
	memcpy(ts, CMSG_DATA(h), sizeof(ts));
	part(c, v, "scm_sec", &s);
	part(c, v, "scm_nsec", &ns);
	got = ts[0].tv_sec * 1000000000ll + ts[0].tv_nsec - p->start.ns;
	off = got - (s * 1000000000 + ns);
	if (off > p->tolerance.ns || -off > p->tolerance.ns)
		play_fail(p, c->e->line, "the timestamp is %.6f, not %.6f",
			(double)got / 1e9, (double)s + (double)ns / 1e9);
}

static void compare_fields(struct call *c, const struct script_value *v,
	const struct cmsghdr *h)
{
	for (size_t k = 0; k < sizeof(fields) / sizeof(fields[0]); k++) {
		const struct field *f = &fields[k];
		const struct script_value *want = call_field(v, f->name);
		uint64_t got = 0;
		int64_t number;

		if (!want || want->kind == SCRIPT_ELLIPSIS)
			continue;
		if (!number_of(c, want, &number))
			return;
		if (h->cmsg_len < CMSG_LEN(f->offset + f->size))
			return play_fail(c->p, c->e->line, "ancillary data of %zu "
				"bytes", (size_t)h->cmsg_len);
		memcpy(&got, (const char *)CMSG_DATA(h) + f->offset, f->size);
		if ((int64_t)got != number)
			play_fail(c->p, c->e->line, "%s is %llu, not %lld", f->name,
				(unsigned long long)got, (long long)number);
	}
}

static void compare_number(struct call *c, const struct script_value *v,
	const struct cmsghdr *h)
{
	size_t size = h->cmsg_len - CMSG_LEN(0);
	int64_t want;
	int got = 0;

	if (!number_of(c, v, &want))
		return;
	memcpy(&got, CMSG_DATA(h), size < sizeof(got) ? size : sizeof(got));
	if (got != want)
		play_fail(c->p, c->e->line, "the ancillary data are %d, not %lld", got,
			(long long)want);
}

static void compare_one(struct call *c, const struct script_value *one,
	const struct cmsghdr *h)
{
	const struct script_value *data = call_field(one, "cmsg_data");
	int64_t level, type;

	if (!part(c, one, "cmsg_level", &level) || !part(c, one, "cmsg_type", &type))
		return;
	if (h->cmsg_level != level || h->cmsg_type != type)
		return play_fail(c->p, c->e->line, "ancillary data of level %d, type "
			"%d, not %d, %d", h->cmsg_level, h->cmsg_type, (int)level,
			(int)type);
	if (!data || data->kind == SCRIPT_ELLIPSIS)
		return;
	if (call_field(data, "scm_sec"))
		compare_time(c, data, h);
	else if (data->kind == SCRIPT_STRUCT)
		compare_fields(c, data, h);
	else
		compare_number(c, data, h);
}

void control_compare(struct call *c, const struct script_value *list,
	struct msghdr *m)
{
	struct cmsghdr *h = CMSG_FIRSTHDR(m);

	if (list->kind != SCRIPT_LIST)
		return play_unknown(c->p, c->e->line, "msg_control is not a list");
	for (unsigned k = 0; k < list->n; k++, h = CMSG_NXTHDR(m, h)) {
		if (!h)
			return play_fail(c->p, c->e->line, "%u pieces of ancillary "
				"data came, not %u", k, list->n);
		compare_one(c, &list->items[k], h);
	}
	if (h)
		play_fail(c->p, c->e->line, "more ancillary data came: level %d, "
			"type %d", h->cmsg_level, h->cmsg_type);
}
