/* The links of a network file: what they join, addresses, impairments.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netfile_schema.h"

#define KIND_RULE "a link has one of between: [HOST, HOST], switch: [HOST, ...], " \
	"tap: {host: HOST} or packet: {host: HOST, device: DEVICE}"

static const char *device_kind(const struct netfile_link *l)
{
	return l->kind == NETFILE_TAP ? "tap" : "packet";
}

static int end_of_host(const struct netfile_link *l, int host)
{
	for (uint32_t i = 0; i < l->nends; i++)
		if (l->ends[i].host == (uint32_t)host)
			return (int)i;
	return -1;
}

static int read_ends(struct netfile_reader *r, const char *what,
	const yaml_node_t *list, struct netfile_link *l)
{
	size_t n = netfile_list_length(list);

	l->ends = calloc(n, sizeof(*l->ends));
	if (!l->ends)
		return netfile_fail_memory(r);
	for (size_t i = 0; i < n; i++) {
		const yaml_node_t *node = netfile_list_at(r, list, i);
		int host = netfile_read_host(r, what, node);

		if (host < 0)
			return host;
		if (end_of_host(l, host) >= 0)
			return netfile_fail(r, node, "%s: host '%s' is there twice; a "
				"link joins different hosts", what,
				r->out->hosts[host].name);
		l->ends[l->nends++].host = (uint32_t)host;
	}
	return 0;
}

static int read_between(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	struct netfile_link *l = object;
	int result = netfile_list(r, "between", value, 2, 2);

	l->kind = NETFILE_PAIR;
	return result < 0 ? result : read_ends(r, "between", value, l);
}

static int read_switch(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	struct netfile_link *l = object;
	int result = netfile_list(r, "switch", value, 2, NETFILE_SWITCH_MAX);

	l->kind = NETFILE_SWITCH;
	return result < 0 ? result : read_ends(r, "switch", value, l);
}

/* An address that an interface may have? What is wrong with it, or NULL. */
static const char *address_fault(const struct ip_prefix *p)
{
	const struct ip_addr *a = &p->addr;
	unsigned size = (unsigned)ip_addr_size(a->family) * 8;
	bool zeros = true, ones = true;

	if (ip_addr_is_any(a) || ip_addr_is_multicast(a) ||
		ip_addr_is_loopback(a) || ip_addr_is_mapped(a) || a->scope)
		return "is not an address of an interface";
	if (p->bits == 0)
		return "has a prefix of no bits";
	for (unsigned i = p->bits; i < size; i++) {
		bool bit = a->b[i / 8] >> (7 - i % 8) & 1;

		zeros = zeros && !bit;
		ones = ones && bit;
	}
	/* RFC 3021: /31 has neither; RFC 4291 2.6.1: IPv6's all-zero address is
	 * the routers' anycast address. */
	if (p->bits + 1u < size && zeros)
		return "is the network itself, not a host in it";
	if (p->bits + 1u < size && ones && a->family == IP_V4)
		return "is the broadcast address of its network";
	return NULL;
}

static int read_address(struct netfile_reader *r, const char *what,
	const yaml_node_t *node, struct netfile_end *e)
{
	const char *text = netfile_scalar(r, what, node);
	struct ip_prefix p;
	const char *fault;

	if (!text)
		return -EINVAL;
	if (!strchr(text, '/') || ip_prefix_parse(text, &p) < 0)
		return netfile_fail(r, node, "%s: %s is not an address with its "
			"prefix length; write it like 10.0.0.1/24 or \"fd00::1/64\"",
			what, netfile_quote(text).text);
	fault = address_fault(&p);
	if (fault)
		return netfile_fail(r, node, "%s: %s %s", what,
			netfile_quote(text).text, fault);
	e->addrs[e->naddrs++] = p;
	return netfile_see_address(r, node, &p.addr);
}

static int read_address_list(struct netfile_reader *r, const char *what,
	const yaml_node_t *list, struct netfile_end *e)
{
	int result = netfile_list(r, what, list, 1, NETFILE_ADDRS_MAX);

	for (size_t i = 0; result == 0 && i < netfile_list_length(list); i++)
		result = read_address(r, what, netfile_list_at(r, list, i), e);
	return result;
}

