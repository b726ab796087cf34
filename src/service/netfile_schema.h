/* Inside the network file's reader: what its files know of each other.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef NETFILE_SCHEMA_H
#define NETFILE_SCHEMA_H

#include "netfile_yaml.h"

/* Read function of the key `hosts`. */
int netfile_read_hosts(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object);
/* Read function of the key `links`; the hosts have been read. */
int netfile_read_links(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object);
/* Read function: a name of the allowed form into the field at key->offset. */
int netfile_read_name(struct netfile_reader *r, const struct netfile_key *key,
	const yaml_node_t *value, void *object);
/* The index of a host named by this node, or -EINVAL, reported. */
int netfile_read_host(struct netfile_reader *r, const char *what,
	const yaml_node_t *node);
/* Remember an address that was given here. 0 or -ENOMEM, reported. */
int netfile_see_address(struct netfile_reader *r, const yaml_node_t *at,
	const struct ip_addr *addr);

#endif
