/* The observer: a map of the stream with what was sent, and what was sent and not
 * lost. SPDX-License-Identifier: BSD-2-Clause */
#include "observe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "wire/tcp.h"

enum { SENT = 1, ARRIVES = 2 };

struct observer {
	struct observed *out;
	uint8_t *map; /* a byte for each of the stream */
	uint64_t bytes;
	struct seq isn;
	int64_t end; /* ns, when the last byte had arrived; 0: not yet */
};

static uint64_t mix(uint64_t digest, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i++)
		digest = (digest ^ p[i]) * 0x100000001b3u; /* FNV-1a */
	return digest;
}

/* Do all of these bytes have the mark? */
static bool all_marked(const uint8_t *map, size_t n, uint8_t mark)
{
	for (size_t i = 0; i < n; i++)
		if (!(map[i] & mark))
			return false;
	return true;
}

static void note_data(struct observer *o, uint32_t at, size_t n, bool lost)
{
	uint8_t *map = o->map + at;

	if (at >= o->bytes)
		return;
	if (n > o->bytes - at)
		n = o->bytes - at;
	o->out->segments++;
	if (all_marked(map, n, SENT)) {
		o->out->retrans++;
		o->out->spurious += all_marked(map, n, ARRIVES);
	}
	for (size_t i = 0; i < n; i++)
		map[i] |= lost ? SENT : SENT | ARRIVES;
}

static void watch(void *user, struct sim *s, int from, const uint8_t *tcp,
	size_t len, bool lost)
{
	struct observer *o = user;
	struct tcp_header h;
	int header = tcp_header_parse(tcp, len, &h);

	o->out->digest = mix(o->out->digest, &s->now, sizeof(s->now));
	o->out->digest = mix(o->out->digest, tcp, len);
	if (header < 0 || from != 0)
		return;
	if (h.flags & TCP_SYN)
		o->isn = h.seq;
	else if (len > (size_t)header)
		note_data(o, (uint32_t)seq_diff(h.seq, o->isn) - 1,
			len - (size_t)header, lost);
}

static bool is_over(struct sim *s)
{
	struct observer *o = s->path[0].watch_user;

	if (o->end == 0 && s->host[1].end[0].received == o->bytes &&
		s->host[1].end[0].eof)
		o->end = s->now.ns;
	return s->host[0].end[0].closed && s->host[1].end[0].closed;
}

void observe(const struct sim_config *cfg, uint64_t bytes, struct duration limit,
	struct observed *out)
{
	struct observer o = { .out = out, .bytes = bytes,
		.map = calloc(1, bytes) };
	struct sim *s = malloc(sizeof(*s));
	struct sim_config c = *cfg;
	struct sim_end *e;
	int64_t begin;

	if (!s || !o.map)
		abort();
	*out = (struct observed){ .digest = 0xcbf29ce484222325u };
	c.path.watch = watch;
	c.path.watch_user = &o;
	sim_init(s, &c);
	begin = s->now.ns;
	s->host[1].template.close_when_done = true;
	e = sim_connect(s, 40000);
	e->to_send = bytes;
	e->shut_when_done = e->close_when_done = true;
	out->complete = sim_run_until(s, limit, is_over) && o.end;
	out->seconds = (double)((o.end ? o.end : s->now.ns) - begin) / 1e9;
	out->timeouts = tcp_stats(s->host[0].tcp)->timeouts;
	sim_fini(s);
	free(s);
	free(o.map);
}
