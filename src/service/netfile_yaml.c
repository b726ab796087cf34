/* Reading YAML nodes with every mistake in its place.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "netfile_yaml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int netfile_fail(struct netfile_reader *r, const yaml_node_t *at,
	const char *fmt, ...)
{
	va_list ap;

	r->err->line = at ? (unsigned)at->start_mark.line + 1 : 0;
	r->err->column = at ? (unsigned)at->start_mark.column + 1 : 0;
	va_start(ap, fmt);
	vsnprintf(r->err->text, sizeof(r->err->text), fmt, ap);
	va_end(ap);
	return -EINVAL;
}

int netfile_fail_memory(struct netfile_reader *r)
{
	netfile_fail(r, NULL, "out of memory");
	return -ENOMEM;
}

struct netfile_quote netfile_quote(const char *text)
{
	struct netfile_quote q;
	size_t n = 0;

	q.text[n++] = '\'';
	for (; *text && n < sizeof(q.text) - 5; text++) {
		bool control = (unsigned char)*text < 0x20 || *text == 0x7f;

		q.text[n++] = control ? '?' : *text;
	}
	/* Not half a character of UTF-8 before the dots. */
	while (*text && n > 1 && ((unsigned char)*text & 0xc0) == 0x80) {
		text--;
		n--;
	}
	snprintf(q.text + n, sizeof(q.text) - n, "%s'", *text ? "..." : "");
	return q;
}

static const char *node_kind(const yaml_node_t *node)
{
	switch (node->type) {
	case YAML_SCALAR_NODE:
		return "a single value";
	case YAML_SEQUENCE_NODE:
		return "a list";
	case YAML_MAPPING_NODE:
		return "a map";
	default:
		return "nothing";
	}
}

/* Tags would change what a value is; nothing here needs one. */
static int check_tag(struct netfile_reader *r, const yaml_node_t *node)
{
	const char *plain = YAML_DEFAULT_SCALAR_TAG;

	if (node->type == YAML_SEQUENCE_NODE)
		plain = YAML_DEFAULT_SEQUENCE_TAG;
	else if (node->type == YAML_MAPPING_NODE)
		plain = YAML_DEFAULT_MAPPING_TAG;
	if (node->tag && strcmp((const char *)node->tag, plain) != 0)
		return netfile_fail(r, node, "tags are not supported; leave out %s",
			netfile_quote((const char *)node->tag).text);
	return 0;
}

const char *netfile_scalar(struct netfile_reader *r, const char *what,
	const yaml_node_t *node)
{
	const char *text;

	if (node->type != YAML_SCALAR_NODE) {
		netfile_fail(r, node, "%s must be a single value, not %s", what,
			node_kind(node));
		return NULL;
	}
	if (check_tag(r, node) < 0)
		return NULL;
	text = (const char *)node->data.scalar.value;
	if (strlen(text) != node->data.scalar.length) {
		netfile_fail(r, node, "%s contains a zero byte", what);
		return NULL;
	}
	if (!*text) {
		netfile_fail(r, node, "%s is empty", what);
		return NULL;
	}
	return text;
}

