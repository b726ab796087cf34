/* The rows of both tables. SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "observe.h"
#include "tables.h"
#include "wire/tcp.h"

static const int delays[] = { 1, 10, 50, 150, 300 };
static const struct {
	const char *name;
	double loss, burst;
} losses[] = {
	{ "no loss", 0, 0 },
	{ "0.1% random", 0.001, 0 },
	{ "1% random", 0.01, 0 },
	{ "5% random", 0.05, 0 },
	{ "1% in bursts", 0.01, 4 },
	{ "5% in bursts", 0.05, 4 },
};

enum { N_DELAYS = 5, N_LOSSES = 6 };

const char bulk_heading[] =
"# Bulk transfers, two seeds each: goodput, and of both together how many segments\n"
"# were sent again, how many of those in vain, and how often the timer ran out.\n"
"# Delay is each way; so are loss and reordering (such a packet is not delayed).\n"
"# The queue before the wire holds a quarter of the round trip's bytes (shallow) or\n"
"# twice as much (deep). Not written by hand: README.md.\n"
"#                                                                |    Mbit/s "
"retrans  spur  timeo\n";

const char recovery_heading[] =
"# A transfer of 20,000 bytes from which certain packets are taken, ms from the SYN to\n"
"# the FIN's arrival: without and with the loss, what the loss has cost; segments\n"
"# sent again, and of those in vain. Delay is each way. Not written by hand: README.md.\n"
"#                                         |    clean    lossy     cost  "
"re spur\n";

/* --- bulk: CUBIC everywhere, Reno and BBR where they may differ --------------------- */

enum { N_CUBIC = N_DELAYS * N_LOSSES * 2 * 4, N_OTHER = N_DELAYS * 2 * 4 };

unsigned bulk_rows(void)
{
	return N_CUBIC + 2 * N_OTHER;
}

struct bulk_row bulk_row(unsigned i)
{
	struct bulk_row r = { .cc = TCP_CC_CUBIC };
	unsigned loss;

	if (i >= N_CUBIC) {
		i -= N_CUBIC;
		r.cc = i < N_OTHER ? TCP_CC_RENO : TCP_CC_BBR;
		i %= N_OTHER;
	}
	r.shallow = i % 2 == 0;
	i /= 2;
	r.mbit = i % 2 ? 100 : 10;
	i /= 2;
	if (r.cc != TCP_CC_CUBIC) {
		loss = i % 2 ? 2 : 0;
		i /= 2;
	} else {
		r.reorder = i % 2 ? 0.1 : 0;
		i /= 2;
		loss = i % N_LOSSES;
		i /= N_LOSSES;
	}
	r.loss = losses[loss].loss;
	r.burst = losses[loss].burst;
	r.delay_ms = delays[i];
	return r;
}

unsigned bulk_group(const struct bulk_row *r)
{
	unsigned k = 0;

	while (losses[k].loss < r->loss || losses[k].loss > r->loss ||
		losses[k].burst < r->burst || losses[k].burst > r->burst)
		k++;
	return k * 2 + (r->reorder > 0);
}

const char *bulk_group_name(unsigned k)
{
	static char name[64];

	snprintf(name, sizeof(name), "%s%s", losses[k / 2].name,
		k % 2 ? ", reordered" : "");
	return name;
}

/* --- recovery ---------------------------------------------------------------------- */

enum { BYTES = 20000 };

/* Packets of this kind are lost, the first `times` that come. */
enum kind { SYN, SYN_ACK, FIRST, MIDDLE, LAST, FIN, FLIGHT, ACKS, TWO };

struct thief {
	enum kind what;
	unsigned times, taken;
	struct seq isn;
};

static const struct {
	const char *name;
	enum kind what;
	unsigned times;
} thefts[] = {
	{ "the SYN", SYN, 1 },
	{ "the SYN, three times", SYN, 3 },
	{ "the SYN-ACK", SYN_ACK, 1 },
	{ "the first segment", FIRST, 1 },
	{ "one in the middle", MIDDLE, 1 },
	{ "one in the middle, twice", MIDDLE, 2 },
	{ "one in the middle, three times", MIDDLE, 3 },
	{ "the last segment", LAST, 1 },
	{ "the last segment, twice", LAST, 2 },
	{ "the last segment, three times", LAST, 3 },
	{ "the last two", TWO, 2 },
	{ "the FIN with the last segment", FIN, 1 },
	{ "the whole first flight", FLIGHT, 10 },
	{ "ten acknowledgements in a row", ACKS, 10 },
};

enum { N_THEFTS = sizeof(thefts) / sizeof(*thefts) };

unsigned recovery_rows(void)
{
	return N_THEFTS * N_DELAYS;
}

void recovery_name(unsigned i, char *out, size_t size)
{
	snprintf(out, size, "%3d ms  %-32s", delays[i / N_THEFTS],
		thefts[i % N_THEFTS].name);
}

static bool wants(const struct thief *t, int from, const struct tcp_header *h,
	uint32_t at, size_t len)
{
	bool data = from == 0 && len > 0;

	switch (t->what) {
	case SYN:
		return from == 0 && (h->flags & TCP_SYN);
	case SYN_ACK:
		return from == 1 && (h->flags & TCP_SYN);
	case FIRST:
		return data && at == 0;
	case MIDDLE:
		return data && at <= BYTES / 2 && at + len > BYTES / 2;
	case LAST: /* whoever carries the last byte */
		return data && at + len == BYTES;
	case FIN:
		return from == 0 && (h->flags & TCP_FIN);
	case FLIGHT:
		return data;
	case ACKS:
		return from == 1 && !(h->flags & (TCP_SYN | TCP_FIN));
	case TWO:
		return data && at + len > BYTES - 1500;
	}
	return false;
}

static bool steal(void *user, struct sim *s, int from, uint64_t n,
	const uint8_t *tcp, size_t len)
{
	struct thief *t = user;
	struct tcp_header h;
	int header = tcp_header_parse(tcp, len, &h);

	if (header < 0)
		return false;
	if (from == 0 && (h.flags & TCP_SYN))
		t->isn = h.seq;
	if (t->taken >= t->times || !wants(t, from, &h,
		(uint32_t)seq_diff(h.seq, t->isn) - 1, len - (size_t)header))
		return false;
	t->taken++;
	return true;
}

void recovery_measure(unsigned i, struct recovery_result *out)
{
	struct thief t = { .what = thefts[i % N_THEFTS].what,
		.times = thefts[i % N_THEFTS].times };
	struct sim_config cfg = { .seed = 42, .buf = 1 << 20,
		.path = { .delay = DURATION_MS(delays[i / N_THEFTS]),
			.rate = 12500000 } };
	struct observed clean, lossy;

	observe(&cfg, BYTES, DURATION_S(600), &clean);
	cfg.path.drop = steal;
	cfg.path.drop_user = &t;
	observe(&cfg, BYTES, DURATION_S(600), &lossy);
	*out = (struct recovery_result){
		.complete = clean.complete && lossy.complete && t.taken == t.times,
		.clean_ms = clean.seconds * 1e3,
		.lossy_ms = lossy.seconds * 1e3,
		.retrans = (unsigned)lossy.retrans,
		.spurious = (unsigned)lossy.spurious,
	};
}