/* addresses: { HOST: [ADDRESS/BITS, ...], ... } */
static int read_addresses(struct netfile_reader *r,
	const struct netfile_key *key, const yaml_node_t *value, void *object)
{
	struct netfile_link *l = object;
	int result;

	if (l->kind == NETFILE_TAP || l->kind == NETFILE_PACKET)
		return netfile_fail(r, value, "addresses: of a %s link they are "
			"written within %s", device_kind(l), device_kind(l));
	result = netfile_map(r, "addresses", value);
	for (size_t i = 0; result == 0 && i < netfile_map_length(value); i++) {
		const yaml_node_t *host, *list;
		int number, end;

		netfile_map_at(r, value, i, &host, &list);
		number = netfile_read_host(r, "addresses", host);
		if (number < 0)
			return number;
		end = end_of_host(l, number);
		if (end < 0)
			return netfile_fail(r, host, "addresses: host '%s' is not on "
				"this link", r->out->hosts[number].name);
		result = read_address_list(r, "addresses", list, &l->ends[end]);
	}
	return result;
}

static int read_device_host(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	struct netfile_link *l = object;
	int host = netfile_read_host(r, "host", value);

	if (host < 0)
		return host;
	l->ends = calloc(1, sizeof(*l->ends));
	if (!l->ends)
		return netfile_fail_memory(r);
	l->ends[0].host = (uint32_t)host;
	l->nends = 1;
	return 0;
}

/* The kernel's rule for a device's name (dev_valid_name in net/core/dev.c), and
 * none of its patterns but %d, which is for one that is made. */
static int read_device(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	const char *text = netfile_scalar(r, "device", value);
	struct netfile_link *l = object;
	const char *percent;

	if (!text)
		return -EINVAL;
	percent = strchr(text, '%');
	if (percent && l->kind == NETFILE_PACKET)
		return netfile_fail(r, value, "device: %s: write the name of an "
			"interface that is there", netfile_quote(text).text);
	if (strlen(text) > NETFILE_DEVICE_MAX || strpbrk(text, "/: \t\r\n\v\f") ||
		strcmp(text, ".") == 0 || strcmp(text, "..") == 0 ||
		(percent && (percent[1] != 'd' || strchr(percent + 1, '%'))))
		return netfile_fail(r, value, "device: %s cannot be a device's name; "
			"it has 1 to %d bytes, no space, '/' or ':', and '%%' only "
			"as %%d", netfile_quote(text).text, NETFILE_DEVICE_MAX);
	strcpy(l->device, text);
	return 0;
}

static int read_device_addresses(struct netfile_reader *r,
	const struct netfile_key *key, const yaml_node_t *value, void *object)
{
	struct netfile_link *l = object;

	return read_address_list(r, "addresses", value, &l->ends[0]);
}

static bool end_reaches(const struct netfile_end *e, const struct ip_addr *a)
{
	if (a->family == IP_V6 && ip_addr_is_linklocal(a))
		return true;
	for (uint32_t i = 0; i < e->naddrs; i++)
		if (e->addrs[i].addr.family == a->family &&
			ip_prefix_contains(&e->addrs[i], a))
			return true;
	return false;
}

/* gateway, gateway6: on the link, and not the host itself. Written without
 * addresses it could not be reached by those given out. */
static int read_gateway(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	const char *text = netfile_scalar(r, key->name, value);
	struct netfile_link *l = object;
	bool six = strcmp(key->name, "gateway6") == 0;
	struct ip_addr *a = six ? &l->gateway6 : &l->gateway;

	if (!text)
		return -EINVAL;
	if (ip_addr_parse(text, a) < 0 || a->family != (six ? IP_V6 : IP_V4))
		return netfile_fail(r, value, "%s: %s is not an IPv%d address",
			key->name, netfile_quote(text).text, six ? 6 : 4);
	if (!end_reaches(&l->ends[0], a))
		return netfile_fail(r, value, "%s: %s lies in none of the host's "
			"networks on this link; give an address there under "
			"addresses", key->name, netfile_quote(text).text);
	for (uint32_t i = 0; i < l->ends[0].naddrs; i++)
		if (ip_addr_equal(&l->ends[0].addrs[i].addr, a))
			return netfile_fail(r, value, "%s: %s is the host itself",
				key->name, netfile_quote(text).text);
	return 0;
}

