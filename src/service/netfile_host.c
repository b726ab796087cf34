/* The hosts of a network file: their names, who resolves names for them, and the
 * rules that the kernel of a real machine would call sysctl.
 *
 * The hosts' names are read first, all of them, so that a host may name another.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netfile_schema.h"
#include "sock/congestion.h"

#define LABEL_MAX 63 /* RFC 1035 2.3.4: bytes of a label */

/* A name as it may stand in /etc/hosts: labels of letters, digits, dashes and
 * underscores, joined by dots. */
static bool is_domain(const char *text)
{
	size_t len = strlen(text), label = 0;

	if (len > NETFILE_DOMAIN_MAX)
		return false;
	for (; *text; text++) {
		char c = *text;

		if (c == '.') {
			if (label == 0)
				return false;
			label = 0;
			continue;
		}
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '_' || (c == '-' && label)))
			return false;
		if (++label > LABEL_MAX)
			return false;
	}
	return label > 0;
}

static int read_domains(struct netfile_reader *r, const char *what,
	const yaml_node_t *value, struct netfile_domain *out, uint32_t *n,
	uint32_t most)
{
	int result = netfile_list(r, what, value, 1, most);

	for (size_t i = 0; result == 0 && i < netfile_list_length(value); i++) {
		const yaml_node_t *node = netfile_list_at(r, value, i);
		const char *text = netfile_scalar(r, what, node);
		struct ip_addr a;

		if (!text)
			return -EINVAL;
		if (!is_domain(text) || ip_addr_parse(text, &a) == 0)
			return netfile_fail(r, node, "%s: %s is not a name; write it "
				"like www.example.org", what,
				netfile_quote(text).text);
		strcpy(out[(*n)++].text, text);
	}
	return result;
}

static int read_aliases(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	struct netfile_host *h = object;

	return read_domains(r, key->name, value, h->aliases, &h->naliases,
		NETFILE_ALIASES_MAX);
}

static int read_search(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	struct netfile_host *h = object;

	return read_domains(r, key->name, value, h->search, &h->nsearch,
		NETFILE_SEARCH_MAX);
}

/* resolver: [ADDRESS or HOST, ...] */
static int read_resolver(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	struct netfile_host *h = object;
	int result = netfile_list(r, key->name, value, 1, NETFILE_RESOLVERS_MAX);

	for (size_t i = 0; result == 0 && i < netfile_list_length(value); i++) {
		const yaml_node_t *node = netfile_list_at(r, value, i);
		struct netfile_resolver *out = &h->resolvers[h->nresolvers];
		const char *text = netfile_scalar(r, key->name, node);
		int host;

		if (!text)
			return -EINVAL;
		if (ip_addr_parse(text, &out->addr) < 0) {
			host = netfile_read_host(r, key->name, node);
			if (host < 0)
				return host;
			out->addr = (struct ip_addr){ .family = IP_NONE };
			out->host = (uint32_t)host;
		} else if (ip_addr_is_any(&out->addr) ||
			ip_addr_is_multicast(&out->addr)) {
			return netfile_fail(r, node, "%s: %s is not an address of a "
				"server", key->name, netfile_quote(text).text);
		}
		h->nresolvers++;
	}
	return result;
}

/* --- sysctl ---------------------------------------------------------------------- */

struct rule {
	const char *name;
	size_t offset; /* of its first uint32_t in struct netfile_sysctl */
	unsigned n;    /* numbers: 1, 2 for a range; 0: a congestion control */
	uint32_t least, most;
};

#define RULE(name_, field_, n_, least_, most_) \
	{ name_, offsetof(struct netfile_sysctl, field_), n_, least_, most_ }

static const struct rule rules[] = {
	RULE("net.core.rmem_default", rmem_default, 1, 2304, NETFILE_BUFFER_MAX),
	RULE("net.core.rmem_max", rmem_max, 1, 2304, NETFILE_BUFFER_MAX),
	RULE("net.core.wmem_default", wmem_default, 1, 4608, NETFILE_BUFFER_MAX),
	RULE("net.core.wmem_max", wmem_max, 1, 4608, NETFILE_BUFFER_MAX),
	RULE("net.ipv4.ip_local_port_range", port_range, 2, 1, 65535),
	RULE("net.ipv4.ip_unprivileged_port_start", unprivileged_port_start, 1, 0,
		65535),
	RULE("net.ipv4.tcp_base_mss", tcp_base_mss, 1, 48, 65535),
	RULE("net.ipv4.tcp_congestion_control", tcp_congestion, 0, 0, 0),
	RULE("net.ipv4.tcp_fastopen", tcp_fastopen, 1, 0, 0x7fffffff),
	RULE("net.ipv4.tcp_fin_timeout", tcp_fin_timeout, 1, 1, 120),
	RULE("net.ipv4.tcp_keepalive_intvl", tcp_keepalive_intvl, 1, 1, 32767),
	RULE("net.ipv4.tcp_keepalive_probes", tcp_keepalive_probes, 1, 1, 127),
	RULE("net.ipv4.tcp_keepalive_time", tcp_keepalive_time, 1, 1, 32767),
	RULE("net.ipv4.tcp_mtu_probing", tcp_mtu_probing, 1, 0, 2),
	RULE("net.ipv4.tcp_syn_retries", tcp_syn_retries, 1, 1, 127),
};

#define N_RULES (sizeof(rules) / sizeof(rules[0]))

