/* The network file as a whole.
 *
 *   text --libyaml--> document (nodes with marks) --tables of keys--> netfile
 *
 * Each map is read by a table of its keys (netfile_yaml.h), in the table's
 * order: hosts before links, what a link joins before its addresses. A read
 * function checks one value and stores it; the first that fails ends all.
 * Limits hold before memory is taken, so that a hostile file costs no more
 * than its size.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "netfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "netfile_schema.h"

#define NAME_RULE "a name has 1 to 32 of a-z, 0-9, _ and -, and begins with a " \
	"letter or digit"

int netfile_read_name(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	const char *text = netfile_scalar(r, key->name, value);

	if (!text)
		return -EINVAL;
	if (!netfile_is_name(text))
		return netfile_fail(r, value, "%s: %s is not a name; " NAME_RULE,
			key->name, netfile_quote(text).text);
	strcpy((char *)object + key->offset, text);
	return 0;
}

int netfile_read_host(struct netfile_reader *r, const char *what,
	const yaml_node_t *node)
{
	const char *text = netfile_scalar(r, what, node);
	char known[120] = "";
	size_t used = 0;

	if (!text)
		return -EINVAL;
	for (uint32_t i = 0; i < r->out->nhosts; i++)
		if (strcmp(r->out->hosts[i].name, text) == 0)
			return (int)i;
	for (uint32_t i = 0; i < r->out->nhosts && used < sizeof(known); i++)
		used += (size_t)snprintf(known + used, sizeof(known) - used,
			"%s%s", i ? ", " : "", r->out->hosts[i].name);
	if (used >= sizeof(known))
		strcpy(known + sizeof(known) - 4, "...");
	return netfile_fail(r, node, "%s: there is no host %s; the hosts are: %s",
		what, netfile_quote(text).text, known);
}

int netfile_see_address(struct netfile_reader *r, const yaml_node_t *at,
	const struct ip_addr *addr)
{
	if (r->nseen == r->seen_room) {
		unsigned room = r->seen_room ? r->seen_room * 2 : 64;
		struct netfile_seen *seen;

		seen = realloc(r->seen, room * sizeof(*seen));
		if (!seen)
			return netfile_fail_memory(r);
		r->seen = seen;
		r->seen_room = room;
	}
	r->seen[r->nseen] = (struct netfile_seen){ *addr,
		(unsigned)at->start_mark.line + 1,
		(unsigned)at->start_mark.column + 1, r->nseen };
	r->nseen++;
	return 0;
}

static int compare_seen(const void *a, const void *b)
{
	const struct netfile_seen *x = a, *y = b;
	int order = memcmp(x->addr.b, y->addr.b, sizeof(x->addr.b));

	if (x->addr.family != y->addr.family)
		return x->addr.family < y->addr.family ? -1 : 1;
	if (order)
		return order;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Link-local addresses are unique on their link only (RFC 4291 2.5.6); all
 * others must be so in the network. */
static int check_addresses(struct netfile_reader *r)
{
	const struct netfile_seen *worst = NULL, *first = NULL;
	char text[IPADDR_TEXT_MAX];

	if (!r->nseen)
		return 0;
	qsort(r->seen, r->nseen, sizeof(*r->seen), compare_seen);
	for (unsigned i = 1; i < r->nseen; i++) {
		const struct netfile_seen *s = &r->seen[i];

		if (!ip_addr_equal(&s->addr, &s[-1].addr) ||
			ip_addr_is_linklocal(&s->addr))
			continue;
		if (!worst || s->order < worst->order) {
			worst = s;
			first = s - 1;
		}
	}
	if (!worst)
		return 0;
	netfile_fail(r, NULL, "address %s is given twice, first in line %u (hosts "
		"without addresses are given them automatically)",
		ip_addr_format(&worst->addr, text), first->line);
	r->err->line = worst->line;
	r->err->column = worst->column;
	return -EINVAL;
}

static const struct netfile_form seed_form = { "a seed", "a whole number",
	"0 to 18446744073709551615", netfile_parse_seed };

static int read_seed(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object)
{
	struct netfile *n = object;

	n->has_seed = true;
	return netfile_read_value(r, key, value, object);
}

static const struct netfile_key network_keys[] = {
	{ "network", netfile_read_name, offsetof(struct netfile, name), NULL },
	{ "seed", read_seed, offsetof(struct netfile, seed), &seed_form },
	{ "hosts", netfile_read_hosts, 0, NULL },
	{ "links", netfile_read_links, 0, NULL },
	{ NULL, NULL, 0, NULL },
};