bool netfile_is_null(const yaml_node_t *node)
{
	const char *text;

	if (node->type != YAML_SCALAR_NODE ||
		node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	text = (const char *)node->data.scalar.value;
	return !*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

size_t netfile_list_length(const yaml_node_t *node)
{
	return (size_t)(node->data.sequence.items.top -
		node->data.sequence.items.start);
}

const yaml_node_t *netfile_list_at(struct netfile_reader *r,
	const yaml_node_t *node, size_t i)
{
	return yaml_document_get_node(&r->doc,
		node->data.sequence.items.start[i]);
}

int netfile_list(struct netfile_reader *r, const char *what,
	const yaml_node_t *node, size_t least, size_t most)
{
	size_t n;

	if (node->type != YAML_SEQUENCE_NODE)
		return netfile_fail(r, node, "%s must be a list, not %s", what,
			node_kind(node));
	if (check_tag(r, node) < 0)
		return -EINVAL;
	n = netfile_list_length(node);
	if (n >= least && n <= most)
		return 0;
	if (least == most)
		return netfile_fail(r, node, "%s has %zu entries; wanted: %zu", what,
			n, least);
	return netfile_fail(r, node, "%s has %zu entries; allowed: %zu to %zu",
		what, n, least, most);
}

size_t netfile_map_length(const yaml_node_t *node)
{
	return (size_t)(node->data.mapping.pairs.top -
		node->data.mapping.pairs.start);
}

void netfile_map_at(struct netfile_reader *r, const yaml_node_t *node, size_t i,
	const yaml_node_t **key, const yaml_node_t **value)
{
	const yaml_node_pair_t *p = &node->data.mapping.pairs.start[i];

	*key = yaml_document_get_node(&r->doc, p->key);
	*value = yaml_document_get_node(&r->doc, p->value);
}

static const char *key_text(const yaml_node_t *key)
{
	return (const char *)key->data.scalar.value;
}

/* The keys before number `end` are known to be text. */
static const yaml_node_t *map_find_before(struct netfile_reader *r,
	const yaml_node_t *node, const char *name, size_t end,
	const yaml_node_t **found_key)
{
	for (size_t i = 0; i < end; i++) {
		const yaml_node_t *key, *value;

		netfile_map_at(r, node, i, &key, &value);
		if (strcmp(key_text(key), name) == 0) {
			*found_key = key;
			return value;
		}
	}
	return NULL;
}

/* More keys than any map here may have, so that looking for double ones stays
 * cheap. */
#define MAP_KEYS_MAX (NETFILE_HOSTS_MAX * 2)

int netfile_map(struct netfile_reader *r, const char *what,
	const yaml_node_t *node)
{
	size_t n;

	if (node->type != YAML_MAPPING_NODE)
		return netfile_fail(r, node, "%s must be a map, not %s", what,
			node_kind(node));
	if (check_tag(r, node) < 0)
		return -EINVAL;
	n = netfile_map_length(node);
	if (n > MAP_KEYS_MAX)
		return netfile_fail(r, node, "%s has %zu keys; at most %d are "
			"allowed anywhere", what, n, MAP_KEYS_MAX);
	for (size_t i = 0; i < n; i++) {
		const yaml_node_t *key, *value, *before;

		netfile_map_at(r, node, i, &key, &value);
		if (!netfile_scalar(r, "a key", key))
			return -EINVAL;
		if (map_find_before(r, node, key_text(key), i, &before))
			return netfile_fail(r, key, "%s is given twice in %s; first "
				"in line %zu", netfile_quote(key_text(key)).text,
				what, before->start_mark.line + 1);
	}
	return 0;
}

const yaml_node_t *netfile_map_find(struct netfile_reader *r,
	const yaml_node_t *node, const char *key)
{
	const yaml_node_t *found;

	return map_find_before(r, node, key, netfile_map_length(node), &found);
}

static int fail_unknown(struct netfile_reader *r, const char *what,
	const yaml_node_t *key, const struct netfile_key *keys)
{
	char allowed[200] = "none";
	size_t used = 0;

	for (; keys->name && used < sizeof(allowed); keys++)
		used += (size_t)snprintf(allowed + used, sizeof(allowed) - used,
			"%s%s", used ? ", " : "", keys->name);
	return netfile_fail(r, key, "unknown key %s in %s; allowed: %s",
		netfile_quote(key_text(key)).text, what, allowed);
}

int netfile_check_map(struct netfile_reader *r, const char *what,
	const yaml_node_t *node, const struct netfile_key *keys)
{
	int result = netfile_map(r, what, node);

	for (size_t i = 0; result == 0 && i < netfile_map_length(node); i++) {
		const struct netfile_key *k = keys;
		const yaml_node_t *key, *value;

		netfile_map_at(r, node, i, &key, &value);
		while (k->name && strcmp(k->name, key_text(key)) != 0)
			k++;
		if (!k->name)
			result = fail_unknown(r, what, key, keys);
	}
	return result;
}

int netfile_read_map(struct netfile_reader *r, const char *what,
	const yaml_node_t *node, const struct netfile_key *keys, void *object)
{
	int result = netfile_check_map(r, what, node, keys);

	for (; result == 0 && keys->name; keys++) {
		const yaml_node_t *value = netfile_map_find(r, node, keys->name);

		if (value)
			result = keys->read(r, keys, value, object);
	}
	return result;
}

int netfile_read_value(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	const char *text = netfile_scalar(r, key->name, value);
	const struct netfile_form *f = key->form;
	int result;

	if (!text)
		return -EINVAL;
	result = f->parse(text, (char *)object + key->offset);
	if (result == -ERANGE)
		return netfile_fail(r, value, "%s: %s is out of range; allowed: %s",
			key->name, netfile_quote(text).text, f->range);
	if (result < 0)
		return netfile_fail(r, value, "%s: %s is not %s; write %s",
			key->name, netfile_quote(text).text, f->noun, f->how);
	return 0;
}
