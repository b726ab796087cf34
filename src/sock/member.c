/* What a socket has joined. The list lies in a ring of its own (s->groups) in two
 * halves, of which one counts: a change writes the other whole and then moves the
 * version on, so that who dies in between has changed nothing, and readers, who
 * hold no lock, see one state or look again.
 *
 *	version & 1 -> half:  words used | membership | membership ...
 *	membership:  ifindex | via | family, mode, sources << 16 | group 4 |
 *		     source 4 | source 4 ...
 *
 * The version is the fifo's tail, which such a ring has no other use for.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "member.h"

#include <string.h>

#define BYTES (1u << 15)
#define HALF_WORDS (BYTES / 2 / 4)
#define HEAD_WORDS 7
#define LOOKS 8 /* at a list that goes on changing */

#define TAG_FAMILY 0xffu
#define TAG_INCLUDE 0x100u
#define TAG_LISTED 0x200u

/* --- reading --- */

static uint32_t *page_of(const struct sock_env *e, uint32_t at,
	struct shm_fifo **f)
{
	struct fifo_end end;

	*f = at ? shm_fifo_at(e->arena, at) : NULL;
	if (!*f || shm_fifo_reader(e->arena, at, &end) < 0 || end.size < BYTES)
		return NULL;
	return (uint32_t *)(void *)end.data;
}

bool member_walk_begin(const struct sock_env *e, const struct shm_sock *s,
	struct member_walk *w)
{
	uint32_t *page = page_of(e, sock_once(&s->groups), &w->f);

	if (!page)
		return false;
	/* Pairs with the release in publish(). */
	w->version = atomic_get_acquire(&w->f->sh.tail);
	w->half = page + (w->version & 1) * HALF_WORDS;
	w->used = sock_once(w->half);
	if (w->used > HALF_WORDS)
		w->used = 0; /* scribbled over */
	w->at = 1;
	return true;
}

static void get_addr(const uint32_t *from, void *to)
{
	for (unsigned k = 0; k < 4; k++) {
		uint32_t word = sock_once(from + k);

		memcpy((uint8_t *)to + 4 * k, &word, sizeof(word));
	}
}

bool member_walk_next(struct member_walk *w, struct member *out)
{
	const uint32_t *p = w->half + w->at;
	uint32_t tag, n;

	if (w->at + HEAD_WORDS > w->used)
		return false;
	tag = sock_once(p + 2);
	n = tag >> 16;
	if (n > MEMBER_SOURCES6 || w->at + HEAD_WORDS + 4 * n > w->used)
		return false;
	out->ifindex = sock_once(p);
	out->via = sock_once(p + 1);
	out->group = (struct shm_addr){ .family = (uint8_t)(tag & TAG_FAMILY) };
	out->include = tag & TAG_INCLUDE;
	out->listed = tag & TAG_LISTED;
	out->n = n;
	get_addr(p + 3, out->group.b);
	for (uint32_t k = 0; k < n; k++)
		get_addr(p + HEAD_WORDS + 4 * k, out->sources[k]);
	w->at += HEAD_WORDS + 4 * n;
	return true;
}

bool member_walk_torn(const struct member_walk *w)
{
	/* The words before it: pairs with publish(). */
	atomic_full_fence();
	return atomic_get_relaxed(&w->f->sh.tail) != w->version;
}

static bool same_group(const struct member *m, const struct shm_addr *group)
{
	return m->group.family == group->family &&
		memcmp(m->group.b, group->b, sizeof(group->b)) == 0;
}

bool member_find(const struct sock_env *e, const struct shm_sock *s,
	const struct shm_addr *group, uint32_t ifindex, struct member *out)
{
	for (int look = 0; look < LOOKS; look++) {
		struct member_walk w;
		struct member m;
		bool found = false;

		if (!member_walk_begin(e, s, &w))
			return false;
		while (member_walk_next(&w, &m)) {
			if (!same_group(&m, group) ||
				(ifindex && m.ifindex != ifindex))
				continue;
			*out = m;
			found = true;
		}
		if (!member_walk_torn(&w))
			return found;
	}
	return false;
}

