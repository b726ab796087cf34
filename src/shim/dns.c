/* DNS by c-ares, which is loaded with the first name that only DNS can know, and only
 * where libc is not patched (bare.c). It finds our socket calls and our fopen() as any
 * library does: so it reads the virtual host's resolv.conf (servers, search, ndots,
 * timeout, attempts, rotate), asks by our sockets, by UDP and again by TCP when an
 * answer was truncated.
 *
 * One channel for each question: what the file says may change, threads do not meet,
 * and a fork finds nothing half done.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <ares.h>
#include <dlfcn.h>
#include <poll.h>
#include <string.h>
#include <sys/time.h>

#include "base/atomic.h"
#include "shim.h"

#include "dns.h"

/* What we use of it, by name. */
static struct ares {
	__typeof__(ares_library_init) *library_init;
	__typeof__(ares_init) *init;
	__typeof__(ares_destroy) *destroy;
	__typeof__(ares_getaddrinfo) *getaddrinfo;
	__typeof__(ares_freeaddrinfo) *freeaddrinfo;
	__typeof__(ares_getnameinfo) *getnameinfo;
	__typeof__(ares_getsock) *getsock;
	__typeof__(ares_timeout) *timeout;
	__typeof__(ares_process_fd) *process_fd;
} ares;

static bool find_all(void *lib)
{
	const struct {
		const char *name;
		void *slot;
	} wanted[] = {
		{ "ares_library_init", &ares.library_init },
		{ "ares_init", &ares.init },
		{ "ares_destroy", &ares.destroy },
		{ "ares_getaddrinfo", &ares.getaddrinfo },
		{ "ares_freeaddrinfo", &ares.freeaddrinfo },
		{ "ares_getnameinfo", &ares.getnameinfo },
		{ "ares_getsock", &ares.getsock },
		{ "ares_timeout", &ares.timeout },
		{ "ares_process_fd", &ares.process_fd },
	};

	for (size_t k = 0; k < sizeof(wanted) / sizeof(wanted[0]); k++) {
		void *f = dlsym(lib, wanted[k].name);

		if (!f)
			return false;
		memcpy(wanted[k].slot, &f, sizeof(f));
	}
	return true;
}

enum { UNKNOWN, LOADING, THERE, MISSING };

static bool load(void)
{
	static _Atomic uint32_t state;
	uint32_t none = UNKNOWN;
	void *lib;

	if (atomic_cas(&state, &none, LOADING)) {
		lib = dlopen("libcares.so.2", RTLD_NOW | RTLD_LOCAL);
		/* Release: `ares` before it; pairs with the loads below. */
		atomic_put_release(&state, lib && find_all(lib) &&
			ares.library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS ?
			THERE : MISSING);
	}
	while (atomic_get_acquire(&state) == LOADING)
		poll(NULL, 0, 1);
	return atomic_get_acquire(&state) == THERE;
}

/* glibc's words for it. */
static int eai_of(int status)
{
	switch (status) {
	case ARES_SUCCESS:
		return 0;
	case ARES_ENOTFOUND:
		return EAI_NONAME;
	case ARES_ENODATA:
		return EAI_NODATA;
	case ARES_ENOMEM:
		return EAI_MEMORY;
	case ARES_EBADNAME:
		return EAI_NONAME;
	case ARES_EFORMERR:
	case ARES_ENOTIMP:
		return EAI_FAIL;
	default: /* refused, no answer, nobody there */
		return EAI_AGAIN;
	}
}

struct question {
	ares_channel channel;
	struct dns_answer *answer;
	char *name;
	size_t size;
	int status;
	bool done;
};

