/* The files of a host; see etc.h.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "etc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

#define NSSWITCH "/etc/nsswitch.conf"

static void put_names(FILE *f, const struct host *h)
{
	fputs(h->name, f);
	for (uint32_t k = 0; k < h->conf.naliases; k++)
		fprintf(f, " %s", h->conf.aliases[k].text);
	fputc('\n', f);
}

static void put_host(FILE *f, const struct host *h)
{
	char text[IPADDR_TEXT_MAX];

	for (unsigned i = 0; i < h->n_addrs; i++) {
		fprintf(f, "%s\t", ip_addr_format(&h->addrs[i].addr, text));
		put_names(f, h);
	}
}

/* The default network keeps the machine's name, so it must be found, too. */
static void put_machine(FILE *f, const struct host *h)
{
	char name[256];

	if (!h->svc->is_default || gethostname(name, sizeof(name)) < 0)
		return;
	name[sizeof(name) - 1] = 0;
	if (name[0] && strcmp(name, "localhost") != 0)
		fprintf(f, "127.0.1.1\t%s\n", name);
}

static void write_hosts(FILE *f, const struct host *h)
{
	fputs("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
		"ff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n", f);
	put_machine(f, h);
	put_host(f, h);
	if (!h->n_addrs) { /* as Debian does for a machine without a fixed one */
		fputs("127.0.1.1\t", f);
		put_names(f, h);
	}
	for (unsigned i = 0; i < h->svc->n_hosts; i++) {
		if (h->svc->hosts[i] != h)
			put_host(f, h->svc->hosts[i]);
	}
}

static bool is_neighbour(const struct host *h, const struct ip_addr *a)
{
	for (unsigned i = 0; i < h->n_addrs; i++) {
		if (h->addrs[i].addr.family == a->family &&
			ip_prefix_contains(&h->addrs[i], a))
			return true;
	}
	return false;
}

/* The address under which h best reaches the host; NULL it has none. */
static const struct ip_addr *address_of(const struct host *h,
	const struct host *other)
{
	for (unsigned i = 0; i < other->n_addrs; i++) {
		if (is_neighbour(h, &other->addrs[i].addr))
			return &other->addrs[i].addr;
	}
	return other->n_addrs ? &other->addrs[0].addr : NULL;
}

static void write_resolv(FILE *f, const struct host *h)
{
	const struct netfile_host *c = &h->conf;
	char text[IPADDR_TEXT_MAX];

	for (uint32_t k = 0; k < c->nresolvers; k++) {
		const struct ip_addr *a = &c->resolvers[k].addr;

		if (a->family == IP_NONE)
			a = address_of(h, h->svc->hosts[c->resolvers[k].host]);
		if (a)
			fprintf(f, "nameserver %s\n", ip_addr_format(a, text));
	}
	if (c->nsearch) {
		fputs("search", f);
		for (uint32_t k = 0; k < c->nsearch; k++)
			fprintf(f, " %s", c->search[k].text);
		fputc('\n', f);
	}
}

/* Does the line say where hosts' names are looked for? */
static bool is_about_hosts(const char *line)
{
	line += strspn(line, " \t");
	return strncmp(line, "hosts", 5) == 0 && line[5 + strspn(line + 5, " \t")] == ':';
}

static void write_nsswitch(FILE *f, const struct host *h)
{
	FILE *in = fopen(NSSWITCH, "re");
	char *line = NULL;
	size_t room = 0;

	(void)h;
	fputs("hosts:\t\tfiles dns\n", f);
	if (!in)
		return;
	while (getline(&line, &room, in) > 0) {
		if (!is_about_hosts(line))
			fputs(line, f);
	}
	free(line);
	fclose(in);
}

static void write_hostname(FILE *f, const struct host *h)
{
	fprintf(f, "%s\n", h->name);
}

static const struct {
	const char *name;
	void (*write)(FILE *f, const struct host *h);
} files[] = {
	{ "hosts", write_hosts },
	{ "resolv.conf", write_resolv },
	{ "nsswitch.conf", write_nsswitch },
	{ "hostname", write_hostname },
};

#define N_FILES (sizeof(files) / sizeof(files[0]))

static bool path_of(const struct host *h, const char *name, char *out, size_t size)
{
	int n = snprintf(out, size, "%s%s", h->etc_path, name);

	return n > 0 && (size_t)n < size;
}

static int write_one(const struct host *h, unsigned k)
{
	char path[SHM_PATH_MAX];
	bool failed;
	FILE *f;

	if (!path_of(h, files[k].name, path, sizeof(path)))
		return -ENAMETOOLONG;
	unlink(path);
	f = fopen(path, "wxe");
	if (!f)
		return -errno;
	files[k].write(f, h);
	failed = ferror(f);
	return fclose(f) || failed ? -EIO : 0;
}

int etc_write(struct host *h)
{
	int err = 0;

	for (unsigned k = 0; k < N_FILES && !err; k++) {
		/* The default network's host goes by the machine's name. */
		if (files[k].write == write_hostname && h->svc->is_default)
			continue;
		err = write_one(h, k);
	}
	return err;
}

void etc_remove(struct host *h)
{
	char path[SHM_PATH_MAX];

	if (!h->etc_path[0])
		return;
	for (unsigned k = 0; k < N_FILES; k++) {
		if (path_of(h, files[k].name, path, sizeof(path)))
			unlink(path);
	}
}