unsigned member_count(const struct sock_env *e, const struct shm_sock *s,
	uint8_t family)
{
	struct member_walk w;
	struct member m;
	unsigned n = 0;

	if (member_walk_begin(e, s, &w))
		while (member_walk_next(&w, &m))
			n += m.group.family == family;
	return n;
}

bool member_has_source(const struct member *m, const uint8_t source[16])
{
	for (uint32_t k = 0; k < m->n; k++)
		if (memcmp(m->sources[k], source, 16) == 0)
			return true;
	return false;
}

/* --- writing; s->lock is held --- */

struct page {
	uint32_t *half; /* the one that does not count yet */
	uint32_t used;
	struct shm_fifo *f;
	uint32_t version;
};

static bool open_page(struct sock_env *e, struct shm_sock *s, struct page *p)
{
	uint32_t *base = page_of(e, sock_once(&s->groups), &p->f);

	if (!base) {
		uint32_t at = shm_fifo_take(e->arena, BYTES);

		base = page_of(e, at, &p->f);
		if (!base)
			return false;
		atomic_word_put(base, 1); /* nothing in the half that counts */
		/* Plain words before it: who finds the page finds it empty. */
		atomic_full_fence();
		atomic_word_put(&s->groups, at);
	}
	p->version = atomic_get_relaxed(&p->f->sh.tail);
	p->half = base + (~p->version & 1) * HALF_WORDS;
	p->used = 1;
	return true;
}

static void publish(struct page *p)
{
	atomic_word_put(p->half, p->used);
	/* Pairs with the acquire in member_walk_begin(). */
	atomic_put_release(&p->f->sh.tail, p->version + 1);
}

static void put_addr(uint32_t *to, const void *from)
{
	for (unsigned k = 0; k < 4; k++) {
		uint32_t word;

		memcpy(&word, (const uint8_t *)from + 4 * k, sizeof(word));
		atomic_word_put(to + k, word);
	}
}

static bool append(struct page *p, const struct member *m)
{
	uint32_t *to = p->half + p->used;

	if (p->used + HEAD_WORDS + 4 * m->n > HALF_WORDS)
		return false;
	atomic_word_put(to, m->ifindex);
	atomic_word_put(to + 1, m->via);
	atomic_word_put(to + 2, m->group.family | (m->include ? TAG_INCLUDE : 0) |
		(m->listed ? TAG_LISTED : 0) | m->n << 16);
	put_addr(to + 3, m->group.b);
	for (uint32_t k = 0; k < m->n; k++)
		put_addr(to + HEAD_WORDS + 4 * k, m->sources[k]);
	p->used += HEAD_WORDS + 4 * m->n;
	return true;
}

/* All as it is, but `group` on ifindex becomes `in` (NULL: is gone). */
static bool rewrite(const struct sock_env *e, const struct shm_sock *s,
	struct page *p, const struct shm_addr *group, uint32_t ifindex,
	const struct member *in)
{
	struct member_walk w;
	struct member m;
	bool placed = false, fits = true;

	if (!member_walk_begin(e, s, &w))
		return false;
	while (fits && member_walk_next(&w, &m)) {
		if (!same_group(&m, group) || m.ifindex != ifindex) {
			fits = append(p, &m);
		} else if (in) {
			fits = append(p, in);
			placed = true;
		}
	}
	if (fits && in && !placed)
		fits = append(p, in);
	return fits;
}

int member_put(struct sock_env *e, struct shm_sock *s, const struct member *m)
{
	struct page p;

	if (!open_page(e, s, &p) ||
		!rewrite(e, s, &p, &m->group, m->ifindex, m))
		return -ENOBUFS;
	publish(&p);
	return 0;
}

void member_drop(struct sock_env *e, struct shm_sock *s,
	const struct shm_addr *group, uint32_t ifindex)
{
	struct page p;

	if (open_page(e, s, &p) && rewrite(e, s, &p, group, ifindex, NULL))
		publish(&p);
}
