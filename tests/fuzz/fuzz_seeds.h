/* A fuzz target whose inputs have a language, in which random bytes get nowhere:
 * it names inputs to begin with and words to put in. In ordinary builds
 * driver_seeds.c mutates those, a bounded number of times and the same each
 * time. SPDX-License-Identifier: BSD-2-Clause */
#ifndef FUZZ_SEEDS_H
#define FUZZ_SEEDS_H

#include "fuzz.h"

#define FUZZ_INPUT_MAX 65536 /* bytes, by the driver */

struct fuzz_seed {
	const void *data;
	size_t len;
};

extern const struct fuzz_seed fuzz_seeds[]; /* ends with NULL data */
extern const char *const fuzz_words[];	    /* ends with NULL */

#endif
