/* From packets to a conversation: hosts, flows, arrows.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "talk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "room.h"
#include "sighting.h"

/* --- hosts ------------------------------------------------------------------------- */

static bool has_addr(const struct talk_host *h, const struct ip_addr *a)
{
	for (unsigned i = 0; i < h->n_addrs; i++) {
		if (ip_addr_equal(&h->addrs[i], a))
			return true;
	}
	return false;
}

static int find_host(const struct talk *t, const struct ip_addr *a, const char *name)
{
	for (size_t i = 0; i < t->n_hosts; i++) {
		const struct talk_host *h = &t->hosts[i];

		if (a ? has_addr(h, a) : !strcmp(h->name, name))
			return (int)i;
	}
	return -1;
}

int talk_host(struct talk *t, const struct ip_addr *a, const char *name)
{
	struct talk_host *h;
	int i = a ? find_host(t, a, NULL) : -1;

	if (i < 0 && name && *name)
		i = find_host(t, NULL, name);
	if (i < 0) {
		if (t->n_hosts == TALK_HOSTS_MAX)
			return -E2BIG;
		if (!room_for_one(&t->hosts, &t->hosts_room, t->n_hosts, sizeof(*h)))
			return -ENOMEM;
		i = (int)t->n_hosts++;
	}
	h = &t->hosts[i];
	if (name && *name && !h->name[0])
		snprintf(h->name, sizeof(h->name), "%s", name);
	if (a && !has_addr(h, a) && h->n_addrs < HOST_ADDRS_MAX)
		h->addrs[h->n_addrs++] = *a;
	return i;
}

/* Up to two addresses, as "10.0.0.1, fd00::1": link-local ones if there is no other. */
static void addrs_text(const struct talk_host *h, char *buf, size_t size)
{
	char text[IPADDR_TEXT_MAX];
	unsigned n = 0;

	buf[0] = 0;
	for (unsigned i = 0; i < h->n_addrs && n < 2; i++) {
		size_t used = strlen(buf);

		if (h->n_addrs > 1 && (ip_addr_is_linklocal(&h->addrs[i]) ||
				ip_addr_is_any(&h->addrs[i])))
			continue;
		n++;
		snprintf(buf + used, size - used, "%s%s", used ? ", " : "",
			ip_addr_format(&h->addrs[i], text));
	}
	if (!n && h->n_addrs)
		snprintf(buf, size, "%s", ip_addr_format(&h->addrs[0], text));
}

void talk_host_text(const struct talk_host *h, char *buf, size_t size)
{
	char addrs[2 * IPADDR_TEXT_MAX + 4];

	addrs_text(h, addrs, sizeof(addrs));
	if (h->name[0] && addrs[0])
		snprintf(buf, size, "%s (%s)", h->name, addrs);
	else
		snprintf(buf, size, "%s", h->name[0] ? h->name : addrs);
}

/* Our captures name a point LINK/HOST. The host is that of the packet's source unless
 * it only forwarded it: then the packet was not sent with a fresh TTL. */
static const char *name_by_point(const struct capture_point *p,
	const struct sighting *s)
{
	const char *slash = strrchr(p->name, '/');
	bool fresh = s->s.kind == SEEN_NEIGHBOUR || s->s.ttl == 64 ||
		s->s.ttl == 128 || s->s.ttl == 255 || s->s.ttl == 1;

	if (!p->ours || !slash || s->dir != CAPTURE_OUT || !fresh)
		return NULL;
	return slash + 1;
}

/* All names first: a fate may depend on them. */
static int name_hosts(struct talk *t, const struct capture *c)
{
	int err = 0;

	for (size_t i = 0; i < c->n_points && err >= 0; i++) {
		const struct capture_point *p = &c->points[i];
		const char *slash = strrchr(p->name, '/');
		struct ip_addr a = ip_addr_from(IP_V4, p->v4);

		if (p->ours && slash && p->has_v4)
			err = talk_host(t, &a, slash + 1);
	}
	for (size_t i = 0; i < t->n_seen && err >= 0; i++) {
		const struct sighting *s = &t->seen[i];
		const char *name = name_by_point(&c->points[s->point], s);

		if (name && !ip_addr_is_any(&s->s.src) &&
			find_host(t, &s->s.src, NULL) < 0)
			err = talk_host(t, &s->s.src, name);
	}
	return err < 0 ? err : 0;
}

/* --- sightings ------------------------------------------------------------------------ */

static bool is_shown(const struct seen *s, const struct talk_wish *w)
{
	if (s->kind == SEEN_OTHER)
		return false;
	return w->all || (s->kind != SEEN_GROUP && s->src.family);
}

static int by_time(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->frame < y->frame ? -1 : x->frame > y->frame;
}

static int see(struct talk *t, const struct capture *c, const struct talk_wish *w)
{
	for (size_t i = 0; i < c->n_packets; i++) {
		const struct capture_packet *k = &c->packets[i];
		const struct capture_point *p = &c->points[k->point];
		struct sighting *s;

		if (!dissect_knows(p->linktype)) {
			t->bad_links++;
			t->bad_link = p->linktype;
			continue;
		}
		if (!room_for_one(&t->seen, &t->seen_room, t->n_seen, sizeof(*s)))
			return -ENOMEM;
		s = &t->seen[t->n_seen];
		dissect(p, k, t->lang, &s->s);
		if (!is_shown(&s->s, w)) {
			t->left_out += s->s.kind != SEEN_OTHER;
			t->not_known += s->s.kind == SEEN_OTHER;
			continue;
		}
		s->at = k->ns;
		s->frame = (unsigned)i + 1;
		s->point = k->point;
		s->dir = k->dir;
		s->next = -1;
		t->n_seen++;
	}
	if (t->n_seen)
		qsort(t->seen, t->n_seen, sizeof(*t->seen), by_time);
	return 0;
}