/* Until the answer is there; c-ares keeps the times. */
static void run(struct question *q)
{
	ares_socket_t socks[ARES_GETSOCK_MAXNUM];
	struct pollfd p[ARES_GETSOCK_MAXNUM];

	while (!q->done) {
		struct timeval left = { 1, 0 }, *t = ares.timeout(q->channel, &left, &left);
		int bits = ares.getsock(q->channel, socks, ARES_GETSOCK_MAXNUM), n = 0;

		for (int k = 0; k < ARES_GETSOCK_MAXNUM; k++) {
			short in = ARES_GETSOCK_READABLE(bits, k) ? POLLIN : 0;
			short out = ARES_GETSOCK_WRITABLE(bits, k) ? POLLOUT : 0;

			if (in || out)
				p[n++] = (struct pollfd){ .fd = socks[k],
					.events = (short)(in | out) };
		}
		if (n == 0 && !q->done) {
			q->status = ARES_ECANCELLED; /* it has nothing to wait for */
			return;
		}
		poll(p, (nfds_t)n, (int)(t->tv_sec * 1000 + t->tv_usec / 1000 + 1));
		for (int k = 0; k < n; k++)
			ares.process_fd(q->channel,
				p[k].revents & ~POLLOUT ? p[k].fd : ARES_SOCKET_BAD,
				p[k].revents & ~POLLIN ? p[k].fd : ARES_SOCKET_BAD);
		ares.process_fd(q->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	}
}

static void take_addresses(void *arg, int status, int timeouts, struct ares_addrinfo *ai)
{
	struct question *q = arg;
	struct dns_answer *a = q->answer;

	(void)timeouts;
	q->done = true;
	q->status = status;
	if (status != ARES_SUCCESS)
		return;
	for (const struct ares_addrinfo_node *n = ai->nodes;
		n && a->n < DNS_ANSWERS_MAX; n = n->ai_next) {
		const void *bytes = n->ai_family == AF_INET6 ?
			(const void *)&((struct sockaddr_in6 *)(void *)n->ai_addr)->sin6_addr :
			(const void *)&((struct sockaddr_in *)(void *)n->ai_addr)->sin_addr;

		if (inet_ntop(n->ai_family, bytes, a->addresses[a->n], INET6_ADDRSTRLEN))
			a->n++;
	}
	if (ai->name)
		strncpy(a->canonical, ai->name, sizeof(a->canonical) - 1);
	for (const struct ares_addrinfo_cname *c = ai->cnames; c; c = c->next) {
		if (c->name) /* the last one is the real name */
			strncpy(a->canonical, c->name, sizeof(a->canonical) - 1);
	}
	if (a->n == 0)
		q->status = ARES_ENODATA;
	ares.freeaddrinfo(ai);
}

int dns_forward(const char *name, int family, struct dns_answer *out)
{
	struct ares_addrinfo_hints hints = { .ai_family = family,
		.ai_flags = ARES_AI_CANONNAME | ARES_AI_NOSORT };
	struct question q = { .answer = out };
	int saved = errno, err;

	memset(out, 0, sizeof(*out));
	if (!load() || ares.init(&q.channel) != ARES_SUCCESS)
		return EAI_AGAIN;
	ares.getaddrinfo(q.channel, name, NULL, &hints, take_addresses, &q);
	run(&q);
	err = eai_of(q.status);
	ares.destroy(q.channel);
	errno = saved;
	return err;
}

static void take_name(void *arg, int status, int timeouts, char *node, char *service)
{
	struct question *q = arg;

	(void)timeouts;
	(void)service;
	q->done = true;
	q->status = status;
	if (status == ARES_SUCCESS && node && strlen(node) < q->size)
		strcpy(q->name, node);
	else if (status == ARES_SUCCESS)
		q->status = ARES_ENOMEM;
}

int dns_reverse(const struct sockaddr *sa, socklen_t len, char *name, size_t size)
{
	struct question q = { .name = name, .size = size };
	int saved = errno, err;

	if (!load() || ares.init(&q.channel) != ARES_SUCCESS)
		return EAI_AGAIN;
	ares.getnameinfo(q.channel, sa, len, ARES_NI_LOOKUPHOST | ARES_NI_NAMEREQD,
		take_name, &q);
	run(&q);
	err = eai_of(q.status);
	ares.destroy(q.channel);
	errno = saved;
	return err;
}
