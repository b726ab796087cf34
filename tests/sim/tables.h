/* Which rows the tables have, and how one of recovery's is measured.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TABLES_H
#define SIM_TABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "wire.h"

/* A path for a bulk transfer. */
struct bulk_row {
	int delay_ms; /* each way */
	double loss;  /* 0..1, each way */
	double burst; /* packets, mean */
	double reorder;
	unsigned mbit;
	bool shallow; /* queue: a quarter of the bandwidth-delay product, else 2 */
	enum tcp_cc cc;
};

struct bulk_result {
	bool complete;
	double mbit; /* of payload */
	unsigned retrans, spurious, timeouts;
};

enum { BULK_GROUPS = 12 };

extern const char bulk_heading[], recovery_heading[];
unsigned bulk_rows(void);
struct bulk_row bulk_row(unsigned i);
unsigned bulk_group(const struct bulk_row *r);
const char *bulk_group_name(unsigned k);

/* A process that is woken late (tables_late.c). */
enum { LATE_BYTES = 15000000, LATE_GROUPS = 2 /* unpaced, paced */ };

extern const char late_heading[];
unsigned late_rows(void);
unsigned late_group(unsigned i);
void late_name(unsigned i, char *out, size_t size);
void late_config(unsigned i, struct sim_config *out); /* but its seed */

/* A short transfer from which certain packets are taken. */
struct recovery_result {
	bool complete;
	double clean_ms, lossy_ms; /* from the SYN to the FIN's arrival */
	unsigned retrans, spurious;
};

unsigned recovery_rows(void);
void recovery_name(unsigned i, char *out, size_t size);
void recovery_measure(unsigned i, struct recovery_result *out);

#endif