/* tap, packet */
static int read_device_link(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	static const struct netfile_key keys[] = {
		{ "host", read_device_host, 0, NULL },
		{ "device", read_device, 0, NULL },
		{ "addresses", read_device_addresses, 0, NULL },
		{ "gateway", read_gateway, 0, NULL },
		{ "gateway6", read_gateway, 0, NULL },
		{ NULL, NULL, 0, NULL },
	};
	struct netfile_link *l = object;
	int result = netfile_check_map(r, key->name, value, keys);

	l->kind = strcmp(key->name, "tap") == 0 ? NETFILE_TAP : NETFILE_PACKET;
	if (result < 0)
		return result;
	if (!netfile_map_find(r, value, "host"))
		return netfile_fail(r, value, "%s: host is missing, the host that "
			"the device leads to", key->name);
	if (l->kind == NETFILE_PACKET && !netfile_map_find(r, value, "device"))
		return netfile_fail(r, value, "packet: device is missing, the machine's "
			"interface");
	return netfile_read_map(r, key->name, value, keys, l);
}

/* A relative path belongs to the folder of the network file. */
static int read_capture(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	const char *text = netfile_scalar(r, "capture", value);
	const char *slash = strrchr(r->path, '/');
	int folder = slash ? (int)(slash - r->path) + 1 : 0;
	struct netfile_link *l = object;

	if (!text)
		return -EINVAL;
	if (text[strlen(text) - 1] == '/')
		return netfile_fail(r, value, "capture: %s is a folder; write the "
			"name of a file", netfile_quote(text).text);
	if (text[0] == '/')
		folder = 0;
	if (asprintf(&l->capture, "%.*s%s", folder, r->path, text) < 0) {
		l->capture = NULL;
		return netfile_fail_memory(r);
	}
	for (const struct netfile_link *o = r->out->links; o != l; o++)
		if (o->capture && strcmp(o->capture, l->capture) == 0)
			return netfile_fail(r, value, "capture: %s is that of link "
				"'%s' already", netfile_quote(text).text, o->name);
	return 0;
}

static const struct netfile_form duration_form = { "a time",
	"a number and ns, us, ms or s, as in 10ms", "0s to 3600s",
	netfile_parse_duration };
static const struct netfile_form percent_form = { "a percentage",
	"a number and %, as in 0.5%", "0% to 100%", netfile_parse_percent };
static const struct netfile_form burst_form = { "a number of frames",
	"the mean length of a burst, as in 5", "1 to 1000000",
	netfile_parse_burst };
static const struct netfile_form rate_form = { "a rate",
	"a number and bit, kbit, Mbit or Gbit (each second), as in 100Mbit, or "
	"unlimited", "1kbit to 1Tbit", netfile_parse_rate };
static const struct netfile_form queue_form = { "a number of frames",
	"a whole number, as in 1000", "1 to 1000000", netfile_parse_queue };
static const struct netfile_form mtu_form = { "a number of bytes",
	"a whole number, as in 1500", "1280 to 65535", netfile_parse_mtu };

#define IMPAIR(field) offsetof(struct netfile_link, impair.field)

static const struct netfile_key link_keys[] = {
	{ "name", netfile_read_name, offsetof(struct netfile_link, name), NULL },
	{ "between", read_between, 0, NULL },
	{ "switch", read_switch, 0, NULL },
	{ "tap", read_device_link, 0, NULL },
	{ "packet", read_device_link, 0, NULL },
	{ "addresses", read_addresses, 0, NULL },
	{ "delay", netfile_read_value, IMPAIR(delay), &duration_form },
	{ "jitter", netfile_read_value, IMPAIR(jitter), &duration_form },
	{ "loss", netfile_read_value, IMPAIR(loss), &percent_form },
	{ "loss_burst", netfile_read_value, IMPAIR(loss_burst), &burst_form },
	{ "rate", netfile_read_value, IMPAIR(rate), &rate_form },
	{ "queue", netfile_read_value, IMPAIR(queue), &queue_form },
	{ "duplicate", netfile_read_value, IMPAIR(duplicate), &percent_form },
	{ "corrupt", netfile_read_value, IMPAIR(corrupt), &percent_form },
	{ "reorder", netfile_read_value, IMPAIR(reorder), &percent_form },
	{ "mtu", netfile_read_value, offsetof(struct netfile_link, mtu),
		&mtu_form },
	{ "capture", read_capture, 0, NULL },
	{ NULL, NULL, 0, NULL },
};