static int read_root(struct netfile_reader *r)
{
	const yaml_node_t *root = yaml_document_get_root_node(&r->doc);
	int result;

	if (!root || netfile_is_null(root))
		return netfile_fail(r, NULL, "the file is empty; it needs at least "
			"hosts, as in \"hosts: {client: {}}\"");
	result = netfile_check_map(r, "a network file", root, network_keys);
	if (result == 0 && !netfile_map_find(r, root, "hosts"))
		result = netfile_fail(r, root, "hosts is missing: a network has at "
			"least one, as in \"hosts: {client: {}}\"");
	if (result == 0)
		result = netfile_read_map(r, "a network file", root, network_keys,
			r->out);
	return result < 0 ? result : check_addresses(r);
}

/* libyaml's own complaint, in our form. */
static int fail_syntax(struct netfile_reader *r, const yaml_parser_t *p,
	const char *text, size_t len)
{
	if (p->error == YAML_MEMORY_ERROR)
		return netfile_fail_memory(r);
	netfile_fail(r, NULL, "this is not YAML: %s%s%s",
		p->problem ? p->problem : "unknown mistake",
		p->context ? ", " : "", p->context ? p->context : "");
	r->err->line = (unsigned)p->problem_mark.line + 1;
	r->err->column = (unsigned)p->problem_mark.column + 1;
	if (p->error == YAML_READER_ERROR) { /* which gives an offset instead */
		r->err->line = r->err->column = 1;
		for (size_t i = 0; i < p->problem_offset && i < len; i++) {
			r->err->column++;
			if (text[i] == '\n') {
				r->err->line++;
				r->err->column = 1;
			}
		}
	}
	return -EINVAL;
}

static int read_one_document(struct netfile_reader *r, yaml_parser_t *p,
	const char *text, size_t len)
{
	const yaml_node_t *second;
	int result;

	if (!yaml_parser_load(p, &r->doc))
		return fail_syntax(r, p, text, len);
	result = read_root(r);
	yaml_document_delete(&r->doc);
	if (result < 0)
		return result;
	if (!yaml_parser_load(p, &r->doc))
		return fail_syntax(r, p, text, len);
	second = yaml_document_get_root_node(&r->doc);
	if (second)
		result = netfile_fail(r, second, "a second document begins here; "
			"a file describes one network");
	yaml_document_delete(&r->doc);
	return result;
}

/* The file's base name without its ending, made a name. */
static void default_name(const char *path, char out[NETFILE_NAME_MAX + 1])
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t n = strcspn(base, ".");

	if (n > NETFILE_NAME_MAX)
		n = NETFILE_NAME_MAX;
	for (size_t i = 0; i < n; i++) {
		char c = base[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		else if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			c == '_'))
			c = '-';
		out[i] = c;
	}
	out[n] = 0;
	if (!netfile_is_name(out))
		strcpy(out, "net");
}

int netfile_parse(const char *text, size_t len, const char *path,
	struct netfile *out, struct netfile_error *err)
{
	struct netfile_reader r = { .out = out, .err = err, .path = path };
	yaml_parser_t p;
	int result;

	*out = (struct netfile){ 0 };
	*err = (struct netfile_error){ 0 };
	if (len > NETFILE_BYTES_MAX) {
		netfile_fail(&r, NULL, "the file is larger than %d bytes",
			NETFILE_BYTES_MAX);
		return -EFBIG;
	}
	default_name(path, out->name);
	if (!yaml_parser_initialize(&p))
		return netfile_fail_memory(&r);
	yaml_parser_set_input_string(&p, (const unsigned char *)text, len);
	result = read_one_document(&r, &p, text, len);
	yaml_parser_delete(&p);
	free(r.seen);
	if (result < 0)
		netfile_free(out);
	return result;
}

/* The whole file into *text; its length or -errno. */
static ssize_t read_whole(const char *path, char **text)
{
	size_t used = 0, room = NETFILE_BYTES_MAX + 1;
	ssize_t n = 1;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return -errno;
	*text = malloc(room);
	if (!*text) {
		close(fd);
		return -ENOMEM;
	}
	while (n > 0 && used < room) {
		n = read(fd, *text + used, room - used);
		if (n > 0)
			used += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (n < 0)
		n = -errno;
	close(fd);
	return n < 0 ? n : (ssize_t)used;
}

int netfile_read(const char *path, struct netfile *out,
	struct netfile_error *err)
{
	char *text = NULL;
	ssize_t len = read_whole(path, &text);
	int result = (int)len;

	if (len < 0) {
		*out = (struct netfile){ 0 };
		*err = (struct netfile_error){ 0 };
		snprintf(err->text, sizeof(err->text), "cannot read it: %s",
			strerror((int)-len));
	} else {
		result = netfile_parse(text, (size_t)len, path, out, err);
	}
	free(text);
	return result;
}
