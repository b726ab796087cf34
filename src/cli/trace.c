/* enchufe run --trace: what the program and its children called, as lines of JSON
 * (docs/diagram.md), when it has ended.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "shm/trace.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/atomic.h"
#include "child.h"
#include "cli.h"
#include "json.h"

static int by_time(const void *a, const void *b)
{
	const struct trace_event *const *x = a, *const *y = b;

	if ((*x)->begin != (*y)->begin)
		return (*x)->begin < (*y)->begin ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

static void put_seconds(struct json *j, const char *name, int64_t ns)
{
	char text[40];

	snprintf(text, sizeof(text), "%lld.%09lld", (long long)(ns / 1000000000),
		(long long)(ns % 1000000000));
	json_raw(j, name, text);
}

static void put_name(struct json *j, const char *name, const struct trace_name *n)
{
	char addr[INET6_ADDRSTRLEN], text[INET6_ADDRSTRLEN + 10];

	if (!n->family || !inet_ntop(n->family == 4 ? AF_INET : AF_INET6, n->addr, addr,
			sizeof(addr)))
		return;
	snprintf(text, sizeof(text), n->family == 4 ? "%s:%u" : "[%s]:%u", addr, n->port);
	json_text(j, name, text);
}

static void put_size(struct json *j, const char *name, int64_t n)
{
	if (n >= 0)
		json_number(j, name, n);
}

static const char *type_name(unsigned type)
{
	return type == SOCK_STREAM ? "tcp" : type == SOCK_DGRAM ? "udp" :
		type == SOCK_RAW ? "raw" : NULL;
}

/* Linux's numbers (tcp_states.h). */
static const char *state_name(unsigned state)
{
	static const char *const names[] = { NULL, "ESTABLISHED", "SYN-SENT",
		"SYN-RECEIVED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSED",
		"CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING" };

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : NULL;
}

static void put_outcome(struct json *j, const struct trace_event *e)
{
	char number[24];
	const char *name = e->result < 0 ? strerrorname_np((int)-e->result) : NULL;

	put_seconds(j, "took", e->end > e->begin ? e->end - e->begin : 0);
	json_number(j, "result", e->result < 0 ? -1 : e->result);
	if (e->result >= 0)
		return;
	snprintf(number, sizeof(number), "errno %lld", (long long)-e->result);
	json_text(j, "error", name ? name : number);
}

/* e: a copy, as the program may still be writing. */
static void put_event(FILE *f, const struct trace_event *e, const char *host)
{
	struct json j;

	json_begin_line(&j, f);
	put_seconds(&j, "time", e->begin);
	if (e->host[0] || host)
		json_text(&j, "host", e->host[0] ? e->host : host);
	json_number(&j, "pid", e->pid);
	json_text(&j, "program", e->program);
	json_text(&j, "call", e->call);
	if (e->fd >= 0)
		json_number(&j, "fd", e->fd);
	json_text(&j, "args", e->args);
	if (e->stage == TRACE_ENDED)
		put_outcome(&j, e);
	if (type_name(e->type))
		json_text(&j, "type", type_name(e->type));
	put_name(&j, "local", &e->local);
	put_name(&j, "remote", &e->remote);
	if (state_name(e->tcp_state))
		json_text(&j, "state", state_name(e->tcp_state));
	put_size(&j, "sendq", e->sendq);
	put_size(&j, "sendbuf", e->sendbuf);
	put_size(&j, "recvq", e->recvq);
	put_size(&j, "recvbuf", e->recvbuf);
	json_end(&j);
}

static void close_texts(struct trace_event *e)
{
	e->host[sizeof(e->host) - 1] = 0;
	e->program[sizeof(e->program) - 1] = 0;
	e->call[sizeof(e->call) - 1] = 0;
	e->args[sizeof(e->args) - 1] = 0;
}

static int put_all(FILE *f, const struct trace *t, const char *host)
{
	uint64_t n = atomic_get_acquire(&t->next), lost = 0, k = 0;
	const struct trace_event **order;

	if (n > TRACE_EVENTS) {
		lost = n - TRACE_EVENTS;
		n = TRACE_EVENTS;
	}
	order = malloc((n + 1) * sizeof(*order));
	if (!order)
		return -1;
	for (uint64_t i = 0; i < n; i++) {
		/* Pairs with the shim's releases. */
		if (atomic_get_acquire(&t->events[i].stage) != TRACE_FREE)
			order[k++] = &t->events[i];
	}
	qsort(order, k, sizeof(*order), by_time);
	for (uint64_t i = 0; i < k; i++) {
		struct trace_event e = *order[i];

		close_texts(&e);
		put_event(f, &e, host);
	}
	free(order);
	if (lost)
		cli_error("the trace had no room for the last %llu calls",
			(unsigned long long)lost);
	return 0;
}

struct trace *trace_open(char *path, size_t size)
{
	struct trace *t = child_share(SHM_ENV_TRACE, "trace", path, size, sizeof(*t));

	if (t)
		t->magic = TRACE_MAGIC;
	return t;
}

int trace_tell(const char *path, const struct trace *t, const char *host)
{
	FILE *f = fopen(path, "we");
	int err = f ? put_all(f, t, host) : -1;

	if (f && fclose(f) != 0)
		err = -1;
	if (err)
		cli_error("the trace cannot be written to %s: %s", path, strerror(errno));
	return err;
}
