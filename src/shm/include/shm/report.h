/* What `enchufe run --report` gathers: a file that the program and its children map,
 * so that nothing is lost when one of them is killed. Counted by whoever makes the
 * call, read by the command when its program has ended.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHM_REPORT_H
#define SHM_REPORT_H

#include <assert.h>
#include <stdint.h>

#define SHM_ENV_REPORT "ENCHUFE_REPORT" /* path of the file */

#define REPORT_MAGIC 0x68637052u
#define REPORT_PROGRAMS 63
#define REPORT_ENTRIES 4096 /* a power of two */
#define REPORT_NAME_MAX 32  /* bytes, with zero */
#define REPORT_LABEL_MAX 48

enum report_kind {
	REPORT_SOCKET = 1, /* socket(): domain, type, protocol */
	REPORT_SET,	   /* setsockopt */
	REPORT_GET,	   /* getsockopt */
	REPORT_FLAG,	   /* one flag of a call */
	REPORT_IOCTL,
	REPORT_FCNTL,
};

/* What became of it. */
enum report_class { REPORT_HONOURED, REPORT_REFUSED, REPORT_NONE };

/* One thing that one program asked for, with one outcome. */
struct report_entry {
	_Atomic uint64_t key; /* 0 free; whoever swaps it in fills the rest */
	_Atomic uint64_t count;
	uint16_t error; /* errno, 0 none */
	uint8_t kind, program, outcome, pad[3];
	char label[REPORT_LABEL_MAX];
};
static_assert(sizeof(struct report_entry) == 72, "report_entry");

struct report_program {
	_Atomic uint32_t state; /* 0 free, 1 being named, 2 named */
	char name[REPORT_NAME_MAX];
};

struct report {
	uint32_t magic, pad;
	_Atomic uint64_t lost; /* no room */
	struct report_program programs[REPORT_PROGRAMS];
	struct report_entry entries[REPORT_ENTRIES];
};

#endif
