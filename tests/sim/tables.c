/* Transfers over tables of paths, in virtual time with fixed seeds, compared with
 * what they were when somebody last looked (golden/, which README.md explains):
 *
 *	tables FOLDER		compare, as a test
 *	tables --write FOLDER	write the tables afresh
 *
 * SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "observe.h"
#include "tables.h"

enum { SEEDS = 2, LATE_SEEDS = 8, ROWS_MAX = 512, PROBLEMS_SHOWN = 10 };

#define LIMIT DURATION_S(7200)

static void row_name(const struct bulk_row *r, char *out, size_t size)
{
	static const char *const names[TCP_CCS] = { "cubic", "reno", "bbr" };
	char loss[32] = "none", queue[32] = "deep";

	if (r->loss > 0)
		snprintf(loss, sizeof(loss), "%.1f%% %s", r->loss * 100,
			r->burst > 1 ? "bursts" : "random");
	if (r->shallow)
		strcpy(queue, "shallow");
	snprintf(out, size, "%-5s %3d ms  loss %-12s reorder %2.0f%%  "
		"%3u Mbit/s %-7s", names[r->cc], r->delay_ms, loss,
		r->reorder * 100, r->mbit, queue);
}

/* The bytes that wait before the wire: a quarter of what is under way in a round
 * trip, or twice that. */
static uint32_t queue_of(const struct bulk_row *r)
{
	uint64_t bdp = r->mbit * 125000ull * 2 * (unsigned)r->delay_ms / 1000;
	uint64_t q = r->shallow ? bdp / 4 : bdp * 2;

	return (uint32_t)(q < 30000 ? 30000 : q);
}

/* Enough to leave slow start, not so much that a bad path takes for ever. */
static uint64_t bytes_of(const struct bulk_row *r)
{
	uint64_t n = r->mbit * 125000ull * 2 * (unsigned)r->delay_ms / 1000 * 8;

	return n < 1000000 ? 1000000 : n > 6000000 ? 6000000 : n;
}

static void measure(struct sim_config *cfg, uint64_t bytes, unsigned seeds,
	struct bulk_result *out)
{
	struct observed o;
	double seconds = 0;

	*out = (struct bulk_result){ .complete = true };
	for (unsigned i = 0; i < seeds; i++) {
		cfg->seed = 42 + i;
		observe(cfg, bytes, LIMIT, &o);
		out->complete &= o.complete;
		seconds += o.seconds;
		out->retrans += (unsigned)o.retrans;
		out->spurious += (unsigned)o.spurious;
		out->timeouts += (unsigned)o.timeouts;
	}
	out->mbit = (double)bytes * 8 * seeds / seconds / 1e6;
}

static void bulk_measure(const struct bulk_row *r, struct bulk_result *out)
{
	struct sim_config cfg = {
		.buf = 8 << 20,
		.cc = r->cc,
		.path = { .delay = DURATION_MS(r->delay_ms), .loss = r->loss,
			.burst = r->burst, .reorder = r->reorder,
			.rate = r->mbit * 125000ull, .queue = queue_of(r) },
	};

	measure(&cfg, bytes_of(r), SEEDS, out);
}

static void late_measure(unsigned i, struct bulk_result *out)
{
	struct sim_config cfg;

	late_config(i, &cfg);
	measure(&cfg, LATE_BYTES, LATE_SEEDS, out);
}

static void result_write(FILE *f, const char *name, const struct bulk_result *x)
{
	fprintf(f, "%s | %9.4f %6u %6u %6u\n", name, x->mbit, x->retrans, x->spurious,
		x->timeouts);
}

static void bulk_write(FILE *f)
{
	char name[128];

	fprintf(f, "%s", bulk_heading);
	for (unsigned i = 0; i < bulk_rows(); i++) {
		struct bulk_row r = bulk_row(i);
		struct bulk_result x;

		bulk_measure(&r, &x);
		row_name(&r, name, sizeof(name));
		result_write(f, name, &x);
	}
}

static void late_write(FILE *f)
{
	char name[128];

	fprintf(f, "%s", late_heading);
	for (unsigned i = 0; i < late_rows(); i++) {
		struct bulk_result x;

		late_measure(i, &x);
		late_name(i, name, sizeof(name));
		result_write(f, name, &x);
	}
}

