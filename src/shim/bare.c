/* Names where libc is not patched: its resolver would read the machine's files and
 * ask the machine's servers by the kernel's network. So names are looked for here:
 * numbers by libc (which needs no network for them), then the virtual host's file,
 * then its DNS servers (dns.c).
 *
 * Each address that is found goes through libc once more as a number: so the list
 * is of libc's making, with its rules for services, families and mapped addresses,
 * and its freeaddrinfo() frees it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "names.h"

#include "dns.h"

#define HOSTS_MAX 65536 /* bytes of the file that are looked at */
#define BLANK " \t\r"

typedef void name_fn(void *user, const char *address, const char *canonical,
	const char *name);

/* The file in memory; NULL none. Freed with free(). */
static char *read_hosts(void)
{
	const char *path = client_etc_file("/etc/hosts");
	char *text = path ? malloc(HOSTS_MAX + 1) : NULL;
	long fd = text ? sys_call4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC,
		0) : -1;
	long n = 0, got;

	if (fd < 0) {
		free(text);
		return NULL;
	}
	while (n < HOSTS_MAX) {
		got = sys_call3(SYS_read, fd, text + n, HOSTS_MAX - n);
		if (got <= 0)
			break;
		n += got;
	}
	sys_close((int)fd);
	text[n] = 0;
	return text;
}

/* The line cut into an address and its names; false: it has none. */
static bool cut_line(char *line, char **address, char **name, char **save)
{
	line[strcspn(line, "#")] = 0;
	*address = strtok_r(line, BLANK, save);
	*name = *address ? strtok_r(NULL, BLANK, save) : NULL;
	return *name != NULL;
}

static void each_name(name_fn *fn, void *user)
{
	char *text = read_hosts(), *lines, *line, *save, *address, *name, *canonical;

	for (line = text ? strtok_r(text, "\n", &lines) : NULL; line;
		line = strtok_r(NULL, "\n", &lines)) {
		if (!cut_line(line, &address, &name, &save))
			continue;
		canonical = name;
		for (; name; name = strtok_r(NULL, BLANK, &save))
			fn(user, address, canonical, name);
	}
	free(text);
}

/* --- forward -------------------------------------------------------------------- */

struct search {
	getaddrinfo_fn *next;
	const char *node, *service;
	struct addrinfo numeric; /* hints for what was found */
	int want;		 /* family of the addresses in this pass */
	struct addrinfo *list;
	char canonical[NI_MAXHOST];
};

static void append(struct addrinfo **list, struct addrinfo *more)
{
	while (*list)
		list = &(*list)->ai_next;
	*list = more;
}

static void found(struct search *s, const char *address, const char *canonical)
{
	struct addrinfo *some;

	if ((strchr(address, ':') ? AF_INET6 : AF_INET) != s->want ||
		s->next(address, s->service, &s->numeric, &some) != 0)
		return;
	append(&s->list, some);
	if (!s->canonical[0])
		strncpy(s->canonical, canonical, sizeof(s->canonical) - 1);
}

static void see_name(void *user, const char *address, const char *canonical,
	const char *name)
{
	struct search *s = user;

	if (strcasecmp(name, s->node) == 0)
		found(s, address, canonical);
}

/* One family after the other, IPv6 first as RFC 6724 has it for hosts with both. */
static void search_pass(struct search *s, int family, int flags)
{
	s->want = family;
	s->numeric.ai_flags = flags;
	each_name(see_name, s);
}

static void search_all(struct search *s, int family, int flags)
{
	int plain = flags & ~(AI_V4MAPPED | AI_ALL);

	if (family != AF_INET)
		search_pass(s, AF_INET6, plain);
	if (family != AF_INET6)
		search_pass(s, AF_INET, plain);
	else if ((flags & AI_V4MAPPED) && (!s->list || (flags & AI_ALL)))
		search_pass(s, AF_INET, flags);
}

static void name_first(struct search *s)
{
	char *name;

	if (!(s->numeric.ai_flags & AI_CANONNAME) || !s->list)
		return;
	name = strdup(s->canonical);
	for (struct addrinfo *p = s->list; p; p = p->ai_next) {
		free(p->ai_canonname);
		p->ai_canonname = NULL;
	}
	s->list->ai_canonname = name;
}

/* What DNS says, in the order of search_all(). Its answer's family is what each was
 * asked for: a mapped address is libc's to make. */
static int ask_servers(struct search *s, int family, int flags)
{
	int plain = flags & ~(AI_V4MAPPED | AI_ALL), err;
	bool mapped = family == AF_INET6 && (flags & AI_V4MAPPED);
	struct dns_answer *a = malloc(sizeof(*a));

	if (!a)
		return EAI_MEMORY;
	err = dns_forward(s->node, family, a);
	s->numeric.ai_flags = plain;
	for (int pass = 0; pass < 2; pass++) {
		s->want = pass == 0 ? AF_INET6 : AF_INET;
		for (unsigned k = 0; err == 0 && k < a->n; k++)
			found(s, a->addresses[k], a->canonical);
	}
	if (mapped && (!s->list || (flags & AI_ALL)) &&
		(err == 0 || err == EAI_NODATA || err == EAI_NONAME)) {
		err = dns_forward(s->node, AF_INET, a);
		s->numeric.ai_flags = flags;
		s->want = AF_INET;
		for (unsigned k = 0; err == 0 && k < a->n; k++)
			found(s, a->addresses[k], a->canonical);
	}
	free(a);
	return s->list ? 0 : err ? err : EAI_NODATA;
}

/* --- backward ------------------------------------------------------------------- */

struct back {
	const void *bytes; /* of the address looked for */
	int family;
	char *name;
	size_t size;
	bool found;
};

static void see_address(void *user, const char *address, const char *canonical,
	const char *name)
{
	struct back *b = user;
	uint8_t bytes[16];

	(void)name;
	if (b->found || inet_pton(b->family, address, bytes) != 1 ||
		memcmp(bytes, b->bytes, b->family == AF_INET6 ? 16 : 4) != 0 ||
		strlen(canonical) >= b->size)
		return;
	strcpy(b->name, canonical);
	b->found = true;
}

int bare_reverse(const struct sockaddr *sa, socklen_t len, char *name, size_t size)
{
	struct back b = { .family = sa->sa_family, .name = name, .size = size };

	if (b.family == AF_INET6)
		b.bytes = &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr;
	else
		b.bytes = &((const struct sockaddr_in *)(const void *)sa)->sin_addr;
	each_name(see_address, &b);
	return b.found ? 0 : dns_reverse(sa, len, name, size);
}

int bare_getaddrinfo(getaddrinfo_fn *next, const char *node, const char *service,
	const struct addrinfo *hints, struct addrinfo **out)
{
	struct addrinfo copy = { .ai_flags = AI_V4MAPPED | AI_ADDRCONFIG };
	struct search s = { .next = next, .node = node, .service = service };
	int asked, err;

	if (hints)
		copy = *hints;
	asked = copy.ai_flags;
	copy.ai_flags |= AI_NUMERICHOST;
	err = next(node, service, &copy, out);
	if (err != EAI_NONAME || (asked & AI_NUMERICHOST))
		return err;
	copy.ai_flags &= ~AI_ADDRCONFIG;
	s.numeric = copy;
	search_all(&s, copy.ai_family, copy.ai_flags);
	if (!s.list)
		err = ask_servers(&s, copy.ai_family, copy.ai_flags);
	if (!s.list)
		return err;
	name_first(&s);
	*out = s.list;
	return 0;
}
