/* Between libyaml and the schema: nodes with their place in the file, maps read
 * by a table of their keys, and the one way in which a mistake is reported.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef NETFILE_YAML_H
#define NETFILE_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

#include "netfile.h"

/* An address with its place in the file, to find those given twice. */
struct netfile_seen {
	struct ip_addr addr;
	unsigned line;
	unsigned column;
	unsigned order; /* of reading */
};

struct netfile_reader {
	yaml_document_t doc;
	struct netfile *out;
	struct netfile_error *err;
	const char *path;
	struct netfile_seen *seen;
	unsigned nseen;
	unsigned seen_room;
};

struct netfile_key {
	const char *name;
	int (*read)(struct netfile_reader *r, const struct netfile_key *key,
		const yaml_node_t *value, void *object);
	size_t offset; /* of the field in object, for read functions that ask */
	const struct netfile_form *form; /* of netfile_read_value */
};

/* How a value is written, for its message. */
struct netfile_form {
	const char *noun;  /* "a time" */
	const char *how;   /* "a number and ns, us, ms or s, as in 10ms" */
	const char *range; /* "0s to 3600s" */
	int (*parse)(const char *text, void *field);
};

/* Report a mistake at this node (NULL: of the whole file); returns -EINVAL. */
int netfile_fail(struct netfile_reader *r, const yaml_node_t *at,
	const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* -ENOMEM with a message. */
int netfile_fail_memory(struct netfile_reader *r);

/* A user's text made fit for a message: no control characters, not too long. */
struct netfile_quote {
	char text[48];
};
struct netfile_quote netfile_quote(const char *text);

/* The text of a scalar, NULL after reporting that it is none. */
const char *netfile_scalar(struct netfile_reader *r, const char *what,
	const yaml_node_t *node);
bool netfile_is_null(const yaml_node_t *node);
/* 0, or -EINVAL when node is not a list of [least, most] entries. */
int netfile_list(struct netfile_reader *r, const char *what,
	const yaml_node_t *node, size_t least, size_t most);
size_t netfile_list_length(const yaml_node_t *node);
const yaml_node_t *netfile_list_at(struct netfile_reader *r,
	const yaml_node_t *node, size_t i);

/* A map with free keys: 0, or -EINVAL when it is no map, or has a key that is
 * no text, or the same twice. */
int netfile_map(struct netfile_reader *r, const char *what,
	const yaml_node_t *node);
size_t netfile_map_length(const yaml_node_t *node);
void netfile_map_at(struct netfile_reader *r, const yaml_node_t *node, size_t i,
	const yaml_node_t **key, const yaml_node_t **value);

/* A map whose keys are all in the table (which ends with a NULL name)? */
int netfile_check_map(struct netfile_reader *r, const char *what,
	const yaml_node_t *node, const struct netfile_key *keys);
/* The same, and reads them in the table's order, so that a key can rely on those before it. */
int netfile_read_map(struct netfile_reader *r, const char *what,
	const yaml_node_t *node, const struct netfile_key *keys, void *object);
/* The value of a key, NULL when it is not there. */
const yaml_node_t *netfile_map_find(struct netfile_reader *r,
	const yaml_node_t *node, const char *key);
/* A read function: the value by key->form into the field at key->offset. */
int netfile_read_value(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object);

#endif