/* Exactly one of these; asked before any is read. */
static int check_kind(struct netfile_reader *r, const yaml_node_t *node)
{
	static const char *const kinds[] = { "between", "switch", "tap", "packet" };
	const char *first = NULL;
	int result = netfile_check_map(r, "a link", node, link_keys);

	for (int i = 0; result == 0 && i < 4; i++) {
		const yaml_node_t *value = netfile_map_find(r, node, kinds[i]);

		if (value && first)
			return netfile_fail(r, value, "a link with both %s and %s; "
				KIND_RULE, first, kinds[i]);
		if (value)
			first = kinds[i];
	}
	if (result == 0 && !first)
		result = netfile_fail(r, node, "this link joins nothing; " KIND_RULE);
	return result;
}

/* What no single key can tell. */
static int check_link(struct netfile_reader *r, const yaml_node_t *node,
	const struct netfile_link *l)
{
	const struct link_impair *i = &l->impair;
	const yaml_node_t *burst = netfile_map_find(r, node, "loss_burst");

	for (const struct netfile_link *o = r->out->links; o != l; o++)
		if (strcmp(o->name, l->name) == 0)
			return netfile_fail(r, node, "there is a link '%s' already",
				l->name);
	if (link_check_impair(i) == 0)
		return 0;
	return netfile_fail(r, burst ? burst : node, "loss_burst: with a loss of "
		"%g%% bursts are at least %.4g frames long", i->loss * 100,
		i->loss / (1 - i->loss));
}

/* Addresses of link N for its end K: 10.N.0.K/24 and fd00:N::K/64. N and K are
 * seen with the same digits in both, hence decimal digits read as hexadecimal
 * ones in the second. */
static uint16_t same_digits(uint32_t n)
{
	return (uint16_t)(n / 100 << 8 | n / 10 % 10 << 4 | n % 10);
}

static int fill_addresses(struct netfile_reader *r, const yaml_node_t *node,
	struct netfile_link *l, uint32_t n)
{
	for (uint32_t i = 0; i < l->nends; i++) {
		struct netfile_end *e = &l->ends[i];
		uint16_t link = same_digits(n), end = same_digits(i + 1);
		uint8_t six[16] = { 0xfd, 0, (uint8_t)(link >> 8), (uint8_t)link };
		int result;

		if (e->naddrs)
			continue;
		six[14] = (uint8_t)(end >> 8);
		six[15] = (uint8_t)end;
		e->addrs[0].addr = ip_addr_v4(10, (uint8_t)n, 0, (uint8_t)(i + 1));
		e->addrs[0].bits = 24;
		e->addrs[1].addr = ip_addr_from(IP_V6, six);
		e->addrs[1].bits = 64;
		e->naddrs = 2;
		result = netfile_see_address(r, node, &e->addrs[0].addr);
		if (result == 0)
			result = netfile_see_address(r, node, &e->addrs[1].addr);
		if (result < 0)
			return result;
	}
	return 0;
}

static int read_link(struct netfile_reader *r, const yaml_node_t *node,
	uint32_t n, struct netfile_link *l)
{
	int result;

	l->mtu = NETFILE_MTU_DEFAULT;
	l->gateway.family = l->gateway6.family = IP_NONE;
	snprintf(l->name, sizeof(l->name), "link%u", n);
	result = check_kind(r, node);
	if (result == 0)
		result = netfile_read_map(r, "a link", node, link_keys, l);
	if (result == 0)
		result = check_link(r, node, l);
	if (result == 0)
		result = fill_addresses(r, node, l, n);
	return result;
}

int netfile_read_links(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	struct netfile *n = object;
	size_t count;
	int result = netfile_list(r, "links", value, 0, NETFILE_LINKS_MAX);

	if (result < 0)
		return result;
	count = netfile_list_length(value);
	n->links = calloc(count + 1, sizeof(*n->links));
	if (!n->links)
		return netfile_fail_memory(r);
	while (result == 0 && n->nlinks < count) {
		uint32_t i = n->nlinks++;

		result = read_link(r, netfile_list_at(r, value, i), i,
			&n->links[i]);
	}
	return result;
}
