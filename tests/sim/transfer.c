/* Whole transfers over a table of delay, loss and buffer, in virtual time. Each
 * byte is checked; duration, segments, retransmissions and timeouts must be what
 * transfer.golden says. Regenerate after a change that was meant:
 *
 *	build/tests/sim/transfer --write tests/sim/transfer.golden
 *
 * and read the difference before committing it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire.h"

static bool both_closed(struct sim *s)
{
	return s->host[0].end[0].closed && s->host[1].end[0].closed;
}

struct row {
	int delay_ms;	   /* each way */
	double loss;	   /* each way */
	uint32_t buf;	   /* bytes of each fifo */
	bool sack;
	unsigned mbit;	   /* rate of the wire, Mbit/s */
	uint32_t queue;	   /* bytes before it */
	unsigned jitter_us; /* reorders */
	double duplicate;
	uint64_t bytes;
};

static int one(FILE *out, const struct row *r)
{
	struct sim_config cfg = {
		.seed = 42,
		.buf = r->buf,
		.no_sack = !r->sack,
		.path = { .delay = DURATION_MS(r->delay_ms), .loss = r->loss,
			.rate = r->mbit * 125000ull, .queue = r->queue,
			.jitter = DURATION_US(r->jitter_us),
			.duplicate = r->duplicate },
	};
	struct sim *s = malloc(sizeof(*s));
	const struct tcp_stats *st;
	struct sim_end *e;
	double seconds;
	int bad;

	sim_init(s, &cfg);
	s->host[1].template.close_when_done = true;
	e = sim_connect(s, 40000);
	e->to_send = r->bytes;
	e->shut_when_done = e->close_when_done = true;
	bad = !sim_run_until(s, DURATION_S(3600), both_closed) ||
		s->host[1].end[0].received != r->bytes;
	seconds = (double)(s->now.ns - 1000000000) / 1e9;
	st = tcp_stats(s->host[0].tcp);
	fprintf(out, "%3d ms %4.1f %% %4u us %3.0f %% twice %4u Mbit/s %7u B %s: "
		"%8.3f s %8.3f Mbit/s %6llu segs %5llu retrans %3llu timeouts%s\n",
		r->delay_ms, r->loss * 100, r->jitter_us, r->duplicate * 100,
		r->mbit, r->buf, r->sack ? "sack" : "reno", seconds,
		(double)r->bytes * 8 / seconds / 1e6,
		(unsigned long long)st->segs_out,
		(unsigned long long)st->retrans,
		(unsigned long long)st->timeouts, bad ? " FAILED" : "");
	sim_fini(s);
	free(s);
	return bad;
}

/* Cases of their own: long transfers against a bottleneck (the kernel's CUBIC
 * reaches 96, 28 and 6 Mbit/s in the first three), reordering, duplication. */
static const struct row special[] = {
	{ 10, 0, 1 << 20, true, 100, 250000, 0, 0, 24 << 20 },
	{ 10, 0.001, 1 << 20, true, 100, 250000, 0, 0, 24 << 20 },
	{ 10, 0.01, 4 << 20, true, 1000, 1 << 20, 0, 0, 16 << 20 },
	{ 10, 0.01, 4 << 20, false, 1000, 1 << 20, 0, 0, 16 << 20 },
	{ 10, 0, 1 << 20, true, 10, 20000, 0, 0, 16 << 20 },
	{ 10, 0, 1 << 20, true, 1000, 1 << 20, 3000, 0, 16 << 20 },
	{ 10, 0, 1 << 20, false, 1000, 1 << 20, 3000, 0, 4 << 20 },
	{ 10, 0, 1 << 20, true, 1000, 1 << 20, 0, 0.1, 32 << 20 },
	{ 10, 0.02, 1 << 20, true, 1000, 1 << 20, 3000, 0.1, 8 << 20 },
	{ 50, 0, 8 << 20, true, 1000, 4 << 20, 0, 0, 128 << 20 },
	{ 0, 0, 1 << 20, true, 10000, 1 << 20, 0, 0, 24 << 20 },
};

static int table(FILE *out)
{
	static const int delays[] = { 1, 10, 100 };
	static const double losses[] = { 0, 0.005, 0.02, 0.05 };
	static const uint32_t bufs[] = { 8192, 65536, 1 << 20 };
	int bad = 0;

	for (unsigned i = 0; i < 3 * 4 * 3 * 2; i++) {
		struct row r = { delays[i / 24], losses[i / 6 % 4],
			bufs[i / 2 % 3], i % 2 == 0, 1000, 1 << 20, 0, 0,
			4 << 20 };

		bad |= one(out, &r);
	}
	for (unsigned i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		bad |= one(out, &special[i]);
	return bad;
}

static int compare(const char *golden, const char *text, size_t len)
{
	FILE *f = fopen(golden, "r");
	char *want = calloc(1, len + 2);
	size_t n = f ? fread(want, 1, len + 1, f) : 0;
	int bad = n != len || memcmp(want, text, len) != 0;

	if (bad)
		fprintf(stderr, "differs from %s; now:\n%s", golden, text);
	if (f)
		fclose(f);
	free(want);
	return bad;
}

int main(int argc, char **argv)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out;
	int bad;

	if (argc == 3 && strcmp(argv[1], "--write") == 0) {
		out = fopen(argv[2], "w");
		if (!out)
			return 2;
		bad = table(out);
		fclose(out);
		return bad;
	}
	if (argc < 2)
		return table(stdout);
	out = open_memstream(&text, &len);
	bad = table(out);
	fclose(out);
	bad |= compare(argv[1], text, len);
	free(text);
	return bad;
}
