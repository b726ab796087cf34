/* Files of /proc/net about groups as the virtual host has them: igmp, igmp6, mcfilter,
 * mcfilter6, dev_mcast, which `ip maddr` and netstat -g read. The formats are Linux's
 * (igmp_mc_seq_show(), igmp6_mc_seq_show() ...), and so is the order: what came last
 * is shown first, and every interface has the groups of all hosts.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "procnet.h"

#include <arpa/inet.h>
#include <string.h>

#include "netif.h"
#include "sock/groups.h"

#define ROWS_MAX 128 /* groups, or sources, of a host that are shown */

/* One group on one interface; or one source of it, with who wants or refuses it. */
struct row {
	uint32_t ifindex;
	struct shm_addr group;
	uint8_t source[16];
	uint32_t users, include, exclude;
};

struct rows {
	bool sources;
	uint8_t family;
	unsigned n;
	struct row row[ROWS_MAX];
};

static struct row *find_row(struct rows *r, uint32_t ifindex,
	const struct shm_addr *group, const uint8_t *source)
{
	static const uint8_t none[16];
	struct row *x;

	source = source ? source : none;
	for (unsigned k = 0; k < r->n; k++) {
		x = &r->row[k];
		if (x->ifindex == ifindex &&
			memcmp(x->group.b, group->b, sizeof(group->b)) == 0 &&
			memcmp(x->source, source, sizeof(x->source)) == 0)
			return x;
	}
	if (r->n == ROWS_MAX)
		return NULL;
	x = &r->row[r->n++];
	*x = (struct row){ .ifindex = ifindex, .group = *group };
	memcpy(x->source, source, sizeof(x->source));
	return x;
}

static void take(void *user, const struct sock_membership *m)
{
	struct rows *r = user;
	struct row *x;

	if (m->group.family != r->family)
		return;
	if (!r->sources) {
		x = find_row(r, m->ifindex, &m->group, NULL);
		if (x)
			x->users++;
		return;
	}
	for (uint32_t k = 0; k < m->n; k++) {
		x = find_row(r, m->ifindex, &m->group, m->sources[k]);
		if (x)
			*(m->include ? &x->include : &x->exclude) += 1;
	}
}

static void take_group(struct rows *r, uint32_t ifindex, const uint8_t *b)
{
	struct shm_addr group = { .family = r->family };
	struct row *x;

	memcpy(group.b, b, r->family == IP_V4 ? 4 : 16);
	x = find_row(r, ifindex, &group, NULL);
	if (x)
		x->users++;
}

/* RFC 4291 2.7.1: the last 24 bits of an address. */
static void solicited(struct rows *r)
{
	uint8_t node[16] = { 0xff, 2, [11] = 1, 0xff };
	struct iface_addr a;

	for (uint32_t k = 0; netif_addr(k, &a); k++) {
		if (a.addr.family != IP_V6 || a.ifindex == 1)
			continue;
		memcpy(node + 13, a.addr.b + 13, 3);
		take_group(r, a.ifindex, node);
	}
}

/* RFC 1112 4; RFC 4291 2.8. */
static void everybodys(struct rows *r)
{
	static const uint8_t hosts[] = { 224, 0, 0, 1 };
	static const uint8_t nodes[16] = { 0xff, 2, [15] = 1 };
	static const uint8_t here[16] = { 0xff, 1, [15] = 1 };
	struct iface i;

	for (uint32_t k = 0; netif_iface(k, &i); k++) {
		if (r->family == IP_V4)
			take_group(r, i.ifindex, hosts);
		else
			take_group(r, i.ifindex, nodes);
		if (r->family == IP_V6)
			take_group(r, i.ifindex, here);
	}
}

static void collect(struct rows *r, uint8_t family, bool sources)
{
	r->family = family;
	r->sources = sources;
	r->n = 0;
	sock_groups_bury(&cl.env);
	sock_groups_read(&cl.env, take, r);
	if (sources)
		return;
	if (family == IP_V6)
		solicited(r);
	everybodys(r);
}

void procgroup_each(uint8_t family, procgroup_fn *f, void *user)
{
	struct rows r;
	struct iface i;

	collect(&r, family, false);
	/* By interface, as Linux lists them. */
	for (uint32_t k = 0; netif_iface(k, &i); k++) {
		for (unsigned g = 0; g < r.n; g++) {
			if (r.row[g].ifindex == i.ifindex)
				f(user, i.ifindex, r.row[g].group.b);
		}
	}
}

static uint32_t word(const uint8_t *b)
{
	uint32_t v;

	memcpy(&v, b, sizeof(v));
	return v;
}

