/* Network files: YAML that names hosts, the links between them, addresses and
 * impairments (docs/network-file.md is the reference for those who write them).
 *
 * Reading one gives a plain tree in which nothing is left open: every link has
 * a name, every end an address, every value is within its range. The first
 * mistake ends the reading and is reported with its line and column, what is
 * wrong and what is allowed.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef NETFILE_H
#define NETFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "link/link.h"

#define NETFILE_BYTES_MAX 262144 /* of a file */
#define NETFILE_NAME_MAX 32	 /* bytes of a name, without zero */
#define NETFILE_HOSTS_MAX 256
#define NETFILE_LINKS_MAX 256  /* link N has 10.N.0.0/24 */
#define NETFILE_SWITCH_MAX 254 /* hosts on a switch: 10.N.0.1 to .254 */
#define NETFILE_ADDRS_MAX 8    /* of one host on one link */
#define NETFILE_DEVICE_MAX 15  /* bytes of a device's name (IFNAMSIZ - 1) */
#define NETFILE_DOMAIN_MAX 253 /* bytes; RFC 1035 2.3.4, without the last dot */
#define NETFILE_ALIASES_MAX 16
#define NETFILE_RESOLVERS_MAX 3 /* glibc's MAXNS */
#define NETFILE_SEARCH_MAX 6	/* what every resolver takes */
#define NETFILE_BUFFER_MAX (8u << 20) /* bytes; the largest ring */
#define NETFILE_MTU_MIN 1280   /* bytes; RFC 8200 section 5 */
#define NETFILE_MTU_MAX 65535
#define NETFILE_MTU_DEFAULT 1500
#define NETFILE_ERROR_MAX 320 /* bytes of a message, with zero */

struct netfile_domain {
	char text[NETFILE_DOMAIN_MAX + 1];
};

/* A DNS server: an address, or (family IP_NONE) a host of this network. */
struct netfile_resolver {
	struct ip_addr addr;
	uint32_t host; /* index in hosts */
};

/* Rules of a host, by Linux's names and in its units. */
struct netfile_sysctl {
	uint32_t rmem_default, rmem_max, wmem_default, wmem_max; /* bytes */
	uint32_t port_range[2];	/* ephemeral ports, first and last */
	uint32_t unprivileged_port_start;
	uint32_t tcp_fin_timeout, tcp_keepalive_intvl, tcp_keepalive_time; /* s */
	uint32_t tcp_keepalive_probes, tcp_syn_retries;
	uint32_t tcp_fastopen; /* bits, sock/fastopen.h */
	uint32_t tcp_congestion; /* number, sock/congestion.h */
	uint32_t tcp_mtu_probing, tcp_base_mss;
};

struct netfile_host {
	char name[NETFILE_NAME_MAX + 1];
	bool loopback_packets; /* its own connections cross the stack */
	bool raw_for_all; /* SOCK_RAW without being root */
	struct netfile_domain aliases[NETFILE_ALIASES_MAX];
	uint32_t naliases;
	struct netfile_resolver resolvers[NETFILE_RESOLVERS_MAX];
	uint32_t nresolvers;
	struct netfile_domain search[NETFILE_SEARCH_MAX];
	uint32_t nsearch;
	struct netfile_sysctl sysctl;
};

/* A host's interface on a link. */
struct netfile_end {
	uint32_t host; /* index in hosts */
	uint32_t naddrs;
	struct ip_prefix addrs[NETFILE_ADDRS_MAX]; /* host bits kept */
};

enum netfile_link_kind {
	NETFILE_PAIR,	/* between: two ends */
	NETFILE_SWITCH, /* two ends or more */
	NETFILE_TAP,	/* one end, the kernel is the other */
	NETFILE_PACKET, /* one end, an interface of the machine is the other */
};

struct netfile_link {
	char name[NETFILE_NAME_MAX + 1];
	enum netfile_link_kind kind;
	struct link_impair impair;
	uint32_t mtu;
	char *capture; /* path, relative ones joined to the file's folder; or NULL */
	struct netfile_end *ends;
	uint32_t nends;
	/* Of a tap or packet. */
	char device[NETFILE_DEVICE_MAX + 1]; /* tap: "": the kernel chooses */
	struct ip_addr gateway;	 /* family IP_NONE: none */
	struct ip_addr gateway6;
};

struct netfile {
	char name[NETFILE_NAME_MAX + 1];
	bool has_seed; /* else the service chooses one, and says which */
	uint64_t seed;
	struct netfile_host *hosts;
	uint32_t nhosts; /* at least 1 */
	struct netfile_link *links;
	uint32_t nlinks;
};

struct netfile_error {
	unsigned line;	 /* from 1; 0: the file as a whole */
	unsigned column; /* from 1 */
	char text[NETFILE_ERROR_MAX];
};

/* Read the file at path. 0: *out is owned by the caller (netfile_free).
 * Otherwise *out is empty and *err says why: -EINVAL a mistake in it, -EFBIG,
 * -ENOMEM, or what open and read gave. */
int netfile_read(const char *path, struct netfile *out,
	struct netfile_error *err);
/* The same for a text in memory. path gives the default name and the folder of
 * captures; it is not opened. */
int netfile_parse(const char *text, size_t len, const char *path,
	struct netfile *out, struct netfile_error *err);
/* A host of which the file says nothing: no name yet, Linux's defaults. */
void netfile_host_init(struct netfile_host *h);
/* Also good for one that is empty (all zero). */
void netfile_free(struct netfile *n);

/* "PATH:LINE:COLUMN: TEXT" for printing; returns buf. */
const char *netfile_error_format(const struct netfile_error *err,
	const char *path, char *buf, size_t size);

/* The values' forms, shared with the commands that change a running link:
 * 0, -EINVAL for another form, -ERANGE. Whole text or nothing. */
int netfile_parse_duration(const char *text, void *duration); /* struct duration */
int netfile_parse_percent(const char *text, void *probability); /* double */
int netfile_parse_burst(const char *text, void *frames);	/* double */
int netfile_parse_rate(const char *text, void *bits);		/* uint64_t */
int netfile_parse_queue(const char *text, void *frames);	/* uint32_t */
int netfile_parse_mtu(const char *text, void *bytes);		/* uint32_t */
int netfile_parse_seed(const char *text, void *seed);		/* uint64_t */
int netfile_parse_loopback(const char *text, void *packets);	/* bool */
int netfile_parse_raw(const char *text, void *for_all);	/* bool */
/* [a-z0-9][a-z0-9_-]{0,31} */
bool netfile_is_name(const char *text);

#endif