static void recovery_write(FILE *f)
{
	fprintf(f, "%s", recovery_heading);
	for (unsigned i = 0; i < recovery_rows(); i++) {
		struct recovery_result x;
		char name[128];

		recovery_measure(i, &x);
		recovery_name(i, name, sizeof(name));
		fprintf(f, "%s | %8.1f %8.1f %8.1f %4u %4u\n", name, x.clean_ms,
			x.lossy_ms, x.lossy_ms - x.clean_ms, x.retrans, x.spurious);
	}
}

/* --- comparing ------------------------------------------------------------------ */

static unsigned problems;

static void problem(const char *name, const char *what, double seen, double golden)
{
	if (problems++ < PROBLEMS_SHOWN)
		printf("# %s: %s %.4f, the table has %.4f\n", name, what, seen,
			golden);
}

/* The next row of the table, which must be the one that is measured now. */
static bool next_line(FILE *f, const char *name, char *line, size_t size,
	const char **values)
{
	const char *bar;

	do {
		if (!fgets(line, (int)size, f)) {
			problem(name, "no such row", 0, 0);
			return false;
		}
	} while (line[0] == '#' || line[0] == '\n');
	bar = strchr(line, '|');
	if (!bar || strncmp(line, name, strlen(name)) != 0) {
		problem(name, "another row in its place", 0, 0);
		return false;
	}
	*values = bar + 1;
	return true;
}

/* Of one row: chance has a wide hand there. */
static void bulk_bounds(const char *name, const struct bulk_result *x,
	const struct bulk_result *g)
{
	if (!x->complete)
		problem(name, "not complete", 0, 1);
	if (x->mbit < g->mbit * 0.6)
		problem(name, "Mbit/s", x->mbit, g->mbit);
	if (x->retrans > g->retrans * 1.6 + 40)
		problem(name, "retransmissions", x->retrans, g->retrans);
	if (x->spurious > g->spurious * 1.6 + 20)
		problem(name, "spurious", x->spurious, g->spurious);
	if (x->timeouts > g->timeouts * 1.6 + 4)
		problem(name, "timeouts", x->timeouts, g->timeouts);
}

/* Of all rows with the same loss and reordering: much less so. */
struct group {
	unsigned n;
	double log_ratio, retrans[2], spurious[2];
};

static void group_bounds(const char *name, const struct group *g)
{
	double ratio = exp(g->log_ratio / g->n);

	printf("# %s: %u rows, goodput %.3f of the table's, retransmissions "
		"%.0f (%.0f), spurious %.0f (%.0f)\n", name, g->n, ratio,
		g->retrans[0], g->retrans[1], g->spurious[0], g->spurious[1]);
	if (ratio < 0.95)
		problem(name, "of the table's goodput", ratio, 1);
	if (g->retrans[0] > g->retrans[1] * 1.15 + 40)
		problem(name, "retransmissions", g->retrans[0], g->retrans[1]);
	if (g->spurious[0] > g->spurious[1] * 1.15 + 40)
		problem(name, "spurious", g->spurious[0], g->spurious[1]);
}

static void compare(struct group *in, const char *name, const struct bulk_result *x,
	const struct bulk_result *g)
{
	bulk_bounds(name, x, g);
	in->n++;
	in->log_ratio += log(x->mbit / g->mbit);
	in->retrans[0] += x->retrans;
	in->retrans[1] += g->retrans;
	in->spurious[0] += x->spurious;
	in->spurious[1] += g->spurious;
}

/* The row of that name; false: the table is another. */
static bool result_read(FILE *f, const char *name, struct bulk_result *g)
{
	char line[256];
	const char *values;

	return next_line(f, name, line, sizeof(line), &values) && sscanf(values,
		"%lf %u %u %u", &g->mbit, &g->retrans, &g->spurious, &g->timeouts) == 4;
}

static void late_compare(FILE *f)
{
	static const char *const names[] = { "late, unpaced", "late, paced" };
	struct group groups[LATE_GROUPS] = { 0 };
	char name[128];

	for (unsigned i = 0; i < late_rows(); i++) {
		struct bulk_result x, g;

		late_name(i, name, sizeof(name));
		if (!result_read(f, name, &g))
			return;
		late_measure(i, &x);
		compare(&groups[late_group(i)], name, &x, &g);
	}
	for (unsigned k = 0; k < LATE_GROUPS; k++)
		group_bounds(names[k], &groups[k]);
}

