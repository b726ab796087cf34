/* The rows of a process that is woken late, before queues of some length: as a stack in
 * a process is on a busy machine, and the kernel's is not. Paced, as the service's hosts
 * are, and not. SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "tables.h"

enum { DELAY_MS = 10, FRAME = 1514, RATE = 12500000, PACE_US = 5000 };

static const unsigned queues[] = { 20, 40, 400 }; /* packets */
static const struct {
	unsigned ms;
	bool receiver; /* it is late, else the sender */
} late[] = { { 0, false }, { 1, false }, { 3, false }, { 6, false }, { 1, true },
	{ 3, true }, { 6, true } };

enum { N_QUEUES = 3, N_LATE = 7 };

const char late_heading[] =
"# Transfers of 15 MB at 100 Mbit/s, 10 ms each way, eight seeds each, as chance is worth\n"
"# ten per cent of one: one end is woken up to so many ms late. Paced: both ends have\n"
"# pace_path, as the service's hosts. The queue is in packets. Not written by hand:\n"
"# README.md.\n"
"#                                         |    Mbit/s retrans  spur  timeo\n";

unsigned late_rows(void)
{
	return N_QUEUES * N_LATE * LATE_GROUPS;
}

unsigned late_group(unsigned i)
{
	return i % LATE_GROUPS;
}

void late_name(unsigned i, char *out, size_t size)
{
	unsigned l = i / LATE_GROUPS % N_LATE;

	snprintf(out, size, "queue %3u  %-8s late %u ms  %-8s",
		queues[i / LATE_GROUPS / N_LATE],
		late[l].receiver ? "receiver" : "sender", late[l].ms,
		i % LATE_GROUPS ? "paced" : "unpaced");
}

void late_config(unsigned i, struct sim_config *out)
{
	unsigned l = i / LATE_GROUPS % N_LATE;

	*out = (struct sim_config){ .buf = 8 << 20, .cc = TCP_CC_CUBIC,
		.path = { .delay = DURATION_MS(DELAY_MS), .rate = RATE,
			.queue = queues[i / LATE_GROUPS / N_LATE] * FRAME },
		.pace_path = i % LATE_GROUPS ? PACE_US : 0 };
	out->late[late[l].receiver] = DURATION_MS(late[l].ms);
}