static void hex(const uint8_t *b, char out[33])
{
	for (int k = 0; k < 16; k++)
		snprintf(out + 2 * k, 3, "%02x", b[k]);
}

void procnet_igmp(struct procnet_text *t)
{
	struct rows r;
	struct iface i;

	collect(&r, IP_V4, false);
	procnet_line(t, 0, "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter");
	for (uint32_t k = 0; netif_iface(k, &i); k++) {
		unsigned count = 0;

		for (unsigned j = 0; j < r.n; j++)
			count += r.row[j].ifindex == i.ifindex;
		procnet_line(t, 0, "%u\t%-10s: %5u %7s", i.ifindex, i.name, count, "V3");
		for (unsigned j = 0; j < r.n; j++)
			if (r.row[j].ifindex == i.ifindex)
				procnet_line(t, 0, "\t\t\t\t%08X %5u %d:%08X\t\t%d",
					word(r.row[j].group.b), r.row[j].users, 0, 0, 0);
	}
}

/* Linux's MAF_LOADED (it is told to the link), MAF_NOREPORT. */
static unsigned flags6(const uint8_t *b)
{
	static const uint8_t nodes[16] = { 0xff, 2, [15] = 1 };
	bool near = (b[1] & 0xf) < 2;

	return (near ? 0 : 4) | (near || memcmp(b, nodes, 16) == 0 ? 8 : 0);
}

void procnet_igmp6(struct procnet_text *t)
{
	struct rows r;
	struct iface i;
	char text[33];

	collect(&r, IP_V6, false);
	for (uint32_t k = 0; netif_iface(k, &i); k++)
		for (unsigned j = 0; j < r.n; j++) {
			if (r.row[j].ifindex != i.ifindex)
				continue;
			hex(r.row[j].group.b, text);
			procnet_line(t, 0, "%-4u %-15s %s %5u %08X %d", i.ifindex, i.name,
				text, r.row[j].users, flags6(r.row[j].group.b), 0);
		}
}

static void filters(struct procnet_text *t, uint8_t family)
{
	struct rows r;
	struct iface i;
	char group[33], source[33];

	collect(&r, family, true);
	for (uint32_t k = 0; netif_iface(k, &i); k++)
		for (unsigned j = 0; j < r.n; j++) {
			const struct row *x = &r.row[j];

			if (x->ifindex != i.ifindex)
				continue;
			if (family == IP_V4) {
				procnet_line(t, 0, "%3u %6.6s 0x%08x 0x%08x %6u %6u",
					i.ifindex, i.name, ntohl(word(x->group.b)),
					ntohl(word(x->source)), x->include, x->exclude);
				continue;
			}
			hex(x->group.b, group);
			hex(x->source, source);
			procnet_line(t, 0, "%3u %6.6s %s %s %6u %6u", i.ifindex, i.name,
				group, source, x->include, x->exclude);
		}
}

void procnet_mcfilter(struct procnet_text *t)
{
	procnet_line(t, 0, "Idx Device        MCA        SRC    INC    EXC");
	filters(t, IP_V4);
}

void procnet_mcfilter6(struct procnet_text *t)
{
	procnet_line(t, 0, "Idx Device                Multicast Address"
		"                   Source Address    INC    EXC");
	filters(t, IP_V6);
}

/* RFC 1112 6.4, RFC 2464 7: as the link's addresses; oldest first. */
static void links(struct procnet_text *t, const struct iface *i, const struct rows *r)
{
	for (unsigned j = r->n; j-- > 0;) {
		const uint8_t *b = r->row[j].group.b;

		if (r->row[j].ifindex != i->ifindex)
			continue;
		if (r->family == IP_V4)
			procnet_line(t, 0, "%-4u %-15s %-5d %-5d 01005e%02x%02x%02x",
				i->ifindex, i->name, 1, 0, b[1] & 0x7f, b[2], b[3]);
		else if ((b[1] & 0xf) > 1)
			procnet_line(t, 0, "%-4u %-15s %-5d %-5d 3333%02x%02x%02x%02x",
				i->ifindex, i->name, 1, 0, b[12], b[13], b[14], b[15]);
	}
}

void procnet_dev_mcast(struct procnet_text *t)
{
	struct rows v4, v6;
	struct iface i;

	collect(&v4, IP_V4, false);
	collect(&v6, IP_V6, false);
	for (uint32_t k = 0; netif_iface(k, &i); k++) {
		if (netif_is_lo(&i))
			continue;
		links(t, &i, &v6);
		links(t, &i, &v4);
	}
}