static int fail_rule(struct netfile_reader *r, const yaml_node_t *at,
	const char *name)
{
	char allowed[560] = "";
	size_t used = 0;

	for (size_t k = 0; k < N_RULES && used < sizeof(allowed); k++)
		used += (size_t)snprintf(allowed + used, sizeof(allowed) - used,
			"%s%s", k ? ", " : "", rules[k].name + sizeof("net.") - 1);
	return netfile_fail(r, at, "sysctl: there is no rule %s; net. and: %s",
		netfile_quote(name).text, allowed);
}

/* One number at *text, which moves behind it and the blanks that follow. */
static int take_number(const char **text, uint32_t *out)
{
	uint64_t v = 0;
	const char *p = *text;

	if (*p < '0' || *p > '9')
		return -EINVAL;
	for (; *p >= '0' && *p <= '9'; p++) {
		v = v * 10 + (uint64_t)(*p - '0');
		if (v > UINT32_MAX)
			return -ERANGE;
	}
	while (*p == ' ' || *p == '\t')
		p++;
	*text = p;
	*out = (uint32_t)v;
	return 0;
}

static int read_congestion(struct netfile_reader *r, const struct rule *rule,
	const yaml_node_t *value, uint32_t *out)
{
	const char *text = netfile_scalar(r, rule->name, value), *name;

	if (!text)
		return -EINVAL;
	for (unsigned k = 0; (name = sock_congestion_name(k)); k++) {
		if (strcmp(name, text) != 0)
			continue;
		*out = k;
		return 0;
	}
	return netfile_fail(r, value, "%s: there is no %s; allowed: cubic, reno, bbr",
		rule->name, netfile_quote(text).text);
}

static int read_rule(struct netfile_reader *r, const struct rule *rule,
	const yaml_node_t *value, struct netfile_sysctl *out)
{
	const char *text = netfile_scalar(r, rule->name, value), *p = text;
	uint32_t v[2] = { 0, 0 };
	int result = 0;

	if (!text)
		return -EINVAL;
	for (unsigned k = 0; k < rule->n && result == 0; k++) {
		result = take_number(&p, &v[k]);
		if (result == 0 && (v[k] < rule->least || v[k] > rule->most))
			result = -ERANGE;
	}
	if (result == -EINVAL || (result == 0 && *p))
		return netfile_fail(r, value, "%s: %s is not %s", rule->name,
			netfile_quote(text).text, rule->n == 2 ?
			"two numbers, as in 32768 60999" : "a whole number");
	if (result == 0 && rule->n == 2 && v[0] > v[1])
		return netfile_fail(r, value, "%s: the range ends before it begins",
			rule->name);
	if (result < 0)
		return netfile_fail(r, value, "%s: %s is out of range; allowed: %u "
			"to %u", rule->name, netfile_quote(text).text, rule->least,
			rule->most);
	memcpy((char *)out + rule->offset, v, rule->n * sizeof(v[0]));
	return 0;
}

/* sysctl: { NAME: VALUE, ... } */
static int read_sysctl(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	struct netfile_host *h = object;
	int result = netfile_map(r, key->name, value);

	for (size_t i = 0; result == 0 && i < netfile_map_length(value); i++) {
		const yaml_node_t *name, *number;
		const char *text;
		size_t k = 0;

		netfile_map_at(r, value, i, &name, &number);
		text = netfile_scalar(r, key->name, name);
		while (k < N_RULES && strcmp(rules[k].name, text) != 0)
			k++;
		if (k == N_RULES)
			return fail_rule(r, name, text);
		if (rules[k].n)
			result = read_rule(r, &rules[k], number, &h->sysctl);
		else
			result = read_congestion(r, &rules[k], number,
				&h->sysctl.tcp_congestion);
	}
	return result;
}

/* --- all of them -------------------------------------------------------------------- */

static const struct netfile_form loopback_form = { "a way", "shared or packets",
	"shared, packets", netfile_parse_loopback };

static const struct netfile_form raw_form = { "who may", "root or all",
	"root, all", netfile_parse_raw };

static const struct netfile_key host_keys[] = {
	{ "aliases", read_aliases, 0, NULL },
	{ "loopback", netfile_read_value,
		offsetof(struct netfile_host, loopback_packets), &loopback_form },
	{ "raw", netfile_read_value, offsetof(struct netfile_host, raw_for_all),
		&raw_form },
	{ "resolver", read_resolver, 0, NULL },
	{ "search", read_search, 0, NULL },
	{ "sysctl", read_sysctl, 0, NULL },
	{ NULL, NULL, 0, NULL },
};

int netfile_read_hosts(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	static const struct netfile_key name = { "host", NULL, 0, NULL };
	const yaml_node_t *host, *body;
	struct netfile *n = object;
	int result = netfile_map(r, key->name, value);
	size_t count;

	if (result < 0)
		return result;
	count = netfile_map_length(value);
	if (count < 1 || count > NETFILE_HOSTS_MAX)
		return netfile_fail(r, value, "hosts has %zu entries; allowed: 1 to "
			"%d", count, NETFILE_HOSTS_MAX);
	n->hosts = calloc(count, sizeof(*n->hosts));
	if (!n->hosts)
		return netfile_fail_memory(r);
	for (size_t i = 0; i < count && result == 0; i++) {
		netfile_map_at(r, value, i, &host, &body);
		netfile_host_init(&n->hosts[i]);
		result = netfile_read_name(r, &name, host, &n->hosts[i]);
		n->nhosts++;
	}
	for (size_t i = 0; i < count && result == 0; i++) {
		netfile_map_at(r, value, i, &host, &body);
		if (!netfile_is_null(body))
			result = netfile_read_map(r, "a host", body, host_keys,
				&n->hosts[i]);
	}
	return result;
}