/* The fates, now that hosts have names. */
static void read_fates(struct talk *t, const struct capture *c)
{
	for (size_t i = 0; i < t->n_seen; i++) {
		struct sighting *s = &t->seen[i];
		int to = find_host(t, &s->s.dst, NULL);

		fate_read(&c->points[s->point], &c->packets[s->frame - 1],
			to < 0 ? NULL : t->hosts[to].name, t->lang, &s->fate);
	}
}

/* --- flows ----------------------------------------------------------------------------- */

static bool same_name(const struct ip_name *a, const struct ip_addr *addr, uint16_t port)
{
	return a->port == port && ip_addr_equal(&a->addr, addr);
}

/* Whose side of the flow sends this; -1: it is not of the flow. */
static int side_of(const struct talk_flow *f, const struct seen *s)
{
	if (f->proto != s->proto || (f->kind == SEEN_TCP) != (s->kind == SEEN_TCP))
		return -1;
	if (same_name(&f->name[0], &s->src, s->sport) &&
		same_name(&f->name[1], &s->dst, s->dport))
		return 0;
	if (same_name(&f->name[1], &s->src, s->sport) &&
		same_name(&f->name[0], &s->dst, s->dport))
		return 1;
	return -1;
}

/* Does this SYN begin another connection than the last between these ports? */
static bool begins_anew(const struct talk_flow *f, const struct seen *s)
{
	return s->kind == SEEN_TCP && f->over &&
		(s->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

static int flow_of(struct talk *t, const struct seen *s, uint8_t *side)
{
	struct talk_flow *f;
	int from, to;

	for (size_t i = t->n_flows; i-- > 0;) {
		int which = side_of(&t->flows[i], s);

		if (which < 0)
			continue;
		if (begins_anew(&t->flows[i], s))
			break;
		*side = (uint8_t)which;
		return (int)i;
	}
	if (t->n_flows == TALK_FLOWS_MAX)
		return -E2BIG;
	if (!room_for_one(&t->flows, &t->flows_room, t->n_flows, sizeof(*f)))
		return -ENOMEM;
	from = talk_host(t, &s->src, NULL);
	to = talk_host(t, &s->dst, NULL);
	if (from < 0 || to < 0)
		return from < 0 ? from : to;
	f = &t->flows[t->n_flows];
	f->kind = s->kind;
	f->proto = s->proto;
	f->name[0] = (struct ip_name){ s->src, s->sport };
	f->name[1] = (struct ip_name){ s->dst, s->dport };
	f->host[0] = (unsigned)from;
	f->host[1] = (unsigned)to;
	*side = 0;
	return (int)t->n_flows++;
}

/* --- arrows ------------------------------------------------------------------------------ */

static void set_times(struct talk_arrow *a, const struct sighting *all, int first)
{
	int last = first;

	a->sent = all[first].at;
	for (int i = first; i >= 0; i = all[i].next) {
		const struct fate *f = &all[i].fate;

		last = i;
		if (f->lost && a->arrival != ARRIVAL_NEVER) {
			a->arrival = ARRIVAL_NEVER;
			snprintf(a->note, sizeof(a->note), "%s", f->why);
		}
		if (f->duplicated)
			a->marks |= MARK_DUPLICATED;
	}
	a->arrived = a->sent;
	if (a->arrival == ARRIVAL_NEVER)
		return;
	a->arrival = last != first || all[last].fate.told ? ARRIVAL_KNOWN :
		ARRIVAL_UNKNOWN;
	a->arrived = all[last].at + all[last].fate.delay;
	/* Clocks of two captures may differ. */
	if (a->arrived < a->sent)
		a->arrived = a->sent;
}

static int add_arrow(struct talk *t, int i)
{
	const struct sighting *s = &t->seen[i];
	struct talk_arrow *a;
	uint8_t side = 0;
	int flow = flow_of(t, &s->s, &side);

	if (flow < 0)
		return flow;
	if (!room_for_one(&t->arrows, &t->arrows_room, t->n_arrows, sizeof(*a)))
		return -ENOMEM;
	a = &t->arrows[t->n_arrows++];
	a->flow = (unsigned)flow;
	a->side = side;
	a->from = t->flows[flow].host[side];
	a->to = t->flows[flow].host[!side];
	a->frame = s->frame;
	a->kind = s->s.kind;
	a->ttl = s->s.ttl;
	a->len = s->s.len;
	a->tcp = s->s.tcp;
	a->flags = s->s.tcp.flags;
	snprintf(a->text, sizeof(a->text), "%s", s->s.text);
	set_times(a, t->seen, i);
	t->flows[flow].arrows++;
	/* Resets end a connection, so do the two FINs: then the next SYN is of a new
	 * one. One FIN is enough here, as nobody sends a SYN between the two. */
	if (a->kind == SEEN_TCP && (a->flags & (TCP_RST | TCP_FIN)))
		t->flows[flow].over = true;
	return 0;
}

int talk_build(struct talk *t, const struct capture *c, const struct talk_wish *w)
{
	int err;

	t->lang = w->lang;
	err = see(t, c, w);
	if (!err)
		err = name_hosts(t, c);
	if (!err) {
		read_fates(t, c);
		err = sightings_join(t->seen, t->n_seen, c->n_points);
	}
	for (size_t i = 0; !err && i < t->n_seen; i++) {
		if (!t->seen[i].joined)
			err = add_arrow(t, (int)i);
	}
	return err ? err : watch_all(t);
}

void talk_fini(struct talk *t)
{
	free(t->hosts);
	free(t->flows);
	free(t->arrows);
	free(t->changes);
	free(t->levels);
	free(t->seen);
	memset(t, 0, sizeof(*t));
}