static void bulk_compare(FILE *f)
{
	struct group groups[BULK_GROUPS] = { 0 };
	char name[128];

	for (unsigned i = 0; i < bulk_rows(); i++) {
		struct bulk_row r = bulk_row(i);
		struct bulk_result x, g;

		row_name(&r, name, sizeof(name));
		if (!result_read(f, name, &g))
			return;
		bulk_measure(&r, &x);
		compare(&groups[bulk_group(&r)], name, &x, &g);
	}
	for (unsigned k = 0; k < BULK_GROUPS; k++)
		group_bounds(bulk_group_name(k), &groups[k]);
}

static void recovery_compare(FILE *f)
{
	char line[256], name[128];
	const char *values;

	for (unsigned i = 0; i < recovery_rows(); i++) {
		double clean, lossy, cost;
		unsigned retrans, spurious;
		struct recovery_result x;

		recovery_name(i, name, sizeof(name));
		if (!next_line(f, name, line, sizeof(line), &values) ||
			sscanf(values, "%lf %lf %lf %u %u", &clean, &lossy, &cost,
				&retrans, &spurious) != 5)
			return;
		recovery_measure(i, &x);
		if (!x.complete)
			problem(name, "not complete", 0, 1);
		if (x.lossy_ms - x.clean_ms > cost * 1.1 + 2)
			problem(name, "ms", x.lossy_ms - x.clean_ms, cost);
		if (x.spurious > spurious + 1)
			problem(name, "spurious", x.spurious, spurious);
		if (x.retrans > retrans + 3)
			problem(name, "retransmissions", x.retrans, retrans);
	}
}

/* The same seed twice: the same packets at the same times, to the bit. Another: not. */
static void same_twice(void)
{
	for (unsigned i = 0; i < bulk_rows(); i += 17) {
		struct bulk_row r = bulk_row(i);
		struct sim_config cfg = { .seed = i, .buf = 1 << 20, .cc = r.cc,
			.path = { .delay = DURATION_MS(r.delay_ms), .loss = r.loss,
				.burst = r.burst, .reorder = r.reorder,
				.rate = r.mbit * 125000ull, .queue = queue_of(&r) } };
		struct observed a, b, c;

		observe(&cfg, 200000, LIMIT, &a);
		observe(&cfg, 200000, LIMIT, &b);
		cfg.seed++;
		observe(&cfg, 200000, LIMIT, &c);
		if (a.digest != b.digest)
			problem("row", "differs between two runs", i, i);
		if (a.digest == c.digest)
			problem("row", "does not depend on its seed", i, i);
	}
}

static const struct {
	const char *name;
	void (*write)(FILE *f);
	void (*compare)(FILE *f);
} tables[] = {
	{ "bulk.txt", bulk_write, bulk_compare },
	{ "recovery.txt", recovery_write, recovery_compare },
	{ "late.txt", late_write, late_compare },
};

enum { N_TABLES = sizeof(tables) / sizeof(*tables) };

static FILE *open_table(const char *folder, const char *name, const char *mode)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, mode);
	if (!f) {
		perror(path);
		exit(2);
	}
	return f;
}

static void result(int n, const char *name, bool *failed)
{
	printf("%sok %d - %s\n", problems ? "not " : "", n, name);
	*failed |= problems != 0;
	problems = 0;
}

int main(int argc, char **argv)
{
	bool write = argc == 3 && strcmp(argv[1], "--write") == 0, failed = false;

	if (argc != 2 && !write) {
		fprintf(stderr, "usage: %s [--write] FOLDER\n", argv[0]);
		return 2;
	}
	for (int i = 0; i < N_TABLES; i++) {
		FILE *f = open_table(argv[argc - 1], tables[i].name,
			write ? "w" : "r");

		if (write)
			tables[i].write(f);
		else
			tables[i].compare(f);
		if (fclose(f) != 0)
			return 2;
		if (!write)
			result(i + 1, tables[i].name, &failed);
	}
	if (write)
		return 0;
	same_twice();
	result(N_TABLES + 1, "the same seed twice", &failed);
	printf("1..%d\n", N_TABLES + 1);
	return failed;
}
